"""Puts the child beside the step and a symbolic link in its place."""
from pathlib import Path

outside = Path("..").resolve() / "outside_gelu.py"
child = Path("children/gelu_fp32.py")
child.rename(outside)
child.symlink_to(outside)
