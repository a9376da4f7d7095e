"""decomp extract-ops: exactly 100 % for the examples; one operation out of its place per test, and exactly that one is named.

Usage: test_extract_ops.py DECOMP
"""

import shutil
import sys
import unittest
from pathlib import Path

import workspace

DECOMP = str(Path(sys.argv.pop()).resolve())
BLOCK = "examples/decomposed/mlp_block"
MODEL = "examples/mlp_block.py"
STEP_1 = f"{BLOCK}/steps/step_1_mlp_block_to_fusions"
STEP_2 = f"{BLOCK}/steps/step_2_swiglu_to_kernels"


class Extraction(workspace.Workspace):
    decomp = DECOMP

    def extract(self, *arguments: str, exit_code: int = 0) -> dict:
        """The written report; a report that exists is what was printed."""
        arguments = arguments or ("--model", f"examples/{self.example}.py", "--decomp-dir", self.block)
        printed = self.report("extract-ops", *arguments, "--output", "coverage.json")
        self.findings = [(f["rule"], f["severity"], f["file"], f["line"]) for f in printed["findings"]]
        self.assertEqual(printed["exit"], exit_code, printed["findings"])
        written = self.read_json("coverage.json")
        self.assertEqual(written["coverage"], printed["coverage"][0]["coverage"])
        self.assertEqual(written["findings"], printed["findings"])
        return written

    def counts(self, report: dict) -> dict[str, tuple[int, int, str]]:
        return {d["op_type"]: (d["original_count"], d["decomposed_count"], d["status"]) for d in report["coverage"]["op_details"]}

    def line_of(self, file: str, text: str) -> int:
        lines = (self.root / file).read_text().splitlines()
        return next(i for i, line in enumerate(lines, start=1) if text in line)


class Examples(Extraction):
    """Honest, deduplicated decompositions reach exactly 100 %, every instance counted as it runs."""

    def full(self, example: str, operations: dict[str, int]) -> dict:
        self.example = example
        self.setUp()
        before = self.files()
        report = self.extract()
        self.assertEqual(self.findings, [])
        self.assertEqual((report["status"], report["instances"]), ("FULL_COVERAGE", "recorded"))
        coverage = report["coverage"]
        total = sum(operations.values())
        self.assertEqual(coverage["coverage_pct"], 100.0)
        self.assertEqual((coverage["total_original_ops"], coverage["total_decomposed_ops"], coverage["covered_op_count"]), (total,) * 3)
        self.assertEqual((coverage["missing_op_types"], coverage["extra_op_types"]), ([], []))
        self.assertEqual(self.counts(report), {name: (count, count, "covered") for name, count in operations.items()})
        after = self.files()
        del after["coverage.json"]
        self.assertEqual(after, before)  # nothing but the named file was written
        return report

    def test_mlp_block(self) -> None:
        report = self.full("mlp_block", {"linear": 3, "mean": 1, "rsqrt": 1, "silu": 1})
        self.assertEqual(
            {Path(k["file"]).stem: k["instance_count"] for k in report["kernels"]},
            {"linear_1376x512_nobias_fp32": 1, "linear_512x1376_nobias_fp32": 2, "rms_norm_512_fp32": 1, "silu_fp32": 1},
        )

    def test_attention_block(self) -> None:
        self.full("attention_block", {"layer_norm": 1, "linear": 2, "matmul": 2, "softmax": 1})

    def test_simple_transformer(self) -> None:
        report = self.full("simple_transformer", {"embedding": 2, "gelu": 4, "layer_norm": 9, "linear": 25, "matmul": 8, "softmax": 4})
        # The tree says the same instance counts; they were recorded here.
        tree = self.read_json(f"{self.block}/decomposition_tree.json")
        declared = {n["path"]: n["instance_count"] for n in tree["nodes"].values() if n["level"] == "kernel"}
        self.assertEqual({k["file"].removeprefix(f"{self.block}/"): k["instance_count"] for k in report["kernels"]}, declared)


class Tiers(Extraction):
    def tiers(self, report: dict) -> dict[str, dict]:
        self.assertEqual([t["method"] for t in report["extraction"]],
                         ["torch.fx.symbolic_trace", "torch.compile", "forward_hooks", "native_tape"])
        return {t["method"]: t for t in report["extraction"]}

    def test_each_tier_says_what_it_saw(self) -> None:
        report = self.extract()
        tiers = self.tiers(report)
        self.assertEqual({t["status"] for t in tiers.values()}, {"OK"})
        self.assertEqual(report["extraction_method"], "torch.fx.symbolic_trace")
        self.assertEqual(tiers["torch.fx.symbolic_trace"]["calls"]["silu"], 1)
        self.assertEqual(tiers["torch.fx.symbolic_trace"]["calls"]["Linear"], 3)
        self.assertEqual((tiers["torch.compile"]["calls"]["linear"], tiers["torch.compile"]["graphs"]), (3, 1))
        self.assertEqual(tiers["forward_hooks"]["calls"], {"Linear": 3, "RMSNorm": 1})
        self.assertEqual(tiers["native_tape"]["calls"], {"linear": 3, "mean": 1, "rsqrt": 1, "silu": 1})

    def test_a_tier_that_fails_says_why_and_the_next_one_counts(self) -> None:
        self.example = "simple_transformer"
        self.setUp()
        report = self.extract()
        tiers = self.tiers(report)
        self.assertEqual(tiers["torch.fx.symbolic_trace"]["status"], "FAILED")
        self.assertIn("TypeError: slice indices", tiers["torch.fx.symbolic_trace"]["reason"])
        self.assertEqual((tiers["torch.compile"]["status"], tiers["torch.compile"]["calls"]["linear"]), ("OK", 25))
        self.assertEqual(report["extraction_method"], "torch.compile")


class Gaps(Extraction):
    def test_a_kernel_file_that_is_not_there(self) -> None:
        (self.root / f"{BLOCK}/level_0_kernel/silu_fp32.py").unlink()
        report = self.extract(exit_code=1)
        self.assertEqual(report["status"], "PARTIAL_COVERAGE")
        self.assertEqual(self.counts(report)["silu"], (1, 0, "missing"))
        self.assertEqual(report["coverage"]["missing_op_types"], ["silu"])
        self.assertAlmostEqual(report["coverage"]["coverage_pct"], 100 * 5 / 6)
        line = self.line_of(MODEL, "F.silu(")
        self.assertEqual(self.findings, [("coverage-missing", "error", MODEL, line)])
        self.assertEqual([(g["op_type"], g["count"], g["file"], g["line"]) for g in report["missing_ops"]], [("silu", 1, MODEL, line)])

    def test_one_of_two_uses_of_a_kernel(self) -> None:
        # The up projection through another file than the kernel: that linear is not covered, the gate's is.
        self.replace(f"{STEP_2}/refactored.py", ("self.up_proj = UpProjection(", "self.up_proj = Other("),
                     ("from children.silu_fp32", "from children.other import Model as Other\nfrom children.silu_fp32"))
        linear = (self.root / f"{STEP_2}/children/linear_512x1376_nobias_fp32.py").read_text()
        (self.root / f"{STEP_2}/children/other.py").write_text(linear.replace("self.linear(x)", "self.linear(x) * 1.0"))
        report = self.extract(exit_code=1)
        self.assertEqual(self.counts(report)["linear"], (3, 2, "partial"))
        self.assertEqual(self.findings, [("coverage-missing", "error", MODEL, self.line_of(MODEL, "self.up_proj(x)"))])

    def test_a_component_without_a_step(self) -> None:
        shutil.rmtree(self.root / STEP_2)
        report = self.extract(exit_code=1)
        self.assertEqual(report["coverage"]["missing_op_types"], ["linear", "silu"])
        self.assertEqual(self.counts(report)["linear"], (3, 0, "missing"))
        self.assertEqual({k["file"].split("/")[-1]: k["instance_count"] for k in report["kernels"]}["silu_fp32.py"], 0)

    def test_an_operation_that_the_original_does_not_have(self) -> None:
        files = [f"{BLOCK}/level_0_kernel/silu_fp32.py", f"{STEP_2}/children/silu_fp32.py"]
        self.replace(files, ("return F.silu(x)", "return F.silu(x) + 0 * torch.sigmoid(x).sum()"))
        report = self.extract(exit_code=1)
        self.assertEqual(report["coverage"]["extra_op_types"], ["sigmoid", "sum"])
        self.assertEqual(report["coverage"]["coverage_pct"], 100.0)
        self.assertEqual(report["status"], "PARTIAL_COVERAGE")
        line = self.line_of(files[1], "torch.sigmoid(x)")
        self.assertEqual(self.findings, [("coverage-extra", "error", files[1], line)] * 2)

    def test_compute_in_the_parent_is_not_covered(self) -> None:
        self.replace(f"{STEP_2}/refactored.py", ("self.silu(self.gate_proj(x))", "torch.nn.functional.silu(self.gate_proj(x))"))
        report = self.extract(exit_code=1)
        self.assertEqual(report["coverage"]["missing_op_types"], ["silu"])

    def test_the_tree_is_never_believed(self) -> None:
        self.replace(f"{BLOCK}/decomposition_tree.json", ('"instance_count": 2', '"instance_count": 200'))
        report = self.extract()
        self.assertEqual(self.counts(report)["linear"], (3, 3, "covered"))

    def test_an_equivalent_form(self) -> None:
        # silu written out in the kernel: declared to be the same operation.
        files = [f"{BLOCK}/level_0_kernel/silu_fp32.py", f"{STEP_2}/children/silu_fp32.py"]
        self.replace(files, ("return F.silu(x)", "return x * torch.sigmoid(x)"))
        report = self.extract()
        self.assertEqual((report["status"], report["coverage"]["coverage_pct"]), ("FULL_COVERAGE", 100.0))
        self.assertEqual((self.counts(report)["silu"], self.counts(report)["sigmoid"]), ((1, 0, "covered"), (0, 1, "equivalent")))
        self.assertEqual(report["equivalences"], ["SiLU as x * sigmoid(x)"])


class OtherSources(Extraction):
    def test_children_of_one_step(self) -> None:
        children = sorted(str(f.relative_to(self.root)) for f in (self.root / STEP_1 / "children").glob("*.py"))
        report = self.extract("--model", MODEL, "--children", *children)
        self.assertEqual((report["status"], report["instances"]), ("FULL_COVERAGE", "recorded"))
        # A child need not be a kernel here.
        self.assertEqual({Path(k["file"]).stem: k["instance_count"] for k in report["kernels"]}, {"rms_norm_512_fp32": 1, "swiglu": 1})
        report = self.extract("--model", MODEL, "--children", children[0], exit_code=1)
        self.assertEqual(report["coverage"]["missing_op_types"], ["linear", "silu"])

    def test_kernels_without_steps(self) -> None:
        shutil.rmtree(self.root / BLOCK / "steps")
        report = self.extract()
        self.assertEqual([f[:2] for f in self.findings], [("coverage-not-recorded", "warning")])
        self.assertEqual((report["status"], report["instances"]), ("FULL_COVERAGE", "by workload"))
        self.assertEqual(self.counts(report)["linear"], (3, 3, "covered"))
        (self.root / f"{BLOCK}/level_0_kernel/silu_fp32.py").unlink()
        report = self.extract(exit_code=1)
        self.assertEqual(report["missing_ops"][0]["line"], self.line_of(MODEL, "F.silu("))

    def test_a_model_that_is_a_kernel_itself(self) -> None:
        kernel = f"{BLOCK}/level_0_kernel/silu_fp32.py"
        shutil.copy(self.root / kernel, self.root / "model.py")
        for file in (self.root / BLOCK / "level_0_kernel").glob("*.py"):
            if file.name != "silu_fp32.py":
                file.unlink()
        report = self.extract("--model", "model.py", "--decomp-dir", BLOCK)
        self.assertEqual((self.findings, report["coverage"]["total_original_ops"], report["status"]), ([], 1, "FULL_COVERAGE"))

    def test_another_model_is_told_so(self) -> None:
        self.replace(MODEL, ("1e-6", "1e-5"))
        self.extract()
        self.assertEqual([f[:2] for f in self.findings], [("coverage-not-recorded", "warning")])

    def test_a_model_that_does_not_run(self) -> None:
        self.replace(MODEL, ("def forward(self, x):\n", "def forward(self, x):\n        raise ValueError('no')\n"))
        report = self.report("extract-ops", "--model", MODEL, "--decomp-dir", BLOCK, "--output", "coverage.json")
        self.assertEqual(report["exit"], 1)
        self.assertIn("run-exception", [f["rule"] for f in report["findings"]])
        self.assertFalse((self.root / "coverage.json").exists())

    def test_what_cannot_be_meant(self) -> None:
        (self.root / "empty").mkdir()
        child_1 = next((self.root / STEP_1 / "children").glob("*.py"))
        child_2 = next((self.root / STEP_2 / "children").glob("*.py"))
        for arguments, code, message in (
            ([], 2, "--model"),
            (["--model", MODEL], 2, "--decomp-dir DIR"),
            (["--model", MODEL, "--decomp-dir", BLOCK, "--children", str(child_1)], 2, "give either"),
            (["--model", "nowhere.py", "--decomp-dir", BLOCK], 2, "there is no file nowhere.py"),
            (["--model", MODEL, "--decomp-dir", "nowhere"], 2, "is no folder"),
            (["--model", MODEL, "--decomp-dir", "empty"], 4, "no kernel in level_0_kernel/"),
            (["--model", MODEL, "--children", str(child_1), str(child_2)], 2, "different folders"),
            (["--model", MODEL, "--decomp-dir", BLOCK, "--output", "no/such/folder.json"], 2, "there is no folder no/such"),
        ):
            done = self.run_decomp("extract-ops", *arguments)
            self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
