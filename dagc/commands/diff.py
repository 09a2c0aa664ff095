"""`dagc diff`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compile.backends import checked
from compile.interpreter.record import REFERENCE
from dagc.commands.backend_names import metavar, one_of
from dagc.commands.bundle_or_lane import opened, runner_of
from dagc.data.piped import DataPath
from dagc.terminal.exits import INTERNAL, OK, REJECTED, user_errors

if TYPE_CHECKING:
    from dagc.debugging.difference.compare import Replay


@click.command("diff")
@click.argument("first", metavar="DIR|FILE.py:LANE")
@click.argument("second", metavar="DIR|FILE.py:LANE")
@click.option("--data", required=True, type=DataPath(), help="The bars that both are run on: CSV or Parquet.")
@click.option("--data-of-second", type=DataPath(), help="Other bars for the second.")
@click.option(
    "--backend", "which", metavar=metavar(checked()), callback=one_of(checked), default=REFERENCE, show_default=True
)
@click.option(
    "--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter of both (default: its default)."
)
@click.option(
    "--param-of-second", "others", multiple=True, metavar="NAME=VALUE", help="A parameter of the second, besides."
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(
    first: str,
    second: str,
    data: Path,
    data_of_second: Path | None,
    which: str,
    settings: tuple[str, ...],
    others: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say where two runs part: the first bar and the first values that differ, why, and what followed.

    Two versions of a lane, two bundles, two sets of parameters or two recordings; values are matched by name. The exit code is 1 if
    anything differs.
    """
    with user_errors():
        from dagc.debugging.difference.compare import difference

        found = difference(
            _replay(first, data, which, settings), _replay(second, data_of_second or data, which, (*settings, *others))
        )
    click.echo(json.dumps(found.as_json(), indent=1) if as_json else repr(found))
    sys.exit(INTERNAL if found.is_defect else REJECTED if found.differs else OK)


def _replay(target: str, data: Path, which: str, settings: tuple[str, ...]) -> Replay:
    from dagc.checking.check import recorded
    from dagc.debugging.difference.compare import Replay

    graph, files = opened(target)
    batch = recorded(graph, data, settings)
    return Replay(graph, runner_of(graph, which, files), batch)
