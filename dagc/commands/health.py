"""`dagc health`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from compile.backends import checked
from compile.c.record import C_ROW
from dagc.commands.backend_names import metavar, one_of
from dagc.commands.bundle_or_lane import opened, runner_of
from dagc.data.piped import DataPath
from dagc.terminal.exits import user_errors


@click.command("health")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.option("--data", required=True, type=DataPath(), help="CSV or Parquet, a column per input.")
@click.option(
    "--backend", "which", metavar=metavar(checked()), callback=one_of(checked), default=C_ROW.name, show_default=True
)
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter (default: its default).")
@click.option("--json", "as_json", is_flag=True, help="Print everything that was counted, as JSON.")
def command(target: str, data: Path, which: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Say what deserves a look in a run: values that are stuck, inputs that never mattered, NaN and where it was born.

    And conditions that went one way on every bar. Rejected bars are left aside. Findings are no errors: the exit code is 0.
    """
    with user_errors():
        from dagc.checking.check import recorded
        from dagc.debugging.health.health import as_json as document
        from dagc.debugging.health.health import as_text, health
        from dagc.terminal.progress import row_progress

        graph, files = opened(target)
        batch = recorded(graph, data, settings)
        with row_progress("health", batch.bars, quiet=as_json) as progress:
            found = health(graph, runner_of(graph, which, files), batch, progress)
    click.echo(json.dumps(document(found), indent=1) if as_json else as_text(found))
