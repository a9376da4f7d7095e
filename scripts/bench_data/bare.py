"""The bare forward passes that a check cannot do without: both sides of each step, some trials, in one process.

    bare.py TRIALS STEP...    prints {"seconds", "cpu_seconds": of the forwards alone, "peak_bytes": of this process,
                              "weight_bytes": of the largest step}

Models are built before the clock runs, as many threads as torch likes, no comparison.
"""

import importlib.util
import json
import resource
import sys
import time
from pathlib import Path

import torch


def load(file: Path):
    for name in [n for n in sys.modules if n == "children" or n.startswith("children.")]:
        del sys.modules[name]
    sys.path.insert(0, str(file.parent))
    try:
        spec = importlib.util.spec_from_file_location("judged", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


def main(trials: int, steps: list[str]) -> None:
    seconds, cpu_seconds, weights = 0.0, 0.0, 0
    for step in map(Path, steps):
        torch.manual_seed(42)
        module = load(step / "original.py")
        arguments = module.get_init_inputs()
        inputs = module.get_inputs()
        for name in ("original.py", "refactored.py"):
            side = module if name == "original.py" else load(step / name)
            instance = (getattr(side, "RefactoredModel", None) or side.Model)(*arguments).eval()
            weights = max(weights, sum(t.numel() * t.element_size() for t in instance.parameters()))
            with torch.no_grad():
                start, cpu_start = time.perf_counter(), time.process_time()
                for _ in range(trials):
                    instance(*inputs)
                seconds += time.perf_counter() - start
                cpu_seconds += time.process_time() - cpu_start
            del instance
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_bytes": peak, "weight_bytes": weights}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
