"""How an always block writes a carried value: at a reset, by a load while the pipeline is idle, and by a row."""

from __future__ import annotations

from dataclasses import dataclass

from compile.proof.core.verdict import Unreadable
from rtl.emit.names import PLACE
from rtl.netlist.arrays import WRITTEN
from rtl.netlist.text import Assign, Expr, If, Module, Statement

LOADING = Expr("&", (Expr("ref", (), 1, "load"), Expr("ref", (), 1, "idle")), 1)


@dataclass(frozen=True, slots=True)
class Write:
    """A row writes `register` at the end of cycle `cycle`; `load` is the port that it is loaded from.

    Of a single value `initial` is its word after a reset and `value` what is written; of an array `row` are the writes. A
    row reads it `turnaround` cycles later at the earliest. Of interleaved instances `register` is the word as it is read, and
    `numbers` say whose is written and whose is read.
    """

    register: str
    load: str
    cycle: int
    line: int
    initial: int | None = None
    value: Expr | None = None
    row: tuple[Statement, ...] = ()
    turnaround: int = 1
    numbers: tuple[Expr, ...] = ()


def write_of(
    module: Module,
    reset: tuple[Statement, ...],
    loaded: tuple[Statement, ...],
    row: tuple[Statement, ...],
    cycle: int,
    line: int,
) -> Write:
    """The write of a block with these three branches. Raises Unreadable."""
    match reset, loaded, row:
        case (
            (Assign(Expr("ref", (), _, str() as name), Expr("const", (), _, int() as initial)),),
            (Assign(Expr("ref", (), _, second), Expr("ref", (), _, str() as load)),),
            (Assign(Expr("ref", (), _, third), value, at),),
        ) if name == second == third:
            return Write(name, load, cycle, at, initial, value)
        case (
            (Assign(Expr("ref", (), _, str() as bits), Expr("const", (), _, 0)),),
            (
                If(
                    inside,
                    (
                        Assign(
                            Expr("[]", (Expr("ref", (), _, str() as name), place)), Expr("ref", (), _, str() as load)
                        ),
                        Assign(Expr("[]", (Expr("ref", (), _, second), bit)), Expr("const", (), _, 1)),
                    ),
                    (),
                ),
            ),
            (If(restart, (Assign(Expr("ref", (), _, third), Expr("const", (), _, 0)),), ()), *writes),
        ) if name + WRITTEN == bits == second == third and bit == place:
            size = module.memories[name][1]
            if module.registers.get(bits) != size:
                raise Unreadable(f"`{bits}` has not a bit for each of {size} elements", line)
            if not _is_place(place, PLACE, module, size) or not _is_inside(inside, module, size):
                raise Unreadable(f"`{name}` is loaded at another place than {PLACE}", line)
            return Write(name, load, cycle, line, row=(If(restart, (), (), line), *writes))
        case _:
            raise Unreadable("the block that writes a state is not understood", line)


def _is_place(place: Expr, port: str, module: Module, size: int) -> bool:
    """Whether `place` is `port`, or as many of its low bits as address `size` elements."""
    bits, wanted = module.inputs.get(PLACE, 0), (size - 1).bit_length()
    whole = Expr("ref", (), bits, port)
    if not wanted:
        return place.op == "const" and place.value == 0
    return place == (whole if wanted == bits else Expr("slice", (whole,), wanted, 0))


def _is_inside(condition: Expr, module: Module, size: int) -> bool:
    """Whether `condition` is that the place is one of `size`, or true where it cannot be another."""
    bits = module.inputs.get(PLACE, 0)
    if size == 1 << bits:
        return condition == Expr("const", (), 1, 1)
    return condition == Expr("<", (Expr("ref", (), bits, PLACE), Expr("const", (), bits, size)), 1)


def is_idle(module: Module) -> bool:
    """Whether `idle` is that no row is in flight."""
    driver = module.wires.get("idle")
    return driver is not None and driver.value == Expr(
        "~|any", (Expr("ref", (), module.registers["valid_after"] + 1, "valid"),), 1
    )


def saved_initial(module: Module, port: str, write: Write) -> int | None:
    """What `port`, which shows a state while the pipeline is idle, shows of an array's element that was never written.

    None for a single value, whose register it shows. Raises Unreadable where it shows anything else.
    """
    driver = module.wires.get(port)
    match driver.value if driver else None:
        case Expr("ref", (), _, name) if write.value is not None and name == write.register:
            return None
        case Expr("?:", (Expr("|", (Expr("ref", (), 1, "rst"), Expr("~", (Expr("[]", (bits, bit)),)))),
                         Expr("const", (), _, int() as initial), Expr("[]", (memory, place)))):  # fmt: skip
            is_its_own = bits.value == write.register + WRITTEN and memory.value == write.register and bit == place
            if is_its_own and _is_place(place, "saved_place", module, module.memories[write.register][1]):
                return initial
    raise Unreadable(f"`{port}` does not show `{write.register}`", driver.line if driver else 0)


__all__ = ["LOADING", "PLACE", "Write", "is_idle", "saved_initial", "write_of"]
