"""The names of the nodes of a graph."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Protocol

from dag.graphs.graph import Scope, Tap
from dag.operators.op import Op, Source
from dag.operators.table import PUT


class NamedNode(Protocol):
    """What names depend on: the operator, the label of a port, and the lane call that the node belongs to."""

    @property
    def op(self) -> Op | Source: ...
    @property
    def label(self) -> str: ...
    @property
    def owner(self) -> int: ...


def names_of(
    nodes: Sequence[NamedNode], args: Sequence[tuple[int, ...]], taps: Sequence[Tap], scopes: Sequence[Scope]
) -> tuple[str, ...]:
    """One name per node, all different, and none the tap of another node.

    A port has its own name (`x.before` reads state x). A value has the shortest name the user gave it in the lane that computes
    it, otherwise anywhere. The rest are numbered after the value they go into, those that go into none after their lane.
    """
    paths = {scope.path: index for index, scope in enumerate(scopes)}
    names = ["" if node.op is Source.STATE else node.label for node in nodes]
    ports = set(names)
    taken = {*ports, *(tap.name for tap in taps)}
    for index, each in enumerate(nodes):
        if each.op is Source.STATE:
            names[index] = _free(f"{each.label}.before", taken)

    def distance(tap: Tap) -> tuple[bool, int, int, str]:
        foreign = _scope_of(tap.name, paths) != nodes[tap.node].owner
        return foreign, tap.name.count("."), len(tap.name), tap.name

    for tap in sorted(taps, key=distance, reverse=True):
        if tap.name not in ports and (isinstance(nodes[tap.node].op, Op) or nodes[tap.node].op is Source.CONST):
            names[tap.node] = tap.name
    base = list(names)
    for node, each in enumerate(nodes):
        if each.op is PUT:
            base[node] = base[args[node][0]].removesuffix(".before")
    for node in reversed(range(len(nodes))):
        for arg in args[node]:
            base[arg] = base[arg] or base[node]
    counts: dict[str, int] = {}
    for node in range(len(names)):
        while not names[node]:
            stem = base[node] or scopes[nodes[node].owner].lane
            counts[stem] = counts.get(stem, 0) + 1
            candidate = f"{stem}.{counts[stem]}"
            if candidate not in taken:
                names[node] = candidate
                taken.add(candidate)
    return tuple(names)


def _free(name: str, taken: set[str]) -> str:
    """`name`, or `name.2`, `name.3`, ... where it is taken; it is taken from then on."""
    free = name
    for number in itertools.count(2):
        if free not in taken:
            break
        free = f"{name}.{number}"
    taken.add(free)
    return free


def _scope_of(name: str, paths: dict[str, int]) -> int:
    """The innermost lane call whose path leads to `name`."""
    path = name
    while path:
        path = path.rpartition(".")[0]
        if path in paths:
            return paths[path]
    return 0
