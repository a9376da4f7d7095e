"""answer(): a native model and its inputs in, the text of a self-contained file out."""

import ast
import inspect
import json
import os
import re
import sys

import torch

from wrap.gather import Gather, Refused
from wrap.inputs import from_json, functions_of, varied
from wrap.native import import_root, load
from wrap.record import Recorder, install, literal_of
from wrap.render import Names, class_lines, function_lines, output_lines
from wrap.sources import Sources
from wrap.trim import trim, units_of

# Of transformers, what models are made of; the rest is machinery.
INFRASTRUCTURE = ("transformers.utils", "transformers.configuration_utils", "transformers.generation", "transformers.tokenization", "transformers.image",
                  "transformers.processing", "transformers.feature", "transformers.integrations", "transformers.modeling_outputs", "transformers.quantizers",
                  "transformers.loss", "transformers.core_model_loading", "transformers.conversion_mapping", "transformers.dynamic", "transformers.cache_utils",
                  "transformers.video", "transformers.audio", "transformers.models.auto", "transformers.import_utils", "transformers.initialization")


def wanted_of(spec: dict):
    """Which modules' sources may be taken: those of the model's package, or below its file's folder."""
    package = spec["module"].split(".")[0] if spec.get("module") else ""
    folder = os.path.realpath(import_root(spec["file"])) if spec.get("file") else ""
    known: dict[str, bool] = {}

    def wanted(name: str) -> bool:
        if name not in known:
            if package:
                known[name] = (name == package or name.startswith(package + ".")) and not name.startswith(INFRASTRUCTURE) and ".configuration_" not in name
            else:
                head = name.split(".")[0]
                known[name] = os.path.exists(os.path.join(folder, head + ".py")) or os.path.isdir(os.path.join(folder, head))
        return known[name]

    return wanted


def is_config(value) -> bool:
    names = {klass.__name__ for klass in type(value).__mro__}
    return bool({"PreTrainedConfig", "PretrainedConfig"} & names) or type(value).__name__.endswith("Config") and not isinstance(value, (type, torch.nn.Module))


def answer(text: str) -> str:
    body = json.loads(text)
    try:
        return json.dumps({"text": Wrapping(body["native"], body["inputs"], body["inputs_kind"], body["shown"]).text()})
    except Refused as refused:
        return json.dumps({"refused": str(refused)})


def positional(arguments: ast.arguments) -> None:
    """Arguments that are given by name only may be given in order, too."""
    if arguments.vararg is None:
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
            arguments.args.append(argument)
            arguments.defaults.append(default if default is not None else ast.Constant(None))
        arguments.kwonlyargs, arguments.kw_defaults = [], []


class Wrapping:
    def __init__(self, spec: dict, inputs: str, kind: str, shown: str) -> None:
        self.shown = shown
        self.recorder = Recorder()
        wanted = wanted_of(spec)
        install(self.recorder, wanted)
        module = load(json.dumps(spec))
        torch.manual_seed(0)
        self.model = module.Model(*(module.get_init_inputs() if hasattr(module, "get_init_inputs") else []))
        self.model.eval()
        parameters = inspect.signature(type(self.model).forward).parameters
        self.order = [n for n, p in parameters.items() if n != "self" and p.kind in (p.POSITIONAL_OR_KEYWORD, p.POSITIONAL_ONLY)]
        self.input_text, draw = self.make_inputs(inputs, kind)
        for trial in range(3):
            torch.manual_seed(trial)
            arguments, named = draw()
            if trial == 2:
                arguments, named = [varied(a) for a in arguments], {k: varied(v) for k, v in named.items()}
            torch.manual_seed(trial)
            try:
                with torch.no_grad():
                    self.model(*arguments, **named)
            except Exception:
                if trial < 2:
                    raise
        self.given = self.order[: len(arguments)] + list(named)
        self.recorder.on = False
        table = sys.modules.get("transformers.activations")
        self.gather = Gather(self.recorder, Sources(wanted), self.model, is_config, getattr(table, "ACT2FN", None))

    def make_inputs(self, text: str, kind: str):
        if kind == "python":
            source, scope = functions_of(text)

            def draw():
                named = scope["get_input_kwargs"]() if "get_input_kwargs" in scope else {}
                return list(scope["get_inputs"]()) if "get_inputs" in scope else [], named

            return source, draw
        made = from_json(text)
        # The native model and the file are called alike: in order up to the first argument that is left out, by name from there.
        first = next((i for i, n in enumerate(self.order) if n not in made), len(self.order))
        ordered = self.order[:first]
        unknown = [n for n in self.order[first:] if n in made] + [n for n in made if n not in self.order]
        lines = ["def get_inputs():", "    return ["] + [f"        {made[n]},  # {n}" for n in ordered] + ["    ]"]
        if unknown:
            lines += ["", "", "def get_input_kwargs():", "    return {"] + [f'        "{n}": {made[n]},' for n in unknown] + ["    }"]

        def draw():
            values = {n: eval(made[n], {"torch": torch}) for n in ordered + unknown}
            return [values[n] for n in ordered], {n: values[n] for n in unknown}

        return "\n".join(lines), draw

    def text(self) -> str:
        gather = self.gather
        root = gather.variant_of(self.model)
        if root is None:
            raise Refused(f"{type(self.model).__name__} is no class of a source file")
        forward = gather.find_method(root, "forward")
        if forward is None:
            raise Refused(f"{type(self.model).__name__} has no forward with a source")
        trim(gather, forward, self.given)
        while self.complete():
            trim(gather, forward, self.given)
        forward.node.args.defaults = forward.node.args.defaults[-len(forward.node.args.args) :]
        self.order_root(forward)
        for unit in units_of(gather):
            positional(unit.node.args)
        self.tie(root)
        self.settle_constructor(root)
        for _ in range(20):  # naming may add functions and classes
            count = len(units_of(gather))
            for unit in units_of(gather):
                try:
                    Names(gather).visit(unit.node)
                except Refused as refused:
                    raise Refused(f"in {unit.owner.klass.__name__ + '.' if unit.owner else ''}{unit.node.name}: {refused}") from refused
            if len(units_of(gather)) == count:
                break
            self.complete()
        return self.render()

    def order_root(self, forward) -> None:
        """The file's forward takes what is given, in order, and has no other parameter."""
        arguments = forward.node.args
        by_name = {a.arg: a for a in arguments.args + arguments.kwonlyargs}
        arguments.args = [arguments.args[0]] + [by_name.get(n) or ast.arg(n, None) for n in self.given]
        arguments.kwonlyargs, arguments.kw_defaults, arguments.defaults, arguments.kwarg = [], [], [], None

    def settle_constructor(self, root) -> None:
        """The root is built without arguments: what it was given becomes its defaults."""
        unit = root.methods.get("__init__")
        if unit is None:
            return
        facts: dict = {}
        for by_owner in (self.recorder.arguments.get((unit.file, n.lineno), {}) for n in self.gather.sources.klass(root.klass)[1].body if getattr(n, "name", "") == "__init__"):
            facts = by_owner.get(id(self.model), facts)
        arguments = unit.node.args
        names = [a.arg for a in arguments.args[1:]]
        for name in names:
            if name not in facts or facts[name].literal is None:
                raise Refused(f"{root.klass.__name__}() was built with `{name}`, which is no plain value")
        arguments.defaults = [ast.parse(facts[n].literal, mode="eval").body for n in names]

    def tie(self, root) -> None:
        """Parameters that are one in the model are one in the file, by a statement of the innermost module that holds both."""
        first: dict[int, str] = {}
        for name, parameter in self.model.named_parameters(remove_duplicate=False):
            owner = first.setdefault(id(parameter), name)
            module = self.model.get_submodule(name.rpartition(".")[0]), self.model.get_submodule(owner.rpartition(".")[0])
            if owner == name or module[0] is module[1]:
                continue
            holder, parts = self.holder_of(root, name, owner)
            spelled = [re.sub(r"\.(\d+)(?=\.)", r"[\1]", f"self.{p}") for p in parts]
            statement = ast.parse(f"{spelled[0]} = {spelled[1]}").body[0]
            if holder is not None and ast.unparse(statement) not in {ast.unparse(s) for s in holder.node.body}:
                holder.node.body.append(statement)

    def holder_of(self, root, name: str, owner: str) -> tuple:
        """The constructor that can say that two parameters are one, and their names below its module: that of the innermost module
        around both, where its class has no other instance."""
        common = os.path.commonprefix([name.split(".")[:-1], owner.split(".")[:-1]])
        while common:
            module = self.model.get_submodule(".".join(common))
            variant = self.gather.variant_of(module)
            unit = variant.methods.get("__init__") if variant is not None else None
            if unit is not None and sum(type(m) is type(module) for m in self.model.modules()) == 1:
                return unit, [".".join(n.split(".")[len(common) :]) for n in (name, owner)]
            common = common[:-1]
        return root.methods.get("__init__"), [name, owner]

    def complete(self) -> bool:
        """Adds the methods and properties of a class that its code reads; whether there were any."""
        count = len(units_of(self.gather))
        for variant in list(self.gather.variants):
            for unit in list(variant.methods.values()):
                for node in ast.walk(unit.node):
                    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr not in ("forward", "__init__"):
                        attribute = inspect.getattr_static(variant.klass, node.attr, None)
                        if inspect.isfunction(attribute) or isinstance(attribute, (property, staticmethod)):
                            self.gather.find_method(variant, node.attr)
        return len(units_of(self.gather)) != count

    def attributes_of(self, variant) -> list[str]:
        """Class attributes that the methods read."""
        assigned = {n.attr for v in self.gather.variants for u in v.methods.values() for n in ast.walk(u.node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
        lines = []
        for unit in variant.methods.values():
            for node in ast.walk(unit.node):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr not in assigned:
                    value = inspect.getattr_static(variant.klass, node.attr, self)
                    text = literal_of(value)
                    line = f"{node.attr} = {text}"
                    if text is not None and line not in lines and not hasattr(torch.nn.Module, node.attr):
                        lines.append(line)
        return lines

    def render(self) -> str:
        gather = self.gather
        parts: list[str] = []
        if gather.outputs:
            gather.imports.add("from typing import Any, NamedTuple")
        for target, fields in gather.outputs.items():
            if fields:
                parts.append("\n".join(output_lines(target, fields)))
        parts += list(gather.own_texts.values())
        in_defaults = {n.id for u in gather.functions.values() for d in u.node.args.defaults for n in ast.walk(d) if isinstance(n, ast.Name)}
        for unit in sorted(gather.functions.values(), key=lambda u: u.name not in in_defaults):
            parts.append("\n".join(function_lines(gather, unit.file, unit.node)))
        written: list = []

        def write(variant) -> None:
            if variant in written:
                return
            if variant.base is not None:
                write(variant.base)
            written.append(variant)
            parts.append("\n".join(class_lines(gather, variant, self.attributes_of(variant))))

        rest = [v for v in gather.variants if v.name != "Model"]
        for variant in sorted(rest, key=lambda v: v.order):
            write(variant)
        write(next(v for v in gather.variants if v.name == "Model"))
        parts.append(self.input_text)
        parts.append("def get_init_inputs():\n    return []")
        constants = [f"{name} = {text}" for name, text in gather.constants.items()]
        # torch.empty holds whatever memory held: the file's own weights are numbers.
        body = "\n\n\n".join(parts).replace("nn.Parameter(torch.empty(", "nn.Parameter(0.02 * torch.randn(")
        head = f'"""{self.shown}, self-contained: configuration as values, what its inputs need."""\n'
        imports = sorted((i for i in gather.imports if i.startswith("import ") and "torch" not in i)) + sorted(i for i in gather.imports if i.startswith("from ") and "torch" not in i)
        theirs = [i for i in ("import torch", "import torch.nn.functional as F", "from torch import nn") if i in gather.imports] + [i for i in gather.imports if "numpy" in i]
        blocks = [head.rstrip()] + (["\n".join(i for i in imports if "numpy" not in i)] if any("numpy" not in i for i in imports) else []) + ["\n".join(theirs)]
        if constants:
            blocks.append("\n".join(constants))
        return "\n\n".join(blocks) + "\n\n\n" + body + "\n"
