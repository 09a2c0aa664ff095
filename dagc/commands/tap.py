"""`dagc tap`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from compile.backends import checked
from compile.interpreter.record import REFERENCE
from dagc.commands.backend_names import metavar, one_of
from dagc.commands.bundle_or_lane import names_bundle
from dagc.data.piped import DataPath
from dagc.terminal.exits import TOOL_MISSING, USAGE, fail, user_errors


@click.command("tap")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.option("--data", required=True, type=DataPath(), help="CSV or Parquet, a column per input.")
@click.option("--bar", required=True, type=int, help="Which bar, counted from 0.")
@click.option(
    "--lane",
    "name",
    required=True,
    metavar="NAME",
    help="Any value: an output, an input, a lane's variable; `output:x`, `input:x`, `variable:x` if two values have that name.",
)
@click.option(
    "--backend", "which", metavar=metavar(checked()), callback=one_of(checked), default=REFERENCE, show_default=True
)
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter (default: its default).")
@click.option("--json", "as_json", is_flag=True, help="Print the value as JSON.")
def command(target: str, data: Path, bar: int, name: str, which: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Show a value at a bar, and where it came from: its operands, units and source line, from any backend."""
    with user_errors():
        from compile.bundle.bundle import read_bundle
        from dagc.building.running import graph_of, runners_of
        from dagc.checking.check import recorded
        from dagc.debugging.tap import as_text, tap
        from dagc.debugging.tap_names import TapNames

        bundle = read_bundle(Path(target)) if names_bundle(target) else None
        graph = graph_of(target) if bundle is None else bundle.graph
        names = TapNames(graph)
        node = names.node(name)
        batch = recorded(graph, data, settings)
        runners, missing = runners_of(graph, [which], None if bundle is None else dict(bundle.files))
        if which in missing:
            fail(f"{which} needs {missing[which].tool}, which is missing\n  fix  {missing[which].fix}", TOOL_MISSING)
        if not 0 <= bar < batch.bars:
            fail(f"bar {bar} is not in {data}, which has bars 0 to {batch.bars - 1}", USAGE)
        found = tap(graph, runners[which], which, batch, bar, node)
    click.echo(json.dumps(asdict(found), indent=1) if as_json else as_text(found))
