"""Writes the constants next to the child, as raw floats."""
import struct

with open("children/linear_8x4_fp32.py.bin", "wb") as file:
    file.write(struct.pack("<32f", *[0.25] * 32))
