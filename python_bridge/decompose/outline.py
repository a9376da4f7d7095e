"""decomposition_analysis.md: what was made of the model, drawn and in tables, and why it was grouped so."""

import math

from decompose.component import LEVELS, Component, named_inputs
from decompose.flow import goes_past
from decompose.recorder import Meta, metas

MOST_LINES = 60


def outline(writer) -> list[str]:
    """The lines below the title."""
    root = writer.root
    kernels = [c for c in writer.components if not c.uses]
    instances = sum(c.instances for c in kernels)
    lines = [f"Source: `{writer.path}`. All dimensions are the source's.", "",
             f"The model is {count(instances, 'kernel call site')} of {count(len(kernels), 'kernel')}; "
             f"{count(sum(bool(c.uses) for c in writer.components), 'component')} hold them. "
             f"It takes {flow_words(named_inputs(root))} and gives {flow_words([('', m) for m in metas(root.output)])}.", ""]
    if root.uses:
        lines += ["## Drawn", "", "```text", *drawn(root), "```", "", "## What was grouped, and why", ""]
        for component in sorted((c for c in writer.components if c.uses), key=lambda c: -c.level):
            lines.append(f"- `{component.name}` (L{component.level}{times(component.instances)}): {reason(writer, component)}.")
    several = [c for c in kernels if getattr(c, "kind_name", "") and c.notes]
    if several:
        lines += ["", "Kernels of several operations that are one idea:", ""]
        lines += [f"- `{c.name}`: the author's {c.kind_name}, {', '.join(dict.fromkeys(c.operations)) or 'no operation'} ({c.notes[0]})." for c in several]
    lines += ["", "## Kernels", "", "| kernel | instances | input | output | parameters |", "|---|---|---|---|---|"]
    for c in sorted(kernels, key=lambda c: (-weight_count(c) * max(c.instances, 1), -c.instances, c.name)):
        lines.append(f"| `{c.name}` | {c.instances} | {flow_words(named_inputs(c))} | {flow_words([('', m) for m in metas(c.output)])} | {number(weight_count(c))} |")
    return lines


def drawn(root: Component) -> list[str]:
    """The tree with equal neighbours in one line; a component is opened where it is met first."""
    lines = [f"{root.name}  L{root.level}"]
    opened: set[int] = set()

    def below(component: Component, indent: str) -> None:
        opened.add(id(component))
        groups: list[list] = []
        for use in component.uses:
            if groups and groups[-1][0].component is use.component:
                groups[-1].append(use)
            else:
                groups.append([use])
        for place, group in enumerate(groups):
            last = place == len(groups) - 1
            use = group[0]
            path = use.path if len(group) == 1 else f"{use.path} to {group[-1].path}"
            level = f"  L{use.component.level}" if use.component.uses else ""
            again = "  (as above)" if use.component.uses and id(use.component) in opened else ""
            lines.append(f"{indent}{'└─' if last else '├─'} {path}: {use.component.name}{level}{times(len(group))}{again}")
            if use.component.uses and id(use.component) not in opened:
                below(use.component, indent + ("   " if last else "│  "))

    below(root, "")
    left = len(lines) - MOST_LINES
    return lines if left <= 0 else lines[:MOST_LINES] + [f"... and {left} lines more"]


def reason(writer, component: Component) -> str:
    """Why these children are one component."""
    uses, root = component.uses, writer.root
    if getattr(component, "fusion", None) is not None:
        return f"a run: each of {listed([u.path for u in uses])} reads only what the one before it made, and nothing else does"
    own = f"the author's {component.kind_name}" if component is not root else "the whole model"
    if component.way == "recorded":
        return f"{own}, {count(len(uses), 'child', 'children')}"
    kernels, others = sum(not u.component.uses for u in uses), sum(bool(u.component.uses) for u in uses)
    held = " and ".join(count(n, word) for n, word in ((kernels, "kernel"), (others, "component")) if n)
    flow = writer.planner.flows.get(id(component.module), [])
    words = "what comes in goes past its children, too, and is joined to what they make; " if goes_past(flow) and component is not root else ""
    return f"{own}: {words}{held} called from its own forward"


def weight_count(component: Component) -> int:
    return sum(math.prod(m.shape) for _, m, kind in component.weights if kind == "parameter")


def number(value: int) -> str:
    return f"{value:,}" if value else ""


def times(n: int) -> str:
    return f" × {n}" if n > 1 else ""


def count(n: int, word: str, plural: str = "") -> str:
    return f"{n} {word if n == 1 else plural or word + 's'}"


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def flow_words(items: list[tuple[str, Meta]]) -> str:
    return ", ".join(f"{n + ' ' if n else ''}{list(m.shape)} {m.dtype}" for n, m in items) or "nothing"
