import torch
import torch.nn as nn
from children.conv2d_4x8_3x3_p1_fp32 import Model as Trunk
from children.conv2d_8x3_1x1_fp32 import Model as ClsHead
from children.conv2d_8x4_1x1_fp32 import Model as BoxHead
from children.relu_fp32 import Model as Relu
from children.sigmoid_fp32 import Model as Sigmoid
from children.softplus_fp32 import Model as Softplus


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = Trunk()
        self.cls_head = ClsHead()
        self.box_head = BoxHead()
        self.relu = Relu()
        self.sigmoid = Sigmoid()
        self.softplus = Softplus()

    def forward(self, images):
        f = self.relu(self.trunk(images))
        outputs = {"scores": self.sigmoid(self.cls_head(f))}
        boxes = self.softplus(self.box_head(f))
        outputs["boxes"] = boxes.flatten(2).transpose(1, 2)
        outputs["stride"] = 1
        outputs["features"] = f
        return outputs
