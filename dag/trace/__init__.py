"""Tracing: an abstract interpreter that runs the syntax tree of a lane on nodes instead of numbers.

`expressions`, `operators` and `statements` walk the tree, `calls` enters other lanes in place, `builtins` is the table of what
else may be called, `naming` says in the end what everything is called. A mistake becomes a diagnostic and a poisoned value, so
that one pass reports all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.graphs.builder import GraphBuilder
from dag.graphs.call_path import NOWHERE, full_name
from dag.graphs.graph import Graph
from dag.graphs.state_places import StatePlace
from dag.language.lane import AnyLane
from dag.language.slot import PluggedLane
from dag.numbers.deep import nesting_deeply
from dag.trace.calls.bodies import run_body
from dag.trace.calls.declarations import result_of
from dag.trace.calls.dispatch import call
from dag.trace.calls.inlining import open_frame
from dag.trace.expressions.evaluation import evaluate
from dag.trace.frame import OpenUnit, Session
from dag.trace.functions import NoSource, first_line, function_source, without_source
from dag.trace.ports import declare_outputs, declare_ports
from dag.trace.problems import Problems, Untraceable, in_source_order
from dag.trace.slots import report_unknown_slots
from dag.trace.soundness import assert_complete
from dag.values.floating_point import in_standard_environment

#: How often a lane is traced to find the units of its literals, each time with more of them supposed.
ATTEMPTS = 16

__all__ = ["Traced", "trace", "trace_all", "traced"]


@dataclass(frozen=True, slots=True)
class Traced:
    """A lane's graph, and what each state of it, by name, is where the lane runs on numbers."""

    graph: Graph
    places: Mapping[str, StatePlace]


def trace(lane: AnyLane) -> Graph:
    """The graph of `lane` as a root: its arguments are inputs and parameters, its results outputs. No status yet.

    Raises `dag.trace.problems.Untraceable`, a CompileError, with every mistake in the lane and the lanes it calls.
    """
    return traced(lane).graph


@in_standard_environment
def traced(lane: AnyLane) -> Traced:
    """The same graph, with the places of its states. Raises Untraceable, as `trace` does.

    A literal whose unit was still open, and that met another one later, is supposed to have had that; of all attempts the one
    with the fewest mismatches of units is told.
    """
    supposed: dict[OpenUnit, str] = {}
    told: CompileError | None = None
    for _ in range(ATTEMPTS):
        proposed: dict[OpenUnit, str] = {}
        try:
            return _attempted(lane, supposed, proposed)
        except CompileError as error:
            if told is None or _mismatches(error) < _mismatches(told):
                told = error
        if proposed.keys() <= supposed.keys():
            break
        supposed = proposed | supposed
    assert told is not None
    raise told


def _mismatches(error: CompileError) -> int:
    return sum(each.code == "E031" for each in error.diagnostics)


def _attempted(lane: AnyLane, supposed: Mapping[OpenUnit, str], proposed: dict[OpenUnit, str]) -> Traced:
    problems = Problems()
    try:
        with nesting_deeply():
            return _traced(lane, problems, supposed, proposed)
    except RecursionError:
        problems.add(
            "E041",
            None,
            lane.name,
            "expressions, branches and calls that nest less deeply",
            f"`{lane.name}`, in which they nest deeper than dagc follows",
            "give parts of them names, in lines of their own",
        )
        raise Untraceable(problems.found.values(), None) from None


def _traced(
    lane: AnyLane, problems: Problems, supposed: Mapping[OpenUnit, str], proposed: dict[OpenUnit, str]
) -> Traced:
    session = Session(
        GraphBuilder(lane.name),
        problems,
        call,
        evaluate,
        subnormals=lane.subnormals,
        supposed=supposed,
        proposed=proposed,
    )
    if isinstance(lane, PluggedLane):
        session.plugged.update(lane.plugged)
    try:
        source = function_source(lane.function)
    except NoSource:
        problems.add(
            "E017",
            first_line(lane.function),
            lane.name,
            "a lane with a `def` in a file",
            *without_source(lane.function),
        )
        raise Untraceable(problems.found.values(), None) from None
    frame = open_frame(session, source, "", 0)
    frame.path = ((full_name(lane.function), NOWHERE, 0),)
    session.chain.append((lane.function, f"`{lane.name}`"))
    declare_ports(frame)
    result = result_of(frame)
    with session.inside(lane):
        value = run_body(frame, result)
    report_unknown_slots(frame, session.plugged)
    problems.raise_if_any(session.so_far)
    assert result.shape is not None
    results = declare_outputs(frame, result.shape, value)
    problems.raise_if_any(session.so_far)
    assert_complete(frame, results)
    session.names.resolve(session.builder)
    session.builder.close_scope()
    places = {final: session.places[provisional] for provisional, final in session.names.final.items()}
    return Traced(session.builder.freeze(), places)


def trace_all(lanes: Iterable[AnyLane]) -> dict[str, Graph]:
    """The graph of each lane as a root, by name. Raises one CompileError with the mistakes of all, each mistake once."""
    graphs: dict[str, Graph] = {}
    found: dict[Diagnostic, None] = {}
    for lane in lanes:
        try:
            graphs[lane.name] = trace(lane)
        except CompileError as error:
            found |= dict.fromkeys(error.diagnostics)
    if found:
        raise CompileError(in_source_order(found))
    return graphs
