"""From the root class to all that it needs: which classes, in which forms, which functions; what each is called in the one file."""

import ast
import builtins
import dataclasses
import functools
import inspect
import types

import torch

from wrap.fold import Fold, is_output_class, join, reference, single
from wrap.masks import mask_function
from wrap.record import literal_of
from wrap.sources import Sources

FRAMES = ("transformers.modeling_utils", "transformers.modeling_layers", "transformers.generation", "transformers.integrations", "transformers.utils", "transformers.backbone_utils")


# Methods of bases that are of no use to a forward pass.
MAKING = ("_init_weights", "init_weights", "post_init", "tie_weights", "get_input_embeddings", "get_output_embeddings", "set_input_embeddings", "resize_token_embeddings")


class Refused(Exception):
    """The model cannot be made self-contained; the text says why."""


@dataclasses.dataclass(eq=False)
class Unit:
    """One function or method in the file."""

    name: str
    file: str
    node: ast.FunctionDef          # as rewritten
    owner: "Variant | None" = None
    needed: set = dataclasses.field(default_factory=set)
    pinned: bool = False           # all of its parameters stay

    def parameters(self) -> list[str]:
        a = self.node.args
        names = [p.arg for p in a.posonlyargs + a.args]
        static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in self.node.decorator_list)
        return names[1:] if self.owner is not None and not static else names

    def keyword_parameters(self) -> list[str]:
        return [p.arg for p in self.node.args.kwonlyargs]


@dataclasses.dataclass(eq=False)
class Variant:
    """One form of a class: for the module objects (ids) that agree in what the configuration says."""

    klass: type
    owners: set
    name: str = ""
    base: "Variant | None" = None
    base_text: str = "nn.Module"
    methods: dict = dataclasses.field(default_factory=dict)  # name -> Unit
    order: int = 0


class Gather:
    frames = FRAMES

    def __init__(self, recorder, sources: Sources, model: torch.nn.Module, is_config, activation_table) -> None:
        self.recorder, self.sources, self.model = recorder, sources, model
        self.is_config, self.activation_table = is_config, activation_table
        self.modules = {id(m): m for m in list(model.modules()) + recorder.kept}
        self.paths = {id(m): path for path, m in model.named_modules()}
        self.variants: list[Variant] = []
        self.functions: dict[tuple[str, int], Unit] = {}
        self.finished = 0
        self.outputs: dict[type, list[str]] = {}
        self.own_texts: dict[str, str] = {}   # functions of ours: name -> text
        self.constants: dict[str, str] = {}
        self.imports: set[str] = {"import torch", "from torch import nn"}
        self.taken: set[str] = {"Model", "torch", "nn", "F", "math", "get_inputs", "get_init_inputs", "get_input_kwargs", "run_tests"}
        self.names: dict[int, str] = {}       # id of an object -> its name in the file
        self.kept_objects: list = []
        self.groups: dict[type, list[set]] = {}

    # ---- classes

    def variant_of(self, module: torch.nn.Module) -> Variant | None:
        klass = type(module)
        if self.sources.klass(klass) is None:
            return None
        for variant in self.variants:
            if variant.klass is klass and id(module) in variant.owners:
                return variant
        group = next((g for g in self.grouped(klass) if id(module) in g), {id(module)})
        return self.add_variant(klass, group)

    def grouped(self, klass: type) -> list[set]:
        """The module objects of a class, parted where the configuration gives different values."""
        if klass not in self.groups:
            owners = [i for i, m in self.modules.items() if type(m) is klass]
            texts: dict[int, dict] = {o: {} for o in owners}
            lines: dict[str, list[str]] = {}
            for key, by_owner in self.recorder.facts.items():
                for owner in by_owner.keys() & texts.keys():
                    fact = by_owner[owner]
                    file = lines.setdefault(key[0], self.sources.read(key[0])[0].split("\n"))
                    segment = "\n".join(file[key[1] - 1 : key[3]])
                    if key[1] == key[3]:
                        segment = segment.encode()[key[2] : key[4]].decode(errors="replace")
                    if "config" in segment and only_config(segment) and fact.plain and fact.literal is not None and len(segment) < 300 and "layer_idx" not in segment and "[i]" not in segment:
                        texts[owner][key] = fact.literal
            groups: list[tuple[set, dict]] = []
            for owner in owners:
                for members, known in groups:
                    if all(known.get(k, v) == v for k, v in texts[owner].items()):
                        members.add(owner)
                        known.update(texts[owner])
                        break
                else:
                    groups.append(({owner}, dict(texts[owner])))
            self.groups[klass] = [members for members, _ in groups]
        return self.groups[klass]

    def add_variant(self, klass: type, owners: set) -> Variant:
        variant = Variant(klass, set(owners))
        variant.name = "Model" if id(self.model) in owners and type(self.model) is klass else self.class_name(klass, owners)
        self.variants.append(variant)
        for base in klass.__mro__[1:]:
            if base.__module__.startswith("torch."):
                variant.base_text = f"nn.{base.__name__}" if getattr(torch.nn, base.__name__, None) is base else "nn.Module"
                break
            place = self.sources.klass(base)
            if place is None or base.__module__.startswith(FRAMES):
                continue
            if any(isinstance(n, ast.FunctionDef) and n.name not in MAKING and self.ran(place[0], n) & owners for n in place[1].body):
                variant.base = next((v for v in self.variants if v.klass is base and v.owners == set(owners)), None) or self.add_variant(base, owners)
                break
        file, node = self.sources.klass(klass)
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and method.name in ("__init__", "forward") and self.ran(file, method) & owners:
                self.method(variant, file, method)
        self.finished += 1  # what a class needs comes before it
        variant.order = self.finished
        return variant

    def class_name(self, klass: type, owners: set) -> str:
        name, words = klass.__name__, [self.paths.get(o, "") for o in owners]
        if name in self.taken:
            for word in ("encoder", "decoder", "text", "vision", "audio", "query"):
                if words and all(word in w.split(".")[0] or f".{word}" in w or w.startswith(word) for w in words):
                    name = f"{klass.__name__}{word.capitalize()}"
                    break
        number, tried = 2, name
        while tried in self.taken:
            tried, number = f"{name}{number}", number + 1
        self.taken.add(tried)
        return tried

    def ran(self, file: str, node: ast.FunctionDef) -> set[int]:
        return self.recorder.ran.get((file, node.lineno), set())

    def method(self, variant: Variant, file: str, node: ast.FunctionDef) -> Unit:
        if node.name in variant.methods:
            return variant.methods[node.name]
        unit = variant.methods[node.name] = Unit(node.name, file, node, variant)  # first, for methods that call each other
        unit.node = Fold(file, node, variant.owners, self, node.name == "__init__").run()
        return unit

    def find_method(self, variant: Variant, name: str) -> Unit | None:
        """The method that an object of this form has: its own, of a base in the file, or copied from a base that is not."""
        at = variant
        while at is not None:
            if name in at.methods:
                return at.methods[name]
            at = at.base
        attribute = inspect.getattr_static(variant.klass, name, None)
        function = attribute.fget if isinstance(attribute, property) else attribute.__func__ if isinstance(attribute, (staticmethod, classmethod)) else attribute
        if not isinstance(function, types.FunctionType) or name == "__init__" and function.__module__.startswith(FRAMES):
            return None
        place = self.sources.function(function)
        if place is None:
            return None
        if name == "forward" and not self.ran(*place):
            raise Refused(f"{variant.klass.__name__}.forward never ran: the package runs another implementation in its place")
        at, owner = variant, variant
        while at is not None:  # where the class that defines it is in the file, there
            defined = self.sources.klass(at.klass)
            if defined and any(n is place[1] for n in defined[1].body):
                owner = at
            at = at.base
        return self.method(owner, *place)

    # ---- calls

    def call(self, new: ast.Call, old: ast.Call, fold: Fold) -> ast.expr:
        fact = fold.fact(old.func)
        built = fold.fact(old)
        if isinstance(old.func, ast.Attribute) and old.func.attr in ("_from_config", "from_config") and built is not None and built.objects and isinstance(built.objects[0], torch.nn.Module):
            variant = self.variant_of(built.objects[0])
            if variant is not None:
                unit = self.find_method(variant, "__init__")
                new.func, new.callees = reference(variant.name, variant), [unit] if unit else None
                new.keywords = []
                return new
        if isinstance(old.func, ast.Attribute) and isinstance(old.func.value, ast.Call) and isinstance(old.func.value.func, ast.Name) and old.func.value.func.id == "super":
            return self.super_call(new, old, fold)
        if fact is None or not fact.objects:
            return new
        result = fold.fact(old)
        new.callees = []
        for target in fact.objects:
            if isinstance(target, torch.nn.Module):
                variant = self.variant_of(target)
                unit = self.find_method(variant, "forward") if variant else None
                if unit is None:
                    new.callees = None
                    break
                new.callees.append(unit)
            elif isinstance(target, types.FunctionType):
                return self.function_call(new, old, fold, target, result)
            elif is_output_class(target):
                return self.output_call(new, old, fold, target)
            elif isinstance(target, type) and issubclass(target, torch.nn.Module) and self.sources.klass(target):
                built = [o for o in (result.objects if result else []) if isinstance(o, torch.nn.Module)]
                variants = [self.variant_of(o) for o in built]
                variants = list(dict.fromkeys(v for v in variants if v is not None))
                if not variants:
                    variants = [self.add_variant(target, {i for i, m in self.modules.items() if type(m) is target})]
                new.func = reference(variants[0].name, variants[0])
                unit = self.find_method(variants[0], "__init__")
                new.callees = [unit] if unit else None
                return new
            else:
                new.callees = None
                break
        if not new.callees:
            new.callees = None
        return new

    def super_call(self, new: ast.Call, old: ast.Call, fold: Fold) -> ast.expr:
        unit = next((u for v in self.variants for u in v.methods.values() if u.file == fold.file and u.node is fold.original and fold.known_owners == v.owners), None)
        variant = unit.owner if unit else None
        name = old.func.attr
        new.func = ast.Attribute(ast.Call(ast.Name("super", ast.Load()), [], []), name, ast.Load())
        if variant is None:
            return new
        if variant.base is None:
            if variant.base_text == "nn.Module" and name == "__init__":
                new.args, new.keywords = [], []
            return new
        unit = self.find_method(variant.base, name)
        new.callees = [unit] if unit else None
        if unit is None and name == "__init__":
            new.args, new.keywords = [], []
        return new

    def function_call(self, new: ast.Call, old: ast.Call, fold: Fold, target: types.FunctionType, result) -> ast.expr:
        place = self.sources.function(target)
        if place is None:
            return new
        given = {k.arg: k.value for k in old.keywords if k.arg}
        for keyword in old.keywords:  # of **mapping, its items
            if keyword.arg is None and isinstance(keyword.value, ast.Name) and (mapping := fold.fact(keyword.value)) is not None:
                given.update({k: ast.Subscript(ast.Name(keyword.value.id, ast.Load()), ast.Constant(k), ast.Load()) for k in mapping.keys if k not in given})
        given.update(zip(inspect.signature(target).parameters, old.args))
        if target.__module__ == "transformers.masking_utils" and target.__name__.startswith("create_"):
            made = self.mask_call(target, given, fold, result)
            if made is not None:
                return ast.copy_location(made, old)
        if target.__name__ == "apply_chunking_to_forward" and len(old.args) > 3 and (size := fold.fact(old.args[1])) is not None and size.literal == "0":
            direct = ast.copy_location(ast.Call(old.args[0], old.args[3:], []), old)  # one chunk: the function itself
            made = ast.copy_location(ast.Call(fold.visit(old.args[0]), [fold.visit(a) for a in old.args[3:]], []), old)
            return self.call(made, direct, fold)
        if isinstance(old.func, ast.Attribute) and not isinstance(single(fold.fact(old.func.value)), types.ModuleType):
            return self.method_call(new, old, fold, target)
        first = old.args[0] if old.args else None
        if isinstance(first, ast.Name) and first.id == fold.self_name and fold.known_owners is not None:
            variant = next((v for v in self.variants if v.owners == fold.known_owners and any(u.node is fold.original for u in v.methods.values())), None)
            if variant is not None:  # a helper of one module becomes its method
                unit = self.method(variant, *place)
                as_method(unit.node)
                new.func = ast.Attribute(ast.Name(fold.self_name, ast.Load()), unit.name, ast.Load())
                new.args = new.args[1:]
                new.callees = [unit]
                return new
        unit = self.function(target)
        new.func = reference(unit.name, unit)
        new.callees = [unit]
        return new

    def method_call(self, new: ast.Call, old: ast.Call, fold: Fold, target: types.FunctionType) -> ast.expr:
        base = fold.fact(old.func.value)
        units = []
        for owner in base.objects if base else []:
            variant = self.variant_of(owner) if isinstance(owner, torch.nn.Module) else None
            if variant is not None and isinstance(owner, torch.nn.Module):
                mine = next((v for v in self.variants if fold.known_owners is not None and id(owner) in v.owners and v.owners == fold.known_owners and any(u.node is fold.original for u in v.methods.values())), None)
                unit = self.find_method(variant if mine is None or mine.klass is variant.klass else variant, old.func.attr)
                if unit is not None:
                    units.append(unit)
        new.callees = list(dict.fromkeys(units)) or None
        if not units and isinstance(old.func.value, ast.Name) and old.func.value.id == fold.self_name:
            raise Refused(f"{target.__qualname__} is called, and is no method that can be copied")
        return new

    def function(self, target: types.FunctionType) -> Unit:
        file, node = self.sources.function(target)
        key = file, node.lineno
        if key not in self.functions:
            name, number = node.name, 2
            while name in self.taken:
                name, number = f"{node.name}_{number}", number + 1
            self.taken.add(name)
            unit = self.functions[key] = Unit(name, file, node)
            unit.node = Fold(file, node, None, self, False).run()
            unit.node.name = name
            unit.node.decorator_list = []
        return self.functions[key]

    def mask_call(self, target, given: dict, fold: Fold, result) -> ast.expr | None:
        if result is not None and result.plain and result.literal == "None":
            return ast.Constant(None)
        passed: dict = {}
        for by_name in self.recorder.arguments.get((target.__code__.co_filename, self.sources.function(target)[1].lineno), {}).values():
            for name, fact in by_name.items():
                passed[name] = join(passed.get(name), fact)
        known = {k: fold.fact(v) or passed.get(k) for k, v in given.items()}
        tensor = {k for k, f in known.items() if f is not None and f.tensor}
        states = next((k for k in ("inputs_embeds", "input_embeds") if k in tensor), None)
        config = known["config"].objects[0] if known.get("config") is not None and known["config"].objects else None
        if states is None or {"or_mask_function", "and_mask_function", "block_sequence_ids"} & {k for k, f in known.items() if f is None or f.literal != "None"}:
            return None
        made = mask_function(target.__name__, config)
        if made is None:
            return None
        name, text = made
        if self.own_texts.get(name, text) != text:
            name, text = f"{name}_{len(self.own_texts)}", text.replace(name, f"{name}_{len(self.own_texts)}")
        self.own_texts[name] = text
        self.taken.add(name)
        arguments = [fold.visit(given[states])]
        if "attention_mask" in tensor:
            arguments.append(fold.visit(given["attention_mask"]))
        call = ast.Call(ast.Name(name, ast.Load()), arguments, [])
        call.callees = None
        return call

    def output_call(self, new: ast.Call, old: ast.Call, fold: Fold, target: type) -> ast.expr:
        fields = self.outputs.setdefault(target, [])
        names = [f.name for f in dataclasses.fields(target)]
        keywords = [ast.keyword(name, value) for name, value in zip(names, new.args)] + list(new.keywords)
        old_values = list(old.args) + [k.value for k in old.keywords]
        kept = []
        for keyword, value in zip(keywords, old_values):
            fact = fold.fact(value)
            if isinstance(keyword.value, ast.Constant) and keyword.value.value is None or fact is not None and fact.literal == "None" or fact is not None and self.is_cache(fact):
                continue
            kept.append(keyword)
            if keyword.arg not in fields:
                fields.append(keyword.arg)
        new.args, new.keywords, new.callees = [], kept, None
        new.func = reference(target.__name__, target)
        return new

    @staticmethod
    def is_cache(fact) -> bool:
        return bool(fact.objects) and all("Cache" in type(o).__name__ for o in fact.objects)

    # ---- names

    def mark_global(self, node: ast.Name, file: str) -> None:
        scope = self.sources.namespace(file)
        if node.id in scope:
            node.target = scope[node.id]
            node.has_target = True
        elif not hasattr(builtins, node.id):
            node.target = None

    def named(self, name: str, target) -> ast.expr:
        """How a global value is written in the file; what it needs is added."""
        if isinstance(target, Variant):
            return ast.Name(target.name, ast.Load())
        if isinstance(target, Unit):
            return ast.Name(target.name, ast.Load())
        if isinstance(target, types.ModuleType):
            return self.module_name(target)
        if isinstance(target, type) and issubclass(target, torch.nn.Module) and self.sources.klass(target):
            known = next((v for v in self.variants if v.klass is target), None)
            return ast.Name((known or self.add_variant(target, {i for i, m in self.modules.items() if type(m) is target})).name, ast.Load())
        if isinstance(target, type) and issubclass(target, torch.autograd.Function) and self.sources.klass(target):
            return self.autograd_function(name, target)
        if isinstance(target, type) and issubclass(target, tuple) and hasattr(target, "_fields") and target.__name__ not in self.own_texts:
            self.imports.add("from typing import Any, NamedTuple")
            fields = "".join(f"    {f}: Any" + (f" = {literal_of(target._field_defaults[f])}" if literal_of(target._field_defaults.get(f, self)) else "") + "\n" for f in target._fields)
            self.own_texts[target.__name__] = f"class {target.__name__}(NamedTuple):\n{fields}".rstrip()
        if isinstance(target, type) and target.__name__ in self.own_texts:
            return ast.Name(target.__name__, ast.Load())
        if is_output_class(target):
            self.outputs.setdefault(target, [])
            return ast.Name(target.__name__, ast.Load())
        if isinstance(target, types.FunctionType) and self.sources.function(target):
            unit = self.function(target)
            unit.pinned = unit.pinned or True
            return ast.Name(unit.name, ast.Load())
        if isinstance(target, torch.nn.Module) and (function := self.as_function(target)) is not None:
            return self.named(function.id, function.target)
        if isinstance(target, torch.nn.Module) and self.sources.klass(type(target)) and not list(target.parameters()):
            return ast.Call(self.named(type(target).__name__, type(target)), [], [])  # a table's activation
        text = literal_of(target)
        if text is not None:
            self.constants[name] = text
            return ast.Name(name, ast.Load())
        for module, short in ((torch.nn, "nn"), (torch.nn.functional, "F"), (torch, "torch")):
            spelled = getattr(target, "__name__", name)
            if getattr(module, spelled, None) is target:
                self.imports.add("import torch.nn.functional as F" if short == "F" else "import torch")
                return ast.Attribute(ast.Name(short, ast.Load()), spelled, ast.Load())
        origin = getattr(target, "__module__", "") or ""
        if origin.split(".")[0] in ("torch", "math", "collections", "functools", "itertools", "operator", "typing", "dataclasses", "copy", "numbers"):
            spelled = getattr(target, "__name__", name)
            self.imports.add(f"from {origin} import {spelled}" + (f" as {name}" if spelled != name else ""))
            return ast.Name(name, ast.Load())
        raise Refused(f"`{name}` ({type(target).__name__} of {origin or 'its module'}) is used, and cannot be written into the file")

    def as_function(self, module: torch.nn.Module) -> ast.Name | None:
        """An activation that has no state, where no module object of the model is called: its function."""
        held = getattr(module, "act", None)
        plain = getattr(torch.nn.functional, type(module).__name__.lower(), None) if type(module).__module__.startswith("torch.nn") else held
        if callable(plain) and getattr(plain, "__module__", "").startswith("torch") or type(plain).__name__ == "builtin_function_or_method":
            return reference(plain.__name__, plain)
        place = self.sources.klass(type(module))
        forward = next((n for n in place[1].body if getattr(n, "name", "") == "forward"), None) if place else None
        if forward is None or len([n for n in ast.walk(forward) if isinstance(n, ast.Name) and n.id == forward.args.args[0].arg]) > 0:
            return None
        key = place[0], forward.lineno
        if key not in self.functions:
            name = "".join("_" + c.lower() if c.isupper() and i and not place[1].name[i - 1].isupper() else c.lower() for i, c in enumerate(place[1].name))
            self.taken.add(name)
            unit = self.functions[key] = Unit(name, place[0], forward)
            unit.node = Fold(place[0], forward, None, self, False).run()
            unit.node.name, unit.node.args.args = name, unit.node.args.args[1:]
            unit.pinned = True
        return reference(self.functions[key].name, self.functions[key])

    def autograd_function(self, name: str, target: type) -> ast.expr:
        """As its author wrote it, with what it calls."""
        file, node = self.sources.klass(target)
        if target.__name__ not in self.own_texts:
            self.own_texts[target.__name__] = ""
            self.taken.add(target.__name__)
            bound = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} | {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
            for n in ast.walk(node):
                if isinstance(n, ast.Name) and n.id not in bound and isinstance(n.ctx, ast.Load) and n.id in self.sources.namespace(file):
                    written = self.named(n.id, self.sources.namespace(file)[n.id])
                    if ast.unparse(written) != n.id:
                        raise Refused(f"{target.__name__} uses {n.id}, which has another name in the file")
            self.own_texts[target.__name__] = ast.get_source_segment(self.sources.read(file)[0], node)
        return ast.Name(target.__name__, ast.Load())

    def module_name(self, module: types.ModuleType) -> ast.expr:
        name = module.__name__
        short = {"torch": ("torch", "import torch"), "torch.nn": ("nn", "from torch import nn"), "torch.nn.functional": ("F", "import torch.nn.functional as F"),
                 "numpy": ("np", "import numpy as np")}
        if name in short:
            self.imports.add(short[name][1])
            return ast.Name(short[name][0], ast.Load())
        if name in ("math", "copy", "itertools", "functools", "collections", "warnings"):
            self.imports.add(f"import {name}")
            return ast.Name(name, ast.Load())
        if name.startswith("torch."):
            self.imports.add("import torch")
            return ast.parse(name, mode="eval").body
        raise Refused(f"module {name} is used")


@functools.lru_cache(maxsize=None)
def only_config(text: str) -> bool:
    """Does the expression read nothing but configuration?"""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self" and not node.attr.endswith("config"):
            return False
        if isinstance(node, ast.Name) and node.id not in ("self", "int", "float", "bool", "len", "getattr", "max", "min", "list", "tuple") and not node.id.endswith("config"):
            return False
    return True


def as_method(function: ast.FunctionDef) -> None:
    """A helper's first parameter, the module, becomes self."""
    first = function.args.args[0].arg if function.args.args else "self"
    if first == "self":
        return
    function.args.args[0] = ast.arg("self", None)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == first:
            node.id = "self"
