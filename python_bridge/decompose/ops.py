"""Names and classes of torch functions, as rules/ops.json divides them."""

import inspect

import torch

PYTHON_NAMES = {"truediv": "div", "itruediv": "div", "rtruediv": "rdiv", "floordiv": "floor_divide", "rfloordiv": "floor_divide",
                "ifloordiv": "floor_divide", "mod": "remainder", "imod": "remainder", "rmod": "remainder", "invert": "bitwise_not",
                "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "rand": "bitwise_and", "ror": "bitwise_or",
                "rxor": "bitwise_xor", "getitem": "index", "setitem": "index_put", "rpow": "pow", "ipow": "pow", "radd": "add", "iadd": "add",
                "rmul": "mul", "imul": "mul", "isub": "sub", "rdiv": "div", "matmul": "matmul", "rmatmul": "matmul", "imatmul": "matmul",
                "iand": "bitwise_and", "ior": "bitwise_or", "len": "size", "contains": "eq", "bool": "is_nonzero", "float": "item", "int": "item",
                "index": "item", "reversed": "flip", "array": "item", "iter": "unbind", "format": "item", "repr": "item", "deepcopy": "clone"}

# What the grammar of refactored files lets pass beside the operators of the list.
ALSO_PLUMBING = {"numel", "nelement", "ndimension", "dim", "size", "stride", "type", "float", "half", "double", "bfloat16", "int", "long",
                 "short", "bool", "byte", "char", "is_contiguous", "get_device", "element_size", "new_tensor", "fill_diagonal", "tensor",
                 "as_tensor", "is_tensor", "is_floating_point", "is_complex", "broadcast_shapes", "block_diag", "cartesian_prod", "get",
                 "hash", "cfloat", "cdouble", "finfo", "iinfo", "device", "shape", "bitwise_not", "T", "mT"}
NOT_ALLOWED = {"item", "tolist", "is_nonzero", "equal", "data_ptr", "numpy"}


class Ops:
    """rules/ops.json and rules/names.json, asked by function name."""

    def __init__(self, rules: dict) -> None:
        self.plumbing = set(rules["ops"]["plumbing"]) | ALSO_PLUMBING
        self.arithmetic = set(rules["ops"]["arithmetic"])
        self.identity = set(rules["ops"]["identity"])
        self.contractions = set(rules["names"]["contractions"]) | {
            "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "bmm", "mm", "mv", "dot", "addmm",
            "rnn_tanh", "rnn_relu", "multi_head_attention_forward"}
        self.layers = set(rules["names"]["layers"])
        self.whole = set(rules["names"]["whole_layers"])
        self.composites = rules["equivalences"]["composites"]
        self.same = rules["equivalences"]["names"]

    def kind(self, name: str) -> str:
        """compute, arithmetic, plumbing, convert (of a tensor to a Python value)."""
        if name in NOT_ALLOWED:
            return "convert"
        if name in self.arithmetic:
            return "arithmetic"
        return "plumbing" if name in self.plumbing else "compute"

    def is_layer(self, module) -> bool:
        """One of torch's layers that count as one operation."""
        return f"{type(module).__module__}.{type(module).__name__}" in self.layers

    def canonical(self, name: str) -> str:
        return self.same.get(name, name)

    def one_composite(self, names: set[str]) -> bool:
        """Do these operations make up one (rules/equivalences.json)?"""
        operations = {self.canonical(n) for n in names}
        for composite in self.composites:
            known = set(composite["parts"]) | set(composite["whole"])
            if operations <= known and set(composite.get("kernel_needs", [])) <= operations:
                return True
        return False


def function_name(function) -> tuple[str, bool]:
    """The operator's name without marks, and whether it works in place: Tensor.__iadd__ -> ("add", True)."""
    name = getattr(function, "__name__", "") or ""
    if name.startswith("__") and name.endswith("__"):
        bare = name[2:-2]
        in_place = bare in ("iadd", "imul", "isub", "itruediv", "ifloordiv", "imod", "ipow", "setitem", "iand", "ior", "ixor", "imatmul")
        return PYTHON_NAMES.get(bare, bare), in_place
    if name.endswith("_") and not name.startswith("_"):
        return name[:-1], True
    for prefix in ("linalg_", "special_", "fft_"):
        if name.startswith(prefix):
            return (name if prefix != "special_" else name.removeprefix(prefix)), False
    return name, False


def bound_arguments(function, name: str, args: tuple, kwargs: dict) -> dict:
    """Arguments by name, those that are not their default's value; by position ("0") where no signature is known."""
    try:
        signature = inspect.signature(function)
        bound = signature.bind(*args, **kwargs)
        return {k: v for k, v in bound.arguments.items() if not same(v, signature.parameters[k].default)}
    except (TypeError, ValueError):
        pass
    packet = getattr(torch.ops.aten, name, None) or getattr(torch.ops.aten, getattr(function, "__name__", ""), None)
    if packet is not None:
        for overload in packet.overloads():
            schema = getattr(packet, overload)._schema
            names = [a.name for a in schema.arguments]
            if "out" in names or len(args) > len(names) or any(k not in names for k in kwargs):
                continue
            given = dict(zip(names, args)) | kwargs
            if not all(fits(str(a.type), given[a.name]) for a in schema.arguments if a.name in given):
                if not varargs_fit(schema, args):
                    continue
                given = {names[0]: args[0], names[1]: tuple(args[1:])} | kwargs
            return {a.name: given[a.name] for a in schema.arguments
                    if a.name in given and not (a.has_default_value() and same(given[a.name], a.default_value))}
    return {str(i): v for i, v in enumerate(args)} | kwargs


def varargs_fit(schema, args: tuple) -> bool:
    return len(schema.arguments) >= 2 and "int[]" in str(schema.arguments[1].type).replace("SymInt", "int") and \
        all(type(a) is int for a in args[1:])


def same(value, default) -> bool:
    if isinstance(value, torch.Tensor) or isinstance(default, torch.Tensor):
        return value is default
    try:
        return type(value) in (type(default), int, float) and bool(value == default) and isinstance(value, bool) == isinstance(default, bool)
    except (TypeError, ValueError, RuntimeError):
        return False


def fits(kind: str, value) -> bool:
    kind = kind.replace("SymInt", "int")
    if kind.startswith("Optional"):
        return value is None or fits(kind[9:-1], value)
    if kind == "Tensor":
        return isinstance(value, torch.Tensor)
    if kind.startswith("List[Tensor"):
        return isinstance(value, (list, tuple)) and all(isinstance(v, torch.Tensor) for v in value)
    if kind in ("int",):
        return type(value) is int or isinstance(value, torch.dtype)
    if kind.startswith("List[int"):
        return isinstance(value, (list, tuple)) and all(type(v) is int for v in value) or type(value) is int
    if kind == "number":
        return type(value) in (int, float, bool, complex)
    if kind == "float":
        return type(value) in (int, float)
    if kind == "bool":
        return type(value) is bool
    if kind == "str":
        return type(value) is str
    return True
