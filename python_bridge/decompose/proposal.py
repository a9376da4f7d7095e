"""The plan as a proposal for someone else who takes the model apart: what each module becomes, with its reason, and the kernels.

The same components, levels and names that `decompose` writes files for; only the files are left out."""

from decompose.component import LEVELS, Component
from decompose.outline import reason

WHOLE = "the model"
OWN = "the model's own forward"


def proposal(writer) -> dict:
    """{"modules": {path: {"level", "why", "component"}}, "fusions": [...], "kernels": [...], "gaps": [...]}. Paths are those of the
    model's modules; "" is the model itself."""
    found = Found(writer)
    found.instance(writer.root, "")
    components = sorted(found.places, key=lambda c: writer.components.index(c))
    kernels = [{"name": c.name, "operations": list(dict.fromkeys(c.operations)), "instances": len(found.places[c]), "where": found.places[c],
                "weights": [f"{key}: {meta.dtype} {list(meta.shape)}" for key, meta, _ in c.weights]} for c in components if c.level == 0]
    fusions = [{"name": c.name, "kernels": [u.component.name for u in c.uses], "where": found.places[c], "why": reason(writer, c)}
               for c in components if getattr(c, "fusion", None) is not None]
    return {"modules": found.modules, "fusions": fusions, "kernels": kernels, "gaps": [{"component": c.name, "reason": c.gap} for c in components if c.gap]}


class Found:
    """Where each component stands in the model."""

    def __init__(self, writer) -> None:
        self.writer = writer
        self.modules: dict[str, dict] = {}
        self.places: dict[Component, list[str]] = {}

    def instance(self, component: Component, path: str) -> None:
        """A component in the place of the module at `path`, with all below it."""
        self.modules[path] = {"level": LEVELS[component.level], "why": self.why(component), "component": component.name}
        self.places.setdefault(component, []).append(path or WHOLE)
        below = lambda name: f"{path}.{name}" if path else name
        for use in component.uses:
            if getattr(use.component, "fusion", None) is not None:
                self.fusion(use, path, below)
            elif use.module is not None:
                self.instance(use.component, below(use.original or use.path))
            else:
                self.places.setdefault(use.component, []).append(f"{path} (its own forward)" if path else OWN)

    def fusion(self, use, path: str, below) -> None:
        members = [below(m) if m else "" for m in use.members]
        named = [m for m in members if m]
        self.places.setdefault(use.component, []).append(f"{named[0]} to {named[-1]}" if len(named) > 1 else named[0] if named else path or OWN)
        for member, inner in zip(members, use.component.uses):
            if member:
                self.modules[member] = {"level": LEVELS[0], "why": f"in the fusion {use.component.name}", "component": inner.component.name}
            self.places.setdefault(inner.component, []).append(member or (f"{path} (its own forward)" if path else OWN))

    def why(self, component: Component) -> str:
        if component.gap:
            return f"stays whole: {component.gap}"
        if component.uses:
            return reason(self.writer, component)
        return component.notes[0] if getattr(component, "kind_name", "") and component.notes else "one operation"
