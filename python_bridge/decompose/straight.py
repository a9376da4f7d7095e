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
    if any(isinstance(e, Event) for e in entries) or [id(e.module) for e in entries] != order:
        return False
    value = call
    for entry in entries:
        if not alone(entry) or entry.args[0].value != (value.args[0] if value is call else value.output).value or not isinstance(entry.output, Meta):
            return False
        value = entry
    return alone(call) and isinstance(call.output, Meta) and value.output.value == call.output.value


def opened(log: list) -> list:
    """A log with the calls of torch's containers taken apart."""
    found = []
    for entry in log:
        found += opened(entry.inside) if isinstance(entry, ModuleCall) and type(entry.module) in CONTAINERS else [entry]
    return found


def alone(call: ModuleCall) -> bool:
    return len(call.args) == 1 and not call.kwargs and isinstance(call.args[0], Meta)
