"""How an op becomes hardware: a core with registers inside, or an expression of a few levels of logic."""

from __future__ import annotations

from dataclasses import dataclass

#: Levels of logic between two registers. About 0.7 ns each on a small FPGA, so that six keep a 200 MHz clock.
LEVELS_PER_STAGE = 6


@dataclass(frozen=True, slots=True)
class Core:
    """A Verilog module of `rtl/cores/`: `latency` cycles, a new set of operands every cycle. One of latency 0 is wiring.

    Its ports are `clk`, one per operand of the op (by the op's own operand names) and `result`.
    """

    module: str
    latency: int
    #: Parameters that differ from the module's defaults, as Verilog text.
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """A read or a write of a carried array, emitted by `rtl/emit/arrays.py`; a read has so many levels of logic."""

    levels: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A Verilog expression. `{a}` stands for the operand called `a`: a name or a literal, never an expression.

    `levels` is the depth of its logic in levels of 4-input lookup tables, carry chains counted by what they cost in time.
    """

    template: str
    levels: int
