"""`dagc vibriss`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dagc.terminal.exits import note, user_errors

_THREADS = click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="They share the instances."
)
_FOLDER = click.argument("record", type=click.Path(path_type=Path))


@click.group("vibriss")
def command() -> None:
    """Run a population of bindings under a policy, resume it, replay it to the bit, and see who is best beyond luck."""


@command.command("run")
@click.option(
    "--space", required=True, type=click.Path(path_type=Path), help="TOML: the lane, the space, the settings."
)
@click.option("--data", required=True, type=click.Path(path_type=Path), help="CSV, Parquet or Arrow: the bars.")
@click.option("--lane", metavar="FILE.py:LANE", help="Instead of the file's.")
@click.option("--policy", help="Instead of the file's: ucb1, exp3, top-k, halving, pbt, ...")
@click.option("--instances", type=click.IntRange(1), help="How many are born at first.")
@click.option("--seed", type=click.IntRange(0), help="Of every draw that the policy makes.")
@_THREADS
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="The folder of the record.")
def run_command(
    space: Path,
    data: Path,
    lane: str | None,
    policy: str | None,
    instances: int | None,
    seed: int | None,
    threads: int,
    out: Path,
) -> None:
    """Run a new population over all bars of a file."""
    with user_errors():
        from dagc.terminal.progress import row_progress
        from dagc.vibriss.run import Run, plan_of, start

        given: dict[str, Any] = {"policy": policy, "instances": instances, "seed": seed}
        plan = plan_of(space, data, lane, {name: value for name, value in given.items() if value is not None})
        run = Run(plan, threads, out)
        with row_progress("vibriss", run.bars, quiet=False) as progress:
            start(plan, out, threads, progress, run)
        _summary(run, out)


@command.command("resume")
@_FOLDER
@_THREADS
def resume_command(record: Path, threads: int) -> None:
    """Go on where a run was stopped, by a kill -9 too, with the same bits as if it had not been."""
    with user_errors():
        from dagc.terminal.progress import row_progress
        from dagc.vibriss.run import resume

        with row_progress("vibriss", None, quiet=False) as progress:
            run = resume(record, threads, progress)
        _summary(run, record)


@command.command("replay")
@_FOLDER
@click.option("--data", type=click.Path(path_type=Path), help="Where the bars are on this machine.")
@click.option("--lane", metavar="FILE.py:LANE", help="Where the lane is on this machine.")
@_THREADS
def replay_command(record: Path, data: Path | None, lane: str | None, threads: int) -> None:
    """Compute a record again, from its seed, space and data, and compare every line of it."""
    with user_errors():
        from dagc.terminal.progress import row_progress
        from dagc.vibriss.run import replayed

        with row_progress("replay", None, quiet=False) as progress:
            lines = replayed(record, threads, data, lane, progress)
        click.echo(f"{record}: all {lines:,} lines are the same")


@command.command("top")
@_FOLDER
@click.option("-n", "--count", type=click.IntRange(1), default=10, show_default=True, help="How many to show.")
def top_command(record: Path, count: int) -> None:
    """The best in sample beside what they earned out of sample, and whether luck explains them."""
    with user_errors():
        from dagc.vibriss.run import restored
        from dagc.vibriss.top import leaderboard

        standings, trials = leaderboard(restored(record).population, count)
        click.echo(f"{'serial':>8}  {'in sample':>10}  {'out of sample':>13}  {'deflated':>8}  {'by luck':>8}")
        for each in standings:
            mark = "  significant" if each.significant else "" if each.alive else "  dead"
            click.echo(
                f"{each.serial:>8}  {each.sharpe_inside:>10.4f}  {each.sharpe_outside:>13.4f}  "
                f"{each.deflated:>8.4f}  {each.chance:>8.4f}{mark}"
            )
        winners = sum(each.significant for each in standings)
        click.echo(f"{trials:,} trials; {winners} of those shown are better than the best of as many by luck")


@command.command("lineage")
@_FOLDER
@click.argument("serial", type=click.IntRange(1))
def lineage_command(record: Path, serial: int) -> None:
    """An instance and its ancestors."""
    with user_errors():
        from dagc.vibriss.problem import PopulationProblem
        from dagc.vibriss.run import restored
        from dagc.vibriss.top import lineage

        found = lineage(restored(record).population, serial)
        if not found:
            raise PopulationProblem(f"{record}: nobody has serial {serial}")
        for each in found:
            end = f"died at bar {each['died']} ({each['death']})" if each["died"] >= 0 else "lives"
            click.echo(f"{each['serial']:>8}  born at bar {each['born']} ({each['birth']}), {end}")


def _summary(run: Any, folder: Path) -> None:
    population = run.population
    click.echo(f"{folder}: {run.bars:,} bars, {population.roll.next_serial - 1:,} born, {len(population):,} alive")
    if population.clipped > 0.01 * max(population.rewards_seen, 1):
        note(f"{population.clipped:,} of {population.rewards_seen:,} rewards were clipped: widen low and high")
