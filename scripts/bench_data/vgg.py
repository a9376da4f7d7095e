#!/usr/bin/env python3
"""Writes a 25-step decomposition of a VGG16-sized model (batch 10, 3x224x224), for benchmarks.

    vgg.py FOLDER    writes FOLDER/vgg16_aux.py, the source, and FOLDER/decomposed/vgg16_aux/

Plain VGG16 has 17 components to decompose when equal ones share a file. The two auxiliary heads of
vgg16_aux.py, and pooling as part of the last fusion of a stage, make 25 without any duplicate:
1 model, 5 stages, 2 heads, 1 classifier, 12 convolution fusions, 4 linear fusions. 20 kernels.
Weights: 0.56 GiB. Original and composition together in one process peak at 2.2 GiB.
"""

import argparse
import ast
import shutil
from pathlib import Path

from emit import Component, Instance, write_decomposition
from vgg_text import LOG, analysis_text, composition_text

SOURCE = Path(__file__).resolve().parent / "vgg16_aux.py"
BATCH = 10
CLASSES = 1000
NN = "import torch\nimport torch.nn as nn"
FUNCTIONAL = NN + "\nimport torch.nn.functional as F"


def source_classes():
    text = SOURCE.read_text(encoding="utf-8")
    classes = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    return {node.name: ast.get_source_segment(text, node) for node in classes}


class Builder:
    """Makes instances; equal workloads share the component that the first of them made."""

    def __init__(self):
        self.components = {}
        self.classes = source_classes()

    def kernel(self, role, name, x, y, operation, body, init=(), init_names="", weights=None):
        imports = FUNCTIONAL if "F." in body else NN
        component = Component(
            name, "kernel", f"{imports}\n\n\n{body}", list(init), init_names,
            {"x": x}, {"output": y}, [operation], weights or {},
        )
        component = self.components.setdefault(name, component)
        return Instance(role, component, {"x": x}, {"output": y})

    def composite(self, role, name, level, classes, init, init_names, x, outputs, children,
                  refactored, plumbing="", edges=None):
        """classes: names in the source, helpers first; the last becomes the component's Model."""
        bodies = [self.classes[class_name] for class_name in classes]
        bodies[-1] = bodies[-1].replace(f"class {classes[-1]}(", "class Model(", 1)
        weights = {}
        for child in children:
            for key, shape in child.component.weights.items():
                # A kernel keeps its weights one module deeper than the source does.
                short = key.split(".")[-1] if child.component.level == "kernel" else key
                weights[f"{child.role}.{short}"] = shape
        operations = [op for child in children for op in child.component.operations]
        names = list(dict.fromkeys(child.component.name for child in children))
        component = Component(
            name, level, FUNCTIONAL + "\n\n\n" + "\n\n\n".join(bodies), init, init_names,
            {"x": x}, outputs, operations, weights, names, refactored, plumbing,
        )
        component = self.components.setdefault(name, component)
        return Instance(role, component, {"x": x}, outputs, children, edges)

    # Kernels

    def conv2d(self, role, channels_in, channels_out, size, x):
        padding = size // 2
        suffix = f"{size}x{size}" + (f"_p{padding}" if padding else "")
        body = '''class Model(nn.Module):
    """Convolution with a bias, stride 1."""

    def __init__(self, in_channels, out_channels, kernel_size, padding):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, padding=padding)

    def forward(self, x):
        return self.conv(x)'''
        return self.kernel(
            role, f"conv2d_{channels_in}x{channels_out}_{suffix}_fp32",
            x, [x[0], channels_out, *x[2:]], "conv2d", body,
            [channels_in, channels_out, size, padding],
            "in_channels, out_channels, kernel_size, padding",
            {"conv.weight": [channels_out, channels_in, size, size], "conv.bias": [channels_out]},
        )

    def linear(self, role, features_in, features_out):
        body = '''class Model(nn.Module):
    """Affine map of the last dimension."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return self.linear(x)'''
        return self.kernel(
            role, f"linear_{features_in}x{features_out}_fp32",
            [BATCH, features_in], [BATCH, features_out], "linear", body,
            [features_in, features_out], "in_features, out_features",
            {"linear.weight": [features_out, features_in], "linear.bias": [features_out]},
        )

    def relu(self, x):
        body = '''class Model(nn.Module):
    """ReLU; works on any shape."""

    def forward(self, x):
        return F.relu(x)'''
        return self.kernel("relu", "relu_fp32", x, x, "relu", body)

    def max_pool(self, x):
        body = '''class Model(nn.Module):
    """Maximum over square windows."""

    def __init__(self, kernel_size, stride):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride

    def forward(self, x):
        return F.max_pool2d(x, self.kernel_size, self.stride)'''
        return self.kernel(
            "pool", "max_pool2d_k2_s2_fp32", x, [*x[:2], x[2] // 2, x[3] // 2], "max_pool2d",
            body, [2, 2], "kernel_size, stride",
        )

    def average_pool(self, size, x):
        body = '''class Model(nn.Module):
    """Mean over as many windows as the output has pixels."""

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def forward(self, x):
        return F.adaptive_avg_pool2d(x, self.output_size)'''
        return self.kernel(
            "pool", f"adaptive_avg_pool2d_{size}x{size}_fp32", x, [*x[:2], size, size],
            "adaptive_avg_pool2d", body, [size], "output_size",
        )

    # Fusions

    def conv_relu(self, role, channels_in, channels_out, size, x, pool=False):
        conv = self.conv2d("conv", channels_in, channels_out, size, x)
        children = [conv, self.relu(conv.outputs["output"])]
        if pool:
            children.append(self.max_pool(conv.outputs["output"]))
        imports = [f"from children.{conv.component.name} import Model as Conv2d"]
        imports += ["from children.max_pool2d_k2_s2_fp32 import Model as MaxPool2d"] * pool
        imports += ["from children.relu_fp32 import Model as ReLU"]
        refactored = "\n".join(imports) + f'''


class RefactoredModel(nn.Module):
    """Convolution that keeps the image's size, {"ReLU, and pooling" if pool else "and ReLU"}."""

    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.conv = Conv2d(in_channels, out_channels, kernel_size, kernel_size // 2)
        self.relu = ReLU(){"""
        self.pool = MaxPool2d(2, 2)""" if pool else ""}

    def forward(self, x):
        return {"self.pool(self.relu(self.conv(x)))" if pool else "self.relu(self.conv(x))"}'''
        return self.composite(
            role, f"conv_relu{'_pool' * pool}_{channels_in}x{channels_out}_{size}x{size}", "fusion",
            ["ConvReLUPool" if pool else "ConvReLU"], [channels_in, channels_out, size],
            "in_channels, out_channels, kernel_size", x, children[-1].outputs, children, refactored,
        )

    def linear_relu(self, role, features_in, features_out):
        linear = self.linear("linear", features_in, features_out)
        relu = self.relu(linear.outputs["output"])
        refactored = f'''from children.{linear.component.name} import Model as Linear
from children.relu_fp32 import Model as ReLU


class RefactoredModel(nn.Module):
    """Linear layer and ReLU."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = Linear(in_features, out_features)
        self.relu = ReLU()

    def forward(self, x):
        return self.relu(self.linear(x))'''
        return self.composite(
            role, f"linear_relu_{features_in}x{features_out}", "fusion", ["LinearReLU"],
            [features_in, features_out], "in_features, out_features", linear.inputs["x"],
            relu.outputs, [linear, relu], refactored,
        )

    # Layers

    def stage(self, number, channels_in, channels_out, convs, x):
        children = [self.conv_relu("first", channels_in, channels_out, 3, x)]
        after = children[0].outputs["output"]
        for i in range(convs - 2):
            children.append(self.conv_relu(f"middle.{i}", channels_out, channels_out, 3, after))
        children.append(self.conv_relu("last", channels_out, channels_out, 3, after, pool=True))
        first, last = children[0].component.name, children[-1].component.name
        middle = children[1].component.name if convs > 2 else first
        alias = "FirstConvReLU" if middle != first else "ConvReLU"
        aliases = {first: alias} | ({middle: "ConvReLU"} if convs > 2 else {})
        aliases[last] = "ConvReLUPool"
        imports = [f"from children.{name} import Model as {aliases[name]}" for name in aliases]
        build = """
        self.middle = nn.ModuleList(
            ConvReLU(out_channels, out_channels, 3) for _ in range(num_convs - 2)
        )""" if convs > 2 else ""
        call = """
        for conv in self.middle:
            x = conv(x)""" if convs > 2 else ""
        refactored = "\n".join(imports) + f'''


class RefactoredModel(nn.Module):
    """Convolutions at one image size; the last one pools."""

    def __init__(self, in_channels, out_channels, num_convs):
        super().__init__()
        self.first = {alias}(in_channels, out_channels, 3){build}
        self.last = ConvReLUPool(out_channels, out_channels, 3)

    def forward(self, x):
        x = self.first(x){call}
        return self.last(x)'''
        return self.composite(
            f"stage_{number}", f"stage_{number}", "layer", ["ConvReLU", "ConvReLUPool", "Stage"],
            [channels_in, channels_out, convs], "in_channels, out_channels, num_convs", x,
            children[-1].outputs, children, refactored,
        )

    def aux_head(self, number, channels_in, size, x):
        pool = self.average_pool(size, x)
        reduce = self.conv_relu("reduce", channels_in, 128, 1, pool.outputs["output"])
        hidden = self.linear_relu("hidden", 128 * size * size, 1024)
        logits = self.linear("logits", 1024, CLASSES)
        children = [pool, reduce, hidden, logits]
        names = [child.component.name for child in children]
        refactored = f'''from children.{names[0]} import Model as AdaptiveAvgPool2d
from children.{names[1]} import Model as ConvReLU
from children.{names[3]} import Model as Linear
from children.{names[2]} import Model as LinearReLU


class RefactoredModel(nn.Module):
    """Logits from the features of an inner stage."""

    def __init__(self, in_channels, pool_size, num_classes):
        super().__init__()
        self.pool = AdaptiveAvgPool2d(pool_size)
        self.reduce = ConvReLU(in_channels, 128, 1)
        self.hidden = LinearReLU(128 * pool_size * pool_size, 1024)
        self.logits = Linear(1024, num_classes)

    def forward(self, x):
        x = self.reduce(self.pool(x))
        return self.logits(self.hidden(x.flatten(1)))'''
        return self.composite(
            f"aux_head_{number}", f"aux_head_{number}", "layer",
            ["ConvReLU", "LinearReLU", "AuxHead"],
            [channels_in, size, CLASSES], "in_channels, pool_size, num_classes", x,
            logits.outputs, children, refactored, "the flattening of the features",
        )

    def classifier(self, features):
        children = [
            self.linear_relu("hidden_1", features, 4096),
            self.linear_relu("hidden_2", 4096, 4096),
            self.linear("logits", 4096, CLASSES),
        ]
        names = [child.component.name for child in children]
        refactored = f'''from children.{names[2]} import Model as Linear
from children.{names[0]} import Model as FirstLinearReLU
from children.{names[1]} import Model as SecondLinearReLU


class RefactoredModel(nn.Module):
    """Logits from the features of the last stage."""

    def __init__(self, in_features, hidden_features, num_classes):
        super().__init__()
        self.hidden_1 = FirstLinearReLU(in_features, hidden_features)
        self.hidden_2 = SecondLinearReLU(hidden_features, hidden_features)
        self.logits = Linear(hidden_features, num_classes)

    def forward(self, x):
        return self.logits(self.hidden_2(self.hidden_1(x)))'''
        return self.composite(
            "classifier", "classifier", "layer", ["LinearReLU", "Classifier"],
            [features, 4096, CLASSES], "in_features, hidden_features, num_classes",
            [BATCH, features], children[-1].outputs, children, refactored,
        )

    def model(self):
        x = [BATCH, 3, 224, 224]
        stages, channels, widths = [], 3, ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
        for number, (width, convs) in enumerate(widths, 1):
            after = stages[-1].outputs["output"] if stages else x
            stages.append(self.stage(number, channels, width, convs, after))
            channels = width
        heads = [
            self.aux_head(3, 256, 7, stages[2].outputs["output"]),
            self.aux_head(4, 512, 4, stages[3].outputs["output"]),
        ]
        classifier = self.classifier(512 * 7 * 7)
        children = [*stages[:3], heads[0], stages[3], heads[1], stages[4], classifier]
        imports = "\n".join(
            f"from children.{name} import Model as {name.title().replace('_', '')}"
            for name in sorted(child.component.name for child in children)
        )
        refactored = imports + '''


class RefactoredModel(nn.Module):
    """Images in, three sets of logits out: main, after stage 3, after stage 4."""

    def __init__(self, num_classes):
        super().__init__()
        self.stage_1 = Stage1(3, 64, 2)
        self.stage_2 = Stage2(64, 128, 2)
        self.stage_3 = Stage3(128, 256, 3)
        self.stage_4 = Stage4(256, 512, 3)
        self.stage_5 = Stage5(512, 512, 3)
        self.aux_head_3 = AuxHead3(256, 7, num_classes)
        self.aux_head_4 = AuxHead4(512, 4, num_classes)
        self.classifier = Classifier(512 * 7 * 7, 4096, num_classes)

    def forward(self, x):
        x = self.stage_2(self.stage_1(x))
        x = self.stage_3(x)
        aux_3 = self.aux_head_3(x)
        x = self.stage_4(x)
        aux_4 = self.aux_head_4(x)
        x = self.stage_5(x)
        return self.classifier(x.flatten(1)), aux_3, aux_4'''
        logits = [BATCH, CLASSES]
        outputs = {"logits": logits, "aux_3": logits, "aux_4": logits}
        edges = [
            ("", "stage_1"), ("stage_1", "stage_2"), ("stage_2", "stage_3"),
            ("stage_3", "aux_head_3"), ("stage_3", "stage_4"), ("stage_4", "aux_head_4"),
            ("stage_4", "stage_5"), ("stage_5", "classifier"),
            ("classifier", ""), ("aux_head_3", ""), ("aux_head_4", ""),
        ]
        return self.composite(
            "root", "vgg16_aux", "model", list(self.classes), [CLASSES], "num_classes", x, outputs,
            children, refactored, "the flattening of the last features", edges,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="made where it does not exist; must be empty")
    folder = parser.parse_args().folder
    if folder.exists() and any(folder.iterdir()):
        parser.error(f"{folder} is not empty; name a new folder")
    builder = Builder()
    root = builder.model()
    order = {"model": 0, "layer": 1, "fusion": 2, "kernel": 3}
    components = sorted(builder.components.values(), key=lambda c: order[c.level])
    target = folder / "decomposed" / "vgg16_aux"
    steps = write_decomposition(
        target, SOURCE.name, components, root, analysis_text(components, root), LOG,
        composition_text(root),
    )
    shutil.copyfile(SOURCE, folder / SOURCE.name)
    kernels = sum(component.level == "kernel" for component in components)
    print(f"{target}: {len(steps)} steps, {kernels} kernels")


if __name__ == "__main__":
    main()
