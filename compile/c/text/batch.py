"""`batch.c`: many instances at once on explicit vectors, so that no auto-vectoriser decides how fast it is."""

from __future__ import annotations

from collections.abc import Callable

from compile.c.helpers.vector_helpers import VECTOR_HELPERS
from compile.c.text.accepted_rows import accepted_rows
from compile.c.text.body import Body, Dialect, helpers_used
from compile.c.text.comments import banner
from compile.c.text.literals import vector_literal
from compile.c.text.names import kernel_name, nodes_macro, structs
from compile.c.text.table import Lowering
from compile.c.text.tables import tables_text
from dag.graphs.graph import Graph
from dag.values.types import Kind, Type

_ABOUT = """\
DAGC_LANES instances of `kernel.c` at once, one assignment a node, in GCC and Clang vector types (C only). A bool is
a mask, all ones or all zeros; a binary32 number is held as a double, an int32 as an int64. Bit for bit the row function: the same operations in the same order, no contraction."""

_PRELUDE = """\
#include "kernel.h"

#include <float.h>
#include <stdbool.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0 || defined(__FAST_MATH__)
#error "this kernel needs doubles rounded at every operation: no x87 arithmetic, no -ffast-math"
#endif

#ifndef DAGC_LANES
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define DAGC_LANES 8
#elif defined(__AVX2__)
#define DAGC_LANES 4
#else
#define DAGC_LANES 2
#endif
#endif
/* Instances whose state stays in the first-level cache while their bars are replayed. */
#define DAGC_BLOCK 512

typedef double dagc_f64s __attribute__((vector_size(8 * DAGC_LANES)));
typedef int64_t dagc_i64s __attribute__((vector_size(8 * DAGC_LANES)));
typedef float dagc_f32s __attribute__((vector_size(4 * DAGC_LANES)));
typedef int32_t dagc_i32s __attribute__((vector_size(4 * DAGC_LANES)));
typedef uint64_t dagc_u64s __attribute__((vector_size(8 * DAGC_LANES)));

#define DAGC_INLINE static inline __attribute__((always_inline))

/* Where a vector lies: `lanes` instances from `first` on, at one bar; `row` is the offset of its first result. */
typedef struct dagc_place {
    int64_t bar, first, lanes, row;
} dagc_place;

/* GCC's names for single instructions on a whole vector; elsewhere the helpers say the same in other words. No
   <immintrin.h>, which takes longer to compile than most kernels. DAGC_MIN(x, y) is x < y ? x : y, y where one is NaN. */
#if defined(__GNUC__) && !defined(__clang__)
#if DAGC_LANES == 8 && defined(__AVX512F__) && defined(__AVX512DQ__)
typedef long long dagc_words __attribute__((vector_size(64)));
typedef int dagc_i32s_of __attribute__((vector_size(64)));
#define DAGC_MIN(x, y) __builtin_ia32_minpd512_mask(x, y, x, -1, 4)
#define DAGC_MAX(x, y) __builtin_ia32_maxpd512_mask(x, y, x, -1, 4)
#define DAGC_SQRT(x) __builtin_ia32_sqrtpd512_mask(x, x, -1, 4)
#define DAGC_ROUND(x, how) __builtin_ia32_rndscalepd_mask(x, how, x, -1, 4)
#define DAGC_CHOOSE(mask, a, b) __builtin_ia32_pternlogq512_mask((dagc_words)(mask), (dagc_words)(a), (dagc_words)(b), 0xca, -1)
#define DAGC_SIGNS(mask) (unsigned char)__builtin_ia32_cvtq2mask512((dagc_words)(mask))
#define DAGC_LOW_PRODUCT(a, b) (dagc_u64s)__builtin_ia32_pmuludq512_mask((dagc_i32s_of)(a), (dagc_i32s_of)(b), (dagc_words){0}, -1)
#define DAGC_GATHER(table, place) (dagc_i64s)__builtin_ia32_gatherdiv8di((dagc_words){0}, (void *)(table), (dagc_words)(place), -1, 8)
#define DAGC_STORE_SOME(to, all, lanes)     __builtin_ia32_storedqudi512_mask((void *)(to), (dagc_words)(all), (unsigned char)((1u << (lanes)) - 1))
#elif DAGC_LANES == 4 && defined(__AVX2__)
typedef long long dagc_words __attribute__((vector_size(32)));
typedef int dagc_i32s_of __attribute__((vector_size(32)));
#define DAGC_MIN(x, y) __builtin_ia32_minpd256(x, y)
#define DAGC_MAX(x, y) __builtin_ia32_maxpd256(x, y)
#define DAGC_SQRT(x) __builtin_ia32_sqrtpd256(x)
#define DAGC_ROUND(x, how) __builtin_ia32_roundpd256(x, how)
#define DAGC_CHOOSE(mask, a, b) __builtin_ia32_blendvpd256((dagc_f64s)(b), (dagc_f64s)(a), (dagc_f64s)(mask))
#define DAGC_SIGNS(mask) __builtin_ia32_movmskpd256((dagc_f64s)(mask))
#define DAGC_LOW_PRODUCT(a, b) (dagc_u64s)__builtin_ia32_pmuludq256((dagc_i32s_of)(a), (dagc_i32s_of)(b))
#define DAGC_GATHER(table, place) (dagc_i64s)__builtin_ia32_gatherdiv4di((dagc_words){0}, (const long long *)(table), (dagc_words)(place), (dagc_words){0} - 1, 8)
#define DAGC_STORE_SOME(to, all, lanes) __builtin_ia32_maskstoreq256((void *)(to), (dagc_words)((dagc_i64s){0, 1, 2, 3} < (lanes)), (dagc_words)(all))
#elif DAGC_LANES == 2 && defined(__SSE2__)
#define DAGC_MIN(x, y) __builtin_ia32_minpd(x, y)
#define DAGC_MAX(x, y) __builtin_ia32_maxpd(x, y)
#define DAGC_SQRT(x) __builtin_ia32_sqrtpd(x)
#define DAGC_SIGNS(mask) __builtin_ia32_movmskpd((dagc_f64s)(mask))
#endif
#endif

/* The products of the low halves of the words. */
#ifndef DAGC_LOW_PRODUCT
#define DAGC_LOW_PRODUCT(a, b) (((dagc_u64s)(a) & UINT32_MAX) * ((dagc_u64s)(b) & UINT32_MAX))
#endif

/* The last vector of a column may be short: its other lanes compute on zeros and are never stored. */
static __attribute__((noinline)) void dagc_copy_part(int64_t *to, const int64_t *from, int64_t lanes)
{
    memcpy(to, from, (size_t)lanes * sizeof *to);
}

DAGC_INLINE dagc_i64s dagc_load(const int64_t *words, int64_t lanes)
{
    dagc_i64s all = {0};
    if (lanes == DAGC_LANES)
        memcpy(&all, words, sizeof all);
    else
        dagc_copy_part((int64_t *)&all, words, lanes);
    return all;
}

DAGC_INLINE void dagc_store(int64_t *words, dagc_i64s all, int64_t lanes)
{
    if (lanes == DAGC_LANES)
        memcpy(words, &all, sizeof all);
    else
        dagc_copy_part(words, (const int64_t *)&all, lanes);
}

DAGC_INLINE dagc_i64s dagc_read(const dagc_column *column, int64_t bar, dagc_place place)
{
    const int64_t *words = column->words + bar * column->per_bar;
    if (column->per_instance == 0)
        return *words - (dagc_i64s){0};
    return dagc_load(words + place.first, place.lanes);
}

DAGC_INLINE void dagc_write(int64_t *column, dagc_place place, dagc_i64s all)
{
    if (column)
        dagc_store(column + place.row, all, place.lanes);
}

/* The same of a tap: most are not wanted, and there is one behind every value. */
DAGC_INLINE void dagc_show(int64_t *column, dagc_place place, dagc_i64s all)
{
#ifdef DAGC_STORE_SOME
    if (column)
        DAGC_STORE_SOME(column + place.row, all, place.lanes);
#else
    dagc_write(column, place, all);
#endif
}

/* How many lanes of a vector have a status that is not 0. */
DAGC_INLINE int64_t dagc_count(dagc_i64s status, dagc_place place)
{
    int64_t count = 0;
    for (int64_t lane = 0; lane < place.lanes; lane++)
        count += status[lane] != 0;
    return count;
}

/* A column at one bar, for whole vectors: the word of instance i is words[i & every]. A word that all instances share is
   written to `shared`, once a lane. */
typedef struct dagc_line {
    const int64_t *words;
    int64_t every;
} dagc_line;

DAGC_INLINE dagc_line dagc_along(const dagc_column *column, int64_t bar, dagc_i64s *shared)
{
    const int64_t *words = column->words + bar * column->per_bar;
    if (column->per_instance != 0)
        return (dagc_line){words, -1};
    *shared = *words - (dagc_i64s){0};
    return (dagc_line){(const int64_t *)shared, 0};
}

DAGC_INLINE dagc_i64s dagc_take(dagc_line line, dagc_place place)
{
    return dagc_load(line.words + (place.first & line.every), DAGC_LANES);
}

/* Whether a lane of the mask is clear. */
DAGC_INLINE int dagc_any_clear(dagc_i64s mask)
{
#ifdef DAGC_SIGNS
    return DAGC_SIGNS(mask) != (1 << DAGC_LANES) - 1;
#else
    int64_t all = -1;
    for (int lane = 0; lane < DAGC_LANES; lane++)
        all &= mask[lane];
    return all != -1;
#endif
}
"""


def _expression(lowering: Lowering) -> str:
    return lowering.vector


def _word(value: str, type_: Type) -> str:
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return f"(dagc_i64s){value}"
        case Kind.BOOL:
            return f"{value} & 1"
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return value


def _value(words: str, type_: Type) -> str:
    match type_.kind:
        case Kind.F64:
            return f"(dagc_f64s){words}"
        case Kind.F32:
            return f"dagc_round_f32((dagc_f64s){words})"
        case Kind.I32:
            return f"dagc_wrap_i32({words})"
        case Kind.BOOL:
            return f"{words} != 0"
        case Kind.I64 | Kind.ENUM:
            return words


def _tap(node: int, value: str, type_: Type) -> str:
    return f"dagc_show(dagc_taps[{node}], dagc_at, {_word(value, type_)});"


_VECTOR = Dialect(
    types={kind: "dagc_f64s" if kind in (Kind.F64, Kind.F32) else "dagc_i64s" for kind in Kind},
    expression=_expression,
    literal=vector_literal,
    tap=_tap,
    tapped="",
    word=_word,
    value=_value,
    array=lambda type_: "int64_t *const",
    held=lambda name, place, type_: f"dagc_held({name}, {type_.length}, {place}, dagc_at)",
    port=lambda type_: "const dagc_column *const",
    given=lambda name, place, type_: f"dagc_given({name}, dagc_at.bar, {place}, dagc_at)",
    tap_place=lambda first, value, type_: (
        f"dagc_write_place(dagc_taps[{first}], {type_.length}, dagc_k, dagc_at, {_word(value, type_.element)});"
    ),
    place="dagc_all_i64(dagc_k)",
    picked=lambda name, type_, index: (
        f"dagc_place_{'f64' if type_.is_float else 'i64'}({name}, {type_.length}, {index})"
    ),
)

_COLUMNS = """const dagc_column *dagc_inputs, const dagc_column *dagc_params,
    int64_t *const *dagc_state, int64_t *const *dagc_outputs"""

_REPLAY = """\
int64_t {name}_batch(int64_t dagc_bars, int64_t dagc_instances, {columns},
    int64_t *const *dagc_taps)
{{
    static int64_t *const untapped[{nodes_macro}] = {{0}};
    int64_t rejected = 0;
    for (int64_t block = 0; block < dagc_instances; block += DAGC_BLOCK) {{
        const int64_t end = dagc_instances - block < DAGC_BLOCK ? dagc_instances : block + DAGC_BLOCK;
        const int64_t whole = dagc_taps ? block : end - (end - block) % DAGC_LANES;
        for (int64_t bar = 0; bar < dagc_bars; bar++) {{
            dagc_place at = {{bar, block, DAGC_LANES, bar * dagc_instances + block}};
            if (whole > block)
                rejected += dagc_vectors(at, whole, dagc_inputs, dagc_params, dagc_state, dagc_outputs, untapped);
            for (at.first = whole; at.first < end; at.first += DAGC_LANES) {{
                at.lanes = end - at.first < DAGC_LANES ? end - at.first : DAGC_LANES;
                at.row = bar * dagc_instances + at.first;
                rejected += dagc_lanes(
                    at, dagc_inputs, dagc_params, dagc_state, dagc_outputs, dagc_taps ? dagc_taps : untapped);
            }}
        }}
    }}
    return rejected;
}}

int64_t {name}_batch_lanes(void)
{{
    return DAGC_LANES;
}}
"""


_WHOLE = """\
            if (whole > block)
                rejected += dagc_vectors(at, whole, dagc_inputs, dagc_params, dagc_state, dagc_outputs, untapped);
"""
_REPLAY_ANY = _REPLAY.replace(_WHOLE, "").replace("dagc_taps ? block : end - (end - block) % DAGC_LANES", "block")


def emit_batch(graph: Graph) -> str:
    """The text of `batch.c`."""
    name = kernel_name(graph)
    # The loop for accepted rows has no places: a graph along an axis goes through the function of any rows alone.
    plain = not any(type_.axis for type_ in graph.types)
    text = "\n".join(
        [
            *_any_rows(graph),
            *(accepted_rows(graph, _VECTOR, _COLUMNS) if plain else []),
            (_REPLAY if plain else _REPLAY_ANY).format(name=name, nodes_macro=nodes_macro(name), columns=_COLUMNS),
        ]
    )
    helpers = helpers_used(text, VECTOR_HELPERS)
    parts = (banner("batch.c", graph, _ABOUT), _PRELUDE, helpers, tables_text(graph), text)
    return "\n".join(part for part in parts if part)


def _kept(call: str, type_: Type) -> Callable[[str], str]:
    """A call of a helper that stores place k of a value along an axis."""
    return lambda value: f"{call}, {type_.length}, dagc_k, dagc_at, {_word(value, type_.element)});"


def _any_rows(graph: Graph) -> list[str]:
    """The function of one vector in full: fewer instances than it has lanes, rejected rows and taps among it."""
    body = Body(graph, _VECTOR)
    inputs, params, state, _outputs = structs(graph)
    source = {
        **{
            member.node: f"&dagc_inputs[{k}]"
            if graph.types[member.node].is_array
            else f"dagc_read(&dagc_inputs[{k}], dagc_at.bar, dagc_at)"
            for k, member in enumerate(inputs.members)
        },
        **{member.node: f"dagc_read(&dagc_params[{k}], 0, dagc_at)" for k, member in enumerate(params.members)},
        **{
            member.node: f"dagc_state[{k}]"
            if graph.types[member.node].is_array
            else f"dagc_load(dagc_state[{k}] + dagc_at.first, dagc_at.lanes)"
            for k, member in enumerate(state.members)
        },
    }

    def read(node: int) -> str:
        if graph.types[node].is_array:
            return source[node]
        return _value(source[node], graph.types[node])

    lines = [
        f"static __attribute__((noinline)) int64_t dagc_lanes(dagc_place dagc_at, {_COLUMNS},",
        "    int64_t *const *dagc_taps)",
        "{",
        "    (void)dagc_inputs, (void)dagc_params, (void)dagc_state, (void)dagc_outputs, (void)dagc_taps;",
        *body.port_statements(read),
        *body.operator_statements(),
        *body.tap_statements(),
        "",
    ]
    for k, output in enumerate(graph.outputs):  # before the states, which they may be
        type_ = graph.types[output.node]
        if type_.axis is not None:
            lines += body.stores(output.node, _kept(f"dagc_write_place(dagc_outputs[{k}]", type_))
    lines += body.moved_states()
    for k, carried in enumerate(graph.states):
        type_ = graph.types[carried.node]
        if type_.axis is not None:
            lines += body.stores(carried.next, _kept(f"dagc_keep(dagc_state[{k}]", type_))
        elif not type_.is_array:
            word = _word(body.operand(carried.next), type_)
            lines.append(f"    dagc_store(dagc_state[{k}] + dagc_at.first, {word}, dagc_at.lanes);")
    lines += body.array_statements()
    for k, output in enumerate(graph.outputs):
        type_ = graph.types[output.node]
        if type_.axis is None:
            lines.append(f"    dagc_write(dagc_outputs[{k}], dagc_at, {_word(body.operand(output.node), type_)});")
    status = "(dagc_i64s){0}" if graph.status is None else body.operand(graph.status)
    return [*lines, f"    return dagc_count({status}, dagc_at);", "}", ""]
