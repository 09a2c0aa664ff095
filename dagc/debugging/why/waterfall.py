"""What a number was made of, factor by factor: what each step did, what it would have been without one, and each one's fair share.

The chain of a number goes back from it through products, quotients, sums, differences, caps and floors, through the arm that was
taken of a choice, to where it begins: at another lane's result, a port, a state, or what no such operator computes. Every step
starts where the last ended, at values that were really computed, so the table is exact without a run.

A step is *neutral* when its operand is the one that does nothing: 1 of a product, 0 of a sum, an infinity of a cap or floor. The bar is
run again with each operand in turn neutral for all that read it, and, for the shares, with each set of them: those of L. Shapley
(1953), the mean over all orders in which the factors could have come in, of what each then adds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from compile.backend import Batch
from compile.interpreter.backend import Interpreter
from dag.graphs.builder import GraphBuilder
from dag.graphs.copying import closed, copy_into
from dag.graphs.graph import Graph
from dag.operators.op import Family, Law, Op, Source
from dag.operators.table import SELECT
from dag.values.domain import whole_domain
from dag.values.types import BOOL
from dagc.debugging.why.moment import Moment
from dagc.debugging.why.shares import sets_of, shares

#: Rows that are run at once.
ROWS_AT_ONCE = 4_096
#: What a step of each family is called, and the operand that makes it do nothing.
STEPS: dict[Family, tuple[str, float]] = {
    Family.PRODUCT: ("times", 1.0),
    Family.QUOTIENT: ("over", 1.0),
    Family.SUM: ("plus", 0.0),
    Family.DIFFERENCE: ("minus", 0.0),
    Family.MINIMUM: ("at most", math.inf),
    Family.MAXIMUM: ("at least", -math.inf),
}
#: Those whose first operand is what the step starts from, whatever the second is.
_FIRST_BEGINS = (Family.QUOTIENT, Family.DIFFERENCE)


@dataclass(frozen=True, slots=True)
class Step:
    """One operator of the chain: what it is called, the name and value of its operand, and the number before and after it.

    `neutral` is the number at the end with that operand doing nothing, exactly; `share` is what it adds to the end on average,
    Shapley's value, None where a number is not finite; `error` is its standard error, 0 of an exact share. An operand of two steps
    has one share, which both have.
    """

    does: str
    name: str
    operand: float
    before: float
    after: float
    neutral: float
    share: float | None
    error: float | None


@dataclass(frozen=True, repr=False)
class Waterfall:
    """How a number came to be what it is: where it begins, its steps in the order in which they were computed, and the number.

    `set_by` is the last step that another operand of its own would have changed: the cap, the floor or the factor that made the number.
    """

    name: str
    unit: str
    bar: int
    begins: str
    first: float
    steps: tuple[Step, ...]
    value: float
    set_by: str

    def as_json(self) -> dict[str, Any]:
        """The table as JSON values; a number that is not finite is its word."""
        return {key: _plain(value) for key, value in asdict(self).items()}

    def __repr__(self) -> str:
        unit = "" if self.unit == "1" else f" [{self.unit}]"
        lines = [f"{self.name} = {self.value!r}{unit} at bar {self.bar:,}, set by {self.set_by}"]
        rows = [("", self.begins, "", repr(self.first), "", "")]
        seen = set[str]()
        for step in self.steps:
            did = repr(step.after) if _word(step.after) != _word(step.before) else "the same"
            share = "" if step.share is None else f"{step.share:+.6g}"
            share += f" ± {step.error:.2g}" if step.error else ""
            share = "as above" if share and step.name != "constant" and step.name in seen else share
            seen.add(step.name)
            rows.append((step.does, step.name, repr(step.operand), did, repr(step.neutral), share))
        titles = ("", "", "is", "gives", "if it did nothing", "share")
        widths = [max(len(row[column]) for row in (titles, *rows)) for column in range(6)]
        for row in (titles, *rows):
            cells = [
                row[0].ljust(widths[0]),
                row[1].ljust(widths[1]),
                *(c.rjust(w) for c, w in zip(row[2:], widths[2:], strict=True)),
            ]
            lines.append("  " + "  ".join(cells).rstrip())
        return "\n".join(lines)


def waterfall(moment: Moment, node: int) -> Waterfall:
    """The chain of a float. Raises ValueError where the value is no float, or the chain is empty: nothing was multiplied, added or capped."""
    graph = moment.graph
    name = moment.names.spelling(node)
    end = moment.unguarded(node)
    if not graph.types[end].is_float or graph.types[end].is_array:
        raise ValueError(
            f"`{name}` is {graph.types[node]}: a waterfall is of a float\n  fix  ask why it is so, or what would flip it"
        )
    begins, chain = _chain(moment, end)
    if not chain:
        raise ValueError(f"`{name}` is not made of products, sums, caps and floors\n  fix  ask why it is so: --why")
    operands = list(dict.fromkeys(operand for _, _, operand in chain))
    neutral_of = {operand: _step(graph, at)[1] for at, _, operand in reversed(chain)}
    ends = _ends(moment, end, operands, [neutral_of[each] for each in operands])
    everything = (1 << len(operands)) - 1
    fair = shares(ends, len(operands))
    steps = []
    for at, before, operand in chain:
        place = operands.index(operand)
        share, error = fair[place] or (None, None)
        steps.append(
            Step(
                _step(graph, at)[0], _name(moment, operand), _float(moment, operand), _float(moment, before),
                _float(moment, at), ends[everything & ~(1 << place)], share, error,
            )
        )  # fmt: skip
    return Waterfall(
        name, graph.units[end], moment.bar, _name(moment, begins), _float(moment, begins), tuple(steps), _float(moment, end),
        _set_by(moment, chain, begins),
    )  # fmt: skip


def _chain(moment: Moment, end: int) -> tuple[int, list[tuple[int, int, int]]]:
    """Where the number begins, and each step from there on: its operator, what it starts from, and its operand."""
    graph, chain, node = moment.graph, list[tuple[int, int, int]](), end
    scope: int | None = None
    while True:
        inner = _passed_on(moment, node)
        if scope is not None and not _is_around(graph, graph.owners[inner], scope):
            return node, chain[::-1]
        node = inner
        family = graph.family(node)
        if family not in STEPS or not graph.types[node].is_float:
            return node, chain[::-1]
        scope = graph.owners[node]
        before, operand = graph.args[node]
        if family not in _FIRST_BEGINS and _is_given(graph, before) and not _is_given(graph, operand):
            before, operand = operand, before
        chain.append((node, before, operand))
        node = before


def _passed_on(moment: Moment, node: int) -> int:
    """What a value is the same as: the arm that was taken, the number before its unit or its width was changed."""
    graph = moment.graph
    while isinstance(op := graph.ops[node], Op):
        if op.row is SELECT:
            condition, chosen, otherwise = graph.args[node]
            node = chosen if moment.value(condition) else otherwise
        elif Law.SAME_VALUE in op.laws and graph.types[graph.args[node][0]].is_float:
            node = graph.args[node][0]
        else:
            break
    return node


def _step(graph: Graph, node: int) -> tuple[str, float]:
    family = graph.family(node)
    assert family is not None
    return STEPS[family]


def _is_given(graph: Graph, node: int) -> bool:
    return not isinstance(graph.ops[node], Op)


def _is_around(graph: Graph, outer: int, scope: int) -> bool:
    """Whether the call `scope` is `outer` or was made inside it: what it was handed is part of its chain, another lane's result its begin."""
    while scope != outer:
        if scope == 0:
            return False
        scope = graph.scopes[scope].parent
    return True


def _ends(moment: Moment, end: int, operands: Sequence[int], neutrals: Sequence[float]) -> dict[int, float]:
    """The number at the end, by sets of operands as bits: with those in the set as they are and the others neutral, for all that read
    them."""
    graph = moment.graph
    sets = sets_of(len(operands))
    builder = GraphBuilder(graph.name)
    keeps: dict[int, int] = {}

    def standing(node: int, copied: int) -> int:
        if node not in operands:
            return copied
        place = operands.index(node)
        keeps[place] = builder.input(f"dagc.keeps.{place}", BOOL, "1", whole_domain(BOOL))
        neutral = builder.const(neutrals[place], graph.types[node], graph.units[node])
        return builder.op(SELECT, (keeps[place], copied, neutral), owner=graph.owners[node])

    node_of = copy_into(builder, graph, standing)
    builder.output("dagc.end", node_of[end], 0.0)
    other = closed(builder, graph, node_of)
    node = next(output.node for output in other.outputs if output.name == "dagc.end")
    interpreter = Interpreter()
    runner, row = interpreter.load(other, interpreter.lower(other)), moment.row
    found: dict[int, float] = {}
    for first in range(0, len(sets), ROWS_AT_ONCE):
        some = sets[first : first + ROWS_AT_ONCE]
        inputs = {name: np.repeat(column, len(some), 1) for name, column in row.inputs.items()}
        kept = {f"dagc.keeps.{k}": np.array([[bool(each >> k & 1) for each in some]]) for k in keeps}
        params = {name: np.repeat(column, len(some), 0) for name, column in row.params.items()}
        state = None if row.state is None else {name: np.repeat(c, len(some), 0) for name, c in row.state.items()}
        batch = Batch({**inputs, **kept}, params, state, 1, len(some))
        found |= zip(some, map(float, runner.run(batch, [node]).nodes[node][0]), strict=True)
    return found


def _set_by(moment: Moment, chain: Sequence[tuple[int, int, int]], begins: int) -> str:
    """The operand of the last cap or floor that was reached, else of the last step that changed the number, else where it begins."""
    graph = moment.graph
    for at, before, operand in reversed(chain):
        if _word(_float(moment, at)) != _word(_float(moment, before)):
            does = _step(graph, at)[0]
            return f"{_name(moment, operand)}, {does} {_float(moment, operand)!r}"
    return _name(moment, begins)


def _name(moment: Moment, node: int) -> str:
    """How a person asks for the value: its shortest name as a variable, else as a port, else its number in emitted text."""
    graph = moment.graph
    op = graph.ops[node]
    if op is Source.CONST:
        return "constant"
    named = [tap.name for tap in graph.taps if tap.node == node and graph.owners[node] not in graph.status_scopes()]
    return min(named, key=lambda name: (name.count("."), len(name))) if named else moment.names.spelling(node)


def _float(moment: Moment, node: int) -> float:
    return float(moment.value(node))


def _word(value: float) -> str:
    return value.hex()


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
