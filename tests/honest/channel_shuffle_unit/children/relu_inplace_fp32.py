"""relu inplace fp32 (level: kernel)."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(x)


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
