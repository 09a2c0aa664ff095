"""A divergence as a page to act on: where, what each says, what is special about that row, from what, and what it spoils."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compile.campaign.drawing.ordinals import gap
from compile.campaign.events.catalogue import Catalogue
from compile.check.blame import Blame, cone, differing
from compile.check.compare import Divergence, explain_divergence
from compile.interpreter.record import REFERENCE
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dag.values.words import show, value_of, words_of_column

#: Statements of the slice that the page shows: the nearest to what is wrong.
SLICE = 60


def page(catalogue: Catalogue, found: Blame, recorded: Divergence | None, origin: str) -> str:
    """The page about `found`; `recorded` is what the campaign saw, `origin` the command that did."""
    graph = catalogue.graph
    first = found.comparison.first
    seen = first or recorded
    lines = [
        f"{found.backend} is not bit-identical: {graph.name} {graph.content_hash[:16]}",
        f"  found by  {origin}",
        "",
    ]
    if seen is None:
        return "\n".join([*lines, "Only a carried array differs after the last bar; no single value does."]) + "\n"
    if first is None:
        assert recorded is not None
        lines += [
            explain_divergence(recorded),
            "",
            f"Run alone, this instance is right in {found.backend}: it is wrong only beside other instances (check the lanes of a vector,",
            "at padding, at what one call leaves behind for the next). The command above shows it.",
        ]
        return "\n".join(lines) + "\n"
    node = graph.node(first.node.name)
    bar = first.bar
    lines += [explain_divergence(first)]
    if found.skipped:
        lines.append(f"  (one bar is enough; it was bar {found.skipped + bar} of the instance, its state is kept)")
    lines += ["", *_difference(graph, found, node, bar), *_happened(catalogue, found, node, bar)]
    wrong = differing(graph, found, bar)
    lines += ["", *_spoiled(graph, wrong)]
    lines += ["", *_slice(graph, found, node, bar)]
    lines += ["", *_bar(graph, found, bar)]
    return "\n".join(lines) + "\n"


def _difference(graph: Graph, found: Blame, node: int, bar: int) -> Iterator[str]:
    exact, other = found.exact.nodes[node][bar], found.other.nodes[node][bar]
    if graph.types[node].is_float and bool(np.isfinite(exact[0]) and np.isfinite(other[0])):
        steps = int(gap(other, exact)[0])
        yield f"  {found.backend} is {abs(steps):,} representable number(s) {'above' if steps > 0 else 'below'}" + (
            " (a zero of the other sign)" if not steps else ""
        )
    words = [int(words_of_column(column, graph.types[node])[0]) for column in (exact, other)]
    yield f"  bits that differ: 0x{words[0] ^ words[1]:016x}"


def _happened(catalogue: Catalogue, found: Blame, node: int, bar: int) -> Iterator[str]:
    """What the row does at that node: which rounding, which arm, a tie."""
    masks = catalogue.masks_of(node, found.exact)
    names = [name for name, mask in masks.items() if mask.size and mask[bar, 0]]
    if names:
        yield f"  on this row, exactly: {', '.join(names)}"


def _spoiled(graph: Graph, wrong: list[int]) -> Iterator[str]:
    outputs = [output.name for output in graph.outputs if output.node in wrong]
    states = [state.name for state in graph.states if state.next in wrong]
    yield (
        f"{counted(len(wrong), 'value')} {'differs' if len(wrong) == 1 else 'differ'} on that bar: {', '.join(graph.names[node] for node in wrong[:12])}"
        + (", ..." if len(wrong) > 12 else "")
    )
    yield f"  outputs that differ: {', '.join(outputs) or 'none'}; states: {', '.join(states) or 'none'}"


def _slice(graph: Graph, found: Blame, node: int, bar: int) -> Iterator[str]:
    away = cone(graph, node)
    near = sorted(sorted(away, key=lambda each: (away[each], -each))[:SLICE])
    cut = f", the nearest {len(near)}" if len(near) < len(away) else ""
    yield f"computed from ({counted(len(away), 'value')}{cut}):"
    for each in near:
        span = graph.spans[each]
        value = _value(graph, found, each, bar)
        yield f"  {_statement(graph, each):<60} {value}{f'  {span.at}' if span else ''}"


def _statement(graph: Graph, node: int) -> str:
    op = graph.ops[node]
    operands = ", ".join(
        graph.names[arg] if (constant := graph.constants[arg]) is None else show(constant, graph.types[arg])
        for arg in graph.args[node]
    )
    return f"{graph.names[node]} = {op}({operands})" if graph.args[node] else f"{graph.names[node]}  ({op.value})"  # type: ignore[union-attr]


def _value(graph: Graph, found: Blame, node: int, bar: int) -> str:
    if node not in found.exact.nodes:
        return "(an array)"
    type_ = graph.types[node]
    exact, other = (int(words_of_column(result.nodes[node][bar], type_)[0]) for result in (found.exact, found.other))
    text = f"0x{exact:016x} {show(value_of(exact, type_), type_)}"
    if exact != other:
        text += f"   {found.backend}: 0x{other:016x} {show(value_of(other, type_), type_)}  <-- DIFFERS"
    return text


def _bar(graph: Graph, found: Blame, bar: int) -> Iterator[str]:
    batch = found.batch
    yield f"the row ({REFERENCE} and {found.backend} were given the same):"
    for port in graph.inputs:
        yield f"  input {port.name:<40} {_value(graph, found, port.node, bar)}"
    for param in graph.params:
        default = "" if param.default is None else f"  default {show(param.default, graph.types[param.node])}"
        yield f"  param {param.name:<40} {_value(graph, found, param.node, bar)}{default}"
    for state in graph.states:
        given = "as it begins" if batch.state is None and bar == 0 else "as carried"
        yield f"  state {state.name:<40} {_value(graph, found, state.node, bar)}  {given}"
