import torch
import torch.nn as nn
from children.embedding_50x20_i64_fp32 import Model as TokenEmbedding
from children.mean_dim1_fp32 import Model as MeanPool
from children.tanh_fp32 import Model as Tanh
from children.linear_20x6_fp32 import Model as Head

VOCAB, DIM, CLASSES = 50, 20, 6


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = TokenEmbedding()
        self.pool = MeanPool()
        self.tanh = Tanh()
        self.fc = Head()

    def forward(self, tokens):
        return self.fc(self.tanh(self.pool(self.embedding(tokens))))


def get_inputs():
    return [torch.randint(0, VOCAB, (4, 11))]


def get_init_inputs():
    return []


if __name__ == "__main__":
    model = RefactoredModel().eval()
    print(model(*get_inputs()).shape)
