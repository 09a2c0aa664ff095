"""`dagc sweep`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import click

from dagc.commands.bundle_or_lane import opened
from dagc.data.piped import DataPath
from dagc.terminal.exits import USAGE, fail, user_errors


@click.command("sweep")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.option("--data", required=True, type=DataPath(), help="CSV or Parquet, a column per input.")
@click.option(
    "--space",
    required=True,
    type=DataPath(),
    help="TOML: which parameters vary, and how bindings are drawn: docs/how-to/tell-tuning-from-luck.md.",
)
@click.option("--reward", required=True, metavar="OUTPUT", help="The output that says what each bar earned.")
@click.option("--instances", type=click.IntRange(1), help="Bindings to draw (default: what the space says).")
@click.option(
    "--out-of-sample",
    type=click.FloatRange(0.0, 0.9),
    default=0.3,
    show_default=True,
    help="Share of the bars, the last ones, that choose nothing and judge what was chosen.",
)
@click.option(
    "--embargo", type=click.IntRange(0), default=0, show_default=True, help="Bars left out between the two parts."
)
@click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="Bindings to show.")
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="The same bits with any number.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write all bindings as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    target: str,
    data: Path,
    space: Path,
    reward: str,
    instances: int | None,
    out_of_sample: float,
    embargo: int,
    top: int,
    threads: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """Run many bindings of a lane over the same bars, and say which of them are better than luck.

    With thousands tried, the best looks good by luck: its ratio is held against what the best of so many shows by luck alone, and
    bars that chose nothing judge it. The bits of a binding do not depend on the others, their number, or the threads.
    """
    with user_errors():
        from compile.c.backend import C, open_library
        from dagc.data.tables import read_table
        from dagc.sweeping.drawing import drawn_bindings
        from dagc.sweeping.report import as_json as document
        from dagc.sweeping.report import as_text, write_table
        from dagc.sweeping.space import space_of
        from dagc.sweeping.sweep import split_of, sweep, whole_bindings
        from dagc.terminal.progress import row_progress

        graph, held = opened(target)
        said = space_of(_document(space), graph, str(space))
        params = whole_bindings(graph, drawn_bindings(graph, said, instances), said.fixed)
        columns = read_table(data, graph).columns
        library = open_library(graph, C().lower(graph) if held is None else held)
        split = split_of(len(next(iter(columns.values()), ())), out_of_sample, embargo)
        with row_progress("sweep", len(next(iter(params.values()))), quiet=as_json) as progress:
            found = sweep(graph, library, columns, params, reward, split, threads, progress)
        if output is not None:
            write_table(found, output)
    click.echo(json.dumps(document(found, top), indent=1) if as_json else as_text(found, top))


def _document(path: Path) -> dict[str, Any]:
    """The space that a file declares: the whole file, or its table [space]."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        fail(f"{path}: {problem}", USAGE)
    found = said.get("space", said)
    if not isinstance(found, dict):
        fail(f"{path}: expected a table [space]", USAGE)
    return found
