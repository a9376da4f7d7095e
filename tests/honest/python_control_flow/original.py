import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, plan="abba", limit=3):
        super().__init__()
        self.plan, self.limit = plan, limit
        self.a = nn.Linear(6, 6)
        self.b = nn.Linear(6, 6)

    def forward(self, x, scale=None, **options):
        for i, step in enumerate(self.plan):
            if i >= self.limit:
                break
            x = torch.sin(self.a(x)) if step == "a" else torch.sin(self.b(x))
        if scale is None:
            scale = options.get("default_scale", 1.0)
        return x * scale


def get_inputs():
    return [torch.randn(3, 6)]


def get_input_kwargs():
    return {"default_scale": 0.5}


def get_init_inputs():
    return []
