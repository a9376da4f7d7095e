"""README.md: its commands do what it says, its files are the repository's.

A ```sh block is run as it stands, from the root of the repository, and must end with 0. Two things differ from a reader's
machine: DECOMP_BINARY makes scripts/run use the build under test, and what a reader builds below build/ lies elsewhere.
A ```text block behind it is what it prints; a line "..." stands for any lines. Times and
other fractions are no promise. `scripts/test` is not run: it is what runs this.

Usage: test_readme.py DECOMP BUILD_DIRECTORY
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BUILD = Path(sys.argv.pop()).resolve()
DECOMP = Path(sys.argv.pop()).resolve()
README = (REPOSITORY / "README.md").read_text()
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass
class Block:
    language: str
    file: str  # named behind the language; "" for none
    text: str
    begin: int
    end: int


@dataclass
class Example:
    commands: str
    expected: str | None


def blocks(language: str) -> list[Block]:
    found = [Block(m[1], m[2].strip(), m[3], m.start(), m.end()) for m in BLOCK.finditer(README)]
    return [block for block in found if block.language == language]


def examples() -> list[Example]:
    outputs = blocks("text")
    return [
        Example(block.text, next((o.text for o in outputs if not README[block.end : o.begin].strip() and o.begin > block.end), None))
        for block in blocks("sh")
    ]


PROGRESS = re.compile(r"^decomp: \d+ of \d+ .* done, about ")  # of long work: a busy machine's


def normal(text: str) -> list[str]:
    return [re.sub(r"\d+\.\d+", "#", line).rstrip() for line in text.splitlines() if not PROGRESS.match(line)]


def matches(expected: list[str], actual: list[str]) -> bool:
    """Lines are equal one by one; "..." is any number of lines."""
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(matches(expected[1:], actual[skip:]) for skip in range(len(actual) + 1))
    return bool(actual) and expected[0] == actual[0] and matches(expected[1:], actual[1:])


class Readme(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="decomp-readme-")
        cls.addClassCleanup(folder.cleanup)
        cls.work = Path(folder.name)

    def run_block(self, commands: str) -> subprocess.CompletedProcess:
        commands = commands.replace("build/release", str(BUILD))
        commands = re.sub(r"(?:\$PWD/|(?<=[ =]))build/|^build/", f"{self.work}/", commands, flags=re.MULTILINE)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DECOMP_")} | {"DECOMP_BINARY": str(DECOMP)}
        return subprocess.run(["bash", "-c", commands], cwd=REPOSITORY, env=environment, text=True, timeout=600,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip

    def test_every_command_does_what_the_readme_says(self) -> None:
        ran = 0
        for example in examples():
            if example.commands.split()[0] == "scripts/test":
                continue
            with self.subTest(commands=example.commands):
                result = self.run_block(example.commands)
                said = result.stdout
                self.assertEqual(result.returncode, 0, said)
                ran += 1
                if example.expected is not None and not matches(normal(example.expected), normal(said)):
                    self.assertEqual("\n".join(normal(example.expected)), "\n".join(normal(said)))
        self.assertGreaterEqual(ran, 6)

    def test_scripts_that_are_named_can_be_run(self) -> None:
        scripts = set(re.findall(r"\bscripts/\w+", README))
        self.assertLessEqual({"scripts/run", "scripts/test"}, scripts)
        for script in scripts:
            self.assertTrue(os.access(REPOSITORY / script, os.X_OK), script)

    def test_files_that_it_shows_are_those_of_the_repository(self) -> None:
        shown = [b for language in ("python", "json") for b in blocks(language)]
        self.assertGreaterEqual(len(shown), 4)
        for block in shown:
            self.assertEqual(block.text, (REPOSITORY / block.file).read_text(), block.file)

    def test_the_tree_that_it_draws_is_there(self) -> None:
        tree = next(block.text for block in blocks("text") if block.text.startswith("examples/first_step/\n"))
        drawn = {line.split()[0].rstrip("/") for line in tree.splitlines()[1:]}
        there = {path.name for path in (REPOSITORY / "examples/first_step").rglob("*") if path.name != "__pycache__" and path.suffix != ".pyc"}
        self.assertEqual(drawn, there)

    def test_paths_that_it_names_exist(self) -> None:
        for path in re.findall(r"`((?:engine|examples|rules|tests|schemas)/[^`\s*]*|[A-Z]+\.md)`", README):
            self.assertTrue((REPOSITORY / path).exists(), path)

    def test_the_written_result_says_pass(self) -> None:
        command = next(e.commands for e in examples() if "--output" in e.commands)
        self.assertEqual(self.run_block(command).returncode, 0)
        result = json.loads((self.work / "verification_result.json").read_text())
        self.assertEqual(result["status"], "PASS")

    def test_the_settings_that_it_shows_are_read(self) -> None:
        (block,) = blocks("toml")
        tomllib.loads(block.text)
        place = self.work / "settings"
        shutil.copytree(REPOSITORY / "examples/first_step", place / "step")
        (place / "decomp.toml").write_text(block.text)
        result = self.run_block(f"scripts/run check {place}/step")
        self.assertEqual(result.returncode, 0, result.stdout)
        (place / "decomp.toml").write_text(block.text.replace("wall_seconds", "wall_second"))
        result = self.run_block(f'scripts/run check {place}/step; test $? = 2')
        self.assertIn("did you mean `wall_seconds`?", result.stdout)

    def test_tolerances_are_those_of_the_rules(self) -> None:
        rows = json.loads((REPOSITORY / "rules/tolerances.json").read_text())["rows"]
        for dtype, rtol, atol in (("float32", "1e-5", "1e-6"), ("float16", "1e-3", "1e-3"), ("bfloat16", "1e-3", "1e-3"), ("float64", "1e-7", "1e-8")):
            self.assertRegex(README.replace("\n", " "), rf"{dtype}[^.;]*? {rtol} and {atol}")
            (row,) = [row for row in rows if dtype in row["dtypes"]]
            self.assertEqual((row["rtol"], row["atol"]), (float(rtol), float(atol)))

    def test_every_exit_code_of_the_table_is_one_that_decomp_gives(self) -> None:
        alone = self.work / "alone"  # the binary without its libraries
        alone.mkdir()
        shutil.copy(DECOMP, alone)
        (self.work / "empty").mkdir()
        cases = {
            0: "scripts/run check examples/first_step",
            1: "scripts/run check tests/broken/functional_relu_in_forward",
            2: "scripts/run check no/such/folder",
            3: f"{alone}/decomp check examples/first_step",
            4: f"scripts/run check {self.work}/empty",
        }
        self.assertEqual([int(n) for n in re.findall(r"^\| (\d) \|", README, re.MULTILINE)], sorted(cases))
        for code, command in cases.items():
            result = self.run_block(f'{command} || test $? = {code}')
            self.assertEqual(result.returncode, 0, f"{command}: {result.stdout}")

    def test_the_comparison_of_outputs_can_fail(self) -> None:
        self.assertTrue(matches(["a", "...", "d"], ["a", "b", "c", "d"]))
        self.assertTrue(matches(["...", "d"], ["d"]))
        self.assertFalse(matches(["a", "...", "d"], ["a", "b", "c"]))
        self.assertFalse(matches(["a"], ["a", "b"]))
        self.assertFalse(matches(["a", "b"], ["a"]))
        self.assertEqual(normal("PASS 8 of 8, 1.82 s"), ["PASS 8 of 8, # s"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
