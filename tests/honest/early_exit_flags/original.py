import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.stem = nn.Linear(config["dim"], config["dim"])
        if config["deep"]:
            self.deep = nn.Linear(config["dim"], config["dim"])
        self.aux = nn.Linear(config["dim"], 2) if config.get("aux", False) else None

    def forward(self, x):
        x = torch.relu(self.stem(x))
        if not self.config["deep"]:
            return x
        y = torch.relu(self.deep(x))
        if self.aux is None:
            return y
        return y, self.aux(x)


def get_inputs():
    return [torch.randn(3, 7)]


def get_init_inputs():
    return [{"dim": 7, "deep": True, "aux": True}]
