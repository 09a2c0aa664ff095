"""`dagc parity`: the lane and the user's code over the same sampled rows, then over recorded ones, and why they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from compile.backend import Batch, Runner
from compile.campaign.run.plan import Plan
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.values.words import Words, show, value_of, words_of_column
from dagc.data.problem import DataProblem
from dagc.parity.answers import chosen_outputs, outputs_of
from dagc.parity.arguments import ports_of
from dagc.parity.asking import Mask, OracleAnswers, ask
from dagc.parity.oracle import oracle_of
from dagc.parity.recorded import RecordedBars, recorded_rows
from dagc.parity.setting import ParitySetup, run_lane
from dagc.parity.tally import ParityTally
from dagc.parity.universe import narrowed
from dagc.parity.why import Explanation, why_they_differ

Progress = Callable[[int], None]


@dataclass(frozen=True)
class ParityRequest:
    """What `dagc parity` was asked."""

    target: Any
    method: str | None
    called: str
    mapping: Mapping[str, str]
    output: str | None
    universe: Path | None
    rows: int
    seed: int
    recorded: Path | None
    columns: Mapping[str, str]
    settings: Sequence[str]


@dataclass(frozen=True)
class Difference:
    """The first row that differs: its place, every port and every compared output, in words and for readers."""

    bar: int
    instance: int
    ports: Mapping[str, tuple[int, str]]
    outputs: Mapping[str, tuple[int, str, int | None, str]]
    odd: str | None


@dataclass(frozen=True)
class RowsCompared:
    """One comparison: `source` says over which rows, `against` with what."""

    source: str
    against: str
    tally: ParityTally
    first: Difference | None = None
    why: Explanation | None = None


@dataclass(frozen=True)
class Parity:
    """Everything that was found."""

    lane: str
    oracle: str
    form: str
    backend: str
    seed: int
    compared: tuple[str, ...]
    unread: tuple[str, ...]
    unanswered: tuple[str, ...]
    parts: Sequence[RowsCompared]

    @property
    def differs(self) -> bool:
        return any(part.tally.matched < part.tally.rows for part in self.parts)

    @property
    def hollow(self) -> list[str]:
        """Where nothing was compared: the parts without an accepted row, or all where the oracle answered no output."""
        return [part.source for part in self.parts if not part.tally.rows or not self.compared]


def parity(
    lane: AnyLane,
    graph: Graph,
    runner: Runner,
    backend: str,
    question: ParityRequest,
    progress: Progress = lambda rows: None,
) -> Parity:
    """Compare `lane`, whose prepared graph `runner` runs, with the user's code. Raises DataProblem, BindingProblem."""
    ports = ports_of(lane, graph)
    for argument, port in question.mapping.items():
        if port not in ports.names and port not in ports.shapes:
            raise DataProblem(f"--map {argument}={port}: there is no port `{port}`; there are {', '.join(ports.names)}")
    oracle = oracle_of(question.target, question.method, ports, question.mapping)
    names = chosen_outputs(outputs_of(lane, graph), question.output)
    setting = ParitySetup(graph, ports, runner, oracle, names, question.mapping)
    sampled, compared = _sampled(setting, question, progress)
    parts = [sampled]
    if question.recorded is not None:
        found = recorded_rows(graph, question.recorded, names, question.columns, question.settings)
        parts += _replayed(setting, found, question)
    answered = tuple(name for name in names if name in compared)
    unanswered = tuple(name for name in outputs_of(lane, graph) if name not in compared)
    return Parity(
        lane.name, question.called, oracle.form, backend, question.seed, answered, oracle.unread, unanswered, parts
    )


def _sampled(setting: ParitySetup, question: ParityRequest, progress: Progress) -> tuple[RowsCompared, set[str]]:
    universe = narrowed(setting.graph, question.universe)
    rng = np.random.default_rng(question.seed)
    tally = ParityTally({output.name: setting.graph.types[output.node] for output in setting.graph.outputs})
    first: Difference | None = None
    specimen: tuple[Batch, OracleAnswers, Mask, Mask] | None = None
    most = 0
    compared: set[str] = set()
    plan = Plan(question.rows, question.seed, bool(setting.graph.states))
    for number in range(plan.units):
        batch = universe.draw(*plan.shape(number), rng)
        lane, accepted = run_lane(setting.graph, setting.runner, batch, setting.names)
        answers = ask(setting.graph, setting.ports, setting.oracle, batch, accepted, setting.names)
        compared |= {name for name, there in answers.there.items() if there.any()}
        wrong = tally.add(lane, answers, accepted)
        if first is None and wrong.any():
            first = first_difference(setting.graph, batch, lane, answers, wrong)
        if most < np.count_nonzero(wrong):  # the batch with the most differences shows best why there are any
            most = int(np.count_nonzero(wrong))
            specimen = batch, answers, accepted, wrong
        progress(min(tally.rows + tally.rejected, question.rows))
    source = "sampled universe" + (f", narrowed by {question.universe}" if question.universe else "")
    if specimen is None:
        return RowsCompared(source, "oracle", tally), compared
    why = why_they_differ(setting, *specimen, with_oracle=True)
    return RowsCompared(source, "oracle", tally, first, why), compared


def _replayed(setting: ParitySetup, found: RecordedBars, question: ParityRequest) -> list[RowsCompared]:
    """The lane against the recorded outputs, and the user's code against them: who of the two left the record?"""
    lane, accepted = run_lane(setting.graph, setting.runner, found.batch, list(found.answers.words))
    parts = [_part(setting, str(question.recorded), "record", found.batch, lane, found.answers, accepted)]
    asked = ask(setting.graph, setting.ports, setting.oracle, found.batch, accepted, setting.names)
    shared = [name for name in found.answers.words if asked.there[name].any()]
    if shared:
        whole = {name: asked.words[name] for name in shared}
        record = replace(
            found.answers, words={n: found.answers.words[n] for n in shared}, there={n: asked.there[n] for n in shared}
        )
        tally = ParityTally({output.name: setting.graph.types[output.node] for output in setting.graph.outputs})
        wrong = tally.add(whole, record, accepted)
        first = first_difference(setting.graph, found.batch, whole, record, wrong) if wrong.any() else None
        parts.append(RowsCompared(str(question.recorded), "oracle against record", tally, first))
    return parts


def _part(
    setting: ParitySetup,
    source: str,
    against: str,
    batch: Batch,
    lane: Mapping[str, Words],
    answers: OracleAnswers,
    accepted: Mask,
) -> RowsCompared:
    tally = ParityTally({output.name: setting.graph.types[output.node] for output in setting.graph.outputs})
    wrong = tally.add(lane, answers, accepted)
    if not wrong.any():
        return RowsCompared(source, against, tally)
    first = first_difference(setting.graph, batch, lane, answers, wrong)
    return RowsCompared(
        source, against, tally, first, why_they_differ(setting, batch, answers, accepted, wrong, with_oracle=False)
    )


def first_difference(
    graph: Graph, batch: Batch, lane: Mapping[str, Words], answers: OracleAnswers, wrong: Mask
) -> Difference:
    """The earliest bar that differs in any instance, everything about it."""
    bar, instance = (int(each) for each in np.argwhere(wrong)[0])
    ports: dict[str, tuple[int, str]] = {}
    for port in graph.ports():
        type_ = graph.types[port.node]
        column = batch.inputs[port.name][bar] if port.name in batch.inputs else batch.params[port.name]
        word = int(words_of_column(column[instance : instance + 1], type_)[0])
        ports[port.name] = word, show(value_of(word, type_), type_)
    outputs: dict[str, tuple[int, str, int | None, str]] = {}
    types = {output.name: graph.types[output.node] for output in graph.outputs}
    for name, words in lane.items():
        ours = int(words[bar, instance])
        theirs = int(answers.words[name][bar, instance]) if answers.there[name][bar, instance] else None
        if name in answers.words and answers.there[name].any():
            shown = "no value" if theirs is None else show(value_of(theirs, types[name]), types[name])
            outputs[name] = ours, show(value_of(ours, types[name]), types[name]), theirs, shown
    return Difference(bar, instance, ports, outputs, answers.odd.get((bar, instance)))
