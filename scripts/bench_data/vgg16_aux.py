"""VGG16 (configuration D) with two auxiliary classifiers, after stages 3 and 4.

Dropout is left out: it does nothing in evaluation.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvReLU(nn.Module):
    """Convolution that keeps the image's size, and ReLU."""

    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2)

    def forward(self, x):
        return F.relu(self.conv(x))


class ConvReLUPool(nn.Module):
    """Convolution that keeps the image's size, ReLU, and a pooling that halves it."""

    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2)

    def forward(self, x):
        return F.max_pool2d(F.relu(self.conv(x)), 2, 2)


class LinearReLU(nn.Module):
    """Linear layer and ReLU."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return F.relu(self.linear(x))


class Stage(nn.Module):
    """Convolutions at one image size; the last one pools."""

    def __init__(self, in_channels, out_channels, num_convs):
        super().__init__()
        self.first = ConvReLU(in_channels, out_channels, 3)
        self.middle = nn.ModuleList(
            ConvReLU(out_channels, out_channels, 3) for _ in range(num_convs - 2)
        )
        self.last = ConvReLUPool(out_channels, out_channels, 3)

    def forward(self, x):
        x = self.first(x)
        for conv in self.middle:
            x = conv(x)
        return self.last(x)


class AuxHead(nn.Module):
    """Logits from the features of an inner stage."""

    def __init__(self, in_channels, pool_size, num_classes):
        super().__init__()
        self.pool_size = pool_size
        self.reduce = ConvReLU(in_channels, 128, 1)
        self.hidden = LinearReLU(128 * pool_size * pool_size, 1024)
        self.logits = nn.Linear(1024, num_classes)

    def forward(self, x):
        x = self.reduce(F.adaptive_avg_pool2d(x, self.pool_size))
        return self.logits(self.hidden(x.flatten(1)))


class Classifier(nn.Module):
    """Logits from the features of the last stage."""

    def __init__(self, in_features, hidden_features, num_classes):
        super().__init__()
        self.hidden_1 = LinearReLU(in_features, hidden_features)
        self.hidden_2 = LinearReLU(hidden_features, hidden_features)
        self.logits = nn.Linear(hidden_features, num_classes)

    def forward(self, x):
        return self.logits(self.hidden_2(self.hidden_1(x)))


class Model(nn.Module):
    """Images in, three sets of logits out: main, after stage 3, after stage 4."""

    def __init__(self, num_classes):
        super().__init__()
        self.stage_1 = Stage(3, 64, 2)
        self.stage_2 = Stage(64, 128, 2)
        self.stage_3 = Stage(128, 256, 3)
        self.stage_4 = Stage(256, 512, 3)
        self.stage_5 = Stage(512, 512, 3)
        self.aux_head_3 = AuxHead(256, 7, num_classes)
        self.aux_head_4 = AuxHead(512, 4, num_classes)
        self.classifier = Classifier(512 * 7 * 7, 4096, num_classes)

    def forward(self, x):
        x = self.stage_2(self.stage_1(x))
        x = self.stage_3(x)
        aux_3 = self.aux_head_3(x)
        x = self.stage_4(x)
        aux_4 = self.aux_head_4(x)
        x = self.stage_5(x)
        return self.classifier(x.flatten(1)), aux_3, aux_4


def get_inputs():
    return [torch.randn(10, 3, 224, 224)]


def get_init_inputs():
    # num_classes
    return [1000]
