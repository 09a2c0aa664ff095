"""`kernel.c`: one bar of one instance as straight-line C99, for compilers and high-level synthesis alike."""

from __future__ import annotations

from collections.abc import Callable

from compile.c.helpers.row_helpers import ROW_HELPERS
from compile.c.text.body import Body, Dialect, helpers_used
from compile.c.text.comments import banner
from compile.c.text.literals import row_literal
from compile.c.text.names import Member, Struct, kernel_name, nodes_macro, structs
from compile.c.text.table import Lowering
from compile.c.text.tables import tables_text
from dag.graphs.graph import Graph
from dag.values.types import Kind, Type

_ABOUT = """\
One assignment a node, operands first, lane by lane; `file:line  name [unit]` beside each. C99, no library, no
allocation, no loop but over windows. Compile with -ffp-contract=off and without -ffast-math: the results are defined bit for bit.
Define DAGC_HLS for high-level synthesis: it turns the pragmas on and the taps off."""

_PRELUDE = """\
#include "kernel.h"

#include <float.h>
#include <stdbool.h>

#if FLT_EVAL_METHOD != 0 || defined(__FAST_MATH__)
#error "this kernel needs doubles rounded at every operation: no x87 arithmetic, no -ffast-math"
#endif

#ifdef DAGC_HLS
#define DAGC_PRAGMA(text) _Pragma(#text)
#define DAGC_TAPPED 0
#else
#define DAGC_PRAGMA(text)
#define DAGC_TAPPED (dagc_taps != 0)
#endif

/* The row is written once and compiled twice, with and without taps. */
#ifdef __GNUC__
#define DAGC_ROW static inline __attribute__((always_inline))
#else
#define DAGC_ROW static inline
#endif
"""


def _expression(lowering: Lowering) -> str:
    return lowering.row


def _tap(node: int, value: str, type_: Type) -> str:
    return f"dagc_taps[{node}] = {_word(value, type_)};"


def _word(value: str, type_: Type) -> str:
    return f"dagc_word_of({value})" if type_.is_float else value


#: What a struct member, a double or an int64_t, is made of at the door.
_FROM_STRUCT = {Kind.F32: "(float){}", Kind.I32: "(int32_t)(uint32_t){}", Kind.BOOL: "{} != 0"}

#: What reads one place of an array of each kind.
_SUFFIXES = {Kind.F64: "f64", Kind.F32: "f32", Kind.I64: "i64", Kind.ENUM: "i64", Kind.I32: "i32", Kind.BOOL: "bool"}

_ROW = Dialect(
    types={
        Kind.F64: "double",
        Kind.F32: "float",
        Kind.I64: "int64_t",
        Kind.I32: "int32_t",
        Kind.BOOL: "bool",
        Kind.ENUM: "int64_t",
    },
    expression=_expression,
    literal=row_literal,
    tap=_tap,
    tapped="DAGC_TAPPED",
    word=lambda value, type_: value,
    value=lambda word, type_: _FROM_STRUCT.get(type_.kind, "{}").format(word),
    array=lambda type_: f"{_held_type(type_)} *const",
    held=lambda name, place, type_: f"{name}[{place}]",
    port=lambda type_: f"const {_held_type(type_)} *const",
    given=lambda name, place, type_: f"{name}[{place}]",
    tap_place=lambda first, value, type_: f"dagc_taps[{first} + dagc_k] = {_word(value, type_)};",
    place="(int64_t)dagc_k",
    picked=lambda name, type_, index: f"dagc_at_{_SUFFIXES[type_.kind]}({name}, {type_.length}, {index})",
)


def _held_type(type_: Type) -> str:
    return "double" if type_.is_float else "int64_t"


def emit_kernel(graph: Graph) -> str:
    """The text of `kernel.c`."""
    name = kernel_name(graph)
    body = Body(graph, _ROW)
    inputs, params, state, outputs = structs(graph)
    source = {
        **{member.node: f"dagc_in->{member.identifier}" for member in inputs.members},
        **{member.node: f"dagc_params->{member.identifier}" for member in params.members},
        **{member.node: f"dagc_state->{member.identifier}" for member in state.members},
    }

    def read(node: int) -> str:
        if graph.types[node].is_array:
            return source[node]
        return _FROM_STRUCT.get(graph.types[node].kind, "{}").format(source[node])

    arguments = (
        f"const {name}_inputs *dagc_in, const {name}_params *dagc_params,\n"
        f"    {name}_state *dagc_state, {name}_outputs *dagc_out"
    )
    lines = [
        f"DAGC_ROW int64_t {name}_row({arguments}, int64_t *dagc_taps)",
        "{",
        *_unused(inputs, params, state, outputs),
        *body.port_statements(read),
        *body.operator_statements(),
        *body.tap_statements(),
        "",
    ]
    for member in outputs.members:  # before the states, which they may be
        if graph.types[member.node].axis is not None:
            lines += body.stores(member.node, _into("dagc_out", member))
    lines += body.moved_states()
    for member, carried in zip(state.members, graph.states, strict=True):
        type_ = graph.types[carried.node]
        if type_.axis is not None:
            lines += body.stores(carried.next, _into("dagc_state", member))
        elif not type_.is_array:
            lines.append(f"    dagc_state->{member.identifier} = {body.operand(carried.next)};")
    lines += body.array_statements()
    for member in outputs.members:
        if graph.types[member.node].axis is None:
            lines.append(f"    dagc_out->{member.identifier} = {body.operand(member.node)};")
    lines += [f"    return {'0' if graph.status is None else body.operand(graph.status)};", "}"]
    pipeline = "HLS PIPELINE" if graph.states else "HLS PIPELINE II=1"
    call = "dagc_in, dagc_params, dagc_state, dagc_out"
    lines += [
        "",
        f"int64_t {name}_step({arguments})",
        "{",
        f"    DAGC_PRAGMA({pipeline})",
        f"    return {name}_row({call}, 0);",
        "}",
        "",
        "#ifndef DAGC_HLS",
        f"int64_t {name}_step_taps({arguments},",
        f"    int64_t dagc_taps[{nodes_macro(name)}])",
        "{",
        f"    return {name}_row({call}, dagc_taps);",
        "}",
        "#endif",
        "",
        f"void {name}_init({name}_state *dagc_state)",
        "{",
        *([] if state.members else ["    (void)dagc_state;"]),
    ]
    for member, carried in zip(state.members, graph.states, strict=True):
        type_ = graph.types[member.node]
        each = "" if type_.length is None else f"for (int k = 0; k < {type_.length}; k++) "
        element = member.identifier if type_.length is None else f"{member.identifier}[k]"
        lines.append(f"    {each}dagc_state->{element} = {row_literal(carried.initial, type_)};")
    text = "\n".join([*lines, "}", ""])
    helpers = helpers_used(text, ROW_HELPERS)
    parts = (banner("kernel.c", graph, _ABOUT), _PRELUDE, helpers, tables_text(graph), text)
    return "\n".join(part for part in parts if part)


def _into(struct: str, member: Member) -> Callable[[str], str]:
    """What stores a value in a place of a member."""
    return lambda value: f"{struct}->{member.identifier}[dagc_k] = {value};"


def _unused(*each: Struct) -> list[str]:
    names = {"inputs": "dagc_in", "params": "dagc_params", "state": "dagc_state", "outputs": "dagc_out"}
    return [f"    (void){names[struct.role]};" for struct in each if not struct.members] + ["    (void)dagc_taps;"]
