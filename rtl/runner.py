"""Running simulated Verilog over columns: instance after instance, every node read from its own port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, Files, Result
from dag.graph import Graph
from dag.ops import Source
from dag.types import Type
from dag.words import Column, Words, column_dtype, column_of_words, words_of_column
from rtl.emit.design import Design
from rtl.emit.ports import TAPS
from rtl.stream import Bits, Handshake, Port, Stream

#: Rows of one pass through the simulator, so that the words of all taps of a pass fit in memory.
PASS_ROWS = 1 << 16
#: In which cycles a row is offered, repeated for ever. Gaps cost little, and a design that leans on having none is wrong.
OFFER: Bits = np.random.default_rng(0).random(251) < 0.9


class VerilogRunner:
    """One design, simulated from its files.

    Rows go in one after the other, all bars of an instance and then the next instance, as fast as the design takes them.
    Outputs are read when `out_valid` says so, every other value from its tap at the latency that the schedule promises.
    """

    def __init__(self, design: Design, files: Files) -> None:
        """Build the simulator of the Verilog in `files`. Raises what `rtl.verilator.build` raises."""
        self._design = design
        graph, ports = design.graph, design.ports
        self._outputs = {output.node: name for output, name in zip(graph.outputs, ports.outputs, strict=True)}
        loads = ports.loads if graph.states else ()
        sources = {"taps.v": f"`define {TAPS}\n".encode()} | {
            name: text for name, text in files.items() if name.endswith(".v") and not name.endswith("_tb.v")
        }
        self.stream = Stream(
            sources,
            design.name,
            inputs=[*ports.data_in.values(), *loads],
            outputs=[
                *(Port(name, design.plan.depth, announced=True) for name in ports.outputs),
                *(Port(name, design.plan.latency_of(node)) for node, name in ports.taps.items()),
            ],
            handshake=Handshake(
                reset="rst",
                valid="in_valid",
                ready="in_ready",
                out_valid="out_valid",
                restart="in_restart" if graph.states else None,
                load="load" if graph.states else None,
                idle="idle" if graph.states else None,
            ),
        )

    def run(self, batch: Batch, nodes: Sequence[int], offer: Bits = OFFER) -> Result:
        """Replay `batch`; `offer`, repeated for ever, says in which cycles a row is offered.

        Raises KeyError for a missing column, ValueError for a wrong shape, StreamStalled when the design takes no rows.
        """
        graph = self._design.graph
        _check_shapes(graph, batch)
        wanted = tuple(dict.fromkeys(nodes))
        values = {node: np.empty((batch.bars, batch.instances), column_dtype(graph.types[node])) for node in wanted}
        after = {state.name: np.empty(batch.instances, column_dtype(graph.types[state.node])) for state in graph.states}
        at_once = max(1, PASS_ROWS // max(batch.bars, 1))
        for first in range(0, batch.instances, at_once):
            part = slice(first, min(first + at_once, batch.instances))
            words = self._pass(batch, part, offer)
            for node, column in values.items():
                column[:, part] = self._column(batch, part, node, words)
            for state in graph.states:
                after[state.name][part] = self._column(batch, part, state.next, words)[-1]
        return Result(values, after)

    def _pass(self, batch: Batch, part: slice, offer: Bits) -> Mapping[str, Words]:
        """The words of every port for the instances in `part`, each of them [instances * bars]."""
        graph, ports = self._design.graph, self._design.ports
        instances = part.stop - part.start
        columns: dict[str, Words] = {}
        for port in graph.inputs:
            columns[ports.inputs[port.node]] = _streamed(batch.inputs[port.name][:, part], graph.types[port.node])
        for param in graph.params:
            each = np.broadcast_to(batch.params[param.name][part], (batch.bars, instances))
            columns[ports.params[param.node]] = _streamed(each, graph.types[param.node])
        is_first = np.tile(np.arange(batch.bars) == 0, instances)
        for state, name in zip(graph.states, ports.loads, strict=True):
            given = np.full(instances, state.initial) if batch.state is None else batch.state[state.name][part]
            each = np.broadcast_to(given, (batch.bars, instances))
            columns[name] = _streamed(each.astype(column_dtype(graph.types[state.node])), graph.types[state.node])
        is_loaded = batch.state is not None and bool(graph.states)
        words, _ = self.stream.run(
            columns,
            batch.bars * instances,
            restart=None if is_loaded else is_first,
            load=is_first if is_loaded else None,
            offer=offer,
        )
        return words

    def _column(self, batch: Batch, part: slice, node: int, words: Mapping[str, Words]) -> Column:
        """[bars, instances] of one node. Ports and constants are what went in."""
        graph = self._design.graph
        type_ = graph.types[node]
        shape = (batch.bars, part.stop - part.start)
        if node in self._outputs:
            return _batched(words[self._outputs[node]], type_, shape)
        match graph.ops[node]:
            case Source.CONST:
                return np.full(shape, graph.constants[node], column_dtype(type_))
            case Source.INPUT:
                name = next(port.name for port in graph.inputs if port.node == node)
                column: Column = batch.inputs[name][:, part]
                return column
            case Source.PARAM:
                name = next(port.name for port in graph.params if port.node == node)
                return np.broadcast_to(batch.params[name][part], shape)
            case _:
                return _batched(words[self._design.ports.taps[node]], type_, shape)


def _streamed(column: NDArray[np.generic], type_: Type) -> Words:
    """[bars, instances] as one stream of words, an instance's bars together."""
    return words_of_column(np.ascontiguousarray(column.T), type_).reshape(-1)


def _batched(words: Words, type_: Type, shape: tuple[int, int]) -> Column:
    """The inverse of `_streamed`."""
    return column_of_words(words, type_).reshape(shape[::-1]).T


def _check_shapes(graph: Graph, batch: Batch) -> None:
    shape = (batch.bars, batch.instances)
    for expected, ports, columns in ((shape, graph.inputs, batch.inputs), (shape[1:], graph.params, batch.params)):
        for port in ports:
            if columns[port.name].shape != expected:
                raise ValueError(f"column `{port.name}` has shape {columns[port.name].shape}; expected {expected}")
