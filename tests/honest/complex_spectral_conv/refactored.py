import torch
import torch.nn as nn
from children.rfft_fp32_c64 import Model as RFFT
from children.spectral_weights_4x4x5_c64 import Model as SpectralWeights
from children.irfft_c64_fp32 import Model as IRFFT
from children.conv1d_4x4_1_fp32 import Model as Pointwise


class RefactoredModel(nn.Module):
    def __init__(self, channels, modes):
        super().__init__()
        self.modes = modes
        self.rfft = RFFT()
        self.spectral = SpectralWeights()
        self.irfft = IRFFT()
        self.pointwise = Pointwise()

    def forward(self, x):
        n = x.size(-1)
        spectrum = self.rfft(x)
        low = self.spectral(spectrum[:, :, :self.modes])
        out = torch.zeros(x.size(0), low.size(1), n // 2 + 1, dtype=torch.cfloat)
        out[:, :, :self.modes] = low
        return self.irfft(out, n) + self.pointwise(x), low
