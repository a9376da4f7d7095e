import torch
import torch.nn as nn
from children.conv2d_3x12_4x4_s4_fp32 import Model as PatchProj
from children.cls_token_param_12_fp32 import Model as ClsToken
from children.position_add_5x12_fp32 import Model as PositionAdd
from children.layer_norm_12_fp32 import Model as Norm


class RefactoredModel(nn.Module):
    def __init__(self, image=8, patch=4, dim=12):
        super().__init__()
        self.proj = PatchProj()
        self.cls = ClsToken()
        self.pos = PositionAdd()
        self.norm = Norm()

    def forward(self, img):
        x = self.proj(img).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls(x.shape[0]), x), dim=1)
        return self.norm(self.pos(x))
