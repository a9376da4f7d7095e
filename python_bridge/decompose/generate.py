"""The whole way from a model's source to the files of its decomposition."""

import ast
import json
import time

import torch

from decompose.artefacts import analysis, decomposition_log, tree, tree_text
from decompose.component import FOLDERS, LEVELS, Component, component_text, header, self_test, value_source
from decompose.kernels import tensors_of
from decompose.layers import extended, wanted
from decompose.names import name_components
from decompose.ops import Ops
from decompose.plan import Planner
from decompose.recorder import Recorder
from decompose.refactor import refactored_form
from decompose.runs import LONGEST_RUN
from decompose.text import Edits, Text, Unsupported


def decompose(source: str, path: str, rules: dict, options: dict, native) -> dict:
    """{"files": {path: text}, "tree": ..., "summary": ...}. `path`: shown in headers and the tree. `options`: name, timestamp,
    fusions, max_level. `native`: python_bridge/recorded_names.h."""
    text = Text(source)
    length = len(text.data)
    if wanted(source, text.defined):
        text = Text(extended(text.text, text.defined))
    text.length = length
    recorder = Recorder(text, Ops(rules), native)
    module = recorder.load(path)
    model = recorder.build(module)
    recorder.paths = {id(m): p for p, m in reversed(list(model.named_modules(remove_duplicate=False)))}
    torch.manual_seed(1)
    inputs = module.get_inputs()
    keywords = module.get_input_kwargs() if hasattr(module, "get_input_kwargs") else {}
    recorder.run(inputs, keywords)
    planner = Planner(recorder, rules, options["name"], options.get("fusions", True))
    root = planner.component(model)
    for _ in range(20):
        if not make_flatter(root, planner, options.get("max_level", 3)):
            break
        root = planner.component(model)
    return Writer(planner, root, path, options, text).write()


def height(component: Component) -> int:
    return 1 + max(height(c) for c in component.children()) if component.uses else 0


def make_flatter(root: Component, planner: Planner, levels: int) -> bool:
    """Where components lie deeper in one another than there are `levels`, one class less: a wrapper of one component is opened in its
    parents, else fusions stay away from the lowest class that has some, else the class next to the kernels is opened."""
    if height(root) <= levels:
        return False
    chain, at = [], root
    while at.uses:
        at = max(at.children(), key=height)
        chain.append(at)
    modules = [c for c in chain if c.uses and getattr(c, "fusion", None) is None]
    direct = [c for c in modules if planner.is_direct(type(c.module))]
    wrappers = [c for c in direct if len([k for k in c.children() if k.uses]) == 1 and len(c.children()) <= 2]
    grouped = [c for c in [root] + modules if any(k in chain and getattr(k, "fusion", None) is not None for k in c.children())]
    if wrappers:
        planner.inline(type(wrappers[0].module))
    elif grouped:
        planner.ungroup(type(grouped[-1].module))
    elif direct:
        planner.inline(type(direct[-1].module))
    return bool(wrappers or grouped or direct)


def answer(request: str, native) -> str:
    """The bridge's way in: JSON to JSON."""
    asked = json.loads(request)
    torch.set_num_threads(max(1, asked["options"].get("threads", 1)))
    return json.dumps(decompose(asked["source"], asked["path"], asked["rules"], asked["options"], native))


class Writer:
    def __init__(self, planner: Planner, root: Component, path: str, options: dict, text: Text) -> None:
        self.planner = planner
        self.root = root
        self.path = path
        self.options = options
        self.text = text
        self.components: list[Component] = []
        self._collect(root)
        self._levels()
        self._names()

    def _collect(self, component: Component) -> None:
        if component in self.components:
            return
        self.components.append(component)
        for child in component.children():
            self._collect(child)

    def _levels(self) -> None:
        """Kernels 0. What holds kernels only is 1; 2 where it holds more than that, carries a residual or is one of a class that does.
        The whole model comes one above its highest child, at most at 3."""
        for component in self.components:
            component.level = height(component)
        most = self.options.get("max_level", 3)
        if self.root.level > most:
            raise Unsupported(f"{self.root.level + 1} levels of components lie in one another, kernels counted; {most + 1} may")
        parents: dict[int, list[Component]] = {}
        for component in self.components:
            for child in component.children():
                parents.setdefault(id(child), []).append(component)
        kind = lambda c: getattr(c, "kind_name", "")
        if most == 3 and self.root.level == 2 and any(self._is_layer(c) for c in self.root.children()):
            self.root.level = 3
        if most > 1 and self.root.level == 1 and self._is_layer(self.root):
            self.root.level = 2
        for component in self.components:
            alike = kind(component) and any(c.level == 2 and kind(c) == kind(component) and c is not self.root for c in self.components)
            if component.level == 1 and component is not self.root and (self._is_layer(component) or alike) and \
                    all(p.level > 2 for p in parents[id(component)]):
                component.level = 2

    @staticmethod
    def _is_layer(component: Component) -> bool:
        """Of the author's, and more than a straight run or one attention: above five kernels, or with a residual."""
        if not component.uses or getattr(component, "fusion", None) is not None or "attention" in component.name or "attn" in component.name:
            return False
        return len(component.uses) > LONGEST_RUN or component.level > 1

    def _names(self) -> None:
        self.root.name = self.options["name"] if self.root.level > 0 else self.root.name
        name_components(self.components, self.root)

    # -- files ---------------------------------------------------------------------------------------------------------

    def write(self) -> dict:
        for component in self.components:
            if getattr(component, "make", None):
                component.make()
        for component in self.components:
            for child in component.children():
                if child.parent == "root":
                    child.parent = component.name
        self.root.whole_text = self._root_text()
        files: dict[str, str] = {}
        texts = {id(c): component_text(c, self.path) for c in self.components}
        for component in self.components:
            files[f"{FOLDERS[component.level]}/{component.name}.py"] = texts[id(component)]
        steps = [c for c in sorted(self.components, key=lambda c: -c.level) if c.uses]
        for number, component in enumerate(steps, 1):
            below = LEVELS[max(c.level for c in component.children())]
            folder = f"steps/step_{number}_{'model' if component is self.root else component.name}_to_{below}s"
            component.step = folder.removeprefix("steps/")
            files[f"{folder}/original.py"] = texts[id(component)]
            refactored = refactored_form(self.planner, component)
            files[f"{folder}/refactored.py"] = refactored.source(number)
            for child in component.children():
                files[f"{folder}/children/{child.name}.py"] = texts[id(child)]
            weights = refactored.weight_map()
            if weights:
                files[f"{folder}/weight_map.json"] = json.dumps(weights, indent=2) + "\n"
        made = tree(self)
        files["decomposition_tree.json"] = tree_text(made)
        files["decomposition_analysis.md"] = analysis(self, made)
        files["decomposition_log.json"] = json.dumps(decomposition_log(self), indent=2) + "\n"
        ways: dict[str, int] = {}
        for c in steps:
            ways[c.way] = ways.get(c.way, 0) + 1
        recorder = self.planner.recorder
        seconds = {"recording": recorder.seconds, "generation": time.perf_counter() - recorder.recorded_at}
        return {"files": files, "summary": {"seconds": seconds, "threads": torch.get_num_threads(), "steps": len(steps), "components": len(self.components), "ways": ways,
                                            "kernels": sum(c.level == 0 for c in self.components),
                                            "instances": made["metadata"]["total_components"]}}

    def _root_text(self) -> str:
        """The source file itself: a header in front, the template's functions behind."""
        text, edits = self.text, Edits(self.text)
        extra = ast.get_docstring(text.tree) or ""
        if extra:
            edits.replace(0, text.end(text.tree.body[0]), "")
        for statement in text.tree.body:
            main = isinstance(statement, ast.If) and "__name__" in text.of(statement.test)
            if main or (isinstance(statement, ast.FunctionDef) and statement.name in ("run_tests", "get_expected_output_shape")):
                edits.replace(text.statement_start(statement), text.end(statement), "")
        body = edits.applied(0, min(text.length, len(text.data))).strip("\n")
        body = "\n".join(line.rstrip() for line in body.split("\n"))
        test = self_test(self.root)
        for name in ("get_inputs", "get_init_inputs"):
            if name not in text.defined:
                body += f"\n\n\ndef {name}():\n    return []"
        imports = "" if "torch" in text.defined else "import torch\n\n"
        return header(self.root, self.path, extra) + "\n" + imports + body + "\n\n\n" + test
