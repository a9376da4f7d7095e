"""embedding 12x8 i64 fp32 (level: kernel)."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(12, 8)

    def forward(self, token):
        return self.embed(token)


def get_inputs():
    return [torch.randint(0, 12, (3,))]


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
