"""`dagc report`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from compile.backends import checked
from compile.c.record import C_ROW
from dagc.commands.backend_names import metavar, one_of
from dagc.commands.bundle_or_lane import opened, runner_of
from dagc.data.piped import DataPath
from dagc.terminal.exits import USAGE, fail, user_errors


@click.command("report")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.option("--data", required=True, type=DataPath(), help="CSV or Parquet, a column per input.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The HTML file.")
@click.option(
    "--bar", "bars", type=int, multiple=True, help="Mark a bar, and work out what mattered on it: repeat for several."
)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="CONDITION",
    help="List the bars on which a condition is true, in the language of `dagc tap --where`: repeat for several.",
)
@click.option(
    "--backend", "which", metavar=metavar(checked()), callback=one_of(checked), default=C_ROW.name, show_default=True
)
@click.option(
    "--against", metavar="DIR|FILE.py:LANE", help="Another version, on the same bars: the page says where they part."
)
@click.option(
    "--param-of-other", "others", multiple=True, metavar="NAME=VALUE", help="A parameter of --against, besides."
)
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter (default: its default).")
def command(
    target: str,
    data: Path,
    output: Path,
    bars: tuple[int, ...],
    conditions: tuple[str, ...],
    which: str,
    against: str | None,
    others: tuple[str, ...],
    settings: tuple[str, ...],
) -> None:
    """Write a run as a page: the lanes, every value at every bar to the last bit, plots, and what mattered.

    The page is one HTML file that needs no network. A run of more than some four million values is exact around marked bars,
    and shown by least and greatest values elsewhere. Bars that were rejected first are marked, and the last one.
    """
    if others and against is None:
        fail("--param-of-other is of --against\n  fix  add --against DIR or --against FILE.py:LANE", USAGE)
    with user_errors():
        from dagc.checking.check import recorded
        from dagc.debugging.difference.compare import Replay
        from dagc.page.contents import Subject
        from dagc.page.page import page

        graph, held = opened(target)
        batch = recorded(graph, data, settings)
        if outside := [bar for bar in bars if not 0 <= bar < batch.bars]:
            fail(f"bar {outside[0]} is not in {data}, which has bars 0 to {batch.bars - 1}", USAGE)
        certificate = (held or {}).get("certificate.json")
        claims = json.loads(certificate)["claims"] if certificate else ()
        params = {name: column[0].item() for name, column in batch.params.items()}
        other = None
        if against is not None:
            second, its_files = opened(against)
            other = Replay(second, runner_of(second, which, its_files), recorded(second, data, (*settings, *others)))
        runner = runner_of(graph, which, held)
        subject = Subject(graph, runner, batch, bars, conditions, claims, data.name, params, other)
        text = page(subject)
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    click.echo(f"wrote {output}: {len(text.encode()) / 1e6:.1f} MB, {batch.bars:,} bars")
