"""Runs a model whose modules are compiled with every expression shown to a recorder: which value did it have, in which module object?"""

import ast
import importlib.abc
import importlib.machinery
import sys
import types
from dataclasses import dataclass, field

import torch

SHOW, TEST, ENTER = "__wrap_show__", "__wrap_test__", "__wrap_enter__"
EXPRESSIONS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.IfExp)

Key = tuple[str, int, int, int, int, str]  # file, position, kind of node


def key_of(file: str, node: ast.AST) -> Key:
    return file, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, type(node).__name__


@dataclass
class Fact:
    """All values that one expression had in one owner. `literal`: its text where it was one plain value each time."""

    literal: str | None = None
    plain: bool = True      # one literal, so far
    truths: set = field(default_factory=set)
    tensor: bool = False    # some value was a tensor
    keys: dict = field(default_factory=dict)  # of dictionaries: the keys that were seen
    values: bool = False    # some value was a plain one
    objects: list = field(default_factory=list)  # functions, classes, modules, configurations: the distinct ones


def literal_of(value, depth: int = 0) -> str | None:
    """How a plain value is written; None for anything else."""
    if value is None or isinstance(value, (bool, str)) and type(value) in (bool, str):
        return repr(value)
    if type(value) is int:
        return repr(value)
    if type(value) is float:
        return repr(value) if value == value and abs(value) != float("inf") else f'float("{value}")'
    if isinstance(value, torch.dtype):
        return str(value)
    if type(value) in (list, tuple) and depth < 3 and len(value) <= 64:
        items = [literal_of(item, depth + 1) for item in value]
        if any(item is None for item in items):
            return None
        inside = ", ".join(items)
        return f"[{inside}]" if isinstance(value, list) else f"({inside},)" if len(items) == 1 else f"({inside})"
    if type(value) is dict and depth < 2 and len(value) <= 64 and all(type(k) in (str, int) for k in value):
        items = {k: literal_of(v, depth + 1) for k, v in value.items()}
        return None if any(v is None for v in items.values()) else "{" + ", ".join(f"{k!r}: {v}" for k, v in items.items()) + "}"
    return None


class Recorder:
    """Facts by expression and owner (the id of the module object whose method runs; 0 outside of any)."""

    def __init__(self) -> None:
        self.facts: dict[Key, dict[int, Fact]] = {}
        self.keys: list[Key] = []
        self.owners: list[int] = []
        self.kept: list = []  # so that an id stays one object's
        self.arguments: dict[tuple[str, int], dict[int, dict[str, Fact]]] = {}  # function (file, line) -> owner -> parameter
        self.ran: dict[tuple[str, int], set[int]] = {}  # function -> owners
        self.on = True

    def note(self, fact: Fact, value) -> None:
        if isinstance(value, types.MethodType) and isinstance(value.__self__, torch.nn.Module):
            value = value.__func__
        if isinstance(value, torch.Tensor):
            fact.tensor, fact.plain = True, False
            return
        if type(value) is dict:
            fact.keys.update(dict.fromkeys(k for k in value if isinstance(k, str)))
        text = literal_of(value)
        fact.values = fact.values or text is not None
        if text is None or (fact.literal is not None and fact.literal != text):
            fact.plain = False
        fact.literal = text if fact.literal is None and fact.plain else fact.literal
        if text is None and not any(value is known for known in fact.objects) and len(fact.objects) < 200:
            fact.objects.append(value)

    def show(self, number: int, value):
        if self.on:
            self.note(self.facts.setdefault(self.keys[number], {}).setdefault(self.owners[-1] if self.owners else 0, Fact()), value)
        return value

    def test(self, number: int, value):
        if self.on:
            fact = self.facts.setdefault(self.keys[number], {}).setdefault(self.owners[-1] if self.owners else 0, Fact())
            self.note(fact, value)
            fact.truths.add(bool(value))
        return value

    def enter(self, file: str, line: int, names: dict):
        """A context in which the function's first argument, if a module, owns what is shown."""
        first = next(iter(names.values()), None)
        owner = id(first) if isinstance(first, torch.nn.Module) else 0
        if owner:
            self.kept.append(first)
        if self.on:
            self.ran.setdefault((file, line), set()).add(owner)
            facts = self.arguments.setdefault((file, line), {}).setdefault(owner, {})
            for name, value in names.items():
                self.note(facts.setdefault(name, Fact()), value)
        return Frame(self, owner)


class Frame:
    def __init__(self, recorder: Recorder, owner: int) -> None:
        self.recorder, self.owner = recorder, owner

    def __enter__(self) -> None:
        self.recorder.owners.append(self.owner)

    def __exit__(self, *error) -> None:
        self.recorder.owners.pop()


class Instrument(ast.NodeTransformer):
    def __init__(self, file: str, recorder: Recorder) -> None:
        self.file, self.recorder, self.inside = file, recorder, 0

    def number(self, node: ast.AST) -> ast.Constant:
        self.recorder.keys.append(key_of(self.file, node))
        return ast.Constant(len(self.recorder.keys) - 1)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        outer, self.inside = self.inside, 0
        node.body = [self.visit(s) if isinstance(s, (ast.FunctionDef, ast.ClassDef)) else s for s in node.body]
        self.inside = outer
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        generator = any(isinstance(n, (ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal)) for n in ast.walk(node))
        scripted = any("script" in ast.unparse(d) for d in node.decorator_list)
        if generator or scripted:
            return node
        names = [a.arg for a in node.args.posonlyargs + node.args.args + node.args.kwonlyargs] + [a.arg for a in (node.args.vararg, node.args.kwarg) if a]
        self.inside += 1
        node.body = [self.visit(s) for s in node.body]
        self.inside -= 1
        if self.inside:  # of a nested function, its expressions alone
            return node
        shown = ast.Dict([ast.Constant(n) for n in names], [ast.Name(n, ast.Load()) for n in names])
        entering = ast.Call(ast.Name(ENTER, ast.Load()), [ast.Constant(self.file), ast.Constant(node.lineno), shown], [])
        docstring = node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
        node.body = docstring + [ast.With([ast.withitem(entering)], node.body[len(docstring):] or [ast.Pass()])]
        return node

    def visit_AsyncFunctionDef(self, node: ast.AST) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.AST) -> ast.AST:
        return node

    def visit_Delete(self, node: ast.AST) -> ast.AST:
        return node

    def visit_Match(self, node: ast.AST) -> ast.AST:
        return node

    def visit_Global(self, node: ast.AST) -> ast.AST:
        return node

    def tested(self, test: ast.expr) -> ast.expr:
        number = self.number(test)
        changed = self.generic_visit(test) if not isinstance(test, EXPRESSIONS) else self.inner(test)
        return ast.copy_location(ast.Call(ast.Name(TEST, ast.Load()), [number, changed], []), test)

    def inner(self, node: ast.expr) -> ast.expr:
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST:
        if self.inside:
            node.test = self.tested(node.test)
            node.body = [self.visit(s) for s in node.body]
            node.orelse = [self.visit(s) for s in node.orelse]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        if not self.inside:
            return node
        number = self.number(node)
        new = ast.IfExp(self.tested(node.test), self.visit(node.body), self.visit(node.orelse))
        return ast.copy_location(ast.Call(ast.Name(SHOW, ast.Load()), [number, ast.copy_location(new, node)], []), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        if not self.inside:
            return node
        number = self.number(node)
        new = ast.copy_location(ast.BoolOp(node.op, [self.tested(v) for v in node.values]), node)
        return ast.copy_location(ast.Call(ast.Name(SHOW, ast.Load()), [number, new], []), node)

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, (ast.IfExp, ast.BoolOp)) or not isinstance(node, EXPRESSIONS) or not self.inside:
            return super().visit(node)
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(node, ast.Name) and node.id in ("super", "__class__"):
            return self.generic_visit(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("super", "locals", "vars", "dir"):
            return node
        number = self.number(node)
        changed = self.generic_visit(node)
        return ast.copy_location(ast.Call(ast.Name(SHOW, ast.Load()), [number, changed], []), node)


class Loader(importlib.machinery.SourceFileLoader):
    recorder: Recorder

    def get_code(self, fullname: str) -> types.CodeType:
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path), path)
        if not any(isinstance(n, (ast.FunctionDef, ast.ClassDef)) for n in tree.body):
            return compile(tree, path, "exec", dont_inherit=True)
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                Instrument(path, self.recorder).visit(node)
        ast.fix_missing_locations(tree)
        return compile(tree, path, "exec", dont_inherit=True)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__dict__.update({SHOW: self.recorder.show, TEST: self.recorder.test, ENTER: self.recorder.enter})
        super().exec_module(module)


class Finder(importlib.abc.MetaPathFinder):
    """Compiles the modules that `wanted` says with what shows their values."""

    def __init__(self, recorder: Recorder, wanted) -> None:
        self.recorder, self.wanted = recorder, wanted

    def find_spec(self, fullname, path=None, target=None):
        if not self.wanted(fullname):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader) or spec.submodule_search_locations is not None:
            return None
        spec.loader = Loader(spec.loader.name, spec.loader.path)
        spec.loader.recorder = self.recorder
        return spec


def install(recorder: Recorder, wanted) -> None:
    sys.meta_path.insert(0, Finder(recorder, wanted))
