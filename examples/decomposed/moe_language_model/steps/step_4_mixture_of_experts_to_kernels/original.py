"""
Component: mixture_of_experts
Source: examples/moe_language_model.py
Abstraction Level: fusion
Parent: moe_block
Children: [linear_64x4_nobias_fp32, softmax_dimlast_fp32, topk_2_dimlast_fp32_i64, linear_64x128_fp32, gelu_fp32, linear_128x64_fp32]

Operations: [linear, softmax, topk, linear x4, gelu x4, linear x4]

Input Shapes:
  - x: (2, 32, 64) dtype=float32

Output Shapes:
  - output: (2, 32, 64) dtype=float32

Weight Shapes:
  - router.weight: [4, 64]
  - experts.0.up.weight: [128, 64]
  - experts.0.up.bias: [128]
  - experts.0.down.weight: [64, 128]
  - experts.0.down.bias: [64]
  - experts.1.up.weight: [128, 64]
  - experts.1.up.bias: [128]
  - experts.1.down.weight: [64, 128]
  - experts.1.down.bias: [64]
  - experts.2.up.weight: [128, 64]
  - experts.2.up.bias: [128]
  - experts.2.down.weight: [64, 128]
  - experts.2.down.bias: [64]
  - experts.3.up.weight: [128, 64]
  - experts.3.up.bias: [128]
  - experts.3.down.weight: [64, 128]
  - experts.3.down.bias: [64]
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Expert(nn.Module):
    """Widen, GELU, narrow."""

    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.up = nn.Linear(dim, hidden_dim)
        self.down = nn.Linear(hidden_dim, dim)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


class Model(nn.Module):
    """Each token goes to the `top_k` experts that the router prefers, and takes their results by its probabilities."""

    def __init__(self, dim, hidden_dim, num_experts, top_k):
        super().__init__()
        self.top_k = top_k
        self.router = nn.Linear(dim, num_experts, bias=False)
        self.experts = nn.ModuleList(Expert(dim, hidden_dim) for _ in range(num_experts))

    def forward(self, x):
        tokens = x.reshape(-1, x.shape[-1])
        probabilities = F.softmax(self.router(tokens), dim=-1)
        weights, chosen = torch.topk(probabilities, self.top_k, dim=-1)
        output = torch.zeros_like(tokens)
        for index, expert in enumerate(self.experts):
            token, place = torch.where(chosen == index)
            output[token] = output[token] + weights[token, place].unsqueeze(-1) * expert(tokens[token])
        return output.reshape(x.shape)


def get_inputs():
    return [torch.randn(2, 32, 64)]


def get_init_inputs():
    # dim, hidden_dim, num_experts, top_k
    return [64, 128, 4, 2]


def get_expected_output_shape():
    return [(2, 32, 64)]


def run_tests():
    """Runs the component once on its own inputs; true when what comes out is as declared."""
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    shape = tuple(output.shape)
    finite = bool(torch.isfinite(output).all())
    passed = [shape] == get_expected_output_shape() and output.dtype == torch.float32 and finite
    print("PASS" if passed else f"FAIL: shape {shape}, dtype {output.dtype}, finite: {finite}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
