"""Which modules do the same work in the same way: one of them is planned and written, the others are instances of it."""

import torch

from decompose.recorder import Event, Meta, ModuleCall

PLAIN = (int, float, bool, str, tuple, type(None), torch.dtype, torch.Size)


def structural_key(planner, module: torch.nn.Module) -> str:
    """Equal for two modules of one class with equal constructor values and plain attributes, equal children, and equal operations on
    equal shapes in their recorded run."""
    recorder = planner.recorder
    path = recorder.paths[id(module)]
    below = path + "." if path else ""
    parts = [type(module).__name__]

    def mark(value) -> str:
        if isinstance(value, Meta):
            key = recorder.owned[value.owned].removeprefix(below) if value.owned is not None else ""
            return f"{value.sizes}{value.dtype}{key}"
        if isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
            return "(" + ",".join(map(mark, value)) + ")"
        if isinstance(value, dict):
            return "{" + ",".join(f"{k}:{mark(v)}" for k, v in value.items()) + "}"
        return repr(value) if isinstance(value, PLAIN) else type(value).__name__

    args, kwargs = recorder.constructed.get(id(module), ((), {}))
    parts += [mark(args), mark(kwargs), mark({k: v for k, v in vars(module).items() if isinstance(v, PLAIN)})]
    parts += [f"{k}{tuple(t.shape)}{t.dtype}" for own in (module._parameters, module._buffers) for k, t in own.items() if t is not None]

    def children(at: torch.nn.Module, prefix: str) -> None:
        for name, child in at.named_children():
            if planner.is_container(child):
                parts.append(f"{prefix}{name}:{type(child).__name__}")
                children(child, f"{prefix}{name}.")
            elif planner.called(child):
                parts.append(f"{prefix}{name}={id(planner.component(child))}x{len(recorder.calls[id(child)])}")

    def events(log: list) -> None:
        for entry in log:
            if isinstance(entry, Event):
                parts.append(f"{entry.name}{entry.in_place}{mark(entry.arguments)}")
            elif isinstance(entry, ModuleCall):
                parts.append(recorder.paths.get(id(entry.module), type(entry.module).__name__).removeprefix(below))
                if planner.is_container(entry.module) or not planner.called(entry.module):
                    events(entry.inside)

    children(module, "")
    call = recorder.calls[id(module)][0]
    parts += [str(len(recorder.calls[id(module)])), mark(call.args), mark(call.kwargs), mark(call.output)]
    events(call.inside)
    return "|".join(parts)
