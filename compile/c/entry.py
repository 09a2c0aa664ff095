"""`entry.c`: the interface of `compile.c.abi` over the typed functions, in the floating-point environment they need."""

from __future__ import annotations

from compile.c.abi import BATCH, ROWS, STEP, STEP_TAPS
from compile.c.comments import banner
from compile.c.names import kernel_name, nodes_macro
from dag.graphs.graph import Graph

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
#define STATE_BYTES {state_bytes}

/* Words of each state: 1, or an array's length. */
static const int dagc_sizes[] = {{{sizes}}};

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

static void dagc_gather(void *row, const dagc_column *columns, int count, int64_t bar, int64_t instance)
{{
    for (int k = 0; k < count; k++) {{
        const dagc_column *column = &columns[k];
        const int64_t *word = column->words + bar * column->per_bar + instance * column->per_instance;
        memcpy((char *)row + 8 * k, word, 8);
    }}
}}

static void dagc_scatter(int64_t *const *columns, int count, int64_t at, const void *row)
{{
    for (int k = 0; k < count; k++)
        if (columns[k])
            memcpy(columns[k] + at, (const char *)row + 8 * k, 8);
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
        dagc_gather(&bound, params, PARAMS, 0, i);
        for (int k = 0, at = 0; k < STATES; at += dagc_sizes[k++])
            memcpy((char *)&carried + 8 * at, state[k] + i * dagc_sizes[k], 8 * (size_t)dagc_sizes[k]);
        for (int64_t bar = 0; bar < bars; bar++) {{
            const int64_t at = bar * instances + i;
            int64_t status;
            dagc_gather(&row, inputs, INPUTS, bar, i);
            if (taps) {{
                status = {name}_step_taps(&row, &bound, &carried, &result, words);
                dagc_scatter(taps, NODES, at, words);
            }} else {{
                status = {name}_step(&row, &bound, &carried, &result);
            }}
            dagc_scatter(outputs, OUTPUTS, at, &result);
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


def emit_entry(graph: Graph) -> str:
    """The text of `entry.c`."""
    text = _TEXT.format(
        name=kernel_name(graph),
        inputs=len(graph.inputs),
        params=len(graph.params),
        states=len(graph.states),
        sizes=", ".join(str(graph.types[state.node].size) for state in graph.states) or "0",
        state_bytes=8 * sum(graph.types[state.node].size for state in graph.states),
        outputs=len(graph.outputs),
        nodes=len(graph),
        slots=nodes_macro(kernel_name(graph)),
        step=STEP.declaration,
        step_taps=STEP_TAPS.declaration,
        batch=BATCH.declaration,
        rows=ROWS.declaration,
        graph_hash=graph.content_hash,
    )
    return f"{banner('entry.c', graph, _ABOUT)}\n{text}"
