"""Builds a model by its native interface: a class of an installed package with its configuration, or a file that may import its
neighbours and packages. It is what a self-contained wrapper is held against; nothing of it is judged.
"""

import ast
import collections
import dataclasses
import importlib
import json
import os
import sys
import types
from pathlib import Path

import torch

# What a script calls the model that a wrapper stands for.
ORIGINAL_NAMES = ("original", "original_model", "native", "native_model", "orig_model", "hf_model")
ORIGINAL_FUNCTIONS = ("load_original", "build_original", "get_original", "make_original")


def load(text: str) -> types.ModuleType:
    """`text`: JSON {"module" or "file", "class", "config"}. Returns a module with Model(), which builds the native model."""
    spec = json.loads(text)
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"})
    module = types.ModuleType("decomp_native")
    left_out: dict[str, str] = {}
    if spec.get("file"):
        make, functions = from_file(Path(spec["file"]), spec.get("class") or "", spec.get("config"))
        module.__dict__.update(functions)
    else:
        make = from_class(spec["module"], spec["class"], spec.get("config"))

    def build(*arguments) -> torch.nn.Module:
        model = make(*arguments)
        if not isinstance(model, torch.nn.Module):
            raise TypeError(f"the native model is a {type(model).__name__}, not a torch.nn.Module")
        model.register_forward_hook(lambda owner, args, output: plain(output, "output", left_out))
        return model

    module.Model = build
    module.left_out = lambda: sorted(f"{name} ({kind})" for name, kind in left_out.items())
    return module


def from_class(module_name: str, class_name: str, config):
    """A function that builds the class; a configuration class of its own takes `config`, else the class's arguments do."""
    module = importlib.import_module(module_name)
    if not hasattr(module, class_name):
        raise ImportError(f"{module_name} has no {class_name}")
    built = getattr(module, class_name)

    def make() -> torch.nn.Module:
        if module_name.split(".")[0] == "transformers":
            return from_configuration(module, built, dict(config or {}))
        if isinstance(config, dict):
            return built(**config)
        return built(*(config or []))

    return make


def from_configuration(package, built, values: dict) -> torch.nn.Module:
    """A transformers model with random weights: eager attention, no cache unless the configuration asks for one."""
    kind = values.pop("model_type", None)
    values.setdefault("use_cache", False)
    config_class = getattr(built, "config_class", None)
    if config_class is None and kind is None:
        raise ValueError(f'{built.__name__} needs a configuration with "model_type"')
    if config_class is None or (kind is not None and kind != config_class.model_type):
        config = package.AutoConfig.for_model(kind, **values)
    else:
        config = config_class(**values)
    if hasattr(config, "_experts_implementation") or "_experts_implementation" in dir(type(config)):
        config._experts_implementation = "eager"
    if hasattr(built, "_from_config"):
        return built._from_config(config, attn_implementation="eager")
    return built.from_config(config, attn_implementation="eager")


def from_file(path: Path, class_name: str, config=None):
    """A function that builds the model of a file, and the file's own template functions. The file has the class (Model, unless
    another is named), or a function load_original(), or a statement that binds `original`: then only what that needs is run."""
    root = Path(import_root(str(path)))
    name = ".".join(path.relative_to(root).with_suffix("").parts)
    sys.path.insert(0, str(root))
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, str(path))
    defined = {node.name for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    wanted = class_name or "Model"
    makers = [name for name in ORIGINAL_FUNCTIONS if name in defined]
    if class_name or wanted in defined or makers:
        module = importlib.import_module(name)
        functions = {key: getattr(module, key) for key in ("get_init_inputs", "get_inputs", "get_input_kwargs") if hasattr(module, key)}
        maker = makers[0] if makers and not class_name else wanted
        if not hasattr(module, maker):
            raise ImportError(f"{path} has no {maker}")
        if config is not None:
            return lambda: getattr(module, maker)(**config) if isinstance(config, dict) else getattr(module, maker)(*config), functions
        return getattr(module, maker), functions
    body, bound = original_statements(tree)
    if not bound:
        raise ImportError(f"{path} has no class Model, no load_original() and no statement that binds `original`")
    scope = {"__name__": "decomp_native_script", "__file__": str(path)}

    def make() -> torch.nn.Module:
        exec(compile(ast.Module(body=body, type_ignores=[]), str(path), "exec"), scope)
        return scope[bound]

    return make, {}


def import_root(file: str) -> str:
    """The folder that holds the outermost package that the file lies in."""
    root = Path(file).parent
    while (root / "__init__.py").exists():
        root = root.parent
    return str(root)


def original_statements(tree: ast.Module) -> tuple[list[ast.stmt], str]:
    """The statements of a script, those of its functions without parameters included, that the native model needs, and its name."""
    bodies = [tree.body] + [tree.body + node.body for node in tree.body if isinstance(node, ast.FunctionDef) and not node.args.args]
    for body in bodies:
        for name in ORIGINAL_NAMES:
            places = [i for i, statement in enumerate(body) if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and name in names_in(statement, ast.Store)]
            if places:
                return needed_statements(body[: places[-1] + 1], name), name
    return [], ""


def names_in(node: ast.AST, context: type) -> set[str]:
    found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}
    if context is ast.Store:
        for n in ast.walk(node):
            if isinstance(n, (ast.Import, ast.ImportFrom)):
                found |= {(alias.asname or alias.name).split(".")[0] for alias in n.names}
            elif isinstance(n, (ast.FunctionDef, ast.ClassDef)):
                found.add(n.name)
    return found


def needed_statements(body: list[ast.stmt], name: str) -> list[ast.stmt]:
    """The last statements backwards that bind or change what `name` needs."""
    needed, kept = {name, "sys"}, []
    for statement in reversed(body):
        changes = names_in(statement, ast.Store)
        target = statement.value if isinstance(statement, ast.Expr) else statement.targets[0] if isinstance(statement, ast.Assign) else None
        while isinstance(target, (ast.Attribute, ast.Call, ast.Subscript)):  # config.use_cache = False; model.tie_weights()
            target = target.func if isinstance(target, ast.Call) else target.value
        if isinstance(target, ast.Name):
            changes = changes | {target.id}
        if changes & needed:
            needed |= names_in(statement, ast.Load)
            kept.insert(0, statement)
    return kept


def plain(value, name: str, left_out: dict[str, str]):
    """The same in NamedTuples, tuples, lists and dicts. `left_out` gets what is no container of tensors and numbers."""
    if isinstance(value, torch.Tensor) or value is None or isinstance(value, (bool, int, float, str, complex)):
        return value
    fields = None
    if isinstance(value, collections.OrderedDict) and dataclasses.is_dataclass(value):
        fields = dict(value.items())  # of an output class: what is not None
    elif dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = dict(zip(value._fields, value))
    if fields is not None:
        kept = {key: plain(item, f"{name}.{key}", left_out) for key, item in fields.items()}
        kept = {key: item for key, item in kept.items() if f"{name}.{key}" not in left_out}
        return collections.namedtuple(type(value).__name__, kept, rename=True)(**kept)
    if isinstance(value, (list, tuple)):
        items = [plain(item, f"{name}[{i}]", left_out) for i, item in enumerate(value)]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {key: plain(item, f"{name}[{key!r}]", left_out) for key, item in value.items()}
    left_out[name] = type(value).__name__
    return None
