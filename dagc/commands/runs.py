"""`dagc runs`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dagc.terminal.exits import OK, REJECTED, user_errors


@click.command("runs")
@click.argument("folder", default=".", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--lane", help="Only runs of this lane, or of the graph whose hash begins so.")
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON.")
def command(folder: Path, lane: str | None, as_json: bool) -> None:
    """List the runs that are kept under a folder: replays, journals of engines and populations, the newest first.

    Each with its graph, data and parameters as hashes: replays with the same three are the same to the bit. Nothing is kept beside
    the runs: what is listed is what is there. The exit code is 1 if one of them is damaged.
    """
    with user_errors():
        from dagc.debugging.runs import as_text, kept_runs

        found = kept_runs(folder)
        if lane is not None:
            found = [each for each in found if lane == each.lane or each.graph.startswith(lane)]
    click.echo(json.dumps([each.as_json() for each in found], indent=1) if as_json else as_text(found))
    sys.exit(OK if all(each.is_well for each in found) else REJECTED)
