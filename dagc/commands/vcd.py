"""`dagc vcd`."""

from __future__ import annotations

from pathlib import Path

import click

from compile.backends import checked
from compile.c.record import C_ROW
from dagc.commands.backend_names import metavar, one_of
from dagc.commands.bundle_or_lane import opened, runner_of
from dagc.data.piped import DataPath
from dagc.terminal.exits import user_errors


@click.command("vcd")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.option("--data", required=True, type=DataPath(), help="CSV or Parquet, a column per input.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The VCD file.")
@click.option(
    "--taps",
    metavar="NAME,...|all",
    default="all",
    show_default=True,
    help="Values to write beside inputs and outputs.",
)
@click.option(
    "--backend", "which", metavar=metavar(checked()), callback=one_of(checked), default=C_ROW.name, show_default=True
)
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter (default: its default).")
def command(target: str, data: Path, output: Path, taps: str, which: str, settings: tuple[str, ...]) -> None:
    """Write a run as waves, for GTKWave, Surfer and other viewers of value changes: a unit of time is a bar.

    Lanes are scopes. Every float reads back as the word that was computed; Enums are their members' names.
    """
    with user_errors():
        from dagc.checking.check import recorded
        from dagc.debugging.waves.vcd import chosen, write_vcd
        from dagc.terminal.progress import row_progress

        graph, files = opened(target)
        batch = recorded(graph, data, settings)
        names = [name.strip() for name in taps.split(",") if name.strip()]
        shown, runner = chosen(graph, names), runner_of(graph, which, files)
        output.parent.mkdir(parents=True, exist_ok=True)
        with output.open("w", encoding="utf-8") as file, row_progress("vcd", batch.bars, quiet=False) as progress:
            write_vcd(graph, runner, batch, file, shown, progress)
    click.echo(f"wrote {output}: {len(shown):,} values over {batch.bars:,} bars, {output.stat().st_size / 1e6:.1f} MB")
