"""decomp run-steps: the verdicts of check in the summary that the specification names.

Usage: test_run_steps.py DECOMP
"""

import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import workspace

DECOMP = str(Path(sys.argv.pop()).resolve())
SUMMARY = "examples/decomposed/mlp_block/verification/step_verification_summary.json"
STEP_2 = "examples/decomposed/mlp_block/steps/step_2_swiglu_to_kernels"


class RunSteps(workspace.Workspace):
    decomp = DECOMP

    def run_steps(self, *arguments: str) -> dict:
        report = self.report("run-steps", self.block, "--num-trials", "1", *arguments)
        summary = self.read_json(SUMMARY)
        self.assertEqual(summary["status"], report["status"])
        self.assertEqual([s["verification_status"] for s in summary["steps"]], [s["status"] for s in report["steps"]])
        return summary

    def test_the_example_as_it_is(self) -> None:
        before = self.files()
        summary = self.run_steps()
        self.assertEqual(
            {key: summary[key] for key in ("decomp_dir", "status", "total_steps", "passed", "failed", "skipped")},
            {"decomp_dir": self.block, "status": "PASS", "total_steps": 2, "passed": 2, "failed": 0, "skipped": 0},
        )
        self.assertRegex(summary["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
        self.assertEqual(
            [{k: step[k] for k in ("step_name", "verification_status", "coverage_pct", "max_diff", "anticheat_status")} for step in summary["steps"]],
            [
                {"step_name": name, "verification_status": "PASS", "coverage_pct": 100.0, "max_diff": 0.0, "anticheat_status": "PASS"}
                for name in ("step_1_mlp_block_to_fusions", "step_2_swiglu_to_kernels")
            ],
        )
        after = self.files()
        del after[SUMMARY]
        before.pop(SUMMARY, None)
        self.assertEqual(after, before)  # nothing else was written

    def test_an_operation_that_no_child_makes_lowers_the_coverage(self) -> None:
        self.replace(f"{STEP_2}/refactored.py", ("self.silu(self.gate_proj(x))", "self.gate_proj(x)"))
        first, second = self.run_steps()["steps"]
        self.assertEqual((first["coverage_pct"], first["verification_status"]), (100.0, "PASS"))
        # Three linears of the four operations are there, whatever they return.
        self.assertEqual((second["coverage_pct"], second["verification_status"]), (75.0, "FAIL"))
        self.assertGreater(second["max_diff"], 0)
        self.assertEqual(second["anticheat_status"], "PASS")

    def test_what_the_grammar_refuses_never_ran(self) -> None:
        self.replace(f"{STEP_2}/refactored.py", ("self.silu(self.gate_proj(x))", "torch.sigmoid(self.gate_proj(x))"))
        summary = self.run_steps()
        step = summary["steps"][1]
        self.assertEqual((summary["passed"], summary["failed"]), (1, 1))
        self.assertEqual(step["anticheat_status"], "FAIL")
        self.assertEqual((step["coverage_pct"], step["max_diff"]), (None, None))

    def test_custody_counts(self) -> None:
        self.replace(f"{self.block}/level_0_kernel/silu_fp32.py", ("F.silu(x)", "F.silu(x, inplace=False)"))
        summary = self.run_steps()
        self.assertEqual(summary["status"], "FAIL")
        self.assertIn("custody-copy-differs", [f["rule"] for f in summary["findings"]])

    def test_output_elsewhere_leaves_the_workspace_alone(self) -> None:
        (self.root / SUMMARY).parent.mkdir(exist_ok=True)
        (self.root / SUMMARY).write_text("an older one")
        before = self.files()
        self.assertEqual(self.report("run-steps", self.block, "--num-trials", "1", "--output", "summary.json")["exit"], 0)
        self.assertEqual(self.read_json("summary.json")["passed"], 2)
        (self.root / "summary.json").unlink()
        self.assertEqual(self.files(), before)

    def test_a_killed_run_leaves_no_part_of_a_file(self) -> None:
        (self.root / SUMMARY).parent.mkdir(exist_ok=True)
        (self.root / SUMMARY).write_text("an older one")
        before = self.files()
        process = subprocess.Popen([DECOMP, "run-steps", self.block], cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1.0)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL, "it was done before it could be killed")
        self.assertEqual(self.files(), before)

    def test_what_is_no_decomposition(self) -> None:
        shutil.copytree(self.root / self.block, self.root / "examples/decomposed/second")
        (self.root / "empty").mkdir()
        for folder, code, message in (
            ("examples/decomposed", 2, "several decompositions"),
            (STEP_2, 2, "lies in no folder `steps`"),
            ("nowhere", 2, "does not exist"),
            ("empty", 4, "no step below empty"),
        ):
            done = self.run_decomp("run-steps", folder)
            self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
