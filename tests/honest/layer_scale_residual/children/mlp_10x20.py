"""mlp 10x20 (level: fusion)."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(10, 20)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(20, 10)

    def forward(self, x):
        x = self.fc1(x)
        x = self.act(x)
        return self.fc2(x)


def get_inputs():
    return [torch.randn(2, 4, 10)]


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
