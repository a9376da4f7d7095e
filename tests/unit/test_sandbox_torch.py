"""torch and NumPy go on working inside the sandbox, with threads, and give the values that they give outside.

Usage: test_sandbox_torch.py PATH_OF_sandbox_probe
"""

import ctypes
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import traceback
import unittest

# One task until the fork: NumPy's OpenBLAS starts its threads at import.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import torch  # noqa: E402

PROBE = ctypes.CDLL(sys.argv.pop(1))
# When it is imported, dynamo looks for a place for its cache, and would find none. It writes nothing there.
os.environ["TORCHINDUCTOR_CACHE_DIR"] = tempfile.tempdir = os.path.dirname(torch.__file__)
READABLE = [path for path in sys.path if path] + ["/usr/lib", "/lib", "/lib64", "/proc/self", "/proc/cpuinfo"]
SECONDS = 120


def scripted(x: torch.Tensor) -> torch.Tensor:
    total = torch.zeros_like(x)
    for i in range(3):
        total = total + x * i
    return total


def in_fork(act, sandboxed: bool) -> str:
    """Runs `act` in a fork; the text of what went wrong there, empty when all went well."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        problem = ""
        try:
            os.dup2(write_end, 2)  # the sandbox keeps the three standard descriptors only
            signal.alarm(SECONDS)
            level = ctypes.create_string_buffer(256)
            if sandboxed and PROBE.enter_required_sandbox("\n".join(READABLE).encode(), level, 256) != 0:
                problem = "not sandboxed: " + level.value.decode()
            else:
                torch.set_num_threads(2)
                torch.manual_seed(7)
                act()
        except BaseException:
            problem = traceback.format_exc()
        os.write(2, problem.encode())
        os._exit(1 if problem else 0)
    os.close(write_end)
    with open(read_end, "rb") as pipe:
        text = pipe.read().decode()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return "" if status == 0 else text or f"ended with {status}"


class TorchInTheSandbox(unittest.TestCase):
    maxDiff = None

    def check(self, compute) -> None:
        """The values inside are those outside, which are made in a fork too: this process keeps its one task."""
        shared = torch.frombuffer(mmap.mmap(-1, 8 << 20), dtype=torch.float64)

        def values() -> torch.Tensor:
            return torch.as_tensor(compute()).reshape(-1).to(torch.float64)

        def remember() -> None:
            flat = values()
            shared[: flat.numel()] = flat

        def compare() -> None:
            flat = values()
            torch.testing.assert_close(flat, shared[: flat.numel()], rtol=1e-5, atol=1e-5)
            assert flat.abs().sum() > 0

        self.assertEqual(in_fork(remember, sandboxed=False), "")
        self.assertEqual(in_fork(compare, sandboxed=True), "")

    def test_matmul_on_threads(self) -> None:
        self.check(lambda: torch.randn(512, 512) @ torch.randn(512, 512))

    def test_convolution(self) -> None:
        self.check(lambda: torch.conv2d(torch.randn(2, 8, 32, 32), torch.randn(16, 8, 3, 3)))

    def test_convolution_in_bfloat16(self) -> None:
        self.check(lambda: torch.conv2d(torch.randn(2, 8, 32, 32).bfloat16(), torch.randn(16, 8, 3, 3).bfloat16()))

    def test_fft(self) -> None:
        self.check(lambda: torch.fft.fft2(torch.randn(64, 48)).abs())

    def test_svd(self) -> None:
        self.check(lambda: torch.linalg.svdvals(torch.randn(64, 48)))

    def test_attention(self) -> None:
        def attention() -> torch.Tensor:
            q, k, v = torch.randn(3, 2, 4, 64, 32)
            return torch.nn.functional.scaled_dot_product_attention(q, k, v)

        self.check(attention)

    def test_lstm(self) -> None:
        def lstm() -> torch.Tensor:
            with torch.no_grad():
                return torch.nn.LSTM(16, 32, 2)(torch.randn(5, 3, 16))[0]

        self.check(lstm)

    def test_script(self) -> None:
        self.check(lambda: torch.jit.script(scripted)(torch.randn(32, 32)))

    def test_trace_by_fx(self) -> None:
        def traced() -> torch.Tensor:
            model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.ReLU())
            return torch.fx.symbolic_trace(model)(torch.randn(4, 8)).detach()

        self.check(traced)

    def test_capture_by_dynamo(self) -> None:
        self.check(lambda: torch.compile(torch.nn.Linear(8, 8), backend="eager")(torch.randn(4, 8)).detach())

    def test_numpy(self) -> None:
        def numpy_work() -> np.ndarray:
            generator = np.random.default_rng(7)
            matrix = generator.normal(size=(48, 48))
            return np.abs(np.fft.fft(np.linalg.inv(matrix @ matrix.T + np.eye(48))))

        self.check(numpy_work)

    def test_late_import_of_the_standard_library(self) -> None:
        def late() -> None:
            for name in ("decimal", "sqlite3.dbapi2", "xml.etree.ElementTree", "torch.distributions"):
                __import__(name)

        self.assertEqual(in_fork(late, sandboxed=True), "")

    def test_what_must_not_work_does_not(self) -> None:
        acts = {
            "write": lambda: open("/tmp/decomp_sandbox_torch", "w"),
            "read": lambda: open("/etc/passwd"),
            "exec": lambda: os.execv("/bin/true", ["true"]),
            "spawn": lambda: subprocess.run(["/bin/true"]),
            "fork": os.fork,
        }

        def attempt_all() -> None:
            for name, act in acts.items():
                with self.assertRaises(PermissionError, msg=name):
                    act()

        self.assertEqual(in_fork(attempt_all, sandboxed=True), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
