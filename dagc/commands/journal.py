"""`dagc journal`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dagc.terminal.exits import TOOL_MISSING, USAGE, fail, user_errors


@click.command("journal")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--bundle",
    "bundles",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A bundle whose bars are played again: repeat for each version that was active.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(folder: Path, bundles: tuple[Path, ...], as_json: bool) -> None:
    """Read the journal of a live engine, and play its bars again through the bundles that it ran.

    Every record has a checksum, and seals chain them: what was changed, removed or put in afterwards is named, and so is a
    record that was cut off at the end. With --bundle every bar is stepped again, and its status, outputs and states are
    compared with those that were written down. The exit code is 1 where a word differs, 2 where the journal is damaged,
    and 3 where bars were not played because their bundle was not given.
    """
    with user_errors():
        from dagc.engine.reading import played
        from dagc.engine.records import JournalProblem
        from dagc.live.kernel import load

        kernels = [load(each) for each in bundles]
        try:
            course, found = played(folder, kernels)
        except JournalProblem as problem:
            fail(str(problem), USAGE)
    document = {
        "name": found.name,
        "bars": course.bars,
        "played": course.played,
        "compared": course.compared,
        "mismatch": course.mismatch,
        "switches": course.switches,
        "unfinished": course.unfinished,
        "missing": course.missing,
        "torn": found.torn,
        "closed": course.closed,
        "chain": found.chain.hex(),
    }
    if as_json:
        click.echo(json.dumps(document, indent=1))
    else:
        click.echo(f"{found.name}  {folder}")
        click.echo(
            f"  {course.bars:,} bars, {'closed' if course.closed else 'not closed'}; chain {found.chain.hex()[:16]}"
        )
        for line in course.switches:
            click.echo(f"  {line}")
        if course.unfinished:
            click.echo(f"  {course.unfinished}: not made, the process died in front of it")
        if found.torn:
            click.echo(f"  torn      {found.torn}")
        for graph, bars in course.missing.items():
            click.echo(f"  not played  {bars:,} bars of graph {graph[:12]}: give its bundle with --bundle")
        if course.played:
            click.echo(
                f"  played again  {course.played:,} bars, {course.compared:,} compared: {course.mismatch or 'the same words'}"
            )
    if course.mismatch:
        raise SystemExit(1)
    if course.missing:
        raise SystemExit(TOOL_MISSING)
