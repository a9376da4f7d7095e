"""The inputs of a wrapper: a Python file with get_inputs(), or JSON that says shape, dtype and range of each argument."""

import ast
import json

import torch

FUNCTIONS = ("get_inputs", "get_input_kwargs")


def from_json(text: str) -> dict[str, str]:
    """Argument -> expression that makes it. {"input_ids": {"shape": [2, 8], "dtype": "int64", "high": 100}}"""
    made = {}
    for name, spec in json.loads(text).items():
        if not isinstance(spec, dict):
            made[name] = repr(spec)
            continue
        shape = tuple(spec["shape"])
        dtype = spec.get("dtype", "float32")
        if "value" in spec:
            made[name] = f"torch.full({shape}, {spec['value']!r}, dtype=torch.{dtype})"
        elif dtype == "bool":
            made[name] = f"torch.rand({shape}) < 0.5" if "high" not in spec else f"torch.ones({shape}, dtype=torch.bool)"
        elif dtype.startswith(("int", "uint")):
            wide = "" if dtype == "int64" else f", dtype=torch.{dtype}"
            made[name] = f"torch.randint({spec.get('low', 0)}, {spec.get('high', 2)}, {shape}{wide})"
        else:
            made[name] = f"torch.randn{shape}" if dtype == "float32" else f"torch.randn({shape}, dtype=torch.{dtype})"
    return made


def functions_of(text: str) -> tuple[str, dict]:
    """The template functions of a Python file with the helpers and constants that it has, and their namespace."""
    tree = ast.parse(text)
    scope: dict = {}
    exec(compile(tree, "<inputs>", "exec"), scope)
    if "get_inputs" not in scope and "get_input_kwargs" not in scope:
        raise ValueError("the inputs file has no get_inputs()")
    kept = [n for n in tree.body if not (isinstance(n, (ast.Import, ast.ImportFrom)) or isinstance(n, ast.If))]
    return "\n\n\n".join(ast.get_source_segment(text, n) for n in kept), scope


def varied(value):
    """The same with some ones of 0/1 tensors made zero: a mask that masks."""
    if isinstance(value, torch.Tensor) and not value.is_floating_point() and value.numel() > 2 and int(value.min()) >= 0 and int(value.max()) <= 1:
        changed = value.clone()
        changed[..., -(max(1, value.shape[-1] // 3)) :] = 0
        return changed
    return value
