"""`dagc pack`."""

from __future__ import annotations

from pathlib import Path

import click

from dagc.terminal.exits import USAGE, fail, user_errors
from dagc.terminal.whole_files import write_whole


@click.command("pack")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Default: DIR.dagc.")
def command(folder: Path, output: Path | None) -> None:
    """Write a bundle as one file, which every command and `dagc.load` take in its place."""
    output = output or folder.with_name(folder.name + ".dagc")
    if output.suffix != ".dagc":
        fail(f"{output}: a bundle in one file is called NAME.dagc", USAGE)
    with user_errors():
        from compile.bundle.archive import ArchiveProblem, files_of_folder, packed
        from compile.bundle.bundle import read_bundle

        read_bundle(folder)
        try:
            write_whole(output, packed(files_of_folder(folder)))
        except ArchiveProblem as problem:
            fail(f"{folder}: {problem}", USAGE)
    click.echo(f"wrote {output}: {output.stat().st_size:,} bytes")
