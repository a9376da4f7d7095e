"""Makes a named pipe."""
import os

os.mkfifo("children/gelu_fp32.py")
