import torch
import torch.nn as nn
from children.linear_6x72_fp32 import Model as Fc
from children.conv_transpose2d_8x6_4x4_s2_p1_fp32 import Model as Up1
from children.batch_norm2d_6_fp32 import Model as Bn1
from children.relu_fp32 import Model as Relu
from children.conv_transpose2d_6x1_3x3_s2_p1_op1_fp32 import Model as Up2
from children.tanh_fp32 import Model as Tanh


class RefactoredModel(nn.Module):
    def __init__(self, z=6):
        super().__init__()
        self.fc = Fc()
        self.up1 = Up1()
        self.bn1 = Bn1()
        self.relu = Relu()
        self.up2 = Up2()
        self.tanh = Tanh()

    def forward(self, z):
        h = self.fc(z).view(-1, 8, 3, 3)
        h = self.relu(self.bn1(self.up1(h)))
        return self.tanh(self.up2(h))
