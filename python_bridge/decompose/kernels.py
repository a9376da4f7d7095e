"""Kernels: one layer of torch.nn, one expression, or one small module of the author's."""

import ast
import functools
import inspect
import textwrap

import torch

from decompose.component import Component
from decompose.expressions import Expressions, Site
from decompose.literal import dtype_name, literal
from decompose.names import Namer, word_of
from decompose.phrases import PHRASES, capital, kernel_sentence, owned_word, phrase
from decompose.recorder import Event, Meta, ModuleCall, Recorder, all_events, metas
from decompose.text import Edits, Unsupported, names_in, names_read, needed, imports_for, snake

ATTRIBUTES = {"Conv": "conv", "Norm": "norm", "Pool": "pool", "Linear": "linear", "Embedding": "embedding", "Dropout": "dropout"}


IDENTITIES = {"dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout", "feature_dropout"}  # in eval mode


def kind_of(module: torch.nn.Module) -> type:
    """The public class of a layer."""
    return torch.nn.Linear if type(module).__name__ == "NonDynamicallyQuantizableLinear" else type(module)


def inner_attribute(kind: type) -> str:
    for part, name in ATTRIBUTES.items():
        if part in kind.__name__:
            return name
    return snake(kind.__name__)


def identity_of(ops, events: list[Event], owned: list, inputs: list[Meta], outputs: list[Meta], contracts: bool) -> tuple:
    """What makes two kernels one workload: operations and their constants, owned tensors, dtypes; shapes where they belong to it."""
    if len(events) == 1 and events[0].name in IDENTITIES:
        return ("identity", tuple(m.dtype for m in inputs))
    steps = []
    for e in events:
        constants = tuple(sorted((k, repr(v)) for k, v in e.arguments.items()
                                 if not metas(v) and not (k == "stride" and v == e.arguments.get("kernel_size")) and k not in ("training", "train", "momentum", "dtype_") and not k.startswith("_") and v is not None))
        operands = tuple((m.owned is not None, m.dtype, m.sizes if contracts and not owned else ()) for m in metas(list(e.arguments.values())))
        steps.append((ops.canonical(e.name), e.in_place, constants, operands))
    tensors = tuple(sorted((kind, m.dtype, m.shape) for _, m, kind in owned))
    return (tuple(steps), tensors, tuple(m.dtype for m in inputs), tuple(m.dtype for m in outputs))


def counted(ops, events: list[Event]) -> list[Event]:
    return [e for e in events if ops.kind(e.name) in ("compute", "arithmetic")]


class Kernels:
    """Makes kernels; the same workload is the same object."""

    def __init__(self, recorder: Recorder, rules: dict) -> None:
        self.recorder = recorder
        self.text = recorder.text
        self.ops = recorder.ops
        self.namer = Namer(recorder.native)
        self.known: dict[tuple, Component] = {}
        self.arguments: dict[int, dict] = {}  # by id of the component: constructor parameters that some site gives

    def _keep(self, key: tuple, make) -> Component:
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]

    # -- layers of torch.nn --------------------------------------------------------------------------------------------

    def layer(self, module: torch.nn.Module) -> Component:
        calls = self.recorder.calls[id(module)]
        events = [e for e in counted(self.ops, all_events(calls[0].inside))]
        weights = tensors_of(module)
        compute = {e.name for e in events if self.ops.kind(e.name) == "compute"}
        if len(compute) > 1 and compute & (self.ops.contractions | self.ops.whole) and not self.ops.is_layer(module) and not self.ops.one_composite(compute):
            raise Unsupported(f"{type(module).__name__} is several operations: {', '.join(sorted(compute))}")
        inputs, outputs = metas([calls[0].args, calls[0].kwargs]), metas(calls[0].output)
        contracts = any(e.name in self.ops.contractions for e in events)
        given = constructor_arguments(module, self.recorder)
        call_form = (len(calls[0].args), tuple(calls[0].kwargs))
        key = ("layer", identity_of(self.ops, events, weights, inputs, outputs, contracts)) if len(events) == 1 and not given["_opaque"] else \
            ("layer", type(module).__name__, repr({k: v for k, v in given.items()}), repr([(k, m.shape, m.dtype) for k, m, _ in weights]),
             tuple(m.dtype for m in inputs), call_form)
        if len(events) == 1 and not weights and len(inputs) == 1 and len(outputs) == 1:
            key = ("one", key[1])
        if isinstance(module, torch.nn.Identity):
            key = ("one", ("identity", tuple(m.dtype for m in inputs)))
        component = self._keep(key, lambda: self._new_layer(module, key, calls[0], events, weights))
        explicit = self.arguments.setdefault(id(component), {"kind": kind_of(module), "values": {}, "positional": 0, "call": calls[0]})
        if explicit["kind"] is kind_of(module):
            explicit["values"].update({k: v for k, v in given.items() if k != "_opaque" and k not in explicit["values"]})
        return component

    def _new_layer(self, module, key, call: ModuleCall, events, weights) -> Component:
        kind = kind_of(module)
        word = word_of(events[0]) if len(events) == 1 else snake(kind.__name__)
        stem = self.stem(word, all_events(call.inside), weights, call)
        attribute = inner_attribute(kind)
        component = Component(key, stem, 0, "", set(), [], {}, call.output, [(f"{attribute}.{k}", m, t) for k, m, t in weights],
                              [word], [], [])
        component.inner = attribute
        component.make = lambda: self._layer_text(component, kind, attribute)
        component.notes.append(kind.__name__)
        return component

    def stem(self, word, events, weights, call) -> str:
        """The name of a module's kernel."""
        return self.namer.kernel(word, events, weights, metas([call.args, call.kwargs]), metas(call.output))

    def _layer_text(self, component: Component, kind: type, attribute: str) -> None:
        """Written last, when all places that build it are known."""
        explicit = self.arguments[id(component)]
        signature = parameters_of(kind)
        values = explicit["values"]
        parameters = [p for n, p in signature.items() if n in values]
        heads, passes = [], []
        for p in parameters:
            optional = p.default is not inspect.Parameter.empty
            heads.append(f"{p.name}={literal(p.default)}" if optional else p.name)
            passes.append(f"{p.name}={p.name}" if optional else p.name)
        variadic = [n for n, p in signature.items() if p.kind is inspect.Parameter.VAR_POSITIONAL and n in values]
        if variadic or any("=" in a and "=" not in b for a, b in zip(heads, heads[1:])):
            heads = [h.split("=")[0] for h in heads]
            if variadic:
                heads = passes = [f"*{variadic[0]}"]
        component.init_names = [p.name for p in parameters] if not variadic else []
        component.init_inputs = [literal(values[p.name]) for p in parameters] if not variadic else [literal(v) for v in values[variadic[0]]]
        call = explicit["call"]
        names = [n for n in inspect.signature(kind.forward).parameters if n != "self"]
        positional = [("x" if n in ("input", "self") else n) for n in names[: len(call.args)]]
        positional += [f"x{i}" for i in range(len(call.args) - len(positional))]
        component.inputs = list(zip(positional, call.args))
        component.keywords = dict(call.kwargs)
        keyword_heads = [f"{k}=None" for k in call.kwargs]
        passed = positional + [f"{k}={k}" for k in call.kwargs]
        body = [f"class Model(nn.Module):", f'    """{first_line(kind)}"""', "",
                f"    def __init__({', '.join(['self'] + heads)}):", "        super().__init__()",
                f"        self.{attribute} = nn.{kind.__name__}({', '.join(passes)})", "",
                f"    def forward({', '.join(['self'] + positional + keyword_heads)}):",
                f"        return self.{attribute}({', '.join(passed)})"]
        component.body = "\n".join(wrapped(line) for line in body)

    # -- expressions ---------------------------------------------------------------------------------------------------

    def expression(self, expressions: Expressions, site: Site) -> Component:
        owner = expressions.owner
        owned = []
        for attribute, key in site.owned.items():
            tensor, kind = owned_tensor(owner, self.recorder, key)
            owned.append((attribute, Meta(tuple(tensor.shape), dtype_name(tensor.dtype)), kind))
        events = counted(self.ops, all_events(site.events))
        inputs = metas([v for _, _, v in site.params])
        outputs = metas(site.output)
        contracts = any(e.name in self.ops.contractions for e in events)
        simple = len(events) == 1 and not owned
        if simple and len(inputs) == 1 and len(outputs) == 1 and len(site.params) == 1:
            key = ("one", identity_of(self.ops, events, owned, inputs, outputs, contracts))
        else:
            shapes = tuple(m.sizes for m in inputs) if contracts and not owned else tuple(m.dtype for m in inputs)
            definitions = tuple(d for d, _ in self._definitions(owner, site)) if any(k != "parameter" for _, _, k in owned) else ()
            key = ("expression", without_names(site), tuple((m.shape, m.dtype, k) for _, m, k in owned), shapes, definitions)
        return self._keep(key, lambda: self._new_expression(key, expressions, site, owned, events))

    def _new_expression(self, key, expressions, site: Site, owned, events) -> Component:
        word = site.word or self._word(site, events, owned)
        inputs, outputs = metas([v for _, _, v in site.params]), metas(site.output)
        stem = self.namer.kernel(word, all_events(site.events), owned, inputs, outputs)
        arithmetic = events[0].name if events and all(self.ops.kind(e.name) == "arithmetic" for e in events) else ""
        sentence = kernel_sentence(word, arithmetic, [n for n, _, _ in owned])
        lines = [f"class Model(nn.Module):", f'    """{sentence}"""', "", "    def __init__(self):", "        super().__init__()"]
        helpers = set(site.helpers)
        init_names, init_inputs = [], []
        if owned:
            made, init_names, init_inputs, used = self._owned_source(expressions.owner, site, owned)
            lines[3] = f"    def __init__({', '.join(['self'] + init_names)}):"
            lines += ["        " + line for line in made]
            helpers |= used
        else:
            lines = lines[:2] + lines[2:3]
        names = [n for n, _, _ in site.params]
        lines += ([""] if owned else []) + [f"    def forward({', '.join(['self'] + names)}):"]
        body = textwrap.dedent(" " * 0 + site.body)
        lines.append("        return " + (f"(\n{textwrap.indent(body, ' ' * 12)}\n        )" if "\n" in body else body))
        code = "\n".join(lines)
        reached = names_in(code) | helpers
        statements = needed(self.text, {h for h in reached})
        helper_text = "\n\n\n".join(self.text.statement(s).strip() for s in statements)
        imports = {line for line in imports_for(self.text, reached | set().union(*[names_read(s) for s in statements], set())) if line}
        operations = [e.name for e in events] or list(dict.fromkeys(e.name for e in all_events(site.events))) or ["index"]
        component = Component(key, stem, 0, (helper_text + "\n\n\n" if helper_text else "") + code, imports,
                              [(n, v) for n, _, v in site.params], {}, site.output, owned, operations, init_names, init_inputs)
        component.word = word
        return component

    def _word(self, site: Site, events, owned) -> str:
        if not events:
            return snake(next(iter(site.owned), "constant"))
        if owned and all(self.ops.kind(e.name) == "arithmetic" for e in events):
            return owned_word(events[0].name, [n for n, _, _ in owned])
        compute = [e for e in events if self.ops.kind(e.name) == "compute"]
        return word_of((compute or events)[0])

    # The statements of the author's __init__ that make a tensor: (source of its value, names that it needs).
    def _definitions(self, owner, site: Site) -> list:
        found = []
        for key in site.owned.values():
            local = self._local_key(owner, key)
            found.append((definition_of(self.text, type(owner), local) or "", local))
        return found

    def _local_key(self, owner, key: str) -> str:
        prefix = self.recorder.paths[id(owner)]
        return key.removeprefix(prefix + ".") if prefix else key

    def _owned_source(self, owner, site: Site, owned) -> tuple[list[str], list[str], list[str], set[str]]:
        lines, used, names, values = [], set(), [], []
        for (attribute, meta, kind), key in zip(owned, site.owned.values()):
            if kind == "parameter":
                lines.append(f"self.{attribute} = nn.Parameter({parameter_source(meta)})")
                continue
            tensor, _ = owned_tensor(owner, self.recorder, key)
            value, needs, reads = buffer_source(self.text, self.recorder, owner, self._local_key(owner, key), tensor)
            for name, source in needs.items():
                if name not in names:
                    names.append(name)
                    values.append(source)
            lines += value[:-1]
            lines.append(f'self.register_buffer("{attribute}", {value[-1]})' if kind == "buffer" else f"self.{attribute} = {value[-1]}")
            used |= reads
        return lines, names, values, used


def parameter_source(meta: Meta) -> str:
    shape = ", ".join(str(d) for d in meta.shape) if meta.shape else "()"
    return f"torch.randn({shape})" if meta.dtype == "float32" else f"torch.randn({shape}, dtype=torch.{meta.dtype})"


def without_names(site: Site) -> str:
    """The body with its parameters and its own tensors numbered."""
    tree = ast.parse(site.body.strip() if "\n" not in site.body else f"({site.body})")
    order = {name: f"p{i}" for i, (name, _, _) in enumerate(site.params)}
    own = {name: f"w{i}" for i, name in enumerate(site.owned)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in order:
            node.id = order[node.id]
        if isinstance(node, ast.Attribute) and node.attr in own and isinstance(node.value, ast.Name) and node.value.id == "self":
            node.attr = own[node.attr]
    return ast.dump(tree)


def owned_tensor(owner, recorder: Recorder, key: str):
    """(tensor, "parameter", "buffer" or "attribute") of a key of the whole model."""
    module, path = recorder.model, key.split(".")
    for part in path[:-1]:
        module = getattr(module, part)
    name = path[-1]
    if name in module._parameters:
        return module._parameters[name], "parameter"
    if name in module._buffers:
        return module._buffers[name], "buffer"
    return getattr(module, name), "attribute"


def tensors_of(module: torch.nn.Module) -> list:
    """(key, Meta, kind) of every parameter and buffer."""
    found = [(k, Meta(tuple(t.shape), dtype_name(t.dtype)), "parameter") for k, t in module.named_parameters(remove_duplicate=False)]
    return found + [(k, Meta(tuple(t.shape), dtype_name(t.dtype)), "buffer") for k, t in module.named_buffers(remove_duplicate=False)]


@functools.cache
def parameters_of(kind: type) -> dict[str, inspect.Parameter]:
    """The constructor's parameters by name; torch's recurrent layers hide theirs."""
    if kind in (torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN):
        known = dict(inspect.signature(torch.nn.RNNBase.__init__).parameters)
        known.pop("mode")
        if kind is torch.nn.RNN:
            known["nonlinearity"] = inspect.Parameter("nonlinearity", inspect.Parameter.KEYWORD_ONLY, default="tanh")
    else:
        known = dict(inspect.signature(kind.__init__).parameters)
    known.pop("self", None)
    return known


def constructor_arguments(module: torch.nn.Module, recorder: Recorder) -> dict:
    """What the site that built it gave, by name; `_opaque`: something that cannot be written."""
    args, kwargs = recorder.constructed.get(id(module), ((), {}))
    known = parameters_of(kind_of(module))
    try:
        bound = inspect.Signature(list(known.values())).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        return {"_opaque": True}
    result = {}
    for name, value in bound.items():
        if known[name].kind is inspect.Parameter.VAR_KEYWORD:
            result.update(value)
        elif name in ("device", "dtype") and value is None:
            continue
        else:
            result[name] = value
    result["_opaque"] = False
    return result


def first_line(kind: type) -> str:
    """The docstring of a layer's kernel."""
    word = snake(kind.__name__)
    return capital(phrase(word)) + "." if word in PHRASES else f"One nn.{kind.__name__}."


def wrapped(line: str) -> str:
    """A long def or call broken at its parentheses."""
    if len(line) <= 110 or "(" not in line:
        return line
    indent = len(line) - len(line.lstrip())
    head, rest = line.split("(", 1)
    inner, tail = rest.rsplit(")", 1)
    return f"{head}(\n{' ' * (indent + 4)}{inner}\n{' ' * indent}){tail}"


def init_of(text, kind: type) -> ast.FunctionDef | None:
    for k in kind.__mro__:
        definition = text.defined.get(k.__name__) if k.__module__ == "decomp_judged" else None
        if isinstance(definition, ast.ClassDef):
            for statement in definition.body:
                if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
                    return statement
    return None


def definition_node(text, kind: type, name: str) -> ast.expr | None:
    """The value that __init__ gives to a tensor attribute, where it says so once."""
    init = init_of(text, kind)
    found = []
    for node in ast.walk(init) if init is not None else []:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Attribute) and t.attr == name for t in node.targets):
            found.append(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "register_buffer" and node.args and \
                isinstance(node.args[0], ast.Constant) and node.args[0].value == name:
            found += node.args[1:2] or [k.value for k in node.keywords if k.arg == "tensor"]
    return found[0] if len(found) == 1 else None


def definition_of(text, kind: type, name: str) -> str | None:
    node = definition_node(text, kind, name)
    return ast.dump(node) if node is not None else None


def buffer_source(text, recorder: Recorder, owner, name: str, tensor: torch.Tensor) -> tuple[list[str], dict, set[str]]:
    """Source lines, the last one the value, that make a buffer as its author does; constructor values that it needs, as
    {name: source}; names of the module that it reads."""
    node = definition_node(text, type(owner), name) if "." not in name else None
    init = init_of(text, type(owner))
    if node is not None:
        try:
            return author_value(text, recorder, owner, init, node)
        except Unsupported:
            pass
    if tensor.numel() > 1 and bool((tensor == tensor.flatten()[0]).all()):
        return [f"torch.full({tuple(tensor.shape)}, {literal(tensor.flatten()[0].item())}, dtype={tensor.dtype})"], {}, set()
    if tensor.numel() <= 1024:
        values = tensor.detach().tolist()
        return [f"torch.tensor({values}, dtype={tensor.dtype})".replace("inf", 'float("inf")').replace("nan", 'float("nan")')], {}, set()
    raise Unsupported(f"the buffer {name} is made in a way that cannot be taken over")


def author_value(text, recorder: Recorder, owner, init: ast.FunctionDef, node: ast.expr):
    """A value of __init__ with the local statements before it that it needs."""
    parameters = {a.arg for a in init.args.args + init.args.kwonlyargs} - {"self"}
    given = all_constructor_values(owner, recorder)
    lines: list[str] = []
    needs: dict[str, str] = {}
    reads: set[str] = set()
    done_statements: list[ast.stmt] = []
    made_here: list[str] = []
    edits = Edits(text)

    def taken(statement: ast.stmt) -> str:
        return text.statement(statement, edits).rstrip()

    def take(expression: ast.AST) -> str:
        for n in ast.walk(expression):
            if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "self":
                value = getattr(owner, n.attr)
                if isinstance(value, torch.Tensor):
                    inner = definition_node(text, type(owner), n.attr)
                    if inner is None or inner is node:
                        raise Unsupported("a tensor made from another")
                    edits.replace_node(n, f"({take(inner)})")
                else:
                    edits.replace_node(n, literal(value))
            elif isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load):
                if n.id in parameters:
                    needs[n.id] = literal(given[n.id])
                elif n.id != "self" and n.id not in made_here:
                    local(n.id)
        return edits.node(expression) if isinstance(expression, ast.expr) else ""

    done: set[str] = set()

    def local(name: str) -> None:
        if name in done:
            return
        done.add(name)
        bound = [s for s in init.body if any(binds(n, name) for n in ast.walk(s))]
        if not bound:
            reads.add(name)
            return
        for statement in bound:
            if statement.lineno > node.lineno:
                raise Unsupported("made by a statement that comes later")
            if statement not in done_statements:
                done_statements.append(statement)
                leave_out_attributes(text, statement, edits)
                made_here.extend(n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
                take(statement)
                lines.extend(taken(statement).split("\n"))

    value = take(node)
    if "\n" in value:
        value = " ".join(line.split("#")[0].strip() for line in value.split("\n"))
    return lines + [value], needs, reads | {"torch"}


def binds(node: ast.AST, name: str) -> bool:
    """`name = ...`, `name[i] = ...`, `name.fill_(...)`."""
    if isinstance(node, ast.Name):
        return node.id == name and isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id == name
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == name and called.attr.endswith("_")


def leave_out_attributes(text, statement: ast.stmt, edits: Edits) -> None:
    """What a loop or branch does to `self` beside making the tensor goes."""
    for node in ast.walk(statement):
        body = getattr(node, "body", None)
        if node is statement and not isinstance(body, list) and any(is_own(t) for t in getattr(node, "targets", [])):
            raise Unsupported("made by a statement that does more")
        for inner in (body if isinstance(body, list) else []) + (node.orelse if isinstance(getattr(node, "orelse", None), list) else []):
            targets = getattr(inner, "targets", [getattr(inner, "target", None)])
            call = inner.value if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call) else None
            if any(is_own(t) for t in targets) or (call is not None and any(isinstance(n, ast.Name) and n.id == "self" for n in ast.walk(call.func))):
                block = node.body if inner in node.body else node.orelse
                if inner is block[0]:
                    edits.replace(text.start(inner), text.end(inner), "pass")
                else:
                    edits.replace(text.end(block[block.index(inner) - 1]), text.end(inner), "")


def is_own(target) -> bool:
    return isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"


def all_constructor_values(module: torch.nn.Module, recorder: Recorder) -> dict:
    """Every parameter of its __init__ with the value that it got, defaults included."""
    args, kwargs = recorder.constructed[id(module)]
    bound = inspect.signature(type(module).__init__).bind(module, *args, **kwargs)
    bound.apply_defaults()
    result = dict(bound.arguments)
    result.pop("self", None)
    return result
