"""`dagc verify`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dagc.terminal.exits import USAGE, fail, user_errors


@click.command("verify")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Run the whole campaign again, however long it is.")
@click.option("--quick", is_flag=True, help="Run no row again: hashes, proofs, and what follows from them.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(folder: Path, everything: bool, quick: bool, as_json: bool) -> None:
    """Check a bundle from its own files: every hash, every proof, every word of its certificate, and its campaign.

    A changed, missing or added file is named, and so is an artifact that is not the graph's program or any claim that the
    files do not bear out, even where the manifest fits (exit code 1). The campaign is run again with the seed it states, on
    its first 20,000 rows or (--all) on all. Where an artifact could not be proved, and the certificate says so, or the tool
    of a backend is missing, the exit code is 3.
    """
    if everything and quick:
        fail("--all and --quick exclude each other", USAGE)
    with user_errors():
        from dagc.checking.verify import RERUN_ROWS, verify
        from dagc.terminal.progress import Stages

        result = verify(folder, 0 if quick else None if everything else RERUN_ROWS, Stages(quiet=as_json))
    click.echo(json.dumps(result.as_json(), indent=1) if as_json else result.as_text())
    sys.exit(result.exit_code)
