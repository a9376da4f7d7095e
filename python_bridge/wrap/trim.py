"""Takes out what nothing uses any more: arguments, assignments, attributes."""

import ast

import torch

from wrap.gather import Gather, Unit
from wrap.record import key_of


def units_of(gather: Gather) -> list[Unit]:
    return [u for v in gather.variants for u in v.methods.values()] + list(gather.functions.values())


class Uses(ast.NodeVisitor):
    """Names that a function loads, arguments left out that no callee needs."""

    def __init__(self, owner) -> None:
        self.names: set[str] = set()
        self.changed = False
        self.owner = owner

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """A method that is handed on keeps all of its parameters."""
        at = self.owner
        while at is not None and isinstance(node.value, ast.Name) and node.value.id == "self":
            unit = at.methods.get(node.attr)
            if unit is not None and not unit.pinned:
                unit.pinned = self.changed = True
            at = at.base
        self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.names.add(node.id)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        for n in ast.walk(node.target):
            if isinstance(n, ast.Name):
                self.names.add(n.id)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        callees = getattr(node, "callees", None)
        if not callees:
            self.generic_visit(node)
            return
        self.visit(node.func.value if isinstance(node.func, ast.Attribute) else node.func)
        for name, argument in arguments(node, callees):
            if name is None:
                self.changed = self.changed or not all(c.pinned for c in callees)
                for callee in callees:
                    callee.pinned = True
                self.visit(argument)
            elif kept(name, callees):
                for callee in callees:
                    if name in callee.parameters() + callee.keyword_parameters() and name not in callee.needed:
                        callee.needed.add(name)
                        self.changed = True
                self.visit(argument)


def arguments(node: ast.Call, callees: list[Unit]):
    """(parameter's name, argument); None for * and ** and what has no name."""
    for place, argument in enumerate(node.args):
        names = {c.parameters()[place] if place < len(c.parameters()) else None for c in callees}
        name = names.pop() if len(names) == 1 else None
        yield (None, argument) if isinstance(argument, ast.Starred) else (name, argument)
    for keyword in node.keywords:
        yield keyword.arg, keyword.value


def kept(name: str, callees: list[Unit]) -> bool:
    return any((c.pinned and name in c.parameters() + c.keyword_parameters()) or name in c.needed for c in callees)


class Strip(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        callees = getattr(node, "callees", None)
        if callees:
            pairs = list(arguments(node, callees))
            node.args = [a for name, a in pairs[: len(node.args)] if name is None or kept(name, callees)]
            node.keywords = [k for k in node.keywords if k.arg is None or kept(k.arg, callees)]
        return node


def pure(value: ast.expr) -> bool:
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            if getattr(node, "callees", None):
                return False
            function = node.func
            if isinstance(function, ast.Attribute) and (function.attr.endswith("_") or function.attr in ("append", "pop", "extend", "update", "insert")):
                return False
            while isinstance(function, (ast.Attribute, ast.Subscript)):
                function = function.value
            if isinstance(function, ast.Name) and function.id == "self":
                return False
    return True


class Dead(ast.NodeTransformer):
    """Removes assignments to names that nothing loads."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        targets = [n for t in node.targets for n in (t.elts if isinstance(t, ast.Tuple) else [t])]
        dead = all(isinstance(t, ast.Name) and t.id not in self.names for t in targets)
        return None if dead and pure(node.value) else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, (ast.Constant, ast.Name, ast.Attribute)) else node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, (ast.For, ast.While, ast.With, ast.If, ast.FunctionDef)) and not node.body:
            if isinstance(node, (ast.FunctionDef, ast.With)) or isinstance(node, ast.If) and node.orelse:
                node.body = [ast.Pass()]
            else:
                return None
        return node


class Constants(ast.NodeTransformer):
    """Names bound once to None, True or False become that."""

    def __init__(self, values: dict[str, ast.Constant]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.values.get(node.id, node) if isinstance(node.ctx, ast.Load) else node


def propagate(function: ast.FunctionDef) -> None:
    stores: dict[str, int] = {}
    values: dict[str, ast.Constant] = {}
    parameters = {a.arg for a in function.args.args + function.args.kwonlyargs + function.args.posonlyargs}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stores[node.id] = stores.get(node.id, 0) + 1
    for statement in function.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
            value = statement.value
            if isinstance(value, ast.Constant) and (value.value is None or isinstance(value.value, bool)):
                values[statement.targets[0].id] = value
    values = {n: v for n, v in values.items() if stores.get(n) == 1 and n not in parameters}
    if values:
        Constants(values).visit(function)


def strip_parameters(unit: Unit) -> None:
    a = unit.node.args
    if unit.pinned:
        return
    positional = a.posonlyargs + a.args
    defaults = [None] * (len(positional) - len(a.defaults)) + list(a.defaults)
    names = set(unit.parameters())
    left = [(p, d) for p, d in zip(positional, defaults) if p.arg not in names or p.arg in unit.needed]
    a.posonlyargs, a.args = [], [p for p, _ in left]
    # One without a default cannot stand behind one with.
    first = next((i for i, (_, d) in enumerate(left) if d is not None), len(left))
    a.defaults = [d if d is not None else ast.Constant(None) for _, d in left[first:]]
    pairs = [(p, d) for p, d in zip(a.kwonlyargs, a.kw_defaults) if p.arg in unit.needed]
    a.kwonlyargs, a.kw_defaults = [p for p, _ in pairs], [d for _, d in pairs]


def trim(gather: Gather, root: Unit, given: list[str]) -> None:
    units = units_of(gather)
    for _ in range(6):
        for unit in units:
            unit.needed = set()
        root.needed = set(given)
        uses: dict[int, set[str]] = {}
        changed = True
        while changed:
            changed = False
            for unit in units:
                seen = Uses(unit.owner)
                for statement in unit.node.body:
                    seen.visit(statement)
                uses[id(unit)] = seen.names
                for name in unit.parameters() + unit.keyword_parameters():
                    if name in seen.names and not overwritten(unit.node.body, name) and name not in unit.needed:
                        unit.needed.add(name)
                        changed = True
                changed = changed or seen.changed
        before = sum(len(ast.dump(u.node)) for u in units)
        for unit in units:
            Strip().visit(unit.node)
        for unit in units:
            strip_parameters(unit)
            propagate(unit.node)
            Dead(uses[id(unit)]).visit(unit.node)
            unit.node.body = unit.node.body or [ast.Pass()]
        drop_attributes(gather, units)
        if sum(len(ast.dump(u.node)) for u in units) == before:
            return


def overwritten(body: list[ast.stmt], name: str) -> bool:
    """Is the first statement that has the name one that binds it anew?"""
    for statement in body:
        names = [n for n in ast.walk(statement) if isinstance(n, ast.Name) and n.id == name]
        if names:
            return isinstance(statement, ast.Assign) and all(isinstance(n.ctx, ast.Store) for n in names)
    return False


def drop_attributes(gather: Gather, units: list[Unit]) -> None:
    """self.x = ... in a constructor, where nothing reads x and x is no module or tensor."""
    loaded = {n.attr for u in units for n in ast.walk(u.node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load)}
    strings = {n.value for u in units for n in ast.walk(u.node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    for unit in units:
        if unit.name != "__init__":
            continue

        def keeps(statement: ast.stmt) -> bool:
            if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
                return True
            target = statement.targets[0]
            if not (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self") or target.attr in loaded or target.attr in strings:
                return True
            origin = getattr(statement, "origin", None)
            value = getattr(origin, "value", None)
            if value is None or isinstance(value, ast.Constant):
                return value is None
            return holds(gather, unit.file, value)

        unit.node.body = [s for s in unit.node.body if keeps(s)] or [ast.Pass()]


def holds(gather: Gather, file: str, value: ast.expr) -> bool:
    """Was it a module or a tensor, or is that not known?"""
    facts = gather.recorder.facts.get(key_of(file, value))
    if not facts:
        return not isinstance(value, (ast.List, ast.Tuple, ast.Dict, ast.Lambda))
    return any(f.tensor or any(isinstance(o, (torch.nn.Module, torch.nn.ParameterList)) for o in f.objects) for f in facts.values())
