import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.log_a = nn.Parameter(torch.randn(4, 3))
        self.a_imag = nn.Parameter(torch.randn(4, 3))
        self.c = nn.Parameter(torch.randn(4, 3, 2))
        self.d = nn.Parameter(torch.randn(4))

    def forward(self, u):
        L = u.size(-1)
        a = -torch.exp(self.log_a) + 1j * self.a_imag
        dta = a * 0.1
        c = torch.view_as_complex(self.c)
        k = dta.unsqueeze(-1) * torch.arange(L)
        c = c * (torch.exp(dta) - 1.0) / a
        k = 2 * torch.einsum("hn,hnl->hl", c, torch.exp(k)).real
        kf = torch.fft.rfft(k, n=2 * L)
        uf = torch.fft.rfft(u, n=2 * L)
        y = torch.fft.irfft(uf * kf, n=2 * L)[..., :L]
        return F.gelu(y + u * self.d.unsqueeze(-1))


def get_inputs():
    return [torch.randn(2, 4, 7)]


def get_init_inputs():
    return []
