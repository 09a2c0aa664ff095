"""What becomes of one program: traced, checked, called on numbers, proved, run in every backend."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from compile.backend import Backend, Batch, Files, lowers
from compile.campaign.drawing.sample import sample, universe_of
from compile.check.compare import LANE, Reading, comparable_nodes, compare, explain_divergence, rows_of
from compile.front import accepted_trace
from compile.interpreter.record import REFERENCE
from compile.lane.check import LaneCheck
from compile.pipeline import prepare
from compile.proof.core.verdict import Unproved, Verdict
from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import lanes_in_file
from dag.graphs.graph import Graph

#: What the rows of the function called on numbers are counted as.
NUMBERS = "numbers"
#: Proves what was emitted; passed in, because the readers of some artifacts lie above this package.
Prover = Callable[[Graph, Files], Sequence[Verdict]]


@dataclass(frozen=True, slots=True)
class TrialRows:
    """Which rows a program is run on."""

    seed: int
    bars: int = 12
    instances: int = 4


@dataclass(frozen=True, slots=True)
class ProgramFinding:
    """Something that a right program must not meet. Two findings of one `sort` have one cause, as far as can be told.

    `in_front`: no graph was made, because the front refused the program or failed.
    """

    sort: str
    explained: str
    in_front: bool = False


@dataclass(slots=True)
class ProgramResult:
    """What one program gave: a refusal by its codes, or the words that were compared; and what should not be."""

    finding: ProgramFinding | None = None
    rows_of: dict[str, int] = field(default_factory=dict[str, int])
    words: int = 0
    #: The artifacts that were read back.
    proved: list[str] = field(default_factory=list[str])


class _Found(Exception):
    def __init__(self, sort: str, explained: str, in_front: bool = False) -> None:
        super().__init__(sort)
        self.finding = ProgramFinding(sort, explained, in_front)


def examine(
    file: Path,
    root: str,
    rows: TrialRows,
    backends: Mapping[str, Backend],
    run: Collection[str],
    prove: Prover | None = None,
) -> ProgramResult:
    """Take the program in `file` through everything.

    The interpreter, which is among `backends`, is compared with the function called on numbers. The others are lowered; those in
    `run` are run too, and compared with the interpreter. `prove` reads back what was lowered; None: no proofs.
    """
    outcome = ProgramResult()
    try:
        _examine(file, root, rows, backends, run, prove, outcome)
    except _Found as found:
        outcome.finding = found.finding
    return outcome


def _examine(
    file: Path,
    root: str,
    rows: TrialRows,
    backends: Mapping[str, Backend],
    run: Collection[str],
    prove: Prover | None,
    outcome: ProgramResult,
) -> None:
    check = _checked(file, root)
    graph = check.graph
    with np.errstate(all="ignore"):
        batch = sample(universe_of(graph), rows.bars, rows.instances, np.random.default_rng(rows.seed))
    everything = comparable_nodes(graph)
    reference = _guarded(f"{REFERENCE} fails", partial(_run, backends[REFERENCE], graph, batch, everything))
    numbers = _guarded("numbers fail", partial(check.compare, batch, reference))
    outcome.words += numbers.words
    outcome.rows_of[NUMBERS] = rows_of(batch)
    if numbers.first is not None:
        raise _Found(_sort_on_numbers(numbers.first.node), explain_divergence(numbers.first))
    files: Files = {}
    for name, backend in backends.items():
        if not lowers(backend, graph):
            continue
        files |= _guarded(f"{name} lowers", partial(backend.lower, graph))
        if name not in run and name != REFERENCE:
            continue
        outcome.rows_of[name] = batch.bars * batch.instances
        if name == REFERENCE:
            continue
        other = _guarded(f"{name} fails", partial(_run, backend, graph, batch, everything))
        comparison = compare(graph, reference, other, name, everything)
        outcome.words += comparison.words
        if comparison.differences:
            assert comparison.first is not None
            raise _Found(f"{name} differs", explain_divergence(comparison.first))
    if prove is not None:
        for verdict in _guarded("proof fails", partial(prove, graph, files)):
            outcome.proved.append(verdict.artifact)
            if isinstance(verdict, Unproved):
                raise _Found(f"{verdict.artifact} unproved", verdict.page())


def _sort_on_numbers(said: Reading) -> str:
    """The kind of finding: words that differ, an exception by name, or a result that is not of its declared type."""
    if LANE in said.words:
        return "numbers differ"
    raised = said.values[LANE].partition(":")[0]
    return f"{raised} on numbers" if raised.startswith("raises ") else "no number of its type on numbers"


def _checked(file: Path, root: str) -> LaneCheck:
    try:
        lane = lanes_in_file(str(file))[root]
        trace = accepted_trace(lane)
        return LaneCheck.of(lane, prepare(trace.graph, lane.subnormals), trace)
    except CompileError as refused:
        codes = sorted({each.code for each in refused.diagnostics})
        raise _Found(f"refused {' '.join(codes)}", str(refused), in_front=True) from None
    except Exception as problem:
        raise _crash("crash", problem, in_front=True) from None


def _run(backend: Backend, graph: Graph, batch: Batch, nodes: Sequence[int]) -> Any:
    return backend.load(graph, backend.lower(graph)).run(batch, nodes)


def _guarded(sort: str, action: Callable[[], Any]) -> Any:
    try:
        return action()
    except Exception as problem:
        raise _crash(sort, problem) from None


def _crash(sort: str, problem: Exception, in_front: bool = False) -> _Found:
    frames = traceback.extract_tb(problem.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
    page = "".join(traceback.format_exception(problem)[-6:])
    return _Found(f"{sort}: {type(problem).__name__} in {where}", page, in_front)
