"""A model that does not fit into memory is not run and not decided; one that fits is judged.

Usage: test_memory.py DECOMP
"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

DECOMP = str(Path(sys.argv.pop()).resolve())

ORIGINAL = """import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = nn.Linear(size, size, bias=False)

    def forward(self, x):
        {body}


def get_inputs():
    return [torch.randn({rows}, {size})]


def get_init_inputs():
    return [{size}]
"""
REFACTORED = """import torch
import torch.nn as nn

from children.linear import Model as Linear
from children.relu import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = Linear(size)
        self.relu = Relu()

    def forward(self, x):
        return self.relu(self.linear(x))


def get_inputs():
    return [torch.randn({rows}, {size})]


def get_init_inputs():
    return [{size}]
"""
RELU = """import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return torch.relu(x)


def get_inputs():
    return [torch.randn({rows}, {size})]


def get_init_inputs():
    return []
"""


class Memory(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.step = Path(folder.name) / "step"
        (self.step / "children").mkdir(parents=True)

    def verify(self, rows: str, size: str, *arguments: str, body: str = "return torch.relu(self.linear(x))") -> dict:
        texts = {"original.py": ORIGINAL, "refactored.py": REFACTORED, "children/linear.py": ORIGINAL.replace("{body}", "return self.linear(x)"), "children/relu.py": RELU}
        for name, text in texts.items():
            (self.step / name).write_text(text.format(rows=rows, size=size, body=body))
        command = [DECOMP, "verify-step", "--original", str(self.step / "original.py"), "--refactored", str(self.step / "refactored.py"), "--format", "json", "--num-trials", "1"]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=300)
        report = json.loads(done.stdout)
        self.assertEqual(report["exit"], done.returncode)
        return report

    def assert_not_decided(self, report: dict, *words: str) -> None:
        self.assertEqual((report["exit"], report["steps"][0]["status"]), (3, "NOT DECIDED"), report["steps"][0]["findings"])
        (finding,) = report["steps"][0]["findings"]
        self.assertEqual((finding["rule"], finding["file"].endswith("original.py")), ("run-memory-estimate", True))
        for word in words:
            self.assertIn(word, finding["message"])

    def test_weights(self) -> None:
        report = self.verify("4", "4096", "--max-memory", "40")
        self.assert_not_decided(report, "at least 64.2 MiB", "weights 64.0 MiB", "a job may have 40.0 MiB (--max-memory)")

    def test_activations(self) -> None:
        report = self.verify("32768", "128", "--max-memory", "40")  # 16 MiB of inputs, and two results of that size
        self.assert_not_decided(report, "at least 48.1 MiB", "inputs 16.0 MiB", "activations 32.0 MiB")

    def test_activations_that_are_dropped(self) -> None:
        body = "for _ in range(50):\n            x = torch.sin(x)\n        return torch.relu(self.linear(x))"
        report = self.verify("32768", "128", "--max-memory", "80", body=body)
        self.assertNotIn("run-memory-estimate", [f["rule"] for f in report["steps"][0]["findings"]])

    def test_up_to_where_values_are_asked_for(self) -> None:
        body = "y = self.linear(x)\n        return torch.relu(y) if y.sum().item() > 0 else torch.relu(y)"
        self.assert_not_decided(self.verify("4", "4096", "--max-memory", "40", body=body), "weights 64.0 MiB")

    def test_the_machine(self) -> None:
        self.assert_not_decided(self.verify("2**22", "2**14"), "inputs 256.0 GiB", "and the machine has")

    def test_what_fits_is_judged(self) -> None:
        report = self.verify("4", "2048", "--max-memory", "1000")
        self.assertEqual((report["exit"], report["steps"][0]["status"]), (0, "PASS"), report["steps"][0]["findings"])


if __name__ == "__main__":
    unittest.main()
