"""StableHLO statements written from Python: what is too long to write out by hand reads here as the algorithm it is.

Every value is a name such as `%t12`; every method appends one statement and returns the name of its result. Integers are
64 bits, and wrap.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Statements:
    """The statements so far. `text` is a body for `compile.xla.operators.Lowering`, which expands the type abbreviations."""

    lines: list[str] = field(default_factory=list[str])
    #: What the names of values begin with.
    prefix: str = "%t"

    @property
    def text(self) -> str:
        """All statements, a line each."""
        return "\n".join(self.lines)

    def append(self, statement: str, name: str = "") -> str:
        """`%t<n> = stablehlo.<statement>`, or under another name."""
        name = name or f"{self.prefix}{len(self.lines)}"
        self.lines.append(f"{name} = stablehlo.{statement}")
        return name

    def result(self, value: str, sort: str) -> Statements:
        """Make `value`, of sort F, I or B, the result of the body."""
        self.lines.append(f"%result = stablehlo.optimization_barrier {value} : {{{sort}}}")
        return self

    def integer(self, value: int) -> str:
        """A constant; `value` may be written unsigned."""
        signed = value - (1 << 64) if value >= 1 << 63 else value
        return self.append(f"constant dense<{signed}> : {{I}}")

    def bits(self, x: str) -> str:
        """The pattern of a float."""
        return self.append(f"bitcast_convert {x} : {{F->I}}")

    def float_of(self, bits: str) -> str:
        """The float of a pattern."""
        return self.append(f"bitcast_convert {bits} : {{I->F}}")

    def integers(self, op: str, a: str, b: str) -> str:
        """`add`, `subtract`, `multiply`, `and`, `or`, `xor`, `divide`, `remainder` of integers."""
        return self.append(f"{op} {a}, {b} : {{I}}")

    def floats(self, op: str, a: str, b: str) -> str:
        """`add`, `subtract`, `divide` of floats, behind a barrier: nothing is rewritten across it."""
        return self.append(f"optimization_barrier {self.append(f'{op} {a}, {b} : {{F}}')} : {{F}}")

    def product(self, a: str, b: str) -> str:
        """a * b of floats, its bits xored with the run-time zero: no addition can be fused with it."""
        bits = self.bits(self.append(f"multiply {a}, {b} : {{F}}"))
        return self.append(f"optimization_barrier {self.float_of(self.integers('xor', bits, '%zero'))} : {{F}}")

    def compare(self, direction: str, a: str, b: str) -> str:
        """A comparison of signed integers."""
        return self.append(f"compare {direction}, {a}, {b}, SIGNED : {{I?}}")

    def compare_unsigned(self, direction: str, a: str, b: str) -> str:
        """A comparison of unsigned integers: of signed ones, both moved by 2^63."""
        top = self.integer(1 << 63)
        return self.compare(direction, self.integers("xor", a, top), self.integers("xor", b, top))

    def compare_floats(self, direction: str, a: str, b: str) -> str:
        """A comparison of floats."""
        return self.append(f"compare {direction}, {a}, {b}, FLOAT : {{F?}}")

    def both(self, p: str, q: str) -> str:
        """p and q."""
        return self.append(f"and {p}, {q} : {{B}}")

    def either(self, p: str, q: str) -> str:
        """p or q."""
        return self.append(f"or {p}, {q} : {{B}}")

    def differ(self, p: str, q: str) -> str:
        """p xor q."""
        return self.append(f"xor {p}, {q} : {{B}}")

    def select(self, condition: str, a: str, b: str, sort: str = "I") -> str:
        """`a if condition else b`, of integers, or of floats (F) or bools (B)."""
        return self.append(f"select {condition}, {a}, {b} : {{B}}, {{{sort}}}")

    def left(self, x: str, places: str) -> str:
        """x << places, zero from 64 places on."""
        return self._shift("shift_left", x, places)

    def right(self, x: str, places: str) -> str:
        """x >> places as unsigned, zero from 64 places on."""
        return self._shift("shift_right_logical", x, places)

    def _shift(self, op: str, x: str, places: str) -> str:
        inside = self.integers("and", places, self.integer(63))
        shifted = self.integers(op, x, inside)
        fits = self.compare_unsigned("LT", places, self.integer(64))
        return self.select(fits, shifted, self.integer(0))

    def flag(self, condition: str) -> str:
        """A bool as 0 or 1."""
        return self.append(f"convert {condition} : (tensor<1xi1>) -> {{I}}")

    def to_float(self, n: str) -> str:
        """The integer as a float, rounded to nearest even."""
        return self.append(f"convert {n} : {{I->F}}")

    def leading_zeros(self, x: str) -> str:
        """How many leading bits of x are 0; 64 for zero."""
        return self.append(f"count_leading_zeros {x} : {{I}}")
