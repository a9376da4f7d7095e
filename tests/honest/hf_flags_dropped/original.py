import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(8, 24)
        self.out = nn.Linear(8, 8)

    def forward(self, hidden_states, attention_mask=None, head_mask=None, output_attentions=False, return_dict=None):
        q, k, v = self.qkv(hidden_states).chunk(3, -1)
        s = q @ k.transpose(-1, -2) * 8 ** -0.5
        if attention_mask is not None:
            s = s + attention_mask
        p = s.softmax(-1)
        if head_mask is not None:
            p = p * head_mask
        o = self.out(p @ v)
        return (o, p) if output_attentions else (o,)


def get_inputs():
    return [torch.randn(2, 4, 8)]


def get_init_inputs():
    return []
