import torch
import torch.nn as nn
from children.linear_5x5_fp32 import Model as Neck
from children.relu_fp32 import Model as Relu


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.neck = Neck()
        self.relu = Relu()

    def forward(self, data):
        data["feat"] = self.relu(self.neck(data["img"]))
        data["history"].append(data["feat"] * 2)
        return data
