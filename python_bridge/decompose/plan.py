"""Which modules become which components: bottom up, equal ones once."""

import ast
import inspect
from dataclasses import dataclass

import torch

from decompose.component import Component, Use
from decompose.expressions import Expressions
from decompose.flow import child_flow
from decompose.fusions import Fusion
from decompose.inside import is_plain, made_inside
from decompose.kernels import Kernels, all_constructor_values, constructor_arguments, counted, identity_of, tensors_of
from decompose.ladder import Ways, author_kind, child_name
from decompose.literal import literal
from decompose.names import word_of
from decompose.recorder import CONTAINERS, Event, Meta, Opaque, Recorder, all_events, calls_of, metas
from decompose.runs import IDENTITIES, LONGEST_RUN, MethodRuns, Run, counted_calls, is_attention, sequential_runs
from decompose.straight import is_straight
from decompose.text import Edits, Unsupported, imports_for, names_read, needed, snake
from decompose.trace import changed_from_outside
from decompose.twins import structural_key

MOST_OPERATIONS_OF_A_KERNEL = 12
MOST_OPERATIONS_LISTED = 40


class Planner:
    def __init__(self, recorder: Recorder, rules: dict, model_name: str, ways: Ways, fusions: bool = True) -> None:
        self.recorder = recorder
        self.text = recorder.text
        self.ops = recorder.ops
        self.rules = rules
        self.kernels = Kernels(recorder, rules)
        self.model_name = model_name
        self.known: dict[tuple, Component] = {}
        self.of_module: dict[int, Component] = {}
        self.twins: dict[tuple, torch.nn.Module] = {}  # (twins.structural_key, way) -> the first module that has it
        self.twin_of: dict[int, int] = {}
        self.site_values: dict[int, dict] = {}  # by instance: attribute -> what its kernel received and returned there first
        self.ways = ways
        self.failures: dict[str, tuple[str, bool]] = {}  # by module's path: why it cannot go its way, and whether it can stand alone
        self.inlined: set[type] = set()  # classes whose instances are opened in their parent, for want of levels
        self.inlined_modules: set[int] = set()
        self.straight: dict[int, int] = {}  # modules that are an nn.Sequential in their parent, for want of levels, and their containers: calls
        self.fusions = fusions
        self.ungrouped = {type(recorder.model.get_submodule(p)) for p in ways.paths("ungrouped")}  # classes whose kernels stay on their own
        self.fusion_owners: dict[int, list[str]] = {}  # by fusion's component: paths of the modules that it was cut out of
        self.known_fusions: dict[tuple, Fusion] = {}
        self.flows: dict[int, list] = {}  # by instance: flow.child_flow

    def inline(self, kind: type) -> None:
        """From now on the parents of this class hold its parts and its methods; all components are planned anew."""
        self.inlined.add(kind)
        for parent in self.recorder.model.modules():
            self.inlined_modules |= {id(child) for _, child in self.held_by(parent) if type(child) in self.inlined}
        for module in [m for m in self.recorder.model.modules() if id(m) in self.straight and self.is_author(m)]:
            if any(id(m) in self.inlined_modules for m in module.modules()):  # what is opened in its parent cannot be called by a sequence
                for inner in module.modules():
                    self.straight.pop(id(inner), None)
                if self.is_direct(type(module)) and type(module) not in self.inlined:
                    self.inline(type(module))
        self._anew()

    def unroll(self, kind: type) -> None:
        """From now on the instances of this class are an nn.Sequential of their children."""
        for module in [m for m in self.recorder.model.modules() if type(m) is kind]:
            for inner in [module, *(m for m in module.modules() if type(m) in CONTAINERS)]:
                self.straight.setdefault(id(inner), len(self.recorder.calls[id(module)]))
        self._anew()

    def ungroup(self, kind: type) -> None:
        """From now on no fusions are cut out of this class."""
        self.ungrouped.add(kind)
        self._anew()

    def first_of(self, module: torch.nn.Module) -> int:
        """The identity of the module that was planned in its stead: what is kept by instance is kept of that one."""
        return self.twin_of.get(id(module), id(module))

    def _anew(self) -> None:
        self.twins, self.twin_of = {}, {}
        self.known, self.of_module, self.known_fusions, self.fusion_owners = {}, {}, {}, {}
        self.kernels = Kernels(self.recorder, self.rules)

    def is_direct(self, kind: type) -> bool:
        """Are all instances attributes of an author's module, and not members of a container beside others?"""
        modules = list(self.recorder.model.modules())
        direct = {id(child) for parent in modules for _, child in self.held_by(parent)}
        return any(type(m) is kind for m in modules) and all(id(m) in direct for m in modules if type(m) is kind)

    def held_by(self, parent: torch.nn.Module) -> list[tuple[str, torch.nn.Module]]:
        """(path, module) of an author's module: its attributes, and the only members of containers that are attributes."""
        found = []
        for name, child in parent.named_children() if self.is_author(parent) and type(parent) not in CONTAINERS else []:
            alone = type(child) is torch.nn.ModuleList and len(child) == 1 and self.is_author(child[0])
            found += ([(name, child)] if name.isidentifier() else []) + ([(f"{name}.0", child[0])] if alone else [])
        return found

    def is_straight(self, kind: type) -> bool:
        """Are all instances that run straight lines of their children?"""
        ran = [m for m in self.recorder.model.modules() if type(m) is kind and self.called(m)]
        return bool(ran) and kind is not type(self.recorder.model) and self.is_author(ran[0]) and \
            all(is_straight(self.recorder, m) and not any(id(c) in self.inlined_modules for c in m.modules()) for m in ran)

    def runs_one_operation(self, module: torch.nn.Module) -> bool:
        """And no arithmetic beside it: a component of that would be a kernel under another name."""
        events = [e for e in counted(self.ops, all_events(self.recorder.calls[id(module)][0].inside)) if e.name not in IDENTITIES]
        return len(events) == 1 and self.ops.kind(events[0].name) == "compute"

    # -- what a module is ----------------------------------------------------------------------------------------------

    def called(self, module: torch.nn.Module) -> bool:
        return id(module) in self.recorder.calls

    def is_container(self, module: torch.nn.Module) -> bool:
        """Opened in its parent: torch's containers, and modules that are never called themselves."""
        return type(module) in CONTAINERS or id(module) in self.inlined_modules or id(module) in self.straight or isinstance(module, torch.nn.ModuleList) or (not self.called(module) and any(self.called(m) for m in module.modules()))

    def is_author(self, module: torch.nn.Module) -> bool:
        return type(module).__module__ == "decomp_judged"

    def leaf(self, module: torch.nn.Module) -> Component | None:
        """Its kernel, None where it is taken apart."""
        if not self.called(module) or self.is_container(module):
            return None
        component = self.component(module)
        return component if not component.uses else None

    def path_below(self, module: torch.nn.Module, owner: torch.nn.Module) -> str:
        return self.recorder.paths[id(module)].removeprefix(self.recorder.paths[id(owner)]).lstrip(".")

    def component(self, module: torch.nn.Module) -> Component:
        known = self.of_module.get(id(module))
        if known is None:
            try:
                known = self._twin(module) or self._planned(module)
            except Exception as reason:
                self.fail(module, reason)
                known = self._placeholder(module)
            self.of_module[id(module)] = known
        return known

    def fail(self, what, reason: Exception) -> None:
        """Notes that a module, or a component made of one, cannot go its way; the next turn takes another (ladder.py)."""
        if getattr(what, "fusion", None) is not None:
            self.failures.update({path: (str(reason), True) for path in self.fusion_owners[id(what)]})
            return
        path = self.recorder.paths[id(getattr(what, "module", what) if isinstance(what, Component) else what)]
        said = str(reason) if isinstance(reason, Unsupported) else f"the generator fails on it ({type(reason).__name__}: {reason})"
        self.failures.setdefault(path, (said, self.ways.way(path) != "none"))

    def _twin(self, module: torch.nn.Module) -> Component | None:
        """The component of an equal module that was planned before; what failed there fails here."""
        if not self.is_author(module):
            return None
        path = self.recorder.paths[id(module)]
        twin = self.twins.setdefault((structural_key(self, module), self.ways.way(path)), module)
        if twin is module or id(twin) not in self.of_module:
            return None
        self.twin_of[id(module)] = id(twin)
        if (failed := self.failures.get(self.recorder.paths[id(twin)])) is not None:
            self.failures.setdefault(path, failed)
        return self.of_module[id(twin)]

    def _planned(self, module: torch.nn.Module) -> Component:
        path = self.recorder.paths[id(module)]
        if self.ways.way(path) == "none":
            return self._whole(module, self.ways.reason(path))
        if not self.is_author(module):
            if changed_from_outside(module):
                raise Unsupported(f"hooks or computed weights change what {type(module).__name__} does")
            return self.kernels.layer(module)
        reason = self.kernel_reason(module)
        return self.author_kernel(module, reason) if reason else self.composite(module)

    def _placeholder(self, module: torch.nn.Module) -> Component:
        """Stands in a plan that will be made anew."""
        return Component(("failed", id(module)), f"failed_{len(self.failures)}_fp32", 0, "", set(), [], {}, None, [], ["failed"], [], [])

    def _whole(self, module: torch.nn.Module, reason: str) -> Component:
        """A module as it is: one opaque kernel, one level above kernels where it is more than one operation, or, where modules of the
        author's are called in it, its boundary and those."""
        uses = [u for u in self._authored_below(module, "") if u.component.uses]
        name, several = snake(author_kind(module).__name__), bool(uses) or not self.kernel_reason(module)
        if not several:
            name += "_" + "_".join(["x".join(str(d) for d in m.shape) for _, m, _ in tensors_of(module)][:1] + ["fp32"])
        component = self.base_component(module, ("whole", id(module)), name, int(several))
        component.uses, component.gap = uses, reason
        return component

    def kernel_reason(self, module: torch.nn.Module) -> str:
        """Why a module of the author's is one kernel; "" when it is to be taken apart."""
        call = self.recorder.calls[id(module)][0]
        events = counted(self.ops, all_events(call.inside))
        compute = [e for e in events if self.ops.kind(e.name) == "compute"]
        if len(compute) <= 1 and not (len(compute) == 1 and len(events) > MOST_OPERATIONS_OF_A_KERNEL):
            owns = bool(list(module.parameters()))
            if compute and not calls_of(call.inside) and extends_layer(type(module)):
                return "one operation with its arithmetic"
            if len(compute) == 1 and len(events) == 1:
                return "one operation"
            if not compute and (len(events) <= 1 or module is not self.recorder.model or not owns):
                return "moves data only" if not events else "arithmetic only"
            if not calls_of(call.inside) and not owns and not any(e.name in self.ops.contractions or e.name in self.ops.whole for e in compute):
                return "one operation with its arithmetic"
            return ""
        if calls_of(call.inside) or len(events) > MOST_OPERATIONS_OF_A_KERNEL:
            return ""
        names = {e.name for e in compute}
        if names & (self.ops.contractions | self.ops.whole):
            return ""
        if self.ops.one_composite(names):
            return "one composite operation"
        return "" if module is self.recorder.model else "one pointwise idea"

    # -- common parts --------------------------------------------------------------------------------------------------

    def call_inputs(self, module: torch.nn.Module) -> tuple[list, dict]:
        """(name, value) of what forward received first, positional ones, then keywords; all in the order of the call."""
        call = self.recorder.calls[id(module)][0]
        signature = inspect.signature(type(module).forward)
        names = [p.name for p in signature.parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][1:]
        variadic = next((p.name for p in signature.parameters.values() if p.kind is p.VAR_POSITIONAL), "x")
        inputs = [(names[i] if i < len(names) else f"{variadic}_{i - len(names)}", v) for i, v in enumerate(call.args)]
        keywords = dict(call.kwargs)
        for name in names[len(inputs):]:
            if name != next(iter(keywords), None):
                break
            inputs.append((name, keywords.pop(name)))
        return inputs, keywords

    def init_of(self, module: torch.nn.Module) -> tuple[list[str], list[str], dict[str, str]]:
        """Names and sources of its constructor values, and of those that are modules: they are built inside."""
        args, kwargs = self.recorder.constructed.get(id(module), ((), {}))
        signature = inspect.signature(author_kind(module).__init__)
        bound = signature.bind(module, *args, **kwargs)
        last = max([i for i, n in enumerate(signature.parameters) if n in bound.arguments], default=0)
        bound.apply_defaults()
        names, sources, inside = [], [], {}
        for i, (name, parameter) in enumerate(signature.parameters.items()):
            value = bound.arguments[name]
            if parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD):
                if value != {} and value is not parameter.default:
                    inside[name] = made_inside(self.recorder, value)
            elif i == 0 or i > last:
                continue
            elif parameter.kind is parameter.VAR_POSITIONAL and is_plain(value):
                for j, v in enumerate(value):
                    names.append(f"{name}_{j}")
                    sources.append(literal(v))
            elif is_plain(value):
                names.append(name)
                sources.append(literal(value))
            else:
                inside[name] = made_inside(self.recorder, value)
        return names, sources, inside

    def operations_of(self, module: torch.nn.Module) -> list[str]:
        events = counted(self.ops, all_events(self.recorder.calls[id(module)][0].inside))
        names = [word_of(e) for e in events]
        return names if len(names) <= MOST_OPERATIONS_LISTED else list(dict.fromkeys(names))

    def _authored_below(self, module: torch.nn.Module, prefix: str) -> list[Use]:
        """The author's modules that are called below, the outermost ones."""
        uses = []
        for name, child in module.named_children():
            if self.is_author(child) and self.called(child) and not self.is_container(child):
                pairs = [(f"{prefix}{name}.{k}", k) for k, _, _ in tensors_of(child)]
                uses.append(Use(prefix + name, self.component(child), child, pairs))
            elif not self.called(child) or self.is_container(child):
                uses += self._authored_below(child, f"{prefix}{name}.")
        return uses

    def base_component(self, module: torch.nn.Module, key: tuple, name: str, level: int) -> Component:
        kind = author_kind(module)
        inputs, keywords = self.call_inputs(module)
        names, sources, inside = self.init_of(module)
        body, reached = self.class_source(kind, "Model", inside)
        for source in sources + [literal(v.value) for _, v in inputs if isinstance(v, Opaque)]:
            reached |= names_read(ast.parse(source))
        imports = {line for line in imports_for(self.text, reached) if line}
        component = Component(key, name, level, body, imports, inputs, keywords, self.recorder.calls[id(module)][0].output, tensors_of(module),
                              self.operations_of(module), names, sources)
        component.kind_name = kind.__name__
        component.module = module
        return component

    def class_source(self, kind: type, new_name: str, inside: dict[str, str] = {}) -> tuple[str, set[str]]:
        """The class under its new name behind all that it needs; names that it reads."""
        definition = self.text.defined.get(kind.__name__)
        if not isinstance(definition, ast.ClassDef):
            raise Unsupported(f"{kind.__name__} is not defined at the top of the file")
        statements = [s for s in needed(self.text, names_read(definition) - {kind.__name__}) if s is not definition]
        parts = [renamed(self.text, s, {kind.__name__: new_name}) for s in statements]
        reached = set().union(*[names_read(s) for s in statements], names_read(definition))
        for source in inside.values():
            extra = [s for s in needed(self.text, names_read(ast.parse(source))) if s not in statements and s is not definition]
            parts += [renamed(self.text, s, {kind.__name__: new_name}) for s in extra]
            statements += extra
            reached |= names_read(ast.parse(source)).union(*[names_read(s) for s in extra])
        parts.append(renamed(self.text, definition, {kind.__name__: new_name}, inside, inherited_init(kind, inside)))
        joined = ""
        for statement, part in zip(statements + [definition], parts):
            block = isinstance(statement, (ast.ClassDef, ast.FunctionDef))
            joined += ("\n\n\n" if block and joined else "\n" if joined else "") + part.strip("\n")
        return joined, reached

    # -- the author's modules ------------------------------------------------------------------------------------------

    def author_kernel(self, module: torch.nn.Module, reason: str) -> Component:
        call = self.recorder.calls[id(module)][0]
        events = counted(self.ops, all_events(call.inside))
        weights = tensors_of(module)
        kind = type(module)
        inputs, outputs = metas([call.args, call.kwargs]), metas(call.output)
        contracts = any(e.name in self.ops.contractions for e in events)
        word = snake(kind.__name__) if kind is not type(self.recorder.model) else self.root_word(events)
        stem_of = lambda: self.kernels.stem(word, all_events(call.inside), weights, call)
        names, sources, inside = self.init_of(module)
        if len(events) == 1 and len(inputs) == 1 and not weights:
            word = word_of(events[0])
        whole = all_events(call.inside)
        plain = len(whole) == len(events) == len(inputs) == 1 and not weights and not inside and module is not self.recorder.model and \
            isinstance(call.output, Meta) and [m.value for m in whole[0].results] == [call.output.value] and \
            [m.value for m in metas(list(whole[0].arguments.values()))] == [inputs[0].value]
        if not whole and not weights and not inside and isinstance(call.output, Meta) and [m.value for m in inputs] == [call.output.value]:
            plain, events = True, [Event("dropout", False, {}, [])]  # in eval mode it hands on what it gets, as dropout does
        # One operation and nothing else is the same kernel as where an expression or a layer of torch runs it.
        key = ("one", identity_of(self.ops, events, [], inputs, outputs, contracts)) if plain else \
            ("author", kind.__name__, tuple(sources), tuple(inside.items()), tuple(m.dtype for m in inputs), tuple(m.sizes for m in inputs) if contracts and not weights else ())

        def make() -> Component:
            component = self.base_component(module, key, stem_of(), 0)
            component.notes.append(reason)
            return component

        if key not in self.kernels.known:
            self.kernels.known[key] = make()
        return self.kernels.known[key]

    def root_word(self, events: list) -> str:
        names = {e.name for e in events if self.ops.kind(e.name) == "compute"}
        if len(names) == 1:
            return word_of(next(e for e in events if e.name in names))
        words = self.model_name.split("_")
        return "_".join(w for w in words if not w.isdigit()).lower() or "kernel"

    def composite(self, module: torch.nn.Module) -> Component:
        parts = self.parts(module, "")
        if not any(m.name == "forward" for m in parts[0].expressions.methods):
            raise Unsupported(f"the forward of {author_kind(module).__name__} is not in this file")
        uses = self.child_uses(module, "")
        reserved = set(vars(module)) | {n for n, _ in module.named_children()} | set(dir(torch.nn.Module))
        reserved |= {part.own_name(m.name) for part in parts for m in part.expressions.methods} | {u.path.split(".")[0] for u in uses}
        by_component: dict[int, str] = {}
        attributes: dict[int, str] = {}
        site_uses: list[Use] = []
        made = [(part, site, self.kernels.expression(part.expressions, site)) for part in parts
                for site in sorted(part.expressions.sites.values(), key=lambda s: (self.text.end(s.node), -self.text.start(s.node)))]
        plan = self.grouping(module, parts, uses, {id(site): component for _, site, component in made}, reserved)
        uses = plan.uses
        words: dict[str, set] = {}
        for _, site, component in made:
            if id(site) not in plan.absorbed:
                words.setdefault(word_for(component), set()).add(id(component))
        for _, site, component in made:
            if id(site) in plan.absorbed:
                continue
            if id(component) in by_component and not site.owned:
                attributes[id(site)] = by_component[id(component)]
                continue
            word = word_for(component)
            candidates = [word] if len(words[word]) == 1 else []
            candidates += [f"{word}_{site.target}"] if site.target else []
            candidates += [f"{word}_{i}" for i in range(len(made) + 9)]
            attribute = next(c for c in candidates if c not in reserved)
            reserved.add(attribute)
            by_component.setdefault(id(component), attribute)
            attributes[id(site)] = attribute
            pairs = [(self.kernels._local_key(module, key), own) for (own, _, _), key in zip(component.weights, site.owned.values())]
            site_uses.append(Use(attribute, component, None, pairs))
        values = self.site_values[id(module)] = {}
        ran = {id(e): i for i, e in enumerate(all_events(self.recorder.calls[id(module)][0].inside))}
        for _, site, _ in sorted(made, key=lambda m: min((ran.get(id(e), len(ran)) for e in all_events(m[1].events)), default=len(ran))):
            if id(site) in attributes:
                values.setdefault(attributes[id(site)], ([v for _, _, v in site.params], site.output))
        values.update(plan.values)
        all_uses = uses + site_uses
        # A kernel that several expressions call is the same part of the child each time, its events in order; what lies in a fusion runs once.
        of_event = {id(e): (attributes[id(site)], i) if id(site) in attributes else (plan.sites[id(site)], id(e))
                    for _, site, _ in made for i, e in enumerate(all_events(site.events))} | {call: (path, call) for call, path in plan.calls.items()}
        of_module = {id(module.get_submodule(u.original or u.path)): u.path for u in uses if u.module is not None} | plan.modules
        self.flows[id(module)] = child_flow(self, module, of_event, of_module)
        if not all_uses:
            raise Unsupported("it calls nothing that could be a child")
        names, sources, inside = self.init_of(module)
        key = ("composite", self.ways.way(self.recorder.paths[id(module)]), type(module).__name__, tuple(sources), tuple(inside.items()),
               tuple((u.path, u.component.key) for u in all_uses),
               tuple(sorted((part.path, self.text.start(s.node), attributes.get(id(s), "")) for part in parts for s in part.expressions.sites.values())))
        known = self.known.get(key)
        if known is None:
            height = 1 + max((u.component.level for u in all_uses), default=0)
            component = self.base_component(module, key, snake(author_kind(module).__name__), height)
            component.uses = all_uses
            component.parts = parts
            component.attributes = attributes
            component.grouping = plan
            component.inside = inside
            component.way = self.ways.way(self.recorder.paths[id(module)])
            component.notes += [f"{type(p.module).__name__} at {p.path} is opened here: four levels must do" for p in parts[1:]]
            self.known[key] = known = component
        return known

    # -- fusions -------------------------------------------------------------------------------------------------------

    def wants_fusions(self, module: torch.nn.Module, parts: list, uses: list[Use]) -> bool:
        """More kernels than a fusion holds, or kernels beside components that hold some; attention is one thing."""
        if not self.fusions or type(module) in self.ungrouped:
            return False
        if any(u.component.uses for u in uses):
            return True
        events = counted(self.ops, all_events(self.recorder.calls[id(module)][0].inside))
        return counted_calls(self, module, parts[0].expressions) > LONGEST_RUN and not is_attention(events)

    def grouping(self, module: torch.nn.Module, parts: list, uses: list[Use], kernels: dict[int, Component], reserved: set[str]) -> "Grouping":
        """The parent's children with fusions in the place of runs of kernels. `kernels`: by site."""
        plan = Grouping(list(uses))
        if not self.wants_fusions(module, parts, uses):
            return plan
        expressions = parts[0].expressions
        for run in MethodRuns(self, expressions, kernels).find():
            fusion = self.fusion(module, run)
            if fusion is None:
                continue
            lead = run.lead
            attribute = free_name("_".join(([lead.path.split(".")[-1]] if lead.module is not None else fusion.words[:1]) + fusion.words[1:]), reserved)
            reserved.add(attribute)
            own = lead.module is None or "." in lead.path
            plan.add(run, Use(attribute, fusion.component, None, fusion.pairs(), "" if own else lead.path, None if own else lead.module))
            plan.method_runs.append((run, attribute))
        taken = {id(i.node) for run, _ in plan.method_runs for i in run.items}
        for run, _ in plan.method_runs:
            for item in run.items:
                if item.module is not None and all(id(n) in taken for m in expressions.methods for n in ast.walk(m)
                                                   if isinstance(n, ast.Call) and expressions.callee(n) is item.module):
                    plan.gone.add(item.path)
        self.group_containers(module, module, "", "", plan)
        plan.uses = [u for u in plan.uses if u.module is None or (u.original or u.path) not in plan.gone]
        return plan

    def group_containers(self, owner: torch.nn.Module, at: torch.nn.Module, prefix: str, place: str, plan: "Grouping") -> None:
        """`place`: what the refactored parent calls `prefix`, where that is another path."""
        for name, child in at.named_children():
            path = f"{prefix}.{name}" if prefix else name
            shown = place if self.stands_for(at) else f"{place}.{name}" if place else name
            if self.is_container(child) and id(child) not in self.inlined_modules:
                self.group_container(owner, child, path, shown, plan)
                self.group_containers(owner, child, path, shown, plan)

    def stands_for(self, module: torch.nn.Module) -> bool:
        """Is it an nn.Sequential of nothing but another container? That one is in its place."""
        return id(module) in self.straight and len(module._modules) == 1 and self.is_container(next(module.children()))

    def group_container(self, owner: torch.nn.Module, container: torch.nn.Module, path: str, place: str, plan: "Grouping") -> None:
        found = [(run, fusion) for run in sequential_runs(self, owner, path, container) for fusion in [self.fusion(owner, run)] if fusion is not None]
        if not found:
            return
        first = {run.lead.path: (run, fusion) for run, fusion in found}
        members = {i.path for run, _ in found for i in run.items}
        kept = [f"{path}.{n}" for n, _ in container.named_children() if f"{path}.{n}" in first or f"{path}.{n}" not in members]
        numbered = all(n.isdigit() for n, _ in container.named_children())
        places: list[str] = []
        for number, old in enumerate(kept):
            new = place if len(kept) == 1 else f"{place}.{number}" if numbered else place + old[len(path) :]
            places.append(new)
            if old in first:
                run, fusion = first[old]
                plan.add(run, Use(new, fusion.component, None, fusion.pairs(), old, run.lead.module))
            else:
                for use in plan.uses:
                    own = use.original or use.path
                    if use.module is not None and (own == old or own.startswith(old + ".")):
                        use.original, use.path = own, new + use.path[len(place + old[len(path) :]) :]
        plan.gone |= members
        plan.layouts[path] = [(old, new) for old, new in zip(kept, places)]

    def fusion(self, owner: torch.nn.Module, run: Run) -> Fusion | None:
        try:
            made = Fusion(self, owner, run)
            known = self.known_fusions.get(made.key)
            if known is None:
                made.plan()
                known = self.known_fusions[made.key] = made
            else:
                known.seen_again(made)
                made.component = known.component
            self.fusion_owners.setdefault(id(made.component), []).append(self.recorder.paths[id(owner)])
            return made
        except Unsupported:
            return None

    def parts(self, module: torch.nn.Module, path: str) -> list["Part"]:
        """The module, and those below it that are opened in it."""
        found = [Part(module, path, Expressions(self.recorder, module))]
        for name, child in self.held_by(module):
            if id(child) in self.inlined_modules and self.called(child):
                found += self.parts(child, f"{path}.{name}" if path else name)
        return found

    def child_uses(self, module: torch.nn.Module, prefix: str, place: str = "") -> list[Use]:
        """The called modules below, containers opened, in the order of their definition. `place`: as of group_containers."""
        uses = []
        for own, child in module.named_children():
            name = child_name(module, own)
            path = f"{prefix}.{name}" if prefix else name
            shown = place if self.stands_for(module) else f"{place}.{name}" if place else name
            if self.called(child) and not self.is_container(child):
                component = self.component(child)
                inner = getattr(component, "inner", "")
                at = f"{prefix}.{own}" if prefix else own
                pairs = [(f"{at}.{k}", f"{inner}.{k}" if inner else k) for k, _, _ in tensors_of(child)]
                uses.append(Use(shown, component, child, pairs, path if shown != path else ""))
            elif self.is_container(child):
                uses += self.child_uses(child, path, shown)
        return uses


class Grouping:
    """What fusions make of a parent's children."""

    def __init__(self, uses: list[Use]) -> None:
        self.uses = uses
        self.method_runs: list[tuple[Run, str]] = []  # with the attribute that holds the fusion
        self.absorbed: set[int] = set()  # sites that lie in fusions
        self.sites: dict[int, str] = {}  # the path of that fusion
        self.calls: dict[int, str] = {}  # the same of calls of modules,
        self.modules: dict[int, str] = {}  # and of modules that are always called there
        self.gone: set[str] = set()  # paths of modules that lie in fusions
        self.values: dict[str, tuple] = {}
        self.layouts: dict[str, list] = {}  # path of a container -> (path of a member in the original, here) of what it still holds

    def add(self, run: Run, use: Use) -> None:
        place = next((i for i, u in enumerate(self.uses) if u.module is not None and u.module is run.lead.module), len(self.uses))
        self.uses.insert(place, use)
        self.absorbed |= {id(i.site) for i in run.items if i.site is not None}
        self.sites |= {id(i.site): use.path for i in run.items if i.site is not None}
        self.calls |= {id(c): use.path for i in run.items for c in i.calls}
        self.modules |= {id(i.module): use.path for i in run.items if i.module is not None and not i.calls}
        self.values[use.path] = (run.lead.inputs, run.items[-1].output)
        use.members = tuple(i.path for i in run.items)


def extends_layer(kind: type) -> bool:
    """Is it a class of the author's that changes the forward of one of torch's layers?"""
    base = next((k for k in kind.__mro__ if k.__module__.startswith("torch.nn.modules")), torch.nn.Module)
    return base is not torch.nn.Module and base not in CONTAINERS


def free_name(name: str, taken: set[str]) -> str:
    return next(n for n in [name, *(f"{name}{i}" for i in range(2, 999))] if n not in taken)


@dataclass(eq=False)
class Part:
    """One author's module whose methods a refactored parent holds: itself, or one that is opened in it."""

    module: torch.nn.Module
    path: str  # below the parent
    expressions: Expressions

    @property
    def place(self) -> str:
        """What the parent's source calls it."""
        return "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in ["self", *self.path.split(".")] if p)[1:]

    def own_name(self, method: str) -> str:
        """What its method is called in the parent."""
        return "_".join([*map(snake, self.path.split(".")), method.lstrip("_")]) if self.path else method


def word_for(component: Component) -> str:
    return getattr(component, "word", "") or component.operations[0]


def build_inside(text, edits: Edits, init: ast.FunctionDef, inside: dict[str, str]) -> None:
    """Parameters of __init__ that are modules become local variables."""
    arguments = ast.parse(f"def f({ast.unparse(init.args)}): pass").body[0].args
    plain = arguments.posonlyargs + arguments.args
    defaults = dict(zip([a.arg for a in plain][len(plain) - len(arguments.defaults):], arguments.defaults))
    arguments.args = [a for a in arguments.args if a.arg not in inside]
    arguments.defaults = [defaults[a.arg] for a in arguments.args if a.arg in defaults]
    pairs = [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults) if a.arg not in inside]
    arguments.kwonlyargs, arguments.kw_defaults = [a for a, _ in pairs], [d for _, d in pairs]
    arguments.vararg = None if arguments.vararg and arguments.vararg.arg in inside else arguments.vararg
    arguments.kwarg = None if arguments.kwarg and arguments.kwarg.arg in inside else arguments.kwarg
    first = init.body[1] if isinstance(init.body[0], ast.Expr) and isinstance(init.body[0].value, ast.Constant) and len(init.body) > 1 else init.body[0]
    begin = text.start(init)
    doc = "" if first is init.body[0] else "\n        " + text.of(init.body[0])
    lines = "".join(f"        {name} = {source}\n" for name, source in inside.items())
    edits.replace(begin, text.start(first), f"def __init__({ast.unparse(arguments)}):{doc}\n{lines}        ")


def inherited_init(kind: type, inside: dict[str, str]) -> str:
    """An __init__ for a class that inherits its own and gets values that are made inside."""
    heads, given = ["self"], []
    for p in list(inspect.signature(kind.__init__).parameters.values())[1:]:
        star = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**", p.KEYWORD_ONLY: p.name + "="}.get(p.kind, "")
        if p.name in inside:
            given.append(star + p.name)
        elif not star and p.default is p.empty:
            heads.append(p.name)
            given.append(p.name)
    lines = [f"    def __init__({', '.join(heads)}):"] + [f"        {name} = {source}" for name, source in inside.items()]
    return "\n".join(lines + [f"        super().__init__({', '.join(given)})", "", ""])


def renamed(text, statement: ast.stmt, names: dict[str, str], inside: dict[str, str] = {}, inherited: str = "") -> str:
    """A definition with names of the module replaced."""
    edits = Edits(text)
    if inside and isinstance(statement, ast.ClassDef):
        init = next((s for s in statement.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"), None)
        if init is None:
            first = text.statement_start(statement.body[0])
            edits.replace(first, first, inherited)
        else:
            build_inside(text, edits, init, inside)
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and node.id in names:
            edits.replace_node(node, names[node.id])
    if isinstance(statement, ast.ClassDef) and statement.name in names:
        at = text.data.index(statement.name.encode(), text.starts[statement.lineno - 1])
        edits.replace(at, at + len(statement.name.encode()), names[statement.name])
    return text.statement(statement, edits)
