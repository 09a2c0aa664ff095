"""What a writer holds while it writes one function: the names in scope, what may be called, and what may stand here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from compile.campaign.fuzz.programs.dice import Dice
from compile.campaign.fuzz.programs.kinds import Kind, Record, Tuple, joined, same
from compile.campaign.fuzz.programs.names import Names


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a function of the file."""

    name: str
    kind: Kind
    default: str = ""


@dataclass(frozen=True, slots=True)
class Callee:
    """A function that others may call. One that `carries` stands where every bar passes once; a lane may be held."""

    name: str
    arguments: tuple[Argument, ...]
    result: Kind
    is_lane: bool
    carries: bool
    #: Whether its first argument is given by place only.
    by_place: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """The text of a whole number and the range it is in."""

    text: str
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a lane: its values, how many at most, and the text of the bars whose values it keeps."""

    kind: Kind
    length: int
    when: str


@dataclass(frozen=True, slots=True)
class Writers:
    """Who writes an expression of each kind. Each writer calls the others through these, so none imports another."""

    any: Callable[[Pen, Kind, int], str]
    float: Callable[[Pen, str, int], str]
    whole: Callable[[Pen, int], Number]
    truth: Callable[[Pen, int], str]


@dataclass(slots=True)
class Pen:
    """The state of the writer of one function body."""

    writers: Writers
    dice: Dice
    names: Names
    #: What the file imports or defines and this function does not hide.
    known: frozenset[str]
    callees: tuple[Callee, ...]
    constants: dict[str, Kind]
    members: tuple[Kind, ...]
    records: tuple[Record, ...]
    scope: dict[str, Kind] = field(default_factory=dict[str, Kind])
    #: Names that an assignment may not change: loop indices, windows, what is held for the end.
    fixed: set[str] = field(default_factory=set[str])
    arrays: dict[str, tuple[Kind, int]] = field(default_factory=dict[str, tuple[Kind, int]])
    windows: dict[str, Window] = field(default_factory=dict[str, Window])
    #: Names of ports of the graph, which no state may have.
    ports: frozenset[str] = frozenset()
    #: What is carried from a literal on, its unit being that which it meets.
    unsettled: set[str] = field(default_factory=set[str])
    carried: dict[str, Kind] = field(default_factory=dict[str, Kind])
    warming: list[str] = field(default_factory=list[str])
    #: Results of calls that something has to depend on in the end.
    owed: list[str] = field(default_factory=list[str])
    lines: list[str] = field(default_factory=list[str])
    indent: int = 1
    #: Under a condition, in a loop: what carries may not be called.
    conditional: int = 0
    loops: int = 0
    #: Inside an expression over a window: what is computed for all of its values at once.
    sweeping: bool = False
    carries: bool = False
    #: Whether every bar passes here exactly once: nothing has returned yet.
    is_head: bool = True
    calls_left: int = 4
    #: How deep an expression may grow.
    deepest: int = 3
    #: In a loop that calls what carries: a return would take bars out of its later rounds.
    no_return: int = 0

    def may_carry(self) -> bool:
        """Whether a call of what carries may stand here."""
        return self.is_head and not (self.conditional or self.sweeping)

    @contextmanager
    def with_names(self, names: dict[str, Kind]) -> Iterator[None]:
        """Names of a comprehension: its own, whatever they hide."""
        before = dict(self.scope)
        self.scope |= names
        yield
        self.scope = before

    def of(self, kind: Kind, depth: int) -> str:
        """An expression of this kind; of a whole number, one in its range."""
        return self.writers.any(self, kind, min(depth, self.deepest))

    def float(self, unit: str, depth: int) -> str:
        """A float in this unit."""
        return self.writers.float(self, unit, min(depth, self.deepest))

    def whole(self, depth: int) -> Number:
        """A whole number of whatever range."""
        return self.writers.whole(self, min(depth, self.deepest))

    def truth(self, depth: int) -> str:
        """A condition."""
        return self.writers.truth(self, min(depth, self.deepest))

    def line(self, text: str) -> None:
        """One more line of the body."""
        self.lines.append("    " * self.indent + text)

    def name_of_state(self) -> str:
        """A name for what is carried."""
        while (name := self.names.fresh()) in self.ports:
            pass
        return name

    def readable(self, kind: Kind) -> list[tuple[str, Kind]]:
        """Expressions that read one value of this kind: variables, their fields and items, constants of the file."""
        found = [each for name, of in self.scope.items() for each in _parts(name, of)]
        found += [(name, of) for name, of in self.constants.items() if name in self.known]
        return [(text, of) for text, of in found if same(of, kind)]

    @contextmanager
    def under_a_condition(self) -> Iterator[None]:
        """What is written inside runs on some bars only."""
        self.conditional += 1
        yield
        self.conditional -= 1

    @contextmanager
    def block(self) -> Iterator[dict[str, Kind]]:
        """An indented block; afterwards the scope is as it was, and what it became inside is handed out."""
        before = dict(self.scope)
        self.indent += 1
        inside: dict[str, Kind] = {}
        start = len(self.lines)
        yield inside
        if len(self.lines) == start:
            self.line("pass")
        inside.update(self.scope)
        self.indent -= 1
        self.scope = before

    def join(self, arms: Sequence[dict[str, Kind]]) -> None:
        """The scope after a choice between blocks: what all of them have, as something it may be in each."""
        after: dict[str, Kind] = {}
        for name, kind in arms[0].items():
            merged: Kind | None = kind
            for arm in arms[1:]:
                merged = joined(merged, arm[name]) if merged is not None and name in arm else None
            if merged is not None:
                after[name] = merged
        self.scope = after


def _parts(text: str, kind: Kind) -> Iterator[tuple[str, Kind]]:
    yield text, kind
    match kind:
        case Record(_, fields):
            for name, of in fields:
                yield from _parts(f"{text}.{name}", of)
        case Tuple(items):
            for index, of in enumerate(items):
                yield from _parts(f"{text}[{index}]", of)
