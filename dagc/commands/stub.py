"""`dagc stub`."""

from __future__ import annotations

from pathlib import Path

import click

from dagc.terminal.exits import user_errors


@click.command("stub")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file.  [default: DIR.pyi, beside DIR]",
)
def command(folder: Path, file: Path | None) -> None:
    """Write the types of a bundle: its inputs, parameters, outputs and taps, for type checkers and editors.

    Under `if TYPE_CHECKING:` import Kernel from it, and annotate what `dagc.load` returns: `kernel: Kernel = dagc.load(DIR)`.
    """
    with user_errors():
        from compile.bundle.bundle import read_bundle
        from dagc.binding.parameters import PINS
        from dagc.live.stub import stub_text

        bundle = read_bundle(folder)
        place = folder.with_name(f"{folder.resolve().name}.pyi") if file is None else file
        place.write_text(stub_text(bundle.graph, PINS in bundle.files), encoding="utf-8")
    click.echo(f"wrote {place}")
