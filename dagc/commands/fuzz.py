"""`dagc fuzz`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compile.backends import by_default, checked, is_simulated
from compile.interpreter.record import REFERENCE
from dagc.commands.backend_names import some_of
from dagc.terminal.exits import OK, REJECTED, TOOL_MISSING, USAGE, fail, note, user_errors

if TYPE_CHECKING:
    from dagc.fuzzing import graphs as fuzzing
    from dagc.fuzzing import programs as fuzzing_programs

DEFAULT_OUT = Path("build/fuzz")
#: Programs and graphs where neither is asked for by number.
DEFAULT_COUNT = 1000


@click.command("fuzz")
@click.option(
    "--programs", type=click.IntRange(0), help="Number of random programs.  [default: 1000, or 0 with --graphs]"
)
@click.option(
    "--graphs", type=click.IntRange(0), help="Number of random graphs.  [default: 1000, or 0 with --programs]"
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the programs and graphs.")
@click.option("--rows", type=click.IntRange(1), default=1000, show_default=True, help="Rows per graph.")
@click.option("--program-rows", type=click.IntRange(1), default=48, show_default=True, help="Rows per program.")
@click.option(
    "--backends",
    "names",
    metavar="NAME,...",
    callback=some_of(checked),
    help=f"Which of {', '.join(checked())} to run (default: {','.join(by_default())}); the interpreter always is.",
)
@click.option(
    "--rtl-share",
    type=click.FloatRange(0.0, 1.0),
    default=0.03,
    show_default=True,
    help="Share of the graphs and programs that is simulated as Verilog too.",
)
@click.option("--time-limit", type=click.FloatRange(0.0), help="Start nothing new after this many seconds.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_OUT,
    show_default=True,
    help="Folder of the journal and the findings.",
)
@click.option("--jobs", type=click.IntRange(1), help="Processes (default: one per core).")
@click.option("--replay", "file", type=click.Path(path_type=Path), help="Run a saved finding again, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    programs: int | None,
    graphs: int | None,
    seed: int,
    rows: int,
    program_rows: int,
    names: tuple[str, ...] | None,
    rtl_share: float,
    time_limit: float | None,
    out: Path,
    jobs: int | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Run random programs and random graphs through all backends and compare every value as a 64-bit word.

    A program is a Python source file: its lane is called on numbers, traced, proved in every lowering, and run. A graph has no
    source; it reaches operators and shapes that few programs would. A finding is minimised and saved as
    one file. After a kill or a time-out, the same command resumes. With --backends rtl or rtl_interleaved alone everything is
    simulated.
    """
    if programs is None and graphs is None:
        programs = graphs = DEFAULT_COUNT
    wanted = [REFERENCE, *(by_default() if names is None else names)]
    chosen = tuple(name for name in checked() if name in wanted)
    if len(chosen) > 1 and all(name == REFERENCE or is_simulated(name) for name in chosen):
        rtl_share = 1.0
    with user_errors():
        if file is not None:
            _replay(file, chosen, as_json)
        from dagc.fuzzing import graphs as fuzzing
        from dagc.fuzzing import programs as fuzzing_programs

        parts: list[fuzzing.GraphFuzzTotals | fuzzing_programs.ProgramFuzzTotals] = []
        jobs = jobs or os.cpu_count() or 1
        begun = time.monotonic()
        if programs:
            source_plan = fuzzing_programs.ProgramFuzzPlan(programs, seed, program_rows, chosen, rtl_share)
            parts.append(fuzzing_programs.fuzz(source_plan, out, time_limit, jobs, quiet=as_json))
        if graphs:
            left = None if time_limit is None else max(0.0, time_limit - (time.monotonic() - begun))
            parts.append(
                fuzzing.fuzz(
                    fuzzing.GraphFuzzPlan(graphs, seed, rows, chosen, rtl_share), out, left, jobs, quiet=as_json
                )
            )
    _say(parts, as_json)
    if any(part.count < part.wanted and not part.findings for part in parts):
        note("stopped by the time limit; the same command resumes from here")
    codes = {part.exit_code for part in parts}
    sys.exit(next((code for code in (REJECTED, TOOL_MISSING) if code in codes), OK))


def _say(parts: Sequence[fuzzing.GraphFuzzTotals | fuzzing_programs.ProgramFuzzTotals], as_json: bool) -> None:
    """What each part gave; as JSON one document, that of the part where there is one part only."""
    if not as_json:
        click.echo("\n".join(part.as_text() for part in parts))
        return
    documents = [part.as_json() for part in parts]
    both = {"programs": documents[0], "graphs": documents[-1]}
    click.echo(json.dumps(documents[0] if len(documents) == 1 else both, indent=1))


def _replay_program(file: Path, as_json: bool) -> None:
    from compile.campaign.fuzz.programs.saved import DamagedCase
    from dagc.fuzzing.programs import replay

    try:
        case, finding, missing = replay(file)
    except DamagedCase as problem:
        fail(f"{file}: {problem}", USAGE)
    if as_json:
        explained = [] if finding is None else [f"{finding.sort}\n{finding.explained}"]
        click.echo(json.dumps({"file": str(file), "differences": explained, "missing": [*missing]}, indent=1))
    else:
        clean = "nothing is wrong" if not missing else f"nothing is wrong but for {', '.join(missing)}, NOT CHECKED"
        click.echo(f"{case.root}: {clean if finding is None else finding.sort}")
        if finding is not None:
            click.echo(finding.explained)
    sys.exit(REJECTED if finding is not None else TOOL_MISSING if missing else OK)


def _replay(file: Path, names: tuple[str, ...], as_json: bool) -> None:
    if file.suffix == ".py":
        _replay_program(file, as_json)
    from compile.campaign.findings.reproducer import DamagedReproducer
    from dagc.fuzzing.graphs import replay

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
