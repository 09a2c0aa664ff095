"""`entry.c`: the interface of `compile.c.abi` over the typed functions, in the floating-point environment they need."""

from __future__ import annotations

from collections.abc import Sequence

from compile.c.abi import BATCH, ROWS, STEP, STEP_TAPS
from compile.c.text.comments import banner
from compile.c.text.names import kernel_name, nodes_macro
from dag.graphs.graph import Graph, Input, Output, Param, State

_ABOUT = """\
The dagc_ functions over the typed ones of `kernel.c` and `batch.c`. A host may run with subnormals flushed to zero
(XLA does on its threads), another rounding or trapping exceptions: each entry sets what the results are defined in
and restores the host's. Reading the register is nearly free; it is written only where the host's differs."""

_TEXT = """\
#include "kernel.h"

#include <string.h>

#define INPUTS {inputs}
#define PARAMS {params}
#define STATES {states}
#define OUTPUTS {outputs}
#define NODES {nodes}
#define TAPPED {tapped}
#define STATE_BYTES {state_bytes}

/* Words of each state, input, parameter, output and node: 1, or an array's length. */
static const int dagc_sizes[] = {{{sizes}}};

static const int dagc_input_sizes[] = {{{input_sizes}}};

static const int dagc_param_sizes[] = {{{param_sizes}}};

static const int dagc_output_sizes[] = {{{output_sizes}}};

static const int dagc_tap_sizes[] = {{{tap_sizes}}};

#if defined(__SSE2__)
#include <xmmintrin.h>
/* Round to nearest, subnormals kept, every exception masked; the low six bits are flags that have been raised. */
enum {{ DAGC_MXCSR = 0x1f80, DAGC_MXCSR_FLAGS = 0x3f }};

static inline unsigned dagc_enter(void)
{{
    const unsigned host = _mm_getcsr();
    if ((host & ~(unsigned)DAGC_MXCSR_FLAGS) != DAGC_MXCSR)
        _mm_setcsr(DAGC_MXCSR);
    return host;
}}

static inline void dagc_leave(unsigned host)
{{
    if ((host & ~(unsigned)DAGC_MXCSR_FLAGS) != DAGC_MXCSR)
        _mm_setcsr(host);
}}
#else
/* Elsewhere the host's environment is trusted to be the default one. */
static inline unsigned dagc_enter(void)
{{
    return 0;
}}

static inline void dagc_leave(unsigned host)
{{
    (void)host;
}}
#endif

{step}
{{
    const unsigned host = dagc_enter();
    const int64_t status = {name}_step(inputs, params, state, outputs);
    dagc_leave(host);
    return status;
}}

{step_taps}
{{
    const unsigned host = dagc_enter();
    const int64_t status = {name}_step_taps(inputs, params, state, outputs, taps);
    dagc_leave(host);
    return status;
}}

void dagc_init(void *state)
{{
    {name}_init(state);
}}

{batch}
{{
    const unsigned host = dagc_enter();
    const int64_t rejected = {name}_batch(bars, instances, inputs, params, state, outputs, taps);
    dagc_leave(host);
    return rejected;
}}

static void dagc_gather(void *row, const dagc_column *columns, const int *sizes, int count, int64_t bar, int64_t instance)
{{
    for (int k = 0, at = 0; k < count; at += sizes[k++]) {{
        const dagc_column *column = &columns[k];
        const int64_t *words = column->words + bar * column->per_bar + instance * column->per_instance;
        memcpy((char *)row + 8 * at, words, 8 * (size_t)sizes[k]);
    }}
}}

static void dagc_scatter(int64_t *const *columns, const int *sizes, int count, int64_t at, const void *row)
{{
    for (int k = 0, from = 0; k < count; from += sizes[k++])
        if (columns[k])
            memcpy(columns[k] + at * sizes[k], (const char *)row + 8 * from, 8 * (size_t)sizes[k]);
}}

static void dagc_show(int64_t *const *columns, int64_t at, const int64_t *words)
{{
    for (int k = 0, from = 0; k < TAPPED; from += dagc_tap_sizes[k++])
        if (columns[from])
            memcpy(columns[from] + at * dagc_tap_sizes[k], words + from, 8 * (size_t)dagc_tap_sizes[k]);
}}

{rows}
{{
    const unsigned host = dagc_enter();
    {name}_inputs row;
    {name}_params bound;
    {name}_state carried;
    {name}_outputs result;
    int64_t words[{slots}];
    int64_t rejected = 0;
    for (int64_t i = 0; i < instances; i++) {{
        dagc_gather(&bound, params, dagc_param_sizes, PARAMS, 0, i);
        for (int k = 0, at = 0; k < STATES; at += dagc_sizes[k++])
            memcpy((char *)&carried + 8 * at, state[k] + i * dagc_sizes[k], 8 * (size_t)dagc_sizes[k]);
        for (int64_t bar = 0; bar < bars; bar++) {{
            const int64_t at = bar * instances + i;
            int64_t status;
            dagc_gather(&row, inputs, dagc_input_sizes, INPUTS, bar, i);
            if (taps) {{
                status = {name}_step_taps(&row, &bound, &carried, &result, words);
                dagc_show(taps, at, words);
            }} else {{
                status = {name}_step(&row, &bound, &carried, &result);
            }}
            dagc_scatter(outputs, dagc_output_sizes, OUTPUTS, at, &result);
            rejected += status != 0;
        }}
        for (int k = 0, at = 0; k < STATES; at += dagc_sizes[k++])
            memcpy(state[k] + i * dagc_sizes[k], (const char *)&carried + 8 * at, 8 * (size_t)dagc_sizes[k]);
    }}
    dagc_leave(host);
    return rejected;
}}

int64_t dagc_state_size(void)
{{
    return STATE_BYTES;
}}

int64_t dagc_input_count(void)
{{
    return INPUTS;
}}

int64_t dagc_param_count(void)
{{
    return PARAMS;
}}

int64_t dagc_state_count(void)
{{
    return STATES;
}}

int64_t dagc_output_count(void)
{{
    return OUTPUTS;
}}

int64_t dagc_node_count(void)
{{
    return NODES;
}}

int64_t dagc_batch_lanes(void)
{{
    return {name}_batch_lanes();
}}

int64_t dagc_abi_version(void)
{{
    return DAGC_ABI_VERSION;
}}

const char *dagc_graph_hash(void)
{{
    return "{graph_hash}";
}}

const char *dagc_target(void)
{{
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512CD__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
    return "x86-64-v4";
#elif defined(__AVX2__) && defined(__FMA__)
    return "x86-64-v3";
#elif defined(__x86_64__)
    return "x86-64";
#else
    return "generic";
#endif
}}
"""


def _sizes(graph: Graph, ports: Sequence[Input | Param | State | Output]) -> str:
    """How many words each of the ports has."""
    return ", ".join(str(graph.types[port.node].size) for port in ports) or "0"


def emit_entry(graph: Graph) -> str:
    """The text of `entry.c`."""
    text = _TEXT.format(
        name=kernel_name(graph),
        inputs=len(graph.inputs),
        params=len(graph.params),
        states=len(graph.states),
        sizes=_sizes(graph, graph.states),
        state_bytes=8 * sum(graph.types[state.node].size for state in graph.states),
        outputs=len(graph.outputs),
        nodes=graph.word_places()[-1],
        tapped=len(graph),
        input_sizes=_sizes(graph, graph.inputs),
        param_sizes=_sizes(graph, graph.params),
        output_sizes=_sizes(graph, graph.outputs),
        tap_sizes=", ".join(str(1 if type_.axis is None else type_.size) for type_ in graph.types) or "0",
        slots=nodes_macro(kernel_name(graph)),
        step=STEP.declaration,
        step_taps=STEP_TAPS.declaration,
        batch=BATCH.declaration,
        rows=ROWS.declaration,
        graph_hash=graph.content_hash,
    )
    return f"{banner('entry.c', graph, _ABOUT)}\n{text}"
