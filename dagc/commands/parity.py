"""`dagc parity`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compile.backends import software
from compile.c.record import C_ROW
from compile.interpreter.record import REFERENCE
from dagc.commands.backend_names import metavar, one_of
from dagc.data.piped import DataPath
from dagc.terminal.exits import OK, REJECTED, TOOL_MISSING, USAGE, fail, user_errors

if TYPE_CHECKING:
    from compile.backend import Runner
    from dag.graphs.graph import Graph


@click.command("parity")
@click.argument("target", metavar="FILE.py:LANE")
@click.option(
    "--oracle", required=True, metavar="MODULE:FUNCTION", help="Your code; also FILE.py:FUNCTION or Class.method."
)
@click.option("--universe", type=click.Path(path_type=Path), help="TOML or JSON: the part of the universe to sample.")
@click.option("--rows", type=click.IntRange(1), default=100_000, show_default=True, help="Rows to sample.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the sampled rows.")
@click.option("--recorded", type=DataPath(), help="CSV, Parquet or Arrow: inputs and recorded outputs.")
@click.option("--column", "columns", multiple=True, metavar="NAME=COLUMN", help="The column of a port or output.")
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter for --recorded.")
@click.option("--map", "mapping", multiple=True, metavar="ARGUMENT=PORT", help="The port for an argument of your code.")
@click.option("--output", metavar="NAME,...", help="The outputs that your code returns, in its order (default: all).")
@click.option(
    "--backend",
    metavar=metavar(software()),
    callback=one_of(software),
    help=f"Backend that runs the lane (default: {C_ROW.name}, else the {REFERENCE}); all give the same bits.",
)
@click.option(
    "--slot",
    "slots",
    multiple=True,
    metavar="NAME=FILE.py:LANE",
    help="Plug a lane into a slot of the graph; repeat for several. An empty slot returns its neutral value.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    target: str,
    oracle: str,
    universe: Path | None,
    rows: int,
    seed: int,
    recorded: Path | None,
    columns: tuple[str, ...],
    settings: tuple[str, ...],
    mapping: tuple[str, ...],
    output: str | None,
    backend: str | None,
    slots: tuple[str, ...],
    as_json: bool,
) -> None:
    """Compare a lane with your own Python code, row by row and bit by bit, and explain differences.

    Samples the lane's whole joint universe, then replays recorded rows. Arguments are matched with the lane's inputs and
    parameters by name. Your code may be a function, a class, a generator function, or a function that makes one: see
    docs/parity.md. The exit code is 1 if they differ, 3 if nothing could be compared.
    """
    with user_errors():
        from dagc.building.running import graph_of
        from dagc.building.slots import lane_of
        from dagc.parity.locate import located
        from dagc.parity.report import as_json as document
        from dagc.parity.report import as_text
        from dagc.parity.run import ParityRequest, parity
        from dagc.terminal.progress import row_progress

        found, method = located(oracle)
        graph = graph_of(target, slots=slots)
        question = ParityRequest(
            found,
            method,
            oracle,
            _pairs("--map", mapping),
            output,
            universe,
            rows,
            seed,
            recorded,
            _pairs("--column", columns),
            settings,
        )
        name, runner = _runner(graph, backend)
        with row_progress("parity", rows, quiet=as_json) as progress:
            result = parity(lane_of(target, slots), graph, runner, name, question, progress)
    click.echo(json.dumps(document(result), indent=1) if as_json else as_text(result))
    sys.exit(REJECTED if result.differs else TOOL_MISSING if result.hollow else OK)


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip() or not value.strip():
            fail(f"{option} {each}: expected NAME=NAME", USAGE)
        pairs[name.strip()] = value.strip()
    return pairs


def _runner(graph: Graph, wanted: str | None) -> tuple[str, Runner]:
    """The backend that was asked for; C where there is a compiler, and else the interpreter, where none was."""
    from dagc.building.running import runners_of

    runners, missing = runners_of(graph, [wanted or C_ROW.name])
    if missing and wanted is not None:
        absent = missing[wanted]
        fail(f"{wanted} needs {absent.tool}, which is missing\n  fix  {absent.fix}", TOOL_MISSING)
    name = REFERENCE if missing else wanted or C_ROW.name
    return name, (runners_of(graph, [name])[0] if missing else runners)[name]
