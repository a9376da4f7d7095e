"""Names and duplicates of kernels: one thing of an example is changed per test, and exactly that is found.

Usage: test_names.py DECOMP
"""

import shutil
import sys
import unittest
from pathlib import Path

from decomposition_copy import DecompositionCopy

DecompositionCopy.decomp = str(Path(sys.argv.pop()).resolve())
UP, DOWN = "linear_512x1376_nobias_fp32", "linear_1376x512_nobias_fp32"
STEP_1, STEP_2 = "steps/step_1_mlp_block_to_fusions", "steps/step_2_swiglu_to_kernels"


class Names(DecompositionCopy):
    def renamed(self, old: str, new: str) -> dict:
        self.rename_kernel(old, new)
        return self.check()

    def assert_name_error(self, old: str, new: str, rule: str, message: str, better: str, step: str = STEP_2) -> None:
        report = self.renamed(old, new)
        self.assert_errors(report, (rule, f"{step}/children/{new}.py"))
        finding = self.finding(report, rule)
        self.assertIn(message, finding["message"])
        self.assertIn(f"Call it {better}.py", finding["help"])

    def test_the_example_as_it_is(self) -> None:
        self.assert_passes(self.check())

    def test_free_words_and_more_than_must_be_said(self) -> None:
        self.rename_kernel(UP, "gate_and_up_projection_512x1376_nobias_fp32")
        self.rename_kernel("silu_fp32", "silu_4x128x1376_fp32")
        self.rename_kernel("rms_norm_512_fp32", "rms_norm_512_float32")
        self.assert_passes(self.check())

    def test_dimensions_of_another_weight(self) -> None:
        self.assert_name_error(UP, "linear_512x1024_nobias_fp32", "name-untrue",
                               "is named after 512x1024 but has 512x1376 (features in and out)", UP)  # fmt: skip

    def test_dimensions_the_wrong_way_round(self) -> None:
        self.rename_kernel(DOWN, "linear_down_512x1376_fp32")  # free words: any order
        self.assert_passes(self.check())
        self.rename_kernel("linear_down_512x1376_fp32", "linear_512x1376_bias_fp32")
        report = self.check()
        self.assert_errors(report, ("name-untrue", f"{STEP_2}/children/linear_512x1376_bias_fp32.py"))
        self.assertIn("has 1376x512", self.finding(report, "name-untrue")["message"])

    def test_dimension_that_is_nowhere(self) -> None:
        self.assert_name_error("silu_fp32", "silu_1x50x720_fp32", "name-untrue", "is named after 1x50x720", "silu_fp32")

    def test_other_operation(self) -> None:
        self.assert_name_error("silu_fp32", "gelu_fp32", "name-untrue", "is named `gelu` but runs silu", "silu_fp32")

    def test_other_dtype(self) -> None:
        self.assert_name_error("silu_fp32", "silu_bf16", "name-untrue", "bfloat16 but works on float32", "silu_fp32")

    def test_no_dtype(self) -> None:
        self.assert_name_error("silu_fp32", "silu", "name-generic", "says no dtype; it works on float32", "silu_fp32")

    def test_no_dimension(self) -> None:
        self.assert_name_error("rms_norm_512_fp32", "rms_norm_fp32", "name-generic",
                               "says no dimension of its parameters: it has weight [512]", "rms_norm_512_fp32", STEP_1)  # fmt: skip

    def test_number_behind_the_name(self) -> None:
        self.assert_name_error("silu_fp32", "silu_fp32_2", "name-suffix", "ends in `_2`", "silu_fp32")

    def test_one_file_for_two_workloads(self) -> None:
        self.replace(f"{self.block}/{STEP_2}/refactored.py", (f"{DOWN} import Model as DownProjection", f"{UP} import Model as DownProjection"))
        for folder in ("level_0_kernel", f"{STEP_2}/children"):
            (self.root / self.block / folder / f"{DOWN}.py").unlink()
        report = self.check()
        self.assertIn(("name-two-workloads", f"{STEP_2}/children/{UP}.py"), self.errors(report))
        finding = self.finding(report, "name-two-workloads")
        self.assertIn("as `gate_proj` and as `down_proj`", finding["message"])
        self.assertIn(f"{UP}.py and {DOWN}.py", finding["help"])

    def copy_of_up(self, new: str) -> None:
        for folder in ("level_0_kernel", f"{STEP_2}/children"):
            shutil.copy(self.root / self.block / folder / f"{UP}.py", self.root / self.block / folder / f"{new}.py")
        self.replace(f"{self.block}/{STEP_2}/refactored.py",
                     ("from children.silu", f"from children.{new} import Model as Gate\nfrom children.silu"),
                     ("self.gate_proj = UpProjection", "self.gate_proj = Gate"))  # fmt: skip
        self.replace(f"{self.block}/decomposition_tree.json", ('"unique_kernels": 4', '"unique_kernels": 5'), ('"instance_count": 2', '"instance_count": 1'))
        tree = self.root / self.block / "decomposition_tree.json"
        tree.write_text(tree.read_text().replace(f"{UP}.py", f"{new}.py", 1))

    def test_two_files_for_one_workload(self) -> None:
        new = "gate_projection_512x1376_fp32"
        self.copy_of_up(new)
        report = self.check()
        self.assert_errors(report, ("name-duplicate", f"{STEP_2}/children/{new}.py"), ("composition-kernel-unused", f"level_0_kernel/{new}.py"))
        finding = self.finding(report, "name-duplicate")
        self.assertIn(f"does the same work as {UP}.py", finding["message"])

    def test_two_files_for_one_workload_in_other_words(self) -> None:
        new = "gate_projection_512x1376_fp32"
        self.copy_of_up(new)
        for folder in ("level_0_kernel", f"{STEP_2}/children"):
            self.replace(f"{self.block}/{folder}/{new}.py", ("self.linear", "self.projection"), ("(self, x)", "(self, rows)"), ("(x)", "(rows)"))
        (self.root / self.block / STEP_2 / "weight_map.json").write_text('{"gate_proj.weight": "gate_proj.projection.weight"}')
        self.assert_errors(self.check(), ("name-duplicate", f"{STEP_2}/children/{new}.py"), ("composition-kernel-unused", f"level_0_kernel/{new}.py"))

    def test_a_step_alone(self) -> None:
        self.rename_kernel("silu_fp32", "silu")
        report = self.check(f"{self.block}/{STEP_2}")
        self.assert_errors(report, ("name-generic", f"{STEP_2}/children/silu.py"))


class ShapesOfInputs(DecompositionCopy):
    name = "attention_block"

    def test_the_example_as_it_is(self) -> None:
        self.assert_passes(self.check())

    def test_matrix_product_named_after_another(self) -> None:
        old = "matmul_4x6x64x32_4x6x32x64_fp32"
        self.rename_kernel(old, "matmul_4x6x64x32_4x6x64x64x2_fp32")
        report = self.check()
        self.assertEqual([rule for rule, _ in self.errors(report)], ["name-untrue"])
        self.assertIn(f"Call it {old}.py", self.finding(report, "name-untrue")["help"])

    def test_attribute_of_a_known_operation(self) -> None:
        self.rename_kernel("softmax_dimlast_fp32", "softmax_dim1_fp32")
        report = self.check()
        self.assertEqual([rule for rule, _ in self.errors(report)], ["name-untrue"])
        finding = self.finding(report, "name-untrue")
        self.assertIn("is named after dimension `dim1` but runs softmax over dim -1 of [4, 6, 64, 64]", finding["message"])
        self.assertIn("Call it softmax_dimlast_fp32.py", finding["help"])


if __name__ == "__main__":
    unittest.main()
