"""What `dagc_batch` costs beside vectors written straight down, numpy and memory: `python bench/batch_kernel.py`.

    PYTHONPATH=. python bench/batch_kernel.py [--ops 41,400,4000] [--rows 1000,10000,1000000] [--target x86-64-v3]

Random graphs with N operators each (one division and one square root in 20) over 16 checked ports, each a column, with 3 outputs;
41 is the size of a sizing curve. "straight" is the same arithmetic in GCC's vectors without a check or a state: a load a column, a
statement an operator, a store an output. "memory" reads the same columns, adds them up and stores as many. numpy has an array an
operator. Nanoseconds a row, best of interleaved rounds, and each way's median speed against "straight"; the words are compared
first, NaNs as one. The last columns say what compiling takes: batch.c as dagc compiles it, and the straight text.
"""

from __future__ import annotations

import argparse
import ctypes
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.analysis.flow import reached_from
from compile.backend import Batch, Missing
from compile.c.backend import C
from compile.c.columns import column_table, pointer_table
from compile.c.compiler import FLAGS, LINK_FLAGS, Compiler, compiled_afresh, find_compiler
from compile.c.library import Library, foreign
from compile.c.target import host_target, lanes_of, target_flags
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import ABS, ADD, DIV, MAX, MIN, MUL, SQRT, SUB
from dag.values.domain import whole_domain
from dag.values.types import F64

INPUTS, PARAMS, OUTPUTS = 8, 8, 3
_OPS = (*(ADD, SUB, MUL) * 5, MIN, MAX, ABS, DIV, SQRT)
_WRITTEN = {
    ADD: "{} + {}", SUB: "{} - {}", MUL: "{} * {}", DIV: "{} / {}", ABS: "(V)((N){} & INT64_MAX)", SQRT: "root({})",
    MIN: "choose({1} < {0}, {1}, {0})", MAX: "choose({1} > {0}, {1}, {0})",
}  # fmt: skip
_HEAD = """\
#include <stdint.h>
#include <string.h>
typedef double V __attribute__((vector_size(8 * LANES)));
typedef int64_t N __attribute__((vector_size(8 * LANES)));
static inline V get(const double *p) { V v; memcpy(&v, p, sizeof v); return v; }
static inline void put(double *p, V v) { memcpy(p, &v, sizeof v); }
static inline V choose(N m, V a, V b) { return (V)((m & (N)a) | (~m & (N)b)); }
static inline V root(V x) { for (int k = 0; k < LANES; k++) x[k] = __builtin_sqrt(x[k]); return x; }
"""
Way = Callable[[], object]


def random_arithmetic(ops: int, seed: int = 1) -> Graph:
    """A prepared graph of about `ops` operators and the checks of its ports; every operator is needed."""
    rng, builder = np.random.default_rng(seed), GraphBuilder("arithmetic")
    domain = whole_domain(F64)
    pool = [builder.input(f"x{k}", F64, "1", domain) for k in range(INPUTS)]
    pool += [builder.param(f"p{k}", F64, "1", domain, None) for k in range(PARAMS)]
    unused = list(pool)
    for made in range(ops + len(pool)):
        op = ADD if made >= ops else _OPS[rng.integers(len(_OPS))]
        if made >= ops and len(unused) == OUTPUTS:
            break
        first = unused.pop(0)
        second = unused.pop(0) if made >= ops else pool[int(rng.integers(len(pool)))]
        args = (first, second)[: len(op.takes)]
        node = builder.op(op, (builder.op(ABS, args),) if op is SQRT else args)
        pool.append(node)
        unused.append(node)
    for k, node in enumerate(unused[-OUTPUTS:]):
        builder.output(f"out{k}", node, 0.0)
    return prepare(builder.freeze())


def value_of_output(graph: Graph, node: int) -> int:
    """What an output is in a row that is not rejected."""
    return graph.args[node][1]


def straight(graph: Graph, is_memory: bool) -> str:
    """C with the arithmetic of `graph`, or with its loads and stores alone."""
    ports = {port.node: k for k, port in enumerate(graph.ports())}
    results = [value_of_output(graph, o.node) for o in graph.outputs if o.node != graph.status]
    lines = [f"        const V v{node} = get(in[{k}] + i);" for node, k in ports.items()]
    if is_memory:
        total = " + ".join(f"v{node}" for node in ports)
        lines += [f"        put(out[{k}] + i, {total});" for k in range(len(results))]
    else:
        for node in sorted(reached_from(graph, results)):
            op = graph.ops[node]
            if isinstance(op, Op):
                lines.append(f"        const V v{node} = {_WRITTEN[op].format(*(f'v{a}' for a in graph.args[node]))};")
        lines += [f"        put(out[{k}] + i, v{node});" for k, node in enumerate(results)]
    return "\n".join(
        [
            _HEAD,
            "void run(int64_t n, const double *const *in, double *const *out)",
            "{",
            "    for (int64_t i = 0; i < n; i += LANES) {",
            *lines,
            *("    }", "}", ""),
        ]
    )


def compiled(text: str, target: str, compiler: Compiler) -> tuple[ctypes.CDLL, float]:
    """The library made of `text`, and the seconds it took."""
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "straight.c", Path(folder) / "straight.so"
        source.write_text(text)
        flags = (*FLAGS, *target_flags(target), *LINK_FLAGS, f"-DLANES={lanes_of(target)}")
        began = time.perf_counter()
        subprocess.run([*compiler.command, *flags, str(source), "-o", str(library)], check=True)
        return ctypes.CDLL(str(library)), time.perf_counter() - began


def by_numpy(graph: Graph, columns: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """The outputs, an array an operator."""
    meaning: dict[Op, Callable[..., Any]] = {
        ADD: np.add, SUB: np.subtract, MUL: np.multiply, DIV: np.divide, ABS: np.abs, SQRT: np.sqrt,
        MIN: lambda a, b: np.where(b < a, b, a), MAX: lambda a, b: np.where(b > a, b, a),
    }  # fmt: skip
    values = {port.node: column for port, column in zip(graph.ports(), columns, strict=True)}
    roots = [value_of_output(graph, o.node) for o in graph.outputs if o.node != graph.status]
    with np.errstate(all="ignore"):
        for node in range(max(roots) + 1):
            op = graph.ops[node]
            if isinstance(op, Op) and op in meaning:
                values[node] = meaning[op](*(values[arg] for arg in graph.args[node]))
    return [values[node] for node in roots]


def addresses(columns: list[NDArray[np.float64]]) -> ctypes.Array[ctypes.c_void_p]:
    """The columns as C takes them."""
    return (ctypes.c_void_p * len(columns))(*(column.ctypes.data for column in columns))


def measure(graph: Graph, library: Library, rivals: dict[str, ctypes.CDLL], rows: int) -> str:
    """A line of the table."""
    rng = np.random.default_rng(2)
    columns = [rng.normal(size=rows) for _ in graph.ports()]
    batch = Batch({}, {}, bars=1, instances=rows)
    words = [column.view(np.int64)[np.newaxis] for column in columns]
    inputs, kept = column_table(graph.inputs, {p.name: w for p, w in zip(graph.inputs, words, strict=False)})
    params, also_kept = column_table(
        graph.params, {p.name: w for p, w in zip(graph.params, words[INPUTS:], strict=True)}
    )
    outputs = [np.zeros(rows) for _ in graph.outputs]
    table = pointer_table(len(outputs), {k: each.view(np.int64) for k, each in enumerate(outputs)})
    state = pointer_table(0, {})
    results = {name: [np.zeros(rows) for _ in range(OUTPUTS)] for name in rivals}
    taken, null = addresses(columns), foreign().NULL
    ways: dict[str, Way] = {
        "dagc": lambda: library.calls.dagc_batch(batch.bars, rows, inputs, params, state, table, null)
    }
    for name, rival in rivals.items():
        ways[name] = partial(rival.run, ctypes.c_int64(rows), taken, addresses(results[name]))
    if rows <= 10_000:
        ways["numpy"] = lambda: by_numpy(graph, columns)
    assert ways["dagc"]() == 0
    ways["straight"]()
    for expected in (results["straight"], by_numpy(graph, columns) if "numpy" in ways else []):
        assert all(np.array_equal(found, each, equal_nan=True) for found, each in zip(outputs, expected, strict=False))
    best = dict.fromkeys(ways, float("inf"))
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(9 if rows > 100_000 else 60):
        took: dict[str, float] = {}
        for name, way in ways.items():
            began = time.perf_counter_ns()
            way()
            took[name] = (time.perf_counter_ns() - began) / rows
            best[name] = min(best[name], took[name])
        for name in ways:
            speeds[name].append(took["straight"] / took[name])
    del kept, also_kept
    return "".join(f"{best[name]:9.2f} ({statistics.median(speeds[name]):4.2f})  {name}" for name in ways)


def main() -> None:
    """Compile, compare, measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--ops", default="41,400,4000")
    parser.add_argument("--rows", default="1000,10000,1000000")
    parser.add_argument("--target", default=host_target(), help="one that this CPU can run, x86-64-v3 say")
    arguments = parser.parse_args()
    target: str = arguments.target
    compiler = find_compiler()
    assert not isinstance(compiler, Missing), compiler.fix
    for ops in map(int, arguments.ops.split(",")):
        graph = random_arithmetic(ops)
        files = C().lower(graph)
        began = time.perf_counter()
        library = Library(compiled_afresh(files, target, compiler))
        seconds = time.perf_counter() - began
        rivals: dict[str, ctypes.CDLL] = {}
        rivals["straight"], straight_seconds = compiled(straight(graph, is_memory=False), target, compiler)
        rivals["memory"], _ = compiled(straight(graph, is_memory=True), target, compiler)
        print(
            f"{ops} operators, {len(graph)} nodes, {target}: compiled in {seconds:.1f} s, straight {straight_seconds:.1f} s"
        )
        for rows in map(int, arguments.rows.split(",")):
            print(f"{rows:>10,} rows {measure(graph, library, rivals, rows)}", flush=True)


if __name__ == "__main__":
    main()
