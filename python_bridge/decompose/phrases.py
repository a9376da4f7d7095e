"""What kernels do, in words: for docstrings and names."""

PHRASES = {
    "conv": "convolution", "conv1d": "one-dimensional convolution", "conv2d": "two-dimensional convolution", "conv3d": "three-dimensional convolution",
    "conv_transpose": "transposed convolution", "conv_transpose1d": "transposed one-dimensional convolution",
    "conv_transpose2d": "transposed two-dimensional convolution", "conv_transpose3d": "transposed three-dimensional convolution",
    "linear": "affine map", "matmul": "matrix product", "bmm": "batched matrix product", "einsum": "sum of products by index",
    "bn": "batch norm", "batch_norm1d": "batch norm", "batch_norm2d": "batch norm of each channel", "batch_norm3d": "batch norm of each channel",
    "layer_norm": "layer norm", "group_norm": "group norm", "instance_norm": "instance norm", "rms_norm": "root-mean-square norm",
    "relu": "ReLU", "relu6": "ReLU6", "gelu": "GELU", "silu": "SiLU", "elu": "ELU", "selu": "SELU", "leaky_relu": "leaky ReLU", "mish": "Mish",
    "sigmoid": "sigmoid", "tanh": "hyperbolic tangent", "softplus": "softplus", "hardtanh": "clamp to a range", "hardswish": "hard swish", "clamp": "clamp to a range",
    "softmax": "softmax over one dimension", "log_softmax": "logarithm of softmax over one dimension", "logsumexp": "logarithm of a sum of exponentials",
    "max_pool": "max pooling", "avg_pool": "average pooling", "max_pool2d": "max pooling", "avg_pool2d": "average pooling", "adaptive_avg_pool2d": "average pooling to a fixed size",
    "embedding": "rows of a table, by index", "dropout": "dropout", "mean": "mean over dimensions", "sum": "sum over dimensions",
    "flatten": "flattening of dimensions", "identity": "the identity", "lstm": "long short-term memory", "gru": "gated recurrent unit",
    "sdpa": "scaled dot-product attention", "masked_fill": "masked fill"}

OPERATIONS = {"add": ("add", "Adds"), "sub": ("subtract", "Subtracts"), "mul": ("scale_by", "Multiplies by"), "div": ("divide_by", "Divides by"),
              "pow": ("power", "Raises to"), "rdiv": ("divide", "Divides")}
SCALES = {"weight", "scale", "gamma", "gain"}


def phrase(word: str) -> str:
    return PHRASES.get(word, word.replace("_", " "))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def owned_word(operation: str, attributes: list[str]) -> str:
    """The name of an arithmetic operation with a tensor of its own: bias_add, scale, add_pos_embedding."""
    own = attributes[0]
    if operation == "add" and "bias" in own:
        return "bias_add"
    if operation == "mul" and own in SCALES:
        return "scale"
    return f"{OPERATIONS.get(operation, (operation, ''))[0]}_{own}"


def kernel_sentence(word: str, operation: str, attributes: list[str]) -> str:
    """The docstring of a kernel that an expression became. `operation`: of arithmetic alone, else ""."""
    if attributes and operation in OPERATIONS:
        return f"{OPERATIONS[operation][1]} {attributes[0]}, its own."
    if attributes == [word]:
        return f"Holds {word}."
    own = f", with {' and '.join(attributes)} of its own" if attributes else ""
    return f"{capital(phrase(word))}{own}."


def fusion_sentence(words: list[str]) -> str:
    parts = [phrase(w) for w in words]
    return capital(", ".join(parts[:-1]) + " and " + parts[-1]) + "."
