"""`dagc lint`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from dagc.exits import OK, REJECTED, user_errors


@click.command("lint")
@click.argument("path", metavar="FILE.py", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the diagnostics as JSON.")
@click.option(
    "--report",
    "with_report",
    is_flag=True,
    help="Show instead, for each lane, the feeds behind its results, its sinks and gates, and what enters a product twice.",
)
def command(path: Path, as_json: bool, with_report: bool) -> None:
    """Report every problem of every lane in a file at once: errors (exit code 1) and remarks."""
    with user_errors():
        if with_report:
            from dag.loading import lanes_in_file
            from dag.trace import trace
            from dagc.claims_report import claims_report, claims_text

            reports = [claims_report(trace(each)) for each in lanes_in_file(str(path)).values()]
            click.echo(json.dumps(reports, indent=1) if as_json else "\n\n".join(map(claims_text, reports)))
            return
        from dag.diagnostics import render_all
        from dagc.linting import lint_file

        linted = lint_file(path)
    every = (*linted.errors, *linted.remarks)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in every], indent=1))
    else:
        click.echo(render_all(every) if every else f"{path}: {linted.lanes} lanes, nothing to report")
    sys.exit(REJECTED if linted.errors else OK)
