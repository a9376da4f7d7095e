"""Constructor values that are no plain values (modules, configuration objects, classes, functions, parameters): a component that stands
alone makes them inside of its own __init__."""

import ast
import builtins
import types

import torch

from decompose.literal import literal
from decompose.recorder import Recorder
from decompose.text import Unsupported, names_read


def is_plain(value) -> bool:
    """Numbers, strings, None, dtypes, and containers of these: get_init_inputs() may return it."""
    if isinstance(value, (tuple, list)):
        return all(is_plain(v) for v in value) and type(value) in (tuple, list, torch.Size)
    if type(value) is dict:
        return all(is_plain(v) for v in value.values())
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes, torch.dtype, torch.device, range, slice)):
        return True
    return type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0


def made_inside(recorder: Recorder, value) -> str:
    """An expression that makes the value as its author did. Throws Unsupported."""
    if isinstance(value, torch.nn.Module):
        return module_source(recorder, value)
    if isinstance(value, torch.nn.Parameter):
        return f"nn.Parameter(torch.randn({', '.join(map(str, value.shape)) or '()'}, dtype={value.dtype}))"
    if isinstance(value, (tuple, list)) and type(value) in (tuple, list):
        inner = ", ".join(made_inside(recorder, v) for v in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)"
    if type(value) is dict:
        return "{" + ", ".join(f"{literal(k)}: {made_inside(recorder, v)}" for k, v in value.items()) + "}"
    if isinstance(value, types.FunctionType) and value.__name__ == "<lambda>":
        return lambda_source(recorder, value)
    if id(value) in recorder.objects:
        return object_source(recorder, value)
    return literal(value)


def lambda_source(recorder: Recorder, value) -> str:
    """The author's text of a lambda that reads nothing from around it."""
    found = [n for n in recorder.text.nodes if isinstance(n, ast.Lambda) and n.lineno == value.__code__.co_firstlineno]
    own = {a.arg for n in found for a in n.args.args} | {"torch", "F", "nn", "math"}
    if len(found) != 1 or any(name not in own and not hasattr(builtins, name) for name in names_read(found[0])):
        raise Unsupported("a lambda that reads what is around it, or shares its line with another")
    return recorder.text.of(found[0])


def object_source(recorder: Recorder, value) -> str:
    """The constructor call of an object of the author's, where nothing changed it since."""
    args, kwargs = recorder.objects[id(value)]
    again = type(value)(*args, **kwargs)
    if {k: repr(v) for k, v in vars(again).items()} != {k: repr(v) for k, v in vars(value).items()}:
        raise Unsupported(f"an object of {type(value).__name__} was changed after it was made")
    parts = [made_inside(recorder, a) for a in args] + [f"{k}={made_inside(recorder, v)}" for k, v in kwargs.items()]
    return f"{type(value).__name__}({', '.join(parts)})"


def module_source(recorder: Recorder, module: torch.nn.Module) -> str:
    kind = vars(module).get("_decomp_author") or type(module)
    name = kind.__name__ if kind.__module__ == "decomp_judged" else f"nn.{kind.__name__}"
    args, kwargs = recorder.constructed.get(id(module), ((), {}))
    parts = [made_inside(recorder, a) for a in args] + [f"{k}={made_inside(recorder, v)}" for k, v in kwargs.items()]
    return f"{name}({', '.join(parts)})"
