import torch
import torch.nn as nn
from children.linear_9x14_fp32 import Model as Trunk
from children.elu_fp32 import Model as Elu
from children.linear_14x1_fp32 import Model as DepthHead
from children.linear_14x3_fp32 import Model as NormalsHead
from children.linear_14x2_fp32 import Model as EdgesHead


class RefactoredModel(nn.Module):
    TASKS = ("depth", "normals", "edges")

    def __init__(self):
        super().__init__()
        self.trunk = Trunk()
        self.elu = Elu()
        self.heads = nn.ModuleDict({"depth": DepthHead(), "normals": NormalsHead(), "edges": EdgesHead()})

    def forward(self, x):
        h = self.elu(self.trunk(x))
        return {task: self.heads[task](h) for task in self.TASKS}
