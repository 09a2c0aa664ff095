"""Running simulated Verilog over columns: rows in the order of `rtl.bench.traffic`, every node read from its own port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from compile.backend import Batch, Files, Result, state_shape
from compile.check.run import instances_of
from dag.graphs.graph import Graph
from dag.operators.op import Source
from dag.values.words import Column, Words, column_dtype, column_of_words
from rtl.bench.traffic import Traffic, columns_of, interleaved, one_at_a_time
from rtl.emit.design import Design, longest_array
from rtl.emit.names import IN_INSTANCE, OUT_INSTANCE, PLACE
from rtl.emit.ports import TAPS
from rtl.emit.project import sources_of
from rtl.simulate.stream import Bits, Handshake, Port, Stream, Token

#: Rows of one pass through the simulator, so that the words of all taps of a pass fit in memory.
PASS_ROWS = 1 << 16
#: In which cycles a row is offered, repeated for ever. Gaps cost little, and a design that leans on having none is wrong.
OFFER: Bits = np.random.default_rng(0).random(251) < 0.9


class WrongInstance(Exception):
    """A design gave a row's results the number of another instance."""


class VerilogRunner:
    """One design, simulated from its files.

    Rows go in one after the other, as fast as the design takes them. Outputs are read when `out_valid` says so, every other
    value from its tap at the latency that the schedule promises. The state after the last bar is what is written then; of
    interleaved instances, what their memories hold in the end.
    """

    def __init__(self, design: Design, files: Files) -> None:
        """Build the simulator of the Verilog in `files`. Raises what `rtl.simulate.verilator.build` raises."""
        self._design = design
        #: From the first row that the last run let in to the last one, over all its passes.
        self.cycles = 0
        graph, ports = design.graph, design.ports
        self._outputs = {output.node: name for output, name in zip(graph.outputs, ports.outputs, strict=True)}
        loads = ports.loads if graph.states else ()
        numbers = [] if design.instances is None else [IN_INSTANCE]
        numbers += [PLACE] if design.place_bits else []
        announced = [*ports.outputs, *([] if design.instances is None else [OUT_INSTANCE])]
        sources = {"taps.v": f"`define {TAPS}\n".encode()} | {name: files[name] for name in sources_of(design)}
        self.stream = Stream(
            sources,
            design.name,
            inputs=[*ports.data_in.values(), *loads, *numbers],
            outputs=[
                *(Port(name, design.plan.depth, announced=True) for name in announced),
                *(Port(name, design.plan.latency_of(node)) for node, name in ports.taps.items()),
                *(Port(name, 1, of=Token.SAVE) for name in ports.saves),
            ],
            handshake=Handshake(
                reset="rst",
                valid="in_valid",
                ready="in_ready",
                out_valid="out_valid",
                restart="in_restart" if graph.states else None,
                load="load" if graph.states else None,
                idle="idle" if graph.states else None,
                instance=None if design.instances is None else IN_INSTANCE,
            ),
        )

    def run(self, batch: Batch, nodes: Sequence[int], offer: Bits = OFFER, in_turn: bool = False) -> Result:
        """Replay `batch`; `offer`, repeated for ever, says in which cycles a row is offered.

        Interleaved instances come in a new random order in every bar, or `in_turn`. `cycles` says how long it took.

        Raises KeyError for a missing column, ValueError for a wrong shape, StreamStalled when the design takes no rows,
        StrayRow when it makes some up.
        """
        graph = self._design.graph
        _check_shapes(graph, batch)
        wanted = tuple(dict.fromkeys(nodes))
        values = {node: np.empty((batch.bars, batch.instances), column_dtype(graph.types[node])) for node in wanted}
        types = {state.name: graph.types[state.node] for state in graph.states}
        after = {name: np.empty(state_shape(of, batch.instances), column_dtype(of)) for name, of in types.items()}
        self.cycles = 0
        at_once = max(1, PASS_ROWS // max(batch.bars, 1))
        for first in range(0, batch.instances, at_once):
            part = slice(first, min(first + at_once, batch.instances))
            piece = instances_of(batch, np.arange(part.start, part.stop))
            traffic = self._traffic(piece, in_turn)
            words, done = self.stream.run(
                columns_of(self._design, piece, traffic),
                len(traffic.kinds),
                restart=traffic.restarts,
                kinds=traffic.kinds,
                offer=offer,
            )
            taken = done[traffic.rows]
            self.cycles += int(taken[-1] - taken[0]) + 1 if taken.size else 0
            if self._design.instances is not None:
                _check_numbers(words[OUT_INSTANCE], traffic)
            for node, column in values.items():
                column[:, part] = self._column(piece, node, words, traffic)
            for name, column in after.items():
                column[part] = self._last(piece, name, words, traffic)
        return Result(values, after)

    def _traffic(self, batch: Batch, in_turn: bool) -> Traffic:
        is_loaded = batch.state is not None and bool(self._design.graph.states)
        if self._design.instances is None:
            return one_at_a_time(batch.bars, batch.instances, is_loaded, longest_array(self._design.graph))
        rng = np.random.default_rng(batch.instances)
        return interleaved(batch.bars, batch.instances, is_loaded, self._design.instances, rng, in_turn)

    def _column(self, batch: Batch, node: int, words: Mapping[str, Words], traffic: Traffic) -> Column:
        """[bars, instances] of one node. Ports and constants are what went in."""
        graph = self._design.graph
        type_ = graph.types[node]
        shape = (batch.bars, batch.instances)
        match graph.ops[node]:
            case Source.CONST:
                return np.full(shape, graph.constants[node], column_dtype(type_))
            case Source.INPUT if node not in self._outputs:
                name = next(port.name for port in graph.inputs if port.node == node)
                return batch.inputs[name]
            case Source.PARAM if node not in self._outputs:
                name = next(port.name for port in graph.params if port.node == node)
                return np.broadcast_to(batch.params[name], shape)
            case _:
                name = self._outputs.get(node) or self._design.ports.taps[node]
                found = np.empty(shape, np.uint64)
                rows = traffic.rows
                found[traffic.bars[rows], traffic.instances[rows]] = words[name][rows]
                return column_of_words(found, type_)

    def _last(self, batch: Batch, name: str, words: Mapping[str, Words], traffic: Traffic) -> Column:
        """[instances] of one state after the last bar; of an array [instances, length]."""
        graph, ports = self._design.graph, self._design.ports
        state, save = next(pair for pair in zip(graph.states, ports.saves, strict=True) if pair[0].name == name)
        type_ = graph.types[state.node]
        if type_.length is not None:
            saves = (traffic.kinds == Token.SAVE) & (traffic.places < type_.length)
            elements = np.empty((batch.instances, type_.length), np.uint64)
            elements[traffic.instances[saves], traffic.places[saves]] = words[save][saves]
            return column_of_words(elements, type_)
        if self._design.instances is None:
            last: Column = self._column(batch, state.next, words, traffic)[-1]
            return last
        saves = traffic.kinds == Token.SAVE
        found = np.empty(batch.instances, np.uint64)
        found[traffic.instances[saves]] = words[save][saves]
        return column_of_words(found, type_)


def _check_numbers(came: Words, traffic: Traffic) -> None:
    """Raise WrongInstance where the results came with another number than their row."""
    sent = np.where(traffic.rows, traffic.numbers, 0)
    wrong = np.flatnonzero(came != sent)
    if wrong.size:
        raise WrongInstance(f"token {wrong[0]}: a row of instance {sent[wrong[0]]} came out as one of {came[wrong[0]]}")


def _check_shapes(graph: Graph, batch: Batch) -> None:
    shape = (batch.bars, batch.instances)
    for expected, ports, columns in ((shape, graph.inputs, batch.inputs), (shape[1:], graph.params, batch.params)):
        for port in ports:
            if columns[port.name].shape != expected:
                raise ValueError(f"column `{port.name}` has shape {columns[port.name].shape}; expected {expected}")
