"""The arrows between the parts (DESIGN: core <- checks, tensor, report <- host <- pipeline <- decompose <- cli).

A part may include itself and what it is built on, by a path from engine/ ("core/json.h"). The parts below the line of
torch include nothing of it, engine/ includes nothing of Python, and the public headers include the standard library only.
"""

import ast
import re
import sys
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Part:
    folder: str  # below the repository
    may_include: frozenset[str]  # first directory of a quoted include
    torch: bool = False
    python: bool = False
    third_party: bool = True


def part(folder: str, may_include: str, **allowed: bool) -> Part:
    return Part(folder, frozenset(may_include.split()), **allowed)


PARTS = (
    part("engine/include/decomp", "decomp", third_party=False),
    part("engine/core", "decomp core"),
    part("engine/checks", "decomp core checks"),
    part("engine/report", "decomp core report"),
    part("engine/tensor", "decomp core tensor", torch=True),
    part("engine/host", "decomp core checks tensor report host"),
    part("engine/pipeline", "decomp core checks tensor report host pipeline", torch=True),
    part("engine/decompose", "decomp core checks tensor report host pipeline decompose", torch=True),
    part("engine/cli", "decomp core checks tensor report host pipeline decompose cli"),
    # Beside the engine: it serves what host asks for, with tensors in the form that tensor defines, and names as checks does.
    part("python_bridge", "decomp core checks tensor host", torch=True, python=True),
)
TORCH = re.compile(r"(torch|ATen|c10|caffe2)/")
PYTHON = re.compile(r"Python\.h$|pybind11/|torch/csrc/(autograd/)?python|torch/extension\.h$")
STANDARD = re.compile(r"[a-z_0-9]+$")  # <vector>, <cstdint>: no directory, no suffix
# The bridge's Python: torch, and of the standard library what needs no other process, file or network (of tempfile, its setting).
BRIDGE_IMPORTS = {
    "__future__", "ast", "builtins", "collections", "copy", "dataclasses", "decompose", "enum", "functools", "importlib", "inspect", "json", "keyword", "linecache",
    "math", "re", "sys", "tempfile", "textwrap", "time", "torch", "types", "typing", "warnings", "weakref", "wrap",
}  # fmt: skip
WRAP_IMPORTS = BRIDGE_IMPORTS | {"os", "pathlib"}  # reads the sources of native models
PARSER_IMPORTS = BRIDGE_IMPORTS - {"torch"}  # facts.py runs before torch is loaded
INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*(.*?)[ \t]*(?://.*)?$", re.MULTILINE)


def without_comments(text: str) -> str:
    """Block comments become blanks, line by line; a string that holds one does not occur before an include."""
    return re.sub(r"/\*.*?\*/", lambda comment: re.sub(r"[^\n]", " ", comment.group()), text, flags=re.DOTALL)


def judge_include(owner: Part, target: str, own_files: set[str]) -> str | None:
    """What is wrong with one include, or None."""
    quoted = re.fullmatch(r'"([^"]+)"', target)
    angled = re.fullmatch(r"<([^>]+)>", target)
    if not quoted and not angled:
        return "is not a plain include, so nothing can be said about it"
    name = (quoted or angled).group(1)
    if not owner.torch and TORCH.match(name):
        return "includes torch, in a part that is built without it"
    if not owner.python and PYTHON.search(name):
        return "includes Python, which only python_bridge may"
    if angled:
        if not owner.third_party and not STANDARD.fullmatch(name):
            return "is a public header, and its users have the standard library only"
        return None
    if ".." in name.split("/"):
        return "climbs out of its directory: write the path from engine/"
    if "/" not in name:
        return None if name in own_files else "names no file of its own directory: write the path from engine/"
    if name.split("/")[0] not in owner.may_include:
        return f"points against the arrows: {owner.folder} may include {', '.join(sorted(owner.may_include))}"
    return None


def include_violations(root: Path) -> list[str]:
    found = []
    for owner in PARTS:
        files = sorted(f for f in (root / owner.folder).rglob("*") if f.suffix in (".h", ".cpp"))
        own_names = {str(f.relative_to(root / owner.folder)) for f in files}
        for file in files:
            text = without_comments(file.read_text())
            for match in INCLUDE.finditer(text):
                problem = judge_include(owner, match.group(1), own_names)
                if problem:
                    line = text.count("\n", 0, match.start()) + 1
                    found.append(f"{file.relative_to(root)}:{line}: {match.group(1)} {problem}")
    return found


def unowned_sources(root: Path) -> list[str]:
    """A source in no part would be judged by nothing."""
    sources = [f for top in ("engine", "python_bridge") for f in (root / top).rglob("*") if f.suffix in (".h", ".cpp")]
    owned = [root / owner.folder for owner in PARTS]
    strays = (f for f in sources if not any(folder in f.parents for folder in owned))
    return [f"{f.relative_to(root)}: belongs to no part; add it to PARTS" for f in sorted(strays)]


def import_violations(root: Path) -> list[str]:
    found = [f"{f.relative_to(root)}: Python inside the engine" for f in sorted((root / "engine").rglob("*.py"))]
    for file in sorted((root / "python_bridge").rglob("*.py")):
        allowed = PARSER_IMPORTS if file.name == "facts.py" else WRAP_IMPORTS if file.parent.name == "wrap" else BRIDGE_IMPORTS
        for node in ast.walk(ast.parse(file.read_bytes())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = ["." * node.level + (node.module or "")]
            for name in names:
                if name.split(".")[0] not in allowed:
                    found.append(f"{file.relative_to(root)}:{node.lineno}: import of {name}, which is not listed here")
    return found


def violations(root: Path) -> list[str]:
    return include_violations(root) + unowned_sources(root) + import_violations(root)


class TheRepository(unittest.TestCase):
    def test_no_include_or_import_is_against_the_arrows(self) -> None:
        self.assertEqual("\n".join(violations(REPOSITORY)), "")

    def test_every_part_that_exists_was_read(self) -> None:
        for folder in ("engine/core", "engine/host", "engine/pipeline", "engine/cli", "python_bridge"):
            self.assertTrue(list((REPOSITORY / folder).glob("*.cpp")), folder)


class PlantedViolations(unittest.TestCase):
    """Each row: a file, its text, and the words of the violation; None when it must be silent."""

    ROWS = (
        ("engine/core/a.h", '#include "host/worker.h"', "points against the arrows"),
        ("engine/core/a.h", '#include "checks/grammar.h"', "points against the arrows"),
        ("engine/checks/a.cpp", '#include "tensor/value.h"', "points against the arrows"),
        ("engine/tensor/a.cpp", '#include "report/render.h"', "points against the arrows"),
        ("engine/tensor/a.cpp", '#include "host/worker.h"', "points against the arrows"),
        ("engine/report/a.cpp", '#include "pipeline/step.h"', "points against the arrows"),
        ("engine/host/a.cpp", '#include "pipeline/step.h"', "points against the arrows"),
        ("engine/pipeline/a.cpp", '#include "cli/command.h"', "points against the arrows"),
        ("engine/decompose/a.cpp", '#include "cli/command.h"', "points against the arrows"),
        ("engine/pipeline/a.cpp", '#include "python_bridge/job.h"', "points against the arrows"),
        ("python_bridge/a.cpp", '#include "pipeline/step.h"', "points against the arrows"),
        ("engine/core/a.cpp", "\n#  include <ATen/ATen.h>", "a.cpp:2: <ATen/ATen.h> includes torch"),
        ("engine/checks/a.cpp", "#include <c10/util/Half.h>", "includes torch"),
        ("engine/cli/a.cpp", "#include <torch/torch.h>", "includes torch"),
        ("engine/tensor/a.cpp", "#include <Python.h>", "includes Python"),
        ("engine/tensor/a.cpp", "#include <torch/csrc/autograd/python_variable.h>", "includes Python"),
        ("engine/pipeline/a.cpp", "#include <pybind11/embed.h>", "includes Python"),
        ("engine/pipeline/a.cpp", "#include <torch/extension.h>", "includes Python"),
        ("engine/include/decomp/a.h", "#include <nlohmann/json.hpp>", "the standard library only"),
        ("engine/include/decomp/a.h", '#include "core/json.h"', "points against the arrows"),
        ("engine/core/a.cpp", '#include "../host/worker.h"', "climbs out"),
        ("engine/core/a.cpp", '#include "worker.h"', "names no file of its own directory"),
        ("engine/core/a.cpp", "#include SOME_MACRO", "not a plain include"),
        ("engine/stray/a.cpp", "", "belongs to no part"),
        ("engine/core/a.py", "", "Python inside the engine"),
        ("python_bridge/a.py", "import subprocess", "a.py:1: import of subprocess"),
        ("python_bridge/a.py", "def f():\n    from os import path", "a.py:2: import of os"),
        ("python_bridge/a.py", "from . import b", "import of ."),
        ("python_bridge/facts.py", "import torch.nn", "import of torch.nn"),
        # near misses
        ("engine/core/a.cpp", '#include "core/json.h"\n#include <openssl/evp.h>\n#include <vector>', None),
        ("engine/core/a.cpp", '// #include "host/worker.h"\n/*\n#include <Python.h>\n*/', None),
        ("engine/core/a.cpp", 'const char* text = "see #include <Python.h>";', None),
        ("engine/tensor/a.cpp", "#include <ATen/core/Tensor.h>", None),
        ("engine/host/a.cpp", '#include "report/render.h"', None),
        ("engine/cli/a.cpp", '#include "pipeline/workspace.h"  // finds steps', None),
        ("engine/include/decomp/a.h", '#include <string>\n#include "decomp/b.h"', None),
        ("python_bridge/a.cpp", '#include <Python.h>\n#include "host/channel.h"\n#include "a.cpp"', None),
        ("python_bridge/a.py", "import importlib.machinery\nimport torch.nn as nn", None),
        ("python_bridge/facts.py", "import ast", None),
    )

    def test_each_row(self) -> None:
        for file, text, words in self.ROWS:
            with self.subTest(file=file, text=text), tempfile.TemporaryDirectory() as root:
                path = Path(root, file)
                path.parent.mkdir(parents=True)
                path.write_text(text)
                found = violations(Path(root))
                if words is None:
                    self.assertEqual(found, [])
                else:
                    self.assertEqual(len(found), 1, found)
                    self.assertIn(words, found[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
