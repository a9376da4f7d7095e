import torch
import torch.nn as nn
from children.cdist_fp32 import Model as Cdist
from children.length_scale_1_fp32 import Model as LengthScale
from children.exp_fp32 import Model as Exp
from children.eye_fp32 import Model as Eye
from children.cholesky_fp32 import Model as Cholesky
from children.cholesky_solve_fp32 import Model as CholeskySolve
from children.matmul_4x6_6x1_fp32 import Model as MatMul


class RefactoredModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.noise = 0.1
        self.cdist = Cdist()
        self.scale = LengthScale()
        self.exp = Exp()
        self.eye = Eye()
        self.cholesky = Cholesky()
        self.solve = CholeskySolve()
        self.matmul = MatMul()

    def kernel(self, a, b):
        return self.exp(-0.5 * self.scale(self.cdist(a, b)) ** 2)

    def forward(self, x, y, x_star):
        k = self.kernel(x, x) + self.noise * self.eye(x.size(-2))
        alpha = self.solve(y, self.cholesky(k))
        return self.matmul(self.kernel(x_star, x), alpha)
