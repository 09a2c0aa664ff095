"""`dagc verify`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dagc.terminal.exits import USAGE, fail, user_errors


@click.command("verify")
@click.argument("folder", metavar="DIR|FILE.dagc", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Run the whole campaign again, however long it is.")
@click.option("--quick", is_flag=True, help="Run no row again: hashes, proofs, and what follows from them.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A public key that has to fit: repeat for any of several.",
)
@click.option("--least-serial", type=click.IntRange(0), default=0, help="The least serial number that is taken.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    folder: Path, everything: bool, quick: bool, keys: tuple[Path, ...], least_serial: int, as_json: bool
) -> None:
    """Check a bundle from its own files: every hash, every proof, every word of its certificate, and its campaign.

    A changed, missing or added file is named, and so is an artifact that is not the graph's program or any claim that the
    files do not bear out, even where the manifest fits (exit code 1). The campaign is run again with the seed it states, on
    its first 20,000 rows or (--all) on all. Where an artifact could not be proved, and the certificate says so, or the tool
    of a backend is missing, the exit code is 3.

    With --key the signature of the manifest is checked first (`dagc sign`).
    """
    if everything and quick:
        fail("--all and --quick exclude each other", USAGE)
    with user_errors():
        from dagc.checking.verify import RERUN_ROWS, verify
        from dagc.terminal.progress import Stages

        signed = _signed(folder, keys, least_serial)
        result = verify(folder, 0 if quick else None if everything else RERUN_ROWS, Stages(quiet=as_json))
    document = {**result.as_json(), **({"signed": signed} if signed else {})}
    says = f"\n  signed, serial number {signed['serial']}: {signed['key']} fits" if signed else ""
    click.echo(json.dumps(document, indent=1) if as_json else result.as_text() + says)
    sys.exit(result.exit_code)


def _signed(folder: Path, keys: tuple[Path, ...], least_serial: int) -> dict[str, object]:
    from compile.bundle.bundle import read_bundle
    from dagc.signing import check

    if least_serial and not keys:
        fail("--least-serial is of signed bundles\n  fix  say by which keys: --key NAME.pub", USAGE)
    if not keys:
        return {}
    found = check(read_bundle(folder), folder, keys, least_serial)
    return {"key": str(found.key), "serial": found.serial}
