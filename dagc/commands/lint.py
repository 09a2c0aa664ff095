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
def command(path: Path, as_json: bool) -> None:
    """Report every problem of every lane in a file at once: errors (exit code 1) and warnings."""
    with user_errors():
        from compile.lint import lint
        from dag.diagnostics import CompileError, Diagnostic, render_all
        from dag.loading import lanes_in_file
        from dag.trace import trace

        errors: list[Diagnostic] = []
        warnings: list[Diagnostic] = []
        try:
            lanes = lanes_in_file(str(path))
        except CompileError as problem:
            lanes = {}
            errors += problem.diagnostics
        for each in lanes.values():
            try:
                warnings += lint(trace(each))
            except CompileError as problem:
                errors += problem.diagnostics
        errors, warnings = list(dict.fromkeys(errors)), list(dict.fromkeys(warnings))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in (*errors, *warnings)], indent=1))
    else:
        click.echo(
            render_all([*errors, *warnings]) if errors or warnings else f"{path}: {len(lanes)} lanes, nothing to report"
        )
    sys.exit(REJECTED if errors else OK)
