"""Carried arrays: a memory for each, read where its operators stand, written by all of a row's writes at once.

A bit beside each element says whether it was written since the array began; where it was not, the initial value is read. So
a restart clears bits, and the memory itself needs no reset.
"""

from __future__ import annotations

from dag.graphs.graph import State
from dag.operators.op import Source
from dag.values.types import Type
from rtl.emit.comments import comment, value_note
from rtl.emit.design import Design, longest_array
from rtl.emit.literals import literal, size
from rtl.emit.names import PLACE
from rtl.plan.schedule import width_of


def array_declarations(design: Design) -> str:
    """The memories, and what the save ports see of them."""
    if not longest_array(design.graph):
        return ""
    lines = [comment("---- arrays, as the row before left them")]
    if design.place_bits:
        lines += [
            f"reg  {size(design.place_bits)}saved_place;",
            f"always @(posedge clk) saved_place <= {PLACE};",
        ]
    for state, memory, save in design.arrays():
        type_ = design.graph.types[state.node]
        place = _narrowed("saved_place", design.place_bits, type_)
        lines += [
            f"reg  {size(width_of(type_))}{memory} [0:{type_.size - 1}];  {comment(f'{state.name}: {type_}')}",
            f"reg  [{type_.size - 1}:0] {memory}_written;",
            f"assign {save} = {_element(memory, place, state, type_, 'rst')};",
        ]
    return "\n".join(lines)


def array_read(design: Design, node: int) -> list[str]:
    """`get`: the element at a place that is computed, 0 where that is outside."""
    graph, plan, signals = design.graph, design.plan, design.signals
    array, index = graph.args[node]
    state, memory, _ = next(each for each in design.arrays() if each[0].node == array)
    type_ = graph.types[array]
    cycle = plan.start[node]
    fresh = signals.fresh(node)
    wire = f"wire {size(width_of(type_))}{fresh}"
    note = comment(value_note(graph, node, plan.ready[node]))
    inside, place = _place(design, index, cycle, type_)
    found = _element(memory, place, state, type_, signals.restart(cycle))
    zero = literal(0, type_.element)
    return [f"{wire} = {found if inside is None else f'!({inside}) ? {zero} : {found}'};  {note}"]


def array_writes(design: Design) -> str:
    """When elements are written: by a row, all at the same time, the later of two at one place last; or by a load."""
    graph, plan, signals = design.graph, design.plan, design.signals
    lines = [comment("---- arrays, as the next row will read them")] if longest_array(graph) else []
    for state, memory, _ in design.arrays():
        type_ = graph.types[state.node]
        cycle = plan.writes[state.name]
        load = design.ports.loads[graph.states.index(state)]
        here = _narrowed(PLACE, design.place_bits, type_)
        is_inside = f"{PLACE} < {design.place_bits}'d{type_.size}" if type_.size < 1 << design.place_bits else "1'b1"
        lines += [
            f"always @(posedge clk)  {comment(f'{state.name}, written in cycle {cycle}')}",
            f"    if (rst) {memory}_written <= {type_.size}'d0;",
            "    else if (load & idle) begin",
            f"        if ({is_inside}) begin",
            f"            {memory}[{here}] <= {load};",
            f"            {memory}_written[{here}] <= 1'b1;",
            "        end",
            f"    end else if (valid[{cycle}]) begin",
            f"        if ({signals.restart(cycle)}) {memory}_written <= {type_.size}'d0;",
        ]
        for node in graph.writes(state):
            _, index, value, enable = graph.args[node]
            inside, place = _place(design, index, cycle, type_)
            condition = signals.at(enable, cycle) + ("" if inside is None else f" & ({inside})")
            lines += [
                f"        if ({condition}) begin",
                f"            {memory}[{place}] <= {signals.at(value, cycle)};",
                f"            {memory}_written[{place}] <= 1'b1;",
                "        end",
            ]
        lines.append("    end")
    return "\n".join(lines)


def _element(memory: str, place: str, state: State, type_: Type, restart: str) -> str:
    initial = literal(state.initial, type_.element)
    return f"({restart} | ~{memory}_written[{place}]) ? {initial} : {memory}[{place}]"


def _place(design: Design, index: int, cycle: int, type_: Type) -> tuple[str | None, str]:
    """Whether an index is inside (None: always), and the address that it is."""
    graph = design.graph
    if graph.ops[index] is Source.CONST:
        known = int(graph.constants[index] or 0)
        return (None, str(known)) if 0 <= known < type_.size else ("1'b0", "0")
    name = design.signals.at(index, cycle)
    return f"{name} < 64'd{type_.size}", _narrowed(name, 64, type_)


def _narrowed(name: str, bits: int, type_: Type) -> str:
    """The low bits of an index that address an array of this type."""
    if type_.size == 1:
        return "0"
    wanted = (type_.size - 1).bit_length()
    return name if wanted == bits else f"{name}[{wanted - 1}:0]"
