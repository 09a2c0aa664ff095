"""What an annotation claims of a value besides its type and unit. Claims cost nothing: they are checked when the lane is
compiled (`compile.lint`), and no backend ever sees them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, get_args

from dag.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Oriented:
    """`oriented("clob_minus_amm")`."""

    plus: str
    minus: str

    def __str__(self) -> str:
        return f"{self.plus}_minus_{self.minus}"

    @property
    def reversed(self) -> Oriented:
        """What the negated value is."""
        return Oriented(self.minus, self.plus)


@dataclass(frozen=True, slots=True)
class Feed:
    """`feed("binance")`."""

    name: str


@dataclass(frozen=True, slots=True)
class Observes:
    """`observes("raw")`."""

    view: str


@dataclass(frozen=True, slots=True)
class Independent:
    """`independent("signals")`."""

    group: str


@dataclass(frozen=True, slots=True)
class Fuses:
    """`fuses("forecasts", covariance="rho")`."""

    group: str
    covariance: str | None


@dataclass(frozen=True, slots=True)
class Substitute:
    """`substitute()`."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`gate("hard")`."""

    rank: str


#: The gate of a sink that nobody speaks of.
UNSAID = ""


@dataclass(frozen=True, slots=True)
class Sink:
    """`sink(key="order_id", gate="family_live")`. A `gate` that nobody speaks of is `UNSAID`."""

    key: str | None
    gate: str | None


@dataclass(frozen=True, slots=True)
class Once:
    """`once()`."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """`ceiling()`."""


@dataclass(frozen=True, slots=True)
class MaxAge:
    """`max_age(5.0, age="score_age")`."""

    limit: float
    age: str


@dataclass(frozen=True, slots=True)
class Calibrated:
    """`calibrated()`."""


@dataclass(frozen=True, slots=True)
class Logged:
    """`logged()`."""


@dataclass(frozen=True, slots=True)
class Aside:
    """`diagnostic()`."""


Mark: TypeAlias = (
    Oriented
    | Feed
    | Observes
    | Independent
    | Fuses
    | Substitute
    | Gate
    | Sink
    | Once
    | Ceiling
    | MaxAge
    | Calibrated
    | Logged
    | Aside
)


def oriented(tag: str) -> Oriented:
    """Which way round a difference is taken: `oriented("clob_minus_amm")`. Negation turns it round; opposite tags never meet.

    Raises ValueError for a text that is not two names with `_minus_` between.
    """
    plus, between, minus = tag.partition("_minus_")
    if not (between and plus and minus) or plus == minus:
        raise ValueError(f'oriented({tag!r}): write two names, as in oriented("clob_minus_amm")')
    return Oriented(plus, minus)


def feed(name: str) -> Feed:
    """Which feed an input comes from. Where nothing is said, each input is a source of its own."""
    return Feed(name)


def observes(view: str) -> Observes:
    """`observes("raw")`: this place takes no value that a clamp has changed. Raises ValueError for another view."""
    if view != "raw":
        raise ValueError(f'observes({view!r}): there is observes("raw")')
    return Observes(view)


def independent(group: str) -> Independent:
    """All values of one call that say the same group have no source in common."""
    return Independent(group)


def fuses(group: str, *, covariance: str | None = None) -> Fuses:
    """As `independent`, unless `covariance` names the argument of the same lane that says how the values move together."""
    return Fuses(group, covariance)


def substitute() -> Substitute:
    """This choice may substitute one source for another; from here on the value counts as coming from both."""
    return Substitute()


def gate(rank: str) -> Gate:
    """`gate("hard")`: where this bool is false, every `sink` is idle, whatever else is true. `gate("soft")` only documents.

    Raises ValueError for another rank.
    """
    if rank not in ("hard", "soft"):
        raise ValueError(f'gate({rank!r}): there are gate("hard") and gate("soft")')
    return Gate(rank)


def sink(*, key: str | None, gate: str | None = UNSAID) -> Sink:
    """A result that leaves the graph and acts: an order, a size. It is idle where it is its safe value.

    `key` names the result by which repeats of the same order are told; None says that repeats do no harm. `gate` names the hard
    gate that it has to ask, a lane or a value; None says that it needs none.
    """
    return Sink(key, gate)


def once() -> Once:
    """This factor enters a product at most once on the way to any result."""
    return Once()


def ceiling() -> Ceiling:
    """This value is as large as it may become: on the way to a result of the same unit nothing raises it."""
    return Ceiling()


def max_age(limit: float, *, age: str) -> MaxAge:
    """This value may be used only where its age was asked whether it is at most `limit`.

    `age` names the argument or field beside it that is the age, in the same unit of time, or a bool that is true of a fresh value. Raises ValueError for a negative limit and for NaN.
    """
    if not limit >= 0.0:
        raise ValueError(f"max_age({limit!r}): give an age of 0 or more")
    return MaxAge(limit, age)


def calibrated() -> Calibrated:
    """This parameter is the result of a calibration: pinned, it names the method, the number format and the data."""
    return Calibrated()


def logged() -> Logged:
    """This value is recorded. Where a lane has such values, they and the parameters determine all others."""
    return Logged()


def diagnostic() -> Aside:
    """This value is for inspection: no result need depend on it."""
    return Aside()


#: Every class of mark.
MARKS: tuple[type[Mark], ...] = get_args(Mark)


class ClaimSite(Enum):
    """Where a value met its declaration."""

    INPUT = "input"
    PARAM = "parameter"
    ARGUMENT = "argument"
    RESULT = "result"
    #: What a plain function returned, which declares nothing.
    RETURNED = "returned value"
    VARIABLE = "variable"
    FIELD = "field"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Claim:
    """A value (`node`) that met a declaration, in the call `scope`: those with marks, those beside them, what slots are handed, and
    all ports and results, those of plain functions too.

    `name` is what was declared (the argument, the field of the result), `span` where the value was given
    (None: where it is computed), `declared` where the marks stand.
    """

    node: int
    scope: int
    place: ClaimSite
    name: str
    marks: tuple[Mark, ...]
    span: Span | None
    declared: Span | None
