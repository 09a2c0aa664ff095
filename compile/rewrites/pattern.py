"""What rewrite rules are written in: terms over holes, with the op table's own rows as their only operations.

A rule says that `pattern` and `replacement` are the same word for every value of the holes for which `when` is true. `when`
speaks of constants and of what range analysis knows of a hole: `x.minus_zero` is "the analysis does not exclude -0.0".
Terms are built by calling ops (`call(ops.ADD, x, 0.0)`); a number among the operands is a literal of the type the op takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dag.operators.op import AnyType, Op
from dag.operators.table import IN_F32
from dag.values.types import BOOL, F32, F64, I64, Kind, Type, Value

#: The type of a hole: a type, any one enum, or any one type of a single value.
HoleType = Type | AnyType | Kind
#: What can be asked of a fact, by the type of its values; each with the type of the answer.
PARTS: Mapping[HoleType, Mapping[str, Type]] = {
    F64: {"lo": F64, "hi": F64, "nan": BOOL, "plus_zero": BOOL, "minus_zero": BOOL, "least": F64},
    F32: {"lo": F32, "hi": F32, "nan": BOOL, "plus_zero": BOOL, "minus_zero": BOOL, "least": F32},
    I64: {"lo": I64, "hi": I64, "zero": BOOL},
    BOOL: {"may_be_true": BOOL, "may_be_false": BOOL},
}


@dataclass(frozen=True, slots=True)
class Hole:
    """Any node of its type; one that stands twice is the same node. With `constant`, constants only."""

    name: str
    type: HoleType
    constant: bool = False

    def __getattr__(self, part: str) -> FactPart:
        if self.type not in PARTS or part not in PARTS[self.type]:
            raise AttributeError(f"there is no fact `{part}` about `{self.name}`")
        return FactPart(self, part)


@dataclass(frozen=True, slots=True)
class Literal:
    """This constant and no other, by its bits."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Apply:
    """An op on terms."""

    op: Op
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class FactPart:
    """A part of what range analysis knows of the node in a hole: for conditions, and where it is the value itself."""

    hole: Hole
    part: str


@dataclass(frozen=True, slots=True)
class PowerOfTwo:
    """Whether the float constant in a hole is +-2^k with both 2^k and 2^-k normal numbers: then 1/c is exact."""

    hole: Hole


@dataclass(frozen=True, slots=True)
class Log2:
    """k, where the integer constant in a hole is 2^k and k is from 0 to 62."""

    hole: Hole


@dataclass(frozen=True, slots=True)
class FoldedConstant:
    """The constant that a term of constants has as its value, computed by the meanings of its ops."""

    term: Term


Term = Hole | Literal | Apply | FactPart | PowerOfTwo | Log2 | FoldedConstant


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` may become `replacement` where `when` is true (None: always).

    `small` says why the proof is at smaller formats than the op's own, where it is; "" is a proof at full width.
    """

    name: str
    pattern: Term
    replacement: Term
    when: Term | None = None
    small: str = ""


def call(op: Op, *args: Term | float | int | bool) -> Apply:
    """`op` on terms; numbers become literals of the type that `op` takes there, or of the other operands' where it takes any."""
    terms: list[Term] = []
    for arg, wanted in zip(args, op.takes, strict=True):
        if isinstance(arg, (float, int)):
            assert isinstance(wanted, Type), "a literal needs the type of its place"
            terms.append(Literal(float(arg) if wanted.is_float else arg, wanted))
        else:
            terms.append(arg)
    return Apply(op, tuple(terms))


def leaves(term: Term) -> Iterator[Term]:
    """Everything in `term` that is not an `Apply` or a `FoldedConstant`, in order."""
    match term:
        case Apply(args=args):
            for arg in args:
                yield from leaves(arg)
        case FoldedConstant(term=inner):
            yield from leaves(inner)
        case _:
            yield term


def holes(rule: Rule) -> tuple[Hole, ...]:
    """The holes of a rule in the order of its pattern. Raises ValueError where the rest of the rule has another."""
    found = dict.fromkeys(leaf for leaf in leaves(rule.pattern) if isinstance(leaf, Hole))
    rest = [*leaves(rule.replacement), *(leaves(rule.when) if rule.when is not None else ())]
    for leaf in rest:
        hole = leaf if isinstance(leaf, Hole) else getattr(leaf, "hole", None)
        if hole is not None and hole not in found:
            raise ValueError(f"rule `{rule.name}` speaks of `{hole.name}`, which its pattern does not bind")
    return tuple(found)


def in_f32(rule: Rule) -> Rule | None:
    """The same rule for binary32; None where an op of it has no row there."""
    try:
        pattern, replacement = _narrowed(rule.pattern), _narrowed(rule.replacement)
        when = None if rule.when is None else _narrowed(rule.when)
    except KeyError:
        return None
    return replace(rule, name=f"{rule.name}_f32", pattern=pattern, replacement=replacement, when=when, small="")


def _narrowed(term: Term) -> Term:
    match term:
        case Hole(type=type_) if type_ == F64:
            return replace(term, type=F32)
        case Literal(type=type_) if type_ == F64:
            return replace(term, type=F32)
        case Apply(op=op, args=args):
            touches = F64 in (*op.takes, op.gives)
            return Apply(IN_F32[op] if touches else op, tuple(_narrowed(arg) for arg in args))
        case FactPart(hole=hole, part=part):
            return FactPart(_narrowed_hole(hole), part)
        case PowerOfTwo(hole=hole):
            return PowerOfTwo(_narrowed_hole(hole))
        case Log2(hole=hole):
            return Log2(_narrowed_hole(hole))
        case FoldedConstant(term=inner):
            return FoldedConstant(_narrowed(inner))
        case _:
            return term


def _narrowed_hole(hole: Hole) -> Hole:
    narrowed = _narrowed(hole)
    assert isinstance(narrowed, Hole)
    return narrowed
