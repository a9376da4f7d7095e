"""The text that `decomp decompose` writes for small models, as it was last read and found good.

A golden holds what a reader of a decomposition looks at: its files by level, the class of each refactored parent and of each fusion, and
what was grouped. `test_decompose.py --rewrite-goldens` writes them anew; the change is reviewed by reading it."""

import difflib
import json
from pathlib import Path

GOLDENS = Path(__file__).resolve().parent.parent / "decompose" / "goldens"
READ = ["branches", "causal_block", "flat_forward", "owned_tensors", "recurrent", "residual_blocks", "result_types", "root_mean_square",
        "semantic_kernels", "sequential_stack"]


def model_class(source: str) -> str:
    """From the imports of children, or the class, to the functions of the template."""
    lines = source.splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith(("from children.", "class ")))
    end = next((i for i, line in enumerate(lines) if i > begin and line.startswith(("def get_", "# Test", "batch_size"))), len(lines))
    return "\n".join(lines[begin:end]).rstrip()


def golden_text(folder: Path) -> str:
    """What is compared of one decomposition."""
    parts = []
    for level in sorted(folder.glob("level_*")):
        parts.append(f"{level.name}: " + " ".join(sorted(f.stem for f in level.glob("*.py"))))
    grouped = (folder / "decomposition_analysis.md").read_text().partition("## What was grouped, and why\n\n")[2].partition("\n\n## ")[0]
    parts += ["", grouped]
    for step in sorted((folder / "steps").glob("*"), key=lambda s: int(s.name.split("_")[1])):
        parts += ["", f"==== {step.name}", model_class((step / "refactored.py").read_text())]
        if (step / "weight_map.json").is_file():
            renamed = json.loads((step / "weight_map.json").read_text())
            parts.append(f"# {len(renamed)} weights renamed: " + ", ".join(f"{a} -> {b}" for a, b in list(renamed.items())[:3]))
    for fusion in sorted((folder / "level_1_fusion").glob("*.py")):
        parts += ["", f"==== {fusion.stem}", model_class(fusion.read_text())]
    kernels = sorted((folder / "level_0_kernel").glob("*.py"))
    for kernel in kernels:
        body = model_class(kernel.read_text())
        if "nn." not in body.partition("super().__init__()")[2] and body.count("\n") > 8:  # an idea of the author's
            parts += ["", f"==== {kernel.stem}", body]
    return "\n".join(parts).strip() + "\n"


def differences(made: Path) -> list[str]:
    """Unified diffs of what lies in `made`/<model> against the goldens."""
    found = []
    for name in READ:
        golden = GOLDENS / f"{name}.txt"
        wanted = golden.read_text().splitlines() if golden.is_file() else []
        now = golden_text(made / name).splitlines()
        if wanted != now:
            found.append("\n".join(difflib.unified_diff(wanted, now, f"goldens/{name}.txt", "made now", lineterm="", n=2)))
    return found


def rewrite(made: Path) -> None:
    GOLDENS.mkdir(exist_ok=True)
    for name in READ:
        (GOLDENS / f"{name}.txt").write_text(golden_text(made / name))
