"""What torch's own tools see of a model: counts of calls by name. One tool per fork; nothing here is evidence."""

import tempfile
from collections import Counter

import torch
import torch.fx


def calls_of(module, class_name: str, tier: str, seed: int) -> tuple[dict[str, int], int]:
    """(calls by name, number of graphs) of the judged file's model on its own inputs, as one tier sees it."""
    torch.manual_seed(seed)
    arguments = module.__dict__["get_init_inputs"]() if "get_init_inputs" in module.__dict__ else []
    model = module.__dict__[class_name](**arguments) if isinstance(arguments, dict) else module.__dict__[class_name](*arguments)
    torch.nn.Module.eval(model)
    torch.manual_seed(seed)
    args = module.__dict__["get_inputs"]()
    kwargs = module.__dict__["get_input_kwargs"]() if "get_input_kwargs" in module.__dict__ else {}
    with torch.no_grad():
        calls, graphs = TIERS[tier](model, args, kwargs or {})
    return dict(sorted(calls.items())), graphs


def _symbolic(model: torch.nn.Module, args, kwargs: dict) -> tuple[Counter, int]:
    traced = torch.fx.symbolic_trace(model)
    return _calls_in(traced), 1


def _compiled(model: torch.nn.Module, args, kwargs: dict) -> tuple[Counter, int]:
    """The graphs that torch.compile cuts the model into; they are recorded, not compiled."""
    calls: Counter = Counter()
    graphs = 0

    def record(graph: torch.fx.GraphModule, example_inputs):
        nonlocal graphs
        calls.update(_calls_in(graph))
        graphs += 1
        return graph.forward

    tempfile.tempdir = "/proc/self"  # known, so that it need not be found out by writing; nothing can be written there
    from torch import _dynamo  # takes seconds: only where it is wanted

    _dynamo.config.automatic_dynamic_local_pgo = False  # profiles in files
    torch.compile(model, backend=record, dynamic=False)(*args, **kwargs)
    if not graphs:
        raise RuntimeError("torch.compile captured no graph")
    return calls, graphs


def _hooked(model: torch.nn.Module, args, kwargs: dict) -> tuple[Counter, int]:
    """Calls of modules that hold no others; what runs between them is not seen."""
    calls: Counter = Counter()
    for part in model.modules():
        if not any(True for _ in part.children()):
            part.register_forward_hook(lambda called, inputs, output: calls.update([type(called).__name__]))
    model(*args, **kwargs)
    return calls, 0


def _calls_in(graph: torch.fx.GraphModule) -> Counter:
    calls: Counter = Counter()
    for node in graph.graph.nodes:
        if node.op == "call_module":
            calls[type(graph.get_submodule(node.target)).__name__] += 1
        elif node.op == "call_method":
            calls[str(node.target)] += 1
        elif node.op == "call_function":
            calls[getattr(node.target, "__name__", str(node.target))] += 1
    return calls


TIERS = {"torch.fx.symbolic_trace": _symbolic, "torch.compile": _compiled, "forward_hooks": _hooked}
