"""A graph as text: a line a node, under the call of the lane that it belongs to, in the order in which they are computed.

It is for people and for `diff`: nodes have names and no numbers, so that what a pass leaves alone reads as it did before.
"""

from __future__ import annotations

from dag.graphs.graph import Graph
from dag.values.words import show


def graph_text(graph: Graph) -> list[str]:
    """The lines; each node says where it stands in the user's source."""
    lines = [f"graph {graph.name}  {graph.content_hash[:16]}  {len(graph)} nodes"]
    lines += [f"input   {p.name} : {_type(graph, p.node)} in {p.domain}" for p in graph.inputs]
    lines += [
        f"param   {p.name} : {_type(graph, p.node)} in {p.domain}"
        + ("" if p.default is None else f" = {show(p.default, graph.types[p.node])}")
        for p in graph.params
    ]
    lines += [
        f"state   {s.name} : {_type(graph, s.node)} = {show(s.initial, graph.types[s.node])}, then {_operand(graph, s.next)}"
        for s in graph.states
    ]
    of_status = graph.status_scopes()
    nodes: dict[int, list[int]] = {}
    for node in graph.operators():
        nodes.setdefault(graph.owners[node], []).append(node)
    for scope in sorted(nodes, key=lambda scope: (scope in of_status, scope)):
        lines += ["", _heading(graph, scope), *(f"  {_line(graph, node)}" for node in nodes[scope])]
    lines.append("")
    lines += [
        f"output  {o.name} = {_operand(graph, o.node)}, {show(o.safe, graph.types[o.node])} on a rejected row"
        for o in graph.outputs
    ]
    lines += [f"tap     {t.name} = {_operand(graph, t.node)}" for t in graph.taps if t.name != graph.names[t.node]]
    return lines


def _heading(graph: Graph, scope: int) -> str:
    found = graph.scopes[scope]
    called = "" if found.span is None else f", called at {found.span.shown_at}"
    return f"{found.path} ({found.lane}{called})" if found.path else graph.name


def _line(graph: Graph, node: int) -> str:
    operands = ", ".join(_operand(graph, arg) for arg in graph.args[node])
    span = graph.spans[node]
    at = f"  # {span.shown_at}" if span is not None else ""
    return f"{graph.names[node]} = {graph.ops[node]}({operands}) : {_type(graph, node)}{at}"


def _operand(graph: Graph, node: int) -> str:
    constant = graph.constants[node]
    return graph.names[node] if constant is None else show(constant, graph.types[node])


def _type(graph: Graph, node: int) -> str:
    unit = graph.units[node]
    return str(graph.types[node]) if unit == "1" else f"{graph.types[node]} [{unit}]"
