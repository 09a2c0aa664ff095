"""`dagc new`."""

from __future__ import annotations

from pathlib import Path

import click

from dagc.terminal.exits import USAGE, fail, user_errors


@click.command("new")
@click.argument("name", metavar="NAME")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    help="The folder to make.  [default: NAME in the current folder]",
)
def command(name: str, folder: Path | None) -> None:
    """Start a project: a lane with parameters, an oracle, a test of both, and bars to run them on.

    Everything in it passes `dagc lint`, `dagc check` and pytest as it is.
    """
    with user_errors():
        from dagc.scaffolding.project import NameTaken, write_project

        place = Path(name) if folder is None else folder
        try:
            made = write_project(name, place)
        except NameTaken as problem:
            fail(str(problem), USAGE)
        except FileExistsError:
            fail(f"{place} is there already\n  fix  choose another name, or another folder with -o", USAGE)
    click.echo("\n".join(map(str, made)))
    click.echo(f"\ncd {place}\ndagc watch {name}.py:{name} --data bars.csv\npytest")
