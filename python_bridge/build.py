"""Imports judged files from bytes and builds their models. Runs in a fork of the worker, before and around judged code.

Python here decides nothing: it imports, constructs and calls; values are read and verdicts are made natively.
"""

import ast
import dataclasses
import importlib.abc
import importlib.machinery
import json
import linecache
import sys
import tempfile
import types

import torch
import torch.nn.modules.module as module_hooks

# The modules that torch imports lazily during ordinary forwards; imported while the worker may still read files.
import torch._VF  # noqa: F401
import torch.nn.utils.parametrizations  # noqa: F401
import torch.fft  # noqa: F401
import torch.linalg  # noqa: F401
import torch.special  # noqa: F401

# Parts of torch ask for a place for temporary files when they are imported; none can be written, and none is.
tempfile.tempdir = "/tmp"

torch.backends.mha.set_fastpath_enabled(False)
torch.backends.cuda.enable_flash_sdp(False)
torch.backends.cuda.enable_mem_efficient_sdp(False)

ROOT = "__decomp_root__"
LARGE = 4096  # elements; smaller tensors are initialised as their author says


def device_problem(device: str) -> str:
    """Why models cannot run on this device; "" when they can. Only a fork may ask: the answer starts CUDA."""
    if device == "cpu":
        return ""
    if not torch.backends.cuda.is_built():
        return f"torch {torch.__version__} was built without CUDA"
    if not torch.cuda.is_available():
        return "torch finds no CUDA device that it can use"
    count = torch.cuda.device_count()
    if (torch.device(device).index or 0) >= count:
        return f"the machine has {count} CUDA device{'s' if count != 1 else ''}, counted from 0"
    return ""


class Source:
    """One judged file: its import name, the path shown to people, its text, and the line ranges that never run."""

    def __init__(self, name: str, path: str, text: str, dropped: list[list[int]]) -> None:
        self.name = name
        self.path = path
        self.text = text
        self.dropped = dropped
        self.places: dict[tuple[int, int, int, int], Place] = {}

    def code(self) -> types.CodeType:
        tree = ast.parse(self.text.removeprefix("\ufeff"), self.path)
        if self.dropped:
            tree.body = [node for node in tree.body if not any(a <= node.lineno <= b for a, b in self.dropped)]
        if self.places:
            tree = ast.fix_missing_locations(_Names(self.places).visit(tree))
        # torch.jit.script and inspect look for source lines here; the file itself cannot be seen.
        linecache.cache[self.path] = (len(self.text), None, self.text.splitlines(keepends=True), self.path)
        return compile(tree, self.path, "exec", dont_inherit=True)


@dataclasses.dataclass
class Place:
    """What stands in the place of an expression: a name, or the entry of that name for the values of `variables`, or for what the
    expression, a call, is given."""

    name: str
    called: bool
    variables: list[str] | None

    def expression(self, replaced: ast.expr) -> ast.expr:
        named: ast.expr = ast.Name(self.name, ast.Load())
        keys = replaced.args if self.variables is None else [ast.Name(v, ast.Load()) for v in self.variables]
        if keys:
            named = ast.Subscript(named, ast.Tuple(keys, ast.Load()), ast.Load())
        return ast.Call(named, [], []) if self.called else named


class _Names(ast.NodeTransformer):
    """Puts names in the place of expressions that would load a file."""

    def __init__(self, places: dict[tuple[int, int, int, int], Place]) -> None:
        self.places = places

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr):
            place = (node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)
            if place in self.places:
                return ast.copy_location(self.places[place].expression(self.generic_visit(node)), node)
        return self.generic_visit(node)


def _maker(module: types.ModuleType):
    """What builds the module's model with its own values."""
    return lambda: module.Model(*module.get_init_inputs())


def _shelved(node: dict):
    """A list of what loops of the file go through, or a part of one: {"items"}, {"value"}, or {"gives", "module"}."""
    if "items" in node:
        return [_shelved(item) for item in node["items"]]
    return node["value"] if "value" in node else _given(node["gives"], node["module"])


def _given(gives: str, kernel: str):
    """What a name of the file is bound to that its own loader function would bind."""
    if gives == "shelf":
        return _shelved(json.loads(kernel))
    if gives == "chooser":
        rows = json.loads(kernel)["rows"]
        return {tuple(row["key"]): _given(row["gives"], row["module"]) for row in rows}
    imported = importlib.import_module(kernel)
    return {"module": lambda: imported, "model": lambda: imported.Model, "maker": lambda: _maker(imported)}[gives]()


PACKAGES = ("children", "level_0_kernel")


def _module_name(fullname: str) -> str:
    for package in PACKAGES:
        fullname = fullname.removeprefix(package + ".")
    return fullname


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves exactly the judged files it was given: `x`, `children.x` and `level_0_kernel.x` are the same module."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.sources = sources
        self.loaded: dict[str, types.ModuleType] = {}

    def find_spec(self, fullname, path=None, target=None):
        if fullname in PACKAGES:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        name = _module_name(fullname)
        if name in self.sources:
            return importlib.machinery.ModuleSpec(fullname, self, origin=self.sources[name].path)
        return None

    def create_module(self, spec):
        return self.loaded.get(_module_name(spec.name))

    def exec_module(self, module) -> None:
        name = _module_name(module.__spec__.name)
        if module.__spec__.name in PACKAGES or name in self.loaded:
            return
        self.loaded[name] = module
        source = self.sources[name]
        module.__file__ = source.path
        exec(source.code(), module.__dict__)


_judged: list[types.ModuleType] = []


def judged_modules() -> list[types.ModuleType]:
    """The modules of the judged files that were imported."""
    return _judged + [module for finder in sys.meta_path if isinstance(finder, Finder) for module in finder.loaded.values()]


def load(files: list[dict]) -> types.ModuleType:
    """Executes the file with the name ROOT; the others wait to be imported by it. Returns its module."""
    sources = {f["name"]: Source(f["name"], f["path"], f["source"], f["dropped"]) for f in files}
    root = sources.pop(ROOT)
    loaded = next(f["loaded"] for f in files if f["name"] == ROOT)
    finder = Finder(sources)
    sys.meta_path.insert(0, finder)
    module = types.ModuleType("decomp_judged")
    module.__file__ = root.path
    sys.modules["decomp_judged"] = module
    _judged.append(module)
    for name, kernel, gives, places in loaded:  # what the file's own loader function would bind
        module.__dict__[name] = _given(gives, kernel)
        choice = json.loads(kernel) if gives == "chooser" else {"called": gives == "maker", "variables": []}
        root.places.update({place: Place(name, choice["called"], choice["variables"]) for place in places})
    exec(root.code(), module.__dict__)
    return module


def call_function(module: types.ModuleType, name: str, seed: int):
    """The value of one of the file's own functions under a seed; None when it does not define it."""
    function = module.__dict__.get(name)
    if function is None:
        return None
    torch.manual_seed(seed)
    return function()


def construct(module: types.ModuleType, class_name: str, arguments, seed: int, left_out) -> torch.nn.Module:
    """Builds the model in eval mode. `left_out`: a native function that is told of each large tensor whose random
    initialisation is not paid for (it is filled from the arena before any run); None: initialise everything."""
    saved = {}
    if left_out is not None:
        for name in ("uniform_", "normal_", "trunc_normal_", "xavier_uniform_", "xavier_normal_", "kaiming_uniform_",
                     "kaiming_normal_", "orthogonal_", "sparse_"):
            saved[name] = getattr(torch.nn.init, name)
            setattr(torch.nn.init, name, _leave_out(saved[name], left_out))
    torch.manual_seed(seed)
    try:
        if isinstance(arguments, dict):
            model = module.__dict__[class_name](**arguments)
        else:
            model = module.__dict__[class_name](*arguments)
    finally:
        for name, function in saved.items():
            setattr(torch.nn.init, name, function)
    torch.nn.Module.eval(model)
    return model


def _leave_out(function, left_out):
    def initialise(tensor, *args, **kwargs):
        if tensor.numel() < LARGE:
            return function(tensor, *args, **kwargs)
        left_out(tensor)
        return tensor

    return initialise


def install_hooks(push, pop) -> None:
    """Tells the native tape which module runs."""
    module_hooks.register_module_forward_pre_hook(lambda module, args: push(module))
    module_hooks.register_module_forward_hook(lambda module, args, output: pop(module), always_call=True)


def watch(module: torch.nn.Module, before, after) -> list:
    """Native callbacks around each call of one module: `before(module, args, kwargs)`, `after(module, output)`; what the
    latter returns, unless None, takes the output's place. Returns handles for unwatch."""
    return [
        torch.nn.Module.register_forward_pre_hook(module, before, with_kwargs=True),
        torch.nn.Module.register_forward_hook(module, lambda module, args, output: after(module, output)),
    ]


def unwatch(handles: list) -> None:
    for handle in handles:
        handle.remove()


def copied(value, made=None):
    """The same containers with copies of the tensors; what was one tensor stays one."""
    made = {} if made is None else made
    if isinstance(value, torch.Tensor):
        if id(value) not in made:
            made[id(value)] = value.detach().clone()
        return made[id(value)]
    if type(value) in (list, tuple):
        return type(value)(copied(item, made) for item in value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(copied(item, made) for item in value))
    if type(value) is dict:
        return {key: copied(item, made) for key, item in value.items()}
    return value


def zeroed(value):
    """The same containers with zeros in place of every tensor's elements."""
    if isinstance(value, torch.Tensor):
        return torch.zeros_like(value)
    if type(value) in (list, tuple):
        return type(value)(zeroed(item) for item in value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(zeroed(item) for item in value))
    if type(value) is dict:
        return {key: zeroed(item) for key, item in value.items()}
    return value


def to_double(model: torch.nn.Module, args, kwargs: dict):
    """The model (in place) and its inputs in float64; integers and bools stay."""

    def widen(value):
        if isinstance(value, torch.Tensor):
            return value.double() if value.is_floating_point() else value.to(torch.complex128) if value.is_complex() else value
        if type(value) in (list, tuple):
            return type(value)(widen(item) for item in value)
        if type(value) is dict:
            return {key: widen(item) for key, item in value.items()}
        return value

    torch.nn.Module.double(model)
    return widen(args), widen(kwargs)


def forward(model: torch.nn.Module, args, kwargs: dict, seed: int):
    """One forward pass without gradients, the random state seeded right before it."""
    torch.manual_seed(seed)
    with torch.no_grad():
        return model(*args, **kwargs)


def forward_with_gradient(model: torch.nn.Module, args, kwargs: dict, seed: int):
    """The same, keeping the graph of operations that gradients would take."""
    torch.manual_seed(seed)
    with torch.enable_grad():
        return model(*args, **kwargs)


def gradients(results: list[torch.Tensor], leaves: list[torch.Tensor]) -> list[tuple[float, float] | None]:
    """For each leaf its gradient of a fixed weighted sum of the results, as a projection and the sum of its absolute values; None where
    there is none."""

    def wave(t: torch.Tensor) -> torch.Tensor:
        return torch.arange(t.numel(), dtype=torch.float64).mul(0.7548776662).sin().reshape(t.shape)

    ends = [t for t in results if t.requires_grad and t.is_floating_point()]
    wanted = [t for t in leaves if t.requires_grad and t.is_floating_point()]
    found = torch.autograd.grad(ends, wanted, [wave(t).to(t.dtype) for t in ends], allow_unused=True) if ends and wanted else ()
    by_leaf = {id(leaf): gradient for leaf, gradient in zip(wanted, found)}
    answer: list[tuple[float, float] | None] = []
    for leaf in leaves:
        gradient = by_leaf.get(id(leaf))
        if gradient is None or gradient.layout != torch.strided:
            answer.append(None)
        else:
            doubles = gradient.detach().double()
            answer.append((float((doubles * wave(doubles)).sum()), float(doubles.abs().sum())))
    return answer


def frames(error: BaseException) -> list[tuple[str, int, str]]:
    """(file, line, function) of an exception's traceback, outermost first."""
    found = []
    trace = error.__traceback__
    while trace is not None and len(found) < 200:
        code = trace.tb_frame.f_code
        found.append((code.co_filename, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        found.append((error.filename, error.lineno or 0, "<module>"))
    return found
