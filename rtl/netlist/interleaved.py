"""Interleaved instances read back: who may enter, who has a state, and the memories in which the states lie.

Held against the one form that there is. For the rows of one instance, INTERVAL or more cycles apart:

- `busy[i]` is set when a row of instance i is accepted and cleared INTERVAL - 1 cycles later, and in_ready is low in between;
- `started[i]` is set by a row and by a load, and cleared by a reset: until then, and with in_restart, a row reads initial values;
- `settled` says that in the cycle before there was no row in any cycle and no reset. So it is 0 while a row is in cycle 1 or
  later, and the addresses of the memories are then those of the rows; in an idle cycle they are the ports', for loads and saves;
- a memory is read in cycle r, with an address of cycle r - 1, and written at the end of cycle w: a row sees the write of the
  row before it where w + 2 <= INTERVAL + r, and reads before its own where r <= w.
"""

from __future__ import annotations

from dataclasses import dataclass

from compile.proof.core.verdict import Unreadable
from rtl.emit.names import IN_INSTANCE, OUT_INSTANCE
from rtl.netlist.expressions import Shape
from rtl.netlist.handshake import has_shape, targets, valid_cycle
from rtl.netlist.signals import Signals
from rtl.netlist.state_writes import Write
from rtl.netlist.text import Assign, Expr, If, Instance, Module, Statement
from rtl.netlist.value import INSTANCE, RESTART

#: The core in which states lie, and the cycles from the write of a word to the first in which it can be read.
MEMORY, TURNAROUND = "dagc_memory", 2
#: What says of a row whether it is the first of a fresh instance, and which instance's it is.
CONTROLS = {"fresh": RESTART, IN_INSTANCE: INSTANCE}
_STARTED: Shape = ("[]", "started", IN_INSTANCE)
_BUSY: Shape = ("[]", "busy", IN_INSTANCE)
_WIRES: dict[str, Shape] = {
    "idle": ("&", "settled", ("~", "accept")),
    "loading": ("&", "load", "idle"),
    "in_ready": ("~", _BUSY),
    "fresh": ("|", "in_restart", ("~", _STARTED)),
}
_REGISTERS: dict[str, Shape] = {
    "settled": ("&", ("~", "rst"), ("~|any", "valid")),
    "saved_fresh": ("~", _STARTED),
}
_RESET, _SETTLED = Expr("ref", (), 1, "rst"), Expr("ref", (), 1, "settled")


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """`number` is that of the instance which may enter again `interval` cycles after its last row."""

    interval: int
    number: Expr
    line: int


def scoreboard(module: Module, last: int) -> Scoreboard:
    """Read all that is not a memory; rows do nothing after cycle `last`. Raises Unreadable."""
    for wire, shape in _WIRES.items():
        driver = module.wires.get(wire)
        if driver is None or not isinstance(driver.value, Expr) or not has_shape(shape, driver.value):
            raise Unreadable(f"`{wire}` is not what the scoreboard says", driver.line if driver else 0)
    count = 1 << module.inputs[IN_INSTANCE]
    for name, width in (("busy", count), ("started", count), ("settled", 1), ("saved_fresh", 1)):
        if module.registers.get(name) != width:
            raise Unreadable(f"`{name}` does not have {width} bits")
    found: Scoreboard | None = None
    for block in module.blocks:
        match sorted(targets(block)):
            case ["valid_after"]:
                pass
            case ["busy"]:
                found = _busy(block, last, count)
            case ["started"]:
                _expect_started(block, count)
            case [name] if name in _REGISTERS and _is_copy(block, _REGISTERS[name]):
                pass
            case names:
                raise Unreadable(
                    f"the block that writes {', '.join(names)} is not understood", block[0].line if block else 0
                )
    if found is None:
        raise Unreadable("nothing writes `busy`")
    return found


def _is_copy(block: tuple[Statement, ...], shape: Shape) -> bool:
    return (
        len(block) == 1
        and isinstance(block[0], Assign)
        and block[0].target.op == "ref"
        and has_shape(shape, block[0].value)
    )


def _busy(block: tuple[Statement, ...], last: int, count: int) -> Scoreboard:
    match block:
        case (
            If(reset, (Assign(Expr("ref"), nothing),), (
                If(Expr("ref", (), 1, "accept"), (Assign(entered, Expr("const", (), 1, 1)),), ()),
                If(done, (Assign(Expr("[]", (Expr("ref", (), _, "busy"), number)), Expr("const", (), 1, 0)),), (), line),
            )),
        ) if reset == _RESET and nothing == Expr("const", (), count, 0) and has_shape(_BUSY, entered):  # fmt: skip
            cycle = valid_cycle(done, last)
            if cycle:
                return Scoreboard(cycle + 1, number, line)
    raise Unreadable("`busy` is not set by the row that enters and cleared by its last cycle of waiting", block[0].line)


def _expect_started(block: tuple[Statement, ...], count: int) -> None:
    match block:
        case (If(reset, (Assign(Expr("ref"), nothing),), (
            If(condition, (Assign(bit, Expr("const", (), 1, 1)),), ()),)),
        ) if reset == _RESET and nothing == Expr("const", (), count, 0) and has_shape(_STARTED, bit):  # fmt: skip
            if has_shape(("|", "accept", "loading"), condition):
                return
    raise Unreadable("`started` is not set by rows and loads and cleared by a reset", block[0].line)


def memory_writes(module: Module, last: int) -> list[Write]:
    """The memory of each state. Raises Unreadable."""
    memories = {wire: driver.value for wire, driver in module.wires.items() if isinstance(driver.value, Instance)}
    return [_memory(module, wire, each, last) for wire, each in memories.items() if each.module == MEMORY]


def _memory(module: Module, word: str, memory: Instance, last: int) -> Write:
    given, line = memory.inputs, memory.line
    bits, width = module.inputs[IN_INSTANCE], given["d"].width
    if memory.parameters["BITS"] != bits or memory.parameters["WIDTH"] != width:
        raise Unreadable(f"`{memory.name}` has not a word of {width} bits for each of {1 << bits} instances", line)
    if given["clk"] != Expr("ref", (), 1, "clk"):
        raise Unreadable(f"`{memory.name}` has another clock", line)
    match given["write"], given["d"], given["write_address"]:
        case (
            Expr("|", (Expr("ref", (), 1, "loading"), valid)),
            Expr("?:", (is_load, Expr("ref", (), _, str() as load), value)),
            Expr("?:", (is_port, Expr("ref", (), _, port), number)),
        ) if is_load == is_port == _SETTLED and port == IN_INSTANCE and (cycle := valid_cycle(valid, last)):
            return Write(word, load, cycle, line, None, value, numbers=(number, _read_number(given["read_address"], memory)),
                         turnaround=TURNAROUND)  # fmt: skip
    raise Unreadable(f"`{memory.name}` is not written by rows, and by loads while no row is in flight", line)


def _read_number(address: Expr, memory: Instance) -> Expr:
    match address:
        case Expr("ref", (), _, name) if name == IN_INSTANCE:
            return address
        case Expr("?:", (is_port, Expr("ref", (), _, name), number)) if is_port == _SETTLED and name == IN_INSTANCE:
            return number
        case _:
            raise Unreadable(
                f"`{memory.name}` is not read for the row, or for the port while no row is in flight", memory.line
            )


def read_cycle(signals: Signals, write: Write) -> int:
    """The cycle in which a row sees the word of its instance. Raises Unreadable where the word is another instance's."""
    written, read = (signals.number(each, write.line) for each in write.numbers)
    if written != write.cycle:
        raise Unreadable(
            f"`{write.register}` is written in cycle {write.cycle} for the instance of cycle {written}", write.line
        )
    return read + 1


def expect_numbers(signals: Signals, module: Module, board: Scoreboard, latency: int) -> None:
    """Raise Unreadable unless an instance may enter again by its own number, and results come with that of their row."""
    cycle = signals.number(board.number, board.line)
    if cycle != board.interval - 1:
        raise Unreadable(f"in cycle {board.interval - 1} the instance of cycle {cycle} may enter again", board.line)
    driver = module.wires.get(OUT_INSTANCE)
    if driver is None or not isinstance(driver.value, Expr) or signals.number(driver.value, driver.line) != latency:
        raise Unreadable(f"`{OUT_INSTANCE}` is not the row's, {latency} cycles later", driver.line if driver else 0)


def saved_word(module: Module, port: str, write: Write) -> int:
    """What `port` shows for an instance that has no state, where it otherwise shows its word. Raises Unreadable."""
    driver = module.wires.get(port)
    match driver.value if driver else None:
        case Expr(
            "?:", (Expr("ref", (), 1, "saved_fresh"), Expr("const", (), _, int() as initial), Expr("ref", (), _, word))
        ):
            if word == write.register:
                return initial
    raise Unreadable(f"`{port}` does not show `{write.register}`", driver.line if driver else 0)
