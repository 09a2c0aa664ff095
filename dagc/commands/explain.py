"""`dagc explain`."""

from __future__ import annotations

import click

from dagc.terminal.exits import USAGE, fail


@click.command("explain")
@click.argument("code")
def command(code: str) -> None:
    """Explain a diagnostic code: what it means, a small program that has it, and one that does not."""
    from dag.diagnostics.codes import CODES
    from dag.diagnostics.diagnostic import explain
    from dagc.debugging.naming_help import did_you_mean

    if code.upper() not in CODES:
        fail(f"there is no diagnostic {code}; {did_you_mean(code.upper(), CODES)}", USAGE)
    click.echo(explain(code.upper()))
