"""Runs `decomp check` over a corpus of steps: tests/honest, all of which must pass without a word, or tests/broken.

A case is a step or, where it holds a folder */steps/, a decomposition. A broken case holds expect.json:
    exit      the exit code, 1 where it is left out
    rules     every one of these ids is an error of the step, and the first error is one of them
    also      ids that may come first, too
    contains  texts that one of the step's errors must hold in its message, its help or its place
    file, line  where the first error of one of `rules` must lie
    path      what is checked, relative to the case; several words are several paths (default: the case itself)
    args      further arguments
    stderr    texts that standard error must hold, for an exit that is no verdict
Each case runs in a copy, which has no expect.json and must not change.

    python tests/e2e/run_cases.py --decomp build/release/bin/decomp tests/honest [NAME ...]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

RULE_TEXTS = Path(__file__).resolve().parents[2] / "rules" / "texts"
KEYS = {"exit", "rules", "also", "contains", "file", "line", "path", "args", "stderr"}


def is_decomposition(folder: Path) -> bool:
    """A case that holds a decomposition, beside its source model."""
    return any(folder.glob("*/steps"))


@dataclass
class Case:
    name: str
    folder: Path
    expect: dict | None  # None: an honest step

    @property
    def alone(self) -> bool:
        """Has an exit code, arguments or a settings file of its own."""
        expect = self.expect or {}
        if is_decomposition(self.folder):
            return True
        return bool(expect.get("args") or expect.get("stderr") or "path" in expect) or expect.get("exit", 1) != 1


@dataclass
class Outcome:
    returncode: int
    report: dict | None
    stderr: str
    steps: dict[str, dict] = field(default_factory=dict)  # by the path that was given


def read_cases(corpus: Path, names: list[str]) -> list[Case]:
    cases = []
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir()):
        if names and folder.name not in names:
            continue
        expectation = folder / "expect.json"
        cases.append(Case(folder.name, folder, json.loads(expectation.read_text()) if expectation.exists() else None))
    return cases


def wrong_expectations(cases: list[Case]) -> list[str]:
    """An expectation that names no known rule or field could never hold, or would hold of itself."""
    known = {path.stem for path in RULE_TEXTS.glob("*.md")}
    problems = []
    for case in cases:
        expect = case.expect
        if expect is None:
            continue
        problems += [f"{case.name}: expect.json has an unknown field {key}" for key in sorted(set(expect) - KEYS)]
        problems += [f"{case.name}: no rule is called {rule}" for rule in expect.get("rules", []) + expect.get("also", []) if rule not in known]
        if expect.get("exit", 1) == 1 and not expect.get("rules"):
            problems.append(f"{case.name}: expects exit 1 and no rule")
        if expect.get("exit", 1) != 1 and not expect.get("stderr"):
            problems.append(f"{case.name}: expects exit {expect['exit']} and no message")
    return problems


def listing(tree: Path) -> dict[str, int]:
    return {str(path.relative_to(tree)): path.lstat().st_mtime_ns for path in tree.rglob("*")}


def paths_of(case: Case) -> list[str]:
    words = (case.expect or {}).get("path", ".").split()
    return [case.name if word == "." else f"{case.name}/{word}" for word in words]


def run_group(decomp: Path, cases: list[Case], extra: list[str]) -> tuple[Outcome, list[str]]:
    """One command over a copy of the cases: what it said, and what it left behind."""
    with tempfile.TemporaryDirectory(prefix="decomp-cases-") as folder:
        tree = Path(folder)
        for case in cases:
            shutil.copytree(case.folder, tree / case.name, ignore=shutil.ignore_patterns("expect.json"))
        before = listing(tree)
        paths = [path for case in cases for path in paths_of(case)]
        command = [str(decomp), "check", "--format", "json", *(cases[0].expect or {}).get("args", []), *extra, *paths]
        working_folder = tree / cases[0].name if (tree / cases[0].name / "decomp.toml").exists() else tree
        if working_folder != tree:
            command[-len(paths):] = [os.path.relpath(tree / path, working_folder) for path in paths]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=120 + 30 * len(cases),
                stdin=subprocess.DEVNULL, cwd=working_folder, env={**os.environ, "NO_COLOR": "1", "DECOMP_NO_CACHE": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Outcome(-1, None, "decomp did not end"), []
        changed = sorted(name for name, when in listing(tree).items() if before.get(name) != when)
    try:
        report = json.loads(done.stdout) if done.stdout.strip() else None
        outcome = Outcome(done.returncode, report, done.stderr)
        if report is not None:
            for step in report["steps"]:
                name = step["path"] if working_folder == tree else f"{cases[0].name}/{step['path']}"
                outcome.steps[os.path.normpath(name)] = step
    except (ValueError, KeyError, TypeError) as error:
        outcome = Outcome(done.returncode, None, f"no report: {error}: {done.stdout[-300:]!r}; {done.stderr[-500:]}")
    return outcome, changed


def show(finding: dict) -> str:
    place = f"{finding['file']}:{finding['line']}:{finding['column']}" if finding["line"] else finding["file"]
    return f"{finding['rule']} ({finding['severity']}) {place}: {finding['message'][:400]}"


def whole_decomposition(report: dict) -> dict:
    """A case that is a decomposition is judged by all that was found in it."""
    parts = report["steps"] + report["compositions"]
    findings = report["findings"] + [finding for part in parts for finding in part["findings"]]
    divergences = [part["first_divergence"] for part in parts if part["first_divergence"]]
    return {"status": report["status"], "findings": findings, "first_divergence": "\n".join(divergences)}


def judge_honest(step: dict) -> list[str]:
    problems = [] if step["status"] == "PASS" else [f"status {step['status']}, expected PASS"]
    if any(finding["severity"] != "note" for finding in step["findings"]):
        problems.append("findings on an honest step")
    return problems


def judge_broken(step: dict, expect: dict) -> list[str]:
    problems = [] if step["status"] not in ("PASS", "NOT DECIDED") else [f"status {step['status']}"]
    errors = [finding for finding in step["findings"] if finding["severity"] == "error"]
    rules = expect["rules"]
    present = {finding["rule"] for finding in errors}
    problems += [f"no error of rule {rule}" for rule in rules if rule not in present]
    if errors and errors[0]["rule"] not in rules + expect.get("also", []):
        problems.append(f"the first error is {errors[0]['rule']}, expected {' or '.join(rules)}")
    told = "\n".join(f"{f['file']}:{f['line']} {f['message']} {f['help']}" for f in errors) + "\n" + step.get("first_divergence", "")
    problems += [f"nothing says {text!r}" for text in expect.get("contains", []) if text not in told]
    places = [finding for finding in errors if finding["rule"] in rules]
    if places and "file" in expect and not ("/" + places[0]["file"]).endswith("/" + expect["file"]):
        problems.append(f"file {places[0]['file']}, expected {expect['file']}")
    if places and "line" in expect and places[0]["line"] != expect["line"]:
        problems.append(f"line {places[0]['line']}, expected {expect['line']}")
    return problems


def judge(case: Case, outcome: Outcome) -> list[str]:
    """The fields in which the outcome differs from what is expected of the case, then the findings."""
    expect = case.expect
    problems, findings = [], []
    if expect is not None and "stderr" in expect:
        problems += [f"standard error does not say {text!r}: {outcome.stderr[-400:]!r}" for text in expect["stderr"] if text not in outcome.stderr]
    else:
        whole = outcome.report is not None and is_decomposition(case.folder)
        steps = [whole_decomposition(outcome.report)] if whole else [outcome.steps.get(os.path.normpath(path)) for path in paths_of(case)]
        if outcome.report is None or None in steps:
            return [f"{case.name}: no step in the report (exit {outcome.returncode}): {outcome.stderr[-600:]}"]
        for step in steps:
            problems += judge_honest(step) if expect is None else judge_broken(step, expect)
            findings += [show(finding) for finding in step["findings"]]
            if step.get("first_divergence"):
                findings.append(f"first divergence: {step['first_divergence']}")
    if not problems:
        return []
    return [f"{case.name}: {'; '.join(problems)}" + "".join(f"\n    {line}" for line in findings or ["no findings"])]


def run_and_judge(decomp: Path, cases: list[Case], extra: list[str]) -> list[str]:
    outcome, changed = run_group(decomp, cases, extra)
    group = cases[0].name if len(cases) == 1 else f"{cases[0].name} .. {cases[-1].name}"
    problems = [f"{group}: changed or left behind: {', '.join(changed)}"] if changed else []
    expected = 0 if cases[0].expect is None else cases[0].expect.get("exit", 1)
    if outcome.returncode != expected:
        problems.append(f"{group}: exit {outcome.returncode}, expected {expected}")
    if outcome.report is not None and outcome.report["exit"] != outcome.returncode:
        problems.append(f"{group}: the report says exit {outcome.report['exit']}, the process said {outcome.returncode}")
    for case in cases:
        problems += judge(case, outcome)
    return problems


def group_cases(cases: list[Case], size: int) -> list[list[Case]]:
    groups, shared = [], {}
    for case in cases:
        if case.alone:
            groups.append([case])
            continue
        kind = case.expect is None
        if kind not in shared or len(shared[kind]) >= size:
            shared[kind] = []
            groups.append(shared[kind])
        shared[kind].append(case)
    return groups


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="folder of cases")
    parser.add_argument("names", nargs="*", help="cases to run (default: all)")
    parser.add_argument("--decomp", type=Path, required=True, help="the binary")
    parser.add_argument("--group", type=int, default=32, help="steps per command (default 32; 1: each alone)")
    parser.add_argument("--at-least", type=int, default=1, help="fail if the corpus holds fewer cases")
    arguments, extra = parser.parse_known_args()
    cases = read_cases(arguments.corpus, arguments.names)
    if len(cases) < arguments.at_least:
        print(f"{arguments.corpus} holds {len(cases)} of these cases, expected {arguments.at_least} or more", file=sys.stderr)
        return 2
    failures = wrong_expectations(cases)
    begin, done = time.monotonic(), 0
    for group in group_cases(cases, max(1, arguments.group)):
        problems = run_and_judge(arguments.decomp.resolve(), group, extra)
        done += len(group)
        print(f"{time.monotonic() - begin:6.1f} s  {done}/{len(cases)}  {group[0].name}: {len(problems)} problems", flush=True)
        failures += problems
    for failure in failures:
        print(f"\n{failure}", file=sys.stderr)
    honest = sum(case.expect is None for case in cases)
    print(f"\n{honest} honest and {len(cases) - honest} broken cases, {len(failures)} failures, {time.monotonic() - begin:.1f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
