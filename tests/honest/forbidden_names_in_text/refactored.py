# No F.relu, no torch.matmul, no nn.Linear, no exec("..."), no os.system, no open("/etc/passwd") below.
"""
What this file must not contain: F.softmax(x), eval("1"), __import__("os"), x @ w, torch.ops.aten, getattr(self, "x").
It only says so. Naïve check: “x.relu()” is a string, too. 数据搬运 only.
"""
import torch  # torch.load is not used; pickle neither
import torch.nn as nn
from children.linear_6x6_fp32 import Model as Fc  # holds the nn.Linear
from children.group_norm_2_6_fp32 import Model as Gn

NOTE = "F.gelu, torch.where and subprocess.run are words in a constant"


class RefactoredModel(nn.Module):
    """Not `nn.Sequential(nn.Linear(6, 6), nn.GroupNorm(2, 6))`."""

    def __init__(self, n: int = 6) -> None:
        super().__init__()
        self.n = n
        self.fc = Fc()
        self.gn = Gn()

    def forward(self, x: "torch.Tensor") -> "torch.Tensor":
        # x = torch.relu(x)  <- was an experiment
        if x.dim() != 2 or x.shape[1] != self.n:
            raise ValueError(f"expected [batch, {self.n}], got {tuple(x.shape)}; see torch.compile notes")
        assert len(x.shape) == 2, "eval() mode or not, always two dimensions"
        return self.gn(self.fc(x)) ** 2
