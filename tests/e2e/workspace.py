"""What tests of whole decompositions share: a copy of one example in a temporary folder, to change and to judge."""

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class Workspace(unittest.TestCase):
    """A copy of examples/<example>.py and of its decomposition; `decomp` is the binary, set by the test file."""

    maxDiff = None
    decomp = ""
    example = "mlp_block"

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.block = f"examples/decomposed/{self.example}"
        (self.root / "examples").mkdir()
        shutil.copy(EXAMPLES / f"{self.example}.py", self.root / f"examples/{self.example}.py")
        shutil.copytree(EXAMPLES / "decomposed" / self.example, self.root / self.block, ignore=shutil.ignore_patterns("__pycache__"))

    def replace(self, files: str | list[str], *changes: tuple[str, str]) -> None:
        for name in [files] if isinstance(files, str) else files:
            path = self.root / name
            text = path.read_text()
            for old, new in changes:
                self.assertIn(old, text, f"{name} no longer holds what this test changes")
                text = text.replace(old, new)
            path.write_text(text)

    def files(self) -> dict[str, bytes]:
        return {str(f.relative_to(self.root)): f.read_bytes() for f in sorted(self.root.rglob("*")) if f.is_file()}

    def run_decomp(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.decomp, *arguments], cwd=self.root, capture_output=True, text=True, timeout=300)

    def report(self, *arguments: str) -> dict:
        """The report of --format json; its exit code is the process's."""
        done = self.run_decomp(*arguments, "--format", "json")
        self.assertNotEqual(done.stdout, "", f"exit {done.returncode}: {done.stderr}")
        report = json.loads(done.stdout)
        self.assertEqual(report["exit"], done.returncode)
        return report

    def read_json(self, file: str) -> dict:
        return json.loads((self.root / file).read_text())
