"""What the solver is told of ops and facts is what the compiler computes with: asked of it value by value."""

from __future__ import annotations

from itertools import product

import pytest

from compile.analysis.facts import Codes, Fact, Floats, Integers, floats, integers, of_value
from compile.campaign.drawing.special_values import SPECIAL_F32, SPECIAL_F64, SPECIAL_I32, SPECIAL_I64
from compile.rewrites.claim import Claim, claims
from compile.rewrites.evaluate import part_of, value_of_term
from compile.rewrites.op_smt import BINARY32, BINARY64, applied, bits, templates
from compile.rewrites.pattern import PARTS, Hole, PowerOfTwo, Rule, call
from compile.rewrites.rules import RULES
from compile.rewrites.solve import Verdict, bitwuzla
from dag.operators import table as ops
from dag.operators.op import AnyType, Op
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, Value
from dag.values.words import word_of

pytest.importorskip("bitwuzla", reason="missing: bitwuzla (pip install 'dagc-compiler[proof]')")
SPECIAL: dict[Type, tuple[Value, ...]] = {
    F64: SPECIAL_F64[::2],
    F32: SPECIAL_F32[::2],
    I64: SPECIAL_I64,
    I32: SPECIAL_I32,
    BOOL: (False, True),
}
WIDTH = {F64: 64, F32: 32, I64: 64, I32: 32}


def literal(value: Value, type_: Type) -> str:
    if type_ == BOOL:
        return str(value).lower()
    word = bits(word_of(value, type_), WIDTH[type_])
    return {F64: BINARY64.of_bits(word), F32: BINARY32.of_bits(word)}.get(type_, word)


def ask(text: str) -> Verdict:
    return bitwuzla(Claim(RULES["neg_neg"], "", f"(set-logic ALL)\n{text}\n", ()), 60).verdict


@pytest.mark.parametrize("op", templates(), ids=str)
def test_the_model_of_an_op_is_its_meaning(op: Op) -> None:
    taken = tuple(each if isinstance(each, Type) else I64 for each in op.takes)
    gives = op.gives if isinstance(op.gives, Type) else I64
    step = 1 if len(taken) == 1 else 3 if len(taken) == 2 or op is ops.SELECT else 6
    table, wrong = templates(), []
    for row in product(*(SPECIAL[type_] if type_ == BOOL else SPECIAL[type_][::step] for type_ in taken)):
        meant = op.meaning(*row)
        model = applied(op, tuple(literal(value, type_) for value, type_ in zip(row, taken, strict=True)), table)
        wrong.append(f"(distinct {model} {literal(meant, gives)})")
    assert ask(f"(assert (or false false {' '.join(wrong)}))") is Verdict.PROVED


FACTS: tuple[tuple[Fact, Type], ...] = (
    (floats(-1.0, 2.0), F64),
    (floats(0.0, 2.0, minus_zero=False), F64),
    (floats(-2.0, 0.0, nan=True, plus_zero=False), F64),
    (floats(-2.0, 2.0, plus_zero=False, minus_zero=False, least=0.5), F64),
    (floats(1.0, float("inf"), nan=True), F64),
    (of_value(-0.0, F64), F64),
    (of_value(float("nan"), F64), F64),
    (floats(-1.5, 1.5, minus_zero=False, least=2.0**-149), F32),
    (integers(-7, 64), I64),
    (integers(-64, 7, zero=False), I64),
    (Codes(frozenset({1})), BOOL),
    (Codes(frozenset({0, 1})), BOOL),
)


@pytest.mark.parametrize(("fact", "type_"), FACTS, ids=str)
def test_what_is_promised_of_a_value_is_what_its_fact_contains(fact: Fact, type_: Type) -> None:
    hole = Hole("v", type_)
    part = next(each for each, answer in PARTS[type_].items() if answer == BOOL)
    anything = Rule("anything", hole, hole, when=getattr(hole, part))
    text = claims(anything)[0].text
    text = text[: text.index(f"(assert v.{part})")].removeprefix("(set-logic ALL)\n")
    for name, answer in PARTS[type_].items():
        text += f"\n(assert (= v.{name} {literal(part_of(fact, name), answer)}))"
    inside = [value for value in SPECIAL[type_] if fact.contains(value)]
    outside = [value for value in SPECIAL[type_] if not fact.contains(value)]
    for value in inside:
        assert ask(f"{text}\n(assert (= v {literal(value, type_)}))") is Verdict.REFUTED, value
    others = " ".join(f"(= v {literal(value, type_)})" for value in outside)
    assert ask(f"{text}\n(assert (or false false {others}))") is Verdict.PROVED


def test_facts_say_of_a_zero_that_it_is_in_the_interval() -> None:
    ends = (-2.0, -0.0, 0.0, 1.0, float("inf"), float("-inf"))
    for lo, hi, plus, minus in product(ends, ends, (False, True), (False, True)):
        made = floats(lo, hi, plus_zero=plus, minus_zero=minus)
        assert not made.zero or made.lo <= 0.0 <= made.hi
    assert isinstance(made, Floats)
    assert integers(0, 0, zero=False) != Integers(0, 0, True)


@pytest.mark.parametrize("type_", [F64, F32], ids=str)
def test_a_power_of_two_is_one_to_the_solver_too(type_: Type) -> None:
    hole = Hole("c", type_, constant=True)
    rule = Rule("powers", call(ops.NEG if type_ == F64 else ops.NEG_F32, hole), hole, PowerOfTwo(hole))
    text = claims(rule)[0].text.removeprefix("(set-logic ALL)\n")
    text = text[: text.index("(assert (not (= ")]
    ends = {F64: (2.0**1022, 2.0**1023, 2.0**-1022, 2.0**-1021), F32: (2.0**126, 2.0**127, 2.0**-126, 2.0**-125)}
    yes: list[str] = []
    no: list[str] = []
    for value in (*SPECIAL[type_], *ends[type_]):
        holds = value_of_term(PowerOfTwo(hole), {"c": value}, {})
        (yes if holds else no).append(f"(= c {literal(value, type_)})")
    assert len(yes) >= 8
    for each in yes:
        assert ask(f"{text}\n(assert {each})") is Verdict.REFUTED, each
    assert ask(f"{text}\n(assert (or {' '.join(no)}))") is Verdict.PROVED


def test_every_op_that_a_rule_could_use_has_a_model() -> None:
    without = {op.name for op in ops.OPS.values() if op not in templates()}
    on_arrays = {op.name for op in ops.ON_ARRAYS}
    assert without == {"lookup", "f64_bits", "f32_bits", *on_arrays}
    assert AnyType.T in ops.SELECT.takes
    assert Kind.ENUM in ops.ENUM_EQ.takes
