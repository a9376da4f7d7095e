"""Runs `decomp check` over tests/attacks: no attack may pass, every near miss must.

An attack is a folder of tests/attacks with an expect.json; its near_miss/ is an honest step that looks alike.
Each runs in a copy, so that nothing in the repository changes; a prepare.py beside expect.json makes what a
repository should not hold (bytecode, links, pipes) and runs in that copy first.

    python tests/e2e/run_attacks.py --decomp build/release/bin/decomp [NAME ...]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ATTACKS = Path(__file__).resolve().parent.parent / "attacks"
RULE_TEXTS = ATTACKS.parent.parent / "rules" / "texts"
NOT_STAGED = ("near_miss", "expect.json", "prepare.py")
MECHANISMS = {
    "grammar", "conservation", "custody", "replay", "weights", "import", "walker", "sandbox",
    "vacuous", "mutants", "nondeterminism", "limits", "seeds",
}  # fmt: skip


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
        for rule in case.expect.get("stopped_by", []):
            if known and rule not in known:
                problems.append(f"{case.name}: stopped_by names {rule}, which rules/texts does not know")
    return problems


def stage(case: Case, target: Path) -> None:
    shutil.copytree(case.folder, target, symlinks=True, ignore=shutil.ignore_patterns(*NOT_STAGED))
    script = case.folder / "prepare.py"
    if script.exists():
        subprocess.run([sys.executable, "-I", str(script)], cwd=target, check=True, timeout=120, stdin=subprocess.DEVNULL)


def judge(case: Case, code: int, stdout: str, stderr: str) -> list[str]:
    """What the verdict lacks; empty when it is as it should be."""
    try:
        report = json.loads(stdout)
    except ValueError:
        return [f"exit {code} and no JSON on stdout: {stdout[-200:]!r}; stderr: {stderr[-600:]}"]
    steps = report.get("steps", [])
    findings = [finding for step in steps for finding in step["findings"]]
    shown = "; ".join(f"{f['rule']} ({f['severity']}) {f['file']}:{f['line']} {f['message']}" for f in findings) or "none"
    problems = []
    if case.near_miss:
        if code != 0 or report.get("status") != "PASS" or [step["status"] for step in steps] != ["PASS"]:
            problems.append(f"false alarm: exit {code}, status {report.get('status')}")
        loud = [finding["rule"] for finding in findings if finding["severity"] != "note"]
        if loud:
            problems.append(f"findings on an honest step: {', '.join(loud)}")
    else:
        if report.get("status") == "PASS" or any(step["status"] == "PASS" for step in steps):
            problems.append("false PASS")
        if code != case.expect["exit"]:
            problems.append(f"exit {code}, expected {case.expect['exit']}")
        errors = {finding["rule"] for finding in findings if finding["severity"] == "error"}
        if not errors & set(case.expect["stopped_by"]):
            problems.append(f"not stopped by {' or '.join(case.expect['stopped_by'])}")
    return [f"{'; '.join(problems)}. findings: {shown}"] if problems else []


def run_case(decomp: Path, case: Case, extra: list[str]) -> tuple[list[str], str, float]:
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="decomp-attack-") as folder:
        step = Path(folder) / "tree" / "step"
        step.parent.mkdir()
        stage(case, step)
        target = step.parent if case.expect.get("check") == "tree" and not case.near_miss else step
        command = [str(decomp), "check", "--format", "json", *case.expect.get("args", []), *extra, str(target)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=300, stdin=subprocess.DEVNULL,
                cwd=folder, env={**os.environ, "NO_COLOR": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return ["decomp did not end within 300 s"], "", time.monotonic() - begin
        left = [path.name for path in Path(folder).iterdir() if path.name != "tree"]
        problems = judge(case, done.returncode, done.stdout, done.stderr)
        if left:
            problems.append(f"left behind beside the step: {', '.join(left)}")
        return problems, done.stdout, time.monotonic() - begin


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="attacks to run (default: all)")
    parser.add_argument("--decomp", type=Path, required=True, help="the binary")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--only", choices=("attacks", "near"), help="one half of the corpus")
    parser.add_argument("--report", type=Path, help="folder for the JSON report of every case")
    arguments, extra = parser.parse_known_args()
    cases = read_cases(arguments.names)
    if not cases:
        print("no such attack", file=sys.stderr)
        return 2
    failures = broken_expectations(cases)
    if arguments.only:
        cases = [case for case in cases if case.near_miss == (arguments.only == "near")]
    decomp = arguments.decomp.resolve()
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = pool.map(lambda case: (case, *run_case(decomp, case, extra)), cases)
        for case, problems, stdout, seconds in results:
            print(f"{'FAIL' if problems else 'ok':4s} {seconds:5.1f} s  {case.name}", flush=True)
            failures += [f"{case.name}: {problem}" for problem in problems]
            if arguments.report:
                arguments.report.mkdir(parents=True, exist_ok=True)
                (arguments.report / (case.name.replace("/", ".") + ".json")).write_text(stdout)
    for failure in failures:
        print(f"\n{failure}", file=sys.stderr)
    attacks = sum(not case.near_miss for case in cases)
    print(f"\n{attacks} attacks, {len(cases) - attacks} near misses, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
