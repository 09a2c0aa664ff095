"""`dagc debug`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compile.backends import checked
from compile.c.record import C_ROW
from dagc.commands.backend_names import metavar, one_of
from dagc.commands.bundle_or_lane import opened, runner_of
from dagc.terminal.exits import USAGE, fail, user_errors

if TYPE_CHECKING:
    from dagc.debugging.adapter.timeline import Timeline


@click.command("debug")
@click.argument("target", metavar="[DIR|FILE.py:LANE]", required=False)
@click.option("--data", type=click.Path(path_type=Path), help="CSV or Parquet, a column per input.")
@click.option(
    "--backend", "which", metavar=metavar(checked()), callback=one_of(checked), default=C_ROW.name, show_default=True
)
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter (default: its default).")
def command(target: str | None, data: Path | None, which: str, settings: tuple[str, ...]) -> None:
    """Debug a replay from an editor, forwards and backwards: a server of the Debug Adapter Protocol on stdin and stdout.

    Steps are the named values of lanes, bar after bar; breakpoints stand on lines of lanes, with conditions in the language
    of `dagc tap --where`. An editor starts this command; what is not given here comes with its launch request, as `program`,
    `data`, `params`, `backend`, `bar` and `stopOnEntry`.
    """
    with user_errors():
        from dagc.debugging.adapter.protocol import ProtocolProblem
        from dagc.debugging.adapter.server import Server
        from dagc.debugging.adapter.view import Refusal

        def opener(given: dict[str, Any]) -> Timeline:
            from dagc.checking.check import recorded
            from dagc.debugging.adapter.timeline import Timeline

            program, rows = given.get("program") or target, given.get("data") or data
            if not program or not rows:
                raise Refusal('say what to debug: "program": "FILE.py:LANE" and "data": "bars.csv"')
            graph, files = opened(str(program))
            chosen = given.get("params") or {}
            named = [f"{name}={value}" for name, value in chosen.items()] if isinstance(chosen, dict) else []
            batch = recorded(graph, Path(str(rows)), (*settings, *named))
            return Timeline(graph, runner_of(graph, str(given.get("backend") or which), files), batch)

        # What a lane file prints must not end up between the messages.
        writer, sys.stdout = sys.stdout, sys.stderr
        try:
            Server(sys.stdin.buffer, writer.buffer, opener).run()
        except ProtocolProblem as problem:
            fail(f"{problem}\n  fix  start it from an editor: it speaks the Debug Adapter Protocol", USAGE)
        finally:
            sys.stdout = writer
