"""check --fix: a copy of an example with bad names of kernels and two files for one workload becomes sound, and nothing is lost.

Usage: test_fix.py DECOMP
"""

import json
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from decomposition_copy import DecompositionCopy

DecompositionCopy.decomp = str(Path(sys.argv.pop()).resolve())
STEP_2 = "steps/step_2_swiglu_to_kernels"
UP, GATE = "linear_512x1376_nobias_fp32", "gate_projection_512x1376_fp32"


class Fix(DecompositionCopy):
    def files(self) -> dict[str, bytes]:
        root = self.root / self.block
        return {str(f.relative_to(root)): f.read_bytes() for f in sorted(root.rglob("*")) if f.is_file()}

    def fix(self) -> subprocess.CompletedProcess:
        command = [self.decomp, "check", "--fix", "--format", "json", "--num-trials", "1", self.block]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=300)

    def second_file_for_the_gate(self, *changes: tuple[str, str]) -> None:
        """The gate projection gets a file of its own, in other words than the up projection's."""
        for folder in ("level_0_kernel", f"{STEP_2}/children"):
            shutil.copy(self.root / self.block / folder / f"{UP}.py", self.root / self.block / folder / f"{GATE}.py")
            self.replace(f"{self.block}/{folder}/{GATE}.py", ("self.linear", "self.projection"), *changes)
        self.replace(f"{self.block}/{STEP_2}/refactored.py",
                     ("from children.silu", f"from children.{GATE} import Model as Gate\nfrom children.silu"),
                     ("self.gate_proj = UpProjection", "self.gate_proj = Gate"))  # fmt: skip
        (self.root / self.block / STEP_2 / "weight_map.json").write_text('{"gate_proj.weight": "gate_proj.projection.weight"}')
        tree = self.root / self.block / "decomposition_tree.json"
        tree.write_text(tree.read_text().replace(f"{UP}.py", f"{GATE}.py", 1).replace('"instance_count": 2', '"instance_count": 1').replace('"unique_kernels": 4', '"unique_kernels": 5'))

    def test_names_and_duplicates(self) -> None:
        before = self.files()
        self.second_file_for_the_gate()
        self.rename_kernel("rms_norm_512_fp32", "rms_norm_fp32_2")
        for path in sorted((self.root / self.block).rglob("silu_fp32.py")):
            path.rename(path.with_name("silu.py"))
        self.replace(f"{self.block}/{STEP_2}/refactored.py", ("children.silu_fp32 import", "children.silu import"))
        self.replace(f"{self.block}/decomposition_tree.json", ("/silu_fp32.py", "/silu.py"))
        rules = {rule for rule, _ in self.errors(self.check())}
        self.assertLessEqual({"name-duplicate", "name-generic", "name-suffix"}, rules)
        broken = self.files()
        self.check()
        self.assertEqual(self.files(), broken)  # nothing is written without --fix

        done = self.fix()
        self.assertEqual(json.loads(done.stdout)["status"], "PASS", done.stdout[:3000])
        self.assertEqual(done.returncode, 0)
        for said in (f"merged {GATE}.py into {UP}.py", "renamed silu.py to silu_fp32.py", "renamed rms_norm_fp32_2.py to rms_norm_512_fp32.py"):
            self.assertIn(f"{self.block}: {said}\n", done.stderr)
        after = self.files()
        self.assertEqual(set(after), set(before) | {f"{STEP_2}/weight_map.json"})
        self.assertEqual(json.loads(after[f"{STEP_2}/weight_map.json"]), {"gate_proj.weight": "gate_proj.linear.weight"})
        self.assertEqual(json.loads(after["decomposition_tree.json"]), json.loads(before["decomposition_tree.json"]))
        changed = {name for name in before if after[name] != before[name]}
        self.assertLessEqual(changed, {f"{STEP_2}/refactored.py", "decomposition_tree.json"})

    def test_a_file_that_would_be_lost(self) -> None:
        self.rename_kernel("silu_fp32", "silu_2")
        (self.root / self.block / "level_0_kernel/silu_fp32.py").write_text("# mine\n")
        before = self.files()
        done = self.fix()
        self.assertEqual(done.returncode, 2)
        self.assertIn("level_0_kernel/silu_2.py would become level_0_kernel/silu_fp32.py, and there is such a file already", done.stderr)
        self.assertIn("nothing was written", done.stderr)
        self.assertEqual(self.files(), before)

    def test_what_does_not_help_is_undone(self) -> None:
        # The other file's constructor takes one argument more than the call that is left.
        self.second_file_for_the_gate(("def __init__(self, ", "def __init__(self, unused, "), ("return [512, ", "return [0, 512, "))
        self.replace(f"{self.block}/{STEP_2}/refactored.py", ("self.gate_proj = Gate(", "self.gate_proj = Gate(0, "))
        self.assertEqual([rule for rule, _ in self.errors(self.check())], ["composition-kernel-unused", "name-duplicate"])
        before = self.files()
        done = self.fix()
        self.assertEqual(done.returncode, 1)
        self.assertIn("the names are as they were", done.stderr)
        self.assertEqual(self.files(), before)

    def test_nothing_to_mend(self) -> None:
        before = self.files()
        done = self.fix()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.files(), before)


if __name__ == "__main__":
    unittest.main()
