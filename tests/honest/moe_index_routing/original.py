import torch
import torch.nn as nn
import torch.nn.functional as F


class Expert(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.w1 = nn.Linear(dim, hidden, bias=False)
        self.w2 = nn.Linear(hidden, dim, bias=False)

    def forward(self, x):
        return self.w2(F.gelu(self.w1(x)))


class Model(nn.Module):
    def __init__(self, dim, hidden, num_experts, top_k):
        super().__init__()
        self.top_k = top_k
        self.num_experts = num_experts
        self.gate = nn.Linear(dim, num_experts, bias=False)
        self.experts = nn.ModuleList(Expert(dim, hidden) for _ in range(num_experts))

    def forward(self, hidden_states):
        b, s, d = hidden_states.shape
        flat = hidden_states.view(-1, d)
        router_logits = self.gate(flat)
        weights, selected = torch.topk(F.softmax(router_logits, dim=1), self.top_k, dim=-1)
        weights = weights / weights.sum(dim=-1, keepdim=True)
        final = torch.zeros(b * s, d, dtype=flat.dtype)
        expert_mask = F.one_hot(selected, num_classes=self.num_experts).permute(2, 1, 0)
        for i in range(self.num_experts):
            slot, token = torch.where(expert_mask[i])
            current = flat[None, token].reshape(-1, d)
            current = self.experts[i](current) * weights[token, slot, None]
            final.index_add_(0, token, current)
        return final.view(b, s, d), router_logits


def get_inputs():
    return [torch.randn(2, 6, 8)]


def get_init_inputs():
    return [8, 16, 4, 2]
