"""Fewer and cheaper operators for the same words: every step is an instance of a rewrite rule that was proved.

Rules are tried at every node once its operands are as simple as they get, with what range analysis knows on every row, rejected
ones included; that is repeated until nothing changes. What is named, an output, a state or a tap, keeps its name: where its node
went, the name is that of what took its place. Each round is checked (`compile.rewrites.validate`), step by step and
graph against graph, before it is handed on.
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from compile.analysis.facts import Fact, meet, of_value, top
from compile.analysis.ranges import ranges
from compile.rewrites.fold import fold_of, folded
from compile.rewrites.match import bound, built, holds
from compile.rewrites.pattern import Apply, Rule
from compile.rewrites.proofs import proved_rules
from compile.rewrites.steps import BuiltNode, RewriteStep, RewriteTrace
from compile.rewrites.validate import refuse_invalid
from dag.diagnostics.span import Span
from dag.graphs.builder import GraphBuilder
from dag.graphs.copying import closed, copy_into
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Op, Source
from dag.values.floating_point import in_standard_environment
from dag.values.types import Value

#: A rule makes room for another; a round that changes nothing ends it.
ROUNDS = 8
#: Steps at one node: every rule leaves less or cheaper work, so that this is never reached.
STEPS = 64


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A rule that was used: at which node of the graph of that round, and where the node stands in the user's source."""

    rule: str
    node: str
    span: Span | None


@dataclass(slots=True)
class SimplifyResult:
    """The simpler graph, and every rule that was used, in order."""

    graph: Graph
    rewrites: list[Rewrite] = field(default_factory=list[Rewrite])

    @property
    def used(self) -> Counter[str]:
        """How often each rule was used."""
        return Counter(each.rule for each in self.rewrites)


def simplify(graph: Graph) -> Graph:
    """`graph` with fewer or cheaper operators and the same words everywhere, on every row."""
    return simplified(graph).graph


@in_standard_environment
def simplified(graph: Graph) -> SimplifyResult:
    """The same, with the rules used. Raises CannotBeFollowed; Unproved or InvalidRewrite say that the compiler is broken."""
    found = SimplifyResult(graph)
    for _ in range(ROUNDS):
        after, working = rewritten(found.graph)
        if not working.steps:
            break
        refuse_invalid(found.graph, after, working)
        names, spans = found.graph.names, found.graph.spans
        found.rewrites += [
            Rewrite(step.rule, names[node], spans[node]) for node, steps in working.steps.items() for step in steps
        ]
        found.graph = after
    return found


def rewritten(graph: Graph) -> tuple[Graph, RewriteTrace]:
    """One round, unchecked: the new graph and the steps that led to it."""
    rewriter = _Rewriter(graph)
    builder = rewriter.builder
    node_of = copy_into(builder, graph, rewriter.simpler)
    return closed(builder, graph, node_of), RewriteTrace(rewriter.rows, rewriter.steps, tuple(node_of))


class _Rewriter:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.builder = GraphBuilder(graph.name)
        self.known = ranges(graph, accepted=False).facts
        self.facts: dict[int, Fact] = {}
        self.steps: dict[int, tuple[RewriteStep, ...]] = {}
        self.rows: dict[int, BuiltNode] = {}
        self.at_op: dict[Op, list[Rule]] = {}
        self.anywhere: list[Rule] = []
        for rule in proved_rules().values():
            if isinstance(rule.pattern, Apply):
                self.at_op.setdefault(rule.pattern.op, []).append(rule)
            else:
                self.anywhere.append(rule)

    def simpler(self, node: int, copied: int) -> int:
        """What stands for `node`, whose copy with simpler operands is `copied`."""
        if self.graph.types[node].is_array:
            return copied
        fact = self.known[node]
        self._learn(copied, fact)
        current, steps = copied, list[RewriteStep]()
        for _ in range(STEPS):
            step = self._step(node, current)
            if step is None:
                break
            steps.append(step)
            current = step.result
            self._learn(current, fact)
        if steps:
            self.steps[node] = tuple(steps)
            for step in steps:
                for each in (step.result, *(at for _, at in step.binding)):
                    self._note(each)
        return current

    def _learn(self, node: int, fact: Fact) -> None:
        known = self.facts.get(node)
        self.facts[node] = fact if known is None else meet(known, fact)

    def _fact(self, node: int) -> Fact:
        if node not in self.facts:
            value, type_ = self.builder.constant_of(node), self.builder.type_of(node)
            self.facts[node] = top(type_) if value is None else of_value(value, type_)
        return self.facts[node]

    def _step(self, node: int, current: int) -> RewriteStep | None:
        op, args = self.builder.applied_at(current)
        if not isinstance(op, Op):
            return None
        constant = folded(self.builder, op, args, current)
        if constant is not None:
            return RewriteStep(fold_of(op), tuple(zip(op.operands, args, strict=True)), constant)
        for rule in (*self.at_op.get(op, ()), *self.anywhere):
            binding = bound(self.builder, rule.pattern, current)
            if binding is None:
                continue
            facts = {name: self._fact(at) for name, at in binding.items() if not self.builder.type_of(at).is_array}
            values: dict[str, Value] = {}
            for name, at in binding.items():
                value = self.builder.constant_of(at)
                if value is not None:
                    values[name] = value
            if not holds(rule, values, facts):
                continue
            place = _place(rule, self.graph.spans[node], self.builder.span_of(current)), self.graph.owners[node]
            with self.builder.taking_every_result() if self.graph.total[node] else nullcontext():
                result = built(self.builder, rule, binding, values, facts, current, *place)
            if result is not None and result != current:
                return RewriteStep(rule.name, tuple(binding.items()), result)
        return None

    def _note(self, node: int) -> None:
        """Keep what a row of the working is, and what it is made of."""
        waiting = [node]
        while waiting:
            at = waiting.pop()
            if at in self.rows:
                continue
            op, args = self.builder.applied_at(at)
            label = self.builder.label_of(at) if isinstance(op, Source) else ""
            self.rows[at] = BuiltNode(op, args, self.builder.type_of(at), self.builder.constant_of(at), label)
            waiting.extend(args)


def _place(rule: Rule, span: Span | None, current: Span | None) -> Span | None:
    """The place of what `rule` makes of a node of the user's at `span`: a choice has the arms of the `current` one, as the rule has
    them."""
    arms = None if current is None else current.arms
    match rule.pattern, rule.replacement:
        case Apply(op=ops.SELECT, args=(_, *before)), Apply(op=ops.SELECT, args=(_, *after)) if (
            arms and after == before[::-1]
        ):
            arms = arms[1], arms[0]
        case Apply(op=ops.SELECT, args=(_, *before)), Apply(op=ops.SELECT, args=(_, *after)) if after == before:
            pass
        case _:
            arms = None
    return span and replace(span, arms=arms)
