"""What the reference functions say of every row of a batch, as words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch
from dag.graphs.graph import STATUS, Graph
from dag.values.types import Value
from dag.values.words import Words, column_dtype, words_of_column
from tests.lanes.oracle_kinds import Oracle, Row
from tests.lanes.universe import accepted

#: What Python raises where the compiled lane goes on: int() of an infinity that arose inside, a division by zero.
RAISED = (OverflowError, ValueError, ZeroDivisionError)


@dataclass(frozen=True, slots=True)
class Expected:
    """The oracle's words for every output [bars, instances], and the rows on which it has an answer.

    Rejected rows are not shown to it: the lane keeps its state over them. Nor has it one where Python raises.
    """

    words: Mapping[str, Words]
    answered: NDArray[np.bool_]


def expected(graph: Graph, oracle: Oracle, batch: Batch) -> Expected:
    """The answers of `oracle` to the rows of `batch`, for the outputs of `graph`."""
    good = accepted(graph, batch)
    outputs = [output for output in graph.outputs if output.name != STATUS]
    words = {output.name: np.zeros(good.shape, np.uint64) for output in outputs}
    answered = np.zeros(good.shape, np.bool_)
    # Without state the rows are one long stream; with it, each instance is one.
    streams = [good] if not graph.states else [_only(good, instance) for instance in range(batch.instances)]
    for rows in streams:
        answers = _answers(oracle, _rows(graph, batch, rows))
        has_answer = np.array([answer is not None for answer in answers], np.bool_)
        answered[rows] = has_answer
        for output in outputs:
            type_ = graph.types[output.node]
            values = [answer[output.name] for answer in answers if answer is not None]
            column = np.zeros(len(answers), np.uint64)
            column[has_answer] = words_of_column(np.array(values, column_dtype(type_)), type_)
            words[output.name][rows] = column
    return Expected(words, answered)


def _only(good: NDArray[np.bool_], instance: int) -> NDArray[np.bool_]:
    rows = np.zeros_like(good)
    rows[:, instance] = good[:, instance]
    return rows


def _rows(graph: Graph, batch: Batch, rows: NDArray[np.bool_]) -> Iterator[Row]:
    names = [port.name for port in graph.ports()]
    columns = [batch.inputs[port.name][rows].tolist() for port in graph.inputs]
    columns += [np.broadcast_to(batch.params[param.name], rows.shape)[rows].tolist() for param in graph.params]
    bars: Iterator[tuple[Any, ...]] = zip(*columns, strict=True) if columns else repeat((), int(rows.sum()))
    return (dict(zip(names, bar, strict=True)) for bar in bars)


def _answers(oracle: Oracle, rows: Iterator[Row]) -> list[Mapping[str, Value] | None]:
    answers: list[Mapping[str, Value] | None] = []
    stream = oracle(rows)
    while True:
        try:
            answers.append(next(stream))
        except StopIteration:
            return answers
        except RAISED:
            answers.append(None)
