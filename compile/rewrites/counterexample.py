"""A solver's counterexample as a reader wants it, and checked by the ops' own meanings where the format is the op's own."""

from __future__ import annotations

from collections.abc import Mapping

from compile.rewrites.evaluate import value_of_term
from compile.rewrites.pattern import Hole, Rule, holes
from dag.operators.op import AnyType
from dag.values.types import BOOL, F64, I64, Kind, Type, Value
from dag.values.words import show, value_of, word_of


def counterexample(rule: Rule, form: str, words: Mapping[str, int]) -> str:
    """Lines with every hole's word, what is known of it, and what either side of the rule gives."""
    if form == "binary16":
        return "\n".join(f"    {name} = {word:#x}" for name, word in words.items())
    values: dict[str, Value] = {}
    parts: dict[tuple[str, str], Value] = {}
    lines: list[str] = []
    for name, word in words.items():
        path = name.removesuffix(".bits").split(".")
        hole = next(each for each in holes(rule) if each.name == path[0])
        type_ = _type(hole, path[1:], name)
        value = value_of(word, type_)
        if len(path) == 1:
            values[path[0]] = value
        elif path[1] != "log2":
            parts[path[0], path[1]] = value
        lines.append(f"    {'.'.join(path)} = {word:#0{_digits(type_)}x} ({show(value, type_)})")
    result = _result_type(rule, values)
    for side, term in (("left", rule.pattern), ("right", rule.replacement)):
        value = value_of_term(term, values, parts)
        lines.append(f"    {side:5} = {word_of(value, result):#0{_digits(result)}x} ({show(value, result)})")
    return "\n".join(lines)


def _digits(type_: Type) -> int:
    return 2 + {Kind.BOOL: 1, Kind.F32: 8, Kind.I32: 8}.get(type_.kind, 16)


def _type(hole: Hole, path: list[str], name: str) -> Type:
    if path and path[0] in ("nan", "plus_zero", "minus_zero", "zero", "may_be_true", "may_be_false"):
        return BOOL
    return hole.type if isinstance(hole.type, Type) else I64


def _result_type(rule: Rule, values: Mapping[str, Value]) -> Type:
    gives = getattr(getattr(rule.pattern, "op", None), "gives", None) or getattr(rule.pattern, "type", I64)
    if isinstance(gives, Type):
        return gives
    first = next(hole for hole in reversed(holes(rule)) if hole.type != BOOL or gives is not AnyType.T)
    return first.type if isinstance(first.type, Type) else (F64 if isinstance(values[first.name], float) else I64)
