"""residual_cnn from the kernels of level_0_kernel/ only, held against the source model.

Written by `decomp compose` from the steps' refactored models. Run it with Python and torch: it prints PASS or FAIL.
"""

import importlib.util
import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
ORIGINAL = ROOT / "level_3_model" / "residual_cnn.py"
sys.path.insert(0, str(ROOT / "level_0_kernel"))

from adaptive_avg_pool2d_1x1_fp32 import Model as AveragePool
from batch_norm_32_fp32 import Model as BatchNorm32Fp32
from batch_norm_64_fp32 import Model as BatchNorm64Fp32
from conv2d_32x32_3x3_nobias_fp32 import Model as Conv2d32x32_3x3NobiasFp32
from conv2d_32x64_1x1_stride2_nobias_fp32 import Model as Conv2d32x64_1x1Stride2NobiasFp32
from conv2d_32x64_3x3_stride2_nobias_fp32 import Model as Conv2d32x64_3x3Stride2NobiasFp32
from conv2d_3x32_3x3_nobias_fp32 import Model as Conv2d3x32_3x3NobiasFp32
from conv2d_64x64_3x3_nobias_fp32 import Model as Conv2d64x64_3x3NobiasFp32
from linear_64x10_fp32 import Model as Head
from relu_fp32 import Model as ReLU

# (rtol, atol) by the dtype of a result; all other dtypes must be equal.
TOLERANCES = {
    torch.float64: (1e-7, 1e-8),
    torch.float32: (1e-4, 1e-5),
    torch.complex64: (1e-4, 1e-5),
    torch.float16: (1e-3, 1e-3),
    torch.bfloat16: (1e-3, 1e-3),
}
SEEDS = (42, 43, 44)


class ConvNormAct3x32(nn.Module):
    """relu(norm(conv(x)))."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv = Conv2d3x32_3x3NobiasFp32(in_channels, out_channels, 3, stride)
        self.norm = BatchNorm32Fp32(out_channels)
        self.relu = ReLU()

    def forward(self, x):
        return self.relu(self.norm(self.conv(x)))


class ConvNorm32x32(nn.Module):
    """norm(conv(x))."""

    def __init__(self, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.conv = Conv2d32x32_3x3NobiasFp32(in_channels, out_channels, kernel_size, stride)
        self.norm = BatchNorm32Fp32(out_channels)

    def forward(self, x):
        return self.norm(self.conv(x))


class ConvNormAct32x32(nn.Module):
    """relu(norm(conv(x)))."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv = Conv2d32x32_3x3NobiasFp32(in_channels, out_channels, 3, stride)
        self.norm = BatchNorm32Fp32(out_channels)
        self.relu = ReLU()

    def forward(self, x):
        return self.relu(self.norm(self.conv(x)))


class ResidualBlock32x32(nn.Module):
    """Two convolutions beside the identity."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.first = ConvNormAct32x32(in_channels, out_channels, stride)
        self.second = ConvNorm32x32(out_channels, out_channels, 3, 1)
        self.relu = ReLU()

    def forward(self, x):
        return self.relu(self.second(self.first(x)) + x)


class ConvNorm32x64Stride2(nn.Module):
    """norm(conv(x))."""

    def __init__(self, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.conv = Conv2d32x64_1x1Stride2NobiasFp32(in_channels, out_channels, kernel_size, stride)
        self.norm = BatchNorm64Fp32(out_channels)

    def forward(self, x):
        return self.norm(self.conv(x))


class ConvNorm64x64(nn.Module):
    """norm(conv(x))."""

    def __init__(self, in_channels, out_channels, kernel_size, stride):
        super().__init__()
        self.conv = Conv2d64x64_3x3NobiasFp32(in_channels, out_channels, kernel_size, stride)
        self.norm = BatchNorm64Fp32(out_channels)

    def forward(self, x):
        return self.norm(self.conv(x))


class ConvNormAct32x64Stride2(nn.Module):
    """relu(norm(conv(x)))."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv = Conv2d32x64_3x3Stride2NobiasFp32(in_channels, out_channels, 3, stride)
        self.norm = BatchNorm64Fp32(out_channels)
        self.relu = ReLU()

    def forward(self, x):
        return self.relu(self.norm(self.conv(x)))


class ResidualBlock32x64Stride2(nn.Module):
    """Two convolutions beside a third one."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.first = ConvNormAct32x64Stride2(in_channels, out_channels, stride)
        self.second = ConvNorm64x64(out_channels, out_channels, 3, 1)
        self.shortcut = ConvNorm32x64Stride2(in_channels, out_channels, 1, stride)
        self.relu = ReLU()

    def forward(self, x):
        residual = self.shortcut(x)
        return self.relu(self.second(self.first(x)) + residual)


class ComposedModel(nn.Module):
    """Images in, class scores out."""

    def __init__(self, in_channels, width, num_classes):
        super().__init__()
        self.stem = ConvNormAct3x32(in_channels, width, 1)
        self.block_1 = ResidualBlock32x32(width, width, 1)
        self.block_2 = ResidualBlock32x64Stride2(width, 2 * width, 2)
        self.pool = AveragePool(1)
        self.head = Head(2 * width, num_classes)

    def forward(self, x):
        x = self.block_2(self.block_1(self.stem(x)))
        return self.head(self.pool(x).flatten(1))


# Each tensor of the source model, and the tensors of ComposedModel that take its values.
WEIGHT_MAP = {
    "block_1.first.conv.weight": "block_1.first.conv.conv.weight",
    "block_1.first.norm.bias": "block_1.first.norm.norm.bias",
    "block_1.first.norm.num_batches_tracked": "block_1.first.norm.norm.num_batches_tracked",
    "block_1.first.norm.running_mean": "block_1.first.norm.norm.running_mean",
    "block_1.first.norm.running_var": "block_1.first.norm.norm.running_var",
    "block_1.first.norm.weight": "block_1.first.norm.norm.weight",
    "block_1.second.conv.weight": "block_1.second.conv.conv.weight",
    "block_1.second.norm.bias": "block_1.second.norm.norm.bias",
    "block_1.second.norm.num_batches_tracked": "block_1.second.norm.norm.num_batches_tracked",
    "block_1.second.norm.running_mean": "block_1.second.norm.norm.running_mean",
    "block_1.second.norm.running_var": "block_1.second.norm.norm.running_var",
    "block_1.second.norm.weight": "block_1.second.norm.norm.weight",
    "block_2.first.conv.weight": "block_2.first.conv.conv.weight",
    "block_2.first.norm.bias": "block_2.first.norm.norm.bias",
    "block_2.first.norm.num_batches_tracked": "block_2.first.norm.norm.num_batches_tracked",
    "block_2.first.norm.running_mean": "block_2.first.norm.norm.running_mean",
    "block_2.first.norm.running_var": "block_2.first.norm.norm.running_var",
    "block_2.first.norm.weight": "block_2.first.norm.norm.weight",
    "block_2.second.conv.weight": "block_2.second.conv.conv.weight",
    "block_2.second.norm.bias": "block_2.second.norm.norm.bias",
    "block_2.second.norm.num_batches_tracked": "block_2.second.norm.norm.num_batches_tracked",
    "block_2.second.norm.running_mean": "block_2.second.norm.norm.running_mean",
    "block_2.second.norm.running_var": "block_2.second.norm.norm.running_var",
    "block_2.second.norm.weight": "block_2.second.norm.norm.weight",
    "block_2.shortcut.conv.weight": "block_2.shortcut.conv.conv.weight",
    "block_2.shortcut.norm.bias": "block_2.shortcut.norm.norm.bias",
    "block_2.shortcut.norm.num_batches_tracked": "block_2.shortcut.norm.norm.num_batches_tracked",
    "block_2.shortcut.norm.running_mean": "block_2.shortcut.norm.norm.running_mean",
    "block_2.shortcut.norm.running_var": "block_2.shortcut.norm.norm.running_var",
    "block_2.shortcut.norm.weight": "block_2.shortcut.norm.norm.weight",
    "head.bias": "head.linear.bias",
    "head.weight": "head.linear.weight",
    "stem.conv.weight": "stem.conv.conv.weight",
    "stem.norm.bias": "stem.norm.norm.bias",
    "stem.norm.num_batches_tracked": "stem.norm.norm.num_batches_tracked",
    "stem.norm.running_mean": "stem.norm.norm.running_mean",
    "stem.norm.running_var": "stem.norm.norm.running_var",
    "stem.norm.weight": "stem.norm.norm.weight",
}


def load_original():
    """The module of the source model."""
    spec = importlib.util.spec_from_file_location("original_model", ORIGINAL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tensor_at(model, key):
    """The parameter, buffer or attribute of this name."""
    for part in key.split("."):
        if isinstance(model, dict):
            model = model[part]
        elif isinstance(model, (list, tuple)):
            model = model[int(part)]
        else:
            model = getattr(model, part)
    return model


def transfer_weights(original, composed):
    """Copies every tensor of the original to where WEIGHT_MAP says."""
    for key, targets in WEIGHT_MAP.items():
        for target in targets if isinstance(targets, list) else [targets]:
            source = tensor_at(original, key) if target is not None else None
            if isinstance(target, dict):
                first, last = target["rows"]
                source = source[first:last]
                target = target["key"]
            if target is not None:
                tensor_at(composed, target).copy_(source)


def perturb(model):
    """Moves every parameter off its default: zero biases and unit norms would hide a wrong map."""
    for parameter in model.parameters():
        if parameter.is_floating_point():
            parameter.add_(0.05 * torch.randn_like(parameter))


def leaves(value):
    """The tensors of a result, in order; numbers become tensors."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (bool, int, float)):
        return [torch.tensor(value)]
    if isinstance(value, dict):
        value = list(value.values())
    elif hasattr(value, "__dataclass_fields__"):
        value = list(vars(value).values())
    elif not isinstance(value, (list, tuple)):
        return []
    return [leaf for item in value for leaf in leaves(item)]


def largest_difference(expected, actual):
    """Over all results; None when one is not equal within its tolerance."""
    if len(expected) != len(actual):
        return None
    largest = 0.0
    for a, b in zip(expected, actual):
        if a.shape != b.shape or a.dtype != b.dtype:
            return None
        rtol, atol = TOLERANCES.get(a.dtype, (0.0, 0.0))
        if not torch.allclose(b, a, rtol=rtol, atol=atol, equal_nan=True):
            return None
        if a.numel() > 0 and a.is_floating_point():
            largest = max(largest, (a - b).abs().nan_to_num().max().item())
    return largest


@torch.no_grad()
def run_tests():
    source = load_original()
    arguments = source.get_init_inputs() if hasattr(source, "get_init_inputs") else []
    passed = True
    for seed in SEEDS:
        torch.manual_seed(seed)
        original = source.Model(*arguments).eval()
        perturb(original)
        composed = ComposedModel(*arguments).eval()
        transfer_weights(original, composed)
        results = []
        for model in (original, composed):
            torch.manual_seed(seed)
            inputs = source.get_inputs()
            options = source.get_input_kwargs() if hasattr(source, "get_input_kwargs") else {}
            results.append(leaves(model(*inputs, **options)))
        difference = largest_difference(*results)
        print(f"seed {seed}: " + ("different" if difference is None else f"max difference {difference:.2e}"))
        passed = passed and difference is not None
    print("PASS" if passed else "FAIL: the composed model is not the original")
    return passed


if __name__ == "__main__":
    sys.exit(0 if run_tests() else 1)
