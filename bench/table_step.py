"""What one step of a table of instances costs beside the call it makes and numpy by hand: `python bench/table_step.py`.

    PYTHONPATH=. python bench/table_step.py [--rows 1,1000,100000]

A lane of three inputs, four parameters and a moving average, its inputs single values or ready columns. "The call" is `dagc_batch`
through cffi on tables made beforehand: a step cannot take less. "numpy" is the same lane written for columns, an array an operator,
with each port checked. Words are compared first. Microseconds a step, best of interleaved rounds, each way's median excess over the
call, and its median ratio to numpy.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from compile.c.columns import as_words, column_table, pointer_table
from compile.c.library import Library, foreign
from compile.pipeline import prepare
from dag import carry, domain, lane, params
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.words import Column, words_of_column
from dagc.live.kernel import kernel_from_graph

Way = Callable[[], Any]


@params
class Quoting:
    """What each instance has of its own."""

    speed: Annotated[float, domain(0.0, 1.0)] = 0.25
    width: Annotated[float, domain(0.0, 100.0)] = 1.5
    floor: Annotated[float, domain(-1e6, 1e6)] = -50.0
    ceiling: Annotated[float, domain(-1e6, 1e6)] = 50.0


@dataclass(frozen=True)
class Quote:
    """What an instance answers."""

    size: float
    level: float
    is_up: bool


@lane
def quoting(bid: float, ask: float, halted: bool, p: Quoting) -> Quote:
    """How far the middle is from its moving average, in widths, between a floor and a ceiling."""
    level = carry(initial=100.0)
    middle = (bid + ask) * 0.5
    distance = middle - level
    level = level + p.speed * distance
    size = min(max(distance * distance * 0.125 - p.width * distance, p.floor), p.ceiling)
    return Quote(0.0 if halted else size, level, middle > level)


class ByNumpy:
    """The lane for columns, as one writes it by hand."""

    def __init__(self, columns: dict[str, Column], rows: int) -> None:
        self.p = columns
        self.level = np.full(rows, 100.0)

    def step(self, bid: Any, ask: Any, halted: Any) -> list[Column]:
        """One bar; a row with a port that is not finite answers zeros and leaves its state alone."""
        p = self.p
        good = np.isfinite(bid) & np.isfinite(ask)
        middle = (bid + ask) * 0.5
        distance = middle - self.level
        level = self.level + p["speed"] * distance
        size = distance * distance * 0.125 - p["width"] * distance
        size = np.where(p["floor"] > size, p["floor"], size)
        size = np.where(p["ceiling"] < size, p["ceiling"], size)
        size = np.where(good & ~halted, size, 0.0)
        answered = np.where(good, level, 0.0)
        self.level = np.where(good, level, self.level)
        return [size, answered, good & (middle > level)]


def the_call(graph: Graph, library: Library, params: dict[str, Column], bar: dict[str, Any], rows: int) -> Way:
    """`dagc_batch` on memory of its own, and nothing else."""

    def words(ports: Any, given: dict[str, Any]) -> dict[str, Any]:
        types = {port.name: graph.types[port.node] for port in ports}
        columns = {name: np.broadcast_to(given[name], (1, rows)) for name in types}
        return {name: as_words(name, columns[name], types[name], (1, rows)) for name in types}

    inputs, kept_inputs = column_table(graph.inputs, words(graph.inputs, bar))
    bound, kept_params = column_table(graph.params, words(graph.params, params))
    outputs = {k: np.zeros(rows, np.int64) for k in range(len(graph.outputs))}
    state = {0: np.full(rows, 100.0).view(np.int64)}
    tables = inputs, bound, pointer_table(1, state), pointer_table(len(outputs), outputs)
    owners = kept_inputs, kept_params, outputs, state, library
    batch, null = library.calls.dagc_batch, foreign().NULL
    return lambda owners=owners: batch(1, rows, *tables, null)  # type: ignore[misc]  # mypy takes the default for an argument


def measure(rows: int, are_columns: bool) -> None:
    """Compare the words, measure and print."""
    rng = np.random.default_rng(3)
    graph = prepare(trace(quoting))
    kernel = kernel_from_graph(graph)
    params = {
        "speed": rng.random(rows), "width": rng.uniform(0.0, 9.0, rows),
        "floor": rng.uniform(-9.0, 0.0, rows), "ceiling": rng.uniform(0.0, 9.0, rows),
    }  # fmt: skip
    bar: dict[str, Any] = {"bid": 101.0, "ask": 101.5, "halted": False}
    if are_columns:
        bar = {"bid": rng.uniform(90, 110, rows), "ask": rng.uniform(90, 110, rows), "halted": rng.random(rows) < 0.1}
        bar["bid"][:: max(rows // 50, 2)] = np.nan
    many, by_hand = kernel.bind(params), ByNumpy(params, rows)
    for _ in range(3):
        for output, ours, theirs in zip(graph.outputs, many.step(bar), by_hand.step(**bar), strict=False):
            type_ = graph.types[output.node]
            assert np.array_equal(words_of_column(ours, type_), words_of_column(theirs, type_)), output.name
    call = the_call(graph, kernel._library, many.params, bar, rows)
    ways: dict[str, Way] = {"the call": call, "step": lambda: many.step(bar), "numpy": lambda: by_hand.step(**bar)}
    took: dict[str, list[float]] = {name: [] for name in ways}
    calls = max(1, 20_000 // (rows + 400))
    for _ in range(60):
        for name, way in ways.items():
            began = time.perf_counter_ns()
            for _ in range(calls):
                way()
            took[name].append((time.perf_counter_ns() - began) / calls / 1000)
    print(f"{rows:,} rows, {'columns' if are_columns else 'single values'}, all words equal")
    for name in ways:
        more = statistics.median(a - b for a, b in zip(took[name], took["the call"], strict=True))
        ratio = statistics.median(a / b for a, b in zip(took[name], took["numpy"], strict=True))
        print(f"{min(took[name]):10.2f} us {more:+10.2f} us  {ratio:6.3f} of numpy  {name}")


def main() -> None:
    """Measure each number of rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", default="1,1000,100000")
    for rows in map(int, parser.parse_args().rows.split(",")):
        for are_columns in (False, True):
            measure(rows, are_columns)


if __name__ == "__main__":
    main()
