"""What flows between the children of one instance of a parent, as the recorded run shows it."""

from decompose.recorder import Event, Meta, ModuleCall, all_events, metas

VIEWS = ("index", "select", "slice", "narrow", "chunk", "split", "unbind", "view", "reshape", "transpose", "permute", "squeeze", "unsqueeze",
         "flatten", "unflatten", "T", "mT", "detach", "expand")


def child_flow(planner, module, of_event: dict[int, tuple], of_module: dict[int, str]) -> list[tuple[str, str, Meta]]:
    """(from, to, the tensor as it reaches the second) between children by path; "" is the parent itself. `of_event`: the
    child that an event or a call of a module lies in, and which part of that child it is; `of_module`: the child that all calls of a module
    lie in. Plumbing hands on what it reads; what is not known to lie in a child hands on nothing."""
    call = planner.recorder.calls[id(module)][0]
    origins: dict[int, set[str]] = {m.value: {""} for m in metas([call.args, call.kwargs])}
    edges: dict[tuple[str, str, int], Meta] = {}
    ran: dict[tuple, list] = {}  # by child and part: the shapes of the first call, which are those of the tree
    views: set[int] = set()
    weights: set[int] = set()  # what is made of parameters alone

    def child(path: str, part: int, reads: list[Meta], makes: list[Meta], inside: list) -> None:
        handed = {m.value for m in reads} - {m.value for e in all_events(inside) for m in e.results}
        makes = [m for m in makes if m.value not in handed] or makes  # beside what it makes, it may give back what it got
        if ran.setdefault((path, part), [m.shape for m in reads + makes]) != [m.shape for m in reads + makes]:
            for meta in makes:
                origins[meta.value] = set()
            return
        for meta in reads:
            for origin in origins.get(meta.value, ()):
                if origin != path and meta.owned is None:
                    edges.setdefault((origin, path, meta.value), meta)
        gives = any(m.owned is None and m.value not in weights for m in reads)  # a part of a parameter is the parameter's
        weights.update(m.value for m in makes if not gives)
        for meta in makes:
            origins[meta.value] = {path} if gives else set()

    def plumbing(event: Event) -> None:
        reads = operands_of(event)
        written_through(event, reads)
        views.update(m.value for m in event.results if event.name in VIEWS)
        unknown = planner.ops.kind(event.name) == "compute" or any(m.owned is not None for m in reads)
        if reads and all(m.owned is not None or m.value in weights for m in reads):
            weights.update(m.value for m in event.results)
        before = set() if unknown else set().union(*[origins.get(m.value, set()) for m in reads])
        for meta in event.results:
            origins[meta.value] = set(before)

    def written_through(event: Event, reads: list[Meta]) -> None:
        """A write through a view changes tensors that are not named there: nothing is known of any."""
        if event.name == "index_put" or (event.in_place and reads and reads[0].value in views):
            for value in origins:
                origins[value] = set()

    def walk(log: list) -> None:
        for entry in log:
            if isinstance(entry, ModuleCall):
                path, part = of_event.get(id(entry)) or (of_module.get(id(entry.module)), id(entry.module))
                if path is None and planner.is_container(entry.module):
                    walk(entry.inside)
                elif path is None:
                    for meta in metas(entry.output):
                        origins[meta.value] = set()
                else:
                    child(path, part, metas([entry.args, entry.kwargs]), metas(entry.output), entry.inside)
            elif id(entry) in of_event:
                written_through(entry, operands_of(entry))
                child(*of_event[id(entry)], operands_of(entry), entry.results, [entry])
            else:
                plumbing(entry)

    walk(call.inside)
    for meta in metas(call.output):
        for origin in origins.get(meta.value, ()):
            edges.setdefault((origin, "", meta.value), meta)
    return [(a, b, meta) for (a, b, _), meta in edges.items()]


def operands_of(event: Event) -> list[Meta]:
    """The tensors that an operation reads; an index of one number is a number."""
    reads = metas(list(event.arguments.values()))
    return reads[:1] + [m for m in reads[1:] if m.shape or m.dtype == "bool"] if event.name == "index" else reads


def goes_past(edges: list[tuple[str, str, Meta]]) -> bool:
    """Is what the parent received joined to what a child made, as a residual sum does?"""
    received = {(b, meta.value) for a, b, meta in edges if not a}
    return any(a and (b, meta.value) in received for a, b, meta in edges)
