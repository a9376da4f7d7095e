"""The whole way from a model's source to the files of its decomposition."""

import ast
import json
import time

import torch

from decompose.artefacts import analysis, decomposition_log, tree, tree_text, ways_summary
from decompose.component import FOLDERS, LEVELS, Component, component_text, header, self_test, value_source
from decompose.kernels import tensors_of
from decompose.ladder import MOST_TURNS, Ways, become_recorded, has_sequences, with_recorded
from decompose.layers import extended, wanted
from decompose.names import name_components
from decompose.ops import Ops
from decompose.plan import Planner
from decompose.proposal import proposal
from decompose.recorder import Recorder
from decompose.refactor import refactored_form
from decompose.runs import LONGEST_RUN
from decompose.text import Edits, Text, Unsupported


def decompose(source: str, path: str, rules: dict, options: dict, native) -> dict:
    """{"files": {path: text}, "tree": ..., "summary": ...}. `path`: shown in headers and the tree. `options`: name, timestamp,
    fusions, max_level, ways (ladder.py), proposal: what is planned, beside the files (proposal.py). `native`: python_bridge/recorded_names.h."""
    plain = Text(source)
    length = len(plain.data)
    if wanted(source, plain.defined):
        plain = Text(extended(plain.text, plain.defined))
    plain.length = length
    ways = Ways(options.get("ways", {}))
    for _ in range(MOST_TURNS):
        made, failures, recorder = one_turn(plain, path, rules, options, ways, native)
        if not failures:
            return made
        ways.learn(failures, recorder)
    raise Unsupported("; ".join(reason for reason, _ in failures.values()))


def one_turn(plain: Text, path: str, rules: dict, options: dict, ways: Ways, native) -> tuple[dict, dict, Recorder]:
    """What was made, what could not be made in the way that it should, and the recorded run."""
    ops = Ops(rules)
    text, chosen, failures = plain, {}, {}
    if ways.paths("recorded") or has_sequences(plain):
        text, chosen, failures = with_recorded(plain, path, ops, ways, native)
    recorder = Recorder(text, ops, native)
    module = recorder.load(path)
    model = recorder.build(module)
    recorder.paths = {id(m): p for p, m in reversed(list(model.named_modules(remove_duplicate=False)))}
    become_recorded(recorder, module.__dict__, chosen)
    torch.manual_seed(1)
    inputs = module.get_inputs()
    keywords = module.get_input_kwargs() if hasattr(module, "get_input_kwargs") else {}
    recorder.run(inputs, keywords)
    for seed in (2, 3) if recorder.reads_values else ():
        run_again(recorder, module, seed)
    if failures:
        return {}, failures, recorder
    planner = Planner(recorder, rules, options["name"], ways, options.get("fusions", True))
    root = planner.component(model)
    for _ in range(20):
        if planner.failures or not make_flatter(root, planner, options.get("max_level", 3)):
            break
        root = planner.component(model)
    if planner.failures:
        return {}, planner.failures, recorder
    writer = Writer(planner, root, path, options, text)
    made = writer.write()
    if options.get("proposal"):
        made["proposal"] = proposal(writer)
    return made, planner.failures, recorder


def run_again(recorder: Recorder, module, seed: int) -> None:
    """On other inputs, for the branches that the first run did not take: with the inputs' signs turned, or those of all weights."""
    torch.manual_seed(seed)
    inputs = module.get_inputs()
    keywords = module.get_input_kwargs() if hasattr(module, "get_input_kwargs") else {}
    floats = [p for p in recorder.model.parameters() if p.is_floating_point()] if seed % 2 == 0 else []
    if seed % 2:
        inputs = [-t if isinstance(t, torch.Tensor) and t.is_floating_point() else t for t in inputs]
    with torch.no_grad():
        for p in floats:
            p.neg_()
        try:
            recorder.run(inputs, keywords)
        except Exception:  # these inputs are not the author's: what was recorded of them stays
            pass
        for p in floats:
            p.neg_()


def height(component: Component) -> int:
    if not component.uses:
        return min(component.level, 1) if component.gap else 0
    return 1 + max(height(c) for c in component.children())


def all_below(component: Component) -> list[Component]:
    return [component] + [c for child in component.children() for c in all_below(child)]


def make_flatter(root: Component, planner: Planner, levels: int) -> bool:
    """Where components lie deeper in one another than there are `levels`, one class less: a wrapper of one component is opened in its
    parents, a stage that only hands on from block to block becomes an nn.Sequential, else fusions stay away from the lowest class that has
    some, else the class next to the kernels is opened."""
    for component in all_below(root):
        only = component.uses[0] if len(component.uses) == 1 else None
        lone = next((u for u in component.uses if u.component.uses and u.module is not None and planner.is_direct(type(u.module)) and
                     planner.runs_one_operation(u.module)), None)
        if lone is not None:
            planner.inline(type(lone.module))  # one operation and what moves data around it: its kernel is its parent's
            return True
        if only is not None and only.component.uses and only.module is not None and planner.is_direct(type(only.module)):
            planner.inline(type(only.module))  # a wrapper of one component: the two would be one under two names
            return True
    if height(root) <= levels:
        return False
    chain, at = [], root
    while at.uses:
        at = max(at.children(), key=height)
        chain.append(at)
    modules = [c for c in chain if c.uses and getattr(c, "fusion", None) is None]
    direct = [c for c in modules if planner.is_direct(type(c.module))]
    wrappers = [c for c in direct if len([k for k in c.children() if k.uses]) == 1 and len(c.children()) <= 2]
    holders = [c for c in modules if planner.is_straight(type(c.module))]
    stages = [c for c in holders if all(k.uses for k in c.children())]
    grouped = [c for c in [root] + modules if any(k in chain and getattr(k, "fusion", None) is not None for k in c.children())]
    if wrappers:
        planner.inline(type(wrappers[0].module))
    elif stages:
        planner.unroll(type(stages[0].module))
    elif grouped:
        planner.ungroup(type(grouped[-1].module))
    elif direct:
        planner.inline(type(direct[-1].module))
    elif holders:
        planner.unroll(type(holders[-1].module))
    return bool(wrappers or stages or grouped or direct or holders)


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
                try:
                    component.make()
                except Exception as reason:
                    self.planner.fail(component, reason)
        for component in self.components:
            for child in component.children():
                if child.parent == "root":
                    child.parent = component.name
        self.root.whole_text = self._root_text()
        files: dict[str, str] = {}
        texts = {id(c): component_text(c, self.path) for c in self.components}
        for component in self.components:
            files[f"{FOLDERS[component.level]}/{component.name}.py"] = texts[id(component)]
        steps = [c for c in sorted(self.components, key=lambda c: -c.level) if c.uses and not c.gap]
        for number, component in enumerate(steps, 1):
            below = LEVELS[max(c.level for c in component.children())]
            folder = f"steps/step_{number}_{'model' if component is self.root else component.name}_to_{below}s"
            component.step = folder.removeprefix("steps/")
            files[f"{folder}/original.py"] = texts[id(component)]
            try:
                refactored = refactored_form(self.planner, component)
                files[f"{folder}/refactored.py"] = refactored.source(number)
            except Exception as reason:
                self.planner.fail(component, reason)
                continue
            for child in component.children():
                files[f"{folder}/children/{child.name}.py"] = texts[id(child)]
            weights = refactored.weight_map()
            if weights:
                files[f"{folder}/weight_map.json"] = json.dumps(weights, indent=2) + "\n"
        made = tree(self)
        files["decomposition_tree.json"] = tree_text(made)
        files["decomposition_analysis.md"] = analysis(self, made)
        files["decomposition_log.json"] = json.dumps(decomposition_log(self), indent=2) + "\n"
        recorder = self.planner.recorder
        seconds = {"recording": recorder.seconds, "generation": time.perf_counter() - recorder.recorded_at}
        return {"files": files, "summary": {"seconds": seconds, "threads": torch.get_num_threads(), "steps": len(steps), "components": len(self.components),
                                            "kernels": sum(c.level == 0 for c in self.components),
                                            "instances": made["metadata"]["total_components"], **ways_summary(self, steps)}}

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
        self.root.own_kwargs = "get_input_kwargs" in text.defined
        test = self_test(self.root)
        for name in ("get_inputs", "get_init_inputs"):
            if name not in text.defined:
                body += f"\n\n\ndef {name}():\n    return []"
        imports = "" if "torch" in text.defined else "import torch\n\n"
        return header(self.root, self.path, extra) + "\n" + imports + body + "\n\n\n" + test
