import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(5, 4)

    def forward(self, x, ref):
        y = self.fc(x.type(torch.float32))
        return (y.double(), y.to(ref), y.type_as(ref), (y * 10).int(), (y * 10).to(torch.int16), y.bool(), y.to(dtype=torch.bfloat16),
                y.to(torch.float8_e4m3fn), y.view(torch.int32), y.to("cpu", torch.float16))


def get_inputs():
    return [torch.randn(3, 5, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)]


def get_init_inputs():
    return []
