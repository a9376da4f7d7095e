"""The tree, the analysis and the log of a decomposition."""

import json

from decompose.component import FOLDERS, LEVELS, Component, named_inputs
from decompose.ladder import author_kind
from decompose.outline import outline
from decompose.recorder import metas


def tree(writer) -> dict:
    nodes: dict[str, dict] = {}
    counts: dict[int, int] = {}

    recorder, planner = writer.planner.recorder, writer.planner
    edges: dict[str, list[dict]] = {}  # by the node whose children they go between

    def flow(identifier: str, below: dict[str, str], found: list) -> None:
        """Edges between a parent's children. `below`: their node's key by path; `found`: (from, to, tensor) by path, "" the parent."""
        own = edges.setdefault(identifier, [])
        for source, target, meta in found:
            ends = [identifier if not end else below.get(end) for end in (source, target)]
            if None in ends or not source + target:
                continue
            node = nodes[ends[1] if target else ends[0]]
            side = ("input_shapes", "input_dtypes") if target else ("output_shapes", "output_dtypes")
            names = [n for n, shape in node[side[0]].items() if shape == list(meta.shape) and node[side[1]][n] == meta.dtype]
            edge = {"from": ends[0], "to": ends[1], "tensor_name": names[0] if names else "x", "shape": list(meta.shape), "dtype": meta.dtype}
            if edge not in own:
                own.append(edge)

    def add(component: Component, identifier: str, module, values) -> None:
        """`values`: what this instance received and returned. Below it, shapes are those of the instance that its file and its step are
        made from."""
        received, returned = values
        labels = [n for n, _ in named_inputs(component)]
        found = metas(received)
        inputs = dict(zip(labels, found)) if len(labels) == len(found) else dict(named_inputs(component))
        outputs = metas(returned)
        names = ["output"] if len(outputs) == 1 else [f"output_{i}" for i in range(len(outputs))]
        node = {"id": identifier, "name": component.name if identifier == "root" else identifier.replace("_", " "),
                "level": LEVELS[component.level], "path": f"{FOLDERS[component.level]}/{component.name}.py"}
        nodes[identifier] = node
        counts[id(component)] = counts.get(id(component), 0) + 1
        children, keys = [], {}
        fusion, module = getattr(component, "fusion", None), getattr(component, "module", module)
        inner = fusion.inner() if fusion is not None else planner.site_values.get(planner.first_of(module), {}) if module is not None else {}
        for use in component.uses:
            child = ("" if identifier == "root" else identifier + "_") + use.path.replace(".", "_")
            while child in nodes:
                child += "_kernel"
            children.append(child)
            keys[use.path] = child
            below = module.get_submodule(use.original or use.path) if use.module is not None else None
            if below is not None:
                call = recorder.calls[id(below)][0]
                add(use.component, child, below, ([call.args, call.kwargs], call.output))
            else:
                add(use.component, child, None, inner[use.path])
        node["children"] = children
        node["input_shapes"] = {n: list(m.shape) for n, m in inputs.items()}
        node["output_shapes"] = {n: list(m.shape) for n, m in zip(names, outputs)}
        node["input_dtypes"] = {n: m.dtype for n, m in inputs.items()}
        node["output_dtypes"] = {n: m.dtype for n, m in zip(names, outputs)}
        if fusion is not None:
            steps = ["", *(u.path for u in component.uses), ""]
            carried = [metas(inner[p][0])[:1] for p in steps[1:-1]] + [metas(component.output)[:1]]
            flow(identifier, keys, [(a, b, m) for a, b, one in zip(steps, steps[1:], carried) for m in one])
        elif module is not None:
            flow(identifier, keys, planner.flows.get(planner.first_of(module), []))

    call = recorder.calls[id(recorder.model)][0]
    add(writer.root, "root", recorder.model, ([call.args, call.kwargs], call.output))
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
                "unique_kernels": len({n["path"] for n in nodes.values() if n["level"] == "kernel"}),
                "verification_status": "PARTIAL" if any(c.gap for c in writer.components) else "PASSED"}
    return {"metadata": metadata, "nodes": nodes, "data_flow": [edge for identifier in nodes for edge in edges.get(identifier, [])]}


def tree_text(made: dict) -> str:
    """JSON with one member of a node, and one edge, to a line."""
    def node_text(key: str, node: dict) -> str:
        return f"    {json.dumps(key)}: {{\n" + ",\n".join(f"      {json.dumps(k)}: {json.dumps(v)}" for k, v in node.items()) + "\n    }"

    nodes = ",\n".join(node_text(key, node) for key, node in made["nodes"].items())
    edges = ",\n".join("    " + json.dumps(edge) for edge in made["data_flow"])
    metadata = json.dumps(made["metadata"], indent=2).replace("\n", "\n  ")
    flow = f"[\n{edges}\n  ]" if edges else "[]"
    return f'{{\n  "metadata": {metadata},\n  "nodes": {{\n{nodes}\n  }},\n  "data_flow": {flow}\n}}\n'


def analysis(writer, made: dict) -> str:
    gaps = ways_summary(writer, [c for c in writer.components if c.uses and not c.gap])["gaps"]
    lines = [f"# {writer.options['name']}: analysis", ""]
    if gaps:
        lines += ["**Partial: this is no complete decomposition.** Not taken apart:", ""]
        lines += [f"- `{g['module'] or 'the model'}` ({g['class']}): {g['reason']}. Instead {g['instead']}." for g in gaps] + [""]
    lines += outline(writer)
    lines += ["", "## Steps", "", "| step | parent | children |", "|---|---|---|"]
    for c in sorted(writer.components, key=lambda c: -c.level):
        if c.uses and not c.gap:
            children = ", ".join(f"`{k.name}`" + (f" × {n}" if (n := sum(u.component is k for u in c.uses)) > 1 else "") for k in c.children())
            lines.append(f"| `{c.step}` | `{c.name}` | {children} |")
    lines += ["", "What stays in the parents is plumbing: moving, slicing and adding tensors, and Python's control flow.", ""]
    return "\n".join(lines)


def decomposition_log(writer) -> dict:
    """What was decided, step by step."""
    entries = []
    logged: set[int] = set()

    def add(step: str, title: str, description: str, kind: str = "decision", resolution: str = "") -> None:
        entry = {"step": step, "type": kind, "title": title, "description": description, "timestamp": writer.options["timestamp"]}
        entries.append(entry | ({"resolution": resolution} if resolution else {}))

    for parent in sorted((c for c in writer.components if c.uses and not c.gap), key=lambda c: int(c.step.split("_")[1])):
        notes = "".join(f" {n[0].upper() + n[1:]}." for n in parent.notes)
        add(parent.step, f"{parent.name} is taken apart {'by its own source' if parent.way == 'source' else 'as recorded'}",
            f"{'The author' if parent.way == 'source' else 'The recorded run'}'s statements are kept; {len(parent.uses)} children take the place of what computes.{notes}")
        for child in parent.children():
            if not child.uses and getattr(child, "kind_name", "") and id(child) not in logged:
                logged.add(id(child))
                add(parent.step, f"{child.name} is one kernel", f"The author's class {child.kind_name}: {child.notes[0] if child.notes else 'one operation'}.")
    made = ways_summary(writer, [c for c in writer.components if c.uses and not c.gap])
    for entry in made["recorded"]:
        add(entry["step"], f"{entry['module'] or 'the model'} is written from the recorded run", f"Its source could not be kept: {entry['reason']}.", "difficulty",
            "Straight-line code of its first call, with the author's names.")
    for entry in made["gaps"]:
        add("partial", f"{entry['module'] or 'the model'} was not taken apart", f"{entry['reason'][:1].upper()}{entry['reason'][1:]}.", "deviation", entry["instead"] + ".")
    return {"entries": entries}


def paths_of(writer) -> dict[int, list[str]]:
    """By component: the modules of the model that it stands for."""
    found: dict[int, list[str]] = {}
    for module, component in writer.planner.of_module.items():
        found.setdefault(id(component), []).append(writer.planner.recorder.paths[module])
    return found


def ways_summary(writer, steps: list) -> dict:
    """How each module was taken apart: counts, each step's way, and what did not go by its source, with the reason."""
    paths, reason = paths_of(writer), writer.planner.ways.reason
    counts: dict[str, int] = {}
    for c in writer.components:
        way = c.way if c.uses and not c.gap else ("boundary" if c.uses else "opaque") if c.gap else ""
        if way:
            counts[way] = counts.get(way, 0) + 1
    recorded = [{"module": p, "class": author_kind(c.module).__name__, "step": c.step, "reason": reason(p)} for c in steps if c.way == "recorded" for p in paths.get(id(c), [])]
    gaps = [{"module": p, "class": author_kind(c.module).__name__, "component": c.name, "reason": c.gap,
             "instead": f"{c.name} stands at its boundary; the modules below it are taken apart" if c.uses else f"{c.name} is one opaque {'component' if c.level else 'kernel'}"}
            for c in writer.components if c.gap for p in paths[id(c)]]
    inlined = [{"module": p, "reason": reason(p)} for p in sorted(writer.planner.ways.paths("inline"))]
    return {"ways": counts, "recorded": recorded, "gaps": gaps, "inlined": inlined,
            "by_step": {c.step: {"way": c.way, "modules": paths.get(id(c), []) or writer.planner.fusion_owners.get(id(c), [])} for c in steps}}
