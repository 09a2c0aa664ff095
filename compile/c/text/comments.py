"""What the emitted C says in its comments: where a value comes from, what it is called and measured in."""

from __future__ import annotations

from dag.graphs.graph import Graph
from dag.values.domain import Domain


def comment(text: str) -> str:
    """`text` as one C comment; whatever it holds, it can neither end early nor run on."""
    one_line = " ".join(text.split())
    return f"/* {one_line.replace('*/', '* /').replace('/*', '/ *')} */"


def described(graph: Graph, node: int) -> str:
    """`pairs.py:41 spread [px]`: a node's source line, its name within its lane call, and its unit."""
    span = graph.spans[node]
    at = f"{span.at} " if span else ""
    local = graph.names[node].removeprefix(f"{graph.scopes[graph.owners[node]].path}.")
    name = graph.names[node] if local.isdecimal() else local
    unit = "" if graph.units[node] == "1" else f" [{graph.units[node]}]"
    return f"{at}{name}{unit}"


def port_described(graph: Graph, node: int, name: str, domain: Domain | None = None) -> str:
    """`spread: f64 [px] in [0.0, 9.0]`: an ABI member's name, type, unit and domain; enum codes with their names."""
    type_ = graph.types[node]
    unit = "" if graph.units[node] == "1" else f" [{graph.units[node]}]"
    inside = "" if domain is None or domain.codes is not None else f" in {domain}"
    codes = "" if type_.members is None else ": " + ", ".join(f"{name} {code}" for name, code in type_.members.codes)
    truth = ", 0 or 1" if type_.kind.value == "bool" else ""
    return f"{name}: {type_}{codes}{truth}{unit}{inside}"


def banner(file: str, graph: Graph, text: str) -> str:
    """The comment a file begins with. `text` may have several lines."""
    head = f"{file}: `{graph.name}`, made by dagc from graph {graph.content_hash}. Do not edit."
    lines = [head, "", *text.strip().split("\n")]
    body = "\n".join(f" * {line}".rstrip() for line in lines)
    return f"/*\n{body}\n */\n"
