"""How long a model's first forward takes: forward.py FILE THREADS prints {"seconds", "again": of the second}."""

import importlib.util
import json
import sys
import time

import torch


def main(file: str, threads: int) -> None:
    torch.set_num_threads(threads)
    spec = importlib.util.spec_from_file_location("model", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.manual_seed(0)
    model = module.Model(*module.get_init_inputs()).eval()
    inputs = module.get_inputs()
    times = []
    with torch.no_grad():
        for _ in range(2):
            start = time.perf_counter()
            model(*inputs)
            times.append(time.perf_counter() - start)
    print(json.dumps({"seconds": times[0], "again": times[1]}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
