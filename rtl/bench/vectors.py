"""`<name>_vectors.hex`: rows of the sampled universe, some with one port spoiled, and the interpreter's results for them.

The emitted bench replays them: see `rtl.emit.bench`. They are data of a bundle, not part of lowering, which neither samples nor runs
anything.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compile.backend import Batch
from compile.campaign.drawing.sample import sample, universe_of
from compile.interpreter.backend import Interpreter
from dag.graphs.graph import Graph
from dag.values.words import Words, column_of_words, words_of_column
from rtl.bench.traffic import Traffic, columns_of, interleaved, one_at_a_time
from rtl.emit.bench import BARS, INSTANCES, ROWS, ports_in
from rtl.emit.design import Design
from rtl.emit.names import IN_INSTANCE
from rtl.plan.schedule import width_of

SEED = 20


def vectors_of(design: Design) -> str:
    """For `$readmemh`: a line a row, of its controls, inputs, parameters, outputs; the first on the left."""
    graph = design.graph
    rng = np.random.default_rng(SEED)
    batch = _spoiled(graph, sample(universe_of(graph), BARS, INSTANCES, rng), rng)
    if design.instances is None:
        traffic = one_at_a_time(BARS, INSTANCES, is_loaded=False)
    else:
        traffic = interleaved(BARS, INSTANCES, is_loaded=False, held=design.instances, rng=rng).only_rows()
    fields = list(_fields(design, batch, traffic))
    lines: list[str] = []
    for row in range(ROWS):
        packed = 0
        for words, width in fields:
            packed = packed << width | int(words[row]) & ((1 << width) - 1)
        lines.append(f"{packed:x}")
    return "\n".join(lines) + "\n"


def _spoiled(graph: Graph, batch: Batch, rng: np.random.Generator) -> Batch:
    """`batch` with an arbitrary word in one input of every fifth row or so, and of every second first bar.

    Only a first bar that is rejected shows whether an initial value, kept by that bar, waits for as long as it must.
    """
    shape = (BARS, INSTANCES)
    inputs = dict(batch.inputs)
    each = np.array([2] + [5] * (BARS - 1))[:, np.newaxis]
    which = rng.integers(0, each * max(len(inputs), 1), shape)
    for index, port in enumerate(graph.inputs):
        type_ = graph.types[port.node]
        arbitrary = rng.integers(0, 1 << width_of(type_), shape, dtype=np.uint64, endpoint=False)
        inputs[port.name] = np.where(which == index, column_of_words(arbitrary, type_), inputs[port.name])
    return Batch(inputs, batch.params, None, BARS, INSTANCES)


def _fields(design: Design, batch: Batch, traffic: Traffic) -> Iterator[tuple[Words, int]]:
    """The columns of the vectors, in the order of the ports of the bench, and their widths."""
    graph = design.graph
    interpreter = Interpreter()
    outputs = [output.node for output in graph.outputs]
    found = interpreter.load(graph, interpreter.lower(graph)).run(batch, outputs)
    columns = columns_of(design, batch, traffic) | {"in_restart": traffic.restarts.astype(np.uint64)}
    for port, width in ports_in(design).items():
        yield columns[port], width
    for node in outputs:
        words = words_of_column(found.nodes[node], graph.types[node])
        yield words[traffic.bars, traffic.instances], width_of(graph.types[node])
    if design.instances is not None:
        yield columns[IN_INSTANCE], design.instance_bits
