"""Values that hold others: lists, tuples, dicts, named tuples, dataclasses."""

import dataclasses
import types

import torch

PLAIN = (str, bytes, int, float, bool, complex, type(None), torch.Size, torch.dtype, torch.device, type)


def parts_of(value) -> list[tuple[str, object]]:
    """(how source reads it: `[0]`, `["key"]`, `.name`; the part)."""
    if isinstance(value, (torch.Tensor, torch.nn.Module, *PLAIN)):
        return []
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return [(f".{n}", v) for n, v in zip(value._fields, value)]
    if isinstance(value, (list, tuple)) or type(value).__module__ == "torch.return_types":
        return [(f"[{i}]", v) for i, v in enumerate(value)]
    if isinstance(value, dict):
        return [(f"[{k!r}]".replace("'", '"'), v) for k, v in value.items() if isinstance(k, (str, int))]
    if dataclasses.is_dataclass(value):
        return [(f".{f.name}", getattr(value, f.name)) for f in dataclasses.fields(value)]
    if isinstance(value, types.SimpleNamespace):
        return [(f".{k}", v) for k, v in vars(value).items()]
    return []
