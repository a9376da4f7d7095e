import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(14, 10)
        self.to_mu = nn.Linear(10, 4)
        self.to_logvar = nn.Linear(10, 4)
        self.decoder = nn.Linear(4, 14)

    def reparameterize(self, mu, logvar):
        if self.training:
            std = torch.exp(0.5 * logvar)
            return mu + torch.randn_like(std) * std
        return mu

    def forward(self, x):
        h = torch.relu(self.encoder(x))
        mu, logvar = self.to_mu(h), self.to_logvar(h)
        z = self.reparameterize(mu, logvar)
        recon = torch.sigmoid(self.decoder(z))
        kld = -0.5 * torch.mean(torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1))
        return recon, kld


def get_inputs():
    return [torch.rand(6, 14)]


def get_init_inputs():
    return []
