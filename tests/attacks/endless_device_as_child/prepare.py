"""Links a child to a device that never ends."""
import os

os.symlink("/dev/zero", "children/gelu_fp32.py")
