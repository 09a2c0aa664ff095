"""Miscompilations of emitted C, one small change of one line each: what a wrong emitter, or a wrong hand, might write."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

_DECLARED = re.compile(r"^ +const (\w+) (\w+) = (.*?);( +/\*.*)?$")
_STORED = re.compile(r"^ +(dagc_(?:state|out)->\w+|dagc_taps\[\d+\]|\*dagc_to_\w+) = (.*);( +/\*.*)?$")
_HEX = re.compile(r"0x([01](?:\.[0-9a-f]+)?)p([+-]\d+)")
_OTHER = {
    " < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == ", " && ": " || ", " || ": " && ",
    " + ": " - ", " - ": " + ", " * ": " + ", " / ": " * ", " & ": " | ", " | ": " & ", " ^ ": " | ",
}  # fmt: skip
_SYMMETRIC = (" + ", " * ", " == ", " != ", " && ", " || ", " & ", " | ", " ^ ")
_SYMMETRIC_HELPERS = ("dagc_iadd", "dagc_imul", "dagc_fma", "dagc_fma_f32", "dagc_fmas", "dagc_fmas_f32")
_OTHER_HELPERS = {
    "dagc_floor": "dagc_ceil", "dagc_ceil": "dagc_floor", "dagc_rint": "dagc_trunc", "dagc_trunc": "dagc_rint",
    "dagc_iadd": "dagc_isub", "dagc_isub": "dagc_iadd", "dagc_idiv": "dagc_imod", "dagc_shl": "dagc_shr", "dagc_shr": "dagc_shl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed file. `is_equal` where operands of a symmetric operator are exchanged and nothing else."""

    what: str
    line: int
    text: bytes
    is_equal: bool = False


def mutants(text: bytes) -> Iterator[Mutant]:
    """Every mutant of the statements of a C file's own functions."""
    lines = text.decode().split("\n")
    for number, line in enumerate(lines):
        for what, changed, is_equal in _changes(line):
            if changed != line:
                yield Mutant(
                    what, number + 1, "\n".join([*lines[:number], changed, *lines[number + 1 :]]).encode(), is_equal
                )
    stored = [number for number, line in enumerate(lines) if _STORED.match(line)]
    for first, second in itertools.pairwise(stored):
        one, other = _STORED.match(lines[first]), _STORED.match(lines[second])
        assert one
        assert other
        if one[2] != other[2]:
            exchanged = [*lines[:first], f"    {one[1]} = {other[2]};", *lines[first + 1 :]]
            yield Mutant("a neighbour's value is stored", first + 1, "\n".join(exchanged).encode())


def _changes(line: str) -> Iterator[tuple[str, str, bool]]:
    declared, stored = _DECLARED.match(line), _STORED.match(line)
    effect = re.match(r"^ +dagc_(store|write|show|put\w*)\(", line)
    if stored or effect:
        yield "a result is not stored", "", False
    if declared is None and stored is None and effect is None:
        return
    if constant := _HEX.search(line):
        yield "constant off by one ulp", line.replace(constant.group(), _next(constant.group()), 1), False
    if integer := re.search(r"(?<=[ (\[])(\d+)(?=[ ,);\]])", line.split("/*")[0]):
        yield "integer off by one", f"{line[: integer.start()]}{int(integer[0]) + 1}{line[integer.end() :]}", False
    if declared is None:
        return
    type_, name, expression, about = declared.groups(default="")

    def with_(changed: str) -> str:
        return f"{line[: line.index('const ')]}const {type_} {name} = {changed};{about}"

    if binary := re.fullmatch(r"(\w+)( (?:[-+*/<>&|^]|[<>=!]=|&&|\|\|) )(\w+)", expression):
        a, symbol, b = binary.groups()
        yield "another operator", with_(f"{a}{_OTHER[symbol]}{b}"), False
        if a != b:
            yield "operands swapped", with_(f"{b}{symbol}{a}"), symbol in _SYMMETRIC
            yield "first operand twice", with_(f"{a}{symbol}{a}"), False
        if symbol in (" + ", " * ", " - ", " / "):
            yield "rounded to binary32", with_(f"(float)({expression})"), type_ == "float"
    if choice := re.fullmatch(r"(.+) \? (\w+) : (\w+)", expression):
        condition, a, b = choice.groups()
        if a != b:
            yield "arms exchanged", with_(f"{condition} ? {b} : {a}"), False
            yield "arm dropped", with_(a), False
    if helper := re.fullmatch(r"(.*?)(dagc_\w+)\((\w+)(?:, (\w+))?(.*)\)", expression):
        cast, called, a, b, rest = helper.groups()
        if called in _OTHER_HELPERS:
            yield "another helper", with_(expression.replace(called, _OTHER_HELPERS[called])), False
        if b and a != b and not called.startswith(("dagc_get", "dagc_flush", "dagc_select")):
            yield "arguments swapped", with_(f"{cast}{called}({b}, {a}{rest})"), called in _SYMMETRIC_HELPERS
        if not b:
            yield "helper dropped", with_(a), False
    if expression.startswith(("(float)", "(double)", "(int32_t)(uint32_t)", "!", "-")):
        is_implied = type_ == "float" and expression.startswith("(float)")  # C converts where it is declared
        yield "cast or sign dropped", with_(re.sub(r"^(\(\w+\))+|^[-!]", "", expression)), is_implied


def _next(text: str) -> str:
    return math.nextafter(float.fromhex(text), math.inf).hex()
