"""What the emitted Verilog says in its comments."""

from __future__ import annotations

from dag.graphs.graph import Graph, Scope
from rtl.netlist.pragmas import harmless


def comment(text: str) -> str:
    """`text` as the rest of one line. Whatever it holds, it does not run on, and no tool obeys it."""
    line = "".join(letter if letter.isprintable() else " " for letter in " ".join(text.splitlines()))
    return f"// {harmless(line)}".rstrip("\\ ")


def source_line(graph: Graph, node: int) -> str:
    """`five_factor.py:41  spread = bid - ask`: the user's line that `node` comes from; empty where dagc made the node."""
    span = graph.spans[node]
    return f"{span.at}  {span.text.strip()}" if span else ""


def value_note(graph: Graph, node: int, cycle: int) -> str:
    """`spread [px], cycle 12`: what a wire holds, and when."""
    unit = "" if graph.units[node] == "1" else f" [{graph.units[node]}]"
    return f"{graph.names[node]}{unit}, cycle {cycle}"


def lane_banner(graph: Graph, scope: Scope) -> str:
    """The line that a lane's values begin with."""
    path = scope.path or graph.name
    summary = scope.doc.strip().split("\n")[0]
    return comment(f"---- {path}" + (f": {summary}" if summary else ""))
