"""The sources of what ran: definitions by place, and what a name means in its module."""

import ast
import sys
import types
from pathlib import Path


class Sources:
    def __init__(self, wanted) -> None:
        self.wanted = wanted
        self.files: dict[str, tuple[str, ast.Module]] = {}
        self.definitions: dict[str, dict[int, ast.AST]] = {}

    def read(self, file: str) -> tuple[str, ast.Module]:
        if file not in self.files:
            text = Path(file).read_text(encoding="utf-8")
            tree = ast.parse(text, file)
            self.files[file] = text, tree
            places = self.definitions[file] = {}
            for node in ast.walk(tree):
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    for line in range(min([node.lineno] + [d.lineno for d in node.decorator_list]), node.lineno + 1):
                        places.setdefault(line, node)
        return self.files[file]

    def function(self, function: types.FunctionType) -> tuple[str, ast.FunctionDef] | None:
        """File and definition of a function, decorators that wrap it left aside."""
        while hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        code = getattr(function, "__code__", None)
        if code is None or "<locals>" in function.__qualname__ or not self.wanted(getattr(function, "__module__", "") or ""):
            return None
        self.read(code.co_filename)
        node = self.definitions[code.co_filename].get(code.co_firstlineno)
        return (code.co_filename, node) if isinstance(node, ast.FunctionDef) else None

    def klass(self, klass: type) -> tuple[str, ast.ClassDef] | None:
        if not self.wanted(klass.__module__):
            return None
        file = getattr(sys.modules.get(klass.__module__), "__file__", None)
        if file is None:
            return None
        _, tree = self.read(file)
        wanted = klass.__qualname__.split(".")[-1]
        found = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == wanted]
        return (file, found[-1]) if found else None

    def namespace(self, file: str) -> dict:
        for module in list(sys.modules.values()):
            if getattr(module, "__file__", None) == file:
                return module.__dict__
        return {}

    def comments_above(self, file: str, line: int) -> list[str]:
        """The comment lines right above a line, without their indentation."""
        lines = self.read(file)[0].split("\n")
        found: list[str] = []
        at = line - 2
        while at >= 0 and lines[at].lstrip().startswith("#"):
            found.insert(0, lines[at].strip())
            at -= 1
        return [c for c in found if not c.lower().startswith(("# copied from", "# todo", "# adapted from", "# fixme", "# ignore", "# noqa", "# type:"))]
