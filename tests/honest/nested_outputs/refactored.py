import torch
import torch.nn as nn
from children.conv1d_4x4_3_p1_s1_fp32 import Model as Conv1
from children.conv1d_4x4_3_p1_s2_fp32 import Model as Conv2
from children.conv1d_4x4_3_p1_s4_fp32 import Model as Conv4
from children.relu_fp32 import Model as Relu
from children.mean_dimlast_fp32 import Model as Mean
from children.amax_dimlast_fp32 import Model as Amax


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([Conv1(), Conv2(), Conv4()])
        self.relu = Relu()
        self.mean = Mean()
        self.amax = Amax()

    def describe(self, level, y):
        return {"level": level, "map": y, "stats": (self.mean(y), self.amax(y), None)}

    def forward(self, x):
        pyramid = [self.describe(level, self.relu(conv(x))) for level, conv in enumerate(self.convs)]
        return {"pyramid": pyramid, "count": len(pyramid), "ok": True, "name": "p3", 0: [[], ()]}
