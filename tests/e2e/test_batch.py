"""decomp batch: many decompositions, good, broken, empty and alien ones, in one table; Ctrl-C in the middle of long work.

Usage: test_batch.py DECOMP SCHEMA_CHECK
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SCHEMA_CHECK = str(Path(sys.argv.pop()).resolve())
DECOMP = str(Path(sys.argv.pop()).resolve())
REPOSITORY = Path(__file__).resolve().parents[2]
GATE = REPOSITORY / "tests/honest/decomposition_gate"
KERNEL_ALONE = "level1/sigmoid"


class Batch(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        shutil.copy(GATE / "gate.py", cls.root)
        output = cls.root / "output"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(GATE / "gate", output / "level3/good", ignore=ignored)
        shutil.copytree(GATE / "gate", output / "level3/bad_composition", ignore=ignored)
        test = output / "level3/bad_composition/verification/composition_test.py"
        test.write_text(test.read_text().replace("return x + self.value(x)", "return self.value(x)"))
        shutil.copytree(GATE / "gate", output / "level2/bad_step", ignore=ignored)
        (output / "level2/bad_step/steps/step_1_gate_to_kernels/refactored.py").write_text("import os\n")
        (output / "level2/bad_step/verification/composition_test.py").write_text("class ComposedModel(:\n")
        (output / "level2/half_a_tree").mkdir()
        (output / "level2/half_a_tree/decomposition_tree.json").write_text("{")
        (output / KERNEL_ALONE / "level_0_kernel").mkdir(parents=True)  # a model of one operation needs no step
        shutil.copy(GATE / "gate/level_0_kernel/sigmoid_fp32.py", output / KERNEL_ALONE / "level_0_kernel")
        (output / "level3/empty").mkdir()
        (output / "level3/alien/deep").mkdir(parents=True)
        (output / "level3/alien/deep/notes.py").write_text("raise SystemExit(3)\n")
        (output / "level3/a_file").write_text("no folder\n")

    def run_batch(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([DECOMP, "batch", "--num-trials", "1", *arguments], cwd=self.root, text=True, capture_output=True, timeout=300)

    def test_every_entry_has_its_line(self) -> None:
        done = self.run_batch("output", "--output-json", "table.json")
        self.assertEqual(done.returncode, 1, done.stderr)
        statuses = {line.split()[1].removeprefix("output/"): line.split()[0] for line in done.stdout.splitlines() if line.split()[0] in ("PASSED", "PARTIAL", "FAILED")}
        expected = {KERNEL_ALONE: "PASSED", "level2/bad_step": "FAILED", "level2/half_a_tree": "FAILED", "level3/bad_composition": "PARTIAL", "level3/good": "PASSED"}
        self.assertEqual(statuses, expected)
        self.assertIn("5 decompositions: 2 passed, 1 partial, 2 failed", done.stdout)
        table = json.loads((self.root / "table.json").read_text())
        self.assertEqual({e["path"].removeprefix("output/"): e["status"] for e in table["decompositions"]}, expected)
        self.assertEqual((table["passed"], table["partial"], table["failed"], table["exit"]), (2, 1, 2, 1))
        self.assertEqual(table["without_decomposition"], ["output/level3/alien", "output/level3/empty"])
        self.assertEqual({e["composition_test"] for e in table["decompositions"] if e["status"] == "PARTIAL"}, {"FAIL"})
        checked = subprocess.run([SCHEMA_CHECK, "batch_report", str(self.root / "table.json")], text=True, capture_output=True, timeout=60)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        verbose = self.run_batch("--output-dir", "output", "--verbose", "--level", "2")
        self.assertEqual(verbose.returncode, 1)
        self.assertIn("2 decompositions: 0 passed, 0 partial, 2 failed", verbose.stdout)
        self.assertIn("[syntax-error]", verbose.stdout)

    def test_nothing_to_check(self) -> None:
        for arguments in (["output/level3/alien"], ["output", "--level", "7"]):
            done = self.run_batch(*arguments)
            self.assertEqual((done.returncode, done.stdout), (4, ""), done.stderr)
        self.assertEqual(self.run_batch("nowhere").returncode, 2)

    def test_all_well(self) -> None:
        done = self.run_batch("output/level3/good", "--format", "json")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(json.loads(done.stdout)["passed"], 1)

    def test_interrupted(self) -> None:
        command = [DECOMP, "check", "--format", "json", "--jobs", "1", str(REPOSITORY / "examples/decomposed")]
        running = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(3.5)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=120)
        self.assertEqual(running.returncode, 130, err)
        report = json.loads(out)
        self.assertIn("NOT DECIDED", [step["status"] for step in report["steps"]])
        self.assertIn("run-interrupted", {f["rule"] for step in report["steps"] for f in step["findings"]})
        self.assertFalse([step["path"] for step in report["steps"] if step["status"] == "FAIL"])


if __name__ == "__main__":
    unittest.main()
