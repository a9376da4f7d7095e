"""One run of the model, as seen from its source: what each expression gave, which functions of torch it ran, which modules."""

import dataclasses
import functools
import inspect
import linecache
import sys
import time
import types
import weakref
from dataclasses import dataclass, field

import torch
from torch.overrides import TorchFunctionMode

from decompose.instrument import SHOW, instrumented
from decompose.layers import choose, open_layers
from decompose.literal import dtype_name
from decompose.ops import Ops, bound_arguments, function_name
from decompose.text import Text

CONTAINERS = (torch.nn.Sequential, torch.nn.ModuleList, torch.nn.ModuleDict)


@dataclass
class Meta:
    """What is kept of a tensor: never its elements."""

    shape: tuple
    dtype: str
    owned: int | None = None  # id of a parameter, buffer or tensor attribute of the model
    low: float | None = None
    high: float | None = None
    value: int = field(default=-1, compare=False)  # the same for the same tensor object
    data: frozenset = field(default=frozenset(), compare=False)  # dimensions whose sizes depend on what tensors hold

    @property
    def sizes(self) -> tuple:
        """The shape, None for sizes that are data."""
        return tuple(None if i in self.data else d for i, d in enumerate(self.shape))


@dataclass
class Event:
    """One outermost function of torch."""

    name: str
    in_place: bool
    arguments: dict  # by name; tensors as Meta
    results: list
    tape: tuple = ()  # from, to: its entries on the native tape


@dataclass
class ModuleCall:
    """One call of a module; `inside`: what happened between its entry and its end."""

    module: torch.nn.Module
    args: object
    kwargs: dict
    output: object = None
    inside: list = field(default_factory=list)


@dataclass
class Seen:
    """All evaluations of one expression by one owner."""

    count: int = 0
    value: object = None  # described, of the first evaluation
    varies: bool = False
    events: list = field(default_factory=list)  # of the first evaluation that had any
    callee: object = None


class Recorder(TorchFunctionMode):
    def __init__(self, text: Text, ops: Ops, native) -> None:
        super().__init__()
        self.native = native
        self.text = text
        self.ops = ops
        self.log: list = []
        self.open: list[ModuleCall] = []
        self.at: dict[int, int] = {}
        self.seen: dict[tuple, Seen] = {}
        self.built: dict[tuple, list] = {}  # (owner, node) while the model is built: modules made there
        self.constructed: dict[int, tuple] = {}
        self.objects: dict[int, tuple] = {}  # the author's objects that are no modules: what their constructor got
        self.calls: dict[int, list[ModuleCall]] = {}
        self.owned: dict[int, str] = {}  # by id of the tensor: its first key
        self.owned_keys: dict[int, list[str]] = {}  # all of its keys, where weights are tied
        self.keep: list = []
        self.running = False
        self.quiet = False
        self.values: dict[int, tuple] = {}  # id of a tensor that lives -> (weak reference, its number)
        self.last_value = 0
        self.data_sizes: dict[int, frozenset] = {}  # by number of a tensor: Meta.data
        self.seconds = 0.0  # that recording took, the forward in it
        self.recorded_at = 0.0
        self.again = False  # it ran: the native tape is that of the first run
        self.reads_values = False  # a tensor's value became a Python value: other inputs may take other branches

    # -- building ------------------------------------------------------------------------------------------------------

    def load(self, path: str) -> types.ModuleType:
        module = types.ModuleType("decomp_judged")
        module.__file__ = path
        module.__dict__[SHOW] = self.show
        sys.modules["decomp_judged"] = module
        linecache.cache[path] = (len(self.text.text), None, self.text.text.splitlines(True), path)  # for what reads source: torch.jit.script
        exec(instrumented(self.text, path), module.__dict__)
        for kind in list(vars(module).values()):
            plain = isinstance(kind, type) and kind.__module__ == "decomp_judged" and not issubclass(kind, (torch.nn.Module, tuple))
            if plain and isinstance(kind.__dict__.get("__init__"), types.FunctionType):
                kind.__init__ = self._watched(kind.__init__, self.objects)
        return module

    def build(self, module: types.ModuleType) -> torch.nn.Module:
        torch.manual_seed(0)
        arguments = module.get_init_inputs() if hasattr(module, "get_init_inputs") else []
        undo = self._watch_constructors()
        try:
            model = module.Model(**arguments) if isinstance(arguments, dict) else module.Model(*arguments)
        finally:
            for kind, original in undo:
                kind.__init__ = original
        torch.nn.Module.eval(model)
        self.model = model
        self._constructed_like(model)
        open_layers(model, module.__dict__, self.constructed)
        self._find_owned(model)
        return model

    def _watch_constructors(self) -> list:
        undo, open_kinds, done = [], [torch.nn.Module], set()
        while open_kinds:
            for kind in open_kinds.pop().__subclasses__():
                if kind in done:
                    continue
                done.add(kind)
                open_kinds.append(kind)
                if "__init__" in kind.__dict__:
                    undo.append((kind, kind.__init__))
                    kind.__init__ = self._watched(kind.__init__, self.constructed)
        return undo

    def _watched(self, original, made: dict[int, tuple]):
        recorder = self

        def __init__(self, *args, **kwargs):
            if id(self) not in made:
                made[id(self)] = (args, kwargs)
                recorder.keep.append(self)
            original(self, *args, **kwargs)

        __init__.__wrapped__ = original  # inspect.signature() goes there
        return __init__

    def _constructed_like(self, model: torch.nn.Module) -> None:
        """A copy (copy.deepcopy) was built by no constructor: it has the values of the module that it is a copy of."""
        known = [m for m in self.keep if isinstance(m, torch.nn.Module)]
        for module in model.modules():
            if id(module) in self.constructed:
                continue
            shapes = {k: v.shape for k, v in module.state_dict().items()}
            for other in known:
                if type(other) is type(module) and {k: v.shape for k, v in other.state_dict().items()} == shapes and repr(other) == repr(module):
                    self.constructed[id(module)] = self.constructed[id(other)]
                    break

    def _find_owned(self, model: torch.nn.Module) -> None:
        for path, module in model.named_modules(remove_duplicate=False):
            prefix = path + "." if path else ""
            for name, tensor in {**module._parameters, **module._buffers}.items():
                if tensor is not None:
                    self._own(tensor, prefix + name)
            for name, value in vars(module).items():
                if isinstance(value, torch.Tensor):
                    self._own(value, prefix + name)

    def _own(self, tensor: torch.Tensor, key: str) -> None:
        self.owned.setdefault(id(tensor), key)
        self.owned_keys.setdefault(id(tensor), []).append(key)
        self.keep.append(tensor)

    # -- running -------------------------------------------------------------------------------------------------------

    def run(self, args, kwargs: dict) -> object:
        original = torch.nn.Module.__call__
        recorder = self

        def call(module, *args, **kwargs):
            if not recorder.running or recorder.quiet:
                return original(module, *args, **kwargs)
            choose(module, args, kwargs, recorder.constructed)
            if id(module) not in recorder.paths:
                recorder.keep.append(module)  # made while the model runs: its identity must not be taken by another
            record = ModuleCall(module, recorder.describe(args, True), recorder.describe(kwargs, True))
            recorder.calls.setdefault(id(module), []).append(record)
            recorder.open.append(record)
            begin = len(recorder.log)
            try:
                output = original(module, *args, **kwargs)
            finally:
                recorder.open.pop()
            record.output = recorder.describe(output)
            record.inside = recorder.log[begin:]
            del recorder.log[begin:]
            recorder.log.append(record)
            return output

        def entered(forward):
            """A forward that is called directly is a call of its module, unless the module is in it already (super().forward)."""

            @functools.wraps(forward)
            def wrapper(module, *args, **kwargs):
                if not recorder.running or recorder.quiet or any(r.module is module for r in recorder.open):
                    return forward(module, *args, **kwargs)
                return call(module, *args, **kwargs)

            return wrapper

        kinds = {k for m in self.model.modules() for k in type(m).__mro__ if isinstance(k.__dict__.get("forward"), types.FunctionType) and k is not torch.nn.Module}
        forwards = {k: k.__dict__["forward"] for k in kinds}
        for k, forward in forwards.items():
            k.forward = entered(forward)
        torch.nn.Module.__call__ = call
        self.running = True
        torch.manual_seed(1)
        start = time.perf_counter()
        if not self.again:
            self.native.begin([t for t in self.keep if isinstance(t, torch.Tensor)])
        try:
            with torch.no_grad(), self:
                return self.model(*args, **kwargs)
        finally:
            if not self.again:
                self.native.end()
            self.again = True
            self.recorded_at = time.perf_counter()
            self.seconds += self.recorded_at - start
            self.running = False
            torch.nn.Module.__call__ = original
            for k, forward in forwards.items():
                k.forward = forward

    def __torch_function__(self, function, kinds, args=(), kwargs=None):
        kwargs = kwargs or {}
        if self.quiet or not self.running:
            return function(*args, **kwargs)
        name, in_place = function_name(function)
        if name in ("get", "set", "dim", "size", "is_floating_point", "stride", "numel", "hash", "device", "is_complex", "storage_offset", "is_contiguous"):
            result = function(*args, **kwargs)
            if self.data_sizes and name == "get" and isinstance(result, torch.Tensor):
                self._sizes_from(metas(self.describe(args)), "", metas(self.describe(result)))
            return result
        first = self.native.size()
        result = function(*args, **kwargs)
        tape = () if self.again else (first, self.native.size())
        self.reads_values = self.reads_values or name in ("is_nonzero", "item", "bool")
        self.quiet = True
        try:
            arguments = bound_arguments(function, name, args, kwargs)
            in_place = in_place or arguments.pop("inplace", False) is True
            described = {k: self.describe(v) for k, v in arguments.items()}
            results = metas(self.describe(result))
            self._sizes_from(metas(list(described.values())), name, results)
            self.log.append(Event(name, in_place, described, results, tape))
        finally:
            self.quiet = False
        return result

    def _sizes_from(self, operands: list[Meta], name: str, results: list[Meta]) -> None:
        """Notes which sizes of an operation's results are data: new ones of those that select, and those of its operands."""
        data = {m.shape[i] for m in operands for i in m.data}
        if name in ("nonzero", "masked_select", "unique", "unique_consecutive", "argwhere") or (name == "where" and len(operands) == 1):
            data = data | {m.shape[0] for m in results if m.shape}
        elif name == "index" and operands and any(m.dtype == "bool" for m in operands[1:]):
            data = data | ({d for m in results for d in m.shape} - set(operands[0].shape) or {m.shape[0] for m in results if m.shape})
        for meta in results if data else ():
            same = [m for m in operands if m.shape == meta.shape] if name not in ("index", "index_select", "gather") else []
            fixed = {i for m in same for i in range(len(m.shape)) if i not in m.data}
            meta.data = frozenset(meta.shape.index(size) for size in data if size in meta.shape) - fixed
            self.data_sizes[meta.value] = meta.data

    def show(self, number: int, value, owner):
        """Called by the instrumented source with each expression's value."""
        if self.quiet:
            return value
        if not self.running:
            if isinstance(value, torch.nn.Module) and owner is not None:
                self.built.setdefault((id(owner), number), []).append(value)
            return value
        frame = id(sys._getframe(1))
        begin = min(self.at.get(frame, len(self.log)), len(self.log))
        self.at[frame] = len(self.log)
        if owner is None and self.open:
            owner = self.open[-1].module  # a function of the file counts for the module that called it
        key = (id(owner) if owner is not None else 0, number)
        seen = self.seen.get(key)
        if seen is None:
            seen = self.seen[key] = Seen()
        node = self.text.nodes[number]
        if seen.count == 0:
            seen.value = self.describe(value, True)
        elif not seen.varies and not isinstance(value, torch.Tensor):
            seen.varies = self.describe(value) != seen.value
        elif isinstance(seen.value, Meta) and seen.value.owned is not None and id(value) != seen.value.owned:
            seen.varies = True  # another parameter each time
        if len(self.log) > begin and not seen.events:
            seen.events = self.log[begin:]
        if seen.count == 0 and callable(value) and not isinstance(value, torch.Tensor):
            seen.callee = value
        seen.count += 1
        return value

    def _value(self, tensor: torch.Tensor) -> int:
        known = self.values.get(id(tensor))
        if known is None or known[0]() is not tensor:
            self.last_value += 1
            known = self.values[id(tensor)] = (weakref.ref(tensor), self.last_value)
        return known[1]

    # -- describing ----------------------------------------------------------------------------------------------------

    def describe(self, value, ranges: bool = False):
        """Tensors as Meta, containers with their parts described, plain values as they are, others as Opaque."""
        if isinstance(value, torch.Tensor):
            meta = Meta(tuple(value.shape), dtype_name(value.dtype), id(value) if id(value) in self.owned else None, value=self._value(value))
            meta.data = self.data_sizes.get(meta.value, meta.data)
            if ranges and value.numel() and meta.owned is None and not value.is_complex():
                quiet, self.quiet = self.quiet, True
                low, high = torch.aminmax(value.detach()) if value.dtype != torch.bool else (value.min(), value.max())
                meta.low, meta.high = low.item(), high.item()
                self.quiet = quiet
            return meta
        if isinstance(value, tuple) and type(value) is not tuple and type(value) is not torch.Size:
            return Packed(type(value), tuple(self.describe(v, ranges) for v in value))
        if isinstance(value, (list, tuple)) and type(value) is not torch.Size:
            return type(value)(self.describe(v, ranges) for v in value)
        if type(value) is dict:
            return {k: self.describe(v, ranges) for k, v in value.items()}
        if dataclasses.is_dataclass(value) and not isinstance(value, type) and type(value).__module__ == "decomp_judged":
            parts = tuple(self.describe(getattr(value, f.name), ranges) for f in dataclasses.fields(value))
            return Packed(type(value), parts) if metas(parts) else Opaque(value)
        if value is None or isinstance(value, (bool, int, float, str, torch.Size, torch.dtype, torch.device, complex, slice, range)):
            return value
        return Opaque(value)


@dataclass(eq=False)
class Opaque:
    """A value that is neither tensor nor plain: a module, a function, an object of the author's."""

    value: object

    def __eq__(self, other) -> bool:
        return isinstance(other, Opaque) and other.value is self.value


@dataclass
class Packed:
    """A named tuple, torch's own result types among them."""

    kind: type
    items: tuple


def metas(value) -> list[Meta]:
    """The tensors of a described value, in order."""
    if isinstance(value, Meta):
        return [value]
    if isinstance(value, Packed):
        return metas(value.items)
    if isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        return [m for item in value for m in metas(item)]
    if isinstance(value, dict):
        return [m for item in value.values() for m in metas(item)]
    return []


def events_of(log: list) -> list[Event]:
    """Functions outside of module calls."""
    return [e for e in log if isinstance(e, Event)]


def calls_of(log: list) -> list[ModuleCall]:
    return [e for e in log if isinstance(e, ModuleCall)]


def all_events(log: list) -> list[Event]:
    """Functions, those inside of module calls included."""
    found = []
    for e in log:
        found += all_events(e.inside) if isinstance(e, ModuleCall) else [e]
    return found
