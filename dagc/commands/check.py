"""`dagc check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from compile.backends import by_default, checked
from compile.check.compare import LANE
from dagc.checking.request import CampaignOptions, CheckRequest
from dagc.commands.backend_names import some_of
from dagc.data.piped import DataPath
from dagc.terminal.exits import user_errors


@click.command("check")
@click.argument("target", metavar="FILE.py:LANE")
@click.option("--data", type=DataPath(), help="Replay a CSV or Parquet file, carrying state over its bars.")
@click.option(
    "--campaign", "rows", type=click.IntRange(1), help="Sample this many rows of the universe (10,000 without --data)."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the campaign.")
@click.option(
    "--backends",
    metavar="NAME,...",
    callback=some_of(lambda: (LANE, *checked())),
    help=f"Backends to run, of {', '.join(checked())}; your own function ({LANE}) and the interpreter always run. Default: of "
    f"{', '.join(by_default())}, or of those in the bundle, all that accept the graph and whose tools are installed.",
)
@click.option(
    "--param", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter for --data (default: its default)."
)
@click.option("--bundle", type=click.Path(path_type=Path), help="Run the artifacts of this bundle as they are on disk.")
@click.option(
    "--jobs", type=click.IntRange(1), help="Processes of a campaign (default: one; from 200,000 rows one per core)."
)
@click.option("--ray", metavar="ADDRESS", help="Run the campaign on a Ray cluster; `local` starts one on this machine.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the campaign's checkpoint and results (default: build/campaign, or beside the bundle).",
)
@click.option(
    "--coverage",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write which events of each value were exercised, as text, or as JSON if the name ends in .json.",
)
@click.option(
    "--slot",
    "slots",
    multiple=True,
    metavar="NAME=FILE.py:LANE",
    help="Plug a lane into a slot of the graph; repeat for several. An empty slot returns its neutral value.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    target: str,
    data: Path | None,
    rows: int | None,
    seed: int,
    backends: tuple[str, ...] | None,
    settings: tuple[str, ...],
    bundle: Path | None,
    jobs: int | None,
    ray: str | None,
    out: Path | None,
    coverage: Path | None,
    slots: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run all backends over the same rows and compare every value of every lane as a 64-bit word.

    The interpreter is the reference: the lane's own function, called on numbers, XLA, C (row by row and in vectors) and the
    simulated Verilog are compared with it. A named backend whose tool is missing is reported as missing (exit code 3), never as
    passed, and a check that compared nothing does not pass (exit code 3). With --bundle, the kernel.so in the folder runs too. A
    campaign that was killed resumes when the same command is run again, and gives the same results, bit for bit, on any number
    of processes and machines.
    """
    with user_errors():
        from dagc.checking.check import check
        from dagc.terminal.progress import Stages

        options = CampaignOptions(jobs, ray, out, coverage)
        request = CheckRequest(target, backends, bundle, data, settings, rows, seed, slots, options)
        report = check(request, Stages(quiet=as_json))
    click.echo(json.dumps(report.as_json(), indent=1) if as_json else report.as_text())
    sys.exit(report.exit_code)
