import torch
import torch.nn as nn
import torch.nn.functional as F


def squash(s, dim=-1):
    n2 = (s ** 2).sum(dim, keepdim=True)
    return n2 / (1 + n2) * s / torch.sqrt(n2 + 1e-8)


class Model(nn.Module):
    def __init__(self, n_in=6, d_in=4, n_out=3, d_out=5, iterations=3):
        super().__init__()
        self.iterations = iterations
        self.W = nn.Parameter(0.3 * torch.randn(n_out, n_in, d_out, d_in))

    def forward(self, u):
        u_hat = torch.matmul(self.W, u[:, None, :, :, None]).squeeze(-1)
        b = torch.zeros(u.size(0), u_hat.size(1), u_hat.size(2), 1)
        for r in range(self.iterations):
            c = F.softmax(b, dim=1)
            v = squash((c * u_hat).sum(dim=2))
            if r < self.iterations - 1:
                b = b + (u_hat * v.unsqueeze(2)).sum(dim=-1, keepdim=True)
        return v


def get_inputs():
    return [torch.randn(2, 6, 4)]


def get_init_inputs():
    return []
