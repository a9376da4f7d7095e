"""Straight-line runs of kernels in a parent: each takes nothing but what the one before it made, and nothing else reads that."""

import ast
from dataclasses import dataclass, field

import torch

from decompose.component import Component
from decompose.expressions import Expressions, Site
from decompose.names import word_of
from decompose.recorder import Event, Meta, all_events, metas
from decompose.text import snake

LONGEST_RUN = 5
# What a run begins with; the next one of them begins another run.
LEADS = {"linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "matmul", "mm", "bmm", "mv",
         "addmm", "baddbmm", "einsum", "bilinear", "scaled_dot_product_attention"}
IDENTITIES = {"dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"}


@dataclass(eq=False)
class Item:
    """One kernel of a run, as its parent calls it."""

    component: Component
    events: list
    inputs: list  # described values
    output: Meta
    node: ast.AST | None = None  # the call or expression; None in an nn.Sequential
    operands: list = field(default_factory=list)  # nodes
    module: torch.nn.Module | None = None
    path: str = ""  # of the module, below the parent
    site: Site | None = None
    calls: list = field(default_factory=list)  # the module's call that was recorded here

    @property
    def leads(self) -> bool:
        return any(e.name in LEADS for e in self.events)

    @property
    def identity(self) -> bool:
        return all(e.name in IDENTITIES for e in self.events)

    @property
    def weighs(self) -> bool:
        """Has it tensors of its own?"""
        return bool(self.component.weights)


@dataclass(eq=False)
class Run:
    items: list[Item]
    method: ast.FunctionDef | None = None
    statements: list = field(default_factory=list)  # those that the last item's one takes over
    path: str = ""  # of the fusion below the parent; "": an attribute of its own

    @property
    def lead(self) -> Item:
        return self.items[0]


def cut(chain: list[Item]) -> list[list[Item]]:
    """The runs of a chain: each from a leading kernel to before the next one, of 2 to LONGEST_RUN kernels that do something."""
    found: list[list[Item]] = []
    open_run: list[Item] = []
    for item in chain:
        if item.leads:
            found.append(open_run)
            open_run = [item]
        elif open_run and len(open_run) < LONGEST_RUN:
            open_run.append(item)
        elif open_run:
            found.append(open_run)
            open_run = []
    return [run for run in found + [open_run] if sum(not i.identity for i in run) > 1]


class MethodRuns:
    """Runs in the statements of a parent's own methods."""

    def __init__(self, planner, expressions: Expressions, kernel_of_site: dict[int, Component]) -> None:
        self.planner = planner
        self.recorder = planner.recorder
        self.text = planner.text
        self.expressions = expressions
        self.owner = expressions.owner
        self.kernel_of_site = kernel_of_site  # by id of the site
        self.items: dict[int, Item] = {}  # by id of the node

    def find(self) -> list[Run]:
        runs = []
        for method in self.expressions.methods:
            items = [i for n in ast.walk(method) for i in [self._item(n)] if i is not None and i.events]
            items.sort(key=lambda i: (self.text.end(i.node), -self.text.start(i.node)))
            self.items = {id(i.node): i for i in items}
            after: dict[int, tuple] = {}  # id of an item -> (the item that takes its result, statement that goes)
            for item in items:
                before = self._before(item, method)
                if before is not None:
                    after[id(before[0])] = (item, before[1])
            heads = [i for i in items if not any(following is i for following, _ in after.values())]
            for head in heads:
                chain = [head]
                while id(chain[-1]) in after:
                    chain.append(after[id(chain[-1])][0])
                for run in cut(chain):
                    gone = [after[id(i)][1] for i in run[:-1] if after[id(i)][1] is not None]
                    runs.append(Run(run, method, gone))
        return runs

    def _item(self, node: ast.AST) -> Item | None:
        """The kernel that a node is a call of."""
        seen = self.expressions.seen(node)
        site = self.expressions.sites.get(id(node))
        if site is not None:
            if not isinstance(site.output, Meta) or any(not isinstance(v, Meta) for _, _, v in site.params) or not site.params:
                return None
            order = sorted(site.params, key=lambda p: self.text.start(p[1]))
            return Item(self.kernel_of_site[id(site)], all_events(site.events), [v for _, _, v in order], site.output, node,
                        [n for _, n, _ in order], site=site)
        if not isinstance(node, ast.Call) or seen is None or not isinstance(seen.value, Meta) or seen.varies:
            return None
        if self.expressions.call_kind(node) != "module" or len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            return None
        module, path = self.expressions.callee(node), fixed_path(node.func)
        given = self.expressions.seen(node.args[0])
        if path is None or not self.planner.called(module) or given is None or not isinstance(given.value, Meta):
            return None
        component = self.planner.leaf(module)
        if component is None or component.keywords or self.planner.path_below(module, self.owner) != path:
            return None
        if component.weights and sum(len(self.recorder.calls[id(m)]) for m in [module]) != seen.count:
            return None  # called somewhere else as well
        call = self.recorder.calls[id(module)][0]
        return Item(component, all_events(call.inside), [given.value], seen.value, node, [node.args[0]], module, path,
                    calls=[e for e in seen.events if not isinstance(e, Event)])

    def _before(self, item: Item, method: ast.FunctionDef) -> tuple[Item, ast.stmt | None] | None:
        """The item whose result this one takes, and the statement that held it alone."""
        if len(item.operands) != 1:
            return None
        operand = item.operands[0]
        if id(operand) in self.items:
            return self.items[id(operand)], None
        if not isinstance(operand, ast.Name):
            return None
        statement = self._statement(item.node)
        block = self._block(statement)
        place = block.index(statement) if statement in block else 0
        if place == 0:
            return None
        above = block[place - 1]
        made = above if isinstance(above, ast.AugAssign) else above.value if isinstance(above, ast.Assign) else None
        target = above.target if isinstance(above, ast.AugAssign) else above.targets[0] if isinstance(above, ast.Assign) and len(above.targets) == 1 else None
        if id(made) not in self.items or not isinstance(target, ast.Name) or target.id != operand.id:
            return None
        if not self._only_reader(item, operand, statement, method) or not self._alone_on_lines(above):
            return None
        return self.items[id(made)], above

    def _only_reader(self, item: Item, operand: ast.Name, statement: ast.stmt, method: ast.FunctionDef) -> bool:
        """Is `operand` the one place that reads its variable, and does nothing else in the statement compute before it?"""
        name = operand.id
        loads = [n for n in ast.walk(statement) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)]
        if isinstance(statement, ast.AugAssign) and statement is not item.node:
            return False
        if any(n is not operand for n in loads):
            return False
        around = set()
        node = item.node
        while node is not statement:
            around.add(id(node))
            node = self.text.parent[id(node)]
        inside = {id(n) for n in ast.walk(item.node)}
        for n in ast.walk(statement):
            if isinstance(n, (ast.Call, ast.Yield, ast.Await, ast.NamedExpr)) and id(n) not in inside and id(n) not in around and \
                    self.text.start(n) < self.text.start(item.node):
                return False
        if isinstance(statement, (ast.For, ast.While, ast.If, ast.With, ast.Try)):
            return False
        binds = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target if isinstance(statement, ast.AugAssign) else None
        if isinstance(binds, ast.Name) and binds.id == name or isinstance(statement, ast.Return):
            return True
        node = statement
        while node is not method:
            node = self.text.parent[id(node)]
            if isinstance(node, (ast.For, ast.While)):
                return False
        end = self.text.end(statement)
        return not any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) and self.text.start(n) >= end for n in ast.walk(method))

    def _statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.text.parent[id(node)]
        return node

    def _block(self, statement: ast.stmt) -> list[ast.stmt]:
        parent = self.text.parent[id(statement)]
        return next((b for b in (getattr(parent, "body", []), getattr(parent, "orelse", [])) if isinstance(b, list) and statement in b), [])

    def _alone_on_lines(self, statement: ast.stmt) -> bool:
        begin, end = self.text.starts[statement.lineno - 1], self.text.end(statement)
        line_end = self.text.data.find(b"\n", end)
        rest = self.text.data[end : line_end if line_end >= 0 else len(self.text.data)].strip()
        return not self.text.data[begin : self.text.start(statement)].strip() and (not rest or rest.startswith(b"#"))


def fixed_path(function: ast.AST) -> str | None:
    """"a.b.0" of `self.a.b[0]`; None for what is chosen while it runs."""
    if isinstance(function, ast.Attribute):
        if isinstance(function.value, ast.Name) and function.value.id == "self":
            return function.attr
        above = fixed_path(function.value)
        return f"{above}.{function.attr}" if above else None
    if isinstance(function, ast.Subscript) and isinstance(function.slice, ast.Constant) and type(function.slice.value) in (int, str):
        above = fixed_path(function.value)
        return f"{above}.{function.slice.value}" if above else None
    return None


def sequential_runs(planner, owner: torch.nn.Module, path: str, container: torch.nn.Sequential) -> list[Run]:
    """Runs among the members of an nn.Sequential that is called as a whole only."""
    sequence = type(container) is torch.nn.Sequential and planner.called(container) or id(container) in planner.straight
    if not sequence or not whole_only(planner, owner, path):
        return []
    times = planner.straight.get(id(container)) or len(planner.recorder.calls[id(container)])
    chains: list[list[Item]] = [[]]
    for name, member in container.named_children():
        component = planner.leaf(member) if planner.called(member) else None
        calls = planner.recorder.calls.get(id(member), [])
        plain = component is not None and not component.keywords and calls and len(calls[0].args) == 1 and not calls[0].kwargs and \
            all_events(calls[0].inside) and isinstance(calls[0].output, Meta) and isinstance(calls[0].args[0], Meta) and (not component.weights or len(calls) == times)
        if not plain:
            chains.append([])
            continue
        chains[-1].append(Item(component, all_events(calls[0].inside), [calls[0].args[0]], calls[0].output, module=member, path=f"{path}.{name}"))
    return [Run(items) for chain in chains for items in cut(chain)]


def whole_only(planner, owner: torch.nn.Module, path: str) -> bool:
    """Do the owner's methods only call what lies at `path`, or a container around it?"""
    first = path.split(".")[0]
    text = planner.text
    for kind in type(owner).__mro__:
        definition = text.defined.get(kind.__name__) if kind.__module__ == "decomp_judged" else None
        for method in definition.body if isinstance(definition, ast.ClassDef) else []:
            if not isinstance(method, ast.FunctionDef) or method.name == "__init__":
                continue
            for node in ast.walk(method):
                if isinstance(node, ast.Attribute) and node.attr == first and isinstance(node.value, ast.Name) and node.value.id == "self":
                    parent = text.parent[id(node)]
                    called = isinstance(parent, ast.Call) and parent.func is node
                    tested = isinstance(parent, (ast.Compare, ast.BoolOp)) or isinstance(parent, (ast.If, ast.IfExp)) and parent.test is node
                    iterated = isinstance(parent, ast.For) and parent.iter is node and path != first
                    if isinstance(node.ctx, ast.Load) and not called and not iterated and not tested and path == first:
                        return False
    return True


def counted_calls(planner, owner: torch.nn.Module, expressions: Expressions) -> int:
    """Places where the owner's methods and its containers call kernels."""
    total = len(expressions.sites)
    for method in expressions.methods:
        total += sum(isinstance(n, ast.Call) and expressions.call_kind(n) == "module" and planner.leaf(expressions.callee(n)) is not None
                     for n in ast.walk(method) if expressions.seen(n) is not None)
    for path, child in owner.named_modules():
        parent = owner.get_submodule(path.rpartition(".")[0])
        if path and type(parent) is torch.nn.Sequential and planner.called(child) and planner.leaf(child) is not None:
            total += 1
    return total


def is_attention(events: list) -> bool:
    """A softmax, or an activation in its place, between two products of activations."""
    products = [i for i, e in enumerate(events) if e.name in ("matmul", "bmm", "einsum", "baddbmm") and not any(m.owned is not None for m in metas(list(e.arguments.values())))]
    if any(e.name == "scaled_dot_product_attention" for e in events):
        return True
    return len(products) == 2 and any("softmax" in e.name or e.name in ("relu", "sigmoid") for e in events[products[0] : products[1]])


def words_of(item: Item) -> str:
    """The field's short word for a kernel inside a fusion's name: conv, bn, relu, max_pool."""
    own = getattr(item.component, "kind_name", "") or (type(item.module).__name__ if item.module is not None else "")
    word = item.site.word if item.site is not None else snake(own)
    word = word or getattr(item.component, "word", "") or (word_of(item.events[0]) if len(item.events) == 1 else item.component.operations[0])
    for long, short in (("batch_norm", "bn"), ("conv_transpose", "conv_transpose"), ("conv", "conv"), ("adaptive_avg_pool", "avg_pool"),
                        ("adaptive_max_pool", "max_pool"), ("max_pool", "max_pool"), ("avg_pool", "avg_pool"), ("instance_norm", "instance_norm")):
        if word.startswith(long) and word[len(long) :] in ("", "1d", "2d", "3d"):
            return short
    return word
