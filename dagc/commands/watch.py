"""`dagc watch`."""

from __future__ import annotations

from pathlib import Path

import click

from dagc.terminal.exits import user_errors

#: Bars, or sampled rows, that are looked at after a save.
BARS = 500


@click.command("watch")
@click.argument("target", metavar="FILE.py:LANE")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Run the lane on the first bars of this CSV or Parquet file. Default: on rows of its universe.",
)
@click.option("--bars", type=click.IntRange(1), default=BARS, show_default=True, help="How many bars or rows.")
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter (default: its default).")
def command(target: str, data: Path | None, bars: int, settings: tuple[str, ...]) -> None:
    """Lint, run and check a lane again whenever its file, a file it imports, or the data is saved.

    Shows what `dagc lint` reports, what the lane computes on the last bar, and whether the interpreter and C compute the same
    bits. Ctrl-C ends it, with exit code 130.
    """
    with user_errors():
        from dagc.watching.loop import watch

        watch(target, data, bars, settings)
