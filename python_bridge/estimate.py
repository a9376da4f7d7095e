"""How much memory one run of a model needs at least, found on meta tensors: shapes without values. Runs in a fork of its own."""

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.overrides import TorchFunctionMode


def memory_of(module, class_name: str) -> tuple[int, int, int, bool]:
    """Bytes of the judged file's parameters and buffers, of its inputs, of the most that its forward holds besides, and whether
    the forward came to its end. All are lower bounds: what one torch function uses within itself is not seen, and a forward that
    asks for values ends where it asks."""
    with torch.no_grad(), torch.device("meta"), _Sizes():
        arguments = module.__dict__["get_init_inputs"]() if "get_init_inputs" in module.__dict__ else []
        model = module.__dict__[class_name](**arguments) if isinstance(arguments, dict) else module.__dict__[class_name](*arguments)
        torch.nn.Module.eval(model)
        args = module.__dict__["get_inputs"]()
        kwargs = (module.__dict__["get_input_kwargs"]() if "get_input_kwargs" in module.__dict__ else {}) or {}
        weights = {*torch.nn.Module.parameters(model), *torch.nn.Module.buffers(model)}
        watch = _Watch(weights, _tensors([args, kwargs]))
        try:
            with watch:
                model(*args, **kwargs)
        except Exception:
            return watch.weights, watch.inputs, watch.peak, False
        return watch.weights, watch.inputs, watch.peak, True


_FILLS = {getattr(torch.Tensor, f"{name}_") for name in ("uniform", "normal", "exponential", "cauchy", "log_normal", "geometric", "random", "bernoulli")}


class _Sizes(TorchFunctionMode):
    """Random tensors by their sizes alone: torch would import its Python references, for seconds, to make them on meta."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func in _FILLS and args:
            return args[0]
        kind = {torch.rand: "floats", torch.randn: "floats", torch.randint: "integers"}.get(func)
        if kind is None or "out" in kwargs:
            return func(*args, **kwargs)
        if kind == "floats":
            size = kwargs.get("size", args)
        else:
            size = kwargs["size"] if "size" in kwargs else next(a for a in args if isinstance(a, (tuple, list, torch.Size)))
        dtype = kwargs.get("dtype") or (torch.int64 if kind == "integers" else None)
        return torch.empty(*size, dtype=dtype, device="meta")


class _Watch(TorchFunctionMode):
    """Adds up the storages that the results of torch functions keep alive."""

    def __init__(self, weights, inputs) -> None:
        super().__init__()
        self.live: dict[int, tuple[StorageWeakRef, int]] = {}
        self.own: set[int] = set()  # storages of weights and inputs, which live as long as this
        self.total = self.peak = 0
        self.weights = sum(map(self._claim, weights))
        self.inputs = sum(map(self._claim, inputs))

    def _claim(self, tensor: torch.Tensor) -> int:
        storage = tensor.untyped_storage()
        if storage._cdata in self.own:
            return 0
        self.own.add(storage._cdata)
        return storage.nbytes()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for tensor in _tensors(result):
            self._add(tensor.untyped_storage())
        return result

    def _add(self, storage: torch.UntypedStorage) -> None:
        key, size = storage._cdata, storage.nbytes()
        if key in self.own:
            return
        known = self.live.get(key)
        if known is not None and not known[0].expired():
            return
        self.live[key] = (StorageWeakRef(storage), size)
        self.total += size - (known[1] if known else 0)
        if self.total > self.peak:  # those that are gone count no more
            self.live = {k: entry for k, entry in self.live.items() if not entry[0].expired()}
            self.total = sum(size for _, size in self.live.values())
            self.peak = max(self.peak, self.total)


def _tensors(value, depth: int = 8) -> list[torch.Tensor]:
    """The tensors in nested containers of the plain kinds."""
    if isinstance(value, torch.Tensor):
        return [value] if value.layout == torch.strided else []
    if depth and isinstance(value, dict):
        value = list(value.values())
    if depth and isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item, depth - 1)]
    return []
