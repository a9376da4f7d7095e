"""decomp as a library: installed into a prefix of its own, found by find_package, used by examples/embed.

Usage: test_embed.py CMAKE BUILD_DIRECTORY CXX_COMPILER FORK_WATCH_LIBRARY
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FORK_WATCH = sys.argv.pop()
COMPILER = sys.argv.pop()
BUILD = sys.argv.pop()
CMAKE = sys.argv.pop()
HONEST = REPOSITORY / "examples/decomposed/mlp_block/steps/step_1_mlp_block_to_fusions"
DECLARATION = re.compile(r"^[A-Za-z_][\w:<>, ]*[ &*](\w+)\([^;{]*\);", re.MULTILINE)


def call(*command: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in command], text=True, capture_output=True, timeout=600, **options)


def dynamic_section(file: Path) -> str:
    return call("readelf", "-d", file).stdout


class Embedding(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="decomp-embed-")
        cls.addClassCleanup(folder.cleanup)
        cls.work = Path(folder.name)
        installed = call(CMAKE, "--install", BUILD, "--prefix", cls.work / "first")
        assert installed.returncode == 0, installed.stderr
        cls.prefix = cls.work / "prefix"
        (cls.work / "first").rename(cls.prefix)  # an installation can be moved
        build = cls.work / "build"
        for command in (
            [CMAKE, "-S", REPOSITORY / "examples/embed", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={cls.prefix}",
             f"-DCMAKE_CXX_COMPILER={COMPILER}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror"],
            [CMAKE, "--build", build],
        ):  # fmt: skip
            done = call(*command)
            assert done.returncode == 0, done.stdout + done.stderr
        cls.embed = build / "embed"

    def run_embed(self, *words: object, **environment: str) -> subprocess.CompletedProcess:
        return call(self.embed, *words, env={**os.environ, "LD_PRELOAD": FORK_WATCH, **environment})

    def test_the_example_is_short(self) -> None:
        self.assertLess(len((REPOSITORY / "examples/embed/main.cpp").read_text().splitlines()), 60)

    def test_what_is_installed(self) -> None:
        files = {str(f.relative_to(self.prefix)) for f in self.prefix.rglob("*") if f.is_file()}
        for name in ("bin/decomp", "lib/libdecomp.so", "lib/libdecomp_worker.so", "lib/cmake/decomp/decompConfig.cmake",
                     "lib/cmake/decomp/decompConfigVersion.cmake"):  # fmt: skip
            self.assertIn(name, files)
        headers = {f"include/decomp/{f.name}" for f in (REPOSITORY / "engine/include/decomp").glob("*.h")}
        self.assertEqual({f for f in files if f.startswith("include/")}, headers)

    def test_an_honest_step_passes(self) -> None:
        result = self.run_embed(HONEST)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertTrue(result.stdout.startswith(f"PASS {HONEST} (bit_exact)\n"), result.stdout)
        self.assertIn("judged 1 of 1", result.stderr)
        self.assertNotIn("FORKED", result.stderr)

    def test_the_watch_for_forks_would_see_one(self) -> None:
        forker = self.work / "forker"
        forker.mkdir(exist_ok=True)
        (forker / "main.cpp").write_text("#include <unistd.h>\nint main() { if (fork() == 0) _exit(0); }\n")
        self.assertEqual(call(COMPILER, forker / "main.cpp", "-o", forker / "embed").returncode, 0)
        result = call(forker / "embed", env={**os.environ, "LD_PRELOAD": FORK_WATCH})
        self.assertIn("FORKED", result.stderr)

    def test_a_broken_step_fails_with_its_findings(self) -> None:
        step = self.work / "broken"
        shutil.copytree(HONEST, step)
        refactored = step / "refactored.py"
        lines = refactored.read_text().splitlines()
        line = next(i for i, text in enumerate(lines) if text.strip().startswith("return "))
        expression = lines[line].strip().removeprefix("return ")
        lines[line] = lines[line].replace(expression, f"torch.relu({expression})")
        refactored.write_text("\n".join(["import torch", *lines]) + "\n")
        result = self.run_embed(step)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn(f"FAIL {step}\n", result.stdout)
        self.assertRegex(result.stdout, rf"refactored\.py:{line + 2}:\d+: error \[grammar-[a-z-]+\] .*relu")

    def test_no_workspace_is_a_usage_error_and_no_crash(self) -> None:
        result = self.run_embed("/no/such/step")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("/no/such/step", result.stderr)

    def test_the_installed_binary_works_from_its_prefix(self) -> None:
        result = call(self.prefix / "bin/decomp", "check", HONEST, cwd="/")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_libraries_are_found_by_runpath(self) -> None:
        for name in ("lib/libdecomp.so", "lib/libdecomp_worker.so"):
            section = dynamic_section(self.prefix / name)
            self.assertRegex(section, r"\(RUNPATH\).*/torch/lib")
            self.assertNotIn("(RPATH)", section)
            self.assertNotIn(str(BUILD), section)

    def test_exactly_the_public_functions_are_visible(self) -> None:
        declared = {"decomp_engine_entry"}  # the thin binary's way in
        for header in (REPOSITORY / "engine/include/decomp").glob("*.h"):
            declared |= {f"decomp::{name}" for name in DECLARATION.findall(header.read_text())}
        self.assertIn("decomp::check", declared)
        symbols = call("nm", "-DC", "--defined-only", self.prefix / "lib/libdecomp.so").stdout.splitlines()
        names = {line.split(" ", 2)[2].split("(")[0] for line in symbols}
        data = {"typeinfo for decomp::Error", "typeinfo name for decomp::Error", "vtable for decomp::Error"}
        self.assertEqual(names - data, declared)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
