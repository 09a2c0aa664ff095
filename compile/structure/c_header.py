"""`kernel.h` read back: the four structs, member by member; the rest of it is reviewed text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compile.structure.c_text import Block, blocks, require_reviewed, without_comments
from compile.structure.reviewed_c import HEADER
from compile.structure.verdict import Unreadable
from dag.graph import Graph
from dag.identifiers import identifier
from dag.types import Type

_STRUCT = re.compile(r"typedef struct dagc_graph_(inputs|params|state|outputs) \{\n(.*)\n\} dagc_graph_\1;", re.DOTALL)
#: What is called after the kernel; `dagc_graph` stands for its name in reviewed text.
_SUFFIXES = "inputs|params|state|outputs|row|step|step_taps|init|batch|batch_lanes|lanes"
_ANONYMOUS = re.compile(rf"\bdagc_graph_(?:{_SUFFIXES}|NODES)\b|\bDAGC_GRAPH_H\b")


@dataclass(frozen=True, slots=True)
class Port:
    """A member of a struct: the port's name, its type, and whether C holds it in a double."""

    name: str
    type: Type
    held: str


#: Role -> member's identifier -> its port, in the order of the struct.
Structs = dict[str, dict[str, Port]]


def kernel_prefix(graph: Graph) -> str:
    """What everything typed is called after."""
    return identifier(graph.name)


def anonymous(bare: str, name: str) -> str:
    """`bare` with `dagc_graph` for the kernel's name, so that one review holds for every kernel. Raises Unreadable where that
    stands there already."""
    if found := _ANONYMOUS.search(bare):
        raise Unreadable(f"`{found[0]}` is named after no kernel", bare.count("\n", 0, found.start()) + 1)
    bare = re.sub(rf"\b{name}_(?=(?:{_SUFFIXES})\b)", "dagc_graph_", bare)
    bare = re.sub(rf"\bDAGC_{name}_NODES\b", "dagc_graph_NODES", bare)
    return re.sub(rf"\bDAGC_{name}_H\b", "DAGC_GRAPH_H", bare)


def read_header(graph: Graph, text: str) -> Structs:
    """The structs of `kernel.h`, held against the graph's ports. Raises Unreadable."""
    bare = anonymous(without_comments(text), kernel_prefix(graph))
    found: dict[str, Block] = {}
    others: list[Block] = []
    nodes = f"#define dagc_graph_NODES {max(len(graph), 1)}"
    if nodes not in (each.text for each in blocks(bare)):
        raise Unreadable(f"it does not say that the graph has {len(graph)} nodes: expected `{nodes}`")
    for block in blocks(bare):
        struct = _STRUCT.fullmatch(block.text)
        if struct is not None and struct[1] not in found:
            found[struct[1]] = Block(struct[2], block.line)
        elif block.text == nodes and nodes not in found:
            found[nodes] = block
        else:
            others.append(block)
    require_reviewed(others, HEADER, ("header",))
    structs: Structs = {}
    for role, members in expected_members(graph).items():
        if role not in found:
            raise Unreadable(f"the struct of {role} is missing")
        _require_members(role, found[role], members)
        structs[role] = members
    return structs


def expected_members(graph: Graph) -> Structs:
    """The members that each struct has: the ports in order, by the identifiers that the language gives them, as they stand in
    anonymous text: a port of the kernel `quote` may be called `quote_init`."""
    ports = {
        "inputs": [(graph.identifiers[each.node], each.name, each.node) for each in graph.inputs],
        "params": [(graph.identifiers[each.node], each.name, each.node) for each in graph.params],
        "state": [(identifier(each.name), each.name, each.node) for each in graph.states],
        "outputs": [(identifier(each.name), each.name, each.node) for each in graph.outputs],
    }
    prefix = kernel_prefix(graph)
    return {
        role: {anonymous(name, prefix): _port(port, graph.types[node]) for name, port, node in each}
        for role, each in ports.items()
    }


def _port(name: str, type_: Type) -> Port:
    return Port(name, type_, "double" if type_.is_float else "int64_t")


def _require_members(role: str, block: Block, members: dict[str, Port]) -> None:
    lines = block.text.split("\n")
    expected = [
        f"{port.held} {name}{'' if port.type.length is None else f'[{port.type.length}]'};"
        for name, port in members.items()
    ] or ["int64_t dagc_none;"]
    for number, (line, wanted) in enumerate(zip(lines, expected, strict=False), block.line + 1):
        if line != wanted:
            raise Unreadable(f"a member of {role}: expected `{wanted}`", number)
    if len(lines) != len(expected):
        raise Unreadable(f"the struct of {role} has {len(lines)} members, expected {len(expected)}", block.line)
