import torch
import torch.nn as nn
from children.linear_6x5_fp32 import Model as Net
from children.mean_dim0_fp32 import Model as Mean
from children.log_softmax_dim2_fp32 import Model as LogSoftmax
from children.bce_with_logits_pw2_fp32 import Model as Bce
from children.huber_loss_0p5_fp32 import Model as Huber
from children.smooth_l1_sum_fp32 import Model as SmoothL1
from children.kl_div_batchmean_fp32 import Model as KLDiv
from children.ctc_loss_fp32 import Model as Ctc


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = Net()
        self.mean = Mean()
        self.log_softmax = LogSoftmax()
        self.losses = nn.ModuleDict({"bce": Bce(), "huber": Huber(), "smooth": SmoothL1(), "kl": KLDiv(), "ctc": Ctc()})

    def forward(self, x, y, targets):
        logits = self.net(x)
        flat = self.mean(logits)
        log_probs = self.log_softmax(logits)
        lengths = torch.full((3,), 8, dtype=torch.long)
        target_lengths = torch.full((3,), 3, dtype=torch.long)
        result = {name: self.losses[name](flat, y) for name in ("bce", "huber", "smooth")}
        result["kl"] = self.losses["kl"](log_probs[0], y)
        result["ctc"] = self.losses["ctc"](log_probs, targets, lengths, target_lengths)
        return result
