"""What many bars gave: a column for each output and each tap asked for, to hand to numpy, pandas, polars or Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from compile.backend import Batch, Runner
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dag.values.types import I64, Type, Value
from dag.values.words import Column, show, value_of, words_of_column
from dagc.data.frames import as_numpy
from dagc.debugging.naming_help import did_you_mean
from dagc.debugging.tap_names import ALL_TAPS, TapNames
from dagc.replay.rejections import Rejections

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow
    from matplotlib.figure import Figure

    from dagc.debugging.difference.compare import Difference
    from dagc.debugging.why.moment import Moment
    from dagc.debugging.why.travel import Travel
    from dagc.debugging.why.tree import Why
    from dagc.debugging.why.waterfall import Waterfall


@dataclass(frozen=True, slots=True)
class Rejection:
    """The rows that one port's domain rejected: how many, the first of them, and the value that the port had there."""

    port: str
    rows: int
    first_bar: int
    value: Value

    def __str__(self) -> str:
        return f"`{self.port}` rejected {counted(self.rows, 'row')}, the first at bar {self.first_bar:,} ({self.value})"


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """The results of `Kernel.run`: `run["size"]` is the column [bars] of an output or of a tap that was asked for.

    `ignored` are the columns of the data that the lane does not read; columns of timestamps among them, and a pandas index, are
    kept beside the results.
    """

    graph: Graph
    runner: Runner
    batch: Batch
    columns: Mapping[str, Column]
    #: Which node each column is of.
    nodes: Mapping[str, int]
    rejections: Sequence[Rejection] = ()
    ignored: Sequence[str] = ()
    times: Mapping[str, Any] = field(default_factory=dict[str, Any])
    index: Any = None

    @property
    def bars(self) -> int:
        """How many bars were run."""
        return len(next(iter(self.columns.values())))

    @property
    def rejected(self) -> Column:
        """For each bar whether it was rejected; its outputs are then the declared safe values."""
        return np.asarray(self.columns[status_name(self.graph)] != 0)

    def at(self, bar: int) -> Moment:
        """Every value of one bar, of any lane: `run.at(7)["level"]`, and what it was made of. Raises IndexError.

        Bars may be asked for in any order: states are kept on the way, so that going back does not begin at the first bar.
        """
        return self._travel.at(bar)

    @cached_property
    def _travel(self) -> Travel:
        from dagc.debugging.why.travel import Travel

        return Travel(self.graph, self.runner, self.batch)

    def why(self, name: str, bar: int, depth: int = 6) -> Why:
        """What mattered to a value on a bar, as a tree: `run.at(bar).why(name)`. Raises IndexError, NameProblem."""
        return self.at(bar).why(name, depth)

    def waterfall(self, name: str, bar: int) -> Waterfall:
        """What a number was made of on a bar, and each factor's share: `run.at(bar).waterfall(name)`. Raises IndexError, NameProblem,
        ValueError."""
        return self.at(bar).waterfall(name)

    def where(self, condition: str) -> Column:
        """The bars on which a condition over any lane's values is true, as `run.where("size > 5 and posture == STALKER")`.

        The language is that of `dagc.debugging.search.syntax`. Raises SearchProblem, with the place in the condition.
        """
        from dagc.debugging.search.evaluate import searched

        return searched(self.graph, self.runner, self.batch, condition).bars

    def diff(self, other: Run) -> Difference:
        """Where another run, of this kernel or of another version of it, parts from this one, what first and why."""
        from dagc.debugging.difference.compare import Replay, difference

        return difference(Replay(self.graph, self.runner, self.batch), Replay(other.graph, other.runner, other.batch))

    def __getitem__(self, name: str) -> Column:
        if name not in self.columns:
            raise KeyError(f"`{name}` is not among the results: {did_you_mean(name, tuple(self.columns))}")
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return self.bars

    def to_numpy(self) -> dict[str, Column]:
        """The columns by name; enum members are codes."""
        return dict(self.columns)

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table: columns of timestamps first; type, unit and enum members in each field's metadata. Needs pyarrow."""
        import pyarrow

        from dagc.replay.columns import schema_of

        schema = schema_of(self.graph, self.nodes, {"dagc.graph": self.graph.content_hash})
        arrays = [pyarrow.array(self.columns[each.name], each.type) for each in schema]
        table = pyarrow.Table.from_arrays(arrays, schema=schema)
        for place, (name, column) in enumerate(self.times.items()):
            table = table.add_column(
                place, name, column if isinstance(column, pyarrow.ChunkedArray) else pyarrow.array(column)
            )
        return table

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame with the index of the data; enum outputs are categorical, units are in `attrs["units"]`. Needs pandas."""
        import pandas

        times = {name: pandas.Series(as_numpy(column), index=self.index) for name, column in self.times.items()}
        values = {name: _categorical(self._type(name), column, pandas) for name, column in self.columns.items()}
        found = pandas.DataFrame({**times, **values}, index=self.index)
        found.attrs["units"] = {name: self.graph.units[node] for name, node in self.nodes.items()}
        return found

    def to_polars(self) -> polars.DataFrame:
        """A data frame; enum outputs are of polars' Enum. Needs polars."""
        import polars

        times = [polars.Series(name, as_numpy(column)) for name, column in self.times.items()]
        values = [_series(name, self._type(name), column, polars) for name, column in self.columns.items()]
        return polars.DataFrame([*times, *values])

    def plot(self, *names: str) -> Figure:
        """A matplotlib figure of the columns `names`, of all by default: a panel for each unit, rejected bars shaded.

        It is drawn along the timestamps or the index of the data. A notebook shows it; `figure.savefig(path)` writes it. Needs
        matplotlib. Raises KeyError for a name that is not a column of the run.
        """
        from dagc.live.plotting import figure

        shown = [name for name in self.columns if name != status_name(self.graph)]
        return figure(self, names or shown)

    def report(
        self, path: str | Path, bars: Sequence[int] = (), where: Sequence[str] = (), against: Run | None = None
    ) -> None:
        """Write the run as one HTML page that needs no network, as `dagc report` does: every value of every lane at every bar.

        `bars` are marked, with what mattered on them; `where` are conditions, as of `where`, whose bars are listed; `against` is
        another run, and the page says where they part, as `diff` does. Raises IndexError for a bar that is not in the run,
        SearchProblem, OSError.
        """
        from dagc.debugging.difference.compare import Replay
        from dagc.page.contents import Subject
        from dagc.page.page import page

        params = {name: column[0].item() for name, column in self.batch.params.items()}
        other = None if against is None else Replay(against.graph, against.runner, against.batch)
        subject = Subject(self.graph, self.runner, self.batch, bars, where, params=params, against=other)
        Path(path).write_text(page(subject), encoding="utf-8")

    def waves(self, path: str | Path, *taps: str) -> None:
        """Write the run as a Value Change Dump for GTKWave or Surfer, as `dagc vcd` does: inputs, outputs and `taps`, by default all
        values that have a name. Raises NameProblem, OSError.
        """
        from dagc.debugging.waves.vcd import chosen, write_vcd

        shown = chosen(self.graph, taps or (ALL_TAPS,))
        with Path(path).open("w", encoding="utf-8") as file:
            write_vcd(self.graph, self.runner, self.batch, file, shown)

    def __repr__(self) -> str:
        width = max(map(len, self.columns))
        lines = [f"<{counted(self.bars, 'bar')} of {self.graph.name}>"]
        for name, column in self.columns.items():
            unit, type_ = self.graph.units[self.nodes[name]], self._type(name)
            last = show(column[-1].item(), type_) if self.bars else ""
            lines.append(f"  {name:<{width}}  {type_}{'' if unit == '1' else f' [{unit}]'}, last {last}")
        lines += [f"  {each}" for each in self.rejections]
        return "\n".join(lines)

    def _type(self, name: str) -> Type:
        return self.graph.types[self.nodes[name]]


def status_name(graph: Graph) -> str:
    """The output that says which rows were rejected; a prepared graph has one."""
    name = graph.status_output()
    assert name is not None
    return name


def tapped(graph: Graph, taps: Sequence[str]) -> dict[str, int]:
    """The columns of a run and their nodes: the outputs, then the taps asked for; `all` stands for every variable.

    Raises `dagc.debugging.tap_names.NameProblem` for a name that no value or more than one has.
    """
    columns = {output.name: output.node for output in graph.outputs}
    names = TapNames(graph)
    for name in [names.variable(tap.name) for tap in graph.taps] if ALL_TAPS in taps else taps:
        node = names.node(name)
        if name.removeprefix("output:") not in columns:
            columns[name] = node
    return columns


def rejections_of(
    graph: Graph, status: Column, inputs: Mapping[str, Column], params: Mapping[str, Value]
) -> list[Rejection]:
    """One for each port that rejected a row, in their order; `inputs` are columns [bars]."""
    counting = Rejections(graph, params)
    counting.update(words_of_column(status, I64), inputs, 0)
    found = {each.port: each for each in counting.found()}
    return [
        Rejection(each.port, each.bars, each.first, value_of(each.word, graph.types[port.node]))
        for port in graph.ports()
        if (each := found.get(port.name)) is not None
    ]


def _categorical(type_: Type, column: Column, pandas: Any) -> Any:
    if type_.members is None:
        return column
    names = [name for name, _ in type_.members.codes]
    return pandas.Categorical(_names(type_, column), categories=names)


def _series(name: str, type_: Type, column: Column, polars: Any) -> Any:
    if type_.members is None:
        return polars.Series(name, column)
    return polars.Series(name, _names(type_, column), dtype=polars.Enum([each for each, _ in type_.members.codes]))


def _names(type_: Type, column: Column) -> list[str | None]:
    assert type_.members is not None
    called = {code: name for name, code in type_.members.codes}
    return [called.get(code) for code in column.tolist()]
