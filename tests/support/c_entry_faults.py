"""What an editor or a wrong emitter might do to the C around a graph's function: each changes what a host sees.

A fault is a list of edits of one file. Every one of them compiles, and every one is found twice over: by reading the text, and
by running the library that is made of it.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compile.backend import Files
from compile.c.compiler import FLAGS, HEADER, LINK_FLAGS, SOURCES, Compiler, find_compiler
from compile.c.target import host_target, target_flags
from dag.graphs.graph import Graph


@dataclass(frozen=True, slots=True)
class Fault:
    """`edits` of `file`: what stands there and what is put in its place, the first time that it stands there."""

    edits: tuple[tuple[str, str], ...]
    file: str = "entry.c"

    def planted(self, files: Files) -> Files:
        """`files` with the fault."""
        text = files[self.file].decode()
        for old, new in self.edits:
            assert old in text, f"{self.file} no longer has {old!r}"
            text = text.replace(old, new, 1)
        return {**files, self.file: text.encode()}


def _of(old: str, new: str, file: str = "entry.c") -> Fault:
    return Fault(((old, new),), file)


def _after(line: str, more: str) -> Fault:
    return _of(line, f"{line}    {more}\n")


def faults(graph: Graph) -> dict[str, Fault]:
    """The faults of a graph that has inputs, parameters and outputs, and a state of several words whose first is an array."""
    name, nodes, outputs = graph.name, len(graph), len(graph.outputs)
    words = sum(graph.types[state.node].size for state in graph.states)
    step = f"    const int64_t status = {name}_step(inputs, params, state, outputs);\n"
    step_taps = f"    const int64_t status = {name}_step_taps(inputs, params, state, outputs, taps);\n"
    init = f"    {name}_init(state);\n"
    bar = "            int64_t status;\n"
    leave = "    dagc_leave(host);\n    return"
    batch = f"{name}_batch(bars, instances, inputs, params, state, outputs, taps)"
    return {
        "a step always says that all is well": _after(step, "if (status)\n        return dagc_leave(host), 0;"),
        "a step changes the state on rejected rows": _after(step, "if (status)\n        ((int64_t *)state)[0] += 1;"),
        "a step forgets its last output": _of(
            step,
            f"    int64_t *last = (int64_t *)outputs + {outputs - 1}, kept = *last;\n{step}    *last = kept;\n",
        ),
        "a step writes past the outputs": _after(step, "((int64_t *)outputs)[OUTPUTS] = 0;"),
        "a step writes past the state": _after(step, f"((char *)state)[{8 * words}] = 0;"),
        "a step scribbles on its inputs": _after(step, "*(int64_t *)inputs += 1;"),
        "a step goes twice": _of(step, f"    {name}_step(inputs, params, state, outputs);\n{step}"),
        "a step without taps is another": _after(step, "if (!status)\n        ((double *)outputs)[0] *= 1.0 + 0x1p-52;"),
        "taps are shifted": _after(step_taps, f"memmove((char *)taps + 8, taps, {8 * (nodes - 1)});"),
        "only some taps are written": _of(
            step_taps,
            f"    int64_t all[{nodes}];\n{step_taps.replace('taps);', 'all);')}    memcpy(taps, all, {8 * (nodes // 2)});\n",
        ),
        "taps go past their end": _after(step_taps, f"((int64_t *)taps)[{nodes}] = 0;"),
        "taps do not move the state": _of(
            step_taps, f"    int64_t kept[{words}];\n    memcpy(kept, state, {8 * words});\n{step_taps}    memcpy(state, kept, {8 * words});\n"
        ),
        "steps with taps say that all is well": _after(step_taps, "if (status)\n        return dagc_leave(host), 0;"),
        "init leaves the last word": _of(
            init, f"    int64_t *last = (int64_t *)state + {words - 1}, kept = *last;\n{init}    *last = kept;\n"
        ),
        "init leaves the tail of an array": _of(
            init, f"    int64_t *last = (int64_t *)state + dagc_sizes[0] - 1, kept = *last;\n{init}    *last = kept;\n"
        ),
        "init writes past the state": _after(init, f"((char *)state)[{8 * words}] = 0;"),
        "init does nothing the second time": _of(init, f"    static int begun;\n    if (!begun++)\n    {init}"),
        "rows leave out the last bar": _of("bar < bars; bar++", "bar < bars - (bars > 3); bar++"),
        "rows write only the first instance's state back": _of(
            "            memcpy(state[k] + i * dagc_sizes[k], (const", "            if (!i) memcpy(state[k] + i * dagc_sizes[k], (const"
        ),
        "rows begin every instance with the first one's state": _of(
            "state[k] + i * dagc_sizes[k], 8 * (size_t)", "state[k], 8 * (size_t)"
        ),
        "rows take bars for as far apart as one": _of("bar * column->per_bar", "bar * (column->per_bar != 0)"),
        "rows take no column for shared by the bars": _of("bar * column->per_bar", "bar * (column->per_bar ? column->per_bar : 1)"),
        "rows take no column for shared by the instances": _of("instance * column->per_instance", "instance"),
        "rows begin anew at bar 10,000": _after(bar, f"if (bar == 10000)\n        {name}_init(&carried);"),
        "rows begin anew in a long call": _after(
            bar, f"if (bars > 10000 && bar % 10000 == 9999)\n        {name}_init(&carried);"
        ),
        "rows show no taps in a long call": _of("            if (taps) {", "            if (taps && bars <= 10000) {"),
        "rows give everyone the first parameters": _of("dagc_param_sizes, PARAMS, 0, i);", "dagc_param_sizes, PARAMS, 0, 0);"),
        "rows count a rejected row twice": _of("rejected += status != 0;", "rejected += 2 * (status != 0);"),
        "rows add the statuses up": _of("rejected += status != 0;", "rejected += status;"),
        "rows return the last status": _of("rejected += status != 0;", "rejected = status;"),
        "rows fill an instance's bars one after the other": _of("OUTPUTS, at, &result);", "OUTPUTS, i * bars + bar, &result);"),
        "rows leave out the last output": _of("dagc_output_sizes, OUTPUTS,", "dagc_output_sizes, OUTPUTS - 1,"),
        "rows leave out the last tap": _of("k < TAPPED;", "k < TAPPED - 1;"),
        "rows show the taps of the step before": _of("                dagc_show(taps, at, words);", "                dagc_show(taps, at + (at + instances < bars * instances ? instances : 0), words);"),
        "a batch leaves out an odd instance": _of("_batch(bars, instances,", "_batch(bars, instances > 3 ? instances & ~(int64_t)1 : instances,"),
        "a batch has no taps": _of(batch, batch.replace("taps)", "0)")),
        "a batch has no outputs beside taps": Fault((
            (f"    const int64_t rejected = {batch}", f"    int64_t *none[{outputs}] = {{0}};\n    const int64_t rejected = {batch.replace('outputs,', 'taps ? none : outputs,')}"),
        )),
        "a batch counts nothing": _of(f"{leave} rejected;", f"{leave} 0 * rejected;"),
        "a batch ends after 10,000 bars": _of("_batch(bars,", "_batch(bars > 10000 ? 10000 : bars,"),
        "the host's environment is not set": _of("_mm_setcsr(DAGC_MXCSR);", "(void)DAGC_MXCSR;"),
        "the host's environment is not given back": _of("_mm_setcsr(host);", "(void)host;"),
        "results round up": _of("DAGC_MXCSR = 0x1f80,", "DAGC_MXCSR = 0x5f80,"),
        "subnormals are flushed": _of("DAGC_MXCSR = 0x1f80,", "DAGC_MXCSR = 0x9fc0,"),
        "only the rounding is looked at": _of("if ((host & ~(unsigned)DAGC_MXCSR_FLAGS) != DAGC_MXCSR)\n        _mm_setcsr(DAGC", "if (host & 0x6000)\n        _mm_setcsr(DAGC"),
        "a batch trusts its host": _of(f"dagc_enter();\n    const int64_t rejected = {batch}", f"DAGC_MXCSR;\n    const int64_t rejected = {batch}"),
        "a step trusts its host": _of(f"dagc_enter();\n{step}", f"DAGC_MXCSR;\n{step}"),
        "a step with taps trusts its host": _of(f"dagc_enter();\n{step_taps}", f"DAGC_MXCSR;\n{step_taps}"),
        "rows keep the host's environment": _of(f"{leave} rejected;\n}}\n\nint64_t dagc_state_size", "    return rejected;\n}\n\nint64_t dagc_state_size"),
        "another size of the state": _of("    return STATE_BYTES;", "    return STATE_BYTES + 8;"),
        "another number of inputs": _of("    return INPUTS;", "    return INPUTS + 1;"),
        "another number of parameters": _of("    return PARAMS;", "    return 0;"),
        "another number of states": _of("    return STATES;", "    return OUTPUTS + 5;"),
        "another number of outputs": _of("    return OUTPUTS;", "    return OUTPUTS - 1;"),
        "another number of nodes": _of("    return NODES;", "    return NODES - 1;"),
        "other lanes": _of(f"    return {name}_batch_lanes();", f"    return 2 * {name}_batch_lanes();"),
        "another version": _of("    return DAGC_ABI_VERSION;", "    return DAGC_ABI_VERSION + 1;"),
        "another hash": _of(f'return "{graph.content_hash}"', f'return "{"0" * 64}"'),
        "the oldest target": Fault((('return "x86-64-v4"', 'return "x86-64"'), ('return "x86-64-v3"', 'return "x86-64"'))),
        "short vectors are stored whole": _of("if (lanes == DAGC_LANES)\n        memcpy(words, &all", "if (lanes > 0)\n        memcpy(words, &all", "batch.c"),
        "no more than two blocks": _of("block < dagc_instances; block", "block < dagc_instances && block < 1024; block", "batch.c"),
        "a batch begins at its second bar": _of("bar = 0; bar < dagc_bars", "bar = dagc_bars > 4; bar < dagc_bars", "batch.c"),
        "whole vectors go past the last": _of("dagc_i < dagc_end;", "dagc_i <= dagc_end;", "batch.c"),
        "a rejected row is computed on": _of("if (dagc_any_clear(", "if (dagc_i < 0 && dagc_any_clear(", "batch.c"),
        "whole vectors count no rejected row": _of("dagc_rejected += dagc_lanes(", "dagc_rejected += 0 * dagc_lanes(", "batch.c"),
        "the second block reads the first's columns": _of("(place.first & line.every)", "(place.first & line.every & 511)", "batch.c"),
        "a shared word is that of one lane": _of("*shared = *words - (dagc_i64s){0};", "*shared = (dagc_i64s){*words};", "batch.c"),
        "a batch counts the lanes beyond the last instance": _of("lane < place.lanes; lane++)\n        count", "lane < DAGC_LANES; lane++)\n        count", "batch.c"),
    }  # fmt: skip


def library_of(files: Files) -> bytes:
    """The shared library of `files`, as a build makes it; an unchanged source is compiled once for all faults."""
    compiler, header = find_compiler(), files[HEADER]
    assert isinstance(compiler, Compiler)
    with tempfile.TemporaryDirectory() as folder:
        for source in SOURCES:
            (Path(folder) / f"{source}.o").write_bytes(_object(compiler, header, source, files[source]))
        objects = [f"{source}.o" for source in SOURCES]
        command = [*compiler.command, *FLAGS, *target_flags(host_target()), *LINK_FLAGS, *objects, "-o", "kernel.so"]
        subprocess.run(command, cwd=folder, check=True)
        return (Path(folder) / "kernel.so").read_bytes()


@cache
def _object(compiler: Compiler, header: bytes, source: str, text: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / HEADER).write_bytes(header)
        (Path(folder) / source).write_bytes(text)
        command = [*compiler.command, *FLAGS, *target_flags(host_target()), "-c", source, "-o", "it.o"]
        subprocess.run(command, cwd=folder, check=True)
        return (Path(folder) / "it.o").read_bytes()
