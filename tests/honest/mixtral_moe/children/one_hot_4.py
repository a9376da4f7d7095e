import torch
import torch.nn as nn
import torch.nn.functional as F
import math


class Model(nn.Module):
    def forward(self, sel):
        return F.one_hot(sel, num_classes=4)


def get_inputs():
    return [torch.randint(0, 4, (12, 2))]


def get_init_inputs():
    return []
