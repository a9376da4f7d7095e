"""Facts about one Python file: its syntax tree as plain data. The format is described in engine/core/facts.h.

Nothing is judged here; C++ reads the tree and decides. Needs only the standard library:
    python python_bridge/facts.py FILE...     prints one line of JSON per file
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

MAX_DEPTH = 200  # levels of nodes; deeper trees are refused, so that every reader may recurse

_COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263
_BLANK_OR_COMMENT = re.compile(r"[ \t\f]*(?:#.*)?$")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Fields that say nothing about what the program does.
_IGNORED_FIELDS = {"type_comment", "type_ignores", "kind"}


class _TooDeep(Exception):
    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.line = line
        self.column = column


def facts(source: bytes, path: str) -> dict[str, Any]:
    """The Module node of `source`, or {"problem": ...}. `path` only names the file in Python's own messages."""
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        return _problem("not-utf8", line, column, f"byte 0x{source[error.start]:02x} is not UTF-8")
    # A byte order mark is no part of the program; Python drops it too.
    text = text.removeprefix("\ufeff")
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        column = len(text[text.rfind("\n", 0, nul) + 1 : nul].encode()) + 1
        return _problem("nul", line, column, "the file contains a NUL byte")

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # A str, never bytes: from bytes Python would honour a coding cookie and see another program.
            tree = compile(text, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
            module = _node(tree, 0)
            # What the grammar lets through and the compiler refuses ("'return' outside function").
            compile(tree, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return _syntax_problem(error, text)
    except _TooDeep as error:
        message = f"the expression or block is nested deeper than {MAX_DEPTH} levels"
        return _problem("too-deep", error.line, error.column, message)
    except (RecursionError, MemoryError):
        return _problem("too-deep", 0, 0, "the file is nested too deeply for Python's parser")
    except ValueError as error:  # an integer literal with thousands of digits, say
        return _problem("syntax", 0, 0, str(error))

    cookie = _foreign_cookie(text)
    if cookie is not None:
        module["cookie"] = cookie
    return module


def _problem(kind: str, line: int, column: int, message: str) -> dict[str, Any]:
    return {"problem": {"kind": kind, "line": line, "column": column, "message": message}}


def _syntax_problem(error: SyntaxError, text: str) -> dict[str, Any]:
    line = error.lineno or 0
    column = error.offset or 0
    lines = _LINE_END.split(text)
    if 0 < line <= len(lines) and column > 0:  # Python counts characters here, everybody else bytes
        column = len(lines[line - 1][: column - 1].encode("utf-8", "replace")) + 1
    return _problem("syntax", line, max(column, 0), _SURROGATE.sub("\ufffd", str(error.msg)))


def _foreign_cookie(text: str) -> dict[str, Any] | None:
    """The coding cookie of the file, unless it names UTF-8."""
    for number, line in enumerate(_LINE_END.split(text, maxsplit=2)[:2], start=1):
        match = _COOKIE.match(line)
        if match:
            name = match.group(1)
            if name.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig"):
                return None
            return {"line": number, "name": name}
        if not _BLANK_OR_COMMENT.match(line):
            return None
    return None


def _field_table() -> dict[type, tuple[str, ...]]:
    """For every node class, the fields that are written."""
    table = {}
    for value in vars(ast).values():
        if isinstance(value, type) and issubclass(value, ast.AST):
            table[value] = tuple(name for name in value._fields if name not in _IGNORED_FIELDS)
    return table


_FIELDS = _field_table()
_OPERATORS = (ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context)


def _node(node: ast.AST, depth: int) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        raise _TooDeep(getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1)
    cls = node.__class__
    result: dict[str, Any] = {"_": cls.__name__}
    if "lineno" in node.__dict__:
        result["at"] = [node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1]  # type: ignore[attr-defined]
    if cls is ast.Constant:
        result["value"] = _constant(node.value)  # type: ignore[attr-defined]
        return result
    for name in _FIELDS[cls]:
        value = getattr(node, name)
        if value is None or value.__class__ is ast.Load:
            continue
        if isinstance(value, list):
            if not value:
                continue
            items: list[Any] = []
            for item in value:
                if isinstance(item, _OPERATORS):
                    items.append(item.__class__.__name__)
                elif isinstance(item, ast.AST):
                    items.append(_node(item, depth + 1))
                else:
                    items.append(item)  # a name in `global`, the missing key of {**x}
            result[name] = items
        elif isinstance(value, _OPERATORS):
            result[name] = value.__class__.__name__
        elif isinstance(value, ast.AST):
            result[name] = _node(value, depth + 1)
        else:
            result[name] = value
    return result


def _constant(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"kind": "bool", "value": value}
    if value is None:
        return {"kind": "None", "value": None}
    if isinstance(value, str):
        if _SURROGATE.search(value):
            return {"kind": "str", "value": _SURROGATE.sub("\ufffd", value), "surrogates": True}
        return {"kind": "str", "value": value}
    if isinstance(value, int):
        # Python refuses to write very long decimals.
        return {"kind": "int", "value": str(value) if value.bit_length() < 4096 else hex(value)}
    if isinstance(value, bytes):
        return {"kind": "bytes", "value": value.hex()}
    if value is Ellipsis:
        return {"kind": "Ellipsis", "value": None}
    return {"kind": value.__class__.__name__, "value": repr(value)}  # float, complex


def _main(paths: list[str]) -> None:
    import json

    for path in paths:
        with open(path, "rb") as file:
            source = file.read()
        print(json.dumps(facts(source, path), ensure_ascii=True, separators=(",", ":")))


if __name__ == "__main__":
    import sys

    _main(sys.argv[1:])
