"""`dagc build`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compile.backends import emitting, quick, record_of
from compile.c.target import CPU, TARGETS
from dagc.building.request import CHECK_ROWS, QUICK_ROWS, BuildRequest
from dagc.commands.backend_names import some_of
from dagc.terminal.exits import USAGE, fail, user_errors

if TYPE_CHECKING:
    from dagc.building.plan import BuildPlan
    from dagc.terminal.progress import Stages

#: As `rtl.emit.design` has it, which is not imported for a help text.
MOST_INSTANCES = 1 << 13


@click.command("build")
@click.argument("target", metavar="FILE.py:LANE")
@click.option("-o", "--output", "folder", required=True, type=click.Path(path_type=Path), help="Folder of the bundle.")
@click.option(
    "--emit",
    "backends",
    metavar="NAME,...",
    callback=some_of(emitting),
    help=f"Lowerings to emit and check, of {', '.join(emitting())}. Default: every one that accepts the graph and whose "
    "tools are installed; the summary says what was left out.",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    help=f"Number of sampled rows to check before writing.  [default: {CHECK_ROWS}, {QUICK_ROWS} with --quick; "
    "fewer where an axis has many places]",
)
@click.option(
    "--quick",
    "is_quick",
    is_flag=True,
    help=f"A first look, over in seconds: emit {' and '.join(quick())} only, and check fewer rows.",
)
@click.option(
    "--cpu",
    metavar="LEVEL",
    envvar=CPU,
    help=f"Compile kernel.so for hosts with less than this machine's CPU: {', '.join(TARGETS[1:])}. Default: this machine's.  "
    f"[env: {CPU}]",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the sampled rows.")
@click.option(
    "--rtl-instances",
    type=click.IntRange(2, MOST_INSTANCES),
    metavar="N",
    help="Let N instances share the Verilog pipeline, with their states in memories, so that it accepts a bar every cycle. "
    "Rounded up to a power of two. Default: one instance, its state in registers.",
)
@click.option(
    "--pins",
    multiple=True,
    metavar="PINS",
    help="Deploy: a TOML file with the value of every parameter, or a preset FILE.py:NAME (ARGUMENT=FILE.py:NAME where the "
    "lane takes several). Unpinned parameters, parameters pinned twice and remarks are refused. Repeat for several.",
)
@click.option("--simplify", is_flag=True, help="Reduce the graph by proved rewrite rules: docs/rewrites.md.")
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
@click.option(
    "--plan", "is_plan", is_flag=True, help="Say what would be emitted, proved, compiled and run, and why; run nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(
    target: str,
    folder: Path,
    backends: tuple[str, ...] | None,
    rows: int | None,
    is_quick: bool,
    cpu: str | None,
    seed: int,
    rtl_instances: int | None,
    pins: tuple[str, ...],
    simplify: bool,
    slots: tuple[str, ...],
    is_fresh: bool,
    is_plan: bool,
    as_json: bool,
) -> None:
    """Compile a lane into a bundle: emit every lowering, check them against each other on sampled rows, and write them at once.

    The emitted Python, StableHLO, C and Verilog are read back and proved equal to the graph, for all inputs and all bars. Nothing
    is written if the lane is rejected, an artifact is a different program or a bit differs (exit code 1). The exit code is 3 if a
    lowering named by --emit could not be checked because its tool is missing, an artifact is not proved, or nothing was
    compared. For a longer check, run `dagc check`.

    A build with the same lane, options, tools and dagc as an earlier one only traces the lane and reuses that result
    (`dagc cache`); `--fresh` runs everything again.
    """
    if rtl_instances is not None and backends is not None and not any(record_of(name).interleaves for name in backends):
        fail(f"--rtl-instances {rtl_instances} is about the Verilog: add rtl to --emit", USAGE)
    if is_quick and backends is not None:
        fail("--quick says what is emitted, and so does --emit: choose one", USAGE)
    if cpu is not None:
        os.environ[CPU] = cpu  # the compilers, the keys of what is kept and the processes of the checks all ask for it
    if is_quick and rtl_instances is not None:
        fail(f"--rtl-instances {rtl_instances} is about the Verilog, which --quick leaves out", USAGE)
    with user_errors():
        from dagc.building.kept import kept_build, key_of_build
        from dagc.building.plan import planned
        from dagc.terminal.progress import Stages

        request = BuildRequest(target, folder, backends, rows, seed, rtl_instances, pins, slots, simplify, is_quick)
        stages = Stages(quiet=as_json)
        plan = planned(request, stages)
        key = key_of_build(plan)
        kept = None if is_fresh else kept_build(key)
        if is_plan:
            from dagc.building.plan_text import plan_json, plan_text, steps_of

            steps = steps_of(plan, kept is not None)
            click.echo(json.dumps(plan_json(plan, steps), indent=1) if as_json else plan_text(plan, steps))
            return
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
