import torch
import torch.nn as nn
from children.linear_8x1_nobias_fp32 import Model as Router
from children.router_topk_sorted_k3_fp32 import Model as TopTokens
from children.token_mlp_8x16 import Model as TokenMlp
from children.sigmoid_fp32 import Model as Sigmoid
from children.scatter_add_dim1_fp32 import Model as ScatterAdd


class RefactoredModel(nn.Module):
    def __init__(self, dim=8, capacity=3):
        super().__init__()
        self.router = Router()
        self.top_tokens = TopTokens()
        self.block = TokenMlp()
        self.sigmoid = Sigmoid()
        self.scatter_add = ScatterAdd()

    def forward(self, x):
        b, t, d = x.shape
        weights, picks = self.top_tokens(self.router(x).squeeze(-1))
        index = picks.unsqueeze(-1).expand(-1, -1, d)
        chosen = torch.gather(x, 1, index)
        update = self.block(chosen) * self.sigmoid(weights).unsqueeze(-1)
        return self.scatter_add(x, index, update)
