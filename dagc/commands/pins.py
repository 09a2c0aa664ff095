"""`dagc pins`."""

from __future__ import annotations

import click

from dagc.terminal.exits import user_errors


@click.command("pins")
@click.argument("target", metavar="FILE.py:LANE")
def command(target: str) -> None:
    """Print a pin file with every parameter of a lane, at its default where it has one, to review, edit and build with."""
    with user_errors():
        from compile.front import accepted
        from dag.files.loading import load_lane
        from dagc.binding.pins import pin_template

        click.echo(pin_template(accepted(load_lane(target))), nl=False)
