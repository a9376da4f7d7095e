import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    """Mamba mixer, sequential scan."""

    def __init__(self, dim=6, state=4):
        super().__init__()
        self.in_proj = nn.Linear(dim, 2 * dim, bias=False)
        self.conv1d = nn.Conv1d(dim, dim, 3, groups=dim, padding=2)
        self.x_proj = nn.Linear(dim, 1 + 2 * state, bias=False)
        self.dt_proj = nn.Linear(1, dim)
        self.A_log = nn.Parameter(torch.log(torch.arange(1, state + 1).float()).repeat(dim, 1))
        self.D = nn.Parameter(torch.ones(dim))
        self.out_proj = nn.Linear(dim, dim, bias=False)
        self.state = state

    def forward(self, u):
        b, l, d = u.shape
        x, z = self.in_proj(u).chunk(2, dim=-1)
        x = F.silu(self.conv1d(x.transpose(1, 2))[:, :, :l].transpose(1, 2))
        dt, B, C = self.x_proj(x).split([1, self.state, self.state], dim=-1)
        dt = F.softplus(self.dt_proj(dt))
        A = -torch.exp(self.A_log)
        dA = torch.exp(dt.unsqueeze(-1) * A)
        dBx = dt.unsqueeze(-1) * B.unsqueeze(2) * x.unsqueeze(-1)
        h = u.new_zeros(b, d, self.state)
        ys = []
        for t in range(l):
            h = dA[:, t] * h + dBx[:, t]
            ys.append((h * C[:, t].unsqueeze(1)).sum(-1))
        y = torch.stack(ys, dim=1) + x * self.D
        return self.out_proj(y * F.silu(z))


def get_inputs():
    return [torch.randn(2, 5, 6)]


def get_init_inputs():
    return []
