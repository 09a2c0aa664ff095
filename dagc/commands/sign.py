"""`dagc sign`."""

from __future__ import annotations

from pathlib import Path

import click

from dagc.terminal.exits import USAGE, fail, user_errors
from dagc.terminal.passwords import key_password
from dagc.terminal.whole_files import write_whole


@click.command("sign")
@click.argument("bundle", metavar="DIR|FILE.dagc", type=click.Path(path_type=Path))
@click.option(
    "--key", required=True, type=click.Path(path_type=Path), help="A secret key, of `dagc keygen` or minisign."
)
@click.option("--serial", type=click.IntRange(0, 10**18 - 1), default=0, show_default=True, help="Of the release.")
def command(bundle: Path, key: Path, serial: int) -> None:
    """Sign a bundle: Ed25519 over its manifest, which hashes every other file, as minisign signs.

    The signed comment says which bundle it is, and --serial, which should grow from release to release: a host that asks for
    at least the newest does not take an old bundle back. The password of the key is asked for, or stands in the environment
    variable DAGC_KEY_PASSWORD.
    """
    with user_errors():
        from compile.bundle.archive import SUFFIX, files_of_folder, packed
        from compile.bundle.bundle import bundle_folder, read_bundle
        from dagc.signing import is_encrypted, sign

        read_bundle(bundle)
        try:
            password = key_password() if is_encrypted(key) else None
            with bundle_folder(bundle) as folder:
                sign(folder, key, serial, password)
                if bundle.suffix == SUFFIX:
                    write_whole(bundle, packed(files_of_folder(folder)))
        except ValueError as problem:
            fail(str(problem), USAGE)
    click.echo(f"signed {bundle}, serial number {serial}")
