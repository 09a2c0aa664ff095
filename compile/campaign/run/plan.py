"""How a campaign is cut: into units of rows by number, and rounds of units that start from the same knowledge.

What a unit draws depends on the plan, its number and what the rounds before its own have seen, never on who runs it, when,
or beside which others: that is why a campaign may be cut over any number of processes and machines, killed, and gone on with.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from compile.backend_record import Pace
from compile.backends import pace_of
from compile.check.compare import LANE
from compile.interpreter.record import REFERENCE

#: Bars of an instance, and the most instances of a unit: every node of every backend fits in memory together.
BARS, MOST_INSTANCES = 16, 512
#: A small campaign still has units enough for later ones to be steered by earlier ones.
LEAST_INSTANCES, UNITS_AT_LEAST = 32, 8
#: Where there is state, every so many units few instances run for long: what carries across many bars is seen carrying.
#: Not in small campaigns: XLA compiles anew for every shape, which takes longer than such a campaign.
LONG_EVERY, LONG_INSTANCES, LONG_FROM = 4, 16, 4096
#: A round is as large as all before it, up to so many units.
MOST_UNITS = 64
#: The first units all search for events that were not seen, then one in so many.
SEARCHED_FIRST, SEARCHED_EVERY = 32, 4
#: The interpreter replays at least so many rows of a campaign, and one in so many; the simulated Verilog the first so many.
INTERPRETER_ROWS, INTERPRETER_SHARE, RTL_ROWS = 50_000, 20, 100_000
#: The compiled library is stepped bar by bar, from Python, through the first so many: among them are long units.
STEPPED_ROWS = 40_000
#: The lane on numbers is ten times as slow as the interpreter: of a build's check, and of a campaign, it runs about so many.
LANE_CHECK_ROWS, LANE_ROWS = 512, 4_096
#: And at least so many, where an axis has many places.
LEAST_LANE_ROWS = 32


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign of at least `rows` rows. `has_state` is of the graph."""

    rows: int
    seed: int
    has_state: bool
    interpreter_rows: int = INTERPRETER_ROWS
    rtl_rows: int = RTL_ROWS
    #: Rows of the lane on numbers, spread as the interpreter's are; 0 where there is no lane, only its graph.
    lane_rows: int = 0

    @property
    def instances(self) -> int:
        """Instances of a unit of BARS bars."""
        fair = math.ceil(self.rows / (BARS * UNITS_AT_LEAST))
        return min(math.ceil(self.rows / BARS), max(LEAST_INSTANCES, min(fair, MOST_INSTANCES)))

    @property
    def unit_rows(self) -> int:
        """Rows of a unit."""
        return self.instances * BARS

    @property
    def units(self) -> int:
        """How many units there are."""
        return math.ceil(self.rows / self.unit_rows)

    def rounds(self) -> list[range]:
        """The numbers of the units of each round: 1, 1, 2, 4, ... up to MOST_UNITS at a time."""
        rounds: list[range] = []
        begun = 0
        while begun < self.units:
            size = min(max(begun, 1), MOST_UNITS, self.units - begun)
            rounds.append(range(begun, begun + size))
            begun += size
        return rounds

    def shape(self, number: int) -> tuple[int, int]:
        """Bars and instances of a unit; every unit has about as many rows as any other."""
        if self.is_long(number):
            return self.instances * BARS // LONG_INSTANCES, LONG_INSTANCES
        return BARS, self.instances

    def is_long(self, number: int) -> bool:
        """Whether the unit has few instances that run for long; such a unit is not steered."""
        return self.has_state and number % LONG_EVERY == LONG_EVERY - 1 and self.unit_rows >= LONG_FROM

    def is_searched(self, number: int) -> bool:
        """Whether every second row of the unit comes from the search: not in the first, nor in long ones, later in few."""
        is_due = number < SEARCHED_FIRST or number % SEARCHED_EVERY == 0
        return number > 0 and is_due and not self.is_long(number)

    def limit(self, backend: str, number: int) -> int:
        """How many instances of the unit `backend` is run on, the first ones."""
        bars, instances = self.shape(number)
        if backend == LANE:
            wanted = math.ceil(instances * min(1.0, self.lane_rows / self.rows))
            return min(wanted, self.limit(REFERENCE, number))
        pace = pace_of(backend)
        if pace is Pace.REFERENCE:
            share = min(1.0, max(self.interpreter_rows / self.rows, 1.0 / INTERPRETER_SHARE))
            return math.ceil(instances * share)
        if pace is not Pace.EVERY_ROW:
            first = STEPPED_ROWS if pace is Pace.STEPPED else self.rtl_rows
            left = first - number * self.unit_rows
            return min(instances, max(0, math.ceil(left / bars)))
        return instances

    def lane_total(self) -> int:
        """How many rows the lane on numbers runs in all."""
        return sum(self.shape(number)[0] * self.limit(LANE, number) for number in range(self.units))

    def as_json(self) -> dict[str, Any]:
        """The plan as JSON values."""
        return asdict(self)
