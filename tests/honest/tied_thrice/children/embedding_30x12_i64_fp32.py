"""embedding 30x12 i64 fp32 (level: kernel)."""
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(30, 12)

    def forward(self, ids):
        return self.emb(ids)


def get_inputs():
    return [torch.randint(0, 30, (2, 9))]


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
