"""One look at a lane: what lint says, what it computes on a few bars, and whether a first look's backends agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compile.backends import quick
from dag.diagnostics.diagnostic import render_all
from dag.files.loading import load_lane
from dagc.building.running import graph_of, parameters_of
from dagc.checking.check import check
from dagc.checking.request import CampaignOptions, CheckRequest
from dagc.data.tables import Table, read_table
from dagc.live.kernel import kernel_from_graph
from dagc.reporting.lint import lint_lane
from dagc.terminal.progress import Stages


def look(target: str, data: Path | None, bars: int, settings: Sequence[str]) -> str:
    """What is to be said of `target` now. Raises what the commands of which it is made raise."""
    linted = lint_lane(load_lane(target))
    if linted.errors:
        return f"{linted!r}"
    said = [render_all(linted.remarks)] if linted.remarks else []
    table = None if data is None else _first(data, target, bars)
    if table is not None:
        graph = graph_of(target)
        run = kernel_from_graph(graph).run(table.columns, parameters_of(graph, settings))
        said.append(f"{run!r}")
    report = check(_request(target, table, bars, settings), Stages(quiet=True))
    said.append(report.as_text() if report.exit_code else f"{report.verdict}: {', '.join(quick())}")
    return "\n\n".join(said)


def _first(data: Path, target: str, bars: int) -> Table:
    table = read_table(data, graph_of(target))
    return Table({name: column[:bars] for name, column in table.columns.items()}, table.ignored)


def _request(target: str, table: Table | None, bars: int, settings: Sequence[str]) -> CheckRequest:
    return CheckRequest(
        target,
        quick(),
        data=None if table is None else table.columns,
        settings=tuple(settings) if table is not None else (),
        rows=bars if table is None else None,
        campaign=CampaignOptions(jobs=1, is_kept=False),
    )
