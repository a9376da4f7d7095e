"""The second way to take a module apart: straight-line source of what its first call did, in the author's names. It is source like
any other: the same emitter rewrites it (ladder.py)."""

import dataclasses
import inspect
import keyword
import re
from dataclasses import dataclass, field

import torch

from decompose.literal import literal
from decompose.ops import NOT_ALLOWED, function_name
from decompose.recorder import CONTAINERS, Recorder
from decompose.text import Unsupported, snake
from decompose.values import parts_of

METHODS = {"div": "/", "add": "+", "sub": "-", "mul": "*", "matmul": "@", "pow": "**", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
SPREAD = ("view", "reshape", "permute", "expand", "repeat")
OPERATORS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "matmul": "@", "pow": "**", "floordiv": "//", "mod": "%", "and": "&", "or": "|",
             "xor": "^", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
LONGEST = 100  # columns of a line with folded operands


@dataclass
class Op:
    """One outermost function of torch, or one call of a module below."""

    callee: object
    args: tuple
    kwargs: dict
    result: object


@dataclass
class Trace:
    """What the first call of a module received, did and returned. Holds the tensors: their identities tell them apart."""

    module: torch.nn.Module
    args: tuple
    kwargs: dict
    ops: list = field(default_factory=list)
    output: object = None
    failure: str = ""


class Tracer(Recorder):
    """`targets`: paths of modules to trace. `inlined`: paths of modules that count as part of what calls them."""

    def trace(self, targets: set[str], inlined: set[str], args, kwargs: dict) -> None:
        self.targets = {id(m): p for p, m in self.model.named_modules(remove_duplicate=False) if p in targets}
        self.inlined = {id(m) for p, m in self.model.named_modules(remove_duplicate=False) if p in inlined}
        self.traces: dict[str, Trace] = {}
        self.names: dict[int, str] = {}
        self.stack: list[Trace | None] = []
        original, tracer = torch.nn.Module.__call__, self

        def call(module, *args, **kwargs):
            if not tracer.running:
                return original(module, *args, **kwargs)
            outer = tracer.stack[-1] if tracer.stack else None
            if outer is not None and tracer.is_part_of(module, outer):
                return original(module, *args, **kwargs)
            path = tracer.targets.get(id(module))
            inner = Trace(module, args, kwargs) if path is not None and path not in tracer.traces else None
            if inner is not None:
                tracer.traces[path] = inner
            tracer.stack.append(inner)
            try:
                output = original(module, *args, **kwargs)
            finally:
                tracer.stack.pop()
            if inner is not None:
                inner.output = output
            if outer is not None:
                outer.ops.append(Op(module, args, kwargs, output))
            return output

        torch.nn.Module.__call__ = call
        self.running = True
        torch.manual_seed(1)
        try:
            with torch.no_grad(), self:
                self.model(*args, **kwargs)
        finally:
            self.running = False
            torch.nn.Module.__call__ = original

    def is_part_of(self, module: torch.nn.Module, outer: Trace) -> bool:
        below = any(m is module for m in outer.module.modules())
        if type(module).__module__.startswith("torch") and getattr(torch.nn, type(module).__name__, None) is not type(module):
            return True  # of torch's own making, with no name that source could use
        inside = list(module.modules()) if type(module) in CONTAINERS else [module]
        return not below or module is outer.module or any(id(m) in self.inlined or changed_from_outside(m) for m in inside)

    def __torch_function__(self, function, kinds, args=(), kwargs=None):
        kwargs = kwargs or {}
        result = function(*args, **kwargs)
        if self.running and not self.quiet and self.stack and self.stack[-1] is not None:
            self.stack[-1].ops.append(Op(function, args, kwargs, result))
        return result

    def show(self, number: int, value, owner):
        if not self.running:
            return super().show(number, value, owner)
        node = self.text.nodes[number]
        statement = self.text.parent.get(id(node))
        targets = getattr(statement, "targets", [])
        if len(targets) == 1 and getattr(statement, "value", None) is node:
            self.quiet = True
            name_parts(targets[0], value, self.names)
            self.quiet = False
        return value


def changed_from_outside(module: torch.nn.Module) -> bool:
    """Hooks or computed weights: its call does more than its class says."""
    return bool(module._forward_hooks or module._forward_pre_hooks or getattr(module, "parametrizations", None))


def name_parts(target, value, names: dict[int, str]) -> None:
    """The author's variables for the tensors of an assigned value."""
    if isinstance(value, torch.Tensor) and hasattr(target, "id"):
        names.setdefault(id(value), target.id)
    elif isinstance(value, (tuple, list)) and len(getattr(target, "elts", [])) == len(value):
        for t, v in zip(target.elts, value):
            name_parts(t, v, names)


class Straight:
    """Writes the forward of one trace."""

    def __init__(self, tracer: Tracer, path: str, trace: Trace) -> None:
        self.tracer = tracer
        self.path = path
        self.trace = trace
        self.known: dict[int, str] = {}  # id of a tensor -> expression
        self.keep: list = []
        self.live: dict[str, int] = {}  # variable -> id of the tensor that it holds
        self.lines: list[str] = []
        self.pending: list[tuple] = []  # (id, text) of values that may yet be folded into what uses them
        self.aliases: dict[str, str] = {}  # children whose names are no identifiers

    # -- places of the model's own tensors and modules -----------------------------------------------------------------

    def place(self, key: str) -> str:
        """`layers.0.weight` below the module -> self.layers[0].weight."""
        module, text = self.trace.module, "self"
        for i, part in enumerate(key.split(".")):
            if part.isidentifier() and not isinstance(module, (torch.nn.ModuleDict, torch.nn.ParameterDict)):
                text += "." + part
            elif isinstance(module, (torch.nn.ModuleDict, torch.nn.ParameterDict)):
                text += f'["{part}"]'
            elif i == 0:
                child = module._modules.get(part)
                word = snake(type(child).__name__) if child is not None else "part"
                same = [k for k, m in module._modules.items() if type(m) is type(child)]
                self.aliases[part] = word if len(same) == 1 and not hasattr(module, word) else f"{word}_{part}"
                text += "." + self.aliases[part]
            elif part.isdigit():
                text += f"[{part}]"
            else:
                raise Unsupported(f"`{key}` cannot be named")
            if isinstance(module, torch.nn.Module):
                module = module._modules.get(part, getattr(module, part, None))
        return text

    def owned(self, tensor: torch.Tensor) -> str | None:
        prefix = self.path + "." if self.path else ""
        keys = [k for k in self.tracer.owned_keys.get(id(tensor), []) if k.startswith(prefix)]
        return self.place(min(keys, key=lambda k: k.count(".")).removeprefix(prefix)) if keys else None

    def module(self, module: torch.nn.Module) -> str:
        path = next(p for p, m in self.trace.module.named_modules(remove_duplicate=False) if m is module)
        return self.place(path)

    # -- values --------------------------------------------------------------------------------------------------------

    def bind(self, value, text: str) -> None:
        """Tensors of a value that `text` names."""
        if isinstance(value, torch.Tensor):
            self.known[id(value)] = text
            if text.isidentifier():
                self.live[text] = id(value)
        for step, part in parts_of(value):
            self.bind(part, text + step)

    def text(self, value) -> str:
        if isinstance(value, torch.Tensor):
            found = self.known.get(id(value)) or self.owned(value)
            if found is None:
                raise Unsupported(f"it reads a tensor {list(value.shape)} that is neither an input nor the model's")
            return found
        if isinstance(value, torch.Size):
            return literal(value)
        if isinstance(value, tuple) and hasattr(value, "_fields") and type(value).__module__ == "decomp_judged":
            return f"{type(value).__name__}({', '.join(f'{n}={self.text(v)}' for n, v in zip(value._fields, value))})"
        if isinstance(value, (list, tuple)) or type(value).__module__ == "torch.return_types":
            inner = ", ".join(self.text(v) for v in value)
            return f"[{inner}]" if isinstance(value, list) else f"({inner},)" if len(value) == 1 else f"({inner})"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{literal(k)}: {self.text(v)}" for k, v in value.items()) + "}"
        if dataclasses.is_dataclass(value) and not isinstance(value, type) and type(value).__module__ == "decomp_judged":
            return f"{type(value).__name__}({', '.join(f'{f.name}={self.text(getattr(value, f.name))}' for f in dataclasses.fields(value))})"
        if isinstance(value, slice):
            raise Unsupported("a slice as a value")
        return literal(value)

    def index(self, value) -> str:
        """What stands in brackets."""
        if isinstance(value, tuple):
            return ", ".join(self.index(v) for v in value) + ("," if len(value) == 1 else "")
        if isinstance(value, slice):
            bounds = ["" if v is None else self.text(v) for v in (value.start, value.stop, value.step)]
            return ":".join(bounds[:2] + ([bounds[2]] if bounds[2] else []))
        return self.text(value)

    # -- calls ---------------------------------------------------------------------------------------------------------

    def call(self, op: Op) -> str:
        if isinstance(op.callee, torch.nn.Module):
            return f"{self.module(op.callee)}({self.arguments(op.args, op.kwargs)})"
        name = getattr(op.callee, "__name__", "")
        bare = name[2:-2] if name.startswith("__") and name.endswith("__") else ""
        args = op.args
        if bare == "get":
            return f"{operand(self.text(args[0]))}.{op.callee.__self__.__name__}"
        if bare == "getitem":
            return f"{operand(self.text(args[0]))}[{self.index(args[1])}]"
        if bare in OPERATORS:
            return f"{operand(self.text(args[0]))} {OPERATORS[bare]} {operand(self.text(args[1]))}"
        if bare[:1] == "r" and bare[1:] in OPERATORS:
            return f"{operand(self.text(args[1]))} {OPERATORS[bare[1:]]} {operand(self.text(args[0]))}"
        if bare in ("neg", "invert"):
            return ("-" if bare == "neg" else "~") + operand(self.text(args[0]))
        if getattr(torch.Tensor, name, None) is op.callee and name in METHODS and len(args) == 2 and not op.kwargs:
            return f"{operand(self.text(args[0]))} {METHODS[name]} {operand(self.text(args[1]))}"
        if name in SPREAD and len(args) == 2 and isinstance(args[1], (tuple, list)) and args[1] and getattr(torch.Tensor, name, None) is op.callee:
            args = (args[0], *args[1])
        if getattr(torch.Tensor, name, None) is op.callee and args:
            return f"{operand(self.text(args[0]))}.{name}({self.arguments(args[1:], op.kwargs)})"
        for prefix, space in (("F", torch.nn.functional), ("torch", torch), ("torch.linalg", torch.linalg), ("torch.special", torch.special), ("torch.fft", torch.fft)):
            if getattr(space, name, None) is op.callee:
                return f"{prefix}.{name}({self.arguments(args, op.kwargs)})"
        if isinstance(args[0] if args else None, torch.Tensor) and hasattr(torch.Tensor, name):
            return f"{operand(self.text(args[0]))}.{name}({self.arguments(args[1:], op.kwargs)})"
        if hasattr(torch.nn.functional, name) or hasattr(torch, name):
            return f"{'F' if hasattr(torch.nn.functional, name) else 'torch'}.{name}({self.arguments(args, op.kwargs)})"
        raise Unsupported(f"the function {name or op.callee} has no name that source could use")

    def arguments(self, args, kwargs: dict) -> str:
        return ", ".join([self.text(a) for a in args] + [f"{k}={self.text(v)}" for k, v in kwargs.items()])

    # -- statements ----------------------------------------------------------------------------------------------------

    def write(self) -> str:
        """The class's forward, from `def` on, indented by four."""
        trace = self.trace
        kind = type(trace.module)
        bound = inspect.signature(kind.forward).bind(trace.module, *trace.args, **trace.kwargs)
        shapes = []
        for name, value in list(bound.arguments.items())[1:]:
            self.bind(value, name)
            if isinstance(value, torch.Tensor) and id(value) not in self.tracer.owned:
                shapes.append(f"assert {name}.shape == {literal(tuple(value.shape))}")
        self.count_uses()
        for at, op in enumerate(trace.ops):
            self.operation(at, op)
        result = self.text_of_result()
        lines = shapes + folded_loops(self.lines + [f"return {result}"], trace.module)
        return "    def forward(" + ", ".join(["self"] + plain_parameters(kind)) + "):\n" + "\n".join("        " + line for line in lines)

    def count_uses(self) -> None:
        """Where each tensor is used last, and how often."""
        self.last: dict[int, int] = {}
        self.uses: dict[int, int] = {}
        for at, op in enumerate(self.trace.ops):
            for tensor in tensors(list(op.args) + list(op.kwargs.values())):
                self.last[id(tensor)] = at
                self.uses[id(tensor)] = self.uses.get(id(tensor), 0) + 1
        for tensor in tensors(self.trace.output):
            self.last[id(tensor)] = len(self.trace.ops)
            self.uses[id(tensor)] = self.uses.get(id(tensor), 0) + 1

    def operation(self, at: int, op: Op) -> None:
        if not isinstance(op.callee, torch.nn.Module):
            name, in_place = function_name(op.callee)
            results = tensors(op.result)
            if name in NOT_ALLOWED or (name in ("bool", "int", "float", "index") and not results):
                raise Unsupported(f"the run depends on what a tensor holds (`{name}`)")
            if getattr(op.callee, "__name__", "") == "__set__":
                raise Unsupported("a tensor's data are replaced")
            if not results and not in_place:
                return  # of sizes and the like
            bare = op.callee.__name__.strip("_") if op.callee.__name__.startswith("__") else ""
            if bare == "setitem":
                target = operand(self.take(op.args[0]))
                text = f"{target}[{self.index(op.args[1])}] = {self.text(op.args[2])}"
                self.flush()
                self.lines.append(text)
                return
            method = op.callee.__name__.removesuffix("_")
            sign = OPERATORS.get(bare[1:]) if bare[:1] == "i" else METHODS.get(method)
            if in_place and sign and len(op.args) == 2 and not op.kwargs:
                self.flush()
                target, other = self.text(op.args[0]), self.text(op.args[1])
                plain = target.isidentifier()
                self.lines.append(f"{target} {sign}= {other}" if plain else f"{operand(target)}.{function_name(op.callee)[0]}_({other})")
                return
            if in_place:
                self.flush()
        else:
            in_place = False
            name = snake(type(op.callee).__name__)
        mark = self.fold_mark(op)
        text = self.call(op)
        del self.pending[mark:]
        value = op.result
        foldable = isinstance(value, torch.Tensor) and not in_place and self.uses.get(id(value), 0) == 1 and id(value) not in self.tracer.names and \
            id(value) not in self.known and len(text) < LONGEST - 30
        if foldable:
            self.known[id(value)] = text
            self.keep.append(value)
            self.pending.append((id(value), text, at, name))
            return
        self.flush()
        if in_place and isinstance(value, torch.Tensor) and id(value) in self.known:
            self.lines.append(text)
            return
        self.assign(value, text, at, name)

    def fold_mark(self, op: Op) -> int:
        """From which pending value on they are folded into this operation: its operands, in their order. Where one is used that cannot
        be, all become statements."""
        used = [id(t) for t in tensors(list(op.args) + list(op.kwargs.values()))]
        mark = len(self.pending)
        while mark > 0 and self.pending[mark - 1][0] in used:
            mark -= 1
        folded = [p[0] for p in self.pending[mark:]]
        length = sum(len(p[1]) for p in self.pending[mark:])
        early = any(p[0] in used for p in self.pending[:mark])
        if early or [u for u in used if u in folded] != folded or length > LONGEST - 20:
            self.flush()
            return 0
        return mark

    def take(self, tensor) -> str:
        self.flush()
        return self.text(tensor)

    def flush(self) -> None:
        for identity, text, at, name in self.pending:
            variable = self.variable(identity, name, at)
            self.lines.append(f"{variable} = {text}")
            self.known[identity] = variable
            self.live[variable] = identity
        self.pending = []

    def assign(self, value, text: str, at: int, name: str) -> None:
        self.keep.append(value)
        if isinstance(value, (tuple, list)) or type(value).__module__ == "torch.return_types":
            self.lines.append(f"{self.pattern(value, at, name)} = {text}")
            return
        variable = self.variable(id(value), name, at)
        self.lines.append(f"{variable} = {text}")
        self.bind(value, variable)

    def pattern(self, value, at: int, name: str) -> str:
        parts = []
        for v in value:
            if isinstance(v, torch.Tensor):
                used = id(v) in self.last
                parts.append(self.variable(id(v), name, at) if used else "_")
                if used:
                    self.bind(v, parts[-1])
            elif isinstance(v, (tuple, list)) and v:
                parts.append(f"({self.pattern(v, at, name)})")
            else:
                parts.append("_")
        return ", ".join(parts) + ("," if len(parts) == 1 else "")

    def variable(self, identity: int, name: str, at: int) -> str:
        """The author's name for it where he gave one; never that of a value that is used later."""
        if self.known.get(identity, "").isidentifier():
            return self.known[identity]
        wanted = self.tracer.names.get(identity) or name.strip("_").lower()
        if not wanted.isidentifier() or keyword.iskeyword(wanted) or wanted in ("self", "torch", "nn", "F") or wanted in dir(__builtins__) or \
                wanted in self.tracer.text.defined:
            wanted = f"{wanted}_of_it" if wanted.isidentifier() else "value"
        candidate, number = wanted, 1
        while candidate in self.live and self.last.get(self.live[candidate], -1) > at and self.live[candidate] != identity:
            number += 1
            candidate = f"{wanted}_{number}"
        self.live[candidate] = identity
        return candidate

    def text_of_result(self) -> str:
        used = [id(t) for t in tensors(self.trace.output)]
        if not (len(self.pending) == 1 and used == [self.pending[0][0]]):
            self.flush()
        self.pending = []
        return self.text(self.trace.output)


def operand(text: str) -> str:
    """In parentheses where an operator stands outside of all brackets."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0 and (c in "+-*/@%&|^<>=!~ ") and not text.startswith('"'):
            return f"({text})"
    return text


def tensors(value) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, slice):
        return tensors([value.start, value.stop, value.step])
    return [t for _, part in parts_of(value) for t in tensors(part)]


def plain_parameters(kind: type) -> list[str]:
    """The parameters of a class's forward, None for defaults that are no plain values."""
    found, starred = [], False
    for p in list(inspect.signature(kind.forward).parameters.values())[1:]:
        if p.kind is p.KEYWORD_ONLY and not starred:
            found.append("*")
            starred = True
        starred = starred or p.kind is p.VAR_POSITIONAL
        default = "" if p.default is p.empty else f"={p.default!r}" if isinstance(p.default, (int, float, str, bool, type(None))) else "=None"
        found.append({p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "") + p.name + default)
    return found


LAYER_CALL = re.compile(r"^(\w+) = (self(?:\.\w+)+)\[(\d+)\]\((\w+)((?:, [^()]*)?)\)$")


def folded_loops(lines: list[str], module: torch.nn.Module) -> list[str]:
    """x = self.layers[0](x), x = self.layers[1](x), ... over a whole list as a loop."""
    result, i = [], 0
    while i < len(lines):
        first, run = LAYER_CALL.match(lines[i]), [i]
        while first and run[-1] + 1 < len(lines):
            before, after = LAYER_CALL.match(lines[run[-1]]), LAYER_CALL.match(lines[run[-1] + 1])
            if not after or after[2] != first[2] or after[5] != first[5] or int(after[3]) != int(before[3]) + 1 or after[4] != before[1]:
                break
            run.append(run[-1] + 1)
        if first and int(first[3]) == 0 and len(run) > 1:
            container = module
            for part in first[2].split(".")[1:]:
                container = getattr(container, part)
            last = LAYER_CALL.match(lines[run[-1]])
            inner = {LAYER_CALL.match(lines[k])[1] for k in run[:-1]} - {last[1]}
            later = " ".join(lines[run[-1] + 1:])
            if len(container) == len(run) and not any(re.search(rf"\b{name}\b", later) for name in inner):
                name = last[1]
                result += ([f"{name} = {first[4]}"] if first[4] != name else []) + [f"for layer in {first[2]}:", f"    {name} = layer({name}{first[5]})"]
                i = run[-1] + 1
                continue
        result.append(lines[i])
        i += 1
    return result
