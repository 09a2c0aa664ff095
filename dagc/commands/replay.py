"""`dagc replay`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compile.backends import libraries, software
from compile.c.record import C_ROW
from dagc.commands.backend_names import metavar, one_of
from dagc.data.piped import DataPath
from dagc.terminal.exits import TOOL_MISSING, USAGE, fail, note, user_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compile.backend import Files, Runner
    from dag.graphs.graph import Graph
    from dag.values.words import Words
    from dagc.account.ledger import Ledger


@click.command("replay")
@click.argument("bundle", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.option(
    "--data",
    required=True,
    type=DataPath(),
    help="CSV, Parquet or Arrow, a column per input, any length.",
)
@click.option(
    "--backend",
    metavar=metavar(software()),
    callback=one_of(software),
    default=C_ROW.name,
    show_default=True,
    help="All give the same bits.",
)
@click.option("--taps", metavar="NAME,...|all", help="Values of lanes to write beside the outputs.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Write a folder of Parquet files; resume where it stopped."
)
@click.option("--fresh", is_flag=True, help="Start the folder from the beginning.")
@click.option("--digests", is_flag=True, help="Print a digest for every lane, over all its taps.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write the account as an HTML page.")
@click.option("--equity", metavar="NAME", help="The account's equity (default: that of the lane `equity`).")
@click.option("--trades", metavar="NAME", help="The account's count of trades (default: trades change the equity).")
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter (default: its default).")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    bundle: Path,
    data: Path,
    backend: str,
    taps: str | None,
    out: Path | None,
    fresh: bool,
    digests: bool,
    report: Path | None,
    equity: str | None,
    trades: str | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Stream a file of any length through a bundle in constant memory, carrying state over its bars.

    The same command resumes where it was stopped, even by a kill -9, and ends with the same bytes and digests
    as if it had never stopped. Two machines compare what they computed by comparing digests. The exit code is 3 if
    every bar was rejected.

    --report writes one page that needs no network: equity and drawdown over the bars, what the account comes to, and
    every trade.
    """
    if report is None and (equity or trades):
        fail("--equity and --trades say what --report shows\n  fix  add --report FILE.html", USAGE)
    if report is not None and out is not None:
        fail("--report and -o: a folder may be resumed, a report is of all bars\n  fix  replay twice", USAGE)
    with user_errors():
        from compile.bundle.bundle import read_bundle
        from dagc.building.running import parameters_of
        from dagc.data.problem import DataProblem

        try:
            from dagc.replay.report import as_json as document
            from dagc.replay.report import as_text
            from dagc.replay.run import ReplayOptions, bars_in, replay
        except ImportError as absent:
            raise DataProblem(f"dagc replay needs {absent.name}\n  fix  pip install 'dagc-compiler[data]'") from absent
        from dagc.terminal.progress import row_progress

        found = read_bundle(bundle)
        names = tuple(name.strip() for name in (taps or "").split(",") if name.strip())
        ledger = _ledger(found.graph, equity, trades) if report is not None else None
        watched = ledger.nodes if ledger is not None else ()
        options = ReplayOptions(data, parameters_of(found.graph, settings), names, digests, out, fresh, watched)
        total = bars_in(found.graph, options)
        runner = _runner(found.graph, backend, dict(found.files))
        with row_progress("replay", total, quiet=as_json) as progress:
            watch = _nothing if ledger is None else ledger.update
            result = replay(found.graph, runner, options, progress, note, watch=watch)
        if report is not None and ledger is not None:
            from dagc.account.page import account_page

            report.parent.mkdir(parents=True, exist_ok=True)
            report.write_text(account_page(result, ledger, data.name), encoding="utf-8")
            note(f"wrote {report}: {len(ledger.trades):,} trades")
    click.echo(
        json.dumps(document(result, options, backend), indent=1) if as_json else as_text(result, options, backend)
    )
    if result.rejected == result.bars:
        fail(f"every bar of {data} was rejected: nothing was replayed but safe values", TOOL_MISSING)


def _nothing(words: Mapping[int, Words], first: int) -> None:
    """What watches a replay whose account nobody wants."""


def _ledger(graph: Graph, equity: str | None, trades: str | None) -> Ledger:
    from dagc.account.ledger import Ledger, NoAccount, account_of
    from dagc.debugging.tap_names import NameProblem

    try:
        return Ledger(graph, account_of(graph, equity, trades))
    except (NoAccount, NameProblem) as problem:
        fail(str(problem), USAGE)


def _runner(graph: Graph, backend: str, files: Files) -> Runner:
    """The compiled library of the bundle where this CPU can run it, else the backend's files loaded here."""
    from dagc.building.running import runners_of

    for library in libraries():
        if backend in library.runs_as and (shipped := library.runners(graph, files)):
            return shipped[library.runs_as[backend]]
    runners, missing = runners_of(graph, [backend], files)
    if missing:
        fail(f"{backend} needs {missing[backend].tool}, which is missing\n  fix  {missing[backend].fix}", TOOL_MISSING)
    return runners[backend]
