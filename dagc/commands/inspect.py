"""`dagc inspect`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dag.diagnostics.wording import counted, noun
from dagc.terminal.exits import user_errors

if TYPE_CHECKING:
    from dag.graphs.graph import Graph
    from dag.values.types import Value


@click.command("inspect")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--ranges",
    "with_ranges",
    is_flag=True,
    help="Show instead the values each tap can take, whether it can be subnormal, and what it depends on.",
)
@click.option(
    "--stages",
    "with_stages",
    is_flag=True,
    help="Show instead when each node is known: at build, when parameters are bound, at a bar, or in the row.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(folder: Path, with_ranges: bool, with_stages: bool, as_json: bool) -> None:
    """Show what is in a bundle: ports, states, outputs, lanes, files, and what was checked when it was built."""
    with user_errors():
        from compile.bundle.bundle import read_bundle

        bundle = read_bundle(folder)
        if with_ranges:
            from dagc.reporting.ranges import range_report, range_text

            report = range_report(bundle.graph)
            click.echo(json.dumps(report, indent=1) if as_json else range_text(report))
            return
        if with_stages:
            from dagc.reporting.stages import stage_report, stage_text

            found = stage_report(bundle.graph)
            click.echo(json.dumps(found, indent=1) if as_json else stage_text(found))
            return
        facts = {**described(bundle.graph), "files": bundle.manifest["files"]}
        facts["certificate"] = json.loads(bundle.files["certificate.json"])
    click.echo(json.dumps(facts, indent=1) if as_json else _text(facts))


def described(graph: Graph) -> dict[str, Any]:
    """A graph as JSON values: its ports with types, units and domains, its lanes and counts; values are texts."""
    from compile.analysis.warm_up import updates_until_warm
    from compile.passes.flush_subnormals import profile_of
    from dag.values.words import show
    from dagc.building.slots import slots_of

    warm_after = updates_until_warm(graph)

    def port(node: int) -> dict[str, Any]:
        return {"type": str(graph.types[node]), "unit": graph.units[node]}

    def value(held: Value | None, node: int) -> str | None:
        return None if held is None else show(held, graph.types[node])

    return {
        "name": graph.name,
        "graph": graph.content_hash,
        "subnormals": profile_of(graph),
        "nodes": len(graph),
        "operators": sum(1 for _ in graph.operators()),
        "inputs": [{"name": p.name, **port(p.node), "domain": str(p.domain)} for p in graph.inputs],
        "params": [
            {"name": p.name, **port(p.node), "domain": str(p.domain), "default": value(p.default, p.node)}
            for p in graph.params
        ],
        "states": [
            {
                "name": s.name,
                **port(s.node),
                "initial": value(s.initial, s.node),
                "lifetime": str(s.lifetime),
                "cold": value(s.cold, s.node),
                "warm_up": s.warm_up,
                "warm_after": warm_after[s.node],
            }
            for s in graph.states
        ],
        "outputs": [
            {"name": o.name, **port(o.node), "safe": value(o.safe, o.node), "warm_after": warm_after[o.node]}
            for o in graph.outputs
        ],
        "slots": slots_of(graph),
        "lanes": [scope.path or scope.lane for scope in graph.scopes],
        "taps": [tap.name for tap in graph.taps],
    }


def _memory(port: dict[str, Any]) -> str:
    """What else a line says of a state or an output: how long it lasts, and when it is warm."""
    said = [] if port.get("lifetime", "session") == "session" else [str(port["lifetime"])]
    said += [f"cold {port['cold']}"] if said and port["cold"] != port["initial"] else []
    said += [f"warm after {counted(port['warm_after'], 'update')}"] if port.get("warm_after") else []
    return f", {', '.join(said)}" if said else ""


def _text(facts: dict[str, Any]) -> str:
    lines = [
        f"{facts['name']}  {facts['graph'][:16]}  {counted(facts['nodes'], 'node')}, {counted(facts['operators'], 'operator')}"
    ]
    lines[0] += ", subnormals flushed" if facts["subnormals"] == "flush" else ""
    for kind, detail in (("inputs", "domain"), ("params", "default"), ("states", "initial"), ("outputs", "safe")):
        lines.append(f"\n{kind}")
        width = max((len(each["name"]) for each in facts[kind]), default=0)
        for each in facts[kind]:
            unit = "" if each["unit"] == "1" else f" [{each['unit']}]"
            line = f"  {each['name']:<{width}}  {each['type'] + unit:<22} {detail} {each[detail]}"
            line += f", domain {each['domain']}" if kind == "params" else ""
            lines.append(line + _memory(each))
    if facts["slots"]:
        lines.append("\nslots")
        lines += [f"  {name}  {held or 'empty: its neutral value'}" for name, held in facts["slots"].items()]
    lines += ["\nlanes", *(f"  {name}" for name in facts["lanes"]), "\nfiles"]
    lines += [
        f"  {name:<28} {entry['size']:>9,} {noun(entry['size'], 'byte')}"
        for name, entry in sorted(facts["files"].items())
    ]
    claims = facts["certificate"]["claims"]
    return "\n".join([*lines, "\nchecked when built", *(f"  {claim}" for claim in claims)])
