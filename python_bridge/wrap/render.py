"""Prints rewritten functions with the author's comments at their statements."""

import ast
import dataclasses

from wrap.gather import Gather, Variant

WIDTH = 140


class Names(ast.NodeTransformer):
    """Global names become those of the file."""

    def __init__(self, gather: Gather) -> None:
        self.gather = gather

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if getattr(node, "target", None) is None or not isinstance(node.ctx, ast.Load):
            return node
        return ast.copy_location(self.gather.named(node.id, node.target), node)


def statement_lines(gather: Gather, file: str, node: ast.stmt, indent: str) -> list[str]:
    line = getattr(node, "lineno", 0)
    origin = getattr(node, "origin", node)
    comments = gather.sources.comments_above(file, origin.lineno) if line and hasattr(origin, "lineno") else []
    lines = [indent + c for c in comments]
    if isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.FunctionDef)):
        head = {
            ast.If: lambda: f"if {ast.unparse(node.test)}:",
            ast.For: lambda: f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}:",
            ast.While: lambda: f"while {ast.unparse(node.test)}:",
            ast.With: lambda: f"with {', '.join(ast.unparse(i) for i in node.items)}:",
            ast.FunctionDef: lambda: f"def {node.name}({ast.unparse(node.args)}):",
        }[type(node)]()
        lines.append(indent + head)
        for inner in node.body:
            lines += statement_lines(gather, file, inner, indent + "    ")
        otherwise = getattr(node, "orelse", [])
        if len(otherwise) == 1 and isinstance(otherwise[0], ast.If) and isinstance(node, ast.If):
            rest = statement_lines(gather, file, otherwise[0], indent)
            first = next(i for i, l in enumerate(rest) if not l.lstrip().startswith("#"))
            rest[first] = rest[first].replace("if ", "elif ", 1)
            lines += rest
        elif otherwise:
            lines.append(indent + "else:")
            for inner in otherwise:
                lines += statement_lines(gather, file, inner, indent + "    ")
        return lines
    written = as_written(gather, file, node, origin, indent)
    if written:
        return lines + written
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and node.value.elts:
        return lines + [indent + "return " + ast.unparse(ast.fix_missing_locations(node.value))[1:-1]]
    text = ast.unparse(ast.fix_missing_locations(node))
    return lines + [indent + t for t in wrapped(text, WIDTH - len(indent)).split("\n")]


def as_written(gather: Gather, file: str, node: ast.stmt, origin: ast.stmt, indent: str) -> list[str]:
    """The author's own lines of a statement that is as it was; [] for one that is not."""
    if origin is node or not hasattr(origin, "lineno") or ast.unparse(node) != ast.unparse(origin):
        return []
    lines = gather.sources.read(file)[0].split("\n")[origin.lineno - 1 : origin.end_lineno]
    start = len(lines[0]) - len(lines[0].lstrip())
    if start != origin.col_offset or any(l.strip() and len(l) - len(l.lstrip()) < start for l in lines):
        return []
    return [indent + l[start:].rstrip() for l in lines]


def wrapped(text: str, width: int) -> str:
    """A call or assignment of one line that is too long, an argument a line."""
    if len(text) <= width or "\n" in text or not text.endswith(")"):
        return text
    depth, start, cuts, quote = 0, -1, [], ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([{":
            depth += 1
            if depth == 1:
                start, cuts = place, []
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 1:
            cuts.append(place)
    if depth or start < 0 or not cuts:
        return text
    bounds = [start] + cuts + [len(text) - 1]
    parts = [text[a + 1 : b].strip() for a, b in zip(bounds, bounds[1:])]
    return text[: start + 1] + "\n" + "".join(f"    {p},\n" for p in parts if p) + ")"


def function_lines(gather: Gather, file: str, node: ast.FunctionDef, indent: str = "") -> list[str]:
    lines = [f"{indent}@{ast.unparse(d)}" for d in node.decorator_list]
    lines.append(f"{indent}def {node.name}({ast.unparse(node.args)}):")
    if getattr(node, "docstring", ""):
        lines.append(f'{indent}    """{node.docstring}"""')
    for statement in node.body:
        lines += statement_lines(gather, file, statement, indent + "    ")
    return lines


def class_lines(gather: Gather, variant: Variant, attributes: list[str]) -> list[str]:
    base = variant.base.name if variant.base else variant.base_text
    lines = [f"class {variant.name}({base}):"]
    if variant.name == "Model":
        lines.append(f'    """{variant.klass.__name__} of {variant.klass.__module__}."""')
    lines += [f"    {a}" for a in attributes]
    methods = sorted(variant.methods.values(), key=lambda u: (u.name != "__init__", u.name == "forward", u.name))
    for unit in methods:
        if len(lines) > 1:
            lines.append("")
        lines += function_lines(gather, unit.file, unit.node, "    ")
    if len(lines) == 1:
        lines.append("    pass")
    return lines


def output_lines(target: type, fields: list[str]) -> list[str]:
    order = [f.name for f in dataclasses.fields(target) if f.name in fields]
    lines = [f"class {target.__name__}(NamedTuple):"]
    return lines + ([f"    {name}: Any = None" for name in order] or ["    pass"])
