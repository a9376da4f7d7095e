"""Source text by position: edits that leave everything else, comments included, as the author wrote it."""

import ast
import textwrap


class Unsupported(Exception):
    """A construct that this way of rewriting cannot express; its text is the reason that is logged."""


class Text:
    """A file's text, its tree, and what its top level defines. Offsets are those of UTF-8 bytes, as the tree's columns are."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.data = self.text.encode()
        self.tree = ast.parse(self.text)
        self.starts = [0]
        for line in self.data.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.nodes: list[ast.AST] = list(ast.walk(self.tree))
        self.number = {id(node): index for index, node in enumerate(self.nodes)}
        self.parent: dict[int, ast.AST] = {}
        for node in self.nodes:
            for child in ast.iter_child_nodes(node):
                self.parent[id(child)] = node
        self.defined: dict[str, ast.stmt] = {}
        for statement in self.tree.body:
            for name in top_level_names(statement):
                self.defined[name] = statement

    def start(self, node: ast.AST) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.AST) -> int:
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.AST) -> str:
        return self.data[self.start(node) : self.end(node)].decode()

    def statement_start(self, node: ast.stmt) -> int:
        """Of a statement with its decorators, from the beginning of its line."""
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno] + [d.lineno for d in decorators])
        return self.starts[first - 1]

    def statement(self, node: ast.stmt, edits: "Edits | None" = None) -> str:
        """The whole lines of a statement, the comments above it included, dedented."""
        begin, end = self.statement_start(node), self.end(node)
        line = self.data.find(b"\n", end)
        rest = self.data[end : line if line >= 0 else len(self.data)]
        if rest.strip().startswith(b"#"):
            end += len(rest)
        first = self.starts.index(begin)
        while first > 0:
            above = self.data[self.starts[first - 1] : self.starts[first] - 1]
            indent = len(above) - len(above.lstrip())
            if not above.strip().startswith(b"#") or indent != node.col_offset:
                break
            first -= 1
        begin = self.starts[first]
        return textwrap.dedent(edits.applied(begin, end) if edits else self.data[begin:end].decode())


class Edits:
    """Replacements of byte ranges that do not overlap."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.changes: list[tuple[int, int, str, tuple]] = []

    def replace(self, begin: int, end: int, new: str, around: ast.AST | None = None) -> None:
        """`around`: the node that an insertion opens or closes. At one place the innermost end comes first, then what begins there, the
        outermost first."""
        if begin < end or around is None:
            rank = (begin, 1 if begin == end else 2, 0 if begin == end else -end)
        elif begin == self.text.end(around):
            rank = (begin, 0, -self.text.start(around))
        else:
            rank = (begin, 1, -self.text.end(around))
        self.changes.append((begin, end, new, rank))

    def replace_node(self, node: ast.AST, new: str) -> None:
        self.replace(self.text.start(node), self.text.end(node), new)

    def forget_inside(self, node: ast.AST) -> None:
        """Drops the changes that lie in a node, but not what opens or closes one around it."""
        begin, end = self.text.start(node), self.text.end(node)

        def inside(first: int, last: int, rank: tuple) -> bool:
            outer = first == last and (rank[1] == 1 and first == begin and -rank[2] > end or rank[1] == 0 and first == end and -rank[2] < begin)
            return begin <= first and last <= end and not outer

        self.changes = [c for c in self.changes if not inside(c[0], c[1], c[3])]

    def applied(self, begin: int, end: int) -> str:
        """The text of a range after the changes inside of it; of two that overlap the larger one counts."""
        result, at = [], begin
        inside = [c for c in self.changes if begin <= c[0] and c[1] <= end]
        for first, last, new, _ in sorted(inside, key=lambda c: c[3]):
            if first < at:
                continue
            result.append(self.text.data[at:first].decode())
            result.append(new)
            at = last
        result.append(self.text.data[at:end].decode())
        return "".join(result)

    def node(self, node: ast.AST) -> str:
        return self.applied(self.text.start(node), self.text.end(node))


def top_level_names(statement: ast.stmt) -> list[str]:
    """What a statement of the module binds."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in statement.names]
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
    if isinstance(statement, (ast.If, ast.Try, ast.With, ast.For)):
        return [name for inner in ast.iter_child_nodes(statement) if isinstance(inner, ast.stmt) for name in top_level_names(inner)]
    return []


def names_read(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def names_in(source: str) -> set[str]:
    return names_read(ast.parse(textwrap.dedent(source)))


def needed(text: Text, roots: set[str]) -> list[ast.stmt]:
    """The statements of the module that `roots` reach, imports left out, in the order of the file."""
    found: set[int] = set()
    open_names = list(roots)
    while open_names:
        statement = text.defined.get(open_names.pop())
        if statement is None or id(statement) in found:
            continue
        found.add(id(statement))
        open_names.extend(names_read(statement))
    return [s for s in text.tree.body if id(s) in found and not isinstance(s, (ast.Import, ast.ImportFrom))]


def imports_for(text: Text, names: set[str]) -> list[str]:
    """Import statements that bind `names`: the author's, one name a line; torch and torch.nn by their usual names."""
    usual = {"torch": "import torch", "nn": "import torch.nn as nn", "F": "import torch.nn.functional as F",
             "functools": "import functools", "math": "import math"}
    found: set[str] = set()
    for statement in text.tree.body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                bound = (alias.asname or alias.name).split(".")[0]
                if bound in names:
                    found.add(f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else ""))
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if (alias.asname or alias.name) in names:
                    found.add(f"from {statement.module} import {alias.name}" + (f" as {alias.asname}" if alias.asname else ""))
    bound = {line.split()[-1].split(".")[0] for line in found} | {line.split()[-1] for line in found}
    for name, line in usual.items():
        if name in names and name not in bound:
            found.add(line)
    return sorted_imports(found)


def sorted_imports(lines: set[str]) -> list[str]:
    """The standard library first, then torch, a blank line between them; what comes from one module in one line."""
    names: dict[str, set[str]] = {}
    for line in [line for line in lines if line.startswith("from ")]:
        head, _, given = line.partition(" import ")
        names.setdefault(head, set()).update(given.split(", "))
    lines = {line for line in lines if line and not line.startswith("from ")} | {f"{head} import {', '.join(sorted(given))}" for head, given in names.items()}
    standard = sorted((line for line in lines if line.split()[1].split(".")[0] != "torch"), key=import_key)
    torch = sorted((line for line in lines if line.split()[1].split(".")[0] == "torch"), key=import_key)
    return standard + ([""] if standard and torch else []) + torch


def import_key(line: str) -> tuple:
    return (line.startswith("from"), line.split()[1])


def snake(name: str) -> str:
    """CausalSelfAttention -> causal_self_attention, MLPBlock -> mlp_block, GELU -> gelu."""
    result = ""
    for i, c in enumerate(name):
        if c.isupper() and i > 0 and name[i - 1] != "_":
            after_small = name[i - 1].islower() or name[i - 1].isdigit()
            before_small = i + 1 < len(name) and name[i + 1].islower()
            if after_small and not (name[i - 1].isdigit() and not before_small) or (before_small and name[i - 1].isupper()):
                result += "_"
        result += c.lower()
    for parts, word in (("swi_glu", "swiglu"), ("ge_glu", "geglu"), ("re_glu", "reglu"), ("si_lu", "silu"), ("ge_lu", "gelu"), ("re_lu", "relu"),
                        ("res_net", "resnet"), ("reg_net", "regnet"), ("mobile_net", "mobilenet"), ("dense_net", "densenet"), ("efficient_net", "efficientnet"),
                        ("squeeze_net", "squeezenet"), ("shuffle_net", "shufflenet"), ("alex_net", "alexnet"), ("distil_bert", "distilbert"),
                        ("ro_berta", "roberta"), ("de_berta", "deberta"), ("vi_t_", "vit_"), ("dei_t_", "deit_")):
        result = result.replace(parts, word)
    return result.strip("_")


def camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def indented(source: str, spaces: int) -> str:
    return textwrap.indent(source, " " * spaces)
