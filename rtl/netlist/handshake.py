"""How rows move through the emitted pipeline, compared with the one protocol.

A row is accepted in a cycle in which in_valid and in_ready are 1. `valid[n]` is 1 in the n-th cycle after, a reset in between
aside. Where a row reads what an earlier one wrote, in_ready stays low for INTERVAL - 1 cycles after an acceptance, but for a
row with in_restart, which reads nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compile.proof.core.verdict import Unreadable
from rtl.netlist.expressions import Shape, matched
from rtl.netlist.text import Assign, Expr, If, Module, Statement

ACCEPT: Shape = ("&", "in_valid", "in_ready")


@dataclass(frozen=True, slots=True)
class Protocol:
    """What was found: cycles from a row to its results, between two rows of an instance, and the last cycle of a row."""

    latency: int
    interval: int
    last_cycle: int


def protocol(module: Module, waiting: Callable[[Module, int], int]) -> Protocol:
    """Read it; `waiting` says, from the last cycle of a row, how many are between two rows of an instance. Raises Unreadable
    where anything is not as the module docstring says.
    """
    _expect(module, "accept", ACCEPT)
    last = module.registers.get("valid_after", 0)
    _expect(module, "valid", ("{}", "valid_after", "accept"))
    written = [name for block in module.blocks for name in targets(block)]
    if len(written) != len(set(written)):
        twice = next(name for name in written if written.count(name) > 1)
        raise Unreadable(f"two blocks write `{twice}`")
    shifted = [block for block in module.blocks if targets(block) == {"valid_after"}]
    if len(shifted) != 1 or not _is_shift(shifted[0], last):
        raise Unreadable("`valid_after` is not the row's validity, a cycle later in each bit and 0 after a reset")
    out = module.wires.get("out_valid")
    latency = valid_cycle(out.value, last) if out is not None and isinstance(out.value, Expr) else None
    if latency is None:
        raise Unreadable("`out_valid` is not one bit of `valid`", out.line if out else 0)
    return Protocol(latency, waiting(module, last), last)


def valid_cycle(expression: Expr, last: int) -> int | None:
    """The n of `valid[n]`, or None where this is something else."""
    match expression:
        case Expr("[]", (Expr("ref", (), _, "valid"), Expr("const", (), _, int() as cycle)), 1, 0) if (
            0 <= cycle <= last
        ):
            return cycle
        case _:
            return None


def _expect(module: Module, wire: str, shape: Shape) -> None:
    driver = module.wires.get(wire)
    if driver is None or not isinstance(driver.value, Expr) or not has_shape(shape, driver.value):
        raise Unreadable(f"`{wire}` is not what the protocol says", driver.line if driver else 0)


def has_shape(shape: Shape, expression: Expr) -> bool:
    """Whether `expression` has `shape`, in which a name is the signal of that name."""
    bound: dict[str, Expr] = {}
    return matched(shape, expression, bound) and all(
        found.op == "ref" and found.value == name for name, found in bound.items()
    )


def targets(statements: tuple[Statement, ...]) -> set[str]:
    """The names of what is assigned to, elements of memories included."""
    found: set[str] = set()
    for each in statements:
        if isinstance(each, If):
            found |= targets(each.then) | targets(each.otherwise)
        else:
            target = each.target if each.target.op == "ref" else each.target.args[0]
            found.add(str(target.value))
    return found


def _is_shift(block: tuple[Statement, ...], last: int) -> bool:
    match block:
        case (
            Assign(
                Expr("ref"),
                Expr("?:", (Expr("ref", (), 1, "rst"), Expr("const", (), _, 0), Expr("slice", (whole,), width, 0))),
            ),
        ):
            return whole == Expr("ref", (), last + 1, "valid") and width == last
        case _:
            return False


def interval(module: Module, last: int) -> int:
    """The cycles between two rows where there is one instance at a time. Raises Unreadable."""
    ready = module.wires.get("in_ready")
    if ready is None or not isinstance(ready.value, Expr):
        raise Unreadable("`in_ready` is not driven by an expression")
    if has_shape(1, ready.value):
        return 1
    if not has_shape(("|", "in_restart", ("==", "busy_for", 0)), ready.value):
        raise Unreadable("`in_ready` is not what the protocol says", ready.line)
    counting = [block for block in module.blocks if targets(block) == {"busy_for"}]
    match counting:
        case [
            (
                If(
                    Expr("ref", (), 1, "rst"),
                    (Assign(_, Expr("const", (), _, 0)),),
                    (
                        If(
                            Expr("ref", (), 1, "accept"),
                            (Assign(_, Expr("-", (Expr("const", (), _, int() as cycles), Expr("const", (), _, 1)))),),
                            (If(waiting, (Assign(_, less),), ()),),
                        ),
                    ),
                ),
            )
        ] if has_shape(("!=", "busy_for", 0), waiting) and has_shape(("-", "busy_for", 1), less):
            return cycles
        case _:
            raise Unreadable("`busy_for` does not count down the cycles after an acceptance")
