"""Finding a rule's pattern at a node that is being built, judging its condition there, and building its replacement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compile.analysis.facts import Fact
from compile.rewrites.evaluate import part_of, value_of_term
from compile.rewrites.pattern import Apply, FactPart, Hole, Literal, Rule, Term, leaves
from dag.diagnostics.span import Span
from dag.graphs.builder import GraphBuilder
from dag.operators.op import AnyType
from dag.operators.units import UnitProblem
from dag.values.types import Kind, Type, Value
from dag.values.words import word_of

#: Hole -> node of the builder.
Binding = dict[str, int]


def bound(builder: GraphBuilder, pattern: Term, node: int) -> Binding | None:
    """What fills the holes where `pattern` stands at `node`, None where it does not."""
    binding: Binding = {}
    return binding if _fits(builder, pattern, node, binding) else None


def _fits(builder: GraphBuilder, pattern: Term, node: int, binding: Binding) -> bool:
    match pattern:
        case Hole(name=name, type=type_, constant=constant):
            if not fits_hole(builder.type_of(node), type_) or (constant and builder.constant_of(node) is None):
                return False
            return binding.setdefault(name, node) == node
        case Literal(value=value, type=type_):
            found = builder.constant_of(node)
            return (
                found is not None and builder.type_of(node) == type_ and word_of(found, type_) == word_of(value, type_)
            )
        case Apply(op=op, args=args):
            at, operands = builder.applied_at(node)
            return at is op and all(_fits(builder, *pair, binding) for pair in zip(args, operands, strict=True))
        case _:
            raise ValueError(f"{pattern} is no pattern")


def fits_hole(type_: Type, wanted: object) -> bool:
    """Whether a node of this type may fill a hole of that type."""
    match wanted:
        case Type():
            return type_ == wanted
        case Kind.ENUM:
            return type_.kind is Kind.ENUM and not type_.is_array
        case AnyType.T:
            return not type_.is_array
        case _:
            return False


def holds(rule: Rule, values: Mapping[str, Value], facts: Mapping[str, Fact]) -> bool:
    """Whether the rule's condition is true of these constants and facts, by hole."""
    if rule.when is None:
        return True
    found = value_of_term(rule.when, values, parts_of(rule, facts))
    assert isinstance(found, bool)
    return found


def parts_of(rule: Rule, facts: Mapping[str, Fact]) -> dict[tuple[str, str], Value]:
    """What the rule asks of the facts."""
    asked = [*leaves(rule.replacement), *(leaves(rule.when) if rule.when is not None else ())]
    return {
        (leaf.hole.name, leaf.part): part_of(facts[leaf.hole.name], leaf.part)
        for leaf in asked
        if isinstance(leaf, FactPart)
    }


def built(
    builder: GraphBuilder,
    rule: Rule,
    binding: Binding,
    values: Mapping[str, Value],
    facts: Mapping[str, Fact],
    like: int,
    span: Span | None,
    owner: int,
) -> int | None:
    """The replacement as a node of the type and unit of `like`; None where the units do not allow it.

    A constant that the rule computes takes whichever unit makes the whole right: none, or that of a node at hand.
    """
    parts = parts_of(rule, facts)
    maker = _Maker(builder, binding, values, parts, span, owner)
    units = dict.fromkeys([builder.unit_of(like), "1", *(builder.unit_of(node) for node in binding.values())])
    for unit in units:
        try:
            node = maker.node(rule.replacement, builder.type_of(like), unit)
        except (UnitProblem, TypeError):
            continue
        if builder.type_of(node) == builder.type_of(like) and builder.unit_of(node) == builder.unit_of(like):
            return node
    return None


@dataclass(frozen=True, slots=True)
class _Maker:
    builder: GraphBuilder
    binding: Binding
    values: Mapping[str, Value]
    parts: Mapping[tuple[str, str], Value]
    span: Span | None
    owner: int

    def node(self, term: Term, wanted: Type, unit: str) -> int:
        """`term` as nodes; `wanted` and `unit` are for constants."""
        match term:
            case Hole(name=name):
                return self.binding[name]
            case Apply(op=op, args=args):
                operands = tuple(
                    self.node(arg, taken if isinstance(taken, Type) else wanted, unit)
                    for arg, taken in zip(args, op.takes, strict=True)
                )
                return self.builder.op(op, operands, self.span, owner=self.owner)
            case _:
                return self.builder.const(value_of_term(term, self.values, self.parts), wanted, unit, self.span)
