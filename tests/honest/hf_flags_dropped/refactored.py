import torch.nn as nn
from children.linear_8x24_fp32 import Model as Qkv
from children.matmul_fp32 import Model as MM
from children.softmax_fp32 import Model as Softmax
from children.linear_8x8_fp32 import Model as Out


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = Qkv()
        self.scores = MM()
        self.softmax = Softmax()
        self.context = MM()
        self.out = Out()

    def forward(self, hidden_states, mask=None, head_mask=None):
        q, k, v = self.qkv(hidden_states).chunk(3, -1)
        s = self.scores(q, k.transpose(-1, -2)) * 8 ** -0.5
        if mask is not None:
            s = s + mask
        p = self.softmax(s)
        if head_mask is not None:
            p = p * head_mask
        return (self.out(self.context(p, v)),)
