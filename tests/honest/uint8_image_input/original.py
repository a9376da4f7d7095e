import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, (3, 1), padding="same", padding_mode="circular", dilation=(2, 1))
        self.pool = nn.AdaptiveMaxPool2d((2, 3))

    def forward(self, img):
        x = img.permute(0, 3, 1, 2).float() / 255.0
        y = self.pool(torch.sigmoid(self.conv(x)))
        return (y * 255).to(torch.uint8), y > 0.5


def get_inputs():
    return [torch.randint(0, 256, (2, 8, 6, 3), dtype=torch.uint8)]


def get_init_inputs():
    return []
