"""What a reader gets with vgg16_aux's decomposition: analysis, log, and the composition test."""

from collections import Counter

LOG = [
    (
        "stage_4",
        "Fusions are shared across image sizes",
        "conv_relu_512x512_3x3 runs at 28x28 in stage 4 and at 14x14 in stage 5 with the same "
        "parameters' shapes: one file. Its inputs are those of its first call.",
    ),
    (
        "stage_1",
        "Pooling belongs to the last fusion of a stage",
        "Convolution, ReLU and pooling are a straight line with nothing between them.",
    ),
]

# Constructor arguments of kernels that are the model's own.
ARGUMENTS = {1000: "num_classes"}

FRAME = '''"""The whole model from L0 kernels only, against the original.

Independent of the steps: needs torch, level_0_kernel/ and level_3_model/. Prints PASS or FAIL.
"""

import sys
from pathlib import Path

import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "level_0_kernel"))
sys.path.insert(0, str(ROOT / "level_3_model"))

%(imports)s

RTOL = 1e-4
ATOL = 1e-5
TRIALS = 3


class ComposedModel(nn.Module):
    """The containers mirror the original's modules: the names of the weights stay comparable."""

    def __init__(self, num_classes):
        super().__init__()
%(build)s

    def forward(self, x):
%(forward)s
        return logits, aux_3, aux_4


def original_key(composed_key):
    """The original's name for a composed tensor: a kernel keeps its own one module deeper."""
    path, _, leaf = composed_key.rsplit(".", 2)
    return f"{path}.{leaf}"


def transfer_weights(original, composed):
    """Copies every parameter and buffer; refuses to leave one out on either side."""
    source = original.state_dict()
    mapped = {key: source.pop(original_key(key)) for key in composed.state_dict()}
    assert not source, f"not used by the composition: {sorted(source)}"
    composed.load_state_dict(mapped)


def perturb(model):
    """Moves every parameter off its default, in proportion to its own spread."""
    for parameter in model.parameters():
        parameter.add_(0.1 * parameter.std() * torch.randn_like(parameter))


@torch.no_grad()
def main():
    original = OriginalModel(*get_init_inputs()).eval()
    composed = ComposedModel(*get_init_inputs()).eval()
    passed = True
    for trial in range(TRIALS):
        torch.manual_seed(42 + trial)
        perturb(original)
        transfer_weights(original, composed)
        inputs = get_inputs()
        differences = []
        for expected, actual in zip(original(*inputs), composed(*inputs), strict=True):
            same = actual.shape == expected.shape and actual.dtype == expected.dtype
            same = same and torch.allclose(actual, expected, rtol=RTOL, atol=ATOL)
            passed = passed and same
            differences.append((actual - expected).abs().max().item())
        print(f"trial {trial} (seed {42 + trial}): max difference {max(differences):.2e}")
    print("PASS" if passed else f"FAIL: beyond rtol {RTOL}, atol {ATOL}")
    return passed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
'''


def alias(component):
    """conv2d_3x64_3x3_p1_fp32 -> Conv2d_3x64_3x3P1: unique, and readable where it is called."""
    words = component.name.removesuffix("_fp32").split("_")
    return "".join(f"_{word}" if word[0].isdigit() else word.capitalize() for word in words)


def constructor(instance, indent):
    """The expression that builds an instance out of kernels and containers."""
    component = instance.component
    if component.level == "kernel":
        arguments = (ARGUMENTS.get(value, str(value)) for value in component.init)
        return f"{alias(component)}({', '.join(arguments)})"
    pad = " " * (indent + 4)
    groups = {}
    for child in instance.children:
        role, _, index = child.role.partition(".")
        groups.setdefault(role, []).append((index, child))
    rows = []
    for role, members in groups.items():
        if members[0][0]:
            rows.append(f'{pad}    "{role}": nn.ModuleList(\n{pad}        [')
            for _, child in members:
                rows.append(f"{pad}            {constructor(child, indent + 16)},")
            rows.append(f"{pad}        ]\n{pad}    ),")
        else:
            rows.append(f'{pad}    "{role}": {constructor(members[0][1], indent + 8)},')
    body = "\n".join(rows)
    return f"nn.ModuleDict(\n{pad}{{\n{body}\n{pad}}}\n{' ' * indent})"


def calls(instance, path):
    """Lines that run an instance on `x`, kernel by kernel."""
    if instance.component.level == "kernel":
        return [f"x = {path}(x)"]
    lines = []
    for child in instance.children:
        role, _, index = child.role.partition(".")
        child_path = f"{path}.{role}[{index}]" if index else f"{path}.{role}"
        if role == "hidden":
            lines.append("x = x.flatten(1)")
        lines += calls(child, child_path)
    return lines


def composition_text(root):
    components = {i.component.name: i.component for _, i in root.walk()}
    kernels = {name: c for name, c in components.items() if c.level == "kernel"}
    imports = [f"from {name} import Model as {alias(kernels[name])}" for name in sorted(kernels)]
    imports += ["from vgg16_aux import Model as OriginalModel"]
    imports += ["from vgg16_aux import get_init_inputs, get_inputs"]
    build = [f"        self.{child.role} = {constructor(child, 8)}" for child in root.children]
    forward = []
    for child in root.children:
        lines = calls(child, f"self.{child.role}")
        if child.role.startswith("aux_head"):
            result = child.role.replace("_head", "")
            lines = ["features = x", *lines, f"{result} = x", "x = features"]
        elif child.role == "classifier":
            lines = ["x = x.flatten(1)", *lines, "logits = x"]
        forward += lines
    return FRAME % {
        "imports": "\n".join(imports),
        "build": "\n".join(build),
        "forward": "\n".join("        " + line for line in forward),
    }


def analysis_text(components, root):
    counts = Counter(instance.component.name for _, instance in root.walk())
    rows = "\n".join(
        f"| `{c.name}` | {c.level} | {counts[c.name]} | {', '.join(c.children) or '-'} |"
        for c in components
    )
    return f"""# vgg16_aux: analysis

Source: `vgg16_aux.py`, VGG16 (configuration D) with auxiliary classifiers after stages 3 and 4. All
dimensions are the source's: batch 10, images 3x224x224, 1000 classes.

## Data flow

```
x [10, 3, 224, 224] - stage_1 [10, 64, 112, 112] - stage_2 [10, 128, 56, 56]
- stage_3 [10, 256, 28, 28] -+- aux_head_3 - aux_3 [10, 1000]
- stage_4 [10, 512, 14, 14] -+- aux_head_4 - aux_4 [10, 1000]
- stage_5 [10, 512, 7, 7] - flatten [10, 25088] - classifier - logits [10, 1000]
```

## Components

Equal workloads share a file: a fusion is told apart by its channels and kernel size, not by the
size of the image. Stages, heads and the classifier are layers: blocks of several fusions, called by
the model. No step needs a weight map.

| component | level | instances | children |
|---|---|---|---|
{rows}

An edge of `data_flow` gives the shape in which the tensor leaves its producer; the parent may
flatten it before the consumer receives it.
"""
