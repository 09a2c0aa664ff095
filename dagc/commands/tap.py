"""`dagc tap`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compile.backends import checked
from compile.interpreter.record import REFERENCE
from dagc.binding.parsing import parse_value
from dagc.commands.backend_names import metavar, one_of
from dagc.commands.bundle_or_lane import opened, runner_of
from dagc.data.piped import DataPath
from dagc.terminal.exits import USAGE, fail, user_errors

if TYPE_CHECKING:
    from compile.backend import Batch, Runner
    from dag.graphs.graph import Graph
    from dagc.debugging.why.moment import Moment

#: Bars that a search lists; --json lists all.
SHOWN = 20


@click.command("tap")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.option("--data", required=True, type=DataPath(), help="CSV or Parquet, a column per input.")
@click.option("--bar", type=int, help="Which bar, counted from 0.")
@click.option(
    "--lane",
    "name",
    metavar="NAME",
    help="Any value: an output, an input, a lane's variable; `output:x`, `input:x`, `variable:x` if two values have that name.",
)
@click.option(
    "--backend", "which", metavar=metavar(checked()), callback=one_of(checked), default=REFERENCE, show_default=True
)
@click.option(
    "--why", "is_why", is_flag=True, help="Show the operands that mattered, and what mattered to them, as a tree."
)
@click.option("--depth", type=click.IntRange(0), default=6, show_default=True, help="How deep the tree of --why goes.")
@click.option(
    "--flips",
    "with_flips",
    is_flag=True,
    help="Show for each input the nearest value that would have changed a decision.",
)
@click.option(
    "--what-if",
    "supposed",
    multiple=True,
    metavar="NAME=VALUE",
    help="Show the bar as it would have been had any lane's value been another: repeat for several.",
)
@click.option(
    "--waterfall", "with_waterfall", is_flag=True, help="What the number was made of, factor by factor, with shares."
)
@click.option(
    "--where",
    "condition",
    metavar="CONDITION",
    help="Search all bars instead, as 'lev > 5 and posture == STALKER': docs/debugger.md has the language.",
)
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter (default: its default).")
@click.option("--json", "as_json", is_flag=True, help="Print the value as JSON.")
def command(
    target: str,
    data: Path,
    bar: int | None,
    name: str | None,
    which: str,
    is_why: bool,
    depth: int,
    with_flips: bool,
    supposed: tuple[str, ...],
    with_waterfall: bool,
    condition: str | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show a value at a bar, and where it came from: its operands, units and source line, from any backend.

    With --why everything that mattered to it, back to inputs and states; with --flips what would have changed it; with --waterfall
    what it was made of; with --what-if what it would have been; with --where the bars on which a condition is true.
    """
    if condition is not None and (
        bar is not None or name is not None or is_why or with_flips or with_waterfall or supposed
    ):
        fail("--where searches all bars: leave out --bar, --lane, --why, --flips, --waterfall and --what-if", USAGE)
    with user_errors():
        from dagc.checking.check import recorded
        from dagc.debugging.tap import as_text, tap
        from dagc.debugging.tap_names import TapNames

        graph, files = opened(target)
        node, place = (0, None) if name is None else TapNames(graph).place(name)
        batch = recorded(graph, data, settings)
        runner = runner_of(graph, which, files)
        if condition is not None:
            _search(graph, runner, batch, condition, as_json)
            return
        if bar is None or name is None:
            fail("say which value and which bar: --lane NAME --bar N; or --where CONDITION", USAGE)
        if not 0 <= bar < batch.bars:
            fail(f"bar {bar} is not in {data}, which has bars 0 to {batch.bars - 1}", USAGE)
        if with_waterfall:
            from dagc.debugging.why.moment import moment_of

            _made_of(_supposed(moment_of(graph, runner, batch, bar), supposed), name, as_json)
            return
        if is_why or with_flips or supposed:
            from dagc.debugging.why.moment import moment_of

            moment = _supposed(moment_of(graph, runner, batch, bar), supposed)
            _explain(moment, name, depth if is_why else None, with_flips, as_json)
            return
        found = tap(graph, runner, which, batch, bar, node, place)
    click.echo(json.dumps(asdict(found), indent=1) if as_json else as_text(found))


def _supposed(moment: Moment, supposed: tuple[str, ...]) -> Moment:
    """The bar with other values; itself where there are none."""
    given: dict[str, object] = {}
    for each in supposed:
        name, equals, text = each.partition("=")
        if not equals:
            fail(f"--what-if {each}: expected NAME=VALUE", USAGE)
        try:
            given[name.strip()] = parse_value(text.strip(), moment.graph.types[moment.names.node(name.strip())])
        except ValueError:
            given[name.strip()] = text
    try:
        return moment.what_if(given) if given else moment
    except ValueError as problem:
        fail(f"--what-if: {problem}", USAGE)


def _made_of(moment: Moment, name: str, as_json: bool) -> None:
    try:
        found = moment.waterfall(name)
    except ValueError as problem:
        fail(str(problem), USAGE)
    click.echo(json.dumps(found.as_json(), indent=1) if as_json else repr(found))


def _explain(moment: Moment, name: str, depth: int | None, with_flips: bool, as_json: bool) -> None:
    tree = moment.why(name, 0 if depth is None else depth)
    try:
        flips = moment.flips(name) if with_flips else []
    except ValueError as problem:
        fail(str(problem), USAGE)
    if as_json:
        flipped = {"flips": [*map(asdict, flips)]} if with_flips else {}
        click.echo(json.dumps({"bar": moment.bar, "why": tree.as_json(), **flipped}, indent=1))
        return
    click.echo("\n".join([repr(tree), *map(str, flips)]))


def _search(graph: Graph, runner: Runner, batch: Batch, condition: str, as_json: bool) -> None:
    from dagc.debugging.search.evaluate import searched

    found = searched(graph, runner, batch, condition)
    if as_json:
        click.echo(json.dumps({"where": condition, "bars": found.bars.tolist(), "of": batch.bars}, indent=1))
        return
    click.echo(found.as_text(SHOWN))
