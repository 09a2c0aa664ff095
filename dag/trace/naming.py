"""What everything is called in the end.

A call's path depends on how often its lane is called from the same place, and a variable's number on how often it is
assigned, so names are collected while tracing and resolved once the root lane is through.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from dag.graphs.builder import GraphBuilder


@dataclass(slots=True)
class _Call:
    lane: str
    target: str
    parent: int


@dataclass(slots=True)
class Names:
    """Calls, taps and states by the call they stand in; calls are numbered as the builder numbers its scopes."""

    calls: list[_Call] = field(default_factory=list[_Call])
    states: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])
    #: States that no variable of the user stands for, with the names that would do: the first in the alphabet is taken, so
    #: that the order of statements does not matter, and variables have theirs before.
    own_states: dict[str, set[tuple[int, str]]] = field(default_factory=dict[str, set[tuple[int, str]]])
    taps: list[tuple[int, str, int]] = field(default_factory=list[tuple[int, str, int]])
    constants: list[tuple[int, str, int]] = field(default_factory=list[tuple[int, str, int]])
    #: What every state is called in the end, by its provisional name.
    final: dict[str, str] = field(default_factory=dict[str, str])

    def add_call(self, lane: str, target: str, parent: int) -> None:
        """One more call of `lane`, whose result goes into the variable `target` of the calling lane."""
        self.calls.append(_Call(lane, target, parent))

    def resolve(self, builder: GraphBuilder) -> None:
        """Hand final paths, states and taps to the builder. Where two want one name, the later has a number behind it.

        A state that was not declared, because of a mistake, has no name.
        """
        paths = self._paths()
        for scope, path in enumerate(paths):
            builder.rename_scope(scope, path)
        for scope, provisional, local in filter(lambda each: builder.has_state(each[1]), self.states):
            self.final[provisional] = _rename_numbered(builder, provisional, _join(paths[scope], local))
        for provisional, wanted in self.own_states.items():
            self.final[provisional] = _rename_numbered(
                builder, provisional, min(_join(paths[scope], local) for scope, local in wanted)
            )
        ports = builder.ports()
        for scope, local, node in self.taps:
            _tap_numbered(builder, _join(paths[scope], local), node, ports)
        for scope, local, node in self.constants:
            _tap_numbered(builder, _join(paths[scope], local), node, ports)

    def _paths(self) -> list[str]:
        components = [""] * len(self.calls)
        called: dict[int, dict[str, list[int]]] = {}
        for child, call in enumerate(self.calls[1:], start=1):
            called.setdefault(call.parent, {}).setdefault(call.lane, []).append(child)
        for children in called.values():
            taken: set[str] = set()
            for lane, same in children.items():
                times = len(same)
                targets = [self.calls[child].target for child in same]
                apart = all(targets) and len(set(targets)) == times
                for index, child in enumerate(same):
                    suffix = "" if times == 1 else f"_{targets[index]}" if apart else f"_{index + 1}"
                    component = lane + suffix
                    while component in taken:
                        component += "_"
                    taken.add(component)
                    components[child] = component
        paths: list[str] = []
        for index, call in enumerate(self.calls):
            paths.append(_join(paths[call.parent], components[index]) if index else "")
        return paths


def _join(path: str, local: str) -> str:
    return f"{path}.{local}" if path else local


def _tap_numbered(builder: GraphBuilder, name: str, node: int, ports: dict[str, int]) -> None:
    """Tap `name`, or `name.1`, `name.2`, ... where a port or another value is called so already."""
    if ports.get(name) == node:
        return
    for number in itertools.count():
        candidate = f"{name}.{number}" if number else name
        if candidate in ports:
            continue
        try:
            builder.tap(candidate, node)
        except ValueError:
            continue
        return


def _rename_numbered(builder: GraphBuilder, provisional: str, name: str) -> str:
    """Call a state `name`, or `name.2`, `name.3`, ... where another is called so; returns what it is called."""
    number = 1
    while True:
        final = name if number == 1 else f"{name}.{number}"
        try:
            builder.rename_state(provisional, final)
        except ValueError:
            number += 1
        else:
            return final


def variable_names(
    variable: str, definitions: Sequence[tuple[tuple[str, int], ...]], final_known: bool
) -> list[tuple[str, int]]:
    """Local tap names of a variable's successive values, each flattened into (suffix, node) pairs.

    The last value is `x`, earlier ones `x.1`, `x.2`, ...; a node is named once per variable. `final_known` is false where an
    `if` left the variable with a value that nothing reads; then all are numbered.
    """
    seen: set[int] = set()
    kept: list[tuple[tuple[str, int], ...]] = []
    for values in reversed(definitions):
        new = tuple((suffix, node) for suffix, node in values if node not in seen)
        seen.update(node for _, node in new)
        if new:
            kept.append(new)
    kept.reverse()
    names: list[tuple[str, int]] = []
    for index, values in enumerate(kept):
        last = index == len(kept) - 1 and (final_known or len(kept) == 1)
        stem = variable if last else f"{variable}.{index + 1}"
        names.extend((stem + suffix, node) for suffix, node in values)
    return names
