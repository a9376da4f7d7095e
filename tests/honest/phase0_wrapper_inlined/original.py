import torch
import torch.nn as nn

HIDDEN = 10
HEADS = 2


class Encoder(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 3)

    def forward(self, x, mask=None):
        h = torch.nn.functional.selu(self.dense(x))
        if mask is not None:
            h = h * mask[..., None]
        return self.out(h)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = Encoder(HIDDEN)

    def forward(self, *args):
        return self.model(*args)


def make_mask(batch, length):
    return (torch.arange(length)[None, :] < torch.tensor([length - i for i in range(batch)])[:, None]).float()


def get_inputs():
    torch.manual_seed(0)
    return (torch.randn(3, 4, HIDDEN), make_mask(3, 4))


def get_init_inputs():
    return ()
