"""decomp agent: scripted agents, one for each thing that agents do.

Usage: test_agent_loop.py DECOMP
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DECOMP = str(Path(sys.argv.pop()).resolve())
MODEL = '''"""
Component: two_linears
Abstraction Level: model
"""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, width)

    def forward(self, x):
        return x + self.second(self.first(x))


def get_inputs():
    return [torch.randn(4, 16)]


def get_init_inputs():
    return [16]


def run_tests():
    return Model(*get_init_inputs())(*get_inputs()).shape == (4, 16)
'''
# What an agent needs to be done: the templates are those of this very model.
TOOLS = '''
import json, os, pathlib, shutil, signal, subprocess, sys, time

prompt = sys.stdin.read()
here = pathlib.Path.cwd()
step = here / "steps/step_1_model_to_layers"
turn = int(prompt.rsplit("\\n# Turn ", 1)[1].split()[0]) if "\\n# Turn " in prompt else 1


def write_step():
    (step / "children").mkdir(parents=True, exist_ok=True)
    shutil.copy(here / "templates/component.py", step / "children/linear_16x16_fp32.py")
    shutil.copy(here / "templates/component.py", here / "level_0_kernel/linear_16x16_fp32.py")
    shutil.copy(here / "templates/refactored_parent.py", step / "refactored.py")
    shutil.copy(here / "level_3_model/two_linears.py", step / "original.py")


def write_rest():
    shutil.copy(here / "templates/composition_test.py", here / "verification/composition_test.py")
    (here / "decomposition_analysis.md").write_text("# two_linears\\n\\nTwo linears and a residual sum.\\n")
    x = {"input_shapes": {"x": [4, 16]}, "output_shapes": {"output": [4, 16]}, "input_dtypes": {"x": "float32"}, "output_dtypes": {"output": "float32"}}
    nodes = {"root": {"id": "root", "name": "two_linears", "level": "model", "path": "level_3_model/two_linears.py", "children": ["first", "second"], **x}}
    for name in ("first", "second"):
        nodes[name] = {"id": name, "name": name, "level": "kernel", "path": "level_0_kernel/linear_16x16_fp32.py", "instance_count": 2, "children": [], **x}
    tree = json.loads((here / "decomposition_tree.json").read_text())
    tree["metadata"].update(total_components=3, by_level={"model": 1, "layer": 0, "fusion": 0, "kernel": 2}, unique_kernels=1, verification_status="PASSED")
    tree["nodes"] = nodes
    (here / "decomposition_tree.json").write_text(json.dumps(tree))


def spoil():
    text = (step / "refactored.py").read_text()
    (step / "refactored.py").write_text(text.replace("return x + self.second", "return self.second"))
'''


def below(pid: int) -> set[int]:
    """Processes that descend from it; what a subreaper adopted among them."""
    found = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | below(child)
    return found


class Scripted(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = Path(folder.name)
        self.model = self.place / "two_linears.py"
        self.model.write_text(MODEL)
        (self.place / "decomp.toml").write_text("num_trials = 1\n")
        self.root = self.place / "out"
        self.beside = self.place / "out.agent"

    def command(self, script: str, *arguments: str) -> list[str]:
        agent = self.place / "agent.py"
        agent.write_text(TOOLS + textwrap.dedent(script))
        return [DECOMP, "agent", "--cmd", f"{sys.executable} {agent}", str(self.model), "-o", str(self.root), *arguments]

    def loop(self, script: str, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(self.command(script, *arguments), cwd=self.place, capture_output=True, text=True, timeout=300)

    def turns(self) -> list[dict]:
        return json.loads((self.beside / "state.json").read_text())["turns"]

    def logged(self) -> list[dict]:
        entries = json.loads((self.root / "decomposition_log.json").read_text())["entries"]
        return [entry["turn"] for entry in entries if entry["step"].startswith("turn_")]

    @staticmethod
    def cwd(process: Path) -> Path | None:
        try:
            return Path(os.readlink(process / "cwd"))
        except OSError:
            return None


class Loop(Scripted):
    def passes_alone(self) -> None:
        done = subprocess.run([DECOMP, "check", "--format", "agent", "--source", str(self.model), str(self.root)], capture_output=True, text=True, timeout=300)
        self.assertEqual((done.returncode, done.stdout), (0, "PASS 1/1\n"))

    def test_an_honest_agent_that_needs_two_tries(self) -> None:
        done = self.loop("""
            write_step()
            write_rest()
            (here / "decomposition_log.json").write_text(json.dumps({"entries": [
                {"step": "step_1_model_to_layers", "type": "decision", "title": "One kernel file", "description": "Both linears are one workload."}]}))
            if turn == 1:
                spoil()
            else:
                assert "conservation-" in prompt or "output-value" in prompt or "custody" in prompt or "-> " in prompt, prompt[-500:]
                (here / "seen.txt").write_text(prompt)
        """)
        self.assertEqual((done.returncode, done.stdout), (0, f"PASS {self.root} after 2 turns\n"), done.stderr)
        first, second = self.turns()
        self.assertEqual((first["status"], first["passed"], first["steps"], first["agent"]), ("FAIL", 0, 1, "exit 0"))
        self.assertEqual((second["status"], second["passed"], second["steps"]), ("PASS", 1, 1))
        # What it was given the second time: the prompt, and what the first try broke.
        seen = (self.root / "seen.txt").read_text()
        self.assertTrue(seen.startswith("# Take two_linears apart"))
        self.assertTrue(seen.endswith(first["findings"]))
        self.assertIn("refactored.py", first["findings"])
        entries = json.loads((self.root / "decomposition_log.json").read_text())["entries"]
        self.assertEqual([e["title"] for e in entries], ["One kernel file", "Turn 1: FAIL, 0 of 1 steps pass", "Turn 2: PASS, 1 of 1 steps pass"])
        self.passes_alone()
        again = self.loop("raise SystemExit('never called')")
        self.assertEqual((again.returncode, len(self.turns())), (0, 2))

    def test_a_cheat_never_passes(self) -> None:
        done = self.loop("""
            write_step()
            write_rest()
            # The parent computes, and what the reports say is a lie.
            text = (step / "refactored.py").read_text()
            (step / "refactored.py").write_text(text.replace("self.second(self.first(x))", "nn.functional.linear(self.first(x), self.second.linear.weight, self.second.linear.bias)"))
            (step / "verification_result.json").write_text(json.dumps({"status": "PASS"}))
            (here / "decomposition_log.json").write_text(json.dumps({"entries": [
                {"step": "turn_1", "type": "decision", "title": "Turn 1: PASS", "description": "x", "turn": {"status": "PASS"}}]}))
        """, "--max-turns", "2")  # fmt: skip
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertTrue(done.stdout.startswith(f"FAIL {self.root} after 2 turns\n"))
        self.assertIn("grammar-compute-op", done.stdout)
        self.assertIn("stopped after 2 turns (--max-turns)", done.stderr)
        self.assertEqual([turn["status"] for turn in self.logged()], ["FAIL", "FAIL"])

    def test_one_that_hangs_is_ended_with_all_that_it_started(self) -> None:
        done = self.loop("""
            subprocess.Popen(["sleep", "999"], start_new_session=True)
            (here / "pids").write_text(f"{os.getpid()}")
            time.sleep(999)
        """, "--turn-time", "2", "--max-turns", "1", "--format", "json")  # fmt: skip
        self.assertEqual(done.returncode, 1)
        (turn,) = json.loads(done.stdout)["turns"]
        self.assertEqual((turn["agent"], turn["status"]), ("timed out", "FAIL"))
        left = [p for p in Path("/proc").glob("[0-9]*") if (p / "cmdline").exists() and self.cwd(p) == self.root]
        self.assertEqual(left, [])

    def test_one_that_deletes_what_had_passed(self) -> None:
        done = self.loop("""
            if turn == 1:
                write_step()
            else:
                assert "artefact-missing" in prompt or "tree-" in prompt, prompt[-800:]
                shutil.rmtree(here / "steps")
                write_rest()
        """, "--max-turns", "2")  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        first, second = self.turns()
        self.assertEqual((first["status"], first["passed"]), ("FAIL", 1))
        step = "steps/step_1_model_to_layers"
        self.assertEqual(second["restored"], [f"{step}/children/linear_16x16_fp32.py", f"{step}/original.py", f"{step}/refactored.py"])
        self.passes_alone()

    def test_one_that_writes_outside(self) -> None:
        (self.place / "elsewhere").mkdir()
        before = hashlib.sha256(self.model.read_bytes()).hexdigest()
        done = self.loop(f"""
            said = {{}}
            def attempt(name, what):
                try:
                    what()
                    said[name] = "done"
                except OSError as error:
                    said[name] = type(error).__name__
            place = pathlib.Path({str(self.place)!r})
            attempt("model", lambda: (place / "two_linears.py").write_text("x"))
            attempt("beside", lambda: (place / "new.txt").write_text("x"))
            attempt("state", lambda: (place / "out.agent/state.json").write_text("{{}}"))
            attempt("rename", lambda: os.rename(place / "out.agent/state.json", here / "state.json"))
            attempt("remove", lambda: os.unlink(place / "out.agent/prompt.md"))
            attempt("link", lambda: os.link(place / "two_linears.py", here / "same.py"))
            attempt("truncate", lambda: os.truncate(place / "two_linears.py", 0))
            attempt("tmp", lambda: pathlib.Path("/tmp/decomp-agent-was-here").write_text("x"))
            attempt("binary", lambda: open({DECOMP!r}, "r+b"))
            attempt("own tmp", lambda: pathlib.Path(os.environ["TMPDIR"], "x").write_text("x"))
            attempt("own workspace", lambda: (here / "x").write_text("x"))
            # Where decomp itself will write, a way out.
            (here / "decomposition_log.json").unlink()
            (here / "decomposition_log.json").symlink_to(place / "elsewhere/log")
            shutil.rmtree(here / "verification")
            (here / "verification").symlink_to(place / "elsewhere")
            (here / "said.json").write_text(json.dumps(said))
            write_step()
        """, "--max-turns", "1")  # fmt: skip
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        said = json.loads((self.root / "said.json").read_text())
        self.assertEqual({name for name, how in said.items() if how == "done"}, {"own tmp", "own workspace"}, said)
        self.assertEqual(hashlib.sha256(self.model.read_bytes()).hexdigest(), before)
        self.assertEqual((len(self.turns()), list((self.place / "elsewhere").iterdir())), (1, []))
        self.assertFalse((self.root / "decomposition_log.json").is_symlink())
        self.assertFalse((self.root / "verification").is_symlink())
        self.assertEqual(len(self.logged()), 1)

    def test_a_killed_loop_goes_on_where_it_was(self) -> None:
        script = """
            write_step()
            write_rest()
            if turn == 1:
                spoil()
            elif not (here / "again").exists():
                (here / "again").write_text("")
                time.sleep(999)
        """
        loop = subprocess.Popen(self.command(script), cwd=self.place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not (self.root / "again").exists():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        family = below(loop.pid)
        second = subprocess.run(self.command(script), cwd=self.place, capture_output=True, text=True, timeout=100)
        self.assertEqual(second.returncode, 2)
        self.assertIn("another `decomp agent` works on", second.stderr)
        os.kill(loop.pid, signal.SIGKILL)
        loop.wait()
        (first,) = self.turns()
        while any(Path(f"/proc/{pid}").exists() for pid in family):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        done = self.loop(script)
        self.assertEqual((done.returncode, done.stdout), (0, f"PASS {self.root} after 2 turns\n"), done.stderr)
        self.assertEqual(self.turns()[0], first)

    def test_what_is_refused_before_anything_runs(self) -> None:
        self.root.mkdir()
        (self.root / "mine").write_text("x")
        done = self.loop("")
        self.assertEqual(done.returncode, 2)
        self.assertIn("is not empty", done.stderr)
        (self.root / "mine").unlink()
        self.model.write_text(MODEL.replace("torch.randn(4, 16)", "torch.randn(4, 17)"))
        done = self.loop("")
        self.assertEqual(done.returncode, 2)
        self.assertIn("does not run; nothing was begun", done.stderr)
        self.assertEqual(list(self.root.iterdir()), [])

    def test_time_for_all_turns_together(self) -> None:
        done = self.loop("time.sleep(999)", "--budget-time", "1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("(--budget-time)", done.stderr)
        self.assertEqual([turn["agent"] for turn in self.turns()], ["timed out"])

    def test_many_models(self) -> None:
        data = self.place / "data/level1"
        data.mkdir(parents=True)
        self.model.rename(data / "1_two_linears.py")
        (data / "2_broken.py").write_text("import no_such_package\n" + MODEL)
        self.command("""
            assert here.name == "1_two_linears"
            for name in ("level_3_model/1_two_linears.py",):
                shutil.copy(here / name, here / "level_3_model/two_linears.py")
            write_step()
            write_rest()
            for file in (here / "decomposition_tree.json", here / "verification/composition_test.py"):
                file.write_text(file.read_text().replace("level_3_model/two_linears", "level_3_model/1_two_linears"))
            (here / "level_3_model/two_linears.py").unlink()
        """)
        command = [DECOMP, "batch-decompose", str(self.place / "data"), "-o", str(self.place / "all"), "--agent", f"{sys.executable} {self.place / 'agent.py'}", "--max-turns", "2"]
        done = subprocess.run(command, cwd=self.place, capture_output=True, text=True, timeout=300)
        rows = json.loads((self.place / "all/batch_summary.json").read_text())["models"]
        self.assertEqual([(row["status"], row["turns"]) for row in rows], [("PASS", 1), ("FAIL", 2)], done.stdout + done.stderr)
        self.assertIn("step-missing-file", rows[1]["reason"])  # phase 0 wants one file of it
        self.assertEqual(done.returncode, 1)
        again = subprocess.run(command + ["--resume"], cwd=self.place, capture_output=True, text=True, timeout=300)
        self.assertEqual([row["status"] for row in json.loads((self.place / "all/batch_summary.json").read_text())["models"]], ["PASS", "FAIL"], again.stderr)
        self.assertNotIn("turn 2", again.stderr)


class SeveralFiles(Scripted):
    """Phase 0 in the loop: the model of examples/two_files."""

    NET = REPOSITORY / "examples/two_files/net.py"
    INPUTS = REPOSITORY / "examples/two_files/inputs.json"

    def begin(self, script: str, *arguments: str) -> subprocess.CompletedProcess:
        command = [f"{self.NET}:TokenEncoder" if part == str(self.model) else part for part in self.command(script, *arguments)]
        return subprocess.run(command, cwd=self.place, capture_output=True, text=True, timeout=400)

    def wrapped(self) -> Path:
        """The one file that decomp makes of it."""
        place = self.place / "net.py"
        subprocess.run([DECOMP, "wrap", f"{self.NET}:TokenEncoder", "--inputs", str(self.INPUTS), "-o", str(place)], check=True, capture_output=True, timeout=200)
        return place

    def test_wrap_makes_the_file_and_the_agent_goes_on_with_it(self) -> None:
        made = self.place / "made"
        subprocess.run([DECOMP, "decompose", str(self.wrapped()), "-o", str(made)], check=True, capture_output=True, timeout=300)
        done = self.begin(f"""
            assert prompt.startswith("# Take net apart"), prompt[:200]
            shutil.rmtree(here / "steps/step_1_model_to_layers")
            shutil.copytree({str(made)!r}, here, dirs_exist_ok=True)
        """, "--inputs", str(self.INPUTS), "--max-turns", "1")  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (0, f"PASS {self.root} after 1 turn\n"), done.stderr)
        self.assertIn("phase 0: decomp wrap made level_3_model/net.py, and it is proved", done.stderr)
        titles = [e["title"] for e in json.loads((self.root / "decomposition_log.json").read_text())["entries"]]
        self.assertEqual(titles[-2], "Phase 0: decomp wrap made the model one file")
        # Phase 0 is one of the steps that were judged: the native model is built from its copy in the workspace.
        (turn,) = self.turns()
        self.assertEqual((turn["passed"], turn["steps"]), (len(list((self.root / "steps").iterdir())),) * 2)
        self.assertTrue((self.root / "steps/step_0_preparation/native/blocks.py").exists())

    def test_the_agent_makes_the_file_and_cannot_choose_what_it_is_held_against(self) -> None:
        right = self.wrapped()
        done = self.begin(f"""
            right = pathlib.Path({str(right)!r}).read_text()
            wrong = right.replace("hidden * torch.sigmoid(gate)", "hidden")
            assert wrong != right
            script = here / "steps/step_0_preparation/verify_wrapper.py"
            if turn == 1:
                assert prompt.startswith("# Make net self-contained") and "{self.NET}:TokenEncoder" in prompt, prompt[:400]
                (here / "level_3_model").mkdir()
                (here / "level_3_model/net.py").write_text(wrong)
                (script.parent / "native/net.py").write_text(wrong)
                script.write_text("from net import Model\\n\\noriginal = Model()\\n")
            elif turn == 2:
                assert "output-value" in prompt, prompt[-400:]
                assert "TokenEncoder" in script.read_text() and "TokenEncoder" in (script.parent / "native/net.py").read_text()
                (here / "level_3_model/net.py").write_text(right)
            else:
                assert prompt.startswith("# Take net apart") and prompt.endswith("is the model from here on.\\n"), prompt[-400:]
                (here / "seen").write_text("")
        """, "--max-turns", "3")  # fmt: skip
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual([(t["phase"], t["status"], t["agent"]) for t in self.turns()], [(0, "FAIL", "exit 0"), (0, "PASS", "exit 0"), (1, "FAIL", "exit 0")], done.stdout + done.stderr)
        self.assertTrue((self.root / "seen").exists())
        self.assertEqual((self.root / "steps/step_1_model_to_layers/original.py").read_text(), right.read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
