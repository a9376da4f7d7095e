"""decomp replay: a report's run, once more.

Usage: test_replay.py DECOMP
"""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

DECOMP = str(Path(sys.argv.pop()).resolve())
REPOSITORY = Path(__file__).resolve().parents[2]


class Replay(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="decomp-replay-")
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name).resolve()

    def run_decomp(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([DECOMP, *arguments], text=True, capture_output=True, timeout=300, cwd=self.work)

    def copy(self, folder: str) -> str:
        shutil.copytree(REPOSITORY / folder, self.work / Path(folder).name)
        return Path(folder).name

    def report(self, *paths: str, code: int = 0) -> dict:
        done = self.run_decomp("check", "--format", "json", *paths)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        (self.work / "report.json").write_text(done.stdout)
        return json.loads(done.stdout)

    def assert_replay(self, code: int, *texts: str, file: str = "report.json") -> None:
        done = self.run_decomp("replay", file)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for text in texts:
            self.assertIn(text, done.stdout + done.stderr)

    def test_a_decomposition_again(self) -> None:
        first = self.report(self.copy("examples/decomposed/mlp_block"))
        count = len(first["steps"])
        self.assert_replay(0, f"PASS: {count} of {count} steps pass", f"{count} of {count} verdicts are the same")

    def test_a_failure_again(self) -> None:
        self.report(self.copy("tests/broken/wrong_eps_within_tolerance"), code=1)
        self.assert_replay(1, "conservation-argument", "1 of 1 verdicts are the same")

    def test_the_same_entropy_makes_the_same_numbers(self) -> None:
        first = self.report(self.copy("tests/honest/layer_norm_written_out"))
        self.assertEqual(first["steps"][0]["grade"], "within_tolerance")
        self.assert_replay(0, "1 of 1 verdicts are the same")

    def test_a_changed_source(self) -> None:
        name = self.copy("examples/first_step")
        self.report(name)
        child = next((self.work / name / "children").glob("*.py"))
        child.write_text(child.read_text() + "\n# another byte\n")
        self.assert_replay(1, "replay-source-changed", child.name, "has changed", "0 of 1 verdicts are the same")

    def test_a_file_more_and_a_file_less(self) -> None:
        name = self.copy("examples/first_step")
        self.report(name)
        (self.work / name / "children" / "extra.py").write_text("")
        self.assert_replay(1, "extra.py", "is new")
        (self.work / name / "children" / "extra.py").unlink()
        (self.work / name / "weight_map.json").unlink()
        self.assert_replay(1, "weight_map.json", "is gone")

    def test_an_edited_report(self) -> None:
        first = self.report(self.copy("examples/first_step"))
        first["steps"][0]["trials"][3]["outputs"][0]["max_abs"] = 0.25
        (self.work / "report.json").write_text(json.dumps(first))
        self.assert_replay(1, "replay-differs", "/trials/3/outputs/0/max_abs: 0.25 then, 0.0 now")

    def test_verification_result(self) -> None:
        name = self.copy("examples/first_step")
        done = self.run_decomp("verify-step", "--original", f"{name}/original.py", "--refactored", f"{name}/refactored.py", "--weight-map",
                               f"{name}/weight_map.json", "--num-trials", "2", "--output", "result.json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(len(json.loads((self.work / "result.json").read_text())["numerical_comparison"]["trials"]), 3)
        self.assert_replay(0, "1 of 1 verdicts are the same", file="result.json")

    def test_what_is_no_report(self) -> None:
        self.assert_replay(2, "there is no file report.json")
        (self.work / "report.json").write_text("{")
        self.assert_replay(2, "report.json:1:")
        (self.work / "report.json").write_text("[]")
        self.assert_replay(2, "is no report of decomp")

    def test_a_step_that_is_not_here(self) -> None:
        name = self.copy("examples/first_step")
        self.report(name)
        shutil.rmtree(self.work / name)
        self.assert_replay(2, "there is no step first_step")


if __name__ == "__main__":
    unittest.main(verbosity=2)
