"""`dagc doctor`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from dagc.terminal.exits import OK, TOOL_MISSING


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Show which tools are installed, which are missing and how to install them. Exit code 3 if a required one is missing."""
    from dagc.cli import HOST
    from dagc.terminal.doctor import examine

    findings = examine(click.get_current_context().meta.get(HOST))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in findings], indent=1))
    else:
        width = max(len(each.name) for each in findings)
        for each in findings:
            mark = "ok     " if each.ok else "MISSING" if each.required else "absent "
            fix = f"\n{'':<{width + 11}}get it with: {each.fix}" if each.fix and not each.ok else ""
            click.echo(f"{mark}  {each.name:<{width}}  {each.detail}{fix}")
    sys.exit(TOOL_MISSING if any(each.required and not each.ok for each in findings) else OK)
