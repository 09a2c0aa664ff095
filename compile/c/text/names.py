"""What things are called in the C text. Values have the graph's own identifiers, which never begin with `dagc_`."""

from __future__ import annotations

from dataclasses import dataclass

from dag.graphs.graph import Graph
from dag.graphs.identifiers import identifier
from dag.values.domain import Domain


@dataclass(frozen=True, slots=True)
class Member:
    """One 8-byte member of an ABI struct: its C name, the port's name, and the node whose type it has."""

    identifier: str
    name: str
    node: int
    domain: Domain | None = None


@dataclass(frozen=True, slots=True)
class Struct:
    """One ABI struct, `<kernel>_<role>`; members stand in the graph's order: that of the lane's signature."""

    role: str
    doc: str
    members: tuple[Member, ...]


def kernel_name(graph: Graph) -> str:
    """The prefix of everything typed: `<kernel>_step`, `<kernel>_inputs`, ..."""
    return identifier(graph.name)


def nodes_macro(kernel: str) -> str:
    """The macro that holds how many nodes the kernel has."""
    return f"DAGC_{kernel}_NODES"


def structs(graph: Graph) -> tuple[Struct, Struct, Struct, Struct]:
    """Inputs, parameters, state, outputs."""
    return (
        Struct(
            "inputs",
            "One bar of data.",
            tuple(Member(graph.identifiers[p.node], p.name, p.node, p.domain) for p in graph.inputs),
        ),
        Struct(
            "params",
            "One binding of the parameters.",
            tuple(Member(graph.identifiers[p.node], p.name, p.node, p.domain) for p in graph.params),
        ),
        Struct(
            "state",
            "What one instance carries from bar to bar.",
            tuple(Member(identifier(state.name), state.name, state.node) for state in graph.states),
        ),
        Struct(
            "outputs",
            "The results of one bar; the safe values on a rejected row.",
            tuple(Member(identifier(output.name), output.name, output.node) for output in graph.outputs),
        ),
    )
