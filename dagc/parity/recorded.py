"""`--recorded FILE`: recorded inputs, and beside them the outputs that were recorded then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from compile.backend import Batch
from dag.graphs.graph import Graph, Input
from dag.values.domain import whole_domain
from dag.values.words import Column, column_dtype, words_of_column
from dagc.building.running import parameters_of
from dagc.data.problem import DataProblem
from dagc.data.tables import open_data, read_table
from dagc.parity.asking import OracleAnswers


@dataclass(frozen=True)
class RecordedBars:
    """The bars of a file as a batch, and the outputs recorded in it."""

    batch: Batch
    answers: OracleAnswers


def recorded_rows(
    graph: Graph, file: Path, outputs: Sequence[str], columns: Mapping[str, str], settings: Sequence[str]
) -> RecordedBars:
    """Read the file: a column for each input, for each recorded output that it has, and for parameters where it has them.

    `columns` says which column a port or output is in, where that is not its own name. An output that is called as an input
    is looked for as `NAME_recorded`. A lane without state takes its parameters from the file row by row; one with state takes
    them from `settings` and defaults. Raises DataProblem, BindingProblem.
    """
    known = {port.name for port in graph.ports()}
    for name in columns:
        if name not in known and name not in outputs:
            raise DataProblem(f"--column {name}=...: `{graph.name}` has no port or output `{name}`")
    there = _names(file, graph)
    inputs = {port.name: columns.get(port.name, port.name) for port in graph.inputs}
    params = {} if graph.states else {p.name: columns.get(p.name, p.name) for p in graph.params}
    params = {name: column for name, column in params.items() if column in there}
    own = {name: columns.get(name, f"{name}_recorded" if name in known else name) for name in outputs}
    recorded = {name: column for name, column in own.items() if column in there}
    if not recorded:
        raise DataProblem(
            f"{file} has no recorded outputs: expected a column {', '.join(f'`{each}`' for each in own.values())}\n"
            f"  fix  name one: --column {outputs[0]}=COLUMN"
        )
    nodes = {port.name: port.node for port in graph.ports()}
    results = {output.name: output.node for output in graph.outputs}
    wanted = {column: nodes[name] for name, column in (inputs | params).items()}
    wanted |= {column: results[name] for name, column in recorded.items()}
    reading = replace(
        graph, inputs=tuple(Input(column, node, whole_domain(graph.types[node])) for column, node in wanted.items())
    )
    table = read_table(file, reading).columns
    bars = len(next(iter(table.values())))
    if not bars:
        raise DataProblem(f"{file} holds no bars")
    bound = parameters_of(graph, settings)
    shape = (bars, 1) if graph.states else (1, bars)

    def param(name: str, node: int) -> Column:
        if name in params:
            return table[params[name]]
        return np.full(1 if graph.states else bars, bound[name], column_dtype(graph.types[node]))

    batch = Batch(
        {name: table[column].reshape(shape) for name, column in inputs.items()},
        {port.name: param(port.name, port.node) for port in graph.params},
        None,
        *shape,
    )
    words = {
        name: words_of_column(table[column], graph.types[results[name]]).reshape(shape)
        for name, column in recorded.items()
    }
    return RecordedBars(batch, OracleAnswers(words, {name: np.ones(shape, np.bool_) for name in words}))


def _names(file: Path, graph: Graph) -> frozenset[str]:
    """The columns of the file, whatever the graph reads."""
    opened = open_data(file, replace(graph, inputs=()))
    return frozenset(opened.source.names)
