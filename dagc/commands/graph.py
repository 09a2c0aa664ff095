"""`dagc graph`."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dagc.commands.bundle_or_lane import names_bundle
from dagc.terminal.exits import USAGE, fail, note, user_errors

if TYPE_CHECKING:
    from compile.pipeline import Stage
    from dag.graphs.graph import Graph


def _pass_name(or_traced: bool = False) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A callback that refuses what names no pass. `compile.pipeline` is imported once a name is given, not for a help text."""

    def checked(context: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is not None:
            from compile.pipeline import PASSES, TRACED

            names = [*([TRACED] if or_traced else []), *(each.name for each in PASSES)]
            if value not in names:
                raise click.BadParameter(f"{value!r} is not one of {', '.join(names)}.", context, param)
        return value

    return checked


@click.command("graph")
@click.argument("target", metavar="FILE.py:LANE|DIR")
@click.option(
    "--after",
    "name",
    metavar="PASS",
    callback=_pass_name(or_traced=True),
    help="The graph after this pass, or `trace`; --list names them.  [default: what backends take; for a picture: trace]",
)
@click.option("--diff", metavar="PASS", callback=_pass_name(), help="What this pass changes, as a unified diff.")
@click.option("--by-lane", is_flag=True, help="Draw one box per lane call instead of one per value.")
@click.option("--dot", "form", flag_value="dot", help="Print Graphviz input.")
@click.option("--svg", "form", flag_value="svg", help="Print a picture that any browser shows.")
@click.option("--rewrites", is_flag=True, help="Every rewrite rule that simplification uses, and where.")
@click.option("--validate", is_flag=True, help="Check each pass against the graph before it, on sampled rows.")
@click.option("--list", "listed", is_flag=True, help="List the passes in order, with the reason for each.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option(
    "--slot", "slots", multiple=True, metavar="NAME=FILE.py:LANE", help="Plug a lane into a slot; repeat for several."
)
def command(
    target: str,
    name: str | None,
    diff: str | None,
    by_lane: bool,
    form: str | None,
    rewrites: bool,
    validate: bool,
    listed: bool,
    out: Path | None,
    slots: tuple[str, ...],
) -> None:
    """Show the graph of a lane, or of a bundle, as text or as a picture, after any pass of the compiler.

    One line per value: `name = operator(operands) : type [unit]  # file:line`, grouped by lane call.
    """
    if sum((diff is not None, form is not None, rewrites)) > 1:
        fail("--diff, --dot, --svg and --rewrites exclude each other: choose one", USAGE)
    with user_errors():
        from compile.pipeline import PASSES, SIMPLIFY, refuse_changed_stages

        if listed:
            click.echo("\n".join(f"{each.name}\n    {each.reason}" for each in PASSES))
            return
        wants_simplify = SIMPLIFY in (name, diff) or rewrites
        found = _stages(target, slots, wants_simplify)
        if validate:
            for line in refuse_changed_stages(found):
                note(line)
        shown = _named(found, name or (found[0].name if form or by_lane else None))
        if rewrites:
            text = _rewrites(found[-2].graph)
        elif diff is not None:
            text = _difference(found, diff)
        else:
            text = _drawn(shown.graph, form, by_lane)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")


def _stages(target: str, slots: tuple[str, ...], simplify: bool) -> tuple[Stage, ...]:
    from compile.front import accepted_trace
    from compile.pipeline import PipelineOptions, Stage
    from dagc.building.running import prepared_stages
    from dagc.building.slots import lane_of

    if names_bundle(target):
        from compile.bundle.bundle import read_bundle

        return (Stage("bundle", read_bundle(Path(target)).graph),)
    lane = lane_of(target, slots)
    return prepared_stages(accepted_trace(lane).graph, PipelineOptions(lane.subnormals, simplify))


def _named(found: tuple[Stage, ...], name: str | None) -> Stage:
    stages = {each.name: each for each in found}
    if name is not None and name not in stages:
        fail(f"{name} did not run on this graph: its stages are {', '.join(stages)}", USAGE)
    return found[-1] if name is None else stages[name]


def _drawn(graph: Graph, form: str | None, by_lane: bool) -> str:
    from dagc.debugging.drawing.dot import dot_text
    from dagc.debugging.drawing.picture import of_lanes, of_nodes
    from dagc.debugging.drawing.svg import svg_text
    from dagc.debugging.drawing.text import graph_text

    if form is None and not by_lane:
        return "\n".join(graph_text(graph)) + "\n"
    picture = of_lanes(graph) if by_lane else of_nodes(graph)
    return dot_text(picture) if form == "dot" else svg_text(picture)


def _difference(found: tuple[Stage, ...], name: str) -> str:
    from dagc.debugging.drawing.text import graph_text

    after = _named(found, name)
    before = found[found.index(after) - 1]
    lines = difflib.unified_diff(
        graph_text(before.graph), graph_text(after.graph), f"after {before.name}", f"after {after.name}", lineterm=""
    )
    return "".join(f"{line}\n" for line in lines)


def _rewrites(graph: Graph) -> str:
    from compile.passes.simplify import simplified

    lines = [
        f"{each.rule:<24} {each.node}" + ("" if each.span is None else f"  {each.span.shown_at}")
        for each in simplified(graph).rewrites
    ]
    return "".join(f"{line}\n" for line in lines) or "no rule applied\n"
