"""Writes a decomposition to disk from its components and the tree of their instances.

The generators beside this file say what a model is made of; the layout of folders, files and JSON
is here. Standard library only: nothing is run, and every shape is the caller's.
"""

import json
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

FOLDERS = {
    "model": "level_3_model",
    "layer": "level_2_layer",
    "fusion": "level_1_fusion",
    "kernel": "level_0_kernel",
}

RUN_TESTS = '''
def run_tests():
    """Runs the component once on its own inputs; true when what comes out is as declared."""
    model = Model(*get_init_inputs()).eval()
    with torch.no_grad():
        output = model(*get_inputs())
    outputs = output if isinstance(output, tuple) else (output,)
    shapes = [tuple(tensor.shape) for tensor in outputs]
    dtypes = [tensor.dtype for tensor in outputs]
    finite = all(bool(torch.isfinite(tensor).all()) for tensor in outputs)
    passed = shapes == get_expected_output_shape() and set(dtypes) == {torch.float32} and finite
    print("PASS" if passed else f"FAIL: shapes {shapes}, dtypes {dtypes}, finite: {finite}")
    return passed


if __name__ == "__main__":
    import sys

    sys.exit(0 if run_tests() else 1)
'''


@dataclass
class Component:
    """One file of a level folder. Shapes are lists of numbers; every tensor is float32."""

    name: str
    level: str
    code: str  # imports and classes, the last one `Model`
    init: list  # what get_init_inputs() returns
    init_names: str
    inputs: dict  # name -> shape
    outputs: dict
    operations: list
    weights: dict  # state_dict key -> shape
    children: list = field(default_factory=list)  # names of components, without repeats
    refactored: str = ""  # imports of children and the class; "" for a kernel
    plumbing: str = ""  # what the refactored parent itself does

    @property
    def path(self):
        return f"{FOLDERS[self.level]}/{self.name}.py"


@dataclass
class Instance:
    """One node of the tree: a component under the name that its parent gives it."""

    role: str  # attribute path in the parent, such as `middle.0`; "root" at the top
    component: Component
    inputs: dict
    outputs: dict
    children: list = field(default_factory=list)
    edges: list = None  # pairs of roles, "" for the parent; None: the children in a row

    def flow(self):
        if self.edges is not None:
            return self.edges
        roles = ["", *(child.role for child in self.children), ""]
        return list(zip(roles, roles[1:])) if self.children else []

    def walk(self, prefix=""):
        """Yields (id, instance), parents first."""
        own = "root" if self.role == "root" else prefix + self.role.replace(".", "_")
        yield own, self
        for child in self.children:
            yield from child.walk("" if own == "root" else own + "_")


def wrap(text, width=100):
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append("   ")
        lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(lines)


def bullets(tensors, dtype=""):
    return [f"  - {name}: {shape}{dtype}" for name, shape in tensors.items()] or ["  - none"]


def template_functions(component):
    tensors = ", ".join(f"torch.randn{tuple(shape)}" for shape in component.inputs.values())
    names = f"    # {component.init_names}\n" if component.init_names else ""
    return (
        f"def get_inputs():\n    return [{tensors}]\n\n\n"
        f"def get_init_inputs():\n{names}    return {component.init}\n"
    )


def component_text(component, source, parents):
    lines = [
        f"Component: {component.name}",
        f"Source: {source}",
        f"Abstraction Level: {component.level}",
        wrap(f"Parent: {', '.join(parents) or 'root'}"),
    ]
    if component.children:
        lines.append(wrap(f"Children: [{', '.join(component.children)}]"))
    lines += ["", wrap(f"Operations: [{', '.join(component.operations)}]"), "", "Input Shapes:"]
    lines += bullets(component.inputs, " dtype=float32")
    lines += ["", "Output Shapes:"] + bullets(component.outputs, " dtype=float32")
    lines += ["", "Weight Shapes:"] + bullets(component.weights)
    header = '"""\n' + "\n".join(lines) + '\n"""\n'
    shapes = [tuple(shape) for shape in component.outputs.values()]
    expected = f"def get_expected_output_shape():\n    return {shapes}\n"
    functions = template_functions(component) + "\n\n" + expected
    return f"{header}\n{component.code}\n\n\n{functions}\n{RUN_TESTS}"


def refactored_text(number, component):
    left = f"Left in the parent, as plumbing: {component.plumbing}."
    left = left if component.plumbing else "Nothing is left in the parent."
    return (
        f'"""Step {number}: {component.name} as calls of its children.\n\n{left}\n"""\n\n'
        "import sys\nfrom pathlib import Path\n\nimport torch\nimport torch.nn as nn\n\n"
        "sys.path.insert(0, str(Path(__file__).resolve().parent))\n\n"
        f"{component.refactored}\n\n\n{template_functions(component)}"
    )


def step_name(number, component, by_name):
    levels = [by_name[child].level for child in component.children]
    target = next(level for level in ("layer", "fusion", "kernel") if level in levels)
    return f"step_{number}_{component.name}_to_{target}s"


def tree_json(root, source, model_name, timestamp):
    nodes, edges = {}, []
    paths = Counter(i.component.path for _, i in root.walk() if i.component.level == "kernel")
    for own, instance in root.walk():
        prefix = "" if own == "root" else own + "_"
        ids = {child.role: prefix + child.role.replace(".", "_") for child in instance.children}
        node = {
            "id": own,
            "name": instance.component.name,
            "level": instance.component.level,
            "path": instance.component.path,
        }
        if instance.component.level == "kernel":
            node["instance_count"] = paths[instance.component.path]
        node["children"] = list(ids.values())
        node["input_shapes"] = instance.inputs
        node["output_shapes"] = instance.outputs
        node["input_dtypes"] = dict.fromkeys(instance.inputs, "float32")
        node["output_dtypes"] = dict.fromkeys(instance.outputs, "float32")
        nodes[own] = node
        results = list(instance.outputs.items())
        by_role = {child.role: child for child in instance.children}
        for producer, consumer in instance.flow():
            if consumer:
                tensor = next(iter(by_role[consumer].inputs))
                from_ = by_role[producer].outputs if producer else instance.inputs
                shape = next(iter(from_.values()))
            else:
                tensor, shape = results.pop(0)
            edge = {"from": ids.get(producer, own), "to": ids.get(consumer, own)}
            edges.append(edge | {"tensor_name": tensor, "shape": shape, "dtype": "float32"})
    metadata = {
        "source_file": source,
        "source_level": "level3",
        "model_name": model_name,
        "timestamp": timestamp,
        "total_components": len(nodes),
        "by_level": dict(Counter(node["level"] for node in nodes.values())),
        "unique_kernels": len(paths),
        "verification_status": "PENDING",
    }
    return {"metadata": metadata, "nodes": nodes, "data_flow": edges}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_json(path, value):
    write(path, json.dumps(value, indent=2) + "\n")


def write_decomposition(folder, source, components, root, analysis, log, composition):
    """Writes all files below `folder` and returns the names of the steps.

    components: in the order of their steps, parents before children. log: triples of the component
    whose step it is about, title, description. composition: verification/composition_test.py.
    """
    folder = Path(folder)
    timestamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    by_name = {component.name: component for component in components}
    steps = {}
    for component in components:
        parents = [parent.name for parent in components if component.name in parent.children]
        write(folder / component.path, component_text(component, source, parents))
    for component in components:
        if component.level == "kernel":
            continue
        number = len(steps) + 1
        steps[component.name] = step_name(number, component, by_name)
        step = folder / "steps" / steps[component.name]
        write(step / "refactored.py", refactored_text(number, component))
        shutil.copyfile(folder / component.path, step / "original.py")
        (step / "children").mkdir(exist_ok=True)
        for child in component.children:
            child_path = by_name[child].path
            shutil.copyfile(folder / child_path, step / "children" / Path(child_path).name)
    model_name = root.component.name
    write_json(folder / "decomposition_tree.json", tree_json(root, source, model_name, timestamp))
    entries = [
        {
            "step": steps[about],
            "type": "decision",
            "title": title,
            "description": description,
            "timestamp": timestamp,
        }
        for about, title, description in log
    ]
    write_json(folder / "decomposition_log.json", {"entries": entries})
    write(folder / "decomposition_analysis.md", analysis)
    write(folder / "verification" / "composition_test.py", composition)
    return list(steps.values())
