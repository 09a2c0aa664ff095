"""One bar of a replay: every value of it, and what each was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from compile.backend import Batch, Refused, Runner
from compile.check.run import bars_of
from dag.graphs.graph import Graph
from dag.operators.op import Family, Op
from dag.values.types import Value
from dag.values.words import show
from dagc.debugging.tap_names import TapNames
from dagc.debugging.why.cut import Cut, cut_at

if TYPE_CHECKING:
    from dagc.debugging.why.flips import Flip
    from dagc.debugging.why.tree import Why
    from dagc.debugging.why.waterfall import Waterfall


@dataclass(frozen=True, eq=False, repr=False)
class Moment:
    """The values of one instance at one bar; `moment["lev"]` is one of them. `row` holds its inputs, parameters and the state
    from before it.
    """

    graph: Graph
    runner: Runner
    bar: int
    row: Batch
    values: Mapping[int, Value]

    def __getitem__(self, name: str) -> Value:
        return self.value(self.names.node(name))

    def why(self, name: str, depth: int = 6) -> Why:
        """The operands that mattered to a value, and those that mattered to them, `depth` named values deep; as text, a tree.

        Raises NameProblem, a KeyError.
        """
        from dagc.debugging.why.tree import why

        return why(self, self.names.node(name), depth)

    def flips(self, name: str) -> list[Flip]:
        """For each input the nearest value, the rest as they were, with which a bool, enum or integer would have been another, or
        a number would have come through another arm, cap or floor.

        Raises NameProblem, a KeyError; ValueError for a number that is neither chosen nor capped.
        """
        from dagc.debugging.why.flips import flips

        return flips(self, self.names.node(name))

    def waterfall(self, name: str) -> Waterfall:
        """What a number was made of: its factors, summands, caps and floors in their order, what it would have been without each, and
        each one's share, which is Shapley's.

        Raises NameProblem, a KeyError; ValueError for what is no float, or not made in this way.
        """
        from dagc.debugging.why.waterfall import waterfall

        return waterfall(self, self.names.node(name))

    def what_if(self, given: Mapping[str, object] | None = None, /, **named: object) -> Moment:
        """The bar as it would have been with other values of any lane, all that reads them computed again, from the same state:
        `moment.what_if(regime=1.0)["lev"]`, or by a mapping where a name has dots.

        Raises NameProblem, a KeyError; ValueError for a value of another type.
        """
        from dagc.debugging.why.what_if import what_if

        return what_if(self, {**(given or {}), **named})

    def value(self, node: int) -> Value:
        """The value of a node that is no array."""
        constant = self.graph.constants[node]
        return self.values[node] if constant is None else constant

    def is_known(self, node: int) -> bool:
        """Whether the node has a single value."""
        return self.graph.constants[node] is not None or node in self.values

    def shown(self, node: int) -> str:
        """The value as messages write it."""
        return show(self.value(node), self.graph.types[node]) if self.is_known(node) else str(self.graph.types[node])

    def cut(self, node: int) -> Cut:
        """What mattered to an operator; everything, where arrays are involved."""
        args = self.graph.args[node]
        if not self.is_known(node) or not all(map(self.is_known, args)):
            return Cut(tuple(range(len(args))))
        return cut_at(self.graph, node, [self.value(arg) for arg in args], self.value(node))

    def slice(self, node: int) -> set[int]:
        """All that mattered to `node` on this bar, itself included: backwards over kept operands, to ports and states.

        Whether the row was accepted matters to every output: it is not followed.
        """
        found, pending = {node}, [node]
        while pending:
            at = pending.pop()
            if isinstance(self.graph.ops[at], Op) and at not in self.guards:
                args = self.graph.args[at]
                fresh = {args[place] for place in self.cut(at).kept} - found
                found |= fresh
                pending += fresh
        return found

    def unguarded(self, node: int) -> int:
        """What an output holds on an accepted row; any other node is itself, and so is an output of a rejected row."""
        is_choice = self.graph.family(node) is Family.CHOICE
        if not is_choice or self.graph.args[node][0] not in self.guards or not self.value(self.graph.args[node][0]):
            return node
        return self.graph.args[node][1]

    @property
    def offender(self) -> str | None:
        """The port that was outside its domain; None on an accepted row."""
        status = 0 if self.graph.status is None else int(self.value(self.graph.status))
        return self.graph.ports()[status - 1].name if status else None

    @cached_property
    def guards(self) -> frozenset[int]:
        """The nodes that say whether the row was accepted, and which port rejected it."""
        scopes = self.graph.status_scopes()
        return frozenset(
            node for node in range(len(self.graph)) if self.graph.owners[node] in scopes and self._is_guard(node)
        )

    @cached_property
    def names(self) -> TapNames:
        """What names mean in this graph."""
        return TapNames(self.graph)

    def _is_guard(self, node: int) -> bool:
        return not any(output.node == node for output in self.graph.outputs) or node == self.graph.status

    def __repr__(self) -> str:
        return f"<bar {self.bar:,} of {self.graph.name}>"


def moment_of(graph: Graph, runner: Runner, batch: Batch, bar: int) -> Moment:
    """Bar `bar` of a replay of `batch`, one instance: the bars before it are run for its state. Raises IndexError; Refused for an axis."""
    along = next((name for name, type_ in zip(graph.names, graph.types, strict=True) if type_.axis), None)
    if along is not None:
        raise Refused(f"why, flips and what-if take no value along an axis, such as `{along}`\n  fix  tap its places")
    if not 0 <= bar < batch.bars:
        raise IndexError(f"bar {bar} is not in the run, which has bars 0 to {batch.bars - 1}")
    state = runner.run(bars_of(batch, 0, bar, batch.state), []).state if bar else batch.state
    row = bars_of(batch, bar, bar + 1, state)
    nodes = [n for n in range(len(graph)) if graph.constants[n] is None and not graph.types[n].is_array]
    result = runner.run(row, nodes)
    return Moment(graph, runner, bar, row, {node: result.nodes[node][0, 0].item() for node in nodes})
