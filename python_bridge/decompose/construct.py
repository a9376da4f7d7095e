"""The author's own __init__ as the refactored parent's: its plain statements kept, children in the place of modules."""

import ast
import textwrap

import torch

from decompose.kernels import kind_of
from decompose.ladder import author_kind
from decompose.recorder import CONTAINERS
from decompose.text import Edits, Unsupported, indented, names_in

PLAIN_CALLS = {"range", "len", "int", "float", "bool", "str", "tuple", "list", "dict", "set", "min", "max", "sum", "sorted", "reversed",
               "enumerate", "zip", "isinstance", "any", "all", "round_"}
GROWING = {"append", "extend", "insert", "update", "add_module"}


class AuthorInit:
    """Chooses the statements that the children and the plain attributes need, and edits the calls that build modules."""

    def __init__(self, refactored, init: ast.FunctionDef, reads: set[str]) -> None:
        self.refactored = refactored
        self.text = refactored.text
        self.owner = refactored.module
        self.recorder = refactored.recorder
        self.init = init
        reads = reads - set(refactored.expressions.lambdas)
        self.grouping = refactored.component.grouping
        self.renamed = {u.original: u.path for u in refactored.component.uses if u.lead is not None and "." not in u.original + u.path}
        children = self._children()
        self.attributes = children | (reads & set(vars(self.owner)) | (reads & set(self.owner._modules)))
        self.locals: set[str] = set()
        self.kept: list[ast.stmt] = []
        self.defined: set[str] = set()
        self.edits = Edits(self.text)
        self.taken: set[int] = set()  # modules whose place is in a fusion that is written already

    def _children(self) -> set[str]:
        """Attributes of the author's that hold children."""
        return {(u.original or u.path).split(".")[0] for u in self.refactored.component.uses if u.module is not None or u.lead is not None}

    def source(self) -> str:
        for statement in reversed(self.init.body):
            if self._wanted(statement):
                self.kept.insert(0, statement)
        lines = []
        for statement in self.kept:
            self._edit(statement)
            lines.append(self.text.statement(statement, self.edits).rstrip())
        missing = self._children() - self.defined
        if missing:
            raise Unsupported(f"{', '.join(sorted(missing))} is not built by one plain statement")
        return "\n".join(lines)

    # -- choosing ------------------------------------------------------------------------------------------------------

    def _wanted(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            return False
        if is_super(statement):
            if statement.value.args or statement.value.keywords:
                raise Unsupported("the base class is given constructor values")
            return True
        if isinstance(statement, ast.If) and not statement.orelse and self._never_built(statement):
            return False
        stored = {n.attr for n in ast.walk(statement) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store) and is_self(n.value)}
        names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        grown = {root for n in ast.walk(statement) if isinstance(n, ast.Call) for root in [grows(n)] if root}
        plain_assert = isinstance(statement, ast.Assert) and not any(isinstance(n, (ast.Call, ast.Attribute)) for n in ast.walk(statement))
        wanted = stored & self.attributes or names & self.locals or {g for g in grown if g in self.locals or g in self.attributes}
        if plain_assert:
            self.locals |= {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
        if not wanted and not plain_assert:
            return False
        extra = stored - self.attributes
        if extra and not isinstance(statement, (ast.Assign, ast.AnnAssign)):
            raise Unsupported(f"a statement builds {', '.join(sorted(extra))} as well, which is not used")
        self.defined |= stored | {g for g in grown if g in self.attributes}
        for n in ast.walk(statement):
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load):
                self.locals.add(n.id)
            if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load) and is_self(n.value):
                self.attributes.add(n.attr)
        return True

    def _never_built(self, statement: ast.If) -> bool:
        """A branch that builds modules and did not run for this component."""
        calls = [n for n in ast.walk(statement) if isinstance(n, ast.Call)]
        classes = [n for n in calls if self.text.of(n.func).startswith(("nn.", "torch.nn.")) or isinstance(self.text.defined.get(self.text.of(n.func)), ast.ClassDef)]
        return bool(classes) and not any((id(self.owner), self.text.number[id(n)]) in self.recorder.built for n in calls)

    # -- editing -------------------------------------------------------------------------------------------------------

    def _edit(self, statement: ast.stmt) -> None:
        if is_super(statement):
            self.edits.replace_node(statement, "super().__init__()")
            return
        self._given_modules(statement)
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and is_self(node.value) and node.attr in self.renamed:
                self.edits.replace_node(node, f"self.{self.renamed[node.attr]}")
            if isinstance(node, (ast.Lambda, ast.Try, ast.With, ast.FunctionDef, ast.ClassDef)):
                raise Unsupported(f"line {node.lineno} of __init__ holds a {type(node).__name__}")
            if isinstance(node, ast.Call):
                self._edit_call(node)

    def _given_modules(self, statement: ast.stmt) -> None:
        """A module that the constructor is given is built here, where it is kept."""
        given = self.refactored.component.inside
        if not any(isinstance(n, ast.Name) and n.id in given for n in ast.walk(statement)):
            return
        plain = isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Attribute) and \
            isinstance(statement.value, ast.Name)
        name = statement.targets[0].attr if plain else ""
        text = self.refactored.child_expression(self.owner._modules[name], name) if name in self.owner._modules else None
        if text is None:
            raise Unsupported(f"line {statement.lineno} of __init__ uses a module that it is given")
        self.edits.replace_node(statement.value, indented(text, 8).lstrip())

    def _edit_call(self, node: ast.Call) -> None:
        built = self.recorder.built.get((id(self.owner), self.text.number[id(node)]))
        if not built:
            function = node.func
            plain = isinstance(function, ast.Name) and function.id in PLAIN_CALLS
            mathematical = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "math"
            if not plain and not mathematical and not grows(node) and not self._is_dict(node):
                raise Unsupported(f"line {node.lineno} of __init__ calls {self.text.of(function)}")
            return
        planner = self.refactored.planner
        if isinstance(node.func, ast.Attribute) and is_self(node.func.value):
            raise Unsupported(f"line {node.lineno} of __init__ builds modules in {node.func.attr}()")
        if all(type(m) in CONTAINERS for m in built):
            if self.text.of(node.func).split(".")[-1] not in {kind.__name__ for kind in CONTAINERS}:
                raise Unsupported(f"line {node.lineno} of __init__ builds modules in {self.text.of(node.func)}()")
            self._regroup(node, built)
            return
        if all(id(m) in planner.inlined_modules for m in built) and len(built) == 1:
            path = self.recorder.paths[id(built[0])].removeprefix(self.recorder.paths[id(self.owner)]).lstrip(".")
            self.edits.replace_node(node, indented(self.refactored.child_expression(built[0], path), 8).lstrip())
            return
        if all(id(m) in planner.straight for m in built):
            texts = {self.refactored.child_expression(m, planner.path_below(m, self.owner)) for m in built}
            if len(texts) != 1:
                raise Unsupported(f"line {node.lineno} of __init__ builds unequal sequences")
            self.edits.replace_node(node, indented(texts.pop(), 8).lstrip())
            return
        if all(id(m) in self.taken for m in built):
            return
        uses = [next((u for u in self.refactored.component.uses if u.module is m or u.lead is m), None) for m in built]
        if any(u is None for u in uses):
            raise Unsupported(f"line {node.lineno} of __init__ builds a module that is not called")
        if len({id(u.component) for u in uses}) != 1:
            raise Unsupported(f"line {node.lineno} of __init__ builds unequal components")
        component, alias = uses[0].component, self.refactored.alias[id(uses[0].component)]
        explicit = planner.kernels.arguments.get(id(component))
        same_layer = getattr(component, "make", None) and explicit and all(kind_of(m) is explicit["kind"] for m in built)
        author = planner.is_author(built[0]) and not getattr(component, "inside", None) and getattr(component, "kind_name", "") == author_kind(built[0]).__name__
        if (same_layer or author) and not any(k.arg in ("device", "dtype") and same_layer for k in node.keywords):
            self.edits.replace_node(node.func, alias)
            return
        texts = {self.refactored.construction(u) for u in uses}
        if len(texts) != 1:
            raise Unsupported(f"line {node.lineno} of __init__ builds unequal components")
        self.edits.replace_node(node, texts.pop())

    def _regroup(self, node: ast.Call, containers: list) -> None:
        """nn.Sequential(...) with fusions in the place of its members' runs."""
        containers = [c for c in containers if id(c) in self.recorder.paths]  # others were replaced while the model was built
        paths = [self.refactored.planner.path_below(c, self.owner) for c in containers]
        layouts = [self.grouping.layouts.get(p) for p in paths]
        if not any(layouts):
            return
        if len(containers) > 1:
            raise Unsupported(f"line {node.lineno} of __init__ builds several containers of fusions")
        members, layout = list(containers[0]._modules.items()), {old for old, _ in layouts[0]}
        built = [self.recorder.built.get((id(self.owner), self.text.number[id(a)]), []) if isinstance(a, ast.Call) else [] for a in node.args]
        if [b[0] if len(b) == 1 else None for b in built] != [m for _, m in members]:
            raise Unsupported(f"line {node.lineno} of __init__ builds the members of a container elsewhere")
        for place, ((name, module), argument) in enumerate(zip(members, node.args)):
            if f"{paths[0]}.{name}" not in layout:
                self.taken.add(id(module))
                self.edits.replace(self.text.end(node.args[place - 1]), self.text.end(argument), "")
        if len(layout) == 1 and layouts[0][0][1] == paths[0]:
            lead, module = next((a, m) for a, (n, m) in zip(node.args, members) if f"{paths[0]}.{n}" in layout)
            use = next(u for u in self.refactored.component.uses if u.lead is module)
            self.taken.add(id(module))
            arguments = self.text.data[self.text.end(lead.func) : self.text.end(lead)].decode()
            self.edits.replace_node(node, self.refactored.alias[id(use.component)] + " ".join(arguments.split()))

    def _is_dict(self, node: ast.Call) -> bool:
        return isinstance(node.func, ast.Name) and node.func.id in ("OrderedDict",)


def is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def is_super(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "__init__" and \
        isinstance(call.func.value, ast.Call) and isinstance(call.func.value.func, ast.Name) and call.func.value.func.id == "super"


def grows(call: ast.Call) -> str:
    """The local name or attribute of self that layers.append(...), self.blocks.append(...) changes."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in GROWING:
        return ""
    if isinstance(function.value, ast.Name):
        return function.value.id if function.value.id != "self" else ""
    return function.value.attr if isinstance(function.value, ast.Attribute) and is_self(function.value.value) else ""


def rebound(init: ast.FunctionDef) -> bool:
    """Does __init__ give one of its parameters another value?"""
    own = {a.arg for a in init.args.args + init.args.kwonlyargs}
    return any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id in own for n in ast.walk(init))


def author_init(refactored, reads: set[str]) -> tuple[str, set[str]]:
    """The text of __init__, and the names that it reads. Throws Unsupported."""
    from decompose.kernels import init_of

    init = init_of(refactored.text, type(refactored.module))
    definition = refactored.text.defined.get(type(refactored.module).__name__)
    if init is None or init not in getattr(definition, "body", []):
        raise Unsupported("__init__ is inherited")
    author = AuthorInit(refactored, init, reads)
    body = author.source()
    lines = [refactored._head(init), indented(body, 4)]
    own = set(refactored.component.attributes.values()) | set(refactored.expressions.lambdas) | {m.name for m in refactored.expressions.methods} | {"training"}
    for name in sorted(reads - author.defined - own - set(refactored.module._modules)):
        lines += refactored.plain_attribute(name)
    lines += refactored.site_lines(not rebound(init))
    source = "\n".join(lines)
    return source, names_in(source)
