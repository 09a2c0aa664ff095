"""One elaborated pipeline: what is on its ports, in which cycle, and what becomes of its states.

For a row accepted in cycle 0, an output is the graph's in cycle LATENCY, when its bit of `valid` is out_valid, and a state
is written at the end of cycle w. Another row of the instance comes INTERVAL or more cycles later and reads it in its own cycle r:
it sees the write where w + 1 <= INTERVAL + r (w + 2, where a memory lies between: `rtl.netlist.interleaved`). It reads before its
own write, and before that of any later row, where r <= w.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import INPUT, PARAM, STATE
from compile.proof.core.verdict import Read, Reading, Unreadable
from dag.graphs.graph import State
from dag.values.types import Type
from rtl.emit.names import PLACE, Ports, ports_of
from rtl.emit.project import FIGURES
from rtl.netlist.expressions import BOOL, FLOAT, INT
from rtl.netlist.handshake import interval, protocol, targets, valid_cycle
from rtl.netlist.interface import expect_ports
from rtl.netlist.interleaved import (
    CONTROLS,
    Scoreboard,
    expect_numbers,
    memory_writes,
    read_cycle,
    saved_word,
    scoreboard,
)
from rtl.netlist.signals import Signals
from rtl.netlist.state_writes import LOADING, Write, is_idle, saved_initial, write_of
from rtl.netlist.text import Assign, Expr, If, Module, Statement
from rtl.netlist.value import RESTART, NetlistValue


class Pipeline:
    """One elaboration; `instance_bits` is the width of an instance's number, 0 where there is one instance at a time."""

    def __init__(self, source: SourceTerms, module: Module, instance_bits: int, has_taps: bool) -> None:
        graph, terms = source.graph, source.terms
        self._source, self._module = source, module
        self._ports: Ports = ports_of(graph)
        expect_ports(module, graph, self._ports, instance_bits, has_taps)
        leaves = {
            self._ports.inputs[port.node]: terms.leaf(INPUT, port.name, graph.types[port.node]) for port in graph.inputs
        }
        leaves |= {
            self._ports.params[port.node]: terms.leaf(PARAM, port.name, graph.types[port.node]) for port in graph.params
        }
        self._board: Scoreboard | None = None
        if instance_bits:
            self._protocol = protocol(module, self._wait_by_number)
            writes = memory_writes(module, self._protocol.last_cycle)
        else:
            self._protocol = protocol(module, interval)
            writes = [each for each in map(self._write, module.blocks) if each is not None]
        self._writes = {each.register: each for each in writes}
        self._saves = {state.name: port for state, port in zip(graph.states, self._ports.saves, strict=True)}
        loads = dict(zip(self._ports.loads, graph.states, strict=True))
        self._states: dict[str, State] = {}
        for register, write in self._writes.items():
            if write.load not in loads:
                raise Unreadable(f"`{register}` is loaded from `{write.load}`, which is no state's port", write.line)
            self._states[register] = loads[write.load]
        of = {
            register: terms.leaf(STATE, state.name, graph.types[state.node]) for register, state in self._states.items()
        }
        controls = CONTROLS if instance_bits else {"in_restart": RESTART}
        self._signals = Signals(source, module, leaves, of, controls)
        if self._board is not None:
            expect_numbers(self._signals, module, self._board, self._protocol.latency)

    def _wait_by_number(self, module: Module, last: int) -> int:
        self._board = scoreboard(module, last)
        return self._board.interval

    def reading(self, figures: Mapping[str, Any], promised: dict[str, int] | None) -> Reading:
        """What it computes; `promised` are the cycles of its taps, None where it has none."""
        found = self._protocol
        if (found.latency, found.interval) != (figures.get("latency"), figures.get("interval")):
            raise Unreadable(f"{FIGURES} says latency and interval {figures.get('latency')}, {figures.get('interval')}; "
                             f"the text {found.latency}, {found.interval}")  # fmt: skip
        graph = self._source.graph
        reading = Reading()
        early: list[Unreadable] = []
        for node, port in self._ports.taps.items() if promised is not None else ():
            term, value = self._on_port(port, graph.types[node])
            reading.nodes[node] = Read(term, value.line)
            if promised is not None and value.cycle not in (None, promised.get(port)):
                early.append(
                    Unreadable(
                        f"`{port}` is there in cycle {value.cycle}, its port says {promised.get(port)}", value.line
                    )
                )
        # Where a value is another one, that is the finding.
        if early and all(read.term == self._source.of[node] for node, read in reading.nodes.items()):
            raise early[0]
        for output, port in zip(graph.outputs, self._ports.outputs, strict=True):
            term, value = self._on_port(port, graph.types[output.node])
            if value.cycle not in (None, found.latency):
                raise Unreadable(
                    f"output `{output.name}` is of the row {value.cycle} cycles ago, out_valid of that {found.latency}",
                    value.line,
                )
            reading.outputs[output.name] = Read(term, value.line)
        self._read_states(reading)
        status = graph.status_output()
        if status is not None:
            reading.status = reading.outputs[status]
        return reading

    def _on_port(self, port: str, type_: Type) -> tuple[int, NetlistValue]:
        """The term on an output port, used as what it is in the graph, and the value that drives it."""
        driver = self._module.wires.get(port)
        if driver is None or not isinstance(driver.value, Expr):
            raise Unreadable(f"port `{port}` is not driven")
        value = self._signals.expression(driver.value, driver.line, None)
        of = FLOAT if type_.is_float else INT if self._module.outputs[port] > 1 else BOOL
        return self._signals.term(value, of), value

    def _write(self, block: tuple[Statement, ...]) -> Write | None:
        """How a block writes a state; None for a block of the protocol. Raises Unreadable."""
        written = targets(block)
        if written <= {"valid_after", "busy_for"}:
            return None
        match block:
            case (Assign(Expr("ref", (), _, "saved_place"), Expr("ref", (), _, place)),) if place == PLACE:
                return None
            case (If(Expr("ref", (), 1, "rst"), reset, (If(load, loaded, (If(valid, row, (), line),)),)),):
                cycle = valid_cycle(valid, self._protocol.last_cycle)
                if cycle is None or load != LOADING:
                    raise Unreadable("a state is not written by `load & idle` or a bit of `valid`", line)
                return write_of(self._module, reset, loaded, row, cycle, line)
            case _:
                line = block[0].line if block else 0
                raise Unreadable(f"the block that writes {', '.join(sorted(written))} is not understood", line)

    def _read_states(self, reading: Reading) -> None:
        graph = self._source.graph
        if graph.states and self._board is None and not is_idle(self._module):
            raise Unreadable("`idle` is not that no bit of `valid` is 1")
        for register, write in self._writes.items():
            state = self._states[register]
            type_ = graph.types[state.node]
            element = FLOAT if type_.is_float else INT if self._width(register) > 1 else BOOL
            initials = self._initials(write, state, type_.is_array)
            if len(initials) != 1:
                raise Unreadable(
                    f"state `{state.name}` begins as {' and '.join(f'{word:#x}' for word in initials)}", write.line
                )
            initial = self._signals.term(NetlistValue(self._width(register), None, word=initials.pop()), element)
            length = type_.length
            reading.initial_states[state.name] = Read(
                initial if length is None else self._source.terms.fill(initial, length), write.line
            )
            if write.value is None:
                term, line = self._signals.arrays.written(register, write.row, write.cycle)
            else:
                value = self._signals.expression(write.value, write.line, None)
                if value.cycle not in (None, write.cycle):
                    raise Unreadable(
                        f"state `{state.name}` is written in cycle {write.cycle} with a value of cycle {value.cycle}",
                        write.line,
                    )
                term, line = self._signals.term(value, element), write.line
            reading.next_states[state.name] = Read(term, line)

    def _initials(self, write: Write, state: State, is_array: bool) -> set[int]:
        """The words that the text says `state` begins as: one, in a right text. Raises Unreadable for reads at a wrong time."""
        found, initials = self._protocol, set[int]()
        if write.initial is not None and not is_array:
            initials.add(write.initial)
        only = None if self._board is None else read_cycle(self._signals, write)
        for each in (each for each in self._signals.reads if each.register == write.register):
            initials.add(each.initial)
            is_in_time = each.cycle <= write.cycle <= found.interval + each.cycle - write.turnaround
            if not is_in_time or only not in (None, each.cycle):
                raise Unreadable(
                    f"state `{state.name}` is read in cycle {each.cycle} and written in cycle {write.cycle}: "
                    f"a row {found.interval} cycles later does not see it, or sees it too early", each.line,
                )  # fmt: skip
        port = self._saves[state.name]
        if self._board is None:
            saved = saved_initial(self._module, port, write)
        else:
            saved = saved_word(self._module, port, write)
        return initials if saved is None else initials | {saved}

    def _width(self, name: str) -> int:
        module = self._module
        if self._board is not None:
            return module.nets[name]
        return module.registers.get(name) or module.memories[name][0]
