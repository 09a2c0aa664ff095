"""The check of a round of rewriting, graph to graph; it shares no code with what rewrote.

Both graphs become terms (`compile.proof.core.terms`). Every node of the old graph is followed: its op on what stands for its
operands, then its steps, each of which must be an instance of a rule with a proof, its condition judged anew on an analysis of
the old graph. In the new graph every output, state, tap, port and the status must be the very term that this leads to, under
the same name, type and unit; nothing may be added or missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compile.analysis.facts import Fact, meet, of_value, top
from compile.analysis.ranges import ranges
from compile.proof.core.source import source_terms
from compile.proof.core.terms import INPUT, PARAM, STATE, IllTyped, Terms
from compile.rewrites.evaluate import part_of, value_of_term
from compile.rewrites.pattern import Apply, FactPart, FoldedConstant, Hole, Literal, Log2, Rule, Term, holes, leaves
from compile.rewrites.proofs import proved_rules
from compile.rewrites.steps import RewriteStep, RewriteTrace
from dag.graphs.graph import Graph
from dag.operators.lookups import op_named
from dag.operators.op import Op, Source
from dag.values.types import Kind, Type, Value


class InvalidRewrite(Exception):
    """A rewritten graph is not what its steps make of the old one; the message names the node and the step."""


class CannotBeFollowed(Exception):
    """The graph holds an operator that the check of rewritten graphs does not know: it is not to be rewritten."""


def refuse_invalid(before: Graph, after: Graph, working: RewriteTrace) -> None:
    """Raises InvalidRewrite unless `after` is `before` but for steps that proved rules allow, or CannotBeFollowed."""
    try:
        check = _Check(before, working)
    except (KeyError, IllTyped) as problem:
        raise CannotBeFollowed(f"`{before.name}`: {problem}") from problem
    check.follow()
    check.compare(after)


class _Check:
    def __init__(self, before: Graph, working: RewriteTrace) -> None:
        self.before, self.working = before, working
        self.source = source_terms(before)
        self.terms: Terms = self.source.terms
        self.facts: dict[tuple[int, type], Fact] = {}
        self.rows: dict[int, int] = {}
        self.stands: list[int] = []

    def follow(self) -> None:
        """What stands for every node of the old graph."""
        self._read_rows()
        known = ranges(self.before, accepted=False).facts
        for node, op in enumerate(self.before.ops):
            if isinstance(op, Op):
                term = self.terms.term(op.name, *(self.stands[arg] for arg in self.before.args[node]))
            else:
                term = self.source.of[node]
            if not self.before.types[node].is_array:
                self._learn(term, known[node])
                for step in self.working.steps.get(node, ()):
                    term = self._after(node, step, term)
                    self._learn(term, known[node])
            elif node in self.working.steps:
                raise InvalidRewrite(f"`{self.before.names[node]}` is an array, which no rule is about")
            self.stands.append(term)

    def compare(self, after: Graph) -> None:
        """Everything that the new graph shows is what stands for the same in the old one."""
        before, stands = self.before, self.stands
        new = source_terms(after, self.terms).of
        mine, theirs = _shown(before, stands), _shown(after, new)
        for name in {**mine, **theirs}:
            if mine.get(name) != theirs.get(name):
                raise InvalidRewrite(f"{' '.join(name)} is not what the steps lead to")
        if (before.name, before.scopes) != (after.name, after.scopes):
            raise InvalidRewrite("the new graph has another name, or other scopes")

    def _learn(self, term: int, fact: Fact) -> None:
        # one term may be an enum's code and an integer: what is known of either stays apart
        key = (term, type(fact))
        self.facts[key] = meet(self.facts[key], fact) if key in self.facts else fact

    def _after(self, node: int, step: RewriteStep, term: int) -> int:
        if step.rule.startswith("fold "):
            return self._folded(node, step, term)
        rules = proved_rules()
        if step.rule not in rules:
            raise InvalidRewrite(f"`{self.before.names[node]}`: there is no rule `{step.rule}`")
        rule = rules[step.rule]
        binding = {name: self.rows[row] for name, row in step.binding}
        if set(binding) != {hole.name for hole in holes(rule)}:
            raise InvalidRewrite(f"`{self.before.names[node]}`: `{rule.name}` binds {', '.join(binding)}")
        types = {name: self.working.rows[row].type for name, row in step.binding}
        values = self._constants(node, rule, binding, types)
        parts = {
            (leaf.hole.name, leaf.part): part_of(self._fact(binding[leaf.hole.name], types[leaf.hole.name]), leaf.part)
            for side in (rule.replacement, rule.when)
            if side is not None
            for leaf in leaves(side)
            if isinstance(leaf, FactPart)
        }
        if self._instance(rule.pattern, binding, values, parts) != term:
            raise InvalidRewrite(f"`{self.before.names[node]}` is no instance of `{rule.name}`")
        if rule.when is not None and value_of_term(rule.when, values, parts) is not True:
            raise InvalidRewrite(f"`{self.before.names[node]}`: the condition of `{rule.name}` does not hold")
        return self._instance(rule.replacement, binding, values, parts)

    def _folded(self, node: int, step: RewriteStep, term: int) -> int:
        """The meaning of an op on constants."""
        op = op_named(step.rule.removeprefix("fold "))
        operands = [self.rows[row] for _, row in step.binding]
        if self.terms.term(op.name, *operands) != term:
            raise InvalidRewrite(f"`{self.before.names[node]}` is no `{op}` of those constants")
        values = [self.terms.value(each) for each in operands]
        if None in values:
            raise InvalidRewrite(f"`{self.before.names[node]}` is folded, and not all its operands are constants")
        return self.terms.constant(op.meaning(*values), _kind(self.before.types[node]))

    def _constants(
        self, node: int, rule: Rule, binding: Mapping[str, int], types: Mapping[str, Type]
    ) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for hole in holes(rule):
            if isinstance(hole.type, Type) and types[hole.name] != hole.type:
                raise InvalidRewrite(f"`{self.before.names[node]}`: `{hole.name}` of `{rule.name}` has another type")
            value = self.terms.value(binding[hole.name])
            if value is not None:
                values[hole.name] = value
            elif hole.constant:
                raise InvalidRewrite(f"`{self.before.names[node]}`: `{hole.name}` of `{rule.name}` is no constant")
        return values

    def _fact(self, term: int, type_: Type) -> Fact:
        value = self.terms.value(term)
        if value is not None:
            return of_value(value, type_)
        fact = top(type_)
        return self.facts.get((term, type(fact)), fact)

    def _instance(
        self,
        term: Term,
        binding: Mapping[str, int],
        values: Mapping[str, Value],
        parts: Mapping[tuple[str, str], Value],
    ) -> int:
        match term:
            case Hole(name=name):
                return binding[name]
            case Apply(op=op, args=args):
                return self.terms.term(op.name, *(self._instance(arg, binding, values, parts) for arg in args))
            case Literal(value=value, type=type_):
                return self.terms.constant(value, type_.kind)
            case FactPart() | FoldedConstant() | Log2():
                value = value_of_term(term, values, parts)
                return self.terms.constant(value, _kind_of(value))
            case _:
                raise InvalidRewrite(f"{term} is no value")

    def _read_rows(self) -> None:
        """The term of each row of the working, by its own words. A row comes after its operands."""
        for row, found in sorted(self.working.rows.items()):
            match found.op:
                case Op():
                    self.rows[row] = self.terms.term(found.op.name, *(self.rows[arg] for arg in found.args))
                case Source.CONST:
                    assert found.constant is not None
                    self.rows[row] = self.terms.constant(found.constant, _kind(found.type))
                case Source.INPUT | Source.PARAM | Source.STATE:
                    self.rows[row] = self.terms.leaf(_LEAVES[found.op], found.label, found.type)


_LEAVES = {Source.INPUT: INPUT, Source.PARAM: PARAM, Source.STATE: STATE}


def _kind(type_: Type) -> Kind:
    return Kind.I64 if type_.kind is Kind.ENUM else type_.kind


def _kind_of(value: Value) -> Kind:
    return Kind.BOOL if isinstance(value, bool) else Kind.F64 if isinstance(value, float) else Kind.I64


def _shown(graph: Graph, terms: Sequence[int]) -> dict[tuple[str, ...], object]:
    """All that anyone can see of a graph: ports, states, outputs, taps and the status, each with its term, type and unit."""

    def typed(node: int) -> tuple[object, ...]:
        return terms[node], graph.types[node], graph.units[node]

    found: dict[tuple[str, ...], object] = {("status",): None if graph.status is None else terms[graph.status]}
    for port in graph.inputs:
        found["input", port.name] = (*typed(port.node), port.domain)
    for param in graph.params:
        found["parameter", param.name] = (*typed(param.node), param.domain, repr(param.default))
    for state in graph.states:
        carried = (repr(state.initial), repr(state.cold), state.lifetime, state.warm_up)
        found["state", state.name] = (*typed(state.node), terms[state.next], *carried)
    for output in graph.outputs:
        found["output", output.name] = (*typed(output.node), repr(output.safe))
    for tap in graph.taps:
        found["tap", tap.name] = typed(tap.node)
    return found
