"""Runs `decomp check` over tests/attacks: no attack may pass, every near miss must.

An attack is a folder of tests/attacks with an expect.json; its near_miss/ is an honest step that looks alike.
Each runs in a copy, so that nothing in the repository changes; a prepare.py beside expect.json makes what a
repository should not hold (bytecode, links, pipes) and runs in that copy first.

    python tests/e2e/run_attacks.py --decomp build/release/bin/decomp [NAME ...]

With --second-line PROGRAM the attacks that have a `second_line` run once more, by a program of the tests that leaves the first
line, the grammar, out: the rules that their expect.json names must stop them then.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ATTACKS = Path(__file__).resolve().parent.parent / "attacks"
RULE_TEXTS = ATTACKS.parent.parent / "rules" / "texts"
NOT_STAGED = ("near_miss", "expect.json", "prepare.py")
MECHANISMS = {
    "grammar", "conservation", "custody", "replay", "weights", "import", "walker", "sandbox",
    "vacuous", "mutants", "nondeterminism", "limits", "seeds",
}  # fmt: skip


def is_decomposition(folder: Path) -> bool:
    """An attack that is a whole decomposition, beside its source model."""
    return any(folder.glob("*/steps"))


@dataclass
class Case:
    folder: Path
    expect: dict
    near_miss: bool

    @property
    def name(self) -> str:
        return self.folder.parent.name + "/near_miss" if self.near_miss else self.folder.name


def read_cases(names: list[str]) -> list[Case]:
    cases = []
    for folder in sorted(ATTACKS.iterdir()):
        if not folder.is_dir() or (names and folder.name not in names):
            continue
        expect = json.loads((folder / "expect.json").read_text())
        cases.append(Case(folder, expect, False))
        if (folder / "near_miss").is_dir():
            cases.append(Case(folder / "near_miss", expect, True))
    return cases


def broken_expectations(cases: list[Case]) -> list[str]:
    """What is wrong with the corpus itself: an expectation that names no rule could never hold."""
    known = {path.stem for path in RULE_TEXTS.glob("*.md")}
    problems = []
    for case in cases:
        if case.near_miss:
            continue
        if case.expect.get("mechanism") not in MECHANISMS:
            problems.append(f"{case.name}: unknown mechanism {case.expect.get('mechanism')}")
        if not case.expect.get("stopped_by") or not case.expect.get("why"):
            problems.append(f"{case.name}: stopped_by and why must not be empty")
        for field in ("stopped_by", "second_line"):
            for rule in case.expect.get(field, []):
                if known and rule not in known:
                    problems.append(f"{case.name}: {field} names {rule}, which rules/texts does not know")
        if "second_line" in case.expect:
            if any(rule.startswith("grammar-") for rule in case.expect["second_line"]) or not case.expect["second_line"]:
                problems.append(f"{case.name}: second_line names rules of what the grammar lets through")
            if not any(rule.startswith("grammar-") for rule in case.expect.get("stopped_by", [])):
                problems.append(f"{case.name}: has a second line, and the grammar is not its first")
    return problems


def stage(case: Case, target: Path) -> None:
    shutil.copytree(case.folder, target, symlinks=True, ignore=shutil.ignore_patterns(*NOT_STAGED))
    script = case.folder / "prepare.py"
    if script.exists():
        subprocess.run([sys.executable, "-I", str(script)], cwd=target, check=True, timeout=120, stdin=subprocess.DEVNULL)


def judge(case: Case, step: dict, line: str) -> list[str]:
    """What the verdict on one step lacks; empty when it is as it should be. `line`: stopped_by or second_line."""
    findings = step["findings"]
    problems = []
    if case.near_miss:
        if step["status"] != "PASS":
            problems.append(f"false alarm: status {step['status']}")
        loud = sorted({finding["rule"] for finding in findings if finding["severity"] != "note"})
        if loud:
            problems.append(f"findings on an honest step: {', '.join(loud)}")
    else:
        if step["status"] == "PASS":
            problems.append("false PASS")
        errors = {finding["rule"] for finding in findings if finding["severity"] == "error"}
        if not errors & set(case.expect[line]):
            problems.append(f"not stopped by {' or '.join(case.expect[line])}")
    if not problems:
        return []
    lines = [f"{f['rule']} ({f['severity']}) {f['file']}:{f['line']} {f['message'][:400]}" for f in findings]
    return [f"{case.name}: {'; '.join(problems)}\n    " + "\n    ".join(lines or ["no findings"])]


@dataclass
class Runner:
    program: list[str]  # what stands before the paths
    line: str = "stopped_by"
    reports: Path | None = None


def whole_decomposition(report: dict) -> dict:
    """An attack on a whole decomposition is judged by all that was found in it."""
    parts = report["steps"] + report["compositions"]
    return {"status": report["status"], "findings": report["findings"] + [f for part in parts for f in part["findings"]]}


def run_group(runner: Runner, cases: list[Case]) -> list[str]:
    """Checks the cases with one command and judges each step of its report."""
    with tempfile.TemporaryDirectory(prefix="decomp-attack-") as folder:
        tree = Path(folder) / "tree"
        tree.mkdir()
        names = [case.name.replace("/", ".") for case in cases]
        for case, name in zip(cases, names):
            stage(case, tree / name)
        staged = {path for place in (tree, Path(folder)) for path in place.iterdir()}
        as_tree = cases[0].expect.get("check") == "tree" and not cases[0].near_miss
        arguments = [] if cases[0].near_miss else cases[0].expect.get("args", [])
        command = [*runner.program, *arguments, *(["."] if as_tree else names)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=120 + 60 * len(cases),
                stdin=subprocess.DEVNULL, cwd=tree, env={**os.environ, "NO_COLOR": "1", "DECOMP_NO_CACHE": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return [f"{', '.join(names)}: decomp did not end"]
        left = [path.name for place in (tree, Path(folder)) for path in place.iterdir() if path not in staged]
    group = names[0] if len(names) == 1 else f"{names[0]} .. {names[-1]}"
    try:
        report = json.loads(done.stdout)
        steps = {Path(step["path"]).name: step for step in report["steps"]}
        if is_decomposition(cases[0].folder):
            steps = {names[0]: whole_decomposition(report)}
    except (ValueError, KeyError, TypeError):
        return [f"{group}: exit {done.returncode} and no report: {done.stdout[-200:]!r}; stderr: {done.stderr[-800:]}"]
    problems = [f"{group}: left behind: {', '.join(left)}"] if left else []
    expected = 0 if cases[0].near_miss else 1
    if done.returncode != expected:
        problems.append(f"{group}: exit {done.returncode}, expected {expected}")
    for case, name in zip(cases, names):
        if name not in steps:
            problems.append(f"{case.name}: no step in the report")
            continue
        problems += judge(case, steps[name], runner.line)
        if runner.reports:
            (runner.reports / (name + ".json")).write_text(json.dumps(steps[name], indent=1))
    return problems


def group_cases(cases: list[Case], size: int) -> list[list[Case]]:
    """Honest and dishonest steps apart; those that need their own command alone."""
    groups: list[list[Case]] = []
    open_groups: dict[bool, list[Case]] = {}
    for case in cases:
        own_command = any(key in case.expect for key in ("args", "check", "alone")) and not case.near_miss
        if own_command or is_decomposition(case.folder):
            groups.append([case])
            continue
        group = open_groups.get(case.near_miss)
        if group is None or len(group) >= size:
            group = open_groups[case.near_miss] = []
            groups.append(group)
        group.append(case)
    return groups


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="attacks to run (default: all)")
    parser.add_argument("--decomp", type=Path, help="the binary")
    parser.add_argument("--group", type=int, default=16, help="steps per command (default 16; 1: each alone)")
    parser.add_argument("--second-line", type=Path, metavar="PROGRAM", help="run those that have a second line, without the first")
    parser.add_argument("--only", choices=("attacks", "near"), help="one half of the corpus")
    parser.add_argument("--reports", type=Path, help="folder for the JSON report of every step")
    arguments, extra = parser.parse_known_args()
    if not arguments.decomp and not arguments.second_line:
        parser.error("--decomp or --second-line is needed")
    cases = read_cases(arguments.names)
    if not cases:
        print("no such attack", file=sys.stderr)
        return 2
    failures = broken_expectations(cases)
    if arguments.only:
        cases = [case for case in cases if case.near_miss == (arguments.only == "near")]
    if arguments.reports:
        arguments.reports.mkdir(parents=True, exist_ok=True)
    if arguments.second_line:
        cases = [case for case in cases if not case.near_miss and "second_line" in case.expect]
        runner = Runner([str(arguments.second_line.resolve())], "second_line", arguments.reports)
    else:
        runner = Runner([str(arguments.decomp.resolve()), "check", "--format", "json", *extra], "stopped_by", arguments.reports)
    begin, done = time.monotonic(), 0
    for group in group_cases(cases, max(1, arguments.group)):
        problems = run_group(runner, group)
        done += len(group)
        print(f"{time.monotonic() - begin:6.1f} s  {done}/{len(cases)}  {group[0].name} .. {len(problems)} problems", flush=True)
        failures += problems
    for failure in failures:
        print(f"\n{failure}", file=sys.stderr)
    attacks = sum(not case.near_miss for case in cases)
    print(f"\n{attacks} attacks, {len(cases) - attacks} near misses, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
