import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv1d(4, 4, 3, padding=1, stride=s) for s in (1, 2, 4)])

    def forward(self, x):
        pyramid = []
        for level, conv in enumerate(self.convs):
            y = torch.relu(conv(x))
            pyramid.append({"level": level, "map": y, "stats": (y.mean(-1), y.amax(-1), None)})
        return {"pyramid": pyramid, "count": len(pyramid), "ok": True, "name": "p3", 0: [[], ()]}


def get_inputs():
    return [torch.randn(2, 4, 16)]


def get_init_inputs():
    return []
