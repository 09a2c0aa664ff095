"""`lift`: a plain Python function as a lane, without a change to its source."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from types import FunctionType
from typing import Annotated, Any

from dag.language.lane import KEEP, Lane
from dag.language.shapes import Ends, Unit, domain
from dag.numbers.portable import Portable, portable_copy

#: A domain as it may be given to `lift`: `domain(...)`, or the two ends.
GivenDomain = Ends | tuple[float, float]


class LiftedLane(Lane[..., Any]):
    """A lane whose function somebody wrote as plain Python.

    `original` is that function, `tunable` the arguments that are parameters; arguments in `fixed` are what their defaults say.
    """

    def __init__(
        self,
        function: FunctionType,
        original: FunctionType,
        tunable: frozenset[str],
        fixed: frozenset[str],
        subnormals: str,
    ) -> None:
        super().__init__(function, subnormals=subnormals)
        self.original, self.tunable, self.fixed = original, tunable, fixed
        function.__dict__["__dag_lifted__"] = self


def lift(
    function: Callable[..., Any],
    *,
    units: Mapping[str, str] | None = None,
    domains: Mapping[str, GivenDomain] | None = None,
    types: Mapping[str, Any] | None = None,
    returns: Any = None,
    fixed: Collection[str] = (),
    libm: Portable | None = None,
    subnormals: str = KEEP,
) -> LiftedLane:
    """`function` as a lane, its source left as it is. A function compiled by numba is seen through to its Python.

    Arguments without a default are inputs. Those whose default is a number, bool or Enum member are parameters with that
    default; those with any other default, and the names in `fixed`, are held at it, so that a loop may run that often.

    units     argument name -> unit; what is left out is a plain ratio
    domains   argument name -> `domain(...)` or (lo, hi), ends included
    types     argument name -> annotation; else the function's own annotation, else the type of the default, else float
    returns   the unit of one float as a string, or any annotation; else the function's own annotation, else a plain float
    libm      what stands for the functions of libm and for `**`: see `dagc.lift`, which has dagc's own
    Errors    TypeError for what has no Python source, or a name that is no argument; what lies outside the language is
              reported when the lane is built, at the function's own lines
    """
    original = plain_function(function)
    if original is None:
        raise TypeError(f"lift takes a Python function, or one compiled by numba, not {function!r}")
    signature = inspect.signature(original)
    given: dict[str, Collection[str]] = {"units": units or {}, "domains": domains or {}, "types": types or {}}
    for option, names in (given | {"fixed": fixed}).items():
        for name in names:
            if name not in signature.parameters:
                raise TypeError(f"lift({original.__name__}, {option}=...): there is no argument `{name}`")
    defaults = {name: each.default for name, each in signature.parameters.items() if each.default is not each.empty}
    for name in fixed:
        if name not in defaults:
            raise TypeError(f"lift({original.__name__}, fixed=...): `{name}` has no default to be held at")
    tunable = frozenset(n for n, value in defaults.items() if n not in fixed and isinstance(value, int | float | Enum))
    declared: dict[str, Any] = {}
    known = _annotations(original)
    for name in signature.parameters:
        if name in defaults and name not in tunable:
            continue
        annotation = (types or {}).get(name, known.get(name, _type_of(defaults.get(name, 0.0))))
        extras = [Unit(units[name])] if units and name in units else []
        ends = [_ends(domains[name])] if domains and name in domains else []
        declared[name] = _annotated(annotation, (*extras, *ends))
    result = known.get("return", float) if returns is None else returns
    declared["return"] = Annotated[float, Unit(result)] if isinstance(result, str) and returns is not None else result
    copied = portable_copy(original, libm)
    copied.__annotations__ = declared
    return LiftedLane(copied, original, tunable, frozenset(defaults) - tunable, subnormals)


def plain_function(function: object) -> FunctionType | None:
    """The Python function that `function` is, or was compiled from: numba keeps it as `.py_func`. None where there is none."""
    inner = getattr(function, "py_func", function)
    return inner if isinstance(inner, FunctionType) else None


def lifted_from(function: FunctionType) -> LiftedLane | None:
    """The lifted lane that runs this function, or None."""
    found = function.__dict__.get("__dag_lifted__")
    return found if isinstance(found, LiftedLane) else None


def _annotations(function: FunctionType) -> dict[str, Any]:
    """The function's own annotations, evaluated where they can be."""
    held = dict(function.__annotations__)
    for name, annotation in held.items():
        if isinstance(annotation, str):
            try:
                held[name] = eval(annotation, dict(function.__globals__))
            except (Exception, SystemExit):
                continue  # reported when the lane is built, at its place
    return held


def _annotated(annotation: Any, extras: tuple[object, ...]) -> Any:
    for extra in extras:
        annotation = Annotated[annotation, extra]
    return annotation


def _type_of(default: object) -> Any:
    if isinstance(default, Enum):
        return type(default)
    return bool if isinstance(default, bool) else int if isinstance(default, int) else float


def _ends(given: GivenDomain) -> Ends:
    return given if isinstance(given, Ends) else domain(given[0], given[1])
