"""Planting every mutant and seeing which layer finds it: structure, campaign, both, or none.

A mutant that changes the graph is lowered by the healthy backend from the edited graph, and judged against the right one. A mutant
of an operator is an edit of the emitted text, tried by the operator campaign. A mutant of a pass is put to the rule's proof
or to the check of the rewritten graph, which are its structure layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from compile.backend import Backend, Batch, Files, Result
from compile.backends import backend
from compile.campaign.drawing.random_graph import random_batch
from compile.campaign.drawing.sample import sample, universe_of
from compile.check.compare import compare
from compile.proof.c.batch_reader import BatchReader
from compile.proof.c.row_reader import RowReader
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved, Reader
from compile.proof.python.reader import PythonReader
from compile.proof.stablehlo.reader import StableHloReader
from dag.graphs.graph import Graph
from dagc.operators.keys import graph_of_ops
from dagc.operators.software import try_software
from rtl.core_table import core_sources
from rtl.evidence.core_campaign import campaign as core_campaign
from rtl.evidence.core_campaign import subjects
from rtl.netlist.reader import VerilogReader
from rtl.plan.lowering import Core
from tests.mutation.graph_edits import GRAPH_EDITS
from tests.mutation.operator_edits import OPERATOR_EDITS, OperatorEdit
from tests.mutation.pass_edits import PASS_EDITS
from tests.mutation.subject import subject
from tests.mutation.timing_edits import TIMING_EDITS
from tests.support.mutants import Mutated

LOWERINGS = ("interpreter", "xla", "c", "c_batch", "rtl")
READERS: Mapping[str, Callable[[Files], Reader]] = {
    "interpreter": lambda files: PythonReader(),
    "xla": lambda files: StableHloReader(),
    "c": lambda files: RowReader(),
    "c_batch": lambda files: BatchReader(),
    "rtl": VerilogReader.of,
}
GRAPH, OPERATOR, LATENCY, PASS = "changes the graph", "changes an operator", "changes when", "changes a pass"
KILLED, ALIVE, NOT_RUN, ABSENT = "killed", "survived", "not run", "not in this artifact"
#: Rows of an operator: half of them are for pairs of special values, and that is room for all.
OPERATOR_ROWS = 205_000


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutant to plant: where, what kind, what it is called."""

    lowering: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What each layer said."""

    mutant: Mutant
    structure: str
    campaign: str


def mutants() -> Iterator[Mutant]:
    """All of them, in one order."""
    for lowering in LOWERINGS:
        yield from (Mutant(lowering, GRAPH, name) for name in GRAPH_EDITS)
        yield from (
            Mutant(lowering, OPERATOR, name) for name, edit in OPERATOR_EDITS.items() if edit.backend == lowering
        )
    yield from (Mutant("rtl", LATENCY, name) for name in TIMING_EDITS)
    yield from (Mutant("passes", PASS, name) for name in PASS_EDITS)


def plant(mutant: Mutant, with_campaign: bool = True, simulated: bool = False) -> Outcome:
    """See which layers find it; the campaign only `with_campaign`, and where `simulated` on Verilog of another graph too.

    A simulator is compiled for each of those, and it is structure that has to find them.
    """
    if mutant.label == PASS:
        return Outcome(mutant, KILLED if PASS_EDITS[mutant.name]() else ALIVE, NOT_RUN)
    if mutant.label == OPERATOR:
        return _operator(mutant, OPERATOR_EDITS[mutant.name], with_campaign)
    healthy = _healthy(mutant.lowering)
    files = (
        TIMING_EDITS[mutant.name].edited(healthy)
        if mutant.label == LATENCY
        else backend(mutant.lowering).lower(GRAPH_EDITS[mutant.name](subject()))
    )
    if all(
        files.get(name) == healthy[name] for name in healthy if mutant.lowering != "c_batch" or name.endswith("batch.c")
    ):
        return Outcome(mutant, ABSENT, ABSENT)
    is_run = with_campaign and (simulated or mutant.lowering != "rtl")
    ran = _runs_differently(backend(mutant.lowering), files) if is_run else None
    return Outcome(
        mutant, _judged(mutant.lowering, subject(), files), NOT_RUN if ran is None else KILLED if ran else ALIVE
    )


@cache
def _healthy(lowering: str) -> Files:
    return backend(lowering).lower(subject())


def _judged(lowering: str, graph: Graph, files: Files) -> str:
    if lowering not in READERS:
        return NOT_RUN
    return ALIVE if isinstance(judge(graph, READERS[lowering](files), files), Proved) else KILLED


@cache
def _rows(simulated: bool) -> tuple[Batch, Result]:
    """Rows of the subject's universe and special values everywhere, and what they compute."""
    graph = subject()
    bars, instances = (12, 24) if simulated else (8, 600)
    sampled = sample(universe_of(graph), bars, instances, np.random.default_rng(11))
    wild = random_batch(graph, 11, bars, instances, 0.3)
    batch = Batch(
        {name: np.concatenate([sampled.inputs[name], wild.inputs[name]], axis=1) for name in sampled.inputs},
        {name: np.concatenate([sampled.params[name], wild.params[name]]) for name in sampled.params},
        None,
        bars,
        2 * instances,
    )
    lowering = backend("interpreter")
    return batch, lowering.load(graph, lowering.lower(graph)).run(batch, graph.single_values())


def _runs_differently(lowering: Backend, files: Files) -> bool:
    """Whether a word differs; an artifact that cannot be loaded differs too."""
    graph = subject()
    batch, reference = _rows(lowering.name == "rtl")
    try:
        got = lowering.load(graph, files).run(batch, graph.single_values())
    except (RuntimeError, ValueError):
        return True
    return compare(graph, reference, got, lowering.name, graph.single_values()).differences > 0


def _operator(mutant: Mutant, edit: OperatorEdit, with_campaign: bool) -> Outcome:
    healthy = backend(edit.backend)
    judged = {
        _judged(edit.backend, graph, edit.edited(healthy.lower(graph)))
        for graph in (graph_of_ops((op,), "operators") for op in edit.ops)
    }
    structure = judged.pop() if len(judged) == 1 else ALIVE
    if not with_campaign:
        return Outcome(mutant, structure, NOT_RUN)
    if edit.backend != "rtl":
        try:
            _, wrong = try_software(Mutated(healthy, edit.mutant), edit.ops, OPERATOR_ROWS, 1)
        except OverflowError:  # a number that no column holds
            return Outcome(mutant, structure, KILLED)
        return Outcome(
            mutant, structure, KILLED if {each.op for each in wrong} == {op.name for op in edit.ops} else ALIVE
        )
    chosen = [each for each in subjects() if each.op in edit.ops and not each.flushes]
    texts = {
        file: text
        for each in chosen
        if isinstance(each.row, Core)
        for file, text in core_sources(each.row.module).items()
    }
    edited = edit.edited({file: text.encode() for file, text in texts.items()})
    outcomes = core_campaign(OPERATOR_ROWS, 1, chosen, {file: data.decode() for file, data in edited.items()})
    return Outcome(mutant, structure, KILLED if all(each.wrong for each in outcomes.values()) else ALIVE)
