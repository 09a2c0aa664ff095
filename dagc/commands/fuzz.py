"""`dagc fuzz`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from compile.backend import SIMULATED
from dagc.backends import BY_DEFAULT, CHECKED
from dagc.exits import OK, REJECTED, TOOL_MISSING, USAGE, fail, note, user_errors

DEFAULT_OUT = Path("build/fuzz")


@click.command("fuzz")
@click.option("--graphs", type=click.IntRange(1), default=1000, show_default=True, help="How many random graphs.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Which ones.")
@click.option("--rows", type=click.IntRange(1), default=1000, show_default=True, help="Rows of each graph.")
@click.option(
    "--backends",
    help=f"Which of {', '.join(CHECKED)} to run (default: {','.join(BY_DEFAULT)}); the interpreter always is.",
)
@click.option(
    "--rtl-share",
    type=click.FloatRange(0.0, 1.0),
    default=0.03,
    show_default=True,
    help="Share of the graphs that is simulated as Verilog too.",
)
@click.option("--time-limit", type=click.FloatRange(0.0), help="Begin nothing new after so many seconds.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_OUT,
    show_default=True,
    help="Folder of the journal and of what was found.",
)
@click.option("--jobs", type=click.IntRange(1), help="Processes (default: one a core).")
@click.option("--replay", "file", type=click.Path(path_type=Path), help="Run a saved disagreement again, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    graphs: int,
    seed: int,
    rows: int,
    backends: str | None,
    rtl_share: float,
    time_limit: float | None,
    out: Path,
    jobs: int | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Run random graphs through all backends and compare every value as a 64-bit word.

    A disagreement is made as small as it gets and saved as one file. Killed or out of time, the same command goes on where
    it was. With --backends rtl or rtl_interleaved alone every graph is simulated.
    """
    names = None if backends is None else [name.strip() for name in backends.split(",") if name.strip()]
    unknown = [name for name in names or () if name not in CHECKED]
    if unknown:
        fail(f"there is no backend {', '.join(unknown)}; there are {', '.join(CHECKED)}", USAGE)
    wanted = ["interpreter", *(BY_DEFAULT if names is None else names)]
    chosen = tuple(name for name in CHECKED if name in wanted)
    if len(chosen) > 1 and {*chosen} <= {"interpreter", *SIMULATED}:
        rtl_share = 1.0
    with user_errors():
        if file is not None:
            _replay(file, chosen, as_json)
        from dagc.fuzzing import Plan, fuzz

        plan = Plan(graphs, seed, rows, chosen, rtl_share)
        totals = fuzz(plan, out, time_limit, jobs or os.cpu_count() or 1, quiet=as_json)
    click.echo(json.dumps(totals.as_json(), indent=1) if as_json else totals.as_text())
    if totals.graphs < graphs and not totals.findings:
        note("stopped by the time limit; the same command goes on from here")
    sys.exit(totals.exit_code)


def _replay(file: Path, names: tuple[str, ...], as_json: bool) -> None:
    from compile.campaign.reproducer import DamagedReproducer
    from dagc.fuzzing import replay

    try:
        reproducer, explained, missing = replay(file, names)
    except DamagedReproducer as problem:
        fail(f"{file}: {problem}", USAGE)
    is_hollow = reproducer.backend not in names or reproducer.backend in missing
    if as_json:
        document = {"file": str(file), "differences": explained, "missing": [*missing]}
        click.echo(json.dumps(document, indent=1))
    else:
        identical = "bit-identical" if not missing else f"bit-identical but for {', '.join(missing)}, NOT CHECKED"
        identical = "which was not run" if is_hollow else identical
        click.echo(
            f"{reproducer.graph.name}, found in {reproducer.backend}: {identical if not explained else 'DIFFERENT'}"
        )
        for each in explained:
            click.echo(f"\n{each}")
        for name, tool in missing.items():
            click.echo(f"  {name:<15}     MISSING: {tool.tool}; get it with: {tool.fix}")
    sys.exit(REJECTED if explained else TOOL_MISSING if missing or is_hollow else OK)
