"""A copy of an example decomposition to change one thing in: shared by the tests of whole decompositions."""

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class DecompositionCopy(unittest.TestCase):
    """`root` holds examples/NAME.py and examples/decomposed/NAME, copied anew for each test."""

    maxDiff = None
    decomp = ""  # the binary
    name = "mlp_block"

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "examples").mkdir()
        shutil.copy(EXAMPLES / f"{self.name}.py", self.root / f"examples/{self.name}.py")
        self.block = f"examples/decomposed/{self.name}"
        shutil.copytree(EXAMPLES / "decomposed" / self.name, self.root / self.block, ignore=shutil.ignore_patterns("__pycache__"))

    def replace(self, files: str | list[str], *changes: tuple[str, str]) -> None:
        for name in [files] if isinstance(files, str) else files:
            path = self.root / name
            text = path.read_text()
            for old, new in changes:
                self.assertIn(old, text, f"{name} no longer holds what this test changes")
                text = text.replace(old, new)
            path.write_text(text)

    def rename_kernel(self, old: str, new: str) -> None:
        """A kernel's file under another name, everywhere."""
        renamed = 0
        for path in sorted((self.root / self.block).rglob("*")):
            if path.suffix in (".py", ".json"):
                path.write_text(path.read_text().replace(old, new))
            if path.name == f"{old}.py":
                path.rename(path.with_name(f"{new}.py"))
                renamed += 1
        self.assertGreaterEqual(renamed, 2, f"there is no {old}.py in the level folder and in a step")

    def check(self, *arguments: str) -> dict:
        command = [self.decomp, "check", "--format", "json", "--num-trials", "1", *(arguments or [self.block])]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=300)
        self.assertNotEqual(done.stdout, "", f"exit {done.returncode}: {done.stderr}")
        report = json.loads(done.stdout)
        self.assertEqual(report["exit"], done.returncode)
        return report

    def findings(self, report: dict) -> list[dict]:
        return report["findings"] + [finding for step in report["steps"] + report["compositions"] for finding in step["findings"]]

    def finding(self, report: dict, rule: str) -> dict:
        found = [f for f in self.findings(report) if f["rule"] == rule]
        self.assertTrue(found, f"no {rule} among {[(f['rule'], f['message']) for f in self.findings(report)]}")
        return found[0]

    def errors(self, report: dict) -> list[tuple[str, str]]:
        """Rule and file of every error, files below the decomposition."""
        return sorted((f["rule"], f["file"].removeprefix(self.block + "/")) for f in self.findings(report) if f["severity"] == "error")

    def assert_passes(self, report: dict) -> None:
        self.assertEqual(self.errors(report), [])
        self.assertEqual((report["status"], report["exit"]), ("PASS", 0))

    def assert_errors(self, report: dict, *expected: tuple[str, str]) -> None:
        self.assertEqual(self.errors(report), sorted(expected))
        self.assertEqual((report["status"], report["exit"]), ("FAIL", 1))
