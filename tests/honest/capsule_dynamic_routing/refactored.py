import torch
import torch.nn as nn
from children.prediction_vectors_3x6x5x4_fp32 import Model as Predictions
from children.softmax_dim1_fp32 import Model as Softmax
from children.sum_dim2_fp32 import Model as SumInputs
from children.squash_fp32 import Model as Squash
from children.sum_dimlast_keepdim_fp32 import Model as Agreement


class RefactoredModel(nn.Module):
    def __init__(self, n_in=6, d_in=4, n_out=3, d_out=5, iterations=3):
        super().__init__()
        self.iterations = iterations
        self.predictions = Predictions()
        self.softmax = Softmax()
        self.sum_inputs = SumInputs()
        self.squash = Squash()
        self.agreement = Agreement()

    def forward(self, u):
        u_hat = self.predictions(u[:, None, :, :, None]).squeeze(-1)
        b = torch.zeros(u.size(0), u_hat.size(1), u_hat.size(2), 1)
        for r in range(self.iterations):
            c = self.softmax(b)
            v = self.squash(self.sum_inputs(c * u_hat))
            if r < self.iterations - 1:
                b = b + self.agreement(u_hat * v.unsqueeze(2))
        return v
