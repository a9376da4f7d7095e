import torch
import torch.nn as nn
from children.encoder_15x4 import Model as Encoder
from children.pairwise_distance_fp32 import Model as PairwiseDistance
from children.cosine_similarity_dimlast_fp32 import Model as CosineSimilarity


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()  # one instance: both branches share it
        self.distance = PairwiseDistance()
        self.cosine = CosineSimilarity()

    def forward(self, left, right):
        embeddings = [self.encoder(side) for side in (left, right)]
        return self.distance(*embeddings), self.cosine(*embeddings)
