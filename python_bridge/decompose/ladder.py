"""Which module is taken apart in which way. Each begins with its author's source. Where that cannot be expressed, or was not proved, the
module alone goes on to straight-line source of the recorded run, then stays as it is; what cannot even stand alone is part of its parent."""

import ast

import torch

from decompose.recorder import CONTAINERS, Recorder
from decompose.text import Text, Unsupported, snake
from decompose.trace import Straight, Tracer

MOST_TURNS = 12


class Ways:
    """{path of a module: {"way", "reason"}}; a path that is not there goes by its source. `given`: what the host has learnt."""

    def __init__(self, given: dict) -> None:
        self.of = {path: dict(entry) for path, entry in given.items()}

    def way(self, path: str) -> str:
        way = self.of.get(path, {}).get("way", "source")
        return "source" if way == "ungrouped" else way

    def reason(self, path: str) -> str:
        return self.of.get(path, {}).get("reason", "")

    def paths(self, way: str) -> set[str]:
        return {path for path, entry in self.of.items() if entry["way"] == way}

    def learn(self, failures: dict[str, tuple[str, bool]], recorder: Recorder) -> None:
        """The next way for each module that failed. `failures`: {path: (reason, whether it can stand alone)}. Throws Unsupported where
        there is none."""
        for path, (reason, alone) in failures.items():
            module = recorder.model.get_submodule(path)
            authored = type(module).__module__ == "decomp_judged" or isinstance(module, torch.nn.Sequential)
            following = {"source": "recorded", "recorded": "none", "none": "inline"}.get(self.way(path), "inline") if authored and alone else "inline"
            if following != "inline":
                before = self.reason(path)
                known = not before or before in reason
                self.of[path] = {"way": following, "reason": reason if known else f"{before}; from the recorded run, too, {reason}"}
                continue
            if not path:
                raise Unsupported(reason)
            self.of[path] = {"way": "inline", "reason": reason}
            parent = parent_of(path, recorder)
            if self.way(parent) == "source":
                self.of[parent] = {"way": "recorded", "reason": f"its part {path.removeprefix(parent).lstrip('.')} cannot stand alone: {reason}"}


def parent_of(path: str, recorder: Recorder) -> str:
    """The nearest module above that is called and no container."""
    while path:
        path = path.rpartition(".")[0]
        module = recorder.model.get_submodule(path)
        if type(module) not in CONTAINERS and id(module) in recorder.calls:
            return path
    return ""


def with_recorded(text: Text, path: str, ops, ways: Ways, native) -> tuple[Text, dict[str, tuple[str, dict]], dict[str, tuple[str, bool]]]:
    """The source with a straight-line class behind it for each module that goes that way; {module's path: (its class, names that its
    children get)}; what failed."""
    tracer = Tracer(text, ops, native)
    module = tracer.load(path)
    tracer.build(module)
    torch.manual_seed(1)
    inputs = module.get_inputs()
    keywords = module.get_input_kwargs() if hasattr(module, "get_input_kwargs") else {}
    tracer.traces = {}
    if ways.paths("recorded"):
        tracer.trace(ways.paths("recorded"), ways.paths("inline"), inputs, keywords)
    classes: dict[tuple, str] = {}
    chosen, failures, source = {}, {}, text.text.rstrip("\n") + "\n"
    for name, line in (("F", "import torch.nn.functional as F"), ("nn", "import torch.nn as nn"), ("torch", "import torch")):
        if name not in text.defined and tracer.traces:
            source += "\n" + line
    for target in sorted(ways.paths("recorded")):
        trace = tracer.traces.get(target)
        if trace is None:
            failures[target] = (ways.reason(target) + "; it is never called by itself", True)
            continue
        writer = Straight(tracer, target, trace)
        try:
            forward = writer.write()
            ast.parse("class C:\n" + forward)
        except Unsupported as reason:
            failures[target] = (f"{ways.reason(target)}; recorded: {reason}", True)
            continue
        author = type(trace.module).__name__
        key = (author, forward)
        if key not in classes:
            classes[key] = f"{author}Recorded{len(classes)}"
            source += f"\n\n\nclass {classes[key]}(nn.Module):\n{forward}\n"
        chosen[target] = (classes[key], writer.aliases)
    for target, member in tracer.model.named_modules():
        if target not in chosen and is_sequence(type(member)) and ways.way(target) == "source":
            forward, names = sequence_forward(member)
            key = (type(member).__name__, forward)
            if key not in classes:
                classes[key] = f"{type(member).__name__}Recorded{len(classes)}"
                source += f"\n\n\nclass {classes[key]}(nn.Module):\n{forward}\n"
            chosen[target] = (classes[key], names)
    extended = Text(source) if chosen else text
    extended.length = text.length
    return extended, chosen, failures


def is_sequence(kind: type) -> bool:
    """A subclass of Sequential without a forward of its own: its order is its forward."""
    return issubclass(kind, torch.nn.Sequential) and kind.__module__ == "decomp_judged" and kind.forward is torch.nn.Sequential.forward


def has_sequences(text: Text) -> bool:
    return any(isinstance(s, ast.ClassDef) and any(ast.unparse(b).endswith("Sequential") for b in s.bases) for s in text.tree.body)


def sequence_forward(module: torch.nn.Sequential) -> tuple[str, dict[str, str]]:
    """x = self.conv(x), ...; the names that the children get."""
    words = {name: snake(type(child).__name__) for name, child in module._modules.items()}
    names = {}
    for name, word in words.items():
        short = next((s for s in ("conv", "batch_norm", "linear", "pool", "dropout") if s in word), word)
        alone = sum(short in w for w in words.values()) == 1
        if not name.isidentifier():
            names[name] = short if alone and not hasattr(module, short) else f"{short}_{name}"
    lines = [f"        x = self.{names.get(name, name)}(x)" for name in words]
    return "    def forward(self, x):\n" + "\n".join(lines + ["        return x"]), names


def become_recorded(recorder: Recorder, namespace: dict, chosen: dict[str, tuple[str, dict]]) -> None:
    """Gives the chosen modules their straight-line classes; what they were made as is kept beside them."""
    for path, (name, aliases) in chosen.items():
        module = recorder.model.get_submodule(path)
        object.__setattr__(module, "_decomp_author", type(module))
        object.__setattr__(module, "_decomp_aliases", aliases)
        for child, alias in aliases.items():
            object.__setattr__(module, alias, module._modules[child])
        module.__class__ = namespace[name]


def author_kind(module: torch.nn.Module) -> type:
    """The class that a module was made as."""
    return vars(module).get("_decomp_author") or type(module)


def child_name(module: torch.nn.Module, name: str) -> str:
    """What a child is called in source."""
    return vars(module).get("_decomp_aliases", {}).get(name, name)
