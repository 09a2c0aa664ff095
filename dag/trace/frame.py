"""One call of one function while it is traced, and what all calls of a trace share."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from types import FunctionType
from typing import TypeAlias

from dag.diagnostics.diagnostic import Label
from dag.diagnostics.span import Span
from dag.graphs.builder import GraphBuilder
from dag.graphs.call_path import CallPath, CallsMade
from dag.graphs.graph import Graph
from dag.graphs.paths import ALWAYS, Paths, then, where
from dag.graphs.state_places import StatePlace, Variable
from dag.language.lane import KEEP, AnyLane
from dag.language.lifetime import Lifetime
from dag.trace.functions import FunctionSource, field_place
from dag.trace.naming import Names
from dag.trace.problems import Problems
from dag.trace.values import POISON, Poison, Unsettled, Value
from dag.values.types import Axis, Type

#: What has an open unit, named alike in every trace of a lane: a state, or where a choice of literals stands.
OpenUnit: TypeAlias = StatePlace | tuple[CallPath, int, int]


@dataclass(frozen=True, slots=True)
class Loop:
    """One running loop over places that is traced once for all of them: whose variables it binds, and over which axis (None: over
    the values of a window)."""

    frame: Frame
    names: frozenset[str]
    axis: Axis | None


@dataclass(slots=True)
class Session:
    """What the calls of one trace share. `call` and `evaluate` give the value of a call and of any expression: both need the whole
    tracer, which reads this module."""

    builder: GraphBuilder
    problems: Problems
    call: Callable[[Frame, ast.Call, Sequence[tuple[ast.expr, Value]] | None], Value]
    evaluate: Callable[[Frame, ast.expr], Value]
    names: Names = field(default_factory=Names)
    #: What the lane that is built says of subnormal numbers.
    subnormals: str = KEEP
    #: The functions being traced, outermost first, with the place each was called from.
    chain: list[tuple[FunctionType, str]] = field(default_factory=list[tuple[FunctionType, str]])
    #: Of each call in the chain but the first, whether Python makes it on some bars only.
    on_some_bars: list[bool] = field(default_factory=list[bool])
    #: The lanes plugged into slots, the slots that were called, and what plugged lanes take beside what a slot hands over.
    plugged: dict[str, AnyLane] = field(default_factory=dict[str, AnyLane])
    slots_met: dict[str, None] = field(default_factory=dict[str, None])
    slot_arguments: dict[str, dict[str, Value]] = field(default_factory=dict[str, dict[str, Value]])
    #: How many of the running calls are of lanes that keep their variables to themselves: `@lane(taps=False)`.
    untapped: int = 0
    #: How many run-time conditions decide whether Python would get here.
    conditional: int = 0
    enums: dict[Type, type[Enum]] = field(default_factory=dict[Type, type[Enum]])
    #: The bool node that says on which bars the running held calls update; None where no call is held.
    moving: int | None = None
    #: The states that say whether there was an update, and the counters of updates, by what they follow.
    latches: dict[object, tuple[str, int]] = field(default_factory=dict[object, tuple[str, int]])
    #: Which place of a window is written next, and how many have been, by its length and the bars it keeps.
    rings: dict[tuple[int, int | None], tuple[int, int]] = field(
        default_factory=dict[tuple[int, int | None], tuple[int, int]]
    )
    #: What each state is in the lane's run on numbers, by its provisional name; of a latch, what it follows.
    places: dict[str, StatePlace] = field(default_factory=dict[str, StatePlace])
    #: The units that this trace supposes of what has an open one, and those that its mismatches ask for.
    supposed: Mapping[OpenUnit, str] = field(default_factory=dict[OpenUnit, str])
    proposed: dict[OpenUnit, str] = field(default_factory=dict[OpenUnit, str])
    #: Nodes whose unit was open and that were taken for plain ratios, and nodes whose unit is that of another.
    open_units: dict[int, set[OpenUnit]] = field(default_factory=dict[int, set[OpenUnit]])
    of_one_unit: dict[int, int] = field(default_factory=dict[int, int])
    #: The window whose values an expression is being computed of.
    sweeping: ast.AST | None = None
    #: Whether a statement was reported after which Python may not go on, here or in what called it.
    may_have_left: bool = False
    #: The loops over places that are being traced, outermost first.
    along: list[Loop] = field(default_factory=list[Loop])

    @property
    def axis(self) -> Axis | None:
        """The axis at each of whose places what is traced now stands; None where it stands once."""
        return self.along[-1].axis if self.along else None

    def display(self, span: Span) -> Span:
        """`span` under the name of the file that the user knows."""
        return span.located

    @contextmanager
    def inside(self, lane: AnyLane) -> Iterator[None]:
        """While the body of `lane` is traced: one without taps answers for its insides, names and hazards alike."""
        if lane.taps:
            yield
            return
        self.untapped += 1
        with self.builder.taking_every_result():
            yield
        self.untapped -= 1

    @contextmanager
    def behind(self, paths: Paths) -> Iterator[None]:
        """While what Python reaches on one of `paths` only is traced."""
        is_conditional = paths != ALWAYS
        self.conditional += is_conditional
        with self.builder.behind(then(paths, self.unknown) if self.may_have_left else paths):
            yield
        self.conditional -= is_conditional

    @property
    def unknown(self) -> Paths:
        """The path behind a condition that is a reported mistake: nothing on it is judged."""
        return where(self.builder.unknown())

    def so_far(self) -> Graph:
        """What was traced although mistakes were reported, for analysis."""
        self.names.resolve(self.builder)
        return self.builder.so_far(carries_on=not self.may_have_left)

    @contextmanager
    def held(self, moving: int | None) -> Iterator[None]:
        """While the body of a call is traced that updates only where `moving` is true; None changes nothing."""
        before = self.moving
        self.moving = before if moving is None else moving
        yield
        self.moving = before


@dataclass(slots=True)
class Carried:
    """A carried name: the states of its parts, by suffix (`.0` for the first item of a tuple).

    It is updated on the bars where `moving` is true, on all where that is None. `cold` is the value of a snapshot that is too
    old, None for the initial one; `warm` is the bool that is true after `warm_up` updates, None where nothing is said.
    """

    states: dict[str, CarriedState]
    where: ast.AST
    moving: int | None
    lasting: Lasting
    warm_up: int | str = 0
    warm: int | None = None
    #: Whether what it begins as is a reported mistake.
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Lasting:
    """What `carry` says of a lifetime: the cold value, None for the initial one, and where it stands."""

    lifetime: Lifetime
    cold: Value | None
    where: ast.AST


@dataclass(slots=True)
class CarriedState:
    """One state: its provisional name and type. `unsettled` is the state's value while its unit is open."""

    name: str
    type: Type
    unsettled: Unsettled | None = None


@dataclass(slots=True)
class Frame:
    """One call: its source, the variables now in force, and everything assigned so far."""

    session: Session
    source: FunctionSource
    scope: int
    #: The calls that lead here, and those made from here.
    path: CallPath = ()
    made: CallsMade = field(default_factory=CallsMade)
    env: dict[str, Value] = field(default_factory=dict[str, Value])
    #: Where the variables were given the values that they have, where that is one place.
    places: dict[str, Span] = field(default_factory=dict[str, Span])
    definitions: dict[str, list[Value]] = field(default_factory=dict[str, list[Value]])
    carried: dict[str, Carried] = field(default_factory=dict[str, Carried])
    #: The variable that the statement in progress assigns; messages and call paths use it.
    target: str = ""
    #: The names that hold a generator, each with its value, and those of them that were read: a generator gives its items once.
    generators: dict[str, Value] = field(default_factory=dict[str, Value])
    used_up: set[str] = field(default_factory=set[str])
    #: Whether a statement was reported that Python may return from.
    may_have_returned: bool = False
    #: How many `for` loops the statement in progress stands in.
    loops: int = 0
    #: How many loops over places the call stands in.
    depth: int = 0

    @property
    def builder(self) -> GraphBuilder:
        """The builder of the session."""
        return self.session.builder

    def span(self, node: ast.AST) -> Span:
        """Where `node` stands."""
        return self.source.span(node)

    def text(self, node: ast.AST) -> str:
        """The code of `node`."""
        return self.source.text(node)

    def field_span(self, cls: type, name: str) -> Span | None:
        """Where a dataclass declares a field, or None where its source cannot be found."""
        return field_place(cls, name)

    def variable(self, local: str) -> Variable:
        """What the carried name `local` is in the lane's run on numbers."""
        return Variable(self.path, local)

    def depth_of(self, name: str) -> int:
        """How many loops over places decide what the variable `name` is."""
        loops = enumerate(self.session.along, start=1)
        return max((depth for depth, loop in loops if loop.frame is self and name in loop.names), default=self.depth)

    def define(self, name: str, value: Value) -> None:
        """Bind a variable and remember the value for its tap."""
        self.env[name] = value
        self.definitions.setdefault(name, []).append(value)

    def evaluate(self, node: ast.expr) -> Value:
        """The value of an expression; Poison after a report, and never without one."""
        return self.session.evaluate(self, node)

    def report(
        self,
        code: str,
        node: ast.AST,
        expected: str,
        got: str | tuple[str, ...],
        fix: str,
        notes: tuple[str, ...] = (),
        labels: Iterable[Label] = (),
    ) -> Poison:
        """Report a mistake at `node`; the result stands for its value."""
        return self.report_at(code, self.span(node), expected, got, fix, notes, labels)

    def report_at(
        self,
        code: str,
        span: Span,
        expected: str,
        got: str | tuple[str, ...],
        fix: str,
        notes: tuple[str, ...] = (),
        labels: Iterable[Label] = (),
    ) -> Poison:
        """Report a mistake at a place of this function's file. `labels` are the other places that it is about."""
        name = self.source.tree.name
        at = f"{name}.{self.target}" if self.target else name
        also = tuple(Label(self.session.display(label.span), label.text) for label in labels)
        self.session.problems.add(code, self.session.display(span), at, expected, got, fix, notes, also)
        return POISON
