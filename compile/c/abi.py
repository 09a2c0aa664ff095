"""The flat C interface of a kernel: fixed entry points that any language can call, the same for every graph.

Everything crosses as 8-byte words: double for f64 and f32, int64 for i64, i32 and enum codes, int64 0 or 1 for bool. Members and columns
stand in the order of the lane's signature (results: of its result; states: by name). The version is bumped whenever a caller compiled against the old one would misread the new one.
"""

from __future__ import annotations

from dataclasses import dataclass

ABI_VERSION = 1

COLUMN = """\
typedef struct dagc_column {
    const int64_t *words;
    int64_t per_bar;
    int64_t per_instance;
} dagc_column;
"""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One exported function: its C declaration, without the semicolon, and what the header says of it."""

    declaration: str
    doc: str


def _replay(name: str) -> str:
    return (
        f"int64_t {name}(int64_t bars, int64_t instances, const dagc_column *inputs, const dagc_column *params, "
        "int64_t *const *state, int64_t *const *outputs, int64_t *const *taps)"
    )


ROWS = EntryPoint(
    _replay("dagc_rows"),
    "Many bars of many instances through the row function, one after the other; arguments and result as dagc_batch.",
)
BATCH = EntryPoint(
    _replay("dagc_batch"),
    "Many bars of many independent instances, several at a time. inputs and params are arrays of columns, of which params are read at bar 0; "
    "state[s] is a column [instances], of an array [instances, length], read and written; outputs[o] and taps[word] are columns [bars, instances] to "
    "fill, along an axis [bars, instances, places], a null pointer for one that is not wanted; that of a node stands where its first word stands in "
    "dagc_step_taps; taps itself may be null. Returns how many rows were rejected.",
)
STEP = EntryPoint(
    "int64_t dagc_step(void *state, const void *inputs, const void *params, void *outputs)",
    "One bar of one instance: each argument points to its struct. Returns the status: 0, or 1 + the index of the first "
    "port (inputs, then params) outside its domain; then outputs hold their safe values and state is as it was.",
)
STEP_TAPS = EntryPoint(
    "int64_t dagc_step_taps(void *state, const void *inputs, const void *params, void *outputs, void *taps)",
    "dagc_step, and the word of every node, along an axis one for each place, into taps[0 .. dagc_node_count() - 1], in the graph's order.",
)
ENTRY_POINTS: tuple[EntryPoint, ...] = (
    STEP,
    STEP_TAPS,
    EntryPoint("void dagc_init(void *state)", "The state before the first bar."),
    BATCH,
    ROWS,
    EntryPoint("int64_t dagc_state_size(void)", "Bytes of one instance's state; 0 for a kernel without state."),
    EntryPoint("int64_t dagc_input_count(void)", "Members of the inputs struct."),
    EntryPoint("int64_t dagc_param_count(void)", "Members of the params struct."),
    EntryPoint("int64_t dagc_state_count(void)", "Members of the state struct."),
    EntryPoint("int64_t dagc_output_count(void)", "Members of the outputs struct."),
    EntryPoint(
        "int64_t dagc_node_count(void)",
        "Words that dagc_step_taps fills: one a node, along an axis one for each place.",
    ),
    EntryPoint("int64_t dagc_batch_lanes(void)", "Instances that dagc_batch computes at once."),
    EntryPoint("int64_t dagc_abi_version(void)", f"The version of this interface: {ABI_VERSION}."),
    EntryPoint("const char *dagc_graph_hash(void)", "SHA-256 of the graph, in hexadecimal."),
    EntryPoint(
        "const char *dagc_target(void)",
        "The instruction set this library was compiled for, as the compiler calls it (x86-64-v3); do not call anything "
        "else on a CPU that lacks it.",
    ),
)

#: What cffi parses; the header declares the same text.
DECLARATIONS = COLUMN + "".join(f"{entry.declaration};\n" for entry in ENTRY_POINTS)
