"""report.html: one self-contained page about a graph and what was checked. No scripts, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.values.words import show

_STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 74rem; color: #1c1c1c; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem } code, td { font-family: ui-monospace, monospace; font-size: 12px }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: 2px 10px 2px 0; border-bottom: 1px solid #e4e4e4 }
th { font-weight: 600 } .at { color: #777 } @media (prefers-color-scheme: dark) { body { background: #161616; color: #ddd } }
"""


def report_page(graph: Graph, certificate: Mapping[str, Any], pipeline: str) -> str:
    """The page: what was checked, the ports, and every value of every lane with its formula, unit and source line.

    `pipeline` says in a line what the hardware is, or nothing.
    """
    shape = f"<p>Pipeline: {escape(pipeline)}.</p>" if pipeline else ""
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="en"><head><meta charset="utf-8"><title>{escape(graph.name)}</title><style>{_STYLE}</style></head><body>',
            f"<h1>{escape(graph.name)}</h1>",
            f"<p><code>{graph.content_hash}</code><br>{counted(len(graph), 'node')}, {counted(len(graph.scopes), 'lane')}</p>{shape}",
            "<h2>Claimed</h2><p><code>dagc verify</code> works all of this out again from the files.</p><ul>",
            *(f"<li>{escape(claim)}</li>" for claim in certificate["claims"]),
            "</ul><h2>Layer by layer</h2>",
            _table(("layer", "standing", "what it says"), _layers(certificate)),
            "<h2>It rests on</h2>",
            _table(("axiom", "text"), list(certificate["rests_on"].items())),
            "<h2>Not claimed</h2><ul>",
            *(f"<li>{escape(each)}</li>" for each in certificate["not_claimed"]),
            "</ul><h2>Tested</h2>",
            _table(("", ""), _tested(certificate["tested"])),
            "<h2>Never exercised</h2><p>Events that the range analysis holds possible and no sampled row showed.</p>",
            _table(("value", "events"), _never(certificate["tested"])),
            "<h2>Artifacts</h2>",
            _table(("file", "sha256"), list(certificate["artifacts"].items())),
            "<h2>Inputs and parameters</h2>",
            _ports(graph),
            *(_lane(graph, scope) for scope in range(len(graph.scopes))),
            "</body></html>\n",
        ]
    )


def _layers(certificate: Mapping[str, Any]) -> list[tuple[str, ...]]:
    layers: Mapping[str, Mapping[str, Any]] = certificate["layers"]
    return [(name, str(layer.get("standing", "")), str(layer.get("statement", ""))) for name, layer in layers.items()]


def _tested(tested: Mapping[str, Any]) -> list[tuple[str, ...]]:
    plan, coverage = tested["plan"], tested["coverage"]
    rows = [("seed", f"{plan['seed']}"), ("values of a row", f"{tested['taps']:,}")]
    rows += [("rows of the lane on numbers", f"{tested['lane']['rows']:,}")]
    rows += [(f"rows in {name}", f"{count:,}") for name, count in tested["rows_of"].items()]
    rows += [("words compared", f"{tested['words']:,}"), ("words that differ", f"{tested['differences']:,}")]
    rows += [("rows rejected", f"{tested['rejected_rows']:,}")]
    return [*rows, ("events seen", f"{coverage['events_seen']:,} of {coverage['events_possible']:,}")]


def _never(tested: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [(name, ", ".join(events)) for name, events in tested["coverage"]["never"].items()]


def _ports(graph: Graph) -> str:
    rows = [(p.name, graph.types[p.node], graph.units[p.node], p.domain, "input") for p in graph.inputs]
    rows += [
        (
            p.name,
            graph.types[p.node],
            graph.units[p.node],
            p.domain,
            "no default" if p.default is None else show(p.default, graph.types[p.node]),
        )
        for p in graph.params
    ]
    return _table(("name", "type", "unit", "domain", "default"), [tuple(map(str, row)) for row in rows])


def _lane(graph: Graph, scope: int) -> str:
    nodes = [node for node in graph.operators() if graph.owners[node] == scope]
    if not nodes:
        return ""
    rows: list[tuple[str, ...]] = []
    for node in nodes:
        op, span = graph.ops[node], graph.spans[node]
        assert isinstance(op, Op)
        operands = ", ".join(_operand(graph, arg) for arg in graph.args[node])
        rows.append(
            (graph.names[node], f"{op}({operands})", graph.units[node], str(graph.types[node]), span.at if span else "")
        )
    title = graph.scopes[scope].path or graph.scopes[scope].lane
    doc = graph.scopes[scope].doc.strip().split("\n")[0]
    return f"<h2>{escape(title)}</h2><p>{escape(doc)}</p>" + _table(
        ("value", "formula", "unit", "type", "source"), rows
    )


def _operand(graph: Graph, node: int) -> str:
    constant = graph.constants[node]
    return graph.names[node] if constant is None else show(constant, graph.types[node])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return "<table><tr>" + "".join(f"<th>{cell}</th>" for cell in head) + f"</tr>\n{body}</table>"
