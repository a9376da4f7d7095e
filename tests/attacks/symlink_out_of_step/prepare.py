"""Puts the child beside the step and a symbolic link in its place."""
from pathlib import Path

outside = Path("..").resolve() / "outside_gelu.py"
outside.write_text("import torch\nimport torch.nn as nn\n\n\nclass Model(nn.Module):\n    def forward(self, x):\n        return nn.functional.gelu(x)\n")
Path("children/gelu_fp32.py").symlink_to(outside)
