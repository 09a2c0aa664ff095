"""When each value of a graph is there: a static schedule in cycles from the acceptance of its row.

Operators with registers inside take their core's latency. Expressions are chained in one cycle while their logic fits
between two registers (`LEVELS_PER_STAGE`). Everything starts as soon as its operands are there.

A carried value closes a loop: row k + 1 of an instance reads what its row k wrote. If a state is read at cycle r and its next
value is written at the end of cycle w, to be read `turnaround` cycles later, rows `interval` cycles apart agree exactly when

    k * interval + w + turnaround  <=  (k + 1) * interval + r        so        r >= w + turnaround - interval.

A register turns around in one cycle (`REGISTERS`: one instance at a time). A memory takes two, and its address one before that
(`MEMORY`: rows of other instances fill the cycles between).

Without loops that is one more lower bound on a start, so for a given interval the earliest schedule is the least fixed
point of all bounds. It exists, and is reached after at most one round for each state and one more, unless some loop takes
longer than the intervals it spans; the smallest interval for which it exists is the schedule's. The other direction, w >= r
(a row must not overwrite what it is still to read), is kept by writing no earlier than reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dag.graphs.graph import Graph
from dag.operators.op import Source
from dag.operators.table import GET
from dag.values.types import Kind, Type
from rtl.plan.lowering import LEVELS_PER_STAGE, Access, Core, Expression
from rtl.plan.operators import Operator, operators

Operators = Sequence[Operator | None]


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A cycle, and how many levels of logic into it."""

    cycle: int
    level: int

    def registered(self) -> Moment:
        """The first moment from here on that is right behind a register."""
        return Moment(self.cycle + 1, 0) if self.level else self


@dataclass(frozen=True, slots=True)
class Schedule:
    """Cycles are counted from the one in which the row is accepted, which is cycle 0."""

    #: For each node what computes it; None for a source.
    operators: Operators
    #: For each node the cycle in which its operands are read.
    start: tuple[int, ...]
    #: For each node the cycle in which its value is there. It is there for this one cycle; later readers need delays.
    ready: tuple[int, ...]
    #: For each state by name, the cycle at whose end its register or memory takes the next value.
    writes: Mapping[str, int]
    #: Cycles from acceptance to the outputs, all of them.
    depth: int
    #: Cycles from the acceptance of one row to the next that reads what it wrote; 1 without state.
    interval: int
    #: For each node the later cycles in which it is read, ascending: what its delay line is tapped at.
    delayed: tuple[tuple[int, ...], ...]
    #: For each node the last of these cycles that matters to an output or a state.
    last_needed: tuple[int, ...]
    #: Whether an output or a state depends on the node; the others are read by taps only.
    live: tuple[bool, ...]
    #: Bits of delay between operators, for outputs and states.
    registers: int
    #: How many of each core, for outputs and states.
    cores: Mapping[str, int]

    def latency_of(self, node: int) -> int:
        """Cycles from the acceptance of a row to the value of `node` for it."""
        return self.ready[node]


@dataclass(frozen=True, slots=True)
class Storage:
    """What a carried value is kept in from one row to the next."""

    #: The first cycle in which a row can read it.
    first_read: int
    #: Cycles from the one at whose end it is written to the first in which that can be read.
    turnaround: int
    #: Levels of logic that its value comes with: the way out, and the multiplexer that gives a fresh instance its initial one.
    levels: int


#: A register for each state.
REGISTERS = Storage(first_read=0, turnaround=1, levels=1)
#: A synchronous memory for each state: the address a cycle ahead. A block RAM's way out takes as long as three levels.
MEMORY = Storage(first_read=1, turnaround=2, levels=4)


class NoSchedule(Exception):
    """Some loop takes longer than the interval asked for."""


def width_of(type_: Type) -> int:
    """Bits of a value in hardware."""
    return {Kind.BOOL: 1, Kind.F32: 32, Kind.I32: 32}.get(type_.kind, 64)


def schedule(graph: Graph, interval: int | None = None, storage: Storage = REGISTERS) -> Schedule:
    """The earliest schedule of `graph` at its smallest interval, or at `interval`, its states being kept in `storage`.

    Raises NoSchedule when `interval` is too short for a loop of the graph.
    """
    made_by = operators(graph)
    if interval is None:
        interval = _smallest_interval(graph, made_by, storage)
    found = _earliest(graph, made_by, interval, storage)
    if found is None:
        raise NoSchedule(
            f"`{graph.name}` cannot take a row every {interval} cycle(s): a loop through its state is longer"
        )
    return _complete(graph, made_by, interval, *found)


def _smallest_interval(graph: Graph, made_by: Operators, storage: Storage) -> int:
    """The fewest cycles between two rows of one instance."""
    reads = dict.fromkeys((state.name for state in graph.states), storage.first_read)
    moments = _moments(graph, made_by, reads, storage)[1]
    fits = storage.turnaround + max((moment.cycle for moment in moments), default=0)
    too_short = 0
    while fits - too_short > 1:
        middle = (fits + too_short) // 2
        if _earliest(graph, made_by, middle, storage) is None:
            too_short = middle
        else:
            fits = middle
    return fits


def _earliest(
    graph: Graph, made_by: Operators, interval: int, storage: Storage
) -> tuple[list[int], list[Moment], dict[str, int]] | None:
    """Start of each node, its moment, and the read cycle of each state; None when a loop does not fit.

    Of an array the read cycle is the first in which an element may be read.
    """
    if graph.states and interval < storage.turnaround:
        return None
    reads = {state.name: storage.first_read for state in graph.states}
    for _ in range(len(graph.states) + 1):
        start, moments = _moments(graph, made_by, reads, storage)
        written = _written(graph, start, moments)
        needed = {
            state.name: max(reads[state.name], written[state.name] + storage.turnaround - interval)
            for state in graph.states
        }
        if needed == reads:
            return start, moments, reads
        reads = needed
    return None


def _written(graph: Graph, start: Sequence[int], moments: Sequence[Moment]) -> dict[str, int]:
    """The cycle in which each state's next value is there. An array waits for all of its writes, and for all that reads it."""
    cycles: dict[str, int] = {}
    for state in graph.states:
        if graph.types[state.node].is_array:
            reads = [start[node] for node in _reads_of(graph, state.node)]
            cycles[state.name] = max([moments[node].cycle for node in graph.writes(state)] + reads, default=0)
        else:
            cycles[state.name] = moments[state.next].cycle
    return cycles


def _reads_of(graph: Graph, array: int) -> list[int]:
    return [node for node, op in enumerate(graph.ops) if op is GET and graph.args[node][0] == array]


def _moments(
    graph: Graph, made_by: Operators, reads: Mapping[str, int], storage: Storage
) -> tuple[list[int], list[Moment]]:
    """The earliest start and result of each node, the states being read at `reads`."""
    read_at = {state.node: Moment(reads[state.name], storage.levels) for state in graph.states}
    start: list[int] = []
    moments: list[Moment] = []
    for node, operator in enumerate(made_by):
        if operator:
            operands = [moments[arg] for arg in operator.operands.values() if graph.ops[arg] is not Source.CONST]
            if graph.ops[node] is GET:
                operands.append(Moment(read_at[graph.args[node][0]].cycle, 0))
            begin, end = _placed(operator.row, max(operands, default=Moment(0, 0)))
        else:
            begin = end = read_at.get(node, Moment(0, 0))
        start.append(begin.cycle)
        moments.append(end)
    return start, moments


def _placed(row: Core | Expression | Access, operands: Moment) -> tuple[Moment, Moment]:
    """When an operator begins and ends whose last operand is there at `operands`."""
    match row:
        case Core(latency=0):
            return operands, operands
        case Core():
            begin = operands.registered()
            return begin, Moment(begin.cycle + row.latency, 0)
        case Expression() | Access():
            begin = operands if operands.level + row.levels <= LEVELS_PER_STAGE else operands.registered()
            return begin, Moment(begin.cycle, begin.level + row.levels)


def _complete(
    graph: Graph,
    made_by: Operators,
    interval: int,
    start: list[int],
    moments: list[Moment],
    reads: dict[str, int],
) -> Schedule:
    # Results come out of registers, whatever logic they end in.
    depth = max((moments[output.node].registered().cycle for output in graph.outputs), default=1)
    depth = max(depth, 1)
    ready = [moment.cycle for moment in moments]
    writes = _written(graph, start, moments)
    for state in graph.states:
        if graph.types[state.node].is_array:  # all of a row's writes happen at once
            for node in graph.writes(state):
                start[node] = ready[node] = writes[state.name]
    live = _live(graph, made_by)
    uses = _uses(graph, made_by, start, writes, depth)
    for state in graph.states:
        if graph.types[state.node].is_array:
            continue
        # Read a state as late as its first reader allows: what waits in the register needs no delay line. The multiplexer
        # behind the register is paid for by coming one cycle early.
        first = min((cycle for cycle, _ in uses[state.node]), default=0)
        late = max(ready[state.node], first - 1)
        start[state.node] = ready[state.node] = late
        # Nor may a row write what it is still to read.
        writes[state.name] = max(writes[state.name], late)
    uses = _uses(graph, made_by, start, writes, depth)
    delayed: list[tuple[int, ...]] = []
    last_needed: list[int] = []
    for node in range(len(graph)):
        later = {(cycle, user) for cycle, user in uses[node] if cycle > ready[node]}
        delayed.append(tuple(sorted({cycle for cycle, _ in later})))
        last_needed.append(max((cycle for cycle, user in later if user is None or live[user]), default=ready[node]))
    rows = [(operator.row, live[node]) for node, operator in enumerate(made_by) if operator]
    return Schedule(
        operators=made_by,
        start=tuple(start),
        ready=tuple(ready),
        writes=writes,
        depth=depth,
        interval=interval,
        delayed=tuple(delayed),
        last_needed=tuple(last_needed),
        live=tuple(live),
        registers=sum(
            width_of(graph.types[node]) * (last_needed[node] - ready[node]) for node in range(len(graph)) if live[node]
        ),
        cores=dict(sorted(Counter(row.module for row, is_live in rows if isinstance(row, Core) and is_live).items())),
    )


def _uses(
    graph: Graph, made_by: Operators, start: list[int], writes: Mapping[str, int], depth: int
) -> list[set[tuple[int, int | None]]]:
    """For each node the cycles in which it is read and by which node; None stands for an output or a state's register.

    A constant is there in every cycle and has no uses.
    """
    uses: list[set[tuple[int, int | None]]] = [set() for _ in graph.ops]
    for node, operator in enumerate(made_by):
        for operand in operator.operands.values() if operator else ():
            uses[operand].add((start[node], node))
    for state in graph.states:
        if not graph.types[state.node].is_array:
            uses[state.next].add((writes[state.name], None))
    for output in graph.outputs:
        uses[output.node].add((depth, None))
    for node, op in enumerate(graph.ops):
        if op is Source.CONST:
            uses[node] = set()
    return uses


def _live(graph: Graph, made_by: Operators) -> list[bool]:
    live = [False] * len(graph)
    written = (node for state in graph.states if graph.types[state.node].is_array for node in graph.writes(state))
    for node in (*(output.node for output in graph.outputs), *(state.next for state in graph.states), *written):
        live[node] = True
    for node in reversed(range(len(graph))):
        operator = made_by[node]
        if operator and live[node]:
            for arg in operator.operands.values():
                live[arg] = True
    return live
