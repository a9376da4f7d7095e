"""Levels of components: one thing of an example is changed per test, and exactly that is found.

Usage: test_levels.py DECOMP
"""

import sys
import unittest
from pathlib import Path

from decomposition_copy import DecompositionCopy

DecompositionCopy.decomp = str(Path(sys.argv.pop()).resolve())
STEP_1, STEP_2 = "steps/step_1_mlp_block_to_fusions", "steps/step_2_swiglu_to_kernels"
SWIGLU = f"{STEP_1}/children/swiglu.py"


class Levels(DecompositionCopy):
    def declare(self, name: str, old: str, new: str) -> None:
        for path in (self.root / self.block).rglob(name):
            path.write_text(path.read_text().replace(f"Abstraction Level: {old}", f"Abstraction Level: {new}"))

    def move(self, name: str, old: str, new: str) -> None:
        (self.root / self.block / new).mkdir(exist_ok=True)
        (self.root / self.block / old / name).rename(self.root / self.block / new / name)
        self.replace(f"{self.block}/decomposition_tree.json", (f"{old}/{name}", f"{new}/{name}"))

    def test_the_example_as_it_is(self) -> None:
        self.assert_passes(self.check())

    def test_header_of_another_level(self) -> None:
        self.replace(f"{self.block}/level_0_kernel/silu_fp32.py", ("Abstraction Level: kernel", "Abstraction Level: fusion"))
        report = self.check()
        self.assert_errors(report, ("level-mismatch", "level_0_kernel/silu_fp32.py"))
        self.assertEqual(self.finding(report, "level-mismatch")["message"], "lies in level_0_kernel/, and its header declares a fusion")

    def test_header_of_another_level_in_a_step(self) -> None:
        self.replace(f"{self.block}/{STEP_2}/children/silu_fp32.py", ("Abstraction Level: kernel", "Abstraction Level: layer"))
        report = self.check()
        self.assert_errors(report, ("level-mismatch", f"{STEP_2}/children/silu_fp32.py"))
        self.assertEqual(self.finding(report, "level-mismatch")["message"],
                         f"is {self.block}/level_0_kernel/silu_fp32.py, and its header declares a layer")  # fmt: skip

    def test_no_header(self) -> None:
        self.replace(f"{self.block}/level_0_kernel/silu_fp32.py", ("Abstraction Level: kernel\n", ""))
        report = self.check()
        self.assert_passes(report)
        self.assertEqual(self.finding(report, "level-undeclared")["severity"], "note")

    def test_child_of_its_parents_level(self) -> None:
        self.declare("swiglu.py", "fusion", "layer")
        self.declare("original.py", "fusion", "layer")
        self.move("swiglu.py", "level_1_fusion", "level_2_layer")
        report = self.check()
        self.assertIn(("level-order", SWIGLU), self.errors(report))
        self.assertEqual(self.finding(report, "level-order")["message"],
                         f"is a layer, as its parent {self.block}/level_2_layer/mlp_block.py is: a child's level is below its parent's")  # fmt: skip

    def test_step_alone_goes_by_its_headers(self) -> None:
        self.replace(f"{self.block}/{SWIGLU}", ("Abstraction Level: fusion", "Abstraction Level: model"))
        report = self.check(f"{self.block}/{STEP_1}")
        self.assert_errors(report, ("level-order", SWIGLU))
        self.assertIn("is a model, above its parent", self.finding(report, "level-order")["message"])

    def test_fusion_of_one_operation(self) -> None:
        self.declare("silu_fp32.py", "kernel", "fusion")
        report = self.check(f"{self.block}/{STEP_2}")
        self.assertEqual(self.errors(report), [("level-order", f"{STEP_2}/children/silu_fp32.py"), ("level-single", f"{STEP_2}/children/silu_fp32.py")])
        self.assertEqual(self.finding(report, "level-single")["message"], "is declared a fusion but runs one operation, silu: it is a kernel")

    def test_kernel_of_several_operations(self) -> None:
        self.declare("swiglu.py", "fusion", "kernel")
        report = self.check(f"{self.block}/{STEP_1}")
        self.assertIn(("level-kernel", SWIGLU), self.errors(report))


if __name__ == "__main__":
    unittest.main()
