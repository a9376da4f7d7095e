"""Rewrites one function by what was recorded of it: configuration becomes values, branches that these inputs never take go, calls
name what they call."""

import ast
import collections
import copy
import dataclasses
import types

import torch

from wrap.record import Fact, key_of

TENSOR_PROPERTIES = ("shape", "dtype", "device", "ndim", "is_cuda", "requires_grad")
NO_WORK = ("post_init", "init_weights", "warn_if_padding_and_no_attention_mask", "warning_once", "warning", "warn", "info", "debug", "mark_non_differentiable", "_backward_compatibility_gradient_checkpointing",
           "_register_load_state_dict_pre_hook", "register_load_state_dict_pre_hook")
CHECKS = ("torch_compilable_check", "check_model_inputs", "is_flash_attention_requested")
SIMPLE = {"torch_int": "int", "torch_float": "float"}  # what a package's helper is in a plain run
NOT_TAKEN = "the inputs that this file was made with do not take this branch"


def is_output(value) -> bool:
    return is_output_class(type(value))


def is_output_class(target) -> bool:
    """A dataclass that a forward returns: written as a NamedTuple."""
    return isinstance(target, type) and dataclasses.is_dataclass(target) and not issubclass(target, torch.nn.Module) and not target.__name__.endswith("Config")


def reference(name: str, target) -> ast.Name:
    """A name for what only gather.py can name: a function, a class, a value of a module."""
    node = ast.Name(name, ast.Load())
    node.target = target
    return node


def literal(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def single(fact: Fact | None):
    """The one object that the expression always was; None when it was several, or a plain value, or never."""
    return fact.objects[0] if fact is not None and len(fact.objects) == 1 and not fact.values and not fact.tensor else None


class Fold(ast.NodeTransformer):
    """`owners`: the module objects (ids) whose runs count; None: all. `services`: gather.Gather."""

    def __init__(self, file: str, function: ast.FunctionDef, owners: set[int] | None, services, constructor: bool) -> None:
        self.file, self.owners, self.services, self.constructor = file, owners, services, constructor
        self.original = function
        # A static method, or a helper that got another object first: all of its runs count.
        self.known_owners = owners
        if owners is not None and not services.ran(file, function) & owners:
            self.owners = None
        self.names = [a.arg for a in function.args.posonlyargs + function.args.args + function.args.kwonlyargs]
        self.kwarg = function.args.kwarg.arg if function.args.kwarg else None
        stored = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        self.rebound = set(stored)
        self.arguments = self.merged(services.recorder.arguments.get((file, function.lineno), {}))
        self.self_name = self.names[0] if self.names else None
        self.extra = list(self.arguments[self.kwarg].keys) if self.kwarg in self.arguments else []
        self.finished = False

    # ---- facts

    def merged(self, by_owner: dict[int, dict[str, Fact]]) -> dict[str, Fact]:
        result: dict[str, Fact] = {}
        for owner, facts in by_owner.items():
            if self.owners is None or owner in self.owners:
                for name, fact in facts.items():
                    result[name] = join(result.get(name), fact)
        return result

    def fact(self, node: ast.AST) -> Fact | None:
        if not hasattr(node, "lineno") or hasattr(node, "target"):
            return None
        result = None
        for owner, fact in self.services.recorder.facts.get(key_of(self.file, node), {}).items():
            if self.owners is None or owner in self.owners:
                result = join(result, fact)
        return result

    def is_config(self, node: ast.AST) -> bool:
        fact = self.fact(node)
        return fact is not None and bool(fact.objects) and all(self.services.is_config(o) for o in fact.objects)

    def reads_config(self, node: ast.AST) -> bool:
        return any(isinstance(n, (ast.Name, ast.Attribute)) and self.is_config(n) for n in ast.walk(node))

    def holds_tensor(self, node: ast.AST) -> bool:
        """Does the value depend on the elements of a tensor?"""
        if isinstance(node, ast.Attribute) and node.attr in TENSOR_PROPERTIES:
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("size", "dim", "numel", "is_floating_point"):
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "len", "hasattr", "is_tracing", "is_torchdynamo_compiling"):
            return False
        if isinstance(node, ast.Compare) and all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
            return False
        fact = self.fact(node)
        if fact is not None and fact.tensor:
            return True
        return any(self.holds_tensor(n) for n in ast.iter_child_nodes(node))

    def static_truth(self, test: ast.expr) -> bool | None:
        """Which way the test goes, where that cannot change with the values of tensors; None where it can or was not seen."""
        if isinstance(test, ast.Constant):
            return bool(test.value)
        fact = self.fact(test)
        if fact is None or len(fact.truths) != 1 or self.holds_tensor(test):
            return None
        return next(iter(fact.truths))

    def ran(self, node: ast.AST) -> bool:
        """Was any expression of the statement evaluated? True where it has none."""
        shown = [n for n in ast.walk(node) if isinstance(n, (ast.Name, ast.Attribute, ast.Call)) and isinstance(getattr(n, "ctx", ast.Load()), ast.Load)]
        return not shown or any(self.fact(n) is not None for n in shown)

    # ---- statements

    def run(self) -> ast.FunctionDef:
        new = copy.copy(self.original)
        new.args = copy.deepcopy(new.args)
        new.decorator_list = [d for d in new.decorator_list if isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod", "property")]
        new.body = self.block(self.original.body)
        text = ast.get_docstring(self.original)
        new.docstring = text if text and len(text) < 110 and "\n" not in text and "\\" not in text else ""
        new.body = [s for s in new.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        new.body = new.body or [ast.Pass()]
        new.returns = None
        new.kept_arguments = list(self.names) + self.extra
        if self.kwarg:  # what was passed as **kwargs, by name
            known = {a.arg for a in new.args.args + new.args.kwonlyargs}
            for key in self.extra:
                if key not in known:
                    new.args.kwonlyargs.append(ast.arg(key, None))
                    new.args.kw_defaults.append(ast.Constant(None))
            new.args.kwarg = None
        if new.args.vararg:
            new.args.vararg.annotation = None
        for argument in new.args.posonlyargs + new.args.args + new.args.kwonlyargs:
            argument.annotation = self.annotation(argument.annotation)
        defaults = new.args.defaults + [d for d in new.args.kw_defaults if d is not None]
        for default in defaults:
            for name in ast.walk(default):
                if isinstance(name, ast.Name):
                    self.services.mark_global(name, self.file)
        return new

    def annotation(self, node: ast.expr | None) -> ast.expr | None:
        """Annotations of builtin types and tensors stay."""
        if node is None:
            return None
        text = ast.unparse(node)
        words = set(text.replace("[", " ").replace("]", " ").replace("|", " ").replace(",", " ").split())
        known = {"torch.Tensor", "torch.LongTensor", "torch.FloatTensor", "torch.BoolTensor", "int", "float", "bool", "str", "None", "tuple", "list", "dict", "..."}
        if not words <= known:
            return None
        return ast.parse(text.replace("LongTensor", "Tensor").replace("FloatTensor", "Tensor").replace("BoolTensor", "Tensor"), mode="eval").body

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for statement in body:
            for new in self.statement(statement):
                result.append(new)
                if isinstance(new, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                    return result
        return result

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.If):
            return self.branch(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and self.is_idle(node.value):
            return []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute) and self.is_config(node.value.func.value):
            return []
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Attribute) and isinstance(node.targets[0].value, ast.Name):
            owner = self.fact(node.targets[0].value)
            if owner is not None and owner.objects and all(is_output(o) for o in owner.objects):
                return self.output_changed(node)
        if isinstance(node, ast.Assert):
            return [] if self.static_truth(node.test) is not None or not self.ran(node) else [self.visit_copy(node)]
        if isinstance(node, ast.Raise):
            return [self.raised(node)]
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and self.only_config(node):
            return []
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) and node.value.func.id in CHECKS:
            return []
        if isinstance(node, ast.Try):
            return self.block(node.body)
        if isinstance(node, ast.With) and all(self.is_idle_context(i.context_expr) for i in node.items):
            return self.block(node.body)
        if isinstance(node, (ast.For, ast.While, ast.With)):
            new = copy.copy(node)
            if isinstance(node, ast.For):
                new.target, new.iter = self.visit_copy(node.target), self.visit_copy(node.iter)
            elif isinstance(node, ast.While):
                new.test = self.visit_copy(node.test)
            else:
                new.items = [self.visit_copy(i) for i in node.items]
            if not any(self.ran(s) for s in node.body):
                return []
            new.body = self.block(node.body) or [ast.Pass()]
            new.orelse = self.block(node.orelse) if getattr(node, "orelse", None) else []
            return [new]
        if isinstance(node, ast.FunctionDef):
            new = copy.copy(node)
            new.args = copy.deepcopy(node.args)
            for argument in new.args.posonlyargs + new.args.args + new.args.kwonlyargs:
                argument.annotation = None
            new.returns = None
            new.decorator_list = []
            new.body = self.block(node.body) or [ast.Pass()]
            return [new]
        if isinstance(node, ast.AnnAssign):
            if node.value is None:
                return []
            new = ast.copy_location(ast.Assign([self.visit_copy(node.target)], self.visit_copy(node.value)), node)
            new.origin = node
            return [new]
        return [self.visit_copy(node)]

    def output_changed(self, node: ast.Assign) -> list[ast.stmt]:
        """outputs.logits = x, where outputs cannot change: another one in its place."""
        name, field = node.targets[0].value.id, node.targets[0].attr
        for target in {type(o) for o in self.fact(node.targets[0].value).objects}:
            if field not in self.services.outputs.setdefault(target, []):
                self.services.outputs[target].append(field)
        call = ast.Call(ast.Attribute(ast.Name(name, ast.Load()), "_replace", ast.Load()), [], [ast.keyword(field, self.visit(node.value))])
        return [ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], call), node)]

    def branch(self, node: ast.If) -> list[ast.stmt]:
        truth = self.static_truth(node.test)
        if truth is None and self.mentions_training(node.test):
            truth = False
        if truth is not None:
            return self.block(node.body if truth else node.orelse)
        if not self.ran(node.test):
            return []
        new = copy.copy(node)
        fact = self.fact(node.test)
        new.test = self.visit_copy(node.test)
        new.body = self.arm(node.body, fact is None or True in fact.truths)
        new.orelse = self.arm(node.orelse, fact is None or False in fact.truths) if node.orelse else []
        return [new]

    def arm(self, body: list[ast.stmt], taken: bool) -> list[ast.stmt]:
        if taken:
            return self.block(body) or [ast.Pass()]
        if len(body) == 1 and isinstance(body[0], ast.Raise):
            return [self.raised(body[0])]
        return [ast.parse(f"raise NotImplementedError({NOT_TAKEN!r})").body[0]]

    @staticmethod
    def raised(node: ast.Raise) -> ast.stmt:
        """Errors stay, with a text that needs no names."""
        call = node.exc
        kind = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else "ValueError"
        texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        kind = kind if kind in ("ValueError", "TypeError", "RuntimeError", "NotImplementedError") else "ValueError"
        return ast.copy_location(ast.parse(f"raise {kind}({' '.join(' '.join(texts).split())!r})").body[0], node)

    def mentions_training(self, node: ast.expr) -> bool:
        return any(isinstance(n, ast.Attribute) and n.attr == "training" for n in ast.walk(node))

    def is_idle(self, call: ast.Call) -> bool:
        if isinstance(call.func, ast.Attribute) and call.func.attr in NO_WORK:
            return True
        base = call.func
        while isinstance(base, ast.Attribute):
            base = base.value
        return isinstance(base, ast.Name) and base.id in ("logger", "logging", "warnings", "init")

    @staticmethod
    def is_idle_context(node: ast.expr) -> bool:
        text = ast.unparse(node)
        return any(word in text for word in ("no_grad", "maybe_autocast", "autocast", "deepspeed", "inference_mode", "torch_compilable"))

    def only_config(self, node: ast.Assign | ast.AnnAssign) -> bool:
        """config = ..., config.x = ...: nothing reads them here."""
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(t, ast.Attribute) and self.is_config(t.value) for t in targets):
            return True
        return node.value is not None and self.is_config(node.value)

    # ---- expressions

    def visit_copy(self, node: ast.AST) -> ast.AST:
        return self.visit(node) if isinstance(node, ast.expr) else self.generic_copy(node)

    def generic_copy(self, node: ast.AST) -> ast.AST:
        new = copy.copy(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(new, name, [self.visit(v) if isinstance(v, ast.AST) else v for v in value])
            elif isinstance(value, ast.AST):
                setattr(new, name, self.visit(value))
        new.origin = getattr(node, "origin", node)
        return new

    def generic_visit(self, node: ast.AST) -> ast.AST:
        return self.generic_copy(node)

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            replaced = self.replacement(node)
            if replaced is not None:
                return ast.copy_location(replaced, node)
        return super().visit(node)

    def replacement(self, node: ast.expr) -> ast.expr | None:
        if isinstance(node, (ast.Constant, ast.JoinedStr, ast.Lambda)):
            return None
        fact = self.fact(node)
        if fact is None:
            return None
        if fact.plain and fact.literal is not None and self.foldable(node, fact):
            return literal(fact.literal)
        if isinstance(node, (ast.Call, ast.Subscript)) and fact.objects and isinstance(fact.objects[0], torch.nn.Module):
            return self.activation(node, fact)
        value = single(fact)
        if isinstance(value, (types.FunctionType, type)) and not isinstance(value, torch.jit.ScriptFunction):
            if isinstance(node, ast.Attribute) and (base := self.fact(node.value)) is not None and any(isinstance(o, torch.nn.Module) for o in base.objects):
                return None  # a method
            if isinstance(node, ast.Name) and node.id not in self.names and node.id not in self.rebound:
                return None  # resolved as a global name
            if isinstance(value, types.FunctionType) and value.__closure__ is None and "<" not in value.__qualname__ and self.services.sources.function(value):
                return reference(value.__name__, value)
            if isinstance(value, type) and (issubclass(value, torch.nn.Module)) and not isinstance(node, ast.Attribute):
                return reference(value.__name__, value)
        return None

    def foldable(self, node: ast.expr, fact: Fact) -> bool:
        if isinstance(node, ast.Name):
            simple = fact.literal[:1] not in "[({" or fact.literal == "()"
            argument = node.id in self.arguments and node.id not in self.rebound and node.id != self.self_name
            return argument and simple and (not self.constructor or fact.literal in ("None", "True", "False") or fact.literal[:1] in "'\"")
        if isinstance(node, ast.Attribute):
            base = self.fact(node.value)
            if fact.literal == "None" and base is not None and base.objects and all(is_output(o) for o in base.objects):
                return True
        if isinstance(node, (ast.Compare, ast.BoolOp)) and not self.constructor and self.static_truth(node) is None:
            return False
        if self.holds_tensor(node) or self.calls_module(node):
            return False
        if isinstance(node, ast.Call) and fact.literal in ("True", "False") and isinstance(target := single(self.fact(node.func)), types.FunctionType):
            if target.__module__.startswith("transformers.") and ".models." not in target.__module__:
                return True
        if isinstance(node, ast.Call) and fact.literal == "None" and not (isinstance(node.func, ast.Name) and node.func.id == "getattr"):
            return False  # called for what it does
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr"):
            return True
        return self.reads_config(node) and self.only_reads_config(node)

    def only_reads_config(self, node: ast.expr) -> bool:
        """Are there no other variables in it?"""
        for n in ast.walk(node):
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and (n.id in self.names or n.id in self.rebound) and n.id != self.self_name and not self.is_config(n):
                return False
            if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == self.self_name and self.constructor and not self.is_config(n):
                return False
        return True

    def calls_module(self, node: ast.expr) -> bool:
        for n in ast.walk(node):
            if isinstance(n, ast.Call):
                target = single(self.fact(n.func))
                if isinstance(target, torch.nn.Module) or isinstance(target, type) and issubclass(target, torch.nn.Module):
                    return True
        return False

    def activation(self, node: ast.expr, fact: Fact) -> ast.expr | None:
        """ACT2FN["gelu"], get_activation("gelu"): the class itself."""
        table = self.services.activation_table
        text = ast.unparse(node)
        value = fact.objects[0]
        if table is None or len({type(o) for o in fact.objects}) != 1 or "ACT2FN" not in text and "get_activation" not in text:
            return None
        for entry in collections.OrderedDict.values(table):
            klass, arguments = entry if isinstance(entry, tuple) else (entry, {})
            if klass is type(value) and all(getattr(value, k, v) == v for k, v in arguments.items()):
                function = None if self.constructor else self.services.as_function(value)
                if function is not None:
                    return function
                call = ast.Call(reference(klass.__name__, klass), [], [ast.keyword(k, ast.Constant(v)) for k, v in arguments.items()])
                call.origin = node
                call.built = {id(o) for o in fact.objects}
                return call
        return None

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        truth = None if self.mentions_training(node.test) else self.static_truth(node.test)
        if truth is not None:
            return self.visit(node.body if truth else node.orelse)
        new = self.generic_copy(node)
        for name, there in (("body", True), ("orelse", False)):
            fact = self.fact(node.test)
            if fact is not None and there not in fact.truths and not isinstance(getattr(node, name), (ast.Constant, ast.Name, ast.Attribute)):
                setattr(new, name, ast.Constant(None))
        return new

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Operands that decide nothing go: `x and True`."""
        kept = []
        for value in node.values:
            truth = self.static_truth(value)
            if truth is not None and truth == isinstance(node.op, ast.And) and value is not node.values[-1]:
                continue
            kept.append(self.visit(value))
            if truth is not None and truth != isinstance(node.op, ast.And):
                break
            if self.fact(value) is None and kept:
                kept.pop()
                break
        if not kept:
            return self.generic_copy(node)
        return kept[0] if len(kept) == 1 else ast.copy_location(ast.BoolOp(node.op, kept), node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        new = copy.copy(node)
        if isinstance(node.ctx, ast.Load) and node.id in SIMPLE and node.id not in self.rebound:
            return ast.copy_location(ast.Name(SIMPLE[node.id], ast.Load()), node)
        if isinstance(node.ctx, ast.Load) and node.id not in self.names and node.id not in self.rebound:
            self.services.mark_global(new, self.file)
        return new

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """Without what is configuration."""
        kept = [(k, v) for k, v in zip(node.keys, node.values) if not self.is_config(v)]
        return ast.copy_location(ast.Dict([k and self.visit(k) for k, _ in kept], [self.visit(v) for _, v in kept]), node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """One that never made an item makes none."""
        if any(isinstance(n, ast.Call) for n in ast.walk(node.elt)) and not self.ran(node.elt) and self.ran(node.generators[0].iter):
            return ast.copy_location(ast.List([], ast.Load()), node)
        return self.generic_copy(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self.generic_copy(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr") and node.args and isinstance(node.args[0], ast.Name):
            fact = self.fact(node)
            if node.func.id == "getattr" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and fact is not None and not fact.literal:
                return self.visit(ast.copy_location(ast.Attribute(node.args[0], node.args[1].value, ast.Load()), node))
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == self.kwarg and node.args:
            key = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            if node.func.attr in ("get", "pop") and key in self.extra:
                return ast.copy_location(ast.Name(key, ast.Load()), node)
            if node.func.attr in ("get", "pop") and len(node.args) > 1:
                return self.visit(node.args[1])
            if node.func.attr in ("get", "pop"):
                return ast.copy_location(ast.Constant(None), node)
        new = self.generic_copy(node)
        new.owner_fold = self
        keywords = []
        for given, keyword in zip(node.keywords, new.keywords):
            if given.arg is None:  # **mapping: its keys by name
                fact = self.fact(given.value)
                if isinstance(given.value, ast.Name) and given.value.id == self.kwarg:
                    keywords += [ast.keyword(key, ast.Name(key, ast.Load())) for key in self.extra if key not in {k.arg for k in node.keywords}]
                    continue
                if fact is not None and fact.literal == "{}":
                    continue
            keywords.append(keyword)
        new.keywords = keywords
        return self.services.call(new, node, self)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == self.kwarg and isinstance(node.slice, ast.Constant) and node.slice.value in self.extra:
            return ast.copy_location(ast.Name(node.slice.value, ast.Load()), node)
        return self.generic_copy(node)


def join(one: Fact | None, two: Fact) -> Fact:
    if one is None:
        return two
    same = one.plain and two.plain and one.literal == two.literal
    objects = list(one.objects) + [o for o in two.objects if not any(o is p for p in one.objects)]
    return Fact(one.literal if same else None, same, one.truths | two.truths, one.tensor or two.tensor, {**one.keys, **two.keys}, one.values or two.values, objects)
