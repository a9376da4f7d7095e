"""Names: of kernels by the engine's own namer (engine/checks/kernel_name.h), of what holds kernels by the words of the field and of
the author and by its width."""

import json

from decompose.component import Component
from decompose.literal import dtype_code
from decompose.recorder import Event, Meta, metas

SIGNATURE = ("nobias", "noaffine", "dimlast", "inplace")


class Namer:
    """`native`: what the worker gives (python_bridge/recorded_names.h); its tape is that of the recorded run."""

    def __init__(self, native) -> None:
        self.native = native

    def kernel(self, word: str, events: list[Event], owned: list[tuple[str, Meta, str]], inputs: list[Meta], outputs: list[Meta]) -> str:
        """`word`: the author's or the field's word for it; it stays where one operation does not name itself. `owned`: (key, Meta, kind)."""
        shape = lambda m: {"shape": list(m.shape), "dtype": m.dtype}
        asked = {"ranges": [e.tape for e in events if e.tape], "tensors": [{"key": k, "kind": t} | shape(m) for k, m, t in owned],
                 "inputs": [shape(m) for m in inputs], "outputs": [shape(m) for m in outputs], "present": word}
        name = self.native.kernel_name(json.dumps(asked))
        said = {"x".join(map(str, m.shape)): "x".join("n" if d is None else str(d) for d in m.sizes) for m in inputs if m.data}
        return "_".join(said.get(part, part) for part in name.split("_"))


def word_of(event: Event) -> str:
    """The name of the field for what a function does: batch_norm of four dimensions is batch_norm2d."""
    name = event.name.lstrip("_")
    if name in ("batch_norm", "instance_norm"):
        operands = metas(list(event.arguments.values()))
        rank = len(operands[0].shape) if operands else 2
        return f"{name}{max(rank - 2, 1)}d"
    return {"scaled_dot_product_attention": "sdpa", "mm": "matmul", "mv": "matmul", "dot": "matmul"}.get(name, name)


# -- of what holds kernels ----------------------------------------------------------------------------------------------


def signature_of(kernel: str) -> list[str]:
    """The parts of a kernel's name behind its words: conv2d_64x128_3x3_nobias_s2_fp32 -> 64x128, 3x3, nobias, s2, fp32."""
    parts = kernel.split("_")
    first = next((i for i, p in enumerate(parts) if i and (p[0].isdigit() or p in SIGNATURE or p[-1].isdigit() and not p.endswith(("1d", "2d", "3d")))), len(parts))
    return parts[first:]


def fusion_name(component: Component, full: bool = False) -> str:
    """conv_bn_relu_64x128_3x3_s2_fp32: its kernels' words, and what the first one's name says of sizes; `full`: all that its
    kernels' names say."""
    kernels = [u.component.name for u in component.uses]
    lead = signature_of(kernels[0])
    kept = [p for p in lead[:-1] if full or (p not in SIGNATURE and not (p[0] == "p" and p[1:].isdigit()))]
    others = [p for k in kernels[1:] for p in signature_of(k)[:-1] if not p[0].isdigit()] if full else []
    return "_".join([*component.words, *kept, *others, lead[-1] if lead else "fp32"])


def width(component: Component) -> str:
    """"64x128_s2": features in and out, and by how much the image shrinks; "256" where they are one number."""
    received = [m for m in metas([v for _, v in component.inputs] + list(component.keywords.values())) if m.shape]
    returned = [m for m in metas(component.output) if m.shape]
    if not returned:
        return ""
    first = next((m for m in received if m.dtype.startswith(("float", "bfloat", "complex")) and len(m.shape) == len(returned[0].shape)), None)
    out = features(returned[0])
    text = f"{out}" if first is None or features(first) == out else f"{features(first)}x{out}"
    if first is not None and len(first.shape) > 3:
        before, after = first.shape[-1], returned[0].shape[-1]
        if after and before > after:
            text += f"_s{before // after}"
        elif before and after > before:
            text += f"_up{after // before}"
    return text


def features(meta: Meta) -> int:
    return meta.shape[1] if len(meta.shape) > 3 else meta.shape[-1]


def constructor_words(group: list[Component]) -> list[str]:
    """The constructor values in which they differ, with their names: heads8, nobias."""
    values = [dict(zip(c.init_names, c.init_inputs)) for c in group]
    keys = [k for k in values[0] if len({v.get(k) for v in values}) > 1]
    found = []
    for v in values:
        parts = []
        for k in keys:
            value, word = v.get(k, "None"), k.replace("_", "")
            if value in ("True", "False"):
                parts.append(word if value == "True" else f"no{word}")
            elif value.strip('"').isidentifier() and value != "None":
                parts.append(value.strip('"'))
            elif value.replace(".", "").isdigit():
                parts.append(word + value.replace(".", "p"))
        found.append("_".join(parts[:3]))
    return found


def sizes(component: Component) -> str:
    """The shape of the first input without its batch."""
    shapes = metas([v for _, v in component.inputs])
    return "x".join(str(d) for d in (shapes[0].shape[1:] or shapes[0].shape)) if shapes else ""


def name_components(components: list[Component], root: Component) -> None:
    """Names for all but the root; kernels come first, what holds them is named by theirs."""
    taken = {root.name}
    for kernels in (True, False):
        groups: dict[str, list[Component]] = {}
        for component in components:
            if component is not root and (not component.uses) == kernels:
                if component.uses:
                    component.name = proper_name(component)
                groups.setdefault(component.name, []).append(component)
        for name, group in groups.items():
            own = [name] if len(group) == 1 and name not in taken else told_apart(name, group, taken)
            for component, one in zip(group, own):
                component.name = one
                taken.add(one)


def proper_name(component: Component) -> str:
    if getattr(component, "fusion", None) is not None:
        return fusion_name(component)
    size = width(component)
    return f"{component.name}_{size}" if size else component.name


def told_apart(name: str, group: list[Component], taken: set[str]) -> list[str]:
    """Names for components of one name: by what their kernels or constructors say, by their input's shape, by number."""
    choices = [[fusion_name(c, True) for c in group]] if all(getattr(c, "fusion", None) for c in group) else []
    differing, shapes = constructor_words(group), [sizes(c) for c in group]
    for words in (differing, shapes, [f"{a}_{b}" for a, b in zip(differing, shapes)], [input_dtype(c) for c in group]):
        choices.append([insert(name, w, c) if w else name for w, c in zip(words, group)])
    for names in choices:
        if len(set(names)) == len(names) and not set(names) & taken:
            return names
    return [insert(name, f"v{i}", c) for i, c in enumerate(group, 1)]


def input_dtype(component: Component) -> str:
    return "_".join(dict.fromkeys(dtype_code(m.dtype) for m in metas([v for _, v in component.inputs])))


def insert(name: str, words: str, component: Component) -> str:
    """Before the dtype of a kernel's or fusion's name, behind other names."""
    if component.uses and getattr(component, "fusion", None) is None:
        return f"{name}_{words}"
    head, _, code = name.rpartition("_")
    return f"{head}_{words}_{code}"
