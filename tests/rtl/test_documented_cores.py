"""The table of cores in docs/rtl.md says what `rtl/core_table.py` says."""

from __future__ import annotations

from pathlib import Path

from dag.operators.op import Op
from dag.operators.table import IN_F32, OPS
from rtl.core_table import FLUSHED, TABLE
from rtl.plan.lowering import Core

_PAGE = Path(__file__).parents[2] / "docs" / "rtl.md"


def documented() -> dict[Op, tuple[str, list[int | None]]]:
    """By each op of the table's first column, its module, and its cycles by column: f64, f32, flushing f64, flushing f32."""
    found: dict[Op, tuple[str, list[int | None]]] = {}
    lines = _PAGE.read_text(encoding="utf-8").split("## The cores", 1)[1].splitlines()
    first = next(k for k, line in enumerate(lines) if line.startswith("| op |"))
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        names, module, *cycles = (cell.strip() for cell in line.strip("|").split("|"))
        for name in names.split(", "):
            found[OPS[name.strip("`")]] = module.strip("`"), [int(cell) if cell else None for cell in cycles[:4]]
    return found


def test_the_table_holds_every_core_with_its_latency() -> None:
    expected: dict[tuple[Op, bool], tuple[str, int]] = {}
    for flushes, table in ((False, TABLE), (True, FLUSHED)):
        for op, row in table.items():
            if isinstance(row, Core) and row.latency:
                expected[op, flushes] = row.module, row.latency
    written: dict[tuple[Op, bool], tuple[str, int]] = {}
    for op, (module, (f64, f32, flushing, flushing_f32)) in documented().items():
        # A row stands for the op of f64 and that of f32, or for one op that has no other.
        other = IN_F32.get(op, op)
        cells = (((op, False), f64), ((other, False), f32), ((op, True), flushing), ((other, True), flushing_f32))
        for key, cycles in cells:
            if cycles is not None:
                assert written.get(key, (module, cycles)) == (module, cycles)
                written[key] = module, cycles
    assert written == expected
