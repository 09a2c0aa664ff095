"""The emitted Verilog read back: the pipeline as a graph, the same latency on every path, and the state it keeps.

`rtl/<name>.v` is elaborated by slang, with the tap ports and without. Operators are expressions
(`rtl.netlist.expressions`) or cores (`rtl.netlist.core_operators`), whose texts must be those of this installation: what they
compute is the operator layer's to show. A port is known by its name, as for the drivers of the simulation.

For a row accepted in cycle 0, an output is the graph's in cycle LATENCY, when its bit of `valid` is out_valid, and a state
is written at the end of cycle w. Another row of the instance comes INTERVAL or more cycles later and reads it in its own cycle r:
it sees the write where w + 1 <= INTERVAL + r. It reads before its own write, and before that of any later row, where r <= w.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from compile.backend import Files
from compile.structure.source import SourceTerms
from compile.structure.terms import INPUT, PARAM, STATE
from compile.structure.verdict import Read, Reading, Unreadable
from dag.types import Type
from rtl.emit.names import PLACE, Ports, ports_of, tapped
from rtl.emit.ports import TAPS
from rtl.netlist.expressions import BOOL, FLOAT, INT
from rtl.netlist.folder import (
    FIGURES,
    FOLDER,
    cores_among,
    expect_folder,
    expect_needed,
    figures_of,
    pipeline_of,
    texts_of,
)
from rtl.netlist.handshake import Protocol, protocol, targets, valid_cycle
from rtl.netlist.interface import expect_ports
from rtl.netlist.plain_text import expect_plain
from rtl.netlist.signals import Signals
from rtl.netlist.state_writes import LOADING, Write, is_idle, saved_initial, write_of
from rtl.netlist.text import Assign, Expr, If, Module, Statement, elaborate
from rtl.netlist.value import Value


@dataclass(frozen=True, slots=True)
class VerilogReader:
    """Reads the pipeline of `graph_name`; see `compile.structure.verdict.Reader`."""

    file: str

    @property
    def artifact(self) -> str:
        return self.file

    @classmethod
    def of(cls, files: Files) -> VerilogReader:
        """The reader of the pipeline among `files`."""
        return cls(pipeline_of(files))

    def answers_for(self, files: Files) -> Collection[str]:
        """The whole folder: the pipeline, the cores that have to be this installation's, and what belongs to it."""
        return [name for name in files if name.startswith(f"{FOLDER}/")]

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """Every value that has a tap port."""
        return tapped(source.graph)

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """The pipeline's values. Raises Unreadable."""
        texts, figures = texts_of(files, self.file), figures_of(files)
        text = texts[self.file]
        expect_plain(text, TAPS)
        if figures.get("mode") == "interleaved":
            raise Unreadable("interleaved instances: states in memories are simulated, not read back")
        if find_spec("pyslang") is None:
            raise Unreadable("pyslang is not installed (pip install 'dagc-compiler[rtl]'): Verilog cannot be read back")
        top = self.file.removeprefix(f"{FOLDER}/").removesuffix(".v")
        with_taps, without = elaborate(texts, self.file, top, (TAPS,)), elaborate(texts, self.file, top)
        expect_needed(with_taps.unused)
        reading = _Pipeline(source, with_taps, has_taps=True).reading(figures, _promised_cycles(text))
        made = _Pipeline(source, without, has_taps=False).reading(figures, None)
        for what, shown, bare in (
            ("output", reading.outputs, made.outputs),
            ("the next value of state", reading.next_states, made.next_states),
            ("the initial value of state", reading.initial_states, made.initial_states),
        ):
            for name in {*shown, *bare}:
                if name not in shown or name not in bare or shown[name].term != bare[name].term:
                    raise Unreadable(f"{what} `{name}` is another one where {TAPS} is not defined")
        if _is_the_graph(source, reading):  # where a value is another one, that is the finding
            expect_folder(source.graph, files, self.file, texts, figures)
        cores = cores_among(texts)
        reading.assumed |= {
            f"cores {', '.join(cores)} of this installation: operators after their latency, by the operator layer",
            "rows of one instance are accepted in order, and a reset or a load comes between rows",
            "lists, test bench and vectors are those that this version of dagc writes for the graph",
        }
        return reading


def _is_the_graph(source: SourceTerms, reading: Reading) -> bool:
    """Whether every value, output and next state that was read is the graph's."""
    graph = source.graph
    read = [(node, each) for node, each in reading.nodes.items()]
    read += [(output.node, reading.outputs[output.name]) for output in graph.outputs]
    read += [
        (state.next, reading.next_states[state.name]) for state in graph.states if state.name in reading.next_states
    ]
    return all(source.of[node] == each.term for node, each in read)


def _promised_cycles(text: str) -> dict[str, int]:
    """Tap port -> the cycle that the port list says its value is there in."""
    found = re.finditer(r"^\s*output\s+wire\s+(?:\[\d+:0\])?\s*(tap_\w+),\s*// cycle (\d+)$", text, re.MULTILINE)
    return {each.group(1): int(each.group(2)) for each in found}


class _Pipeline:
    """One elaboration."""

    def __init__(self, source: SourceTerms, module: Module, has_taps: bool) -> None:
        graph, terms = source.graph, source.terms
        self._source, self._module = source, module
        self._ports: Ports = ports_of(graph)
        expect_ports(module, graph, self._ports, 0, has_taps)
        leaves = {
            self._ports.inputs[port.node]: terms.leaf(INPUT, port.name, graph.types[port.node]) for port in graph.inputs
        }
        leaves |= {
            self._ports.params[port.node]: terms.leaf(PARAM, port.name, graph.types[port.node]) for port in graph.params
        }
        self._protocol: Protocol = protocol(module)
        self._writes = {each.register: each for each in map(self._write, module.blocks) if each is not None}
        self._saves = {state.name: port for state, port in zip(graph.states, self._ports.saves, strict=True)}
        loads = dict(zip(self._ports.loads, graph.states, strict=True))
        self._states = {}
        for register, write in self._writes.items():
            if write.load not in loads:
                raise Unreadable(f"`{register}` is loaded from `{write.load}`, which is no state's port", write.line)
            self._states[register] = loads[write.load]
        of = {
            register: terms.leaf(STATE, state.name, graph.types[state.node]) for register, state in self._states.items()
        }
        self._signals = Signals(source, module, leaves, of)

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
        if graph.status is not None:
            reading.status = reading.outputs["status"]
        return reading

    def _on_port(self, port: str, type_: Type) -> tuple[int, Value]:
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
                return write_of(reset, loaded, row, cycle, line)
            case _:
                line = block[0].line if block else 0
                raise Unreadable(f"the block that writes {', '.join(sorted(written))} is not understood", line)

    def _read_states(self, reading: Reading) -> None:
        graph, found = self._source.graph, self._protocol
        if graph.states and not is_idle(self._module):
            raise Unreadable("`idle` is not that no bit of `valid` is 1")
        for register, write in self._writes.items():
            state = self._states[register]
            type_ = graph.types[state.node]
            element = FLOAT if type_.is_float else INT if self._width(register) > 1 else BOOL
            initials = {write.initial} if not type_.is_array else set[int]()
            for each in (each for each in self._signals.reads if each.register == register):
                initials.add(each.initial)
                if not each.cycle <= write.cycle < found.interval + each.cycle:
                    raise Unreadable(
                        f"state `{state.name}` is read in cycle {each.cycle} and written in cycle {write.cycle}: "
                        f"a row {found.interval} cycles later does not see it, or sees it too early", each.line,
                    )  # fmt: skip
            saved = saved_initial(self._module, self._saves[state.name], write)
            if saved is not None:
                initials.add(saved)
            if len(initials) != 1:
                raise Unreadable(
                    f"state `{state.name}` begins as {' and '.join(f'{word:#x}' for word in initials)}", write.line
                )
            initial = self._signals.term(Value(self._width(register), None, word=initials.pop()), element)
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

    def _width(self, register: str) -> int:
        return self._module.registers.get(register) or self._module.memories[register][0]
