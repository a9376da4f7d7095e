"""
Component: gelu
Abstraction Level: kernel
Parent: model
Children: none

Operations: gelu

Input Shapes:
  - x: (5, 4) dtype=float32

Output Shapes:
  - output: (5, 4) dtype=float32

Weight Shapes:
  - none
"""
import struct
import subprocess
import torch
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        code = (
            "import sys, struct, math\n"
            "data = struct.unpack('<20f', sys.stdin.buffer.read())\n"
            "sys.stdout.buffer.write(struct.pack('<20f', *[0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in data]))\n"
        )
        raw = struct.pack("<20f", *x.flatten().tolist())
        done = subprocess.run(["python3", "-c", code], input=raw, capture_output=True, check=True)
        return torch.tensor(struct.unpack("<20f", done.stdout)).reshape(5, 4)


def get_inputs():
    return [torch.randn(5, 4)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(5, 4)]


def run_tests():
    print("PASS")
    return True


if __name__ == "__main__":
    run_tests()
