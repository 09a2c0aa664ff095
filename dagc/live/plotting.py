"""The columns of a run as a figure, with matplotlib: a panel for each unit, and the rejected bars shaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dag.values.words import Column
from dagc.data.frames import as_numpy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dagc.live.run import Run


def figure(run: Run, names: Sequence[str]) -> Figure:
    """A figure of the columns `names` of `run`, one under the other along the same bars; columns of one unit share a panel.

    Values are steps, since each holds for its bar; an Enum has its members along the axis. Raises KeyError for a name that is not
    a column of the run, ModuleNotFoundError where matplotlib is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError("a plot needs matplotlib: pip install 'dagc-compiler[plot]'") from missing

    panels = _panels(run, names)
    drawn = Figure(figsize=(9.0, 1.0 + 1.8 * len(panels)), layout="constrained")
    along, label = _along(run)
    stack = drawn.subplots(len(panels), sharex=True, squeeze=False)[:, 0].tolist()
    for axes, columns in zip(stack, panels.values(), strict=True):
        for first, after in _stretches(run.rejected):
            axes.axvspan(along[first], along[min(after, run.bars - 1)], color="tab:red", alpha=0.15, linewidth=0)
        for name in columns:
            axes.step(along, run[name], where="post", label=name, linewidth=1.0)
        _describe(axes, run, columns)
    stack[-1].set_xlabel(label)
    drawn.suptitle(run.graph.name)
    return drawn


def _panels(run: Run, names: Sequence[str]) -> dict[object, list[str]]:
    """The columns by what can share an axis: those of one unit, and each Enum and each bool for itself."""
    panels: dict[object, list[str]] = {}
    for name in names:
        run[name]  # the error for a name that is not there
        type_, unit = run.graph.types[run.nodes[name]], run.graph.units[run.nodes[name]]
        alone = type_.members is not None or run[name].dtype == np.bool_
        panels.setdefault(name if alone else (unit,), []).append(name)
    return panels


def _along(run: Run) -> tuple[Any, str]:
    """What the bars stand at: the first column of timestamps, else the index of the data, else their numbers."""
    for name, column in run.times.items():
        return as_numpy(column), name
    if run.index is not None:
        return np.asarray(run.index), run.index.name or ""
    return np.arange(run.bars), "bar"


def _stretches(rejected: Column) -> list[tuple[int, int]]:
    """The first bar of each stretch of rejected bars, and the bar after it."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], rejected, [False])).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _describe(axes: Any, run: Run, columns: Sequence[str]) -> None:
    first = run.nodes[columns[0]]
    type_, unit = run.graph.types[first], run.graph.units[first]
    if type_.members is not None:
        axes.set_yticks([code for _, code in type_.members.codes], [name for name, _ in type_.members.codes])
    if len(columns) == 1:
        axes.set_ylabel(columns[0] if unit == "1" else f"{columns[0]} [{unit}]")
    else:
        axes.set_ylabel("" if unit == "1" else unit)
        axes.legend(loc="upper left", fontsize="small")
