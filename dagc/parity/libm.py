"""Whether libm is why bits differ: the user's code is run again with dagc's own functions instead of libm's."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from dag.language.lift import plain_function
from dag.numbers.recompile import bare_definition, recompiled
from dag.trace.functions import NoSource, function_source
from dagc.parity.sites import LibmCall, called_libm, functions_of, sites_of
from lanes import elementary, num

#: The largest whole power that is tried as a product.
LARGEST_PRODUCT = 64


@dataclass(frozen=True)
class Family:
    """One way of doing without libm: a name for it and what it calls instead of each function."""

    name: str
    functions: Mapping[str, Callable[..., Any]]


def product(x: Any, k: Any, other: Callable[[Any, Any], Any]) -> Any:
    """`x ** k` as dagc has it for whole k: multiplied from left to right; any other power by `other`."""
    if isinstance(x, int) and isinstance(k, int):
        return x**k
    if float(k).is_integer() and 1 <= k <= LARGEST_PRODUCT:
        result = x
        for _ in range(int(k) - 1):
            result = result * x
        return result
    return other(float(x), float(k))


def _power(other: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda x, k: product(x, k, other)


_ELEMENTARY: dict[str, Callable[..., Any]] = {
    name: getattr(elementary, name) for name in ("exp", "expm1", "log", "log1p", "tanh", "sin", "cos", "erf")
}
FAMILIES = (
    Family("products for whole powers, lanes.elementary for the rest", {**_ELEMENTARY, "pow": _power(elementary.pow)}),
    Family("lanes.elementary", {**_ELEMENTARY, "pow": elementary.pow}),
    Family(
        "lanes.num (k_exp, k_log, powc)",
        {"exp": num.k_exp, "log": num.k_log, "pow": _power(num.powc)},
    ),
)


@dataclass(frozen=True)
class BlamedCall:
    """One call of libm and in how many of the examined rows it alone, replaced, brings agreement."""

    site: LibmCall
    alone: int


@dataclass(frozen=True)
class LibmFinding:
    """Of `examined` rows that differ, `explained` agree to the bit once `family` replaces libm at all `sites`."""

    family: str
    examined: int
    explained: int
    sites: tuple[BlamedCall, ...]
    #: The user's code with the family instead of libm.
    without: Any


def without_libm(target: Any, family: Family, sites: Sequence[LibmCall]) -> Any:
    """The user's code, `family` standing for libm at these sites; the rest of it as it is."""
    names = {function: dict(function.__globals__) for function in functions_of(target)}
    made = {
        function: _rewritten(function, family, [site for site in sites if site.function is function], names[function])
        for function in names
    }
    for known in names.values():
        known |= {name: made[plain] for name, value in known.items() if (plain := plain_function(value)) in made}
    if isinstance(target, type):
        methods = {
            name: made[each]
            for base in reversed(target.__mro__)
            for name, each in vars(base).items()
            if _is_in(each, made)
        }
        return type(target.__name__, (target,), methods)
    plain = plain_function(target)
    return target if plain is None else made[plain]


def _is_in(value: Any, made: Mapping[FunctionType, FunctionType]) -> bool:
    return isinstance(value, FunctionType) and value in made


def explain_by_libm(target: Any, examined: int, agreeing: Callable[[Any], int]) -> LibmFinding | None:
    """Which family explains most, if anything, and which calls alone; None where there is no libm.

    `agreeing(code)` says how many of the `examined` rows agree when `code` stands for the user's own.
    """
    sites = sites_of(functions_of(target))
    best: tuple[int, Family, list[LibmCall]] | None = None
    for family in FAMILIES:
        known = [site for site in sites if site.called in family.functions]
        if not known:
            continue
        count = agreeing(without_libm(target, family, known))
        if best is None or count > best[0]:
            best = count, family, known
        if count == examined:
            break
    if best is None:
        return None
    count, family, known = best
    alone = [count] if len(known) == 1 else [agreeing(without_libm(target, family, [site])) for site in known]
    blamed = tuple(BlamedCall(site, each) for site, each in zip(known, alone, strict=True))
    return LibmFinding(family.name, examined, count, blamed, without_libm(target, family, known))


class _Rewriter(ast.NodeTransformer):
    """Calls helpers at the sites of one function."""

    def __init__(self, function: FunctionType, places: Mapping[tuple[int, int], str]) -> None:
        self._function, self._places = function, places

    def generic_visit(self, node: ast.AST) -> ast.AST:
        called = called_libm(self._function, node)
        place = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        super().generic_visit(node)
        if called is None or self._places.get(place) != called:
            return node
        function = ast.copy_location(ast.Name(f"dagc_own_{called}", ast.Load()), node)
        match node:
            case ast.BinOp():
                return ast.copy_location(ast.Call(function, [node.left, node.right], []), node)
            case ast.AugAssign(target=ast.Name(id=name)):
                read = ast.copy_location(ast.Name(name, ast.Load()), node)
                value = ast.copy_location(ast.Call(function, [read, node.value], []), node)
                return ast.copy_location(ast.Assign([node.target], value), node)
            case ast.Call():
                node.func = function
        return node


def _rewritten(
    function: FunctionType, family: Family, sites: Sequence[LibmCall], names: dict[str, Any]
) -> FunctionType:
    """The function with the family's calls at these sites, its globals being `names`; itself where its source is not found."""
    try:
        definition = copy.deepcopy(function_source(function).tree)
    except NoSource:
        return function
    helpers = {f"dagc_own_{site.called}": _on_floats(family.functions[site.called]) for site in sites}
    rewriter = _Rewriter(function, {(site.line, site.column): site.called for site in sites})
    body = [rewriter.visit(statement) for statement in definition.body]
    return recompiled(function, bare_definition(definition, body), helpers, names)


def _on_floats(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with Python's own floats, whatever numpy hands over."""
    return lambda *args: function(*[float(each) if hasattr(each, "dtype") else each for each in args])
