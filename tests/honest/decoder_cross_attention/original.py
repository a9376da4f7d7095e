import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerDecoderLayer(12, 3, dim_feedforward=20, dropout=0.0, batch_first=True)

    def forward(self, tgt, memory, memory_key_padding_mask):
        causal = nn.Transformer.generate_square_subsequent_mask(tgt.size(1))
        return self.layer(tgt, memory, tgt_mask=causal, memory_key_padding_mask=memory_key_padding_mask)


def get_inputs():
    padding = torch.zeros(2, 6, dtype=torch.bool)
    padding[1, 4:] = True
    return [torch.randn(2, 4, 12), torch.randn(2, 6, 12), padding]


def get_init_inputs():
    return []
