import torch
import torch.nn as nn
from children.linear_12x6_fp32 import Model as ImageTower
from children.embedding_15x6_i64_fp32 import Model as TextTower
from children.mean_dim1_fp32 import Model as Mean
from children.l2_norm_dimlast_fp32 import Model as Norm
from children.logit_scale_exp_fp32 import Model as LogitScale
from children.matmul_4x6_6x4_fp32 import Model as Similarity


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = ImageTower()
        self.text = TextTower()
        self.mean = Mean()
        self.norm = Norm()
        self.scale = LogitScale()
        self.similarity = Similarity()

    def forward(self, batch, *, normalize=True):
        i = self.image(batch["pixels"].flatten(1))
        t = self.mean(self.text(batch["ids"]))
        if normalize:
            i = i / self.norm(i)
            t = t / self.norm(t)
        logits = self.similarity(self.scale(i), t.t())
        return {"logits_per_image": logits, "logits_per_text": logits.t()}
