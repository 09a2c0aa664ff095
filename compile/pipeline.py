"""The passes that every graph goes through before any backend sees it, in order, each with the reason for its place.

A pass is a function from graph to graph. `stages` keeps the graph between any two of them, for `dagc graph` and for the check of
one pass against the graph before it (`compile.passes.validate`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from compile.passes.flush_subnormals import flush_subnormals
from compile.passes.reject_out_of_domain import reject_out_of_domain
from compile.passes.simplify import simplify
from dag.graphs.graph import Graph
from dag.language.lane import FLUSH, KEEP
from dag.values.floating_point import in_standard_environment

#: What the graph is called before any pass.
TRACED = "trace"
#: The pass that a command asks for by name.
SIMPLIFY = "simplify"


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """Which passes a graph goes through: `subnormals` as its lane declares it, and whether it is simplified."""

    subnormals: str = KEEP
    simplify: bool = False


@dataclass(frozen=True, slots=True)
class Pass:
    """A function from graph to graph, why it is there and stands where it does, and on which graphs it is run."""

    name: str
    reason: str
    run: Callable[[Graph], Graph]
    is_wanted: Callable[[PipelineOptions], bool]
    #: Whether subnormal values become zeros: it is meant to change those.
    flushes: bool = False


PASSES: tuple[Pass, ...] = (
    Pass(
        "reject-out-of-domain",
        "a port outside its domain becomes a status and safe outputs; first, since what later passes know of values holds on "
        "accepted rows only",
        reject_out_of_domain,
        lambda wanted: True,
    ),
    Pass(
        "flush-subnormals",
        "makes subnormal values zeros by nodes of the graph, so that every backend flushes alike; after the rejection, which "
        "compares what was given and not what is left of it",
        flush_subnormals,
        lambda wanted: wanted.subnormals == FLUSH,
        flushes=True,
    ),
    Pass(
        SIMPLIFY,
        "fewer and cheaper operators by proved rules; last, so that what the other passes add is simplified with the rest",
        simplify,
        lambda wanted: wanted.simplify,
    ),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A graph, and the pass that it came out of; TRACED names the one that none has seen."""

    name: str
    graph: Graph


@in_standard_environment
def stages(graph: Graph, wanted: PipelineOptions) -> tuple[Stage, ...]:
    """`graph` as it was traced, then as each wanted pass leaves it; the last one is what backends take.

    Raises what `simplify` raises.
    """
    found = [Stage(TRACED, graph)]
    for each in PASSES:
        if each.is_wanted(wanted):
            found.append(Stage(each.name, each.run(found[-1].graph)))
    return tuple(found)


def refuse_changed_stages(found: tuple[Stage, ...]) -> list[str]:
    """Each stage against the one before it, on sampled rows: a line for each. Raises `compile.passes.validate.PassMismatch`."""
    from compile.passes.validate import refuse_changed

    by_name = {each.name: each for each in PASSES}
    lines: list[str] = []
    for before, after in pairwise(found):
        words = refuse_changed(after.name, before.graph, after.graph, by_name[after.name].flushes)
        lines.append(f"{after.name}: {words:,} words of outputs and states on sampled rows, the same as before it")
    return lines


def prepare(graph: Graph, subnormals: str = KEEP, simplify: bool = False) -> Graph:
    """`graph` as the backends take it: checked at the source, with a status; with `subnormals` "flush", in that profile."""
    return stages(graph, PipelineOptions(subnormals, simplify))[-1].graph
