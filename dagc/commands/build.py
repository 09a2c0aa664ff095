"""`dagc build`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compile.backends import emitting, record_of
from dagc.building.request import CHECK_ROWS, BuildRequest
from dagc.commands.backend_names import some_of
from dagc.terminal.exits import USAGE, fail, user_errors

if TYPE_CHECKING:
    from dagc.building.plan import BuildPlan
    from dagc.terminal.progress import Stages

#: As `rtl.emit.design` has it, which is not imported for a help text.
MOST_INSTANCES = 1 << 13


@click.command("build")
@click.argument("target", metavar="FILE.py:LANE")
@click.option("-o", "--output", "folder", required=True, type=click.Path(path_type=Path), help="The bundle's folder.")
@click.option(
    "--emit",
    "backends",
    metavar="NAME,...",
    callback=some_of(emitting),
    help=f"Which lowerings to emit and check, of {', '.join(emitting())}. Default: every one that takes the graph and whose tools "
    "are here; the summary says what was left out.",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=CHECK_ROWS,
    show_default=True,
    help="Sampled rows to check before writing.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the sampled rows.")
@click.option(
    "--rtl-instances",
    type=click.IntRange(2, MOST_INSTANCES),
    metavar="N",
    help="Let N instances share the Verilog pipeline, their states in memories: a bar every cycle. Rounded up to a power of "
    "two. Default: one instance at a time, its state in registers.",
)
@click.option(
    "--pins",
    multiple=True,
    metavar="PINS",
    help="Deploy: a TOML file with the value of every parameter, or a preset FILE.py:NAME (ARGUMENT=FILE.py:NAME where the "
    "lane takes several). Unpinned parameters, parameters pinned twice and remarks are refused. Repeat for several.",
)
@click.option("--simplify", is_flag=True, help="Fewer operators, by proved rewrite rules: docs/rewrites.md.")
@click.option(
    "--slot",
    "slots",
    multiple=True,
    metavar="NAME=FILE.py:LANE",
    help="Plug a lane into a slot of the graph; repeat for several. An empty slot returns its neutral value.",
)
@click.option(
    "--fresh",
    "is_fresh",
    is_flag=True,
    envvar="DAGC_FRESH",
    help="Run everything, though nothing changed since it was built.  [env: DAGC_FRESH]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(
    target: str,
    folder: Path,
    backends: tuple[str, ...] | None,
    rows: int,
    seed: int,
    rtl_instances: int | None,
    pins: tuple[str, ...],
    simplify: bool,
    slots: tuple[str, ...],
    is_fresh: bool,
    as_json: bool,
) -> None:
    """Compile a lane into a bundle: every lowering, checked against each other on sampled rows, then written all at once.

    The Python, StableHLO and C are read back and proved to be the graph, for all inputs and all bars. Nothing is written
    when the lane is rejected, an artifact is another program or a bit differs (exit code 1). The exit code is 3 where a lowering
    that --emit names could not be checked because its tool is missing, where an artifact is not proved, or where nothing was
    compared. For the long check, run `dagc check`.

    A build of the same lane with the same options, tools and dagc is kept, and the next one only traces the lane and takes it
    (`dagc cache`); `--fresh` runs everything again.
    """
    if rtl_instances is not None and backends is not None and not any(record_of(name).interleaves for name in backends):
        fail(f"--rtl-instances {rtl_instances} is about the Verilog: add rtl to --emit", USAGE)
    with user_errors():
        from dagc.building.kept import kept_build, key_of_build
        from dagc.building.plan import planned
        from dagc.terminal.progress import Stages

        request = BuildRequest(target, folder, backends, rows, seed, rtl_instances, pins, slots, simplify)
        stages = Stages(quiet=as_json)
        plan = planned(request, stages)
        key = key_of_build(plan)
        kept = None if is_fresh else kept_build(key)
        if kept is not None:
            with stages.stage("write"):
                is_written = kept.write(plan.source.graph, folder)
            document, screen = kept.as_json(stages.seconds, folder), kept.screen(stages.seconds, folder, is_written)
            exit_code = 0
        else:
            document, screen, exit_code = _built(plan, stages, key)
    click.echo(json.dumps(document, indent=1) if as_json else screen)
    sys.exit(exit_code)


def _built(plan: BuildPlan, stages: Stages, key: str) -> tuple[dict[str, Any], str, int]:
    """Run the build; the summary as JSON values and as a screen, and the exit code."""
    from dagc.building.build import build_planned
    from dagc.building.kept import keep_build
    from dagc.building.summary import summary_lines, summary_text

    summary = build_planned(plan, stages)
    document = summary.as_json()
    if summary.exit_code == 0:
        keep_build(key, plan.request.folder, summary_lines(summary), summary.report.verdict, document)
    return document, summary_text(summary), summary.exit_code
