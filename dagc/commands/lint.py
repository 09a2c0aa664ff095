"""`dagc lint`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from dag.diagnostics.wording import counted
from dagc.terminal.exits import OK, REJECTED, USAGE, fail, note, refusal, user_errors

if TYPE_CHECKING:
    from dag.diagnostics.diagnostic import Diagnostic


_NO_LANES = "no lanes, so nothing was checked; a lane is a function decorated with @lane, in this file"


@click.command("lint")
@click.argument("target", metavar="FILE.py[:LANE]")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnostics as JSON.")
@click.option(
    "--report",
    "with_report",
    is_flag=True,
    help="Show instead, for each lane, the feeds behind its results, its sinks and gates, and what enters a product twice.",
)
@click.option(
    "--fix",
    "is_to_fix",
    is_flag=True,
    help="Put right in the file what takes no thought: a guard, the order of a domain's ends, an import from dagc.",
)
def command(target: str, as_json: bool, with_report: bool, is_to_fix: bool) -> None:
    """Report every problem of one lane, or of every lane in a file: errors (exit code 1) and remarks.

    The errors are exactly those with which `dagc build` refuses the lane. With --fix, a division that may be by zero gives 0
    there, the root of a negative number is that of 0, `domain(hi, lo)` is turned round, and names of dagc's are imported; what is
    left is reported. The file keeps its bytes where a change would not help.
    """
    if is_to_fix and with_report:
        fail("--fix changes the file, --report only shows: choose one", USAGE)
    with user_errors():
        from dag.diagnostics.diagnostic import render_all

        if with_report:
            from dagc.reporting.claims import claims_text, reports_of

            reports, errors = reports_of(target)
            click.echo(json.dumps(reports, indent=1) if as_json else "\n\n".join(map(claims_text, reports)))
            if errors:
                fail(render_all(errors), REJECTED)
            return
        from dagc.reporting.lint import lint

        if is_to_fix:
            from dagc.fixing.run import fix

            fixed = fix(target)
            for line in (*fixed.said, *fixed.refused.values()):
                note(line)
        linted = lint(target)
    every = (*linted.errors, *linted.remarks)
    if as_json:
        click.echo(json.dumps([_document(each) for each in every], indent=1))
    else:
        lanes = f"{counted(linted.lanes, 'lane')}, nothing to report" if linted.lanes else _NO_LANES
        click.echo(render_all(every) if every else f"{target}: {lanes}")
    sys.exit(refusal(linted.errors) if linted.errors else OK)


def _document(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic for `--json`; its files are those that the page shows."""
    from dag.diagnostics.diagnostic import located

    return asdict(
        located(diagnostic),
        dict_factory=lambda fields: {key: each for key, each in fields if key not in ("path", "arms")},
    )
