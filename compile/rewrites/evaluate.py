"""A term's value by the meanings of its ops, with the holes filled: for conditions, folded constants and counterexamples."""

from __future__ import annotations

import math
from collections.abc import Mapping

from compile.analysis.facts import Codes, Fact, Floats, Integers
from compile.rewrites.pattern import Apply, FactPart, FoldedConstant, Hole, Literal, Log2, PowerOfTwo, Term
from dag.values.types import F32, Value
from dag.values.words import round_f32

#: The least normal numbers, whose reciprocals must be normal too: exponents of 2 from -1022 to 1022, from -126 to 126.
_LARGEST_EXPONENT = {True: 126, False: 1022}


def part_of(fact: Fact, part: str) -> Value:
    """What a fact says under the name that rules use."""
    match fact:
        case Codes(values=values):
            return (1 if part == "may_be_true" else 0) in values
        case Floats() | Integers():
            found: Value = getattr(fact, part)
            return found


def value_of_term(term: Term, values: Mapping[str, Value], parts: Mapping[tuple[str, str], Value]) -> Value:
    """The value of `term`; `values` of its holes, `parts` of the facts about them by hole and part. Raises KeyError."""
    match term:
        case Hole(name=name):
            return values[name]
        case Literal(value=value):
            return value
        case Apply(op=op, args=args):
            found: Value = op.meaning(*(value_of_term(arg, values, parts) for arg in args))
            return found
        case FactPart(hole=hole, part=part):
            return parts[hole.name, part]
        case PowerOfTwo(hole=hole):
            return _is_power_of_two(float(values[hole.name]), hole.type == F32)
        case Log2(hole=hole):
            return int(values[hole.name]).bit_length() - 1
        case FoldedConstant(term=inner):
            return value_of_term(inner, values, parts)


def _is_power_of_two(value: float, single: bool) -> bool:
    if not math.isfinite(value) or value == 0.0:
        return False
    fraction, exponent = math.frexp(abs(value))
    assert not single or round_f32(value) == value
    return fraction == 0.5 and abs(exponent - 1) <= _LARGEST_EXPONENT[single]
