"""The hook, as a real `pre-commit run` in a temporary repository calls it.

Usage: test_pre_commit.py DECOMP
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

DECOMP = Path(sys.argv.pop()).resolve()
REPOSITORY = Path(__file__).resolve().parents[2]


class PreCommit(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="decomp-hook-")
        cls.addClassCleanup(folder.cleanup)
        top = Path(folder.name)
        # `decomp` on PATH, found through its real place: the engine lies beside it.
        (top / "bin").mkdir()
        (top / "bin/decomp").write_text(f'#!/bin/sh\nexec "{DECOMP}" "$@"\n')
        (top / "bin/decomp").chmod(0o755)
        cls.environment = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT"))} | {
            "PATH": f"{top / 'bin'}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(top / "cache"), "HOME": str(top), "NO_COLOR": "1",
            "TMPDIR": str(top), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c",
        }  # fmt: skip
        # The hook is read from a repository, as users have it.
        hooks = top / "hooks"
        hooks.mkdir()
        shutil.copy(REPOSITORY / ".pre-commit-hooks.yaml", hooks)
        cls.run_in(hooks, "git", "init", "-q", "-b", "main")
        cls.run_in(hooks, "git", "add", "-A")
        cls.run_in(hooks, "git", "commit", "-q", "-m", "hooks")
        revision = cls.run_in(hooks, "git", "rev-parse", "HEAD").stdout.strip()
        cls.work = top / "work"
        shutil.copytree(REPOSITORY / "examples/decomposed/mlp_block", cls.work / "parts/mlp_block", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(REPOSITORY / "examples/first_step", cls.work / "lone/first_step", ignore=shutil.ignore_patterns("__pycache__"))
        (cls.work / "examples").mkdir()
        shutil.copy(REPOSITORY / "examples/mlp_block.py", cls.work / "examples")
        (cls.work / "notes.md").write_text("notes\n")
        (cls.work / "tool.py").write_text("print(1)\n")
        (cls.work / ".pre-commit-config.yaml").write_text(f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: decomp\n    args: [--num-trials, '1']\n")
        cls.run_in(cls.work, "git", "init", "-q", "-b", "main")
        cls.run_in(cls.work, "git", "add", "-A")
        cls.run_in(cls.work, "git", "commit", "-q", "-m", "work")

    @classmethod
    def run_in(cls, folder: Path, *command: str, expected: int = 0) -> subprocess.CompletedProcess:
        done = subprocess.run(command, cwd=folder, env=cls.environment, text=True, capture_output=True, timeout=300)
        if done.returncode != expected:
            raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def pre_commit(self, *arguments: str, expected: int = 0) -> str:
        before = self.tree()
        done = self.run_in(self.work, sys.executable, "-m", "pre_commit", "run", "--verbose", *arguments, expected=expected)
        self.assertEqual(self.tree(), before)
        return done.stdout

    def tree(self) -> dict[str, bytes]:
        files = [p for p in self.work.rglob("*") if p.is_file() and ".git" not in p.relative_to(self.work).parts]
        return {str(p): p.read_bytes() for p in files}

    def change(self, file: str, old: str, new: str) -> None:
        path = self.work / file
        before = path.read_text()
        self.assertIn(old, before)
        path.write_text(before.replace(old, new))
        self.addCleanup(lambda: (path.write_text(before), self.run_in(self.work, "git", "add", "-A")))
        self.run_in(self.work, "git", "add", "-A")

    def steps_in(self, output: str) -> list[str]:
        return [line.split()[1] for line in output.splitlines() if line.startswith(("PASS   ", "FAIL   "))]

    def test_all_files(self) -> None:
        steps = self.steps_in(self.pre_commit("--all-files"))
        self.assertEqual(len(steps), 4)  # two steps and their composition, and the lone step
        self.assertEqual(len(set(steps)), 4)

    def test_one_file_of_a_decomposition_checks_all_of_it(self) -> None:
        self.change("parts/mlp_block/level_0_kernel/silu_fp32.py", "F.silu(x)", "F.silu(x) * 1.5")
        output = self.pre_commit(expected=1)
        self.assertIn("custody-copy-differs", output)
        self.assertFalse([s for s in self.steps_in(output) if "first_step" in s])

    def test_the_source_model_elsewhere(self) -> None:
        self.change("examples/mlp_block.py", "1e-6", "1e-5")
        self.assertIn("custody-original-unknown", self.pre_commit(expected=1))

    def test_a_lone_step(self) -> None:
        self.change("lone/first_step/refactored.py", "return x + ", "return 2 * x + ")
        output = self.pre_commit(expected=1)
        self.assertEqual(self.steps_in(output), ["lone/first_step"])

    def test_nothing_relevant(self) -> None:
        self.change("notes.md", "notes", "other notes")
        begin = time.monotonic()
        self.run_in(self.work, "decomp", "hook", "notes.md", "tool.py")
        self.assertLess(time.monotonic() - begin, 1.0)  # no engine is loaded
        self.assertEqual(self.steps_in(self.pre_commit()), [])

    def test_a_list_in_parts_is_checked_once(self) -> None:
        files = [str(p.relative_to(self.work)) for p in (self.work / "parts").rglob("*.py")]
        self.assertGreater(len(files), 8)
        done = subprocess.run(["xargs", "-n", "4", "decomp", "hook", "--num-trials", "1"], cwd=self.work, env=self.environment, text=True,
                              input="\n".join(files), capture_output=True, timeout=300)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(len(self.steps_in(done.stdout)), 3)


if __name__ == "__main__":
    unittest.main()
