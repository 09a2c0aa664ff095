"""`dagc state`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dagc.commands.bundle_or_lane import opened
from dagc.data.piped import DataPath
from dagc.terminal.exits import REJECTED, USAGE, fail, user_errors

if TYPE_CHECKING:
    from dag.graphs.graph import Graph
    from dag.values.types import Value


@click.group("state")
def command() -> None:
    """Look at a snapshot, and take it over into another version of a lane."""


@command.command("show")
@click.argument("target", metavar="DIR|FILE.py:LANE")
@click.argument("snapshot", type=DataPath())
@click.option(
    "--instance", type=click.IntRange(0), default=0, show_default=True, help="Which instance, counted from 0."
)
@click.option("--json", "as_json", is_flag=True, help="Print the states as JSON.")
def show_command(target: str, snapshot: Path, instance: int, as_json: bool) -> None:
    """Show what each state of a snapshot holds."""
    with user_errors():
        from dag.values.words import show, words_of_column
        from dagc.live.state import instances_in, unpack_state_and_time

        graph, _ = opened(target)
        taken = snapshot.read_bytes()
        count = instances_in(taken)
        columns, at = unpack_state_and_time(graph, taken, count)
        if instance >= count:
            fail(f"{snapshot} holds instances 0 to {count - 1}", USAGE)
        rows: list[dict[str, Any]] = []
        for state in graph.states:
            type_ = graph.types[state.node].element
            held = columns[state.name][instance].reshape(-1)
            words = words_of_column(held, type_).reshape(-1)
            rows.append(
                {
                    "name": state.name,
                    "type": str(graph.types[state.node]),
                    "unit": graph.units[state.node],
                    "value": ", ".join(show(each, type_) for each in held.tolist()),
                    "words": [f"{int(word):016x}" for word in words],
                }
            )
    if as_json:
        click.echo(json.dumps({"graph": graph.content_hash, "instances": count, "at": at, "states": rows}, indent=1))
        return
    width = max((len(row["name"]) for row in rows), default=0)
    click.echo(
        f"{graph.name} {graph.content_hash[:12]}, instance {instance} of {count}{'' if at is None else f', at {at}'}"
    )
    for row in rows:
        unit = "" if row["unit"] == "1" else f" [{row['unit']}]"
        click.echo(f"  {row['name']:<{width}} = {row['value']}{unit}")


@command.command("plan")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan_command(old: str, new: str, as_json: bool) -> None:
    """Say what becomes of each state when NEW takes over from OLD: bundles or FILE.py:LANE.

    The exit code is 1 if a state cannot go on by itself.
    """
    with user_errors():
        from dagc.state.plan import Verdict, plan

        found = plan(opened(old)[0], opened(new)[0])
    if as_json:
        states = [{"name": f.name, "verdict": f.verdict.name.lower(), "from": f.source} for f in found.fates]
        click.echo(json.dumps({"states": states, "dropped": list(found.dropped)}, indent=1))
    else:
        click.echo(str(found))
    if any(each.verdict not in (Verdict.KEPT, Verdict.NEW) for each in found.fates):
        raise click.exceptions.Exit(REJECTED)


@command.command("migrate")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("snapshot", type=DataPath())
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The new snapshot."
)
@click.option("--fed", is_flag=True, help="Keep states that are updated as before by states that are not.")
@click.option("--changed", is_flag=True, help="Let states whose rule changed begin again.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="What a state holds: repeat for several.")
def migrate_command(
    old: str, new: str, snapshot: Path, output: Path, fed: bool, changed: bool, settings: tuple[str, ...]
) -> None:
    """Write the SNAPSHOT that OLD took as NEW goes on with it. States that mean the same in both keep their words."""
    with user_errors():
        from dagc.state.migration import migrate

        before, after = opened(old)[0], opened(new)[0]
        taken = migrate(snapshot.read_bytes(), before, after, fed=fed, changed=changed, values=_values(after, settings))
        output.write_bytes(taken)
    click.echo(f"wrote {output}: {len(taken):,} bytes, for {after.name} {after.content_hash[:12]}")


def _values(graph: Graph, settings: tuple[str, ...]) -> Mapping[str, Value]:
    from dagc.binding.parsing import parse_value

    types = {state.name: graph.types[state.node].element for state in graph.states}
    found: dict[str, Value] = {}
    for each in settings:
        name, equals, text = each.partition("=")
        if not equals or name.strip() not in types:
            fail(f"--set {each}: expected NAME=VALUE of a state; there are {', '.join(types) or 'none'}", USAGE)
        try:
            found[name.strip()] = parse_value(text.strip(), types[name.strip()])
        except ValueError as problem:
            fail(f"--set {each}: {problem}", USAGE)
    return found
