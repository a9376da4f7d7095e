"""Custody of a decomposition: one thing is tampered with per test, and exactly the file that was must be named.

Usage: test_custody.py DECOMP
"""

import ast
import json
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from decomposition_copy import DecompositionCopy

DECOMP = str(Path(sys.argv.pop()).resolve())
BLOCK = "examples/decomposed/mlp_block"
STEP_1 = f"{BLOCK}/steps/step_1_mlp_block_to_fusions"
STEP_2 = f"{BLOCK}/steps/step_2_swiglu_to_kernels"
# The rules of the chain of steps; others judge what a tampered step does.
RULES = {
    "custody-original-unknown", "custody-parent-not-accepted", "custody-not-decided", "custody-component-without-step",
    "custody-component-with-two-steps", "custody-copy-differs", "custody-child-not-in-levels",
    "custody-kernel-without-parent", "custody-source-not-found", "custody-source-inside",
}  # fmt: skip


class Workspace(DecompositionCopy):
    decomp = DECOMP

    def custody(self, report: dict) -> list[tuple[str, str]]:
        return sorted((f["rule"], f["file"]) for f in self.findings(report) if f["rule"] in RULES)

    def assert_pass(self, report: dict, *custody: tuple[str, str]) -> None:
        self.assertEqual(self.custody(report), sorted(custody))
        self.assertEqual((report["status"], report["exit"]), ("PASS", 0), json.dumps(report, indent=1)[:4000])

    def assert_fail(self, report: dict, *custody: tuple[str, str]) -> None:
        self.assertEqual(self.custody(report), sorted(custody))
        self.assertEqual((report["status"], report["exit"]), ("FAIL", 1))


class Silent(Workspace):
    """Changes that custody must not see."""

    def test_the_example_as_it_is(self) -> None:
        self.assert_pass(self.check())

    def test_layout_and_imports(self) -> None:
        self.replace(
            f"{STEP_2}/original.py",
            ('    """down(silu(gate(x)) * up(x)), without biases."""\n', ""),
            ("import torch.nn as nn\nimport torch.nn.functional as F\n", "from torch import nn\nfrom torch.nn import functional as fn\n"),
            ("F.silu(", "fn.silu("),
            ("def forward(self, x):", "def forward(self, x: torch.Tensor) -> torch.Tensor:  # the gate first"),
            ("    return [512, 1376]", "    return [\n        512,\n        1376,\n    ]"),
        )
        text = (self.root / STEP_2 / "original.py").read_text()
        (self.root / STEP_2 / "original.py").write_text(text[: text.index("def get_expected_output_shape")])
        self.replace(f"{BLOCK}/level_0_kernel/silu_fp32.py", ("import torch\n", "import math\n\nimport torch\n"))
        self.assert_pass(self.check())

    def test_every_file_written_anew(self) -> None:
        # Python's own printer keeps nothing of the layout, and no comment.
        files = sorted((self.root / "examples").rglob("*.py"))
        self.assertGreater(len(files), 10)
        for file in files:
            file.write_text(ast.unparse(ast.parse(file.read_text())))
        self.replace(f"{BLOCK}/level_1_fusion/swiglu.py", ("import torch", "# Another header.\nimport torch"))
        self.assert_pass(self.check())

    def test_a_step_alone_has_its_original_as_source(self) -> None:
        self.replace([f"{STEP_1}/original.py", f"{STEP_1}/refactored.py"], ("1e-6", "1e-5"))
        report = self.check(STEP_1)
        self.assertEqual(self.custody(report), [])

    def test_a_step_named_twice_is_one_step(self) -> None:
        self.assert_pass(self.check(BLOCK, f"{BLOCK}/steps"))

    def test_the_steps_folder_stands_for_the_decomposition(self) -> None:
        (self.root / BLOCK / "level_1_fusion/swiglu.py").unlink()
        report = self.check(f"{BLOCK}/steps")
        self.assert_fail(report, ("custody-child-not-in-levels", f"{STEP_1}/children/swiglu.py"))


class Originals(Workspace):
    def test_source_changed(self) -> None:
        self.replace("examples/mlp_block.py", ("1e-6", "1e-5"))
        report = self.check()
        self.assert_fail(
            report,
            ("custody-original-unknown", f"{STEP_1}/original.py"),
            ("custody-parent-not-accepted", f"{STEP_2}/original.py"),
        )
        self.assertEqual([step["status"] for step in report["steps"]], ["FAIL", "FAIL"])
        message = self.finding(report, "custody-original-unknown")["message"]
        self.assertIn("examples/mlp_block.py", message)
        self.assertRegex(message, r"get_init_inputs\(\): it has `1e-06` \(line \d+\) where that file has `1e-05` \(line \d+\)")

    def test_constant_changed_in_an_original(self) -> None:
        self.replace(f"{STEP_2}/original.py", ("gate * self.up_proj(x)", "gate * self.up_proj(x) * 1.0"))
        report = self.check()
        self.assertEqual(
            self.custody(report),
            [
                ("custody-component-without-step", f"{BLOCK}/level_1_fusion/swiglu.py"),
                ("custody-original-unknown", f"{STEP_2}/original.py"),
            ],
        )
        finding = self.finding(report, "custody-original-unknown")
        self.assertIn(f"{STEP_1}/children/swiglu.py", finding["message"])
        line = (self.root / STEP_2 / "original.py").read_text().splitlines()[finding["line"] - 1]
        self.assertIn("* 1.0", line)

    def test_smaller_inputs(self) -> None:
        self.replace(
            [f"{STEP_2}/{name}" for name in ("original.py", "refactored.py")], ("torch.randn(4, 128, 512)", "torch.randn(1, 8, 512)")
        )
        report = self.check()
        self.assert_fail(
            report,
            ("custody-component-without-step", f"{BLOCK}/level_1_fusion/swiglu.py"),
            ("custody-original-unknown", f"{STEP_2}/original.py"),
        )
        self.assertIn("get_inputs()", self.finding(report, "custody-original-unknown")["message"])

    def test_smaller_dimensions(self) -> None:
        self.replace([f"{STEP_2}/{name}" for name in ("original.py", "refactored.py")], ("[512, 1376]", "[512, 64]"))
        report = self.check()
        self.assert_fail(
            report,
            ("custody-component-without-step", f"{BLOCK}/level_1_fusion/swiglu.py"),
            ("custody-original-unknown", f"{STEP_2}/original.py"),
        )
        self.assertIn("it has `64`", self.finding(report, "custody-original-unknown")["message"])
        changed = self.finding(report, "dimension-changed")
        self.assertEqual(changed["file"], f"{STEP_2}/original.py")
        self.assertRegex(changed["message"], r"^get_init_inputs\(\) has `64` where \S+/children/swiglu\.py has `1376` \(line \d+\): dimensions are the source's$")

    def test_parent_step_fails(self) -> None:
        self.replace(f"{STEP_1}/refactored.py", ("x + self.mlp", "x - self.mlp"))
        report = self.check()
        self.assert_fail(report, ("custody-parent-not-accepted", f"{STEP_2}/original.py"))
        self.assertIn(f"{STEP_1} (fails)", self.finding(report, "custody-parent-not-accepted")["message"])

    def test_parent_step_cannot_be_parsed(self) -> None:
        self.replace(f"{STEP_1}/refactored.py", ("def forward(self, x):", "def forward(self, x:"))
        self.assert_fail(self.check(), ("custody-parent-not-accepted", f"{STEP_2}/original.py"))


class LevelFolders(Workspace):
    def test_kernel_edited(self) -> None:
        self.replace(f"{BLOCK}/level_0_kernel/silu_fp32.py", ("F.silu(", "F.gelu("))
        report = self.check()
        self.assert_fail(report, ("custody-copy-differs", f"{BLOCK}/level_0_kernel/silu_fp32.py"))
        self.assertIn(f"{STEP_2}/children/silu_fp32.py", self.finding(report, "custody-copy-differs")["message"])
        self.assertEqual([step["status"] for step in report["steps"]], ["PASS", "PASS"])

    def test_fusion_edited(self) -> None:
        self.replace(f"{BLOCK}/level_1_fusion/swiglu.py", ("[512, 1376]", "[512, 64]"))
        self.assert_fail(self.check(), ("custody-copy-differs", f"{BLOCK}/level_1_fusion/swiglu.py"))

    def test_highest_level_file_edited(self) -> None:
        self.replace(f"{BLOCK}/level_2_layer/mlp_block.py", ("1e-6", "1e-5"))
        report = self.check()
        self.assert_fail(report, ("custody-component-without-step", f"{BLOCK}/level_2_layer/mlp_block.py"))
        self.assertIn(f"{STEP_1}/original.py", self.finding(report, "custody-component-without-step")["message"])

    def test_level_file_that_is_no_python(self) -> None:
        (self.root / BLOCK / "level_0_kernel/silu_fp32.py").write_text("class Model(:\n")
        report = self.check()
        self.assertEqual(report["exit"], 1)
        self.assertIn(
            ("syntax-error", f"{BLOCK}/level_0_kernel/silu_fp32.py"), [(f["rule"], f["file"]) for f in report["findings"]]
        )

    def test_children_swapped(self) -> None:
        # Each still does its work, under the other's name.
        children = self.root / STEP_2 / "children"
        one, two = children / "linear_1376x512_nobias_fp32.py", children / "linear_512x1376_nobias_fp32.py"
        texts = one.read_text(), two.read_text()
        one.write_text(texts[1])
        two.write_text(texts[0])
        self.replace(
            f"{STEP_2}/refactored.py",
            ("import Model as DownProjection", "import Model as X"),
            ("import Model as UpProjection", "import Model as DownProjection"),
            ("import Model as X", "import Model as UpProjection"),
        )
        report = self.check()
        # The level folders hold both components, under their true names.
        self.assertEqual(self.custody(report), [])
        self.replace(f"{STEP_2}/children/silu_fp32.py", ("F.silu(x)", "F.silu(x, inplace=False)"))
        report = self.check()
        self.assertEqual(self.custody(report), [("custody-copy-differs", f"{BLOCK}/level_0_kernel/silu_fp32.py")])

    def test_child_missing_from_the_level_folders(self) -> None:
        (self.root / BLOCK / "level_0_kernel/silu_fp32.py").unlink()
        report = self.check()
        self.assert_fail(report, ("custody-child-not-in-levels", f"{STEP_2}/children/silu_fp32.py"))
        self.assertEqual([step["status"] for step in report["steps"]], ["PASS", "FAIL"])

    def test_kernel_that_nothing_uses(self) -> None:
        self.replace(f"{BLOCK}/level_0_kernel/silu_fp32.py")
        shutil.copy(self.root / BLOCK / "level_0_kernel/silu_fp32.py", self.root / BLOCK / "level_0_kernel/gelu_fp32.py")
        self.replace(f"{BLOCK}/level_0_kernel/gelu_fp32.py", ("F.silu(", "F.gelu("))
        self.assert_pass(self.check(), ("custody-kernel-without-parent", f"{BLOCK}/level_0_kernel/gelu_fp32.py"))


class Steps(Workspace):
    def test_step_deleted(self) -> None:
        shutil.rmtree(self.root / STEP_2)
        report = self.check()
        kernels = ("linear_1376x512_nobias_fp32", "linear_512x1376_nobias_fp32", "silu_fp32")
        self.assert_fail(
            report,
            ("custody-component-without-step", f"{BLOCK}/level_1_fusion/swiglu.py"),
            *(("custody-kernel-without-parent", f"{BLOCK}/level_0_kernel/{name}.py") for name in kernels),
        )

    def test_step_twice(self) -> None:
        shutil.copytree(self.root / STEP_2, self.root / f"{BLOCK}/steps/step_3_again")
        report = self.check()
        self.assert_fail(report, ("custody-component-with-two-steps", f"{BLOCK}/level_1_fusion/swiglu.py"))
        self.assertIn("step_3_again", self.finding(report, "custody-component-with-two-steps")["message"])

    def test_steps_in_any_order(self) -> None:
        (self.root / STEP_1).rename(self.root / f"{BLOCK}/steps/step_9_mlp_block")
        self.replace(f"{BLOCK}/decomposition_log.json", ("step_1_mlp_block_to_fusions", "step_9_mlp_block"))
        self.assert_pass(self.check())


class Sources(Workspace):
    def test_not_found(self) -> None:
        (self.root / "examples/mlp_block.py").unlink()
        report = self.check()
        self.assert_pass(report, ("custody-source-not-found", f"{BLOCK}/decomposition_tree.json"))
        self.assertIn(f"{BLOCK}/level_2_layer/mlp_block.py is taken", self.finding(report, "custody-source-not-found")["message"])

    def test_not_found_is_an_error_with_strict(self) -> None:
        (self.root / "examples/mlp_block.py").unlink()
        self.assertEqual(self.check("--strict", BLOCK)["exit"], 1)

    def test_named_on_the_command_line(self) -> None:
        (self.root / "examples/mlp_block.py").rename(self.root / "elsewhere.py")
        self.assert_pass(self.check(BLOCK, "--source", "elsewhere.py"))
        self.replace("elsewhere.py", ("1e-6", "1e-5"))
        report = self.check(BLOCK, "--source", "elsewhere.py")
        self.assertIn(("custody-original-unknown", f"{STEP_1}/original.py"), self.custody(report))

    def test_inside_the_decomposition(self) -> None:
        self.replace(f"{BLOCK}/decomposition_tree.json", ('"examples/mlp_block.py"', '"level_2_layer/mlp_block.py"'))
        self.assert_pass(self.check(), ("custody-source-inside", f"{BLOCK}/decomposition_tree.json"))

    def test_tree_without_source(self) -> None:
        (self.root / BLOCK / "decomposition_tree.json").write_text("[]")
        self.assertEqual(self.custody(self.check()), [("custody-source-not-found", f"{BLOCK}/decomposition_tree.json")])

    def test_neither_source_nor_level_folders(self) -> None:
        (self.root / "examples/mlp_block.py").unlink()
        for level in (self.root / BLOCK).glob("level_*"):
            shutil.rmtree(level)
        report = self.check()
        self.assert_fail(report, ("custody-source-not-found", f"{BLOCK}/decomposition_tree.json"))

    def test_option_that_cannot_be_meant(self) -> None:
        shutil.copytree(self.root / BLOCK, self.root / "examples/decomposed/second")
        for arguments, message in (
            ([BLOCK, "--source", "nowhere.py"], "there is no file nowhere.py"),
            ([STEP_1, "--source", "examples/mlp_block.py"], "a step alone"),
            (["examples/decomposed", "--source", "examples/mlp_block.py"], "check one at a time"),
        ):
            done = subprocess.run([DECOMP, "check", *arguments], cwd=self.root, capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
