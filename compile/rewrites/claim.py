"""A rule as a question to an SMT solver: are there values for which its two sides differ? "unsat" proves the rule.

Everything that the rule rests on is in the text: the meanings of its ops, what the constants are, and, for a side condition,
what range analysis promises of a value: a set described by the parts of a fact, of which nothing else is assumed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from compile.rewrites.op_smt import BINARY32, BINARY64, Format, applied, bits, templates
from compile.rewrites.pattern import (
    PARTS,
    Apply,
    FactPart,
    FoldedConstant,
    Hole,
    Literal,
    Log2,
    PowerOfTwo,
    Rule,
    Term,
    holes,
    leaves,
)
from dag.operators import table as ops
from dag.operators.op import Op
from dag.values.types import F32, F64, I64, Kind, Type
from dag.values.words import word_of

#: Where a rule says `small`: at each of these, f64 and f32 alike.
SMALL = (Format(5, 11), BINARY32)


@dataclass(frozen=True, slots=True)
class Claim:
    """One question: the text, the names in it whose words a counterexample needs, and at which format it is."""

    rule: Rule
    form: str
    text: str
    words: tuple[str, ...]


def claims(rule: Rule) -> tuple[Claim, ...]:
    """The questions whose answers must all be "unsat": at full width, or at every smaller format. Raises ValueError."""
    if not rule.small:
        return (_claim(rule, BINARY64, BINARY32),)
    return tuple(_claim(rule, form, form) for form in SMALL)


@dataclass(slots=True)
class _Writer:
    wide: Format
    narrow: Format
    table: Mapping[Op, str]
    lines: list[str] = field(default_factory=list[str])
    words: list[str] = field(default_factory=list[str])

    def form(self, type_: Type) -> Format:
        return self.narrow if type_.kind is Kind.F32 else self.wide

    def declare(self, name: str, type_: object) -> None:
        """A free value; the word of a number is a name of its own, so that a counterexample has bits."""
        match type_:
            case Type() if type_.is_float:
                form = self.form(type_)
                self.lines += [
                    f"(declare-const {name}.bits (_ BitVec {form.width}))",
                    f"(define-fun {name} () {form.sort} {form.of_bits(f'{name}.bits')})",
                    f"(assert (=> (fp.isNaN {name}) (= {name}.bits {form.canonical_nan})))",
                ]
                self.words.append(f"{name}.bits")
            case Type(kind=Kind.BOOL):
                self.lines.append(f"(declare-const {name} Bool)")
                self.words.append(name)
            case Type(kind=Kind.I64 | Kind.I32 as kind):
                self.lines.append(f"(declare-const {name} (_ BitVec {64 if kind is Kind.I64 else 32}))")
                self.words.append(name)
            case _:  # a member, or any one type: its values are words, of which only equality is asked
                self.lines.append(f"(declare-const {name} (_ BitVec 64))")
                self.words.append(name)

    def literal(self, literal: Literal) -> str:
        type_, value = literal.type, literal.value
        match type_.kind:
            case Kind.BOOL:
                return "true" if value else "false"
            case Kind.I64:
                return bits(int(value), 64)
            case Kind.I32:
                return bits(int(value), 32)
            case Kind.F64 | Kind.F32:
                return self._number(float(value), self.form(type_))
            case Kind.ENUM:
                raise ValueError("an enum has no literals here")

    def _number(self, value: float, form: Format) -> str:
        """+-0 and +-2^k at any format, everything else at its own."""
        if (form.exponent, form.significand) in ((11, 53), (8, 24)):
            return form.of_bits(bits(word_of(value, F64 if form.exponent == 11 else F32), form.width))
        sign = int(math.copysign(1.0, value) < 0.0) << form.width - 1
        if value == 0.0:
            return form.of_bits(bits(sign, form.width))
        fraction, exponent = math.frexp(abs(value))
        biased = exponent - 1 + (1 << form.exponent - 1) - 1
        if fraction != 0.5 or not 0 < biased < (1 << form.exponent) - 1:
            raise ValueError(f"{value} has no counterpart at {form}")
        return form.of_bits(bits(sign | biased << form.significand - 1, form.width))

    def term(self, term: Term) -> str:
        match term:
            case Hole(name=name):
                return name
            case Literal():
                return self.literal(term)
            case Apply(op=ops.F64_BITS | ops.F32_BITS, args=(Hole(name=name),)):
                return f"{name}.bits"
            case Apply(op=op, args=args):
                if op not in self.table:
                    raise ValueError(f"`{op}` has no meaning in SMT-LIB here")
                return applied(op, tuple(self.term(arg) for arg in args), self.table)
            case FactPart(hole=hole, part=part):
                return f"{hole.name}.{part}"
            case PowerOfTwo(hole=hole):
                return self._power_of_two(hole)
            case Log2(hole=hole):
                return f"{hole.name}.log2"
            case FoldedConstant(term=inner):
                return self.term(inner)

    def _power_of_two(self, hole: Hole) -> str:
        """The fraction is 0, and so is that of the reciprocal, whose biased exponent is 2 * bias - that of `hole`."""
        assert isinstance(hole.type, Type)
        form = self.form(hole.type)
        fraction = f"((_ extract {form.significand - 2} 0) {hole.name}.bits)"
        exponent = f"((_ extract {form.width - 2} {form.significand - 1}) {hole.name}.bits)"
        most = (1 << form.exponent) - 3
        return (
            f"(and (= {fraction} {bits(0, form.significand - 1)}) (bvuge {exponent} {bits(1, form.exponent)}) "
            f"(bvule {exponent} {bits(most, form.exponent)}))"
        )

    def promise(self, hole: Hole) -> None:
        """What `compile.analysis.facts` says of a value whose fact has these parts."""
        name, parts = hole.name, PARTS[hole.type]
        for part, type_ in parts.items():
            self.declare(f"{name}.{part}", type_)
        match hole.type:
            case Type(kind=Kind.F64 | Kind.F32):
                zero = f"(ite (fp.isNegative {name}) {name}.minus_zero {name}.plus_zero)"
                number = (
                    f"(and (fp.leq {name}.lo {name}) (fp.leq {name} {name}.hi) (fp.geq (fp.abs {name}) {name}.least))"
                )
                none = self._number(0.0, self.form(hole.type))
                self.lines += [
                    f"(assert (ite (fp.isNaN {name}) {name}.nan (ite (fp.isZero {name}) {zero} {number})))",
                    f"(assert (not (or (fp.isNaN {name}.lo) (fp.isNaN {name}.hi) (fp.isNaN {name}.least))))",
                    # a zero is in the interval that says it may be one
                    f"(assert (=> (or {name}.plus_zero {name}.minus_zero) (and (fp.leq {name}.lo {none}) (fp.geq {name}.hi {none}))))",
                ]
            case Type(kind=Kind.I64):
                self.lines += [
                    f"(assert (and (bvsle {name}.lo {name}) (bvsle {name} {name}.hi)))",
                    f"(assert (or {name}.zero (distinct {name} {bits(0, 64)})))",
                ]
            case Type(kind=Kind.BOOL):
                self.lines.append(f"(assert (ite {name} {name}.may_be_true {name}.may_be_false))")
            case _:
                raise ValueError(f"nothing is promised of `{name}`")


def _claim(rule: Rule, wide: Format, narrow: Format) -> Claim:
    writer = _Writer(wide, narrow, templates(wide, narrow))
    for hole in holes(rule):
        writer.declare(hole.name, hole.type)
    rest = [rule.replacement] if rule.when is None else [rule.replacement, rule.when]
    for hole in dict.fromkeys(part.hole for term in rest for part in leaves(term) if isinstance(part, FactPart)):
        writer.promise(hole)
    for hole in dict.fromkeys(part.hole for part in leaves(rule.replacement) if isinstance(part, Log2)):
        k = f"{hole.name}.log2"
        writer.declare(k, I64)
        writer.lines.append(f"(assert (and (bvult {k} {bits(63, 64)}) (= (bvshl {bits(1, 64)} {k}) {hole.name})))")
    if rule.when is not None:
        writer.lines.append(f"(assert {writer.term(rule.when)})")
    left, right = writer.term(rule.pattern), writer.term(rule.replacement)
    writer.lines.append(f"(assert (not (= {left} {right})))")
    form = str(wide) if wide != BINARY64 or not _is_narrow_only(rule) else str(narrow)
    text = "\n".join(["(set-logic ALL)", *writer.lines, ""])
    return Claim(rule, form if _has_floats(rule) else "full width", text, tuple(writer.words))


def _types(rule: Rule) -> set[object]:
    found: set[object] = set()

    def collect(term: Term) -> None:
        match term:
            case Apply(op=op, args=args):
                found.update((*op.takes, op.gives))
                for arg in args:
                    collect(arg)
            case FoldedConstant(term=inner):
                collect(inner)
            case Hole(type=type_):
                found.add(type_)
            case _:
                pass

    collect(rule.pattern)
    return found


def _has_floats(rule: Rule) -> bool:
    return bool(_types(rule) & {F64, F32})


def _is_narrow_only(rule: Rule) -> bool:
    found = _types(rule)
    return F32 in found and F64 not in found
