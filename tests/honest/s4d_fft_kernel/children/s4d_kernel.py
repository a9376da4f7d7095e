import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.log_a = nn.Parameter(torch.randn(4, 3))
        self.a_imag = nn.Parameter(torch.randn(4, 3))
        self.c = nn.Parameter(torch.randn(4, 3, 2))

    def forward(self, length: int):
        a = torch.complex(-torch.exp(self.log_a), self.a_imag)
        dta = a * 0.1
        k = dta.unsqueeze(-1) * torch.arange(length)
        c = torch.view_as_complex(self.c) * (torch.exp(dta) - 1.0) / a
        return 2 * torch.einsum("hn,hnl->hl", c, torch.exp(k)).real


def get_inputs():
    return [7]


def get_init_inputs():
    return []
