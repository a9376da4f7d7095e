import torch


def middle(x):
    return torch.nn.functional.gelu(x)


def get_inputs():
    return [torch.randn(5, 8)]


def get_init_inputs():
    return []


def get_expected_output_shape():
    return [(5, 8)]


class Model(torch.nn.Module):
    def forward(self, x):
        return x
