"""Saying which names there are when one is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from dag.graph import Graph


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
    try:
        return graph.node(name)
    except KeyError:
        names = [*(tap.name for tap in graph.taps), *graph.names]
        raise KeyError(f"no node is called `{name}`; {did_you_mean(name, names)}") from None
