import torch.nn as nn

from children.linear_tanh_6x6 import Model as LinearTanh


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = LinearTanh(6, 6)
        self.fc2 = LinearTanh(6, 6)

    def forward(self, x):
        return self.fc2(self.fc1(x))
