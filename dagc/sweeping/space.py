"""A search space: which parameters vary, how, what must hold between them, and how bindings are drawn from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dag.graphs.graph import Graph, Param
from dag.values.types import Kind, Type, Value
from dagc.debugging.naming_help import did_you_mean
from dagc.sweeping.constraints import Constraint
from dagc.sweeping.problem import SweepProblem

#: How bindings may be drawn: every combination, a Latin hypercube, a Sobol sequence, independent draws, around the preset.
METHODS = ("grid", "latin", "sobol", "even", "around")


@dataclass(frozen=True, slots=True)
class Range:
    """The values from `low` to `high`: evenly, or by ratio where `is_log`; `points` of them in a grid."""

    low: float
    high: float
    is_log: bool = False
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """One of these values, in this order."""

    values: tuple[Value, ...]


@dataclass(frozen=True)
class Space:
    """What varies. Parameters that are not in it have the value in `fixed`, or their default.

    `spread` is how far "around" goes from the preset, as a share of each value.
    """

    varies: Mapping[str, Range | Choices]
    method: str = "even"
    count: int | None = None
    seed: int = 0
    constraints: tuple[Constraint, ...] = ()
    fixed: Mapping[str, Value] = field(default_factory=dict[str, Value])
    spread: float = 0.1


_KEYS = ("method", "count", "seed", "spread", "parameters", "constraints", "fixed")
_RANGE_KEYS = ("low", "high", "scale", "points", "values")


def space_of(document: Mapping[str, Any], graph: Graph, where: str = "the space") -> Space:
    """The space that a mapping declares, as a TOML file has it. Raises SweepProblem, naming every mistake at once."""
    problems: list[str] = []
    params = {param.name: param for param in graph.params}
    _known(document, _KEYS, where, problems)
    method = document.get("method", "even")
    if method not in METHODS:
        problems.append(f"method = {method!r}: expected one of {', '.join(METHODS)}")
    varies: dict[str, Range | Choices] = {}
    for name, said in _entries(document.get("parameters", {}), params):
        if name not in params:
            problems.append(f"`{name}` is no parameter of `{graph.name}`: {did_you_mean(name, tuple(params))}")
            continue
        found = _varying(params[name], graph.types[params[name].node], said, problems)
        if found is not None:
            varies[name] = found
    constraints = tuple(
        each
        for text in _list(document, "constraints", problems)
        if (each := _constraint(str(text), tuple(params), problems)) is not None
    )
    fixed = dict(_entries(document.get("fixed", {}), params))
    for name in fixed.keys() & varies.keys():
        problems.append(f"`{name}` varies and is fixed: leave it out of one of them")
    if not varies:
        problems.append("no parameter varies: give [space.parameters], such as  speed = { low = 0.1, high = 0.9 }")
    seed = _whole(document, "seed", 0, 0, (1 << 63) - 1, problems)
    count = _whole(document, "count", None, 1, 1 << 40, problems)
    spread = document.get("spread", 0.1)
    if not isinstance(spread, int | float) or isinstance(spread, bool) or not 0.0 < spread <= 1.0:
        problems.append(f"spread = {spread!r}: expected a share above 0 and at most 1")
    if problems:
        raise SweepProblem(f"{where} is not usable" + "".join(f"\n  {each}" for each in problems))
    return Space(varies, str(method), count, seed or 0, constraints, fixed, float(spread))


def _known(document: Mapping[str, Any], keys: Sequence[str], where: str, problems: list[str]) -> None:
    for key in document:
        if key not in keys:
            problems.append(f"{where} says `{key}`; there are {', '.join(keys)}")


def _entries(document: Any, params: Mapping[str, Param], prefix: str = "") -> list[tuple[str, Any]]:
    """What is written of each parameter: TOML makes a table of tables of a dotted name."""
    found: list[tuple[str, Any]] = []
    for key, written in document.items() if isinstance(document, Mapping) else ():
        name = f"{prefix}{key}"
        inside = isinstance(written, Mapping) and name not in params and not set(written) & set(_RANGE_KEYS)
        found += _entries(written, params, f"{name}.") if inside else [(name, written)]
    return found


def _varying(param: Param, type_: Type, said: Any, problems: list[str]) -> Range | Choices | None:
    name = f"`{param.name}`"
    if isinstance(said, list):
        said = {"values": said}
    if not isinstance(said, Mapping):
        problems.append(f"{name} = {said!r}: expected {{ low = ..., high = ... }} or a list of values")
        return None
    _known(said, _RANGE_KEYS, name, problems)
    if "values" in said:
        return _choices(param, type_, said["values"], problems)
    if type_.kind in (Kind.BOOL, Kind.ENUM):
        problems.append(f"{name} is {type_}: expected a list of values")
        return None
    low: Any = said.get("low")
    high: Any = said.get("high")
    if not _is_number(low) or not _is_number(high) or not low < high:
        problems.append(f"{name}: expected low < high, got low = {low!r}, high = {high!r}")
        return None
    scale = said.get("scale", "linear")
    if scale not in ("linear", "log") or (scale == "log" and not low > 0):
        problems.append(f'{name}: scale = {scale!r}: expected "linear", or "log" with low above 0')
        return None
    for end, value in (("low", low), ("high", high)):
        if not param.domain.contains(value):
            problems.append(f"{name}: {end} = {value!r} is outside its domain {param.domain}")
    points = said.get("points")
    if points is not None and (not isinstance(points, int) or isinstance(points, bool) or points < 2):
        problems.append(f"{name}: points = {points!r}: expected a whole number, at least 2")
        points = None
    return Range(float(low), float(high), scale == "log", points)


def _choices(param: Param, type_: Type, values: Any, problems: list[str]) -> Choices | None:
    codes = dict(type_.members.codes) if type_.members is not None else {}
    if not isinstance(values, list) or not values:
        problems.append(f"`{param.name}`: values = {values!r}: expected a list that is not empty")
        return None
    found: list[Value] = []
    for value in values:
        code: Any = codes.get(value, value) if isinstance(value, str) else value
        fits = _is_number(code) or (type_.kind is Kind.BOOL and isinstance(code, bool))
        if not fits or (not type_.is_float and code != int(code)) or not param.domain.contains(code):
            problems.append(f"`{param.name}`: {value!r} is outside its domain {param.domain}")
            return None
        found.append(float(code) if type_.is_float else bool(code) if type_.kind is Kind.BOOL else int(code))
    return Choices(tuple(found))


def _constraint(text: str, names: tuple[str, ...], problems: list[str]) -> Constraint | None:
    try:
        return Constraint.of(text, names)
    except SweepProblem as problem:
        problems.append(str(problem))
        return None


def _list(document: Mapping[str, Any], key: str, problems: list[str]) -> list[Any]:
    found = document.get(key, [])
    if not isinstance(found, list):
        problems.append(f"{key} = {found!r}: expected a list")
        return []
    return found


def _whole(
    document: Mapping[str, Any], key: str, default: int | None, least: int, most: int, problems: list[str]
) -> int | None:
    found = document.get(key, default)
    if found is not None and (not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most):
        problems.append(f"{key} = {found!r}: expected a whole number from {least} to {most}")
        return default
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value
