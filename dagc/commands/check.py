"""`dagc check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dagc.backends import CHECKED
from dagc.exits import USAGE, fail, user_errors

DEFAULT_ROWS = 10_000


@click.command("check")
@click.argument("target", metavar="FILE.py:LANE")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Replay a CSV or Parquet file, state carried over its bars."
)
@click.option(
    "--campaign", "rows", type=click.IntRange(1), help=f"Sample so many rows of the universe (default {DEFAULT_ROWS})."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the campaign.")
@click.option(
    "--backends", default=",".join(CHECKED), show_default=True, help="Which to run; the interpreter always is."
)
@click.option(
    "--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter for --data (default: its default)."
)
@click.option("--bundle", type=click.Path(path_type=Path), help="Run the artifacts of this bundle as they are on disk.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    target: str,
    data: Path | None,
    rows: int | None,
    seed: int,
    backends: str,
    settings: tuple[str, ...],
    bundle: Path | None,
    as_json: bool,
) -> None:
    """Run all backends over the same rows and compare every value of every lane as a 64-bit word.

    The interpreter is the meaning; XLA, C (row by row and in vectors) and the simulated Verilog are held against it. A
    backend whose tool is missing is reported as missing (exit code 3), never as passed.
    """
    names = [name.strip() for name in backends.split(",") if name.strip()]
    unknown = [name for name in names if name not in CHECKED]
    if unknown:
        fail(f"there is no backend {', '.join(unknown)}; there are {', '.join(CHECKED)}", USAGE)
    with user_errors():
        from compile.bundle import read_artifacts
        from compile.check.run import campaign, check_batch, new_report
        from dagc.data import read_columns, replay_batch
        from dagc.progress import Stages, row_progress
        from dagc.running import graph_of, parameters_of, runners_of

        stages = Stages(quiet=as_json)
        with stages.stage("trace"):
            graph = graph_of(target)
        batch = None
        if data is not None:
            batch = replay_batch(graph, read_columns(data, graph), parameters_of(graph, settings))
            if not batch.bars:
                fail(f"{data} holds no bars", USAGE)
        wanted = [name for name in CHECKED if name == "interpreter" or name in names]
        with stages.stage("lower and load"):
            runners, missing = runners_of(graph, wanted, None if bundle is None else read_artifacts(bundle))
        report = new_report(graph, str(data)) if data is not None else None
        if report is not None and batch is not None:
            with stages.stage("replay"):
                check_batch(graph, runners, batch, report)
        if rows is not None or report is None:
            total = rows or DEFAULT_ROWS
            with row_progress("campaign", total, as_json) as progress:
                sampled = campaign(graph, runners, total, seed, progress)
            report = sampled if report is None else report.joined_with(sampled)
        report.missing.update(missing)
    click.echo(json.dumps(report.as_json(), indent=1) if as_json else report.as_text())
    sys.exit(report.exit_code)
