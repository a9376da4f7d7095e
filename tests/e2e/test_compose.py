"""decomp compose: the model of kernels only, built from the steps, proved, and runnable by plain Python.

Usage: test_compose.py DECOMP
"""

import ast
import subprocess
import sys
import unittest
from pathlib import Path

from decomposition_copy import DecompositionCopy

DECOMP = str(Path(sys.argv.pop()).resolve())


class Compose(DecompositionCopy):
    decomp = DECOMP

    def setUp(self) -> None:
        super().setUp()
        self.test = self.root / self.block / "verification/composition_test.py"

    def compose(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.decomp, "compose", "--num-trials", "1", self.block, *arguments], cwd=self.root, text=True,
                              capture_output=True, timeout=120)  # fmt: skip

    def test_a_file_that_lies_there_is_kept(self) -> None:
        before = self.test.read_text()
        done = self.compose()
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("--force", done.stderr)
        self.assertEqual(self.test.read_text(), before)

    def test_written_checked_and_run_alone(self) -> None:
        self.test.unlink()
        report = self.check()
        self.assert_errors(report, ("composition-missing", "verification/composition_test.py"))
        done = self.compose()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = self.test.read_text()
        imported = {node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
        kernels = {path.stem for path in (self.root / self.block / "level_0_kernel").glob("*.py")}
        self.assertEqual(imported - {"pathlib"}, kernels)
        self.assertIn('"""down(silu(gate(x)) * up(x)), without biases."""', text)  # of the step's class
        report = self.check()
        self.assert_passes(report)
        self.assertEqual([c["grade"] for c in report["compositions"]], ["bit_exact"])
        self.assertEqual({w["how"] for w in report["compositions"][0]["weights"]}, {"explicit"})
        alone = subprocess.run([sys.executable, str(self.test)], cwd="/", text=True, capture_output=True, timeout=120)
        self.assertEqual((alone.returncode, alone.stdout.splitlines()[-1:]), (0, ["PASS"]), alone.stdout + alone.stderr)
        # What runs alone can fail, too.
        self.test.write_text(text.replace("return x + self.mlp(", "return self.mlp("))
        alone = subprocess.run([sys.executable, str(self.test)], cwd="/", text=True, capture_output=True, timeout=120)
        self.assertEqual(alone.returncode, 1, alone.stdout + alone.stderr)

    def test_to_another_place(self) -> None:
        before = self.test.read_text()
        done = self.compose("-o", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("class ComposedModel(nn.Module):", done.stdout)
        ast.parse(done.stdout)
        self.assertEqual(self.test.read_text(), before)

    def test_nothing_is_written_where_a_step_cannot_be_used(self) -> None:
        self.test.unlink()
        step = f"{self.block}/steps/step_2_swiglu_to_kernels"
        self.replace(f"{step}/refactored.py", ("self.silu(self.gate_proj(x))", "torch.relu(self.gate_proj(x))"))
        done = self.compose()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("grammar-compute-op", done.stdout)
        self.assertIn("composition-incomplete", done.stdout)
        self.assertFalse(self.test.exists())

    def test_a_component_without_a_step(self) -> None:
        self.test.unlink()
        for path in (self.root / self.block / "steps/step_2_swiglu_to_kernels").rglob("*.py"):
            path.unlink()
        (self.root / self.block / "steps/step_2_swiglu_to_kernels/children").rmdir()
        (self.root / self.block / "steps/step_2_swiglu_to_kernels").rmdir()
        done = self.compose()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("swiglu.py: error [composition-incomplete] no step takes this component apart", done.stdout)


class Names(DecompositionCopy):
    """Names of several files in one text."""

    decomp = DECOMP
    name = "attention_block"

    def test_names_that_two_files_use_for_different_things(self) -> None:
        step_1 = f"{self.block}/steps/step_1_attention_block_to_fusions/refactored.py"
        step_2 = f"{self.block}/steps/step_2_self_attention_to_kernels/refactored.py"
        # One alias for two kernels, one helper twice with different code, a constant in an f-string, another import of nn.
        self.replace(step_1, ("Model as LayerNorm", "Model as Part"), ("LayerNorm(", "Part("), ("class RefactoredModel(", 'KIND = "sum"\n\n\ndef joined(a, b):\n    assert a.shape == b.shape, f"{KIND}: {a.shape}"\n    return a + b\n\n\nclass RefactoredModel('),
                     ("x + self.attention(x, padding_mask)", "joined(x, self.attention(x, padding_mask))"))  # fmt: skip
        self.replace(step_2, ("Model as Softmax", "Model as Part"), ("Softmax(", "Part("), ("import torch.nn as nn", "from torch import nn"),
                     ("class RefactoredModel(", 'KIND = "merge"\n\n\n# Heads side by side.\ndef joined(x):\n    assert x.dim() == 4, f"{KIND} {{KIND}}"\n    return x.transpose(1, 2)\n\n\nclass RefactoredModel('),
                     ("mixed.transpose(1, 2)", "joined(mixed)"))  # fmt: skip
        done = subprocess.run([self.decomp, "compose", "--num-trials", "1", self.block, "--force"], cwd=self.root, text=True, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = (self.root / self.block / "verification/composition_test.py").read_text()
        self.assertIn("# Heads side by side.\ndef joined(x):", text)
        self.assertIn('f"{KIND} {{KIND}}"', text)
        self.assertIn("def joined_2(a, b):", text)
        self.assertIn('f"{KIND_2}: {a.shape}"', text)
        self.assertIn("LayerNorm192Fp32(", text)
        self.assertIn("SoftmaxDimlastFp32(", text)
        self.assert_passes(self.check())


if __name__ == "__main__":
    unittest.main()
