"""A fusion: the component of a run of kernels, its file and its step."""

import ast
import inspect

import torch

from decompose.component import Component, Use, get_functions
from decompose.kernels import constructor_arguments, counted, inner_attribute, kind_of, owned_tensor, parameters_of, tensors_of
from decompose.literal import is_literal, literal
from decompose.phrases import fusion_sentence
from decompose.recorder import Meta, metas
from decompose.runs import Item, Run, words_of
from decompose.text import Edits, Text, Unsupported, imports_for, names_in, names_read, needed, sorted_imports

OUTPUT_FEATURES = {"Linear": "out_features", "Conv1d": "out_channels", "Conv2d": "out_channels", "Conv3d": "out_channels",
                   "ConvTranspose1d": "out_channels", "ConvTranspose2d": "out_channels", "ConvTranspose3d": "out_channels"}
TAKES_FEATURES = {"num_features", "num_channels", "normalized_shape"}


class Member:
    """One kernel of a fusion, as both forms of the fusion write it."""

    def __init__(self, planner, owner: torch.nn.Module, item: Item, attribute: str, lead: bool) -> None:
        self.planner = planner
        self.item = item
        self.attribute = attribute
        self.lead = lead
        self.owner = owner
        self.kind = kind_of(item.module) if item.module is not None and not planner.is_author(item.module) else None
        self.arguments: dict = {}
        if self.kind is not None:
            given = constructor_arguments(item.module, planner.recorder)
            if given.pop("_opaque") or not all(is_literal(v) for v in given.values()):
                raise Unsupported("a constructor value that cannot be written")
            if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for n, p in parameters_of(self.kind).items() if n in given):
                raise Unsupported("a variable number of constructor values")
            self.arguments = {n: given[n] for n in parameters_of(self.kind) if n in given}
        elif item.module is not None:
            names, self.sources, inside = planner.init_of(item.module)
            if inside:
                raise Unsupported("a constructor value is a module")
        self.owned: list = []  # (attribute, Meta, kind, lines that make it) of an expression's own tensors
        if item.site is not None and item.site.owned:
            self._own()

    def _own(self) -> None:
        kernels, site = self.planner.kernels, self.item.site
        owned = [(a, m, k) for a, key in site.owned.items() for t, k in [owned_tensor(self.owner, self.planner.recorder, key)]
                 for m in [Meta(tuple(t.shape), str(t.dtype).removeprefix("torch."))]]
        lines, names, _, used = kernels._owned_source(self.owner, site, owned)
        if names or used - {"torch"}:
            raise Unsupported("an own tensor that is made from constructor values")
        self.owned, self.owned_lines = owned, lines

    @property
    def identity(self) -> tuple:
        body = self.item.site and chained(self.item.site.body, first_name(self.item), "x")
        return (self.item.component.key, self.attribute, () if self.lead else tuple((k, literal(v)) for k, v in self.arguments.items()), body)

    def expression(self, given: list[str]) -> str:
        """What the standalone fusion computes here."""
        site = self.item.site
        if site is None:
            return f"self.{self.attribute}({', '.join(given)})"
        body = site.body
        for (name, _, _), new in zip(self.order(), given):
            body = chained(body, name, new)
        return body

    def order(self) -> list:
        at = self.planner.text.start
        return sorted(self.item.site.params, key=lambda p: at(p[1]))

    def weights(self) -> list:
        """(key in the fusion, Meta, kind, key below the parent, key below the kernel)."""
        if self.item.site is not None:
            keys = self.item.site.owned
            return [(a, m, k, self.planner.kernels._local_key(self.owner, keys[a]), own)
                    for (a, m, k), (own, _, _) in zip(self.owned, self.item.component.weights) if k != "attribute"]
        inner = getattr(self.item.component, "inner", "")
        return [(f"{self.attribute}.{k}", m, t, f"{self.item.path}.{k}", f"{inner}.{k}" if inner else k) for k, m, t in tensors_of(self.item.module)]


def first_name(item: Item) -> str:
    return min(item.site.params, key=lambda p: p[1].lineno * 10000 + p[1].col_offset)[0] if item.site.params else ""


def chained(body: str, old: str, new: str) -> str:
    """An expression with one of its variables named anew."""
    if old == new:
        return body
    wrapped = f"({body})" if "\n" in body else body
    text = Text(wrapped)
    edits = Edits(text)
    for node in ast.walk(text.tree):
        if isinstance(node, ast.Name) and node.id == old:
            edits.replace_node(node, new)
    return edits.applied(0, len(text.data))


class Fusion:
    """Plans and writes one fusion; instances of the same are one object. `component` is its component."""

    def __init__(self, planner, owner: torch.nn.Module, run: Run) -> None:
        self.planner = planner
        self.run = run
        words = [words_of(i) for i in run.items]
        self.words = distinct(words)
        attributes = attributes_for(words)
        self.members = [Member(planner, owner, item, attribute, place == 0) for place, (item, attribute) in enumerate(zip(run.items, attributes))]
        self.key = ("fusion", tuple(m.identity for m in self.members))
        lead = self.members[0]
        self.kind = lead.kind
        self.values = dict(lead.arguments) if lead.kind is not None else {}

    def plan(self) -> Component:
        items = self.run.items
        lead = self.members[0]
        names = [n for n, _, _ in lead.order()] if lead.item.site is not None else ["x"]
        self.names = names
        weights = [w for m in self.members for w in m.weights()]
        taken = [a for m in self.members for a, _, _ in m.owned] + [m.attribute for m in self.members if m.item.module is not None]
        if len(set(taken)) < len(taken):
            raise Unsupported("two tensors of one name")
        operations = [words_of(i) for i in items]
        component = Component(self.key, "_".join(self.words), 1, "", set(), list(zip(names, items[0].inputs)), {}, items[-1].output,
                              [(k, m, t) for k, m, t, _, _ in weights], operations, [], [])
        component.uses = [Use(m.attribute, m.item.component, None, [(k, own) for k, _, _, _, own in m.weights()]) for m in self.members]
        component.way = "run"
        component.fusion = self
        component.words = tuple(self.words)
        component.make = self.write
        self.component = component
        if self.kind is not None:
            self.planner.kernels.arguments[id(component)] = {"kind": self.kind, "values": self.values, "positional": 0, "call": None}
        return component

    def inner(self) -> dict[str, tuple]:
        """By attribute: what each kernel received and returned in the instance that is written."""
        items = self.component.fusion.run.items
        return {use.path: (i.inputs, i.output) for use, i in zip(self.component.uses, items)}

    def pairs(self) -> list[tuple[str, str]]:
        """(key below the parent, key below the fusion)."""
        return [(below, key) for m in self.members for key, _, _, below, _ in m.weights()]

    def seen_again(self, other: "Fusion") -> None:
        """Another instance of the same: what its constructor gives, this one's may be given."""
        if self.kind is not None and other.kind is self.kind:
            self.values.update({k: v for k, v in other.values.items() if k not in self.values})

    # -- text ----------------------------------------------------------------------------------------------------------

    def parameters(self) -> list[inspect.Parameter]:
        return [p for n, p in parameters_of(self.kind).items() if n in self.values] if self.kind is not None else []

    def heads(self) -> list[str]:
        """Parameters of __init__."""
        parts = [f"{p.name}={literal(p.default)}" if p.default is not p.empty else p.name for p in self.parameters()]
        if any("=" in a and "=" not in b for a, b in zip(parts, parts[1:])):
            parts = [p.name for p in self.parameters()]
        return parts

    def passed(self, member: Member) -> list[str]:
        """Constructor arguments of a member's layer, in the terms of the fusion's own."""
        signature = parameters_of(member.kind)
        if member.lead:
            return [f"{p.name}={p.name}" if p.default is not p.empty else p.name for p in self.parameters()]
        features = OUTPUT_FEATURES.get(self.kind.__name__, "") if self.kind is not None else ""
        parts = []
        for name, value in member.arguments.items():
            same = features in self.values and name in TAKES_FEATURES and value == self.values[features] and type(value) is int
            text = features if same else literal(value)
            required = signature[name].default is inspect.Parameter.empty
            parts.append(text if required and len(parts) == list(signature).index(name) else f"{name}={text}")
        return parts

    def head_lines(self) -> list[str]:
        heads = self.heads()
        line = f"    def __init__({', '.join(['self'] + heads)}):"
        if len(line) > 110:
            line = "    def __init__(\n        " + ", ".join(["self"] + heads) + "\n    ):"
        return [line, "        super().__init__()"]

    def forward_lines(self, expressions: list[str]) -> list[str]:
        lines = [f"    def forward({', '.join(['self'] + self.names)}):"]
        body = [line if "\n" not in line else f"(\n{' ' * 12}{line.strip('()').strip()}\n{' ' * 8})" for line in expressions]
        return lines + [f"        x = {line}" for line in body[:-1]] + [f"        return {body[-1]}"]

    def write(self) -> None:
        """The standalone form, when all instances are known."""
        made, reached, helpers = [], set(), []
        for m in self.members:
            if m.kind is not None:
                made.append(f"        self.{m.attribute} = nn.{m.kind.__name__}({', '.join(self.passed(m))})")
            elif m.item.module is not None:
                kind = type(m.item.module)
                source, names = self.planner.class_source(kind, kind.__name__)
                if source not in helpers:
                    helpers.append(source)
                reached |= names
                made.append(f"        self.{m.attribute} = {kind.__name__}({', '.join(m.sources)})")
            else:
                made += ["        " + line for line in (m.owned_lines if m.owned else [])]
                reached |= m.item.site.helpers
        lines = ["class Model(nn.Module):", f'    """{self.sentence()}"""', ""]
        if made:
            lines += self.head_lines() + made + [""]
        lines += self.forward_lines([m.expression(self.names if m.lead else ["x"]) for m in self.members])
        code = "\n".join(lines)
        text = self.planner.text
        reached |= names_in(code)
        known = "\n\n\n".join(helpers)
        statements = [s for s in needed(text, reached - {"Model"}) if text.statement(s).strip() not in known and not isinstance(s, ast.ClassDef)]
        for s in statements:
            reached |= names_read(s)
        component = self.component
        component.imports = {line for line in imports_for(text, reached) if line}
        parts = [text.statement(s).strip() for s in statements] + helpers + [code]
        component.body = "\n\n\n".join(parts)
        component.init_names = [p.name for p in self.parameters()]
        component.init_inputs = [literal(self.values[n]) for n in component.init_names]

    def sentence(self) -> str:
        return fusion_sentence(self.words)

    # -- the step ------------------------------------------------------------------------------------------------------

    def refactored_source(self, step: int, alias: dict[int, str], construction) -> str:
        """`construction` of a kernel that no constructor value of the fusion reaches."""
        made = []
        for m, use in zip(self.members, self.component.uses):
            name = alias[id(use.component)]
            explicit = self.planner.kernels.arguments.get(id(use.component))
            if m.kind is not None and explicit is not None and explicit["kind"] is m.kind:
                made.append(f"        self.{m.attribute} = {name}({', '.join(self.passed(m))})")
            else:
                made.append(f"        self.{m.attribute} = {construction(use, m.item.module)}")
        lines = ["class RefactoredModel(nn.Module):", f'    """{self.sentence()}"""', "", *self.head_lines(), *made, ""]
        lines += self.forward_lines([f"self.{m.attribute}({', '.join(self.names if m.lead else ['x'])})" for m in self.members])
        children = sorted(f"from children.{c.name} import Model as {alias[id(c)]}" for c in self.component.children())
        functions = get_functions(self.component)
        text = self.planner.text
        imports = {line for line in imports_for(text, names_in(functions)) if line} | {"import torch", "import torch.nn as nn", "import sys", "from pathlib import Path"}
        top = [f'"""Step {step}: {self.component.name} as calls of its children."""', "", *sorted_imports(imports), "",
               "sys.path.insert(0, str(Path(__file__).resolve().parent))", "", *children, "", ""]
        return "\n".join(top + lines) + "\n\n\n" + functions


def distinct(words: list[str]) -> list[str]:
    """The same word twice in a row is named once."""
    return [w for i, w in enumerate(words) if i == 0 or w != words[i - 1]]


def attributes_for(words: list[str]) -> list[str]:
    return [w if words.count(w) == 1 else f"{w}{words[: i + 1].count(w)}" for i, w in enumerate(words)]
