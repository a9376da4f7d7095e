"""Attention masks in plain torch, in the place of a package's mask builders. The file that uses one is compared with the native model."""

CAUSAL = '''
def make_causal_mask(hidden_states, attention_mask=None):
    """[batch, 1, queries, keys] to be added to scores: 0 where a query sees a key, the dtype's lowest number elsewhere."""
    batch, length = hidden_states.shape[:2]
    positions = torch.arange(length, device=hidden_states.device)
    seen = positions[None, None, None, :] <= positions[None, None, :, None]
{window}    if attention_mask is not None:
        seen = seen & attention_mask[:, None, None, :].bool()
    seen = seen.expand(batch, 1, length, length)
    return torch.zeros(seen.shape, dtype=hidden_states.dtype, device=seen.device).masked_fill(~seen, torch.finfo(hidden_states.dtype).min)
'''
WINDOW = "    seen = seen & (positions[None, None, None, :] > positions[None, None, :, None] - {size})\n"
CHUNKS = "    seen = seen & (positions[None, None, None, :] // {size} == positions[None, None, :, None] // {size})\n"

PADDING = '''
def make_padding_mask(hidden_states, attention_mask):
    """[batch, 1, queries, keys] to be added to scores: 0 for keys that count, the dtype's lowest number for padding."""
    batch, length = hidden_states.shape[:2]
    seen = attention_mask[:, None, None, :].bool().expand(batch, 1, length, attention_mask.shape[-1])
    return torch.zeros(seen.shape, dtype=hidden_states.dtype, device=seen.device).masked_fill(~seen, torch.finfo(hidden_states.dtype).min)
'''
AROUND = '''
def make_neighbour_mask(hidden_states, attention_mask=None):
    """[batch, 1, queries, keys] to be added to scores: 0 for keys at most {size} places away, the dtype's lowest number elsewhere."""
    batch, length = hidden_states.shape[:2]
    positions = torch.arange(length, device=hidden_states.device)
    seen = (positions[None, None, None, :] - positions[None, None, :, None]).abs() <= {size}
    if attention_mask is not None:
        seen = seen & attention_mask[:, None, None, :].bool()
    seen = seen.expand(batch, 1, length, length)
    return torch.zeros(seen.shape, dtype=hidden_states.dtype, device=seen.device).masked_fill(~seen, torch.finfo(hidden_states.dtype).min)
'''


def mask_function(builder: str, config) -> tuple[str, str] | None:
    """Name and text of the plain function for a builder of the package; None for one that is not known."""
    window, chunk = getattr(config, "sliding_window", None), getattr(config, "attention_chunk_size", None)
    if builder == "create_causal_mask":
        return "make_causal_mask", CAUSAL.format(window="").strip()
    if builder == "create_sliding_window_causal_mask" and window:
        return "make_sliding_window_mask", CAUSAL.replace("make_causal_mask", "make_sliding_window_mask").format(window=WINDOW.format(size=window)).strip()
    if builder == "create_chunked_causal_mask" and chunk:
        return "make_chunked_causal_mask", CAUSAL.replace("make_causal_mask", "make_chunked_causal_mask").format(window=CHUNKS.format(size=chunk)).strip()
    if builder == "create_bidirectional_mask":
        return "make_padding_mask", PADDING.strip()
    if builder == "create_bidirectional_sliding_window_mask" and window:
        return "make_neighbour_mask", AROUND.format(size=window).strip()
    return None
