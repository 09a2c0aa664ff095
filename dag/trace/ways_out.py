"""What a lane writes for a function of Python or numpy that it cannot call; over a window, as text that can be put in its place."""

from __future__ import annotations

import ast
import functools
import itertools
import math
import statistics
from enum import Enum
from types import BuiltinFunctionType

import numpy as np

from dag.language.leaves import is_params
from dag.numbers.portable import ELEMENTARY
from dag.trace.frame import Frame
from dag.trace.scalars import type_of
from dag.trace.values import Array, Group, Record, Value, Window
from dag.values.types import F32, F64, I32, Type

#: Functions of many numbers, by what numpy's arrays call them.
_OF_MANY: dict[str, tuple[object, ...]] = {
    "max": (max, np.max),
    "min": (min, np.min),
    "sum": (sum, np.sum, math.fsum),
    "mean": (np.mean, np.average, statistics.mean, statistics.fmean),
    "std": (np.std, statistics.pstdev),
    "var": (np.var, statistics.pvariance),
    "prod": (np.prod, math.prod),
    "any": (any, np.any),
    "all": (all, np.all),
    "sort": (sorted, np.sort),
    "argmax": (np.argmax,),
    "argmin": (np.argmin,),
    "median": (np.median, np.percentile, np.quantile, statistics.median),
}
#: What is written for them where they are given single numbers or a tuple.
_OF_TUPLES = {
    "max": "write max(a, b, c)",
    "min": "write min(a, b, c)",
    "sum": "write sum_seq((a, b, c)) or sum_pairwise((a, b, c)), from dagc, which say in which order they add",
    "mean": "write sum_seq((a, b, c)) / 3.0, with sum_seq from dagc",
    "std": "write mean = sum_seq((a, b)) / 2.0, then sqrt(sum_seq(((a - mean) * (a - mean), (b - mean) * (b - mean))) / 2.0), from dagc",
    "var": "write mean = sum_seq((a, b)) / 2.0, then sum_seq(((a - mean) * (a - mean), (b - mean) * (b - mean))) / 2.0, from dagc",
    "prod": "write a * b * c",
    "any": "write a or b or c",
    "all": "write a and b and c",
    "sort": "choose with min and max, or exchange two values with `(a, b) if a <= b else (b, a)`",
    "median": "the middle of three is max(min(a, b), min(max(a, b), c))",
}
_OTHERS: dict[tuple[object, ...], str] = {
    (np.array, np.asarray, list): "write a tuple: tuple(f(x) for x in xs)",
    (map, filter): "write tuple(f(x) for x in xs)",
    (itertools.product,): "write one loop inside the other: `for i in range(3):`, and in it `for j in range(2):`",
    (functools.reduce,): "write a loop: `for each in xs: total = f(total, each)`",
    (functools.partial,): "write a function with `def` that gives the arguments",
    (sorted, np.sort): "choose with min and max, or exchange two values with `(a, b) if a <= b else (b, a)`",
    (set, frozenset): "write a tuple: (a, b, c)",
    (str, repr, format): "a lane has numbers, bools and members of an Enum; text is made outside",
    (getattr, hasattr): "write the field: quote.bid",
    (np.argmax, np.argmin): "keep the best and its place in a loop: `best, at = (x, i) if x > best else (best, at)`",
    (np.linspace, np.arange): "write tuple(0.5 * i for i in range(8))",
    (np.zeros, np.ones, np.full): "write a tuple, (0.0,) * 8, or carry an array: carry(initial=array(8, 0.0))",
    (np.cumsum, np.diff): "write a loop, or zip(items[:-1], items[1:]) for neighbours",
    (dict,): "use a frozen dataclass, or choose with if / elif / else",
    (print,): "give the value a name: `dagc tap` shows it at any bar",
    (isinstance, type): "types are declared, and known when the graph is built",
    (pow,): "write x ** 3, or take another power: from lanes.elementary import pow",
}
_ZEROS: dict[Type | None, str] = {F64: "0.0", F32: "float32(0.0)", I32: "int32(0)"}


def instead(frame: Frame, call: ast.Call, target: object, first: Value | None) -> str:
    """The way out for a function that lanes do not call; `first` is its first argument."""
    name = frame.text(call.func)
    if (written := _written_as(frame, call, target)) is not None:
        return written
    if target is pow and len(call.args) == 3 and not call.keywords:
        base, exponent, modulus = (_in_place(frame, each) for each in call.args)
        return f"write {base} ** {exponent} % {modulus}: as in Python where the power fits 64 bits, which the compiler checks"
    many = many_of(target)
    if many is not None and isinstance(first, Window):
        return over_window(frame, many, call.args[0], first)
    if many in _OF_TUPLES:
        return _OF_TUPLES[many]
    for functions, way in _OTHERS.items():
        if any(target is each for each in functions):
            return way
    if isinstance(target, functools.partial):
        return f"write {name} with `def`: it calls {getattr(target.func, '__name__', 'the function')} with what is held"
    if type(target).__name__ == "ufunc" and getattr(target, "__name__", "") in ELEMENTARY:
        return f"{name} is libm's and differs between machines: from lanes.elementary import {getattr(target, '__name__', '')}"
    if isinstance(target, type) and issubclass(target, Enum) and len(call.args) == 1 and (members := list(target)):
        value, last = _in_place(frame, call.args[0]), members[-1]
        chosen = "".join(f"{name}.{each.name} if {value} == {each.value!r} else " for each in members[:-1])
        return f"choose the member: {chosen}{name}.{last.name}"
    if isinstance(target, type) and issubclass(target, tuple):
        return f"make `{target.__name__}` a dataclass: @dataclass(frozen=True), with the same fields"
    if isinstance(target, BuiltinFunctionType) and target.__module__ == "math":
        differs = f"{name} is libm's and differs between machines"
        if target.__name__ in ELEMENTARY:
            return f"{differs}: from lanes.elementary import {target.__name__}"
        return f"{differs}: make it of the functions of lanes.elementary, which are made of basic operations"
    return "move it out of the lane; a lane only computes"


#: By function: how many arguments it takes, and the replacement to suggest with the text of each filled in.
_WRITTEN: dict[object, tuple[int, str]] = {
    np.nan_to_num: (1, "{0} if {0} == {0} else 0.0"),
    np.multiply: (2, "{0} * {1}"),
    np.divide: (2, "{0} / {1}"),
    np.add: (2, "{0} + {1}"),
    np.subtract: (2, "{0} - {1}"),
    np.negative: (1, "-{0}"),
    np.round: (1, "rint({0}), with rint from dagc"),
    np.dot: (2, "sum_seq(tuple(a * b for a, b in zip({0}, {1}))), with sum_seq from dagc"),
    math.prod: (1, "a * b * c, or a loop: product = product * each"),
    math.dist: (
        2,
        "sqrt(sum_seq(tuple((a - b) * (a - b) for a, b in zip({0}, {1})))), with sqrt and sum_seq from dagc",
    ),
    math.fmod: (2, "{0} - trunc({0} / {1}) * {1}, with trunc from dagc; its last bit can differ from fmod's"),
    math.hypot: (2, "sqrt({0} * {0} + {1} * {1}), with sqrt from dagc"),
    np.hypot: (2, "sqrt({0} * {0} + {1} * {1}), with sqrt from dagc"),
    math.degrees: (1, "{0} * (180.0 / math.pi)"),
    math.radians: (1, "{0} * (math.pi / 180.0)"),
    math.isclose: (2, "abs({0} - {1}) <= 1e-9 * max(abs({0}), abs({1}))"),
    math.pow: (2, "pow({0}, {1}), from lanes.elementary: math.pow is libm's and differs between machines"),
    np.power: (2, "pow({0}, {1}), from lanes.elementary: numpy's is libm's and differs between machines"),
    pow: (2, "{0} ** {1}"),
    map: (2, "tuple({0}(each) for each in {1})"),
    filter: (2, "a loop that counts what {0}(each) holds for: `total = total + (each if {0}(each) else 0.0)`"),
    functools.reduce: (3, "a loop: `total = {2}`, then `for each in {1}: total = {0}(total, each)`"),
}


def _written_as(frame: Frame, call: ast.Call, target: object) -> str | None:
    """The replacement to suggest for a call, with its own arguments; None where there is none for that many arguments."""
    if any(target is each for each in (np.array, np.asarray, list)) and len(call.args) == 1 and not call.keywords:
        match call.args[0]:
            case ast.ListComp(element, generators) | ast.GeneratorExp(element, generators):
                return f"write tuple{ast.unparse(ast.GeneratorExp(element, generators))}"
            case ast.List(items) if items:
                return f"write a tuple: {ast.unparse(ast.Tuple(items, ast.Load()))}"
            case _:
                return None
    row = next((row for function, row in _WRITTEN.items() if target is function), None)
    if (
        row is None
        or call.keywords
        or len(call.args) != row[0]
        or any(isinstance(each, ast.Starred) for each in call.args)
    ):
        return None
    return f"write {row[1].format(*(_in_place(frame, each) for each in call.args))}"


def _in_place(frame: Frame, at: ast.expr) -> str:
    """The code of an argument, in parentheses where it is put beside an operator."""
    text = one_line(frame, at)
    return f"({text})" if isinstance(at, ast.BinOp | ast.UnaryOp | ast.IfExp | ast.Lambda) else text


def many_of(target: object) -> str | None:
    """Which function of many numbers this is, None for another one."""
    return next((name for name, all_of in _OF_MANY.items() if any(target is each for each in all_of)), None)


def over_window(frame: Frame, many: str, at: ast.expr, window: Window, begin: str = "") -> str:
    """What to write for `max(past)`, and other functions of many numbers, where `at` is the window. `begin` is what the lane
    gives beside it."""
    given, begin = begin, begin or start(frame, window)
    past = one_line(frame, at)
    nought = zero(frame, window)
    count = f"max(len({_plain(frame, at)}), 1)"
    match many:
        case "max" | "min" if not given and isinstance(at, ast.Name):
            of_all = f"({many}_seq({past}, {past}[0]) if len({past}) > 0 else {begin})"
            return f"write `{of_all}`: a window may be empty; {many}_seq({past}, {begin}) is the {many} of {begin} too"
        case "max" | "min":
            return f"write {many}_seq({past}, {begin}): the {many} of {begin} and of all values of the window, which may be empty"
        case "sum":
            mean = f"; for a mean, divide by {count}: a window may be empty" if _type(frame, window) == F64 else ""
            return f"write sum_seq({past}, {nought}), from the oldest to the newest{mean}"
        case "mean":
            return f"write sum_seq({past}, {nought}) / {count}: a window may be empty"
        case "std" | "var":
            squares = f"sum_seq(((v - mean) * (v - mean) for v in {past}), {nought}) / {count}"
            spread = f"sqrt({squares})" if many == "std" else squares
            return f"write mean = sum_seq({past}, {nought}) / {count}, then {spread}"
        case "any" | "all":
            return f"write {many}{past}" if past.startswith("(") else f"write {many}({past})"
        case "argmax" | "argmin":
            best = f"{many[3:]}_seq({past}, {past}[0]) if len({past}) > 0 else {begin}"
            place = f"min_seq((i if v == best else len({past}) for i, v in enumerate({past})), len({past}))"
            return f"write best = {best}, then the place of the first that is: {place}"
        case "sort" | "median":
            ends = f"min_seq({past}, {begin}) and max_seq({past}, {begin})"
            return f"its ends are {ends}; for a quantile: from lanes.distrack import p2_quantile"
        case _:
            return (
                f"fold it: sum_seq({past}, {nought}), min_seq, max_seq; carry a product: product = carry(initial=1.0)"
            )


def start(frame: Frame, window: Window) -> str:
    """What a fold over a window may begin with: the value that it keeps, or zero."""
    return window.kept or zero(frame, window)


def zero(frame: Frame, window: Window) -> str:
    """The zero that a fold over a window may begin with."""
    return _ZEROS.get(_type(frame, window), "0")


def _type(frame: Frame, window: Window) -> Type | None:
    return type_of(frame, window.item)


def _plain(frame: Frame, at: ast.expr) -> str:
    """The window that an expression goes over."""
    return one_line(frame, at.generators[0].iter if isinstance(at, ast.GeneratorExp) else at)


def instead_of_mutation(frame: Frame, target: ast.expr) -> str:
    """What to write for an assignment to `target`, an item or an attribute."""
    match target:
        case ast.Subscript(ast.Name(name), at):
            held, index = frame.env.get(name), one_line(frame, at)
            if isinstance(held, Array):
                return f"write {name} = put({name}, {index}, value)"
            place = at.value if isinstance(at, ast.Constant) and isinstance(at.value, int) else -1
            if isinstance(held, Group) and 0 <= place < len(held.items):
                before = [f"*{name}[:{place}]"] if place else []
                after = [f"*{name}[{place + 1}:]"] if place + 1 < len(held.items) else []
                return f"build a new tuple: {name} = ({', '.join([*before, 'value', *after])}{'' if before or after else ','})"
            return (
                f"carry an array: {name} = carry(initial=array(5, 0.0)), then {name} = put({name}, {index}, value); "
                "or build a new tuple and give it a name"
            )
        case ast.Attribute(ast.Name(name), field):
            held = frame.env.get(name)
            if isinstance(held, Record) and is_params(held.cls):
                return f"a parameter has one writer, its binding; give the other value a name: {field} = ... if ... else {name}.{field}"
            if isinstance(held, Record) and field in held.fields:
                return f"build a new record: {name} = replace({name}, {field}=value), with replace from dataclasses"
        case _:
            pass
    return "lanes mutate nothing: build a new tuple or dataclass and give it a name"


def instead_of_effect(frame: Frame, name: str, method: str, arguments: list[ast.expr]) -> str:
    """What to write for `name.method(...)`, a call for its effect."""
    if method in ("append", "appendleft") and len(arguments) == 1:
        value, held = one_line(frame, arguments[0]), frame.env.get(name)
        if isinstance(held, Group) and held.items:
            moved = f"(*{name}[1:], {value})" if method == "append" else f"({value}, *{name}[:-1])"
            return f"keep a tuple of one length: {name} = {moved}; or keep the last values: {name} = window({value}, {len(held.items)})"
        return f"keep the last values: {name} = window({value}, 5), with window from dagc"
    return "lanes mutate nothing: build a new tuple or dataclass and give it a name"


def one_line(frame: Frame, at: ast.AST) -> str:
    """The code of `at` without its line breaks."""
    return " ".join(frame.text(at).split())
