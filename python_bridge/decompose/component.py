"""One component file: what it holds, and its text in the layout of the template."""

import dataclasses
import textwrap
from dataclasses import dataclass, field

from decompose.literal import literal
from decompose.recorder import Meta, Opaque, Packed, metas
from decompose.text import Unsupported, sorted_imports

LEVELS = ("kernel", "fusion", "layer", "model")
FOLDERS = ("level_0_kernel", "level_1_fusion", "level_2_layer", "level_3_model")


@dataclass(eq=False)
class Component:
    """A component before it has text. `inputs`: what forward receives, by name, as recorded of one call."""

    key: tuple
    name: str
    level: int
    body: str  # the model class and what it needs
    imports: set
    inputs: list  # (name, described value)
    keywords: dict  # keyword arguments of the recorded call, described
    output: object
    weights: list  # (key, Meta, "parameter" or "buffer")
    operations: list
    init_names: list
    init_inputs: list  # source of each constructor value
    uses: list = field(default_factory=list)  # Use, for a component with a step
    parent: str = "root"
    refactored: object = None
    weight_map: dict = field(default_factory=dict)
    way: str = ""  # how it was taken apart: by its "source", or as "recorded"
    gap: str = ""  # why it was not: it stands as it is, without a step
    notes: list = field(default_factory=list)
    whole_text: str = ""  # of the source model: its own file
    own_kwargs: bool = False  # that file has get_input_kwargs()
    instances: int = 0
    stem_words: tuple = ()

    def children(self) -> list["Component"]:
        """In order of first use, each once."""
        return list(dict.fromkeys(use.component for use in self.uses))


@dataclass(eq=False)
class Use:
    """One child instance of a parent: the attribute path that holds it."""

    path: str
    component: Component
    module: object = None  # the original module, None for an expression's kernel and for a fusion
    weight_pairs: list = field(default_factory=list)  # (original key below the parent, key below the child)
    original: str = ""  # the module's path in the original parent, where that is another
    lead: object = None  # of a fusion: its first module, in whose place it is built
    members: tuple = ()  # of a fusion: the paths of its kernels' modules in the original parent, "" for an expression's kernel


def tensor_source(meta: Meta) -> str:
    """An expression that makes an input as it was recorded: its shape, dtype and range of integers."""
    shape = ", ".join(str(d) for d in meta.shape) if meta.shape else "()"
    dtype = "" if meta.dtype in ("float32",) else f", dtype=torch.{meta.dtype}"
    if meta.dtype == "bool":
        if meta.low is None or meta.low != meta.high:
            return f"torch.rand({shape}) < 0.5"
        return f"torch.{'ones' if meta.low else 'zeros'}({shape}, dtype=torch.bool)"
    if meta.dtype.startswith(("int", "uint")):
        low, high = int(meta.low or 0), int(meta.high or 0)
        size = f"({shape},)" if len(meta.shape) == 1 else f"({shape})" if meta.shape else "()"
        return f"torch.randint({low}, {high + 1}, {size}{'' if meta.dtype == 'int64' else dtype})"
    if meta.dtype.startswith("complex"):
        return f"torch.randn({shape}{dtype})"
    if meta.low is not None and meta.low >= 0:
        return f"torch.rand({shape}{dtype})"
    return f"torch.randn({shape}{dtype})"


def value_source(value) -> str:
    if isinstance(value, Meta):
        return tensor_source(value)
    if isinstance(value, Opaque):
        return literal(value.value)
    if isinstance(value, Packed):
        raise Unsupported(f"an input of type {value.kind.__name__}")
    if isinstance(value, (list, tuple)) and metas(value):
        inner = ", ".join(value_source(v) for v in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict) and metas(value):
        return "{" + ", ".join(f"{literal(k)}: {value_source(v)}" for k, v in value.items()) + "}"
    return literal(value)


def filled(prefix: str, items: list[str], suffix: str = "]") -> str:
    """A list over lines of at most 110 columns."""
    return textwrap.fill(prefix + ", ".join(items) + suffix, 110, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def shape_line(name: str, meta: Meta) -> str:
    shape = "[" + ", ".join("*" if d is None else str(d) for d in meta.sizes) + "]"
    return f"  - {name}: {shape} dtype={meta.dtype}"


def named_inputs(component: Component) -> list[tuple[str, Meta]]:
    found = []
    for name, value in component.inputs + list(component.keywords.items()):
        all_of = metas(value)
        found += [(name if len(all_of) == 1 else f"{name}_{i}", m) for i, m in enumerate(all_of)]
    return found


def header(component: Component, source: str, extra: str = "") -> str:
    lines = [f"Component: {component.name}", f"Source: {source}", f"Abstraction Level: {LEVELS[component.level]}",
             f"Parent: {component.parent}"]
    if component.children():
        lines.append(filled("Children: [", [c.name for c in component.children()]))
    lines += ["", filled("Operations: [", component.operations), "", "Input Shapes:"]
    lines += [shape_line(n, m) for n, m in named_inputs(component)] or ["  - none"]
    outputs = metas(component.output)
    names = ["output"] if len(outputs) == 1 else [f"output_{i}" for i in range(len(outputs))]
    lines += ["", "Output Shapes:"] + [shape_line(n, m) for n, m in zip(names, outputs)]
    lines += ["", "Weight Shapes:"] + ([shape_line(k, m) for k, m, _ in component.weights] or ["  - none"])
    if extra:
        lines += ["", extra.replace('"""', "'''").replace("\\", "\\\\")]
    return '"""\n' + "\n".join(lines) + '\n"""\n'


def get_functions(component: Component) -> str:
    """get_inputs, get_init_inputs, get_input_kwargs."""
    items = [value_source(v) for _, v in component.inputs]
    line = "    return [" + ", ".join(items) + "]"
    if len(line) > 110:
        line = "    return [\n" + "".join(f"        {i},\n" for i in items) + "    ]"
    text = f"def get_inputs():\n{line}\n\n\n"
    names = f"    # {', '.join(component.init_names)}\n" if component.init_names else ""
    text += f"def get_init_inputs():\n{names}    return [{', '.join(component.init_inputs)}]\n"
    if component.keywords:
        items = ", ".join(f'"{k}": {value_source(v)}' for k, v in component.keywords.items())
        text += f"\n\ndef get_input_kwargs():\n    return {{{items}}}\n"
    return text


def self_test(component: Component) -> str:
    outputs = metas(component.output)
    shapes = ", ".join("(" + ", ".join(str(d) for d in m.sizes) + ("," if len(m.shape) == 1 else "") + ")" for m in outputs)
    data = any(None in m.sizes for m in outputs)
    call = "*get_inputs(), **get_input_kwargs()" if component.keywords or component.own_kwargs else "*get_inputs()"
    text = f"def get_expected_output_shape():\n    return [{shapes}]\n\n\n"
    if isinstance(component.output, Meta) and not data:
        return text + TEST_ONE.replace("CALL", call).replace("DTYPE", component.output.dtype)
    records = {p.kind.__name__: [f.name for f in dataclasses.fields(p.kind)] for p in packed(component.output) if dataclasses.is_dataclass(p.kind)}
    unpacked = "".join(f"    if isinstance(value, {kind}):\n        value = [{', '.join('value.' + n for n in names)}]\n" for kind, names in records.items())
    same = DATA_SIZES if data else "shapes == get_expected_output_shape()"
    note = "    # None: a size that the data decide\n" if data else ""
    text = text.replace("    return [", note + "    return [")
    return text + TEST_MANY.replace("CALL", call).replace("SHAPES", same).replace("    if isinstance(value, dict):\n", unpacked + "    if isinstance(value, dict):\n")


def packed(value) -> list[Packed]:
    """Named results in a described value, the outer ones first."""
    inner = value.items if isinstance(value, Packed) else value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return ([value] if isinstance(value, Packed) else []) + [p for v in inner for p in packed(v)]


DATA_SIZES = """[len(s) for s in shapes] == [len(e) for e in get_expected_output_shape()] and all(
        wanted in (None, size) for s, e in zip(shapes, get_expected_output_shape()) for size, wanted in zip(s, e)
    )"""

TEST_ONE = '''def run_tests():
    """Runs the component once on its own inputs; true when what comes out is as declared."""
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(CALL)
    shape = tuple(output.shape)
    passed = [shape] == get_expected_output_shape() and output.dtype == torch.DTYPE
    print("PASS" if passed else f"FAIL: shape {shape}, dtype {output.dtype}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
'''

TEST_MANY = '''def tensors_of(value):
    """The tensors of a nested output, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [t for item in value for t in tensors_of(item)] if isinstance(value, (list, tuple)) else []


def run_tests():
    """Runs the component once on its own inputs; true when what comes out is as declared."""
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(CALL)
    shapes = [tuple(t.shape) for t in tensors_of(output)]
    passed = SHAPES
    print("PASS" if passed else f"FAIL: shapes {shapes}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
'''


def component_text(component: Component, source: str) -> str:
    """The file of a component."""
    if component.whole_text:
        return component.whole_text
    imports = component.imports | {"import torch", "import torch.nn as nn"}
    return "\n".join([header(component, source), *sorted_imports(imports), "", "", component.body.strip() + "\n", "",
                      get_functions(component), "", self_test(component)])
