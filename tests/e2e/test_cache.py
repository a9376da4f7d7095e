"""What an earlier call found answers for the same bytes, and for nothing else.

Usage: test_cache.py DECOMP
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

DECOMP = Path(sys.argv.pop()).resolve()
REPOSITORY = Path(__file__).resolve().parents[2]


class Cache(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="decomp-cache-")
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name).resolve()
        self.env = {k: v for k, v in os.environ.items() if k not in ("DECOMP_NO_CACHE", "DECOMP_CACHE_DIR")}
        self.env.update(XDG_CACHE_HOME=str(self.work / "cache"), XDG_STATE_HOME=str(self.work / "state"))

    def copy(self, folder: str) -> Path:
        return Path(shutil.copytree(REPOSITORY / folder, self.work / Path(folder).name))

    def run_decomp(self, *arguments: object, decomp: Path = DECOMP) -> subprocess.CompletedProcess:
        command = [str(decomp), *map(str, arguments)]
        return subprocess.run(command, text=True, capture_output=True, timeout=300, cwd=self.work, env=self.env)

    def check(self, *arguments: object, code: int = 0, decomp: Path = DECOMP) -> dict:
        done = self.run_decomp("check", "--format", "json", *arguments, decomp=decomp)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def entries(self) -> list[Path]:
        return [file for file in (self.work / "cache").rglob("*") if file.is_file()]

    @staticmethod
    def judged_now(report: dict) -> list[str]:
        """The last part of what was not taken from the cache."""
        return sorted(Path(step["path"]).name for step in report["steps"] + report["compositions"] if not step["cached"])

    def assert_same_verdict(self, first: dict, second: dict) -> None:
        def bare(report: dict) -> dict:
            report = json.loads(json.dumps(report))
            for part in [report, *report["steps"], *report["compositions"]]:
                del part["cached"], part["seconds"]
            return report

        self.assertEqual(bare(first), bare(second))

    def test_an_unchanged_decomposition(self) -> None:
        folder = self.copy("examples/decomposed/mlp_block")
        first = self.check(folder)
        self.assertEqual((first["cached"], len(self.judged_now(first))), ("", 3))
        second = self.check(folder)
        self.assertRegex(second["cached"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(self.judged_now(second), [])
        self.assert_same_verdict(first, second)
        # Neither Python nor torch is there: that is what makes it quick.
        loaded = subprocess.run(
            [str(DECOMP), "check", str(folder)], text=True, capture_output=True, timeout=300, cwd=self.work, env={**self.env, "LD_DEBUG": "files"}
        ).stderr
        self.assertIn("libstdc++", loaded)
        self.assertNotRegex(loaded, "libtorch|libpython")
        text = self.run_decomp("check", folder).stdout
        self.assertIn("from the cache, judged 2", text)
        self.assertIn("from the cache (--no-cache judges anew)", text)

    def test_only_what_a_change_bears_on_runs_again(self) -> None:
        folder = self.copy("examples/decomposed/mlp_block")
        self.check(folder)
        steps = sorted((folder / "steps").iterdir())
        refactored = steps[0] / "refactored.py"
        before = refactored.read_bytes()
        refactored.write_bytes(before + b"\n")
        self.assertEqual(self.judged_now(self.check(folder)), [steps[0].name])
        refactored.write_bytes(before)
        back = self.check(folder)
        self.assertEqual((back["cached"], self.judged_now(back)), ("", []))
        tree = folder / "decomposition_tree.json"
        tree.write_text(tree.read_text().replace('"total_components": ', '"total_components": 1'))
        changed = self.check(folder, code=1)
        self.assertEqual(self.judged_now(changed), [])
        self.assertIn("tree-count", " ".join(f["rule"] for f in changed["findings"]))

    def test_a_source_elsewhere(self) -> None:
        source = self.work / "model.py"
        shutil.copy(REPOSITORY / "examples/mlp_block.py", source)
        folder = self.copy("examples/decomposed/mlp_block")
        self.check("--source", source, folder)
        self.assertTrue(self.check("--source", source, folder)["cached"])
        source.write_text(source.read_text().replace("class Model", "HIDDEN = 3\n\n\nclass Model"))
        again = self.run_decomp("check", "--format", "json", "--source", source, folder)
        self.assertEqual(json.loads(again.stdout)["cached"], "")

    def test_failures_are_kept_with_all_that_was_found(self) -> None:
        step = self.copy("tests/broken/wrong_eps_within_tolerance")
        first = self.check(step, code=1)
        second = self.check(step, code=1)
        self.assertTrue(second["cached"])
        self.assert_same_verdict(first, second)

    def test_what_the_machine_could_not_do_is_not_kept(self) -> None:
        step = self.copy("tests/broken/infinite_loop_in_child")
        for _ in range(2):
            self.assertEqual(self.judged_now(self.check(step, "--timeout", 2, code=1)), [step.name])

    def test_options_are_part_of_it(self) -> None:
        step = self.copy("examples/first_step")
        self.check(step)
        for options in (["--num-trials", 2], ["--rtol", "1e-3"], ["--timeout", 90], ["--jobs", 1]):
            with self.subTest(options=options):
                self.assertEqual(self.check(step, *options)["cached"], "")
                self.assertTrue(self.check(step, *options)["cached"])

    def test_left_out_on_request(self) -> None:
        step = self.copy("examples/first_step")
        self.check("--no-cache", step)
        self.assertEqual(self.entries(), [])
        first = self.check(step)
        anew = self.check("--no-cache", step)
        self.assertEqual(self.judged_now(anew), [step.name])
        self.assertNotEqual(first["steps"][0]["entropy"], anew["steps"][0]["entropy"])
        self.env["DECOMP_NO_CACHE"] = "1"
        self.assertEqual(self.judged_now(self.check(step)), [step.name])

    def test_without_a_sandbox_nothing_is_kept(self) -> None:
        step = self.copy("examples/first_step")
        for _ in range(2):
            self.assertEqual(self.judged_now(self.check("--sandbox", "off", step)), [step.name])

    def test_damaged_and_foreign_entries_are_misses(self) -> None:
        step = self.copy("examples/first_step")
        first = self.check(step)
        for entry in self.entries():
            bytes_ = bytearray(entry.read_bytes())
            bytes_[-20] ^= 1
            entry.write_bytes(bytes_)
        self.assertEqual(self.judged_now(self.check(step)), [step.name])
        self.assertTrue(self.check(step)["cached"])
        # Of somebody else: the entries are whole, the secret is another.
        shutil.rmtree(self.work / "state")
        again = self.check(step)
        self.assertEqual(self.judged_now(again), [step.name])
        self.assertEqual(first["status"], again["status"])

    def test_another_decomp(self) -> None:
        step = self.copy("examples/first_step")
        other = self.work / "other"
        shutil.copytree(DECOMP.parent, other / "bin")
        shutil.copytree(DECOMP.parent.parent / "lib", other / "lib", ignore=lambda _, names: [n for n in names if not n.endswith(".so")])
        other /= "bin/decomp"
        self.check(step, decomp=other)
        self.assertTrue(self.check(step, decomp=other)["cached"])
        with open(self.work / "other/lib/libdecomp_worker.so", "ab") as library:
            library.write(b"\0")
        self.assertEqual(self.judged_now(self.check(step, decomp=other)), [step.name])

    def test_the_folder(self) -> None:
        step = self.copy("examples/first_step")
        self.check("--cache", self.work / "named", step)
        self.assertTrue(list((self.work / "named").iterdir()))
        self.assertEqual(self.entries(), [])
        done = self.run_decomp("check", "--cache", step / "cache", step)
        self.assertEqual(done.returncode, 2)
        self.assertIn("lies in", done.stderr)
        # One that a workspace brings along is not used, nor anything that a settings file of the workspace says.
        self.env["XDG_CACHE_HOME"] = str(step / "cache")
        for _ in range(2):
            self.assertEqual(self.check(step)["cached"], "")
        self.assertFalse((step / "cache").exists())

    def test_a_cached_report_can_be_replayed(self) -> None:
        step = self.copy("examples/first_step")
        self.check(step)
        report = self.check(step)
        self.assertTrue(report["cached"])
        (self.work / "report.json").write_text(json.dumps(report))
        done = self.run_decomp("replay", "report.json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("1 of 1 verdicts are the same", done.stdout)
        self.assertNotIn("from the cache", done.stdout)


if __name__ == "__main__":
    unittest.main()
