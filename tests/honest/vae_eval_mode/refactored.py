import torch
import torch.nn as nn
from children.linear_14x10_fp32 import Model as Encoder
from children.relu_fp32 import Model as Relu
from children.linear_10x4_fp32 import Model as LatentHead
from children.linear_4x14_fp32 import Model as Decoder
from children.sigmoid_fp32 import Model as Sigmoid
from children.kl_divergence_fp32 import Model as KLDivergence


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.relu = Relu()
        self.to_mu = LatentHead()
        self.to_logvar = LatentHead()
        self.decoder = Decoder()
        self.sigmoid = Sigmoid()
        self.kld = KLDivergence()

    def forward(self, x):
        h = self.relu(self.encoder(x))
        mu, logvar = self.to_mu(h), self.to_logvar(h)
        recon = self.sigmoid(self.decoder(mu))  # eval: z = mu
        return recon, self.kld(mu, logvar)
