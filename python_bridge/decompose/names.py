"""Names of kernel files, {operation}_{shape signature}_{dtype}, in the words of rules/names.json."""

import math

from decompose.literal import dtype_code
from decompose.recorder import Event, Meta, metas

RECURRENT = ("lstm", "gru", "rnn_tanh", "rnn_relu", "lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell")


class Namer:
    def __init__(self, rules: dict) -> None:
        self.rules = rules["names"]

    def stem(self, word: str, events: list[Event], parameters: list[Meta], buffers: list[Meta], inputs: list[Meta], outputs: list[Meta],
             contracts: bool) -> str:
        """`events`: what counts of the kernel's functions. One that names itself gives shapes and attributes of its call."""
        parts = [word]
        main = events[0] if len(events) == 1 and word_of(events[0]) == word else None
        if main is not None:
            parts += self.shapes(main, word, parameters, buffers, contracts)
            parts += self.attributes(main, word)
        else:
            largest = max(parameters or buffers, key=lambda m: math.prod(m.shape), default=None)
            if largest is not None:
                parts.append(joined(without_ones(largest.shape)))
            elif contracts:
                parts += [joined(m.shape) for m in inputs]
        parts.append(dtypes(inputs, outputs))
        return "_".join(p for p in parts if p)

    def shapes(self, event: Event, word: str, parameters: list[Meta], buffers: list[Meta], contracts: bool) -> list[str]:
        operands = metas(list(event.arguments.values()))
        weight = lambda name, place: next((m for k, m in event.arguments.items() if k == name and isinstance(m, Meta)),
                                          operands[place] if place < len(operands) else None)
        if word == "linear" and weight("weight", 1) is not None and len(weight("weight", 1).shape) == 2:
            w = weight("weight", 1).shape
            return [joined((w[1], w[0]))] + ([] if len(operands) > 2 else ["nobias"])
        if word.startswith("conv") and weight("weight", 1) is not None:
            w = list(weight("weight", 1).shape)
            groups = event.arguments.get("groups", 1)
            w[1] *= groups if isinstance(groups, int) else 1
            pair = (w[0], w[1]) if "transpose" in word else (w[1], w[0])
            return [joined(pair), joined(w[2:])] + ([] if len(operands) > 2 else ["nobias"])
        if "dropout" in word:
            return []
        if word in ("layer_norm", "rms_norm"):
            shape = event.arguments.get("normalized_shape", ())
            return [joined(shape if isinstance(shape, (list, tuple)) else (shape,))] + ([] if parameters else ["noaffine"])
        if word.startswith(("batch_norm", "instance_norm", "group_norm")):
            groups = [str(event.arguments["num_groups"])] if "num_groups" in event.arguments else []
            return groups + [str(operands[0].shape[1])] + ([] if parameters else ["noaffine"])
        if word in RECURRENT:
            matrices = [m for m in parameters if len(m.shape) == 2]
            return [joined((matrices[0].shape[1], matrices[1].shape[1]))] if len(matrices) > 1 else []
        if contracts and not parameters and not buffers:
            return [joined(m.shape) for m in operands if m.shape]
        largest = max(parameters or buffers, key=lambda m: math.prod(m.shape), default=None)
        return [joined(largest.shape)] if largest is not None else []

    def attributes(self, event: Event, word: str) -> list[str]:
        parts = []
        skip = set(self.rules["said_by_shapes"]) | set(self.rules["ignored_arguments"]) | {"training", "train", "use_input_stats", "inplace"}
        kernel = event.arguments.get("kernel_size")
        for name, value in event.arguments.items():
            if metas(value) or name in skip or name.startswith("_") or value is None:
                continue
            if isinstance(value, (list, tuple)) and not all(isinstance(v, (int, float)) for v in value):
                continue
            default = self.default(word, name)
            said = words(value)
            if said == default.strip("'") or plain(value) == default or (name == "stride" and said == words(kernel)):
                continue
            if "dropout" in word and name == "p":
                continue
            if word in RECURRENT and name not in ("num_layers", "bidirectional"):
                continue
            if name == "dim":
                parts.append("dimlast" if said == "m1" else ("dims" if "x" in said else "dim") + said)
            elif name in self.rules["tags"]:
                parts.append(self.rules["tags"][name] + said)
            elif name in self.rules["plain_arguments"]:
                parts.append(said)
            elif isinstance(value, bool):
                parts.append(("" if value else "no") + name.replace("_", ""))
            elif isinstance(value, str):
                parts.append(said[:12])
            elif isinstance(value, (int, float, list, tuple)):
                parts.append(("arg" if name.isdigit() else name.replace("_", "")) + said)
        return parts + (["inplace"] if event.in_place else [])

    def default(self, word: str, name: str) -> str:
        defaults = self.rules["defaults"]
        return defaults.get(f"{word}.{name}", defaults.get(name, ""))


def word_of(event: Event) -> str:
    """The name of the field for what a function does: batch_norm of four dimensions is batch_norm2d."""
    name = event.name.lstrip("_")
    if name in ("batch_norm", "instance_norm"):
        operands = metas(list(event.arguments.values()))
        rank = len(operands[0].shape) if operands else 2
        return f"{name}{max(rank - 2, 1)}d"
    return {"scaled_dot_product_attention": "sdpa", "mm": "matmul", "mv": "matmul", "dot": "matmul", "index": "index"}.get(name, name)


def joined(shape) -> str:
    return "x".join(str(d) for d in shape)


def without_ones(shape) -> tuple:
    return tuple(d for d in shape if d != 1) or tuple(shape)


def plain(value) -> str:
    return repr(value)


def words(value) -> str:
    """0.2 -> 0p2, -1 -> m1, (2, 2) -> 2, (3, 1) -> 3x1."""
    if isinstance(value, (list, tuple)):
        items = [words(v) for v in value]
        return items[0] if items and len(set(items)) == 1 else "x".join(items)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value == math.floor(value) and abs(value) < 1e9:
        value = int(value)
    text = str(value).replace("-", "m").replace(".", "p")
    return "".join(c for c in text if c.isalnum())


def dtypes(inputs: list[Meta], outputs: list[Meta]) -> str:
    first = dtype_code(inputs[0].dtype) if inputs else ""
    last = dtype_code(outputs[0].dtype) if outputs else ""
    if not first or first == last:
        return last or first or "fp32"
    return f"{first}_{last}" if last else first
