import torch
import torch.nn as nn


class Model(nn.Module):
    """Many ways to move data."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x):
        y = self.fc(x).exp()
        a = y.swapaxes(0, 1).movedim(-1, 0)
        b = torch.hstack([y, y.flip(-1)]).tile(1, 2, 1)
        c = torch.vstack((y[:1], y[1:])).broadcast_to(2, 4, 3, 6)
        d = y.T.rot90(1, (0, 1)) if y.dim() == 2 else y.mT.rot90(1, (1, 2))
        e, f = torch.tensor_split(y, 2, dim=-1)
        g = torch.take_along_dim(y, torch.zeros(4, 3, 1, dtype=torch.long), dim=2)
        h = y.unflatten(-1, (2, 3)).ravel()
        i = y.new_full((4, 3, 1), 2.0).expand_as(y).clone()
        i[..., 0] = y[..., -1]
        j = torch.dstack([e, f]).squeeze().narrow(1, 0, 2)
        k = y.diagonal(dim1=1, dim2=2), torch.atleast_3d(y[0]), torch.tril(y), y.unfold(2, 2, 2)
        return a, b, c, d, e - f, g, h, i, j, k


def get_inputs():
    return [torch.randn(4, 3, 6)]


def get_init_inputs():
    return []
