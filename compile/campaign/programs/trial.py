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
from compile.campaign.programs.on_numbers import output_names, run_on_numbers
from compile.campaign.sample import sample, universe_of
from compile.check.compare import REFERENCE, comparable_nodes, compare, explain_divergence
from compile.front import accepted
from compile.pipeline import prepare
from compile.structure.verdict import Unproved, Verdict
from dag.diagnostics import CompileError
from dag.graph import Graph
from dag.lane import AnyLane
from dag.loading import lanes_in_file
from dag.words import show, word_of

#: Proves what was emitted; handed in, since the readers of some artifacts lie above this package.
Prover = Callable[[Graph, Files], Sequence[Verdict]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows a program is run on."""

    seed: int
    bars: int = 12
    instances: int = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a right program must not meet. Two findings of one `sort` have one cause, as far as can be told."""

    sort: str
    explained: str


@dataclass(slots=True)
class Outcome:
    """What one program gave: a refusal by its codes, or the words that were compared; and what should not be."""

    finding: Finding | None = None
    rows_of: dict[str, int] = field(default_factory=dict[str, int])
    words: int = 0
    #: The artifacts that were read back.
    proved: list[str] = field(default_factory=list[str])


class _Found(Exception):
    def __init__(self, sort: str, explained: str) -> None:
        super().__init__(sort)
        self.finding = Finding(sort, explained)


def examine(
    file: Path,
    root: str,
    rows: Rows,
    backends: Mapping[str, Backend],
    run: Collection[str],
    prove: Prover | None = None,
) -> Outcome:
    """Take the program in `file` through everything.

    The interpreter, which is among `backends`, is held against the function called on numbers. The others are lowered; those in
    `run` are run too, and held against the interpreter. `prove` reads back what was lowered; None: no proofs.
    """
    outcome = Outcome()
    try:
        _examine(file, root, rows, backends, run, prove, outcome)
    except _Found as found:
        outcome.finding = found.finding
    return outcome


def _examine(
    file: Path,
    root: str,
    rows: Rows,
    backends: Mapping[str, Backend],
    run: Collection[str],
    prove: Prover | None,
    outcome: Outcome,
) -> None:
    lane, graph = _traced(file, root)
    names = output_names(lane)
    lost = {*names} ^ ({output.name for output in graph.outputs} - {"status"})
    if lost:
        raise _Found("lost output", f"outputs that are not those of the result: {', '.join(sorted(lost))}")
    with np.errstate(all="ignore"):
        batch = sample(universe_of(graph), rows.bars, rows.instances, np.random.default_rng(rows.seed))
    everything = comparable_nodes(graph)
    reference = _guarded(f"{REFERENCE} fails", partial(_run, backends[REFERENCE], graph, batch, everything))
    _compare_numbers(lane, graph, batch, reference, names, outcome)
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


def _traced(file: Path, root: str) -> tuple[AnyLane, Graph]:
    def whole() -> tuple[AnyLane, Graph]:
        lane = lanes_in_file(str(file))[root]
        return lane, prepare(accepted(lane), lane.subnormals)

    try:
        return whole()
    except CompileError as refused:
        codes = sorted({each.code for each in refused.diagnostics})
        raise _Found(f"refused {' '.join(codes)}", str(refused)) from None
    except Exception as problem:
        raise _crash("crash", problem) from None


def _compare_numbers(
    lane: AnyLane, graph: Graph, batch: Batch, reference: Any, names: list[str], outcome: Outcome
) -> None:
    assert graph.status is not None
    always = graph.constants[graph.status] is not None  # no port can be outside its domain
    taken = np.full((batch.bars, batch.instances), True) if always else reference.nodes[graph.status] == 0
    nodes = {output.name: output.node for output in graph.outputs}
    outcome.rows_of["numbers"] = int(np.count_nonzero(taken))
    try:
        for bar, instance, values in run_on_numbers(lane, batch, taken):
            for name, value in zip(names, values, strict=True):
                type_ = graph.types[nodes[name]]
                if isinstance(value, float) and not type_.is_float:
                    raise _Found("result of another type", f"{name} is {value!r} on numbers, and declared as {type_}")
                expected = word_of(value, type_)
                got_value = graph.constants[nodes[name]]
                if got_value is None:
                    got_value = reference.nodes[nodes[name]][bar, instance].item()
                got = word_of(got_value, type_)
                outcome.words += 1
                if got != expected:
                    text = f"{name} at bar {bar}, instance {instance}: {show(got_value, type_)} instead of {show(value, type_)}"
                    raise _Found("numbers differ", text)
    except _Found:
        raise
    except Exception as problem:
        raise _crash("raises on numbers", problem) from None


def _run(backend: Backend, graph: Graph, batch: Batch, nodes: Sequence[int]) -> Any:
    return backend.load(graph, backend.lower(graph)).run(batch, nodes)


def _guarded(sort: str, action: Callable[[], Any]) -> Any:
    try:
        return action()
    except Exception as problem:
        raise _crash(sort, problem) from None


def _crash(sort: str, problem: Exception) -> _Found:
    frames = traceback.extract_tb(problem.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
    page = "".join(traceback.format_exception(problem)[-6:])
    return _Found(f"{sort}: {type(problem).__name__} in {where}", page)
