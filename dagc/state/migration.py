"""A snapshot of one version of a lane as a snapshot of another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from compile.backend import state_shape
from dag.graphs.graph import Graph, State
from dag.values.types import Value
from dag.values.words import Column, column_dtype
from dagc.live.state import WrongSnapshot, instances_in, pack_state, unpack_state_and_time
from dagc.state.plan import Fate, Plan, Verdict, plan


def migrate(
    snapshot: bytes,
    old: Graph,
    new: Graph,
    *,
    fed: bool = False,
    changed: bool = False,
    values: Mapping[str, Value] | None = None,
) -> bytes:
    """The state of `snapshot`, which `old` took, as `new` goes on with it. States that mean the same keep their words.

    fed      also keep the words of states whose own rule is unchanged, though what feeds them is updated otherwise now
    changed  let states whose rule or shape changed begin again, with their constants
    values   what other states hold, by name: for those that begin with a value of a first bar that is behind them

    Raises WrongSnapshot for bytes that are no snapshot of `old`, and for a state that none of these takes, naming each.
    """
    instances = instances_in(snapshot)
    before, taken_at = unpack_state_and_time(old, snapshot, instances)
    found = plan(old, new)
    given = dict(values or {})
    unknown = [name for name in given if name not in {each.name for each in found.fates}]
    left = [each for each in found.fates if each.name not in given and not _is_taken(each, fed, changed)]
    if unknown or left:
        raise WrongSnapshot("\n".join([f"`{new.name}` cannot go on from this snapshot", *_why(unknown, left)]))
    state = {
        each.name: _column(new, each, fate, before, given, instances)
        for each, fate in zip(new.states, found.fates, strict=True)
    }
    return pack_state(new, state, instances, taken_at)


def _is_taken(fate: Fate, fed: bool, changed: bool) -> bool:
    match fate.verdict:
        case Verdict.KEPT | Verdict.NEW:
            return True
        case Verdict.FED:
            return fed
        case Verdict.CHANGED:
            return changed
        case Verdict.UNSTARTED:
            return False


def _why(unknown: list[str], left: list[Fate]) -> list[str]:
    lines = [f"  `{name}` is no state of it" for name in unknown]
    fixes = {
        Verdict.FED: "keep its word with fed=True (--fed), or give its value",
        Verdict.CHANGED: "let it begin again with changed=True (--changed), or give its value",
        Verdict.UNSTARTED: "give its value: values={...} (--set NAME=VALUE)",
    }
    return [*lines, *(f"  `{each.name}` is {each.verdict.value}: {fixes[each.verdict]}" for each in left)]


def _column(
    graph: Graph, state: State, fate: Fate, before: Mapping[str, Column], given: Mapping[str, Value], instances: int
) -> Column:
    type_ = graph.types[state.node]
    shape, dtype = state_shape(type_, instances), column_dtype(type_.element)
    if state.name in given:
        return np.full(shape, given[state.name], dtype)
    if fate.verdict in (Verdict.KEPT, Verdict.FED):
        return before[fate.source]
    return np.full(shape, state.initial, dtype)


__all__ = ["Plan", "migrate", "plan"]
