"""What decomp gives to agents: the rule book, and findings in their terse form.

Usage: test_agents.py DECOMP
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
DECOMP = str(Path(sys.argv.pop()).resolve())
EPS = "tests/broken/wrong_eps_within_tolerance"
RELU = "tests/broken/functional_relu_in_forward"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    own = {k: v for k, v in os.environ.items() if k not in ("AGENT", "CLAUDECODE")}
    return subprocess.run([DECOMP, *arguments], cwd=REPOSITORY, env=own | environment, capture_output=True, text=True, timeout=300)


class RuleBook(unittest.TestCase):
    def test_rules_readme_is_what_explain_prints(self) -> None:
        printed = run("explain", "--all", "--format", "markdown").stdout
        self.assertEqual((REPOSITORY / "rules/README.md").read_text(), printed,
                         "a rule changed: scripts/run explain --all --format markdown > rules/README.md")  # fmt: skip

    def test_every_rule_has_a_row_and_a_section(self) -> None:
        book = (REPOSITORY / "rules/README.md").read_text()
        ids = sorted(f.stem for f in (REPOSITORY / "rules/texts").glob("*.md"))
        self.assertEqual(re.findall(r"^\| \[([\w-]+)\]\(#\1\) \| (?:error|warning|note) \| .+ \|$", book, re.MULTILINE), ids)
        self.assertEqual(re.findall(r"^## ([\w-]+)$", book, re.MULTILINE), ids)
        self.assertEqual(re.findall(r"^# (.+)$", re.sub(r"^```.*?^```$", "", book, flags=re.DOTALL | re.MULTILINE), re.MULTILINE), ["The rules"])


class TerseFindings(unittest.TestCase):
    maxDiff = None

    def test_a_finding_is_one_line_with_rule_place_and_what_to_do(self) -> None:
        done = run("check", "--format", "agent", EPS, RELU)
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[-1], "FAIL 0/2")
        self.assertEqual(
            [re.match(r"([\w-]+) (\S+) .+? -> .+", line).groups() for line in lines[:-1]],
            [("conservation-argument", f"{EPS}/refactored.py"), ("grammar-compute-op", f"{RELU}/refactored.py:20:20")],
        )
        self.assertNotIn("\n  ", done.stdout)

    def test_a_pass_is_one_line(self) -> None:
        done = run("check", "--format", "agent", "examples/first_step")
        self.assertEqual((done.returncode, done.stdout), (0, "PASS 1/1\n"))

    def test_the_environment_chooses_it_and_a_flag_wins(self) -> None:
        terse = run("check", "--format", "agent", RELU).stdout
        for environment in ({"AGENT": "1"}, {"CLAUDECODE": "1"}):
            self.assertEqual(run("check", RELU, **environment).stdout, terse)
            self.assertIn("^^^^^^", run("check", "--format", "text", RELU, **environment).stdout)
        for environment in ({}, {"AGENT": ""}, {"CLAUDECODE": "0"}):
            self.assertIn("^^^^^^", run("check", RELU, **environment).stdout)

    def test_a_rule_that_fires_everywhere_is_cut_and_counted(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            step = Path(folder) / "step"
            shutil.copytree(REPOSITORY / RELU, step, ignore=shutil.ignore_patterns("__pycache__"))
            text = (step / "refactored.py").read_text()
            self.assertIn("        return x + F.relu(self.down(h))\n", text)
            (step / "refactored.py").write_text(text.replace("        return x + F.relu(self.down(h))\n", "        h = F.relu(h)\n" * 20 + "        return x + self.down(h)\n"))
            lines = run("check", "--format", "agent", str(step)).stdout.splitlines()
        self.assertEqual(sum(line.startswith("grammar-compute-op ") and ":" in line for line in lines), 12)
        self.assertEqual(sum(" -> " in line for line in lines), 1)
        self.assertIn("grammar-compute-op 8 more like these", lines)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
