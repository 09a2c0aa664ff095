"""`kernel.h`: the documented structs of one graph and the interface of `compile.c.abi`."""

from __future__ import annotations

import textwrap

from compile.c.abi import ABI_VERSION, BATCH, COLUMN, ENTRY_POINTS
from compile.c.text.comments import banner, comment, port_described
from compile.c.text.names import Struct, kernel_name, nodes_macro, structs
from dag.graphs.graph import Graph

_ABOUT = """\
Every member, or element of a member, is 8 bytes: double, int64_t for integers and enum codes, int64_t 0 or 1 for bool; members stand
in the order of the signature (states: by name) and never move within one ABI version.

A program may include the headers of several kernels. The dagc_ functions are called the same in every kernel: they are for a shared library that is
loaded (dlopen), or for a program with one kernel. A program that links several compiles `kernel.c` and `batch.c` of each, leaves `entry.c` out, and
calls the typed functions, `{name}_...`, whose names are its own.

The dagc_ functions set the floating-point environment that the results are defined in (round to nearest, subnormals
kept) and restore the caller's. The typed ones, `{name}_...`, expect it: do not call them with flush-to-zero set."""


def _wrapped(text: str) -> str:
    return "/* " + "\n   ".join(textwrap.wrap(text, 114)) + " */"


#: What every kernel's header declares alike: once in a program that includes several.
_SHARED = (
    f"#ifndef DAGC_ABI_VERSION\n#define DAGC_ABI_VERSION {ABI_VERSION}\n",
    comment(
        "Element of bar b and instance i: words[b * per_bar + i * per_instance], along an axis of n places the first of n words; "
        "per_instance is 0 or n (1 for a single value)."
    )
    + f"\n{COLUMN}",
    *(f"{_wrapped(entry.doc)}\n{entry.declaration};\n" for entry in ENTRY_POINTS),
    f"#elif DAGC_ABI_VERSION != {ABI_VERSION}\n"
    '#error "two kernels of different dagc_ interfaces in one program: build both with one version of dagc"\n#endif\n',
)


def emit_header(graph: Graph) -> str:
    """The text of `kernel.h`."""
    name = kernel_name(graph)
    guard = f"DAGC_{name}_H"
    parts = [
        banner("kernel.h", graph, _ABOUT.format(name=name)),
        f'#ifndef {guard}\n#define {guard}\n\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern "C" {{\n#endif\n',
        *(_struct(graph, name, struct) for struct in structs(graph)),
        _typed(name, graph.word_places()[-1]),
        *_SHARED,
        _typed_batch(name),
        f"#ifdef __cplusplus\n}}\n#endif\n\n#endif {comment(guard)}\n",
    ]
    return "\n".join(parts)


def _struct(graph: Graph, name: str, struct: Struct) -> str:
    lines = [comment(struct.doc), f"typedef struct {name}_{struct.role} {{"]
    for member in struct.members:
        type_ = "double" if graph.types[member.node].is_float else "int64_t"
        about = comment(port_described(graph, member.node, member.name, member.domain))
        length = graph.types[member.node].length
        declared = f"{type_} {member.identifier}{'' if length is None else f'[{length}]'};"
        lines.append(f"    {declared:<40} {about}")
    if not struct.members:
        lines.append("    int64_t dagc_none; /* C has no empty struct; never read */")
    return "\n".join([*lines, f"}} {name}_{struct.role};", ""])


def _typed(name: str, words: int) -> str:
    arguments = f"const {name}_inputs *in, const {name}_params *params, {name}_state *state, {name}_outputs *out"
    return "\n".join(
        [
            f"#define {nodes_macro(name)} {max(words, 1)}",
            "",
            comment("dagc_init, dagc_step and dagc_step_taps with types."),
            f"void {name}_init({name}_state *state);",
            f"int64_t {name}_step({arguments});",
            f"int64_t {name}_step_taps({arguments}, int64_t taps[{nodes_macro(name)}]);",
            "",
        ]
    )


def _typed_batch(name: str) -> str:
    declaration = BATCH.declaration.replace("dagc_batch", f"{name}_batch")
    return "\n".join(
        [
            comment("dagc_batch, and how many instances it computes at once."),
            f"{declaration};",
            f"int64_t {name}_batch_lanes(void);",
            "",
        ]
    )
