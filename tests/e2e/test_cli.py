"""The command line of the built binary: exit codes, messages, files, processes.

Usage: test_cli.py DECOMP SCHEMA_CHECK
"""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SCHEMA_CHECK = sys.argv.pop()
DECOMP = sys.argv.pop()

ORIGINAL = """import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(8, width)

    def forward(self, x):
        return torch.relu(self.fc(x))


def get_inputs():
    return [torch.randn(3, 8)]


def get_init_inputs():
    return [WIDTH]
"""

REFACTORED = """import torch.nn as nn

from children.linear_8xWIDTH_fp32 import Model as Linear
from children.relu_fp32 import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = Linear(8, width)
        self.act = Relu()

    def forward(self, x):
        return self.act(self.fc(x))
"""

LINEAR = """import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return self.linear(x)


def get_inputs():
    return [torch.randn(3, 8)]


def get_init_inputs():
    return [8, WIDTH]
"""

RELU = """import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return torch.relu(x)


def get_inputs():
    return [torch.randn(3, WIDTH)]


def get_init_inputs():
    return []
"""


def write_step(folder: Path, width: int = 4, replace: dict[str, str] | None = None) -> Path:
    """An honest step; `replace` changes its texts, which makes it another one."""
    texts = {
        "original.py": ORIGINAL,
        "refactored.py": REFACTORED,
        f"children/linear_8x{width}_fp32.py": LINEAR,
        "children/relu_fp32.py": RELU,
    }
    (folder / "children").mkdir(parents=True)
    for name, text in texts.items():
        text = text.replace("WIDTH", str(width))
        for old, new in (replace or {}).items():
            text = text.replace(old, new)
        (folder / name).write_text(text)
    return folder


WRONG = {"return self.act(self.fc(x))": "return self.act(self.fc(x)) + x.mean() * 0 + 1"}
ENDLESS = {"return torch.relu(x)": "while True:\n            x = x + 0\n        return torch.relu(x)"}


def run(*arguments: object, **options) -> subprocess.CompletedProcess:
    options.setdefault("env", os.environ | {"TERM": "xterm"})
    return subprocess.run(
        [DECOMP, *map(str, arguments)], text=True, capture_output=True, timeout=300, stdin=subprocess.DEVNULL, **options
    )


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def descendants(root: int) -> dict[int, str]:
    """Process ids below `root`, with their start times: a number alone may be used again."""
    parents, starts = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)], starts[int(entry.name)] = int(fields[1]), fields[19]
    found, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return {pid: starts[pid] for pid in found - {root} if pid in starts}


def still_alive(processes: dict[int, str]) -> list[int]:
    alive = []
    for pid, start in processes.items():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[19] == start and fields[0] != "Z":
            alive.append(pid)
    return alive


def wait_for(condition, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="decomp-cli-")
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name).resolve()

    def assert_ends(self, done: subprocess.CompletedProcess, code: int) -> None:
        self.assertEqual(done.returncode, code, f"stdout:\n{done.stdout}\nstderr:\n{done.stderr}")

    def assert_fits(self, schema: str, file: Path) -> None:
        checked = subprocess.run([SCHEMA_CHECK, schema, str(file)], text=True, capture_output=True, timeout=60)
        self.assertEqual(checked.returncode, 0, checked.stdout)


class Usage(Case):
    """Exit 2, one line that says what is wrong, stdout empty; the engine is not even loaded."""

    def assert_refused(self, arguments: list[object], message: str) -> None:
        with self.subTest(arguments=[str(word) for word in arguments]):
            started = time.monotonic()
            done = run(*arguments, cwd=self.work)
            self.assert_ends(done, 2)
            self.assertEqual(done.stdout, "")
            self.assertRegex(done.stderr, message)
            self.assertNotIn("terminate", done.stderr)
            self.assertLess(time.monotonic() - started, 20)

    def test_commands_and_paths(self) -> None:
        write_step(self.work / "step")
        self.assert_refused([], r"usage: decomp PATH")
        self.assert_refused(["chekc", "step"], r"no command and no file `chekc`; did you mean `check`\?")
        self.assert_refused(["verify_step"], r"did you mean `verify-step`\?")
        self.assert_refused(["check"], r"give the folder of a step or of a decomposition")
        self.assert_refused(["check", "nowhere"], r"nowhere does not exist")
        self.assert_refused(["./nowhere"], r"nowhere does not exist")
        self.assert_refused(["check", "step/original.py"], r"step/original\.py is a file; give the folder .* such as step, or use")
        self.assert_refused(["step/original.py"], r"is a file; give the folder")
        self.assert_refused(["verify-step", "--original", "step/original.py"], r"--refactored is required")
        self.assert_refused(
            ["verify-step", "--original", "no.py", "--refactored", "step/refactored.py"], r"--original: there is no file no\.py"
        )
        self.assert_refused(
            ["verify-step", "--original", "step/original.py", "--refactored", "step/refactored.py", "--weight-map", "no.json"],
            r"--weight-map: there is no file no\.json",
        )

    def test_a_named_step_without_its_files(self) -> None:
        step = write_step(self.work / "step")
        (step / "original.py").unlink()
        self.assert_refused(["check", "step"], r"step is no complete step: it has no original\.py")

    def test_values(self) -> None:
        write_step(self.work / "step")
        for arguments, message in (
            (["--num-trials", "x"], r'--num-trials must be a number, not "x"'),
            (["--num-trials", "0"], r"--num-trials must be from 1 to 1000"),
            (["--rtol", "-1"], r"--rtol must be a number that is at least 0"),
            (["--rtol", "inf"], r"--rtol must be a number that is at least 0"),
            (["--atol", "nan"], r"--atol must be a number that is at least 0"),
            (["--atol", "1e"], r'--atol must be a number, not "1e"'),
            (["--timeout", "0"], r"--timeout must be greater than 0"),
            (["--cpu-time", "-3"], r"--cpu-time must be greater than 0"),
            (["--max-memory", "0"], r"--max-memory must be greater than 0"),
            (["--max-output", "-1"], r"--max-output must be greater than 0"),
            (["--jobs", "-1"], r"--jobs must be from 1 to 1024"),
            (["--device", "tpu"], r'--device must be cpu, cuda or cuda:N, not "tpu"'),
            (["--device", "cuda:"], r'--device must be cpu, cuda or cuda:N, not "cuda:"'),
            (["--sandbox", "maybe"], r'--sandbox must be auto, required or off, not "maybe"'),
            (["--format", "xml"], r"--format.*xml"),
            (["--sandbox"], r"--sandbox needs a value"),
            (["--rtoll", "1"], r"there is no option --rtoll; did you mean --rtol\?"),
        ):
            self.assert_refused(["check", "step", *arguments], message)

    def test_nothing_to_check(self) -> None:
        (self.work / "empty/deeper").mkdir(parents=True)
        (self.work / "empty/model.py").write_text("x = 1\n")
        done = run("check", "empty", cwd=self.work)
        self.assert_ends(done, 4)
        self.assertEqual(done.stdout, "")
        self.assertIn("there is no step below empty: a step is a folder with original.py", done.stderr)

    def test_help_and_version(self) -> None:
        for arguments in (["--help"], ["-h"], ["help"], ["check", "--help"], ["verify-step", "--help"]):
            done = run(*arguments)
            self.assert_ends(done, 0)
            self.assertEqual(done.stderr, "")
            self.assertRegex(done.stdout, rf"(?i)usage: decomp {'' if len(arguments) == 1 else arguments[0]}")
        done = run("--version")
        self.assert_ends(done, 0)
        self.assertRegex(done.stdout, r"^decomp \d+\.\d+\.\d+\n$")


class Verdicts(Case):
    def test_pass_and_fail_as_json(self) -> None:
        write_step(self.work / "tree/good")
        write_step(self.work / "tree/wrong", replace=WRONG)
        before = snapshot(self.work)
        done = run("check", "tree", "--format", "json", cwd=self.work)
        self.assert_ends(done, 1)
        self.assertEqual(done.stderr, "")
        self.assertEqual(snapshot(self.work), before, "check must write nothing")
        report = json.loads(done.stdout)
        (self.work / "report.json").write_text(done.stdout)
        self.assert_fits("report", self.work / "report.json")
        self.assertEqual((report["status"], report["exit"]), ("FAIL", 1))
        self.assertEqual([(s["path"], s["status"]) for s in report["steps"]], [("tree/good", "PASS"), ("tree/wrong", "FAIL")])
        good, wrong = report["steps"]
        self.assertEqual({t["kind"] for t in good["trials"]} & {"public", "entropy"}, {"public", "entropy"})
        self.assertEqual(sorted(w["refactored"] for w in good["weights"]), ["fc.linear.bias", "fc.linear.weight"])
        self.assertEqual(sorted(good["digests"]), sorted(f"tree/good/{n}" for n in (
            "original.py", "refactored.py", "children/linear_8x4_fp32.py", "children/relu_fp32.py")))  # fmt: skip
        self.assertTrue([f for f in wrong["findings"] if f["severity"] == "error"])

    def test_output_file(self) -> None:
        step = write_step(self.work / "step")
        output = self.work / "result.json"
        output.write_text("old\n" * 10000)
        files = ["--original", step / "original.py", "--refactored", step / "refactored.py"]
        before = snapshot(step)
        self.assert_ends(run("verify-step", *files, "--output", output), 0)
        self.assert_fits("verification_result", output)
        result = json.loads(output.read_text())
        self.assertEqual(result["status"], "PASS")
        self.assertEqual(result["anticheat"], {"status": "PASS", "source_violations": [], "parameter_violations": []})
        self.assertEqual(result["weight_transfer"]["mapped_count"], 2)
        self.assertEqual(result["numerical_comparison"]["num_trials"], 3)
        self.assertEqual(result["numerical_comparison"]["input_dtype"], "torch.float32")
        self.assertEqual([t["seed"] for t in result["numerical_comparison"]["trials"][:3]], [42, 43, 44])
        self.assertEqual(snapshot(step), before)
        self.assertEqual(sorted(p.name for p in self.work.iterdir()), ["result.json", "step"], "nothing else is left behind")

    def test_output_of_a_failure(self) -> None:
        step = write_step(self.work / "step", replace={"return self.linear(x)": "return self.linear(x) * float('inf')"})
        output = self.work / "result.json"
        done = run("verify-step", "--original", step / "original.py", "--refactored", step / "refactored.py", "--output", output)
        self.assert_ends(done, 1)
        self.assert_fits("verification_result", output)
        self.assertEqual(json.loads(output.read_text())["status"], "FAIL")

    def test_output_that_cannot_be_written_is_said_first(self) -> None:
        step = write_step(self.work / "step")
        files = ["--original", step / "original.py", "--refactored", step / "refactored.py"]
        for place, message in ((self.work / "no/result.json", "there is no folder"), (self.work, "is a folder; name a file in it")):
            done = run("verify-step", *files, "--output", place)
            self.assert_ends(done, 2)
            self.assertIn(message, done.stderr)
            self.assertEqual(done.stdout, "")

    def test_skip_anticheat_is_no_pass(self) -> None:
        step = write_step(self.work / "step")
        output = self.work / "result.json"
        done = run("verify-step", "--original", step / "original.py", "--refactored", step / "refactored.py",
                   "--skip-anticheat", "--output", output)  # fmt: skip
        self.assert_ends(done, 1)
        self.assertIn("SKIPPED", done.stdout)
        self.assertNotIn("PASS", done.stdout)
        self.assert_fits("verification_result", output)
        result = json.loads(output.read_text())
        self.assertEqual((result["status"], result["anticheat"]["status"]), ("SKIPPED", "SKIPPED"))

    def test_results_that_lie_in_the_workspace_are_no_evidence(self) -> None:
        wrong = write_step(self.work / "wrong", replace=WRONG)
        honest = write_step(self.work / "honest")
        for folder, status in ((wrong, "PASS"), (honest, "FAIL")):
            (folder / "verification_result.json").write_text(json.dumps({"status": status, "anticheat": {"status": status}}))
            (folder / "coverage_report.json").write_text("{ not even JSON")
        done = run("check", wrong, "--format", "json")
        self.assert_ends(done, 1)
        self.assertEqual(json.loads(done.stdout)["status"], "FAIL")
        self.assert_ends(run("check", honest), 0)

    def test_a_missing_file_inside_a_tree_is_a_finding(self) -> None:
        write_step(self.work / "tree/steps/step_1_a")
        (write_step(self.work / "tree/steps/step_2_b") / "refactored.py").unlink()
        (self.work / "tree/steps/step_3_c").mkdir()
        done = run("check", "tree", "--format", "json", cwd=self.work)
        self.assert_ends(done, 1)
        steps = json.loads(done.stdout)["steps"]
        self.assertEqual([s["status"] for s in steps], ["PASS", "FAIL", "FAIL"])
        self.assertEqual({f["rule"] for s in steps[1:] for f in s["findings"]}, {"step-missing-file"})

    def test_order_is_the_same_for_any_number_of_jobs(self) -> None:
        # The first one is the slowest: it ends last when they run side by side.
        write_step(self.work / "tree/step_1_slow", replace={"torch.randn(3,": "torch.randn(60000,"})
        for number in (2, 3, 10, 11):
            write_step(self.work / f"tree/step_{number}_x", width=number)
        expected = [f"tree/step_{n}" for n in ("1_slow", "2_x", "3_x", "10_x", "11_x")]
        for jobs in ("1", "4"):
            done = run("check", "tree", "--format", "json", "--jobs", jobs, cwd=self.work)
            self.assert_ends(done, 0)
            self.assertEqual([s["path"] for s in json.loads(done.stdout)["steps"]], expected)

    def test_several_paths_in_the_order_given(self) -> None:
        write_step(self.work / "b")
        write_step(self.work / "a")
        done = run("b", "a", "--format", "json", cwd=self.work)
        self.assert_ends(done, 0)
        self.assertEqual([s["path"] for s in json.loads(done.stdout)["steps"]], ["b", "a"])

    def test_a_deep_file_is_judged_not_called_garbage(self) -> None:
        chain = "if width == 0:\n            pass\n" + "".join(
            f"        elif width == {n}:\n            pass\n" for n in range(100, 250)
        )
        step = write_step(self.work / "step", replace={"self.fc = nn.Linear(8, width)": f"{chain}        self.fc = nn.Linear(8, width)"})
        self.assert_ends(run("check", step), 0)


class Terminal(Case):
    def on_terminal(self, *arguments: object, **environment: str) -> str:
        """What a person sees: stdout and stderr are one terminal."""
        leader, follower = pty.openpty()
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")} | {"TERM": "xterm"} | environment
        with subprocess.Popen([DECOMP, *map(str, arguments)], stdin=follower, stdout=follower, stderr=follower, env=env) as process:
            os.close(follower)
            text = b""
            while True:
                try:
                    chunk = os.read(leader, 65536)
                except OSError:
                    break
                if not chunk:
                    break
                text += chunk
            process.wait(timeout=300)
        os.close(leader)
        return text.decode()

    def test_colour(self) -> None:
        step = write_step(self.work / "step")
        self.assertIn("\x1b[32mPASS", self.on_terminal("check", step))
        self.assertNotIn("\x1b", self.on_terminal("check", step, NO_COLOR="1"))
        self.assertNotIn("\x1b", self.on_terminal("check", step, TERM="dumb"))
        self.assertNotIn("\x1b", self.on_terminal("check", step, "--format", "json"))
        done = run("check", step)
        self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_progress_is_for_terminals(self) -> None:
        write_step(self.work / "tree/a")
        write_step(self.work / "tree/b")
        self.assertIn("[1/2]", self.on_terminal("check", self.work / "tree"))
        self.assertEqual(run("check", self.work / "tree").stderr, "")

    def test_judged_text_cannot_command_the_terminal(self) -> None:
        step = write_step(self.work / "step", replace={"return self.linear(x)": "raise ValueError('\\x1b[2J\\x1b[32mPASS')"})
        text = self.on_terminal("check", step, NO_COLOR="1")
        self.assertNotIn("\x1b", text)
        self.assertIn("\\x1b[2J", text)


class Settings(Case):
    def setUp(self) -> None:
        super().setUp()
        self.step = write_step(self.work / "out/step", replace=ENDLESS)

    def refused(self, text: str, name: str = "decomp.toml") -> str:
        (self.work / name).write_text(text)
        done = run("check", self.step)
        self.assert_ends(done, 2)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_limits_from_a_file_above_and_flags_over_them(self) -> None:
        (self.work / "decomp.toml").write_text("[limits]\nwall_seconds = 0.75\n")
        done = run("check", self.step)
        self.assert_ends(done, 1)
        self.assertIn("[run-timeout] took longer than 0.75 s", done.stdout)
        done = run("check", self.step, "--timeout", "0.5")
        self.assertIn("[run-timeout] took longer than 0.5 s", done.stdout)

    def test_pyproject(self) -> None:
        (self.work / "pyproject.toml").write_text("[project]\nname = 'x'\n\n[tool.decomp.limits]\nwall_seconds = 0.75\n")
        self.assertIn("took longer than 0.75 s", run("check", self.step).stdout)

    def test_the_nearest_file_counts(self) -> None:
        (self.work / "decomp.toml").write_text("rtol = 'never read'\n")
        (self.work / "out/decomp.toml").write_text("[limits]\nwall_seconds = 0.75\n")
        self.assertIn("took longer than 0.75 s", run("check", self.step).stdout)

    def test_unknown_keys_and_wrong_kinds_say_the_line(self) -> None:
        self.assertRegex(self.refused("jobs = 2\nrtoll = 1\n"), r"decomp\.toml:2:\d+: decomp has no setting `rtoll`; did you mean `rtol`\?")
        self.assertRegex(self.refused("[limits]\nwall = 1\n"), r"decomp\.toml:2:\d+: decomp has no setting `limits\.wall`")
        self.assertRegex(self.refused("[limit]\nwall_seconds = 1\n"), r"decomp\.toml:1:\d+: .*`limit`; did you mean `limits`\?")
        self.assertRegex(self.refused("\nrtol = '1e-3'\n"), r"decomp\.toml:2:\d+: rtol must be a number")
        self.assertRegex(self.refused("num_trials = 2.5\n"), r"decomp\.toml:1:\d+: num_trials must be a whole number")
        self.assertRegex(self.refused("sandbox = true\n"), r"decomp\.toml:1:\d+: sandbox must be a text in quotes")
        self.assertRegex(self.refused("[limits]\nmemory_mb = -1\n"), r"decomp\.toml:2:\d+: limits\.memory_mb must be a number that is at least 0")
        self.assertRegex(self.refused("num_trials = 0\n"), r"--num-trials must be from 1 to 1000")

    def test_text_that_is_no_toml_says_the_line(self) -> None:
        self.assertRegex(self.refused("jobs = 2\nrtol = = 3\n"), r"decomp\.toml:2:\d+: no TOML: ")
        (self.work / "decomp.toml").unlink()
        # A pyproject.toml that is broken is other tools' business.
        (self.work / "pyproject.toml").write_text("[tool.decomp\n")
        self.assert_ends(run("check", self.step, "--timeout", "0.5"), 1)

    def test_pyproject_with_unknown_key(self) -> None:
        self.assertRegex(self.refused("[tool.decomp]\nx = 1\n", "pyproject.toml"), r"pyproject\.toml:2:\d+: decomp has no setting `x`")

    def test_a_file_inside_of_what_is_judged_is_not_used(self) -> None:
        wrong = write_step(self.work / "model/steps/step_1_a", replace=WRONG)
        for place in (wrong, self.work / "model/steps", self.work / "model"):
            (place / "decomp.toml").write_text("rtol = 1e9\natol = 1e9\n")
        # A folder steps/ makes a decomposition, and this one does not say of what, and has nothing else.
        lacks = {"custody-source-not-found", "artefact-missing", "composition-missing"}
        for path, rules in ((wrong, {"file-settings"}), (self.work / "model", {"file-settings", *lacks})):
            done = run("check", path, "--format", "json")
            self.assert_ends(done, 1)
            report = json.loads(done.stdout)
            (self.work / "report.json").write_text(done.stdout)
            self.assert_fits("report", self.work / "report.json")
            self.assertEqual({f["rule"] for f in report["findings"]}, rules)
            self.assertNotEqual(report["steps"][0]["status"], "PASS")
            (self.work / "report.json").unlink()

    def test_strict_makes_errors_of_warnings(self) -> None:
        step = write_step(self.work / "honest")
        (step / "decomp.toml").write_text("jobs = 1\n")
        self.assert_ends(run("check", step), 0)
        done = run("check", step, "--strict")
        self.assert_ends(done, 1)
        self.assertIn("[file-settings]", done.stdout)


class Machine(Case):
    def test_a_device_that_is_not_there(self) -> None:
        step = write_step(self.work / "step")
        done = run("check", step, "--device", "cuda:99")
        self.assert_ends(done, 2)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"^decomp: --device cuda:99: .*(CUDA)")

    def test_a_python_that_is_not_there(self) -> None:
        step = write_step(self.work / "step")
        done = run("check", step, env=os.environ | {"DECOMP_PYTHON": "/nowhere/python"})
        self.assert_ends(done, 3)
        self.assertIn("/nowhere/python", done.stdout + done.stderr)
        self.assertNotIn("PASS", done.stdout)

    def test_the_libraries_are_not_there(self) -> None:
        step = write_step(self.work / "step")
        (self.work / "bin").mkdir()
        shutil.copy(DECOMP, self.work / "bin/decomp")
        done = subprocess.run([self.work / "bin/decomp", "check", step], text=True, capture_output=True, timeout=120)
        self.assert_ends(done, 3)
        self.assertIn("cannot load libdecomp.so", done.stderr)

    def test_nobody_reads(self) -> None:
        step = write_step(self.work / "step")
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            done = subprocess.run([DECOMP, "check", str(step)], stdout=pipe, stderr=subprocess.PIPE, text=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (3, "decomp: cannot write to standard output\n"))

    def interrupted(self, signal_number: int) -> None:
        step = write_step(self.work / "step", replace=ENDLESS)
        host = subprocess.Popen([DECOMP, "check", str(step), "--timeout", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(host.kill)
        # The worker, the parser and both models.
        self.assertTrue(wait_for(lambda: len(descendants(host.pid)) >= 4 or host.poll() is not None, 60))
        processes = descendants(host.pid)
        self.assertIsNone(host.poll())
        host.send_signal(signal_number)
        self.assertEqual(host.wait(timeout=30), 130 if signal_number == signal.SIGINT else -signal_number)
        self.assertTrue(wait_for(lambda: not still_alive(processes), 15), f"left behind: {still_alive(processes)}")

    def test_control_c_leaves_no_process(self) -> None:
        self.interrupted(signal.SIGINT)

    def test_a_killed_host_leaves_no_process(self) -> None:
        self.interrupted(signal.SIGKILL)

    def test_control_c_while_torch_is_imported(self) -> None:
        step = write_step(self.work / "step")
        host = subprocess.Popen([DECOMP, "check", str(step)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(host.kill)
        self.assertTrue(wait_for(lambda: len(descendants(host.pid)) >= 1, 30))
        processes = descendants(host.pid)
        host.send_signal(signal.SIGINT)
        host.wait(timeout=30)
        self.assertTrue(wait_for(lambda: not still_alive(processes), 15), f"left behind: {still_alive(processes)}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
