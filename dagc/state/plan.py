"""What becomes of each state when one version of a lane takes over from another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from dag.graphs.graph import Graph, State
from dag.operators.op import Family
from dag.values.words import show
from dagc.state.meaning import Identity, identities


class Verdict(Enum):
    """What a state of the new version is to the old."""

    KEPT = "kept"
    """It means what a state of the old version means, and goes on with its word: what it would hold had it always run."""
    FED = "fed"
    """It is updated as the state of its name was, by states of which one is updated otherwise."""
    CHANGED = "changed"
    """A state of its name was there, and held something else or was updated otherwise."""
    NEW = "new"
    """No state of its name was there. It begins with a constant."""
    UNSTARTED = "new, with no first bar to begin with"
    """No state of its name was there, and it begins with the value of a first bar that lies behind the states it shares a start with."""


@dataclass(frozen=True, slots=True)
class Fate:
    """One state of the new version: what it is to the old, and the state whose word it can go on with; empty where there is none."""

    name: str
    verdict: Verdict
    source: str
    holds: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of every state of the new version; `dropped` are those of the old that none goes on with or is called as."""

    old: Graph
    new: Graph
    fates: tuple[Fate, ...]
    dropped: tuple[str, ...]

    def of(self, verdict: Verdict) -> list[Fate]:
        """The states with this verdict."""
        return [each for each in self.fates if each.verdict is verdict]

    def __str__(self) -> str:
        lines = [f"{self.old.name} {self.old.content_hash[:12]} -> {self.new.name} {self.new.content_hash[:12]}"]
        width = max((len(each.name) for each in self.fates), default=0)
        for each in self.fates:
            renamed = f", from {each.source}" if each.source not in ("", each.name) else ""
            lines.append(f"  {each.verdict.value:<8} {each.name:<{width}}  {each.holds}{renamed}")
        lines += [f"  dropped  {name}" for name in self.dropped]
        return "\n".join(lines if len(lines) > 1 else [*lines, "  no states"])


def plan(old: Graph, new: Graph) -> Plan:
    """The plan for a snapshot of `old` that `new` is to go on with."""
    before, after = identities(old, new)
    by_meaning = {each.meaning: name for name, each in reversed(before.items())}
    started = _started_by(new)
    fates: list[Fate] = []
    kept: set[str] = set()
    for state in new.states:
        verdict, source = _verdict(state.name, after[state.name], before, by_meaning)
        if verdict is Verdict.KEPT:
            kept.add(state.name)
        fates.append(Fate(state.name, verdict, source, _holds(new, state)))
    fates = [
        Fate(each.name, Verdict.UNSTARTED, "", each.holds)
        if each.verdict is Verdict.NEW and started.get(each.name, set()) & kept
        else each
        for each in fates
    ]
    followed = {each.source for each in fates} | set(after)
    return Plan(old, new, tuple(fates), tuple(name for name in before if name not in followed))


def _verdict(
    name: str, identity: Identity, before: Mapping[str, Identity], by_meaning: Mapping[str, str]
) -> tuple[Verdict, str]:
    if identity.meaning in by_meaning:
        same_name = name in before and before[name].meaning == identity.meaning
        return Verdict.KEPT, name if same_name else by_meaning[identity.meaning]
    if name not in before:
        return Verdict.NEW, ""
    was = before[name]
    is_fed = (was.shape, was.cone) == (identity.shape, identity.cone)
    return (Verdict.FED if is_fed else Verdict.CHANGED), (name if was.shape == identity.shape else "")


def _holds(graph: Graph, state: State) -> str:
    type_ = graph.types[state.node]
    unit = "" if graph.units[state.node] == "1" else f" [{graph.units[state.node]}]"
    return f"{type_}{unit}, begins with {show(state.initial, type_.element)}"


def _started_by(graph: Graph) -> dict[str, set[str]]:
    """For each state whose first value is that of a first bar, the flags that say whether that bar is behind it."""
    states = {state.node: state.name for state in graph.states}
    found: dict[str, set[str]] = {}
    for node in graph.operators():
        if graph.family(node) is not Family.CHOICE:
            continue
        condition, chosen, _ = graph.args[node]
        if chosen in states:
            found.setdefault(states[chosen], set()).update(_flags(graph, condition, states))
    return found


def _flags(graph: Graph, node: int, states: Mapping[int, str]) -> Iterable[str]:
    """The states of bools that a condition is made of."""
    pending, seen = [node], {node}
    while pending:
        each = pending.pop()
        if each in states and str(graph.types[each]) == "bool":
            yield states[each]
        fresh = {*graph.args[each]} - seen
        seen |= fresh
        pending += fresh
