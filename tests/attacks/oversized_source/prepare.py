"""Pads a child with comments beyond any sensible size."""
with open("children/gelu_fp32.py", "a") as file:
    file.write("# padding\n" * (8 * 1024 * 1024 // 10))
