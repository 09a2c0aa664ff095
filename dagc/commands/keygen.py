"""`dagc keygen`."""

from __future__ import annotations

from pathlib import Path

import click

from dagc.terminal.exits import USAGE, fail, user_errors
from dagc.terminal.passwords import key_password


@click.command("keygen")
@click.argument("name", metavar="NAME", type=click.Path(path_type=Path))
@click.option("--no-password", is_flag=True, help="Leave the secret key readable to whoever has the file.")
def command(name: Path, no_password: bool) -> None:
    """Make a pair of keys, NAME.key to sign with and NAME.pub to check with. minisign reads both."""
    with user_errors():
        from dagc.signing import new_keys

        password = None if no_password else key_password(confirm=True)
        try:
            secret, public = new_keys(name, password)
        except FileExistsError as problem:
            fail(f"{problem.filename} is there already\n  fix  name another one: keys are not replaced", USAGE)
    click.echo(f"wrote {secret}, which signs: keep it; and {public}, which checks: give it to hosts")
