import torch
import torch.nn as nn
from children.linear_5x4_fp32 import Model as Features
from children.tanh_fp32 import Model as Tanh
from children.matmul_fp32 import Model as MatMul
from children.eye_4_fp32 import Model as Eye
from children.solve_fp32 import Model as Solve
from children.cholesky_fp32 import Model as Cholesky


class RefactoredModel(nn.Module):
    def __init__(self, lam=0.5):
        super().__init__()
        self.lam = lam
        self.features = Features()
        self.tanh = Tanh()
        self.matmul = MatMul()
        self.eye = Eye()
        self.solve = Solve()
        self.cholesky = Cholesky()

    def forward(self, support, targets, query):
        s = self.tanh(self.features(support))
        q = self.tanh(self.features(query))
        st = s.transpose(1, 2)
        gram = self.matmul(st, s) + self.lam * self.eye()
        w = self.solve(gram, self.matmul(st, targets))
        return self.matmul(q, w), self.cholesky(gram)
