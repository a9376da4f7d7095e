"""Modules that only hand a tensor on from child to child: for want of levels they are opened where they are held, as an nn.Sequential."""

import torch

from decompose.recorder import CONTAINERS, Event, Meta, ModuleCall


def is_straight(recorder, module: torch.nn.Module) -> bool:
    """Did each call take one tensor through all children, in the order of their definition, and nothing else?"""
    if module._parameters or module._buffers or not module._modules:
        return False
    order = [id(m) for m in members(module)]
    return len(set(order)) == len(order) and all(hands_on(call, order) for call in recorder.calls.get(id(module), []))


def members(module: torch.nn.Module) -> list[torch.nn.Module]:
    """The children, those of containers in the place of these."""
    found = []
    for child in module.children():
        found += members(child) if type(child) in CONTAINERS[:2] else [child]
    return found


def hands_on(call: ModuleCall, order: list[int]) -> bool:
    """Does the call's only tensor go through the modules of `order`, and what the last one gives come out?"""
    entries = opened(call.inside)
    if not alone(call) or any(isinstance(e, Event) or not alone(e) for e in entries) or [id(e.module) for e in entries] != order:
        return False
    given = [call.args[0], *(e.output for e in entries)]
    taken = [*(e.args[0] for e in entries), call.output]
    return all(isinstance(g, Meta) and isinstance(t, Meta) and g.value == t.value for g, t in zip(given, taken))


def opened(log: list) -> list:
    """A log with the calls of torch's containers taken apart."""
    found = []
    for entry in log:
        found += opened(entry.inside) if isinstance(entry, ModuleCall) and type(entry.module) in CONTAINERS else [entry]
    return found


def alone(call: ModuleCall) -> bool:
    return len(call.args) == 1 and not call.kwargs and isinstance(call.args[0], Meta)
