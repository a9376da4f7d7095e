"""decomp decompose and batch-decompose: small models of one difficulty each are taken apart and proved."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import decompose_goldens

MODELS = Path(__file__).resolve().parent.parent / "decompose"
PARTLY = MODELS.parent / "decompose_partial" / "other_objects.py"
ONE_KERNEL = {"root_mean_square"}
# Whose source cannot be kept, or is not proved as it is: they go by the recorded run. All others go by their source.
RECORDED = {"checkpointed", "closures", "decorators", "hooks", "parameter_lists", "parametrized", "sequential_subclass", "walrus_and_lambdas"}


def run(decomp: str, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([decomp, *map(str, arguments)], capture_output=True, text=True, timeout=600)


def expect(condition: bool, what: str, result: subprocess.CompletedProcess | None = None) -> None:
    if condition:
        return
    shown = f"\n{result.stdout}\n{result.stderr}" if result is not None else ""
    sys.exit(f"FAIL: {what}{shown}")


def texts(folder: Path) -> dict[str, str]:
    """Every file of a decomposition but the reports of its proof, without the time of its making and the way to the model."""
    found = {}
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.parent.name != "verification"):
        lines = [line for line in file.read_text().splitlines() if '"timestamp"' not in line and '"source_file"' not in line]
        found[str(file.relative_to(folder))] = "\n".join(lines)
    return found


def check_shape(folder: Path) -> None:
    """Leaves are kernels, each step lies where the tree says, every file that a step imports is there."""
    tree = json.loads((folder / "decomposition_tree.json").read_text())
    nodes = tree["nodes"]
    expect(tree["metadata"]["total_components"] == len(nodes), f"{folder.name}: the tree counts its nodes")
    for node in nodes.values():
        expect((folder / node["path"]).is_file(), f"{folder.name}: {node['path']} is missing")
        expect(bool(node["children"]) != (node["level"] == "kernel"), f"{folder.name}: {node['id']} is a {node['level']} with children {node['children']}")
    for step in (folder / "steps").glob("*"):
        expect((step / "refactored.py").is_file() and any((step / "children").iterdir()), f"{step} is no step")


def test_batch(decomp: str, work: Path) -> None:
    result = run(decomp, "batch-decompose", MODELS, "-o", work / "all", "--jobs", 2)
    expect(result.returncode == 0, "every model is taken apart and proved", result)
    summary = json.loads((work / "all" / "batch_summary.json").read_text())
    names = sorted(f.stem for f in MODELS.glob("*.py"))
    expect(sorted(Path(m["model"]).stem for m in summary["models"]) == names, "a row for each model", result)
    expect(summary["passed"] == len(names) and summary["failed"] == 0, "all rows pass", result)
    ways = {Path(m["model"]).stem: m["made"] for m in summary["models"]}
    expect(not any(made["gaps"] for made in ways.values()), "every module is taken apart")
    expect({name for name, made in ways.items() if made["recorded"]} == RECORDED, f"which go by the recorded run: { {n: m['recorded'] for n, m in ways.items() if m['recorded']} }")
    for name in names:
        check_shape(work / "all" / name)
        has_step = (work / "all" / name / "steps").exists()
        expect(has_step != (name in ONE_KERNEL), f"{name}: has {'a' if has_step else 'no'} step")
    again = run(decomp, "batch-decompose", MODELS, "-o", work / "all", "--resume")
    expect(again.returncode == 0 and f"{len(names)} left as they were" in again.stdout, "--resume leaves what is there", again)


def test_result_is_checked_and_deterministic(decomp: str, work: Path) -> None:
    model, out = MODELS / "causal_block.py", work / "one"
    result = run(decomp, "decompose", model, "-o", out)
    expect(result.returncode == 0 and "PASS" in result.stdout, "one model", result)
    expect(texts(out) == texts(work / "all" / "causal_block"), "two runs write the same files")
    for report in ("coverage_summary", "step_verification_summary", "test_results"):
        expect((out / "verification" / f"{report}.json").is_file(), f"{report} is there")
    report = run(decomp, "check", out, "--format", "json")
    steps = json.loads(report.stdout)["steps"]
    expect(report.returncode == 0 and all(s["grade"] == "bit_exact" for s in steps), "check agrees, bit for bit", report)
    source = (out / "steps" / "step_1_model_to_fusions" / "refactored.py").read_text()
    expect("x = x + self.attention(self.norm1(x))" in source and "def feed(self, x):" in source, "the author's forward lives on")
    refused = run(decomp, "decompose", model, "-o", out)
    expect(refused.returncode == 2 and "--force" in refused.stderr, "a folder that is there is refused", refused)
    (out / "mine.txt").write_text("by hand")
    forced = run(decomp, "decompose", model, "-o", out, "--force")
    expect(forced.returncode == 0 and (work / "one.1" / "mine.txt").is_file() and not (out / "mine.txt").exists(), "--force puts it aside", forced)


def test_goldens(work: Path, rewrite: bool) -> None:
    if rewrite:
        decompose_goldens.rewrite(work / "all")
    found = decompose_goldens.differences(work / "all")
    expect(not found, "the text is the one that was read (test_decompose.py --rewrite-goldens, then read the change):\n" + "\n".join(found))


def test_levels(decomp: str, work: Path) -> None:
    stacked = work / "all" / "sequential_stack"
    names = [f.stem for f in sorted((stacked / "level_1_fusion").iterdir())]
    expect(names == ["conv_bn_relu_3x4_3x3_s2_fp32", "conv_bn_relu_4x4_3x3_fp32", "linear_relu_dropout_16x8_fp32"], f"runs of nn.Sequential are fusions: {names}")
    edges = [(e["from"], e["to"]) for e in json.loads((stacked / "decomposition_tree.json").read_text())["data_flow"]]
    expect({("features_0", "features_1"), ("features_1", "features_3")} <= set(edges) and ("features_0_conv", "features_0_bn") in edges, f"the tree tells the recorded flow: {edges}")
    sizes = json.loads((work / "all" / "two_sizes" / "decomposition_tree.json").read_text())["nodes"]
    runs = [node["input_shapes"]["x"] for node in sizes.values() if node["path"].endswith("/conv_relu_max_pool_4x4_3x3_fp32.py")]
    expect(runs == [[2, 4, 8, 8], [2, 4, 4, 4]], f"equal runs are one fusion, each instance with its shapes: {runs}")
    plain = run(decomp, "decompose", MODELS / "sequential_stack.py", "-o", work / "plain", "--no-fusions")
    expect(plain.returncode == 0 and not (work / "plain" / "level_1_fusion").exists(), "--no-fusions leaves kernels alone", plain)
    low = run(decomp, "decompose", MODELS / "residual_blocks.py", "-o", work / "low", "--max-level", 2)
    expect(low.returncode == 0 and (work / "low" / "level_2_layer" / "residual_blocks.py").is_file(), "--max-level 2: the model is one", low)
    expect(sorted(f.stem for f in (work / "low" / "level_1_fusion").glob("res*")) == ["residual_block_8", "residual_block_8x16_s2"], "its blocks are below it", low)


def test_what_cannot_be_taken_apart(decomp: str, work: Path) -> None:
    """One module's rotations are methods of an object that holds tensors: it stays whole, and is named with the reason."""
    out = work / "partly"
    result = run(decomp, "decompose", PARTLY, "-o", out, "--format", "json")
    report = json.loads(result.stdout)
    made = report["decomposition"]
    expect(result.returncode == 1 and report["status"] == "FAIL" and made["partial"], "a partial tree is no success", result)
    (gap,) = made["made"]["gaps"]
    expect(gap["module"] == "turned" and "rotation" in gap["reason"], f"the gap is named: {gap}")
    expect(any(f["rule"] == "decompose-partial" and "turned" in f["message"] for f in report["findings"]), "as a finding, too", result)
    expect(report["steps"] and all(s["status"] == "PASS" for s in report["steps"]), "the rest is proved", result)
    tree = json.loads((out / "decomposition_tree.json").read_text())
    expect(tree["metadata"]["verification_status"] == "PARTIAL", "the tree says so")
    expect("Partial" in (out / "decomposition_analysis.md").read_text(), "the analysis says so")
    log = json.loads((out / "decomposition_log.json").read_text())["entries"]
    expect(any(e["type"] == "deviation" and "turned" in e["title"] for e in log), "the log says so")


def test_failures_are_plain(decomp: str, work: Path) -> None:
    bad = work / "narrow.py"
    bad.write_text((MODELS / "root_mean_square.py").read_text().replace("return [8]", "return [8, 1, 2]"))
    result = run(decomp, "decompose", bad, "-o", work / "narrow")
    expect(result.returncode == 1 and "decompose-failed" in result.stdout + result.stderr, "a model that cannot be built", result)
    expect(not (work / "narrow").exists(), "nothing is left in the place of what failed")
    hangs = work / "data"
    hangs.mkdir()
    shutil.copy(MODELS / "root_mean_square.py", hangs / "b_good.py")
    (hangs / "a_hangs.py").write_text((MODELS / "root_mean_square.py").read_text().replace("return x / ", "while True: pass\n        return x / "))
    for place in ("taken_apart/level_0_kernel", "taken_apart/steps/step_1_model_to_kernels/children", "step/children"):
        (hangs / place).mkdir(parents=True)
        shutil.copy(MODELS / "root_mean_square.py", hangs / place)
    shutil.copy(MODELS / "root_mean_square.py", hangs / "step" / "original.py")
    batch = run(decomp, "batch-decompose", hangs, "-o", work / "batch", "--timeout", "5")
    rows = json.loads((work / "batch" / "batch_summary.json").read_text())["models"]
    expect(batch.returncode == 1 and [r["status"] for r in rows] == ["FAIL", "PASS"], "a model that hangs is one row; what was made of models is none", batch)
    expect(run(decomp, "decompose", work / "none.py", "-o", work / "x").returncode == 2, "no such file")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--decomp", required=True)
    parser.add_argument("--rewrite-goldens", action="store_true")
    given = parser.parse_args()
    decomp = given.decomp
    with tempfile.TemporaryDirectory() as work:
        test_batch(decomp, Path(work))
        test_goldens(Path(work), given.rewrite_goldens)
        test_levels(decomp, Path(work))
        test_result_is_checked_and_deterministic(decomp, Path(work))
        test_what_cannot_be_taken_apart(decomp, Path(work))
        test_failures_are_plain(decomp, Path(work))
    print("ok")


if __name__ == "__main__":
    main()
