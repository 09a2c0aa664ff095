"""Checks of a traced graph: hazards and broken claims are errors (E...), likely mistakes are remarks (W...).

One check a file: a function from a graph to its findings. Lint the graph as it was traced: once it is prepared, its status reads
every input and parameter, and its claims are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from compile.hazards.search import hazards
from compile.lint.capped_observation import capped_observations
from compile.lint.cold_values import cold_values
from compile.lint.dead_lanes import dead_lanes
from compile.lint.fallback import fallbacks
from compile.lint.finding import place_of
from compile.lint.float_equality import float_equalities
from compile.lint.floor_over_cap import floors_over_caps
from compile.lint.gates import open_gates
from compile.lint.incomplete_log import incomplete_logs
from compile.lint.lost_defaults import lost_defaults
from compile.lint.orientation import opposite_orientations
from compile.lint.raised_ceiling import raised_ceilings
from compile.lint.repeated_factors import repeated_factors
from compile.lint.shared_sources import shared_sources
from compile.lint.silences import silenced
from compile.lint.sink_keys import sink_keys
from compile.lint.stale_values import stale_values
from compile.lint.swallowed_nan import swallowed_nans
from compile.lint.unasked_gates import orders_without_gate
from compile.lint.unnamed_numbers import unnamed_numbers
from compile.lint.unused import unused
from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.values.floating_point import in_standard_environment

Check = Callable[[Graph], Iterable[Diagnostic]]

#: What a build refuses.
REFUSALS: tuple[Check, ...] = (
    hazards,
    opposite_orientations,
    capped_observations,
    shared_sources,
    fallbacks,
    open_gates,
    repeated_factors,
    raised_ceilings,
    stale_values,
    dead_lanes,
    incomplete_logs,
    sink_keys,
)
#: What `dagc lint` remarks on.
REMARKS: tuple[Check, ...] = (
    unused,
    unnamed_numbers,
    float_equalities,
    floors_over_caps,
    swallowed_nans,
    cold_values,
)


def _of_file(lane: AnyLane) -> tuple[Check, ...]:
    """The remarks that take more than the graph: what the file of `lane` tells."""
    return partial(orders_without_gate, lane=lane), partial(lost_defaults, lane=lane)


def lint(graph: Graph) -> list[Diagnostic]:
    """All that is to be said of `graph`, in the order of its source; what a comment at the line silences is left out."""
    return [each for each in _found(graph, (*REFUSALS, *REMARKS)) if not silenced(each)]


@in_standard_environment
def findings(graph: Graph, lane: AnyLane) -> list[Diagnostic]:
    """As `lint`, with what is silenced, and with what the file of `lane` tells."""
    return _found(graph, (*REFUSALS, *REMARKS, *_of_file(lane)))


@in_standard_environment
def refuse_errors(graph: Graph) -> None:
    """Raise CompileError with every hazard and every broken claim of `graph` that no comment at its line silences."""
    _refuse(graph, REFUSALS)


@in_standard_environment
def refuse_remarks(graph: Graph, lane: AnyLane) -> None:
    """Raise CompileError with every remark on the `graph` of `lane` that no comment at its line silences."""
    _refuse(graph, (*REMARKS, *_of_file(lane)))


def _refuse(graph: Graph, checks: Iterable[Check]) -> None:
    found = [each for each in _found(graph, checks) if not silenced(each)]
    if found:
        raise CompileError(found)


def _found(graph: Graph, checks: Iterable[Check]) -> list[Diagnostic]:
    return sorted(dict.fromkeys(each for check in checks for each in check(graph)), key=place_of)
