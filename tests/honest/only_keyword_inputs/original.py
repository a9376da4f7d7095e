import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.word = nn.Embedding(20, 8)
        self.segment = nn.Embedding(2, 8)
        self.norm = nn.LayerNorm(8)

    def forward(self, input_ids=None, token_type_ids=None, inputs_embeds=None):
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("give exactly one of input_ids and inputs_embeds")
        h = self.word(input_ids) if inputs_embeds is None else inputs_embeds
        if token_type_ids is None:
            token_type_ids = torch.zeros(h.shape[:2], dtype=torch.long)
        return self.norm(h + self.segment(token_type_ids))


def get_inputs():
    return []


def get_input_kwargs():
    return {"input_ids": torch.randint(0, 20, (2, 6)), "token_type_ids": torch.randint(0, 2, (2, 6))}


def get_init_inputs():
    return []
