"""Where an owner's own source computes: the expressions of its methods that become kernels, and their text on both sides."""

import ast
import builtins
import inspect
import sys
import types
from dataclasses import dataclass, field

import torch

from decompose.literal import literal
from decompose.recorder import CONTAINERS, Event, Meta, Opaque, Packed, Recorder, Seen, all_events, calls_of, events_of, metas
from decompose.text import Edits, Text, Unsupported, snake

JUDGED = "decomp_judged"


@dataclass(eq=False)
class Site:
    """An expression that becomes a kernel."""

    node: ast.AST  # an expression, or an `x += owned` statement
    method: ast.FunctionDef
    events: list
    word: str = ""
    body: str = ""
    params: list = field(default_factory=list)  # (name, node, described value)
    owned: dict = field(default_factory=dict)  # attribute of the kernel -> key below the owner
    output: object = None
    helpers: set = field(default_factory=set)  # names of the module that the body needs
    target: str = ""  # the variable that it is assigned to
    inner: set = field(default_factory=set)  # parts of the expression that are of torch's own result types


def methods_of(text: Text, kind: type) -> list[ast.FunctionDef]:
    """All methods that the author's classes of this type's ancestry define, those of the type itself first."""
    found = []
    for k in kind.__mro__:
        definition = text.defined.get(k.__name__) if k.__module__ == JUDGED else None
        if isinstance(definition, ast.ClassDef):
            found += [s for s in definition.body if isinstance(s, ast.FunctionDef)]
    return found


def library_of(function) -> str:
    """The library beside torch and Python's own that a function comes from."""
    root = (getattr(function, "__module__", None) or "").split(".")[0] if isinstance(function, types.FunctionType) else ""
    return root if root and root not in (JUDGED, "torch", "numpy") and root not in sys.stdlib_module_names else ""


def state_of(text: Text, owner: torch.nn.Module) -> set[str]:
    """Tensor attributes that a method assigns: what one call leaves for the next. They stay the owner's."""
    stored = {n.attr for m in methods_of(text, type(owner)) if m.name != "__init__" for n in ast.walk(m)
              if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store) and isinstance(n.value, ast.Name) and n.value.id == "self"}
    return {n for n in stored if n not in owner._parameters and n not in owner._modules and (n in owner._buffers or n in vars(owner))}


class Expressions:
    def __init__(self, recorder: Recorder, owner: torch.nn.Module) -> None:
        self.recorder = recorder
        self.text = recorder.text
        self.ops = recorder.ops
        self.owner = owner
        self.sites: dict[int, Site] = {}  # by id of the node
        self.methods: list[ast.FunctionDef] = []
        self.names: dict[int, str] = {}  # what a method is called here: one of a base class that is overridden has the class's name in front
        self.adopted: dict[int, dict[str, str]] = {}  # functions of the file that call modules, methods here: parameters that are modules
        self.state = state_of(self.text, owner)
        self.helpers: set[str] = set()  # functions of the module that stay: plumbing
        for method in methods_of(self.text, type(owner)):
            if method.name != "__init__" and any(self.seen(n) for n in ast.walk(method)):
                base = any(m.name == method.name for m in self.methods)
                self.names[id(method)] = f"{snake(self.text.parent[id(method)].name)}_{method.name}" if base else method.name
                self.methods.append(method)
        for n in [n for m in self.methods for n in ast.walk(m)]:
            if isinstance(n, (ast.For, ast.comprehension)) and isinstance(n.iter, ast.Name) and n.iter.id == "self":
                raise Unsupported(f"line {n.iter.lineno}: it goes over itself as a container")
        self.lambdas = self._lambdas()
        open_bodies = [*self.methods, *self.lambdas.values()]
        while open_bodies:
            adopted = len(self.methods)
            self._find_compute(open_bodies.pop(0))
            open_bodies += self.methods[adopted:]
        for body in [*self.methods, *self.lambdas.values()]:
            self._find_owned(body)
        for site in self.sites.values():
            self._describe(site)

    def _lambdas(self) -> dict[str, ast.Lambda]:
        """Attributes that __init__ sets to a lambda, where the run came through its body: they become methods."""
        found = {}
        for method in methods_of(self.text, type(self.owner)):
            for node in ast.walk(method) if method.name == "__init__" else []:
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and isinstance(node.targets[0], ast.Attribute) and \
                        any(self.seen(n) for n in ast.walk(node.value.body)):
                    found[node.targets[0].attr] = node.value
        return found

    def lambda_method(self, name: str, edits: Edits) -> str:
        """The lambda as a method; what it had from __init__ is named by its path or written out."""
        node = self.lambdas[name]
        own = {a.arg for a in node.args.args}
        for n in ast.walk(node.body):
            seen = self.seen(n)
            if not isinstance(n, ast.Name) or n.id in own | {"self"} or seen is None or n.id in self.text.defined:
                continue
            if isinstance(seen.value, Opaque) and isinstance(seen.value.value, torch.nn.Module):
                path = self.recorder.paths[id(seen.value.value)].removeprefix(self.recorder.paths[id(self.owner)]).lstrip(".")
                edits.replace_node(n, f"self.{path}" if path else "self")
            elif not metas(seen.value) and not isinstance(seen.value, Opaque):
                edits.replace_node(n, literal(seen.value))
        return f"def {name}({', '.join(['self'] + [a.arg for a in node.args.args])}):\n    return {edits.node(node.body)}"

    # -- looking up ----------------------------------------------------------------------------------------------------

    def seen(self, node: ast.AST) -> Seen | None:
        number = self.text.number.get(id(node))
        return self.recorder.seen.get((id(self.owner), number))

    def is_tensor(self, node: ast.AST) -> bool:
        seen = self.seen(node)
        return seen is not None and bool(metas(seen.value))

    def owned_key(self, node: ast.AST) -> str | None:
        """The key of the parameter, buffer or tensor attribute that a name or an attribute gives."""
        seen = self.seen(node)
        if seen is None or not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) or not isinstance(seen.value, Meta) or seen.value.owned is None:
            return None
        path = self.recorder.paths.get(id(self.owner), "")
        if isinstance(node, ast.Attribute) and node.attr in self.state and isinstance(node.value, ast.Name) and node.value.id == "self":
            return None
        keys = self.recorder.owned_keys[seen.value.owned]
        below = [k for k in keys if not path or k.startswith(path + ".")]
        if not below and isinstance(node, ast.Name):
            return None  # another module's tensor, received as an argument
        return min(below, key=lambda k: k.count(".")) if below else keys[0]

    def is_global(self, node: ast.AST) -> bool:
        """A tensor that the file makes when it is imported."""
        statement = self.text.defined.get(node.id) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) else None
        return isinstance(statement, (ast.Assign, ast.AnnAssign)) and self.is_tensor(node)

    def callee(self, node: ast.Call):
        seen = self.seen(node.func)
        if seen is None:
            return None
        return seen.callee if seen.callee is not None else seen.value.value if isinstance(seen.value, Opaque) else None

    def call_kind(self, node: ast.Call) -> str:
        """module, method (of the owner), helper (a function of the file), foreign (another object's method), other."""
        callee = self.callee(node)
        if isinstance(callee, torch.nn.Module):
            return "module"
        if isinstance(callee, types.MethodType) and isinstance(callee.__self__, torch.nn.Module) and callee.__self__ is not self.owner and callee.__name__ == "forward":
            return "module"
        function = callee.__func__ if isinstance(callee, types.MethodType) else callee
        if isinstance(function, types.FunctionType) and function.__module__ == JUDGED:
            if isinstance(callee, types.MethodType):
                return "method" if callee.__self__ is self.owner else "foreign"
            if "." in function.__qualname__ and "<lambda>" not in function.__qualname__ and "<locals>" not in function.__qualname__:
                return "method"  # a static method
            if function.__name__ == "<lambda>" and isinstance(node.func, ast.Attribute) and node.func.attr in self.lambdas:
                return "method"
            return "lambda" if "<" in function.__qualname__ else "helper"
        return "other"

    # -- finding -------------------------------------------------------------------------------------------------------

    def _find_compute(self, method: ast.FunctionDef) -> None:
        for node in ast.walk(method):
            if not isinstance(node, (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript, ast.Attribute)):
                continue
            seen = self.seen(node)
            if seen is not None and isinstance(node, ast.Call) and isinstance(self.callee(node), torch.jit.ScriptFunction):
                site = self._add(node, method, seen.events)
                site.word = self.text.of(node.func).split(".")[-1]
                site.helpers.add(site.word)
                continue
            if seen is None or not seen.events:
                continue
            kind = self.call_kind(node) if isinstance(node, ast.Call) else "other"
            library = library_of(self.callee(node)) if kind == "other" and isinstance(node, ast.Call) else ""
            if library:
                raise Unsupported(f"line {node.lineno}: `{self.text.of(node.func)}` is of {library}, which no component may import")
            if kind in ("module", "method"):
                continue
            if kind in ("foreign", "lambda"):
                raise Unsupported(f"line {node.lineno}: `{self.text.of(node)[:60]}` calls " +
                                  ("a method of another object" if kind == "foreign" else "a lambda"))
            events = all_events(seen.events)
            kinds = {self.ops.kind(e.name) for e in events}
            if kind == "helper":
                if calls_of(seen.events):
                    self._adopt(node)
                    continue
                if not kinds & {"compute"} and any(self.is_module(a) for a in [*node.args, *(k.value for k in node.keywords)]):
                    self._adopt(node)
                    continue
                names = {e.name for e in events if self.ops.kind(e.name) == "compute"}
                if len(names) > 1 and names & (self.ops.contractions | self.ops.whole) and not self.ops.one_composite(names):
                    self._adopt(node)  # several operations: no kernel
                    continue
                if not kinds & {"compute"}:
                    self.helpers.add(self.callee(node).__name__)
                    continue
            if isinstance(node, ast.Call) and any(isinstance(n, ast.GeneratorExp) for n in node.args) and "compute" in kinds:
                continue
            if calls_of(seen.events):
                continue
            if "compute" in kinds:
                self._add(node, method, seen.events, kind == "helper")

    def is_module(self, node: ast.AST) -> bool:
        seen = self.seen(node)
        return seen is not None and isinstance(seen.value, Opaque) and isinstance(seen.value.value, torch.nn.Module)

    def _adopt(self, node: ast.Call) -> None:
        """A function of the file that calls modules, or asks one for its settings, becomes a method; its parameters that are modules are written as their places."""
        function = self.callee(node)
        definition = self.text.defined.get(function.__name__)
        taken = {n for n in dir(self.owner)} | {m.name for m in self.methods if m is not definition}
        if not isinstance(definition, ast.FunctionDef) or definition.args.vararg or definition.args.kwarg or function.__name__ in taken:
            raise Unsupported(f"line {node.lineno}: the function {self.text.of(node.func)} calls modules")
        if id(definition) in self.adopted:
            return
        places: dict[str, str] = {}
        for n in ast.walk(definition):
            seen = self.seen(n) if isinstance(n, ast.Name) else None
            if seen is not None and isinstance(n.ctx, ast.Load) and n.id in {a.arg for a in definition.args.args} and self.owned_key(n) and not seen.varies:
                places.setdefault(n.id, "")  # kernels in the function own it: it is not handed over any more
            if seen is None or not isinstance(seen.value, Opaque) or not isinstance(seen.value.value, torch.nn.Module):
                continue
            if n.id not in {a.arg for a in definition.args.args}:
                continue
            path, own = self.recorder.paths[id(seen.value.value)], self.recorder.paths[id(self.owner)]
            if seen.varies or not (not own or path == own or path.startswith(own + ".")) or not all(p.isidentifier() for p in path.removeprefix(own).split(".") if p):
                raise Unsupported(f"line {node.lineno}: {function.__name__} gets another module each time")
            places[n.id] = "self" + ("." + path.removeprefix(own).lstrip(".") if path != own else "")
        self.adopted[id(definition)] = places
        self.names[id(definition)] = definition.name
        self.methods.append(definition)

    def adopted_edits(self, edits: Edits, place: str, own_name) -> None:
        """Heads, bodies and calls of the functions that became methods. `place`, `own_name`: of the part of the parent that this is."""
        for definition in [m for m in self.methods if id(m) in self.adopted]:
            places = self.adopted[id(definition)]
            start = self.text.start(definition)
            head = self.text.data[start : self.text.start(definition.body[0])].decode()
            arguments = ast.parse(f"def f({ast.unparse(definition.args)}): pass").body[0].args
            defaults = dict(zip([a.arg for a in arguments.args][len(arguments.args) - len(arguments.defaults):], arguments.defaults))
            arguments.args = [ast.arg("self")] + [a for a in arguments.args if a.arg not in places]
            arguments.defaults = [defaults[a.arg] for a in arguments.args if a.arg in defaults]
            edits.replace(start, start + len(head[: head.rindex(":") + 1].encode()), f"def {own_name(definition.name)}({ast.unparse(arguments)}):")
            for n in ast.walk(definition):
                if isinstance(n, ast.Name) and places.get(n.id) and isinstance(n.ctx, ast.Load):
                    edits.replace_node(n, places[n.id].replace("self", place, 1))
        if not self.adopted:
            return
        for body in self.methods:
            for node in ast.walk(body):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and id(self.text.defined.get(node.func.id)) in self.adopted:
                    edits.replace_node(node.func, "self." + own_name(node.func.id))
                    given = node.args + [k for k in node.keywords]
                    gone = [g for g in given if self._is_dropped(node, g)]
                    kept = [g for g in given if g not in gone]
                    for g in gone:
                        at = given.index(g)
                        if at + 1 < len(given):
                            edits.replace(self.text.start(g), self.text.start(given[at + 1]), "")
                        else:
                            edits.replace(self.text.end(given[at - 1]) if kept else self.text.start(g), self.text.end(g), "")

    def _is_dropped(self, call: ast.Call, argument: ast.AST) -> bool:
        """Is it an argument that an adopted function does not take any more?"""
        definition = self.text.defined.get(call.func.id) if isinstance(call.func, ast.Name) else None
        places = self.adopted.get(id(definition), {})
        names = [a.arg for a in definition.args.args] if places else []
        for i, given in enumerate(call.args[: len(names)]):
            if given is argument:
                return names[i] in places
        return any(k.arg in places and argument in (k, k.value) for k in call.keywords)

    def static_edits(self, edits: Edits) -> None:
        """A static method that computes calls children of the owner: it becomes a method like the others."""
        computing = {id(site.method) for site in self.sites.values()}
        for method in [m for m in self.methods if id(m) in computing]:
            static = next((d for d in method.decorator_list if self.text.of(d) == "staticmethod"), None)
            if static is None:
                continue
            edits.replace(self.text.statement_start(static), self.text.starts[static.lineno], "")
            opened = self.text.data.index(b"(", self.text.start(method)) + 1
            edits.replace(opened, opened, "self, " if ast.unparse(method.args) else "self")
            for node in [n for body in self.methods for n in ast.walk(body) if isinstance(n, ast.Call)]:
                if getattr(self.callee(node), "__code__", None) is not None and self.callee(node).__code__.co_firstlineno == static.lineno and \
                        not (isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "self"):
                    edits.replace_node(node.func, "self." + self.names[id(method)])

    def base_calls(self, edits: Edits) -> None:
        """super().forward(x): the method of the base class, which has a name of its own here; module.forward(x): the module's call."""
        for body in [*self.methods, *self.lambdas.values()]:
            for node in ast.walk(body):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                below = node.func.value
                if isinstance(below, ast.Call) and isinstance(below.func, ast.Name) and below.func.id == "super":
                    callee = self.callee(node)
                    line = getattr(getattr(inspect.unwrap(callee.__func__), "__code__", None), "co_firstlineno", 0) if isinstance(callee, types.MethodType) else 0
                    method = next((m for m in self.methods if m.lineno == line), None)
                    if method is None:
                        raise Unsupported(f"line {node.lineno}: {self.text.of(node.func)} is not in this file")
                    edits.replace_node(node.func, "self." + self.names[id(method)])
                elif node.func.attr == "forward" and self.call_kind(node) == "module":
                    edits.replace(self.text.end(below), self.text.end(node.func), "")

    def _add(self, node: ast.AST, method: ast.FunctionDef, events: list, helper: bool = False) -> Site:
        inner = set()
        while True:  # the parts of torch's own result types are taken inside of the kernel
            parent = self.text.parent.get(id(node))
            seen = self.seen(node)
            packed = seen is not None and isinstance(seen.value, Packed)
            if packed and isinstance(parent, (ast.Attribute, ast.Subscript)) and parent.value is node:
                inner.add(id(node))
                node = parent
                continue
            break
        site = Site(node, method, events_of(events), inner=inner)
        if helper:
            site.helpers.add(self.callee(node).__name__)
            site.word = self.callee(node).__name__.strip("_")
        self.sites[id(node)] = site
        return site

    def sources(self, node: ast.AST, top: bool = True) -> set[str]:
        """What a value is made from: owned tensors, activations, or neither."""
        if not top and id(node) in self.sites:
            return {"activation"}
        seen = self.seen(node)
        if seen is not None:
            if not metas(seen.value) and not isinstance(seen.value, Opaque):
                return set()
            if self.owned_key(node) or self.is_global(node):
                return {"owned"}
            if isinstance(node, ast.Name) and metas(seen.value):
                return {"activation"}
            if isinstance(node, ast.Attribute) and metas(seen.value) and isinstance(node.value, ast.Name) and node.value.id == "self":
                return {"activation"}  # state
        if isinstance(node, ast.Call) and self.seen(node.func) is not None and self.call_kind(node) in ("module", "method"):
            return {"activation"}
        found: set[str] = set()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.expr, ast.keyword)):
                found |= self.sources(child, False)
        return found

    def _find_owned(self, method: ast.FunctionDef) -> None:
        for node in ast.walk(method):
            key = self.owned_key(node)
            if key is None and self.is_global(node):
                self._grow(node, method)
            if key is None or not isinstance(getattr(node, "ctx", None), ast.Load):
                continue
            if self.seen(node).varies:
                raise Unsupported(f"line {node.lineno}: `{self.text.of(node)}` is another tensor of the model each time")
            self._grow(node, method)

    def _grow(self, node: ast.AST, method: ast.FunctionDef) -> None:
        while True:
            if id(node) in self.sites:
                return
            parent = self.text.parent[id(node)]
            while isinstance(parent, (ast.keyword, ast.Starred, ast.Slice)):
                parent = self.text.parent[id(parent)]
            if isinstance(parent, ast.AugAssign) and isinstance(parent.target, ast.Name):
                site = Site(parent, method, [])
                self.sites[id(parent)] = site
                return
            if isinstance(parent, ast.Compare) and any(isinstance(o, (ast.Is, ast.IsNot)) for o in parent.ops):
                return  # its value is written out
            if not isinstance(parent, ast.expr) or isinstance(parent, (ast.Tuple, ast.List, ast.Dict, ast.IfExp, ast.BoolOp)):
                if isinstance(parent, ast.Assign) and isinstance(node, (ast.Name, ast.Attribute)) and isinstance(parent.targets[0], ast.Name):
                    return  # a local name for it: where the name is used counts
                self._add(node, method, self.seen(node).events)
                return
            if id(parent) in self.sites:
                return
            seen = self.seen(parent)
            if isinstance(parent, ast.Attribute) and seen is None:
                parent = self.text.parent[id(parent)]
                seen = self.seen(parent)
            if isinstance(parent, ast.Call) and self._is_dropped(parent, node):
                return
            if isinstance(parent, ast.Call) and self.call_kind(parent) in ("module", "method", "helper"):
                if parent.func is not node and not (isinstance(parent.func, ast.Attribute) and parent.func.value is node):
                    self._add(node, method, self.seen(node).events)
                    return
            if seen is not None and not metas(seen.value) and seen.callee is None:
                return  # a number: its value is written out
            if "activation" in self.sources(parent):
                self._add(parent, method, seen.events if seen else [])
                return
            node = parent

    # -- text ----------------------------------------------------------------------------------------------------------

    def _describe(self, site: Site) -> None:
        node = site.node
        statement = node
        while not isinstance(statement, ast.stmt):
            statement = self.text.parent[id(statement)]
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
            site.target = statement.targets[0].id
        edits = Edits(self.text)
        if isinstance(node, ast.AugAssign):
            site.target = node.target.id
            value = Meta(self.seen(node.value).value.shape, self.seen(node.value).value.dtype)
            target = self._value_before(node)
            self._place(site, edits, node.value, False)
            site.params.insert(0, (node.target.id, node.target, target))
            operator = OPERATORS[type(node.op)]
            site.body = f"{node.target.id} {operator} {edits.node(node.value)}"
            site.output = target
            site.events = [Event({"+": "add", "-": "sub", "*": "mul", "/": "div"}.get(operator, "add"), False, {"input": target, "other": value}, [target])]
            return
        self._place(site, edits, node, True)
        site.params.sort(key=lambda p: self.text.start(p[1]))
        site.body = edits.node(node)
        site.output = self.seen(node).value
        if isinstance(site.output, Packed):
            site.body = f"tuple({site.body})"
            site.output = site.output.items

    def _value_before(self, node: ast.AugAssign) -> Meta:
        """The variable of `x += ...`."""
        seen = self.seen(node.target)
        if seen is None or not isinstance(seen.value, Meta):
            raise Unsupported(f"line {node.lineno}: the variable of an assignment in place is no tensor")
        return seen.value

    def _place(self, site: Site, edits: Edits, node: ast.AST, top: bool) -> None:
        """Puts parameters, owned attributes and literals into the places of what they stand for, below `node`."""
        seen = self.seen(node)
        if not top and seen is not None and id(node) not in site.inner:
            key = self.owned_key(node)
            if key is not None:
                edits.replace_node(node, "self." + self._own(site, key))
                return
            if self.is_global(node):
                site.helpers.add(node.id)
                return
            tensor = bool(metas(seen.value))
            if tensor and (id(node) in self.sites or "activation" in self.sources(node) or isinstance(node, ast.Name)):
                edits.replace_node(node, self._param(site, node, seen.value))
                return
            if isinstance(node, (ast.Tuple, ast.List)) and any(isinstance(n, ast.Slice) for n in node.elts):
                seen = None
            elif not tensor and not isinstance(seen.value, Opaque):
                if seen.varies:
                    edits.replace_node(node, self._param(site, node, seen.value))
                elif not self._is_plain(node):
                    edits.replace_node(node, literal(seen.value))
                return
            if seen is not None and isinstance(seen.value, Opaque) and not self._is_plain(node):
                edits.replace_node(node, literal(seen.value.value))
                return
        if top and self.owned_key(node):
            edits.replace_node(node, "self." + self._own(site, self.owned_key(node)))
            return
        if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.Lambda, ast.DictComp, ast.NamedExpr, ast.Await)):
            raise Unsupported(f"line {node.lineno}: a {type(node).__name__} inside of a computation")
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.Call) and child is node.func:
                self._place_function(site, edits, child)
            elif isinstance(child, (ast.expr, ast.keyword, ast.Slice)):
                self._place(site, edits, child, False)

    def _place_function(self, site: Site, edits: Edits, func: ast.AST) -> None:
        call_on = self.seen(func.value) if isinstance(func, ast.Attribute) else None
        if call_on is not None and metas(call_on.value):
            self._place(site, edits, func.value, False)
        elif not self._is_plain(func):
            callee = self.seen(func).callee if self.seen(func) else None
            if callee is None:
                raise Unsupported(f"line {func.lineno}: `{self.text.of(func)}` is not known")
            text = literal(callee)
            edits.replace_node(func, text)
            site.helpers.add(text.split(".")[0])
        else:
            site.helpers |= {n.id for n in ast.walk(func) if isinstance(n, ast.Name)}

    def _is_plain(self, node: ast.AST) -> bool:
        """Made of constants and names of imported modules only: it reads the same anywhere."""
        for n in ast.walk(node):
            if isinstance(n, ast.Name) and n.id not in ("torch", "math", "nn", "F", "np", "numpy") and not hasattr(builtins, n.id):
                statement = self.text.defined.get(n.id)
                if not isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef)):
                    return False
        return True

    def _own(self, site: Site, key: str) -> str:
        for attribute, known in site.owned.items():
            if known == key:
                return attribute
        name = key.split(".")[-1]
        if name in site.owned or not name.isidentifier():
            name = "_".join(key.split(".")[-2:]) if not name.isidentifier() else key.replace(".", "_")
        site.owned[name] = key
        return name

    def _param(self, site: Site, node: ast.AST, value) -> str:
        own = self.text.of(node)
        for name, other, _ in site.params:
            if self.text.of(other) == own and isinstance(node, (ast.Name, ast.Attribute)):
                return name
        taken = {name for name, _, _ in site.params} | {"self"}
        wanted = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        for name in [wanted, "x", "y", "z", "a", "b", "c", "d"] + [f"x{i}" for i in range(99)]:
            if name and name not in taken and name not in self.text.defined:
                site.params.append((name, node, value))
                return name
        raise Unsupported("too many operands")

    def call_text(self, site: Site, edits: Edits, attribute: str) -> None:
        """Puts the call of the child in the place of the expression; the operands keep their own edits."""
        node = site.node
        if isinstance(node, ast.AugAssign):
            rest = [self.text.of(n) for _, n, _ in site.params[1:]]
            edits.replace_node(node, f"{node.target.id} = self.{attribute}({', '.join([node.target.id] + rest)})")
            return
        at = self.text.start(node)
        before = f"self.{attribute}("
        for i, (_, operand, _) in enumerate(sorted(site.params, key=lambda p: self.text.start(p[1]))):
            edits.replace(at, self.text.start(operand), before, node)
            at, before = self.text.end(operand), ", "
        edits.replace(at, self.text.end(node), ")" if site.params else before + ")", node)


OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.FloorDiv: "//", ast.Mod: "%",
             ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.MatMult: "@"}
