"""Saying which names there are when one is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from dag.graph import Graph
from dag.ops import GET


def did_you_mean(wrong: str, names: Iterable[str]) -> str:
    """`did you mean `bid`?`, or the first few names there are."""
    known = list(names)
    close = difflib.get_close_matches(wrong, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    shown = ", ".join(f"`{name}`" for name in known[:8])
    return f"there are {shown}{', ...' if len(known) > 8 else ''}" if known else "there are none"


def node_called(graph: Graph, name: str) -> int:
    """The node of that name; raises KeyError, which suggests one."""
    for state in graph.states:
        type_ = graph.types[state.node]
        if type_.is_array and name in (
            state.name,
            graph.names[state.node],
            *(graph.names[n] for n in graph.writes(state)),
        ):
            reads = [node for node in graph.users()[state.node] if graph.ops[node] is GET]
            shown = "".join(f" `{graph.names[node]}`" for node in reads[:4]) or " nothing"
            raise KeyError(
                f"`{name}` is the array {type_}, no single value; read from it:{shown}; a snapshot holds all of it"
            )
    try:
        return graph.node(name)
    except KeyError:
        names = [*(tap.name for tap in graph.taps), *(graph.names[node] for node in graph.single_values())]
        raise KeyError(f"no node is called `{name}`; {did_you_mean(name, names)}") from None
