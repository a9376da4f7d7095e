"""conv2d 4x4 1x1 fp32 (level: kernel)."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 1, bias=False)

    def forward(self, x):
        return self.conv(x)


def get_inputs():
    return [torch.randn(2, 4, 5, 5)]


def get_init_inputs():
    return []


def run_tests():
    torch.manual_seed(0)
    m = Model(*get_init_inputs()).eval()
    y = m(*get_inputs())
    print("PASS" if y is not None else "FAIL")
    return y is not None


if __name__ == "__main__":
    run_tests()
