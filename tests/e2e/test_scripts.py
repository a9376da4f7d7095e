"""scripts/: what a person sees on a machine that lacks something, and what a second call costs.

The scripts run in a small repository of their own, with the tools of a made-up machine on PATH.
Usage: test_scripts.py PYTHON_WITH_TORCH
"""

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PYTHON = sys.argv.pop(1)
TOOLS = "awk basename bash cat cksum dirname env find flock head id ln ls mkdir mv nproc pwd readlink rm sed sort tail touch uname"
SMALL_PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(small CXX)
enable_testing()
add_executable(decomp_cli engine/main.cpp)
set_target_properties(decomp_cli PROPERTIES OUTPUT_NAME decomp RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
add_library(decomp SHARED engine/library.cpp)
add_library(decomp_worker MODULE engine/library.cpp)
add_test(NAME small COMMAND decomp_cli tested)
"""
MAIN = '#include <cstdio>\nint main(int count, char** words) { return std::puts(count > 1 ? words[1] : "TEXT") < 0; }\n'


class Machine:
    """A repository with the real scripts and a small project, and a PATH that holds what the test puts there."""

    def __init__(self, folder: str) -> None:
        self.root = Path(folder, "repository")
        self.tools = Path(folder, "tools")
        self.tools.mkdir()
        shutil.copytree(REPOSITORY / "scripts", self.root / "scripts")
        shutil.copytree(REPOSITORY / ".ci", self.root / ".ci")
        shutil.copy(REPOSITORY / "CMakePresets.json", self.root)
        (self.root / "engine").mkdir()
        (self.root / "CMakeLists.txt").write_text(SMALL_PROJECT)
        (self.root / "engine/main.cpp").write_text(MAIN.replace("TEXT", "first"))
        (self.root / "engine/library.cpp").write_text("int library() { return 1; }\n")
        for tool in TOOLS.split():
            self.link(tool)

    def link(self, *tools: str) -> None:
        for tool in tools:
            found = shutil.which(tool)
            assert found, f"this machine has no {tool}"
            (self.tools / tool).symlink_to(found)

    def fake(self, tool: str, script: str) -> None:
        (self.tools / tool).unlink(missing_ok=True)
        (self.tools / tool).write_text("#!/bin/sh\n" + script + "\n")
        (self.tools / tool).chmod(0o755)

    def real_tools(self) -> None:
        """All of this machine's tools: for what really builds."""
        self.path = os.environ["PATH"]

    path = ""

    def start(self, *command: str, **environment: str) -> subprocess.Popen:
        values = {"PATH": self.path or str(self.tools), "HOME": str(self.root), "DECOMP_PYTHON": PYTHON, **environment}
        values = {name: value for name, value in values.items() if value}
        if "CCACHE_DIR" in os.environ:
            values["CCACHE_DIR"] = os.environ["CCACHE_DIR"]
        return subprocess.Popen(
            [str(self.root / command[0]), *command[1:]], env=values, cwd="/", text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess:
        process = self.start(*command, **environment)
        out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(command, process.returncode, out, err)


class Scripts(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="decomp-scripts-")
        self.addCleanup(folder.cleanup)
        self.machine = Machine(folder.name)

    def test_without_the_right_to_install_the_line_to_run_is_printed(self) -> None:
        self.machine.fake("id", "echo 1000")
        self.machine.fake("apt-get", "echo called >&2; exit 1")
        self.machine.link("c++")
        result = self.machine.call("scripts/run", "--help")
        self.assertEqual((result.returncode, result.stdout), (3, ""))
        self.assertEqual(
            result.stderr,
            textwrap.dedent(
                """\
                decomp: packages are missing, and installing them needs root. Run as root:
                decomp:     apt-get update && apt-get install --no-install-recommends -y cmake ninja-build
                decomp: then run this again
                """
            ),
        )

    def test_sudo_that_asks_for_a_password_is_not_called_without_a_terminal(self) -> None:
        self.machine.fake("id", "echo 1000")
        self.machine.fake("apt-get", "exit 1")
        self.machine.fake("sudo", '[ "$1" = -n ] || echo asked >&2; exit 1')
        result = self.machine.call("scripts/setup")
        self.assertEqual(result.returncode, 3)
        self.assertIn("sudo apt-get install --no-install-recommends -y g++ cmake ninja-build\n", result.stderr)
        self.assertNotIn("asked", result.stderr)

    def test_root_installs_what_is_missing_and_says_so(self) -> None:
        self.machine.fake("id", "echo 0")
        self.machine.fake("apt-get", 'echo "$@" >>"$HOME/apt"; echo noise')
        result = self.machine.call("scripts/test")
        self.assertIn("decomp: installing g++ cmake ninja-build clang libclang-rt-14-dev ...\n", result.stderr)
        self.assertNotIn("noise", result.stderr)
        installs = [line for line in (self.machine.root / "apt").read_text().splitlines() if "install" in line]
        self.assertEqual(installs, ["-q -y install --no-install-recommends g++ cmake ninja-build clang libclang-rt-14-dev"])
        # the made-up apt-get installs nothing, and that is noticed
        self.assertIn("decomp: still missing (names as in Debian): g++ cmake ninja-build clang libclang-rt-14-dev\n", result.stderr)
        self.assertEqual(result.returncode, 3)

    def test_packages_that_cannot_be_installed_end_with_the_reason_and_the_line(self) -> None:
        self.machine.fake("id", "echo 0")
        self.machine.fake("apt-get", "echo 'E: no route'; exit 100")
        result = self.machine.call("scripts/setup")
        self.assertEqual(result.returncode, 3)
        self.assertIn("E: no route\n", result.stderr)
        self.assertTrue(result.stderr.endswith("install --no-install-recommends -y g++ cmake ninja-build\n"), result.stderr)

    def test_a_machine_without_apt_get_is_told_the_names(self) -> None:
        result = self.machine.call("scripts/setup")
        self.assertEqual(result.returncode, 3)
        self.assertIn("(names as in Debian): g++ cmake ninja-build\n", result.stderr)

    def test_no_python_at_all(self) -> None:
        self.machine.fake("python3.11", "exit 1")
        for candidate in ("python3.11", "python3"):
            text = (self.machine.root / "scripts/setup").read_text()
            (self.machine.root / "scripts/setup").write_text(text.replace(f" /usr/bin/{candidate}", ""))
        result = self.machine.call("scripts/setup", DECOMP_PYTHON="")
        self.assertEqual(result.returncode, 3)
        self.assertIn("no Python 3.10 or newer", result.stderr)

    def test_a_named_python_must_exist_and_have_torch(self) -> None:
        result = self.machine.call("scripts/setup", DECOMP_PYTHON="/no/python")
        self.assertEqual((result.returncode, result.stderr), (3, 'decomp: DECOMP_PYTHON is "/no/python", which is not a program\n'))
        self.machine.fake("bare-python", "exit 1")
        result = self.machine.call("scripts/setup", DECOMP_PYTHON="bare-python")
        self.assertEqual(result.returncode, 3)
        self.assertIn("DECOMP_PYTHON (bare-python) has no torch.", result.stderr)

    def test_an_unknown_preset_is_a_usage_error(self) -> None:
        result = self.machine.call("scripts/setup", "fast")
        self.assertEqual((result.returncode, result.stderr), (2, 'decomp: no preset "fast"; there are release, dev, asan and fuzz\n'))


class ScriptsThatBuild(unittest.TestCase):
    """One repository, in the order of a day's work."""

    def test_first_call_second_call_changed_source_broken_source(self) -> None:
        with tempfile.TemporaryDirectory(prefix="decomp-scripts-") as folder:
            machine = Machine(folder)
            machine.real_tools()
            with self.subTest("two first calls at once both end well"):
                calls = [machine.start("scripts/run", word) for word in ("one", "two")]
                for call, word in zip(calls, ("one", "two")):
                    out, err = call.communicate(timeout=300)
                    self.assertEqual((call.returncode, out), (0, word + "\n"), err)
            with self.subTest("a second call is silent and takes under 0.3 s"):
                seconds = []
                for _ in range(3):
                    begin = time.monotonic()
                    result = machine.call("scripts/run")
                    seconds.append(time.monotonic() - begin)
                    self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "first\n", ""))
                begin = time.monotonic()
                self.assertEqual(machine.call("scripts/setup").stderr, "")
                self.assertLess(time.monotonic() - begin, 0.3)
                self.assertLess(min(seconds), 0.3)
            with self.subTest("a changed source is built, even with an older time"):
                main = machine.root / "engine/main.cpp"
                main.write_text(MAIN.replace("TEXT", "second"))
                self.assertEqual(machine.call("scripts/run").stdout, "second\n")
                main.write_text(MAIN.replace("TEXT", "third"))
                now = time.time()
                os.utime(main, (now, now - 1))
                self.assertIn("building", machine.call("scripts/run").stderr)
            with self.subTest("a broken source is shown and exits 3; the old program does not run"):
                main.write_text("int main( {\n")
                result = machine.call("scripts/run")
                self.assertEqual((result.returncode, result.stdout), (3, ""))
                self.assertIn("error:", result.stderr)
                self.assertTrue(result.stderr.endswith("decomp: decomp was not built\n"))
                main.write_text(MAIN)
            with self.subTest("scripts/test hands words on to ctest and ends with its closing lines"):
                result = machine.call("scripts/test", "-R", "small")
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertRegex(result.stdout, "100% tests passed(, 0 tests failed)? out of 1\n")
                self.assertTrue(result.stdout.splitlines()[-1].startswith("Total Test time"))
                self.assertNotEqual(machine.call("scripts/test", "-R", "nothing").returncode, 0)
            with self.subTest(".ci/run fails when a test fails"):
                (machine.root / "CMakeLists.txt").write_text(SMALL_PROJECT.replace("decomp_cli tested", "false"))
                result = machine.call(".ci/run")
                self.assertNotEqual(result.returncode, 0)
                self.assertIn("0% tests passed, 1 tests failed out of 1", result.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
