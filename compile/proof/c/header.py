"""`kernel.h` read back: the four structs, member by member; the rest of it is reviewed text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compile.backend import Files
from compile.proof.c.reviewed import HEADER
from compile.proof.c.text import Block, blocks, require_reviewed, text_of, without_comments
from compile.proof.core.verdict import Unreadable, first_difference, reading_file
from dag.graphs.graph import Graph
from dag.graphs.identifiers import identifier
from dag.values.types import Type

FILE = "kernel.h"
#: What names the number of nodes.
_NODES = "#define dagc_graph_NODES"
#: What is called after the kernel; `dagc_graph` stands for its name in reviewed text.
_SUFFIXES = "inputs|params|state|outputs|row|step|step_taps|init|batch|batch_lanes"
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


@reading_file(FILE)
def read_header(graph: Graph, files: Files) -> Structs:
    """The structs of `kernel.h`, held against the graph's ports. Raises Unreadable, which names the header and its line."""
    structs = expected_members(graph)
    wanted = {_head(role): _struct(role, members) for role, members in structs.items()}
    wanted[_NODES] = f"{_NODES} {max(graph.word_places()[-1], 1)}"
    others: list[Block] = []
    for block in blocks(anonymous(without_comments(text_of(files, FILE)), kernel_prefix(graph))):
        head = next((each for each in wanted if re.match(rf"{re.escape(each)}(?!\w)", block.text)), None)
        if head is None:
            others.append(block)
        else:
            _require_same(block, wanted.pop(head))
    require_reviewed(others, HEADER, ("header",))
    for text in wanted.values():
        raise Unreadable(f"{FILE} lacks `{text.split(chr(10))[0]}`")
    return structs


def _require_same(block: Block, wanted: str) -> None:
    if block.text != wanted:
        line = first_difference(block.text.encode(), wanted.encode())
        expected = ["", *wanted.split("\n"), "a blank line"][min(line, wanted.count("\n") + 2)]
        raise Unreadable(f"not as the graph has it: expected `{expected}`", block.line + line - 1)


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


def _head(role: str) -> str:
    return f"typedef struct dagc_graph_{role} {{"


def _struct(role: str, members: dict[str, Port]) -> str:
    lines = [
        f"{port.held} {name}{'' if port.type.length is None else f'[{port.type.length}]'};"
        for name, port in members.items()
    ] or ["int64_t dagc_none;"]
    return "\n".join([_head(role), *lines, f"}} dagc_graph_{role};"])
