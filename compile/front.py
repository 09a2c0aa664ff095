"""The front of every command: from a lane to a graph that may be built, or to all that keeps it from being built.

`dagc lint` shows what is found here, `build`, `check`, `tap` and the rest refuse it: they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

from compile.hazards.search import hazards
from compile.lint import findings, refuse_errors
from compile.lint.finding import place_of
from compile.lint.silences import silenced
from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.language.slot import Slot
from dag.trace import Traced, trace, traced
from dag.trace.problems import Untraceable
from dag.values.floating_point import in_standard_environment


@dataclass(frozen=True, slots=True)
class Front:
    """What the front makes of a lane: its graph as traced (None: it has none), and everything found, in the order of the source.

    `found` includes what a comment silences; `errors` and `remarks` leave it out.
    """

    graph: Graph | None
    found: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What a build refuses."""
        return tuple(each for each in self.found if not each.is_warning and not silenced(each))

    @property
    def remarks(self) -> tuple[Diagnostic, ...]:
        """What a build accepts, unless the lane is deployed."""
        return tuple(each for each in self.found if each.is_warning and not silenced(each))


@in_standard_environment
def front(lane: AnyLane) -> Front:
    """Trace `lane` as a root, then look for hazards, broken claims and remarks."""
    try:
        graph = trace(lane)
    except Untraceable as problem:
        return Front(None, _with_hazards(problem))
    found = findings(graph, lane)
    if isinstance(lane, Slot):  # what stands in an empty slot takes what any lane in it may need
        found = [each for each in found if each.code != "W002"]
    return Front(graph, tuple(found))


def accepted(lane: AnyLane) -> Graph:
    """The graph of `lane` as traced. Raises CompileError with every error that `front` finds."""
    return accepted_trace(lane).graph


@in_standard_environment
def accepted_trace(lane: AnyLane) -> Traced:
    """The same graph with the places of its states. Raises CompileError, as `accepted` does."""
    try:
        found = traced(lane)
    except Untraceable as problem:
        raise CompileError([each for each in _with_hazards(problem) if not silenced(each)]) from None
    refuse_errors(found.graph)
    return found


def _with_hazards(problem: Untraceable) -> tuple[Diagnostic, ...]:
    """The mistakes that keep a lane from being traced, and the hazards of what was traced in spite of them."""
    so_far = () if problem.so_far is None else hazards(problem.so_far)
    return tuple(sorted((*problem.diagnostics, *so_far), key=place_of))
