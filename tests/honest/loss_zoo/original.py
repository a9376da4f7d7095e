import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(6, 5)
        self.ctc = nn.CTCLoss(blank=0)

    def forward(self, x, y, targets):
        logits = self.net(x)
        flat = logits.mean(0)
        log_probs = logits.log_softmax(2)
        lengths = torch.full((3,), 8, dtype=torch.long)
        target_lengths = torch.full((3,), 3, dtype=torch.long)
        return {
            "bce": F.binary_cross_entropy_with_logits(flat, y, pos_weight=torch.tensor(2.0)),
            "huber": F.huber_loss(flat, y, delta=0.5),
            "smooth": F.smooth_l1_loss(flat, y, reduction="sum"),
            "kl": F.kl_div(log_probs[0], y, reduction="batchmean"),
            "ctc": self.ctc(log_probs, targets, lengths, target_lengths),
        }


def get_inputs():
    return [torch.randn(8, 3, 6), torch.rand(3, 5), torch.randint(1, 5, (3, 3))]


def get_init_inputs():
    return []
