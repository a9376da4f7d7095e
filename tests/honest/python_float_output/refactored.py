import torch
import torch.nn as nn
from children.linear_6x4_fp32 import Model as Fc
from children.log_softmax_dimlast_fp32 import Model as LogSoftmax
from children.entropy_fp32 import Model as Entropy


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Fc()
        self.log_softmax = LogSoftmax()
        self.entropy = Entropy()

    def forward(self, x):
        logits = self.fc(x)
        entropy = self.entropy(self.log_softmax(logits))
        return {"logits": logits, "entropy": entropy.item(), "batch": int(x.shape[0]), "finite": bool(x.shape[0] > 2)}
