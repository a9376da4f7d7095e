import torch
import torch.nn as nn


class Model(nn.Module):
    """RBF kernel regression; the Gram matrix is positive definite."""

    def __init__(self):
        super().__init__()
        self.log_length = nn.Parameter(torch.zeros(1))
        self.noise = 0.1

    def kernel(self, a, b):
        return torch.exp(-0.5 * (torch.cdist(a, b) / self.log_length.exp()) ** 2)

    def forward(self, x, y, x_star):
        k = self.kernel(x, x) + self.noise * torch.eye(x.size(-2))
        l = torch.linalg.cholesky(k)
        alpha = torch.cholesky_solve(y, l)
        return torch.matmul(self.kernel(x_star, x), alpha)


def get_inputs():
    return [torch.randn(6, 2), torch.randn(6, 1), torch.randn(4, 2)]


def get_init_inputs():
    return []
