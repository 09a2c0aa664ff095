"""A Python function with dagc's own functions substituted for those of libm."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

#: What `**` of floats is called among the globals of a copied function: no name that Python's text could mean.
POWER = "**"


@dataclass(frozen=True)
class Portable:
    """What stands for a function of libm, by the function (`math.exp`, `numpy.exp`), and for `x ** y` of floats."""

    functions: Mapping[Any, Any]
    power: Any


class _Namespace(ModuleType):
    """A module, some of whose functions are others."""

    def __init__(self, module: ModuleType, functions: Mapping[Any, Any]) -> None:
        super().__init__(module.__name__, module.__doc__)
        self._module, self._functions = module, functions

    def __getattr__(self, name: str) -> Any:
        return _replaced(getattr(self._module, name), self._functions)


def portable_copy(function: FunctionType, portable: Portable | None) -> FunctionType:
    """A copy of `function`, and of the Python functions that it calls, whose globals mean what `portable` says."""
    return _Copies(portable).of(function)


class _Copies:
    """Copies of functions that call each other; each function is copied once."""

    def __init__(self, portable: Portable | None) -> None:
        self._portable = portable
        self._made: dict[FunctionType, FunctionType] = {}

    def of(self, function: FunctionType) -> FunctionType:
        if function in self._made:
            return self._made[function]
        names = function.__globals__ if self._portable is None else dict(function.__globals__)
        copied = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
        copied.__kwdefaults__, copied.__doc__, copied.__module__ = (
            function.__kwdefaults__,
            function.__doc__,
            function.__module__,
        )
        copied.__qualname__, copied.__annotations__ = function.__qualname__, dict(function.__annotations__)
        self._made[function] = copied
        if self._portable is not None:
            names[POWER] = self._portable.power
            for name in function.__code__.co_names:
                if name in names:
                    names[name] = self._meaning(names[name])
        return copied

    def _meaning(self, value: Any) -> Any:
        assert self._portable is not None
        if isinstance(value, ModuleType):
            return _Namespace(value, self._portable.functions)
        inner = getattr(value, "py_func", value)
        if isinstance(inner, FunctionType):
            return self.of(inner)
        return _replaced(value, self._portable.functions)


def _replaced(value: Any, functions: Mapping[Any, Any]) -> Any:
    try:
        return functions.get(value, value)
    except TypeError:  # not hashable
        return value


def is_libm(function: object) -> bool:
    """Whether Python or numpy hand this function to libm, whose last bits differ between machines."""
    name = getattr(function, "__name__", "")
    module = getattr(function, "__module__", None) or ""
    is_numpy = type(function).__name__ == "ufunc"
    return (module == "math" or is_numpy) and name in LIBM and (is_numpy or getattr(math, name, None) is function)


#: The functions of libm, by their names in `math` and numpy.
LIBM = frozenset(
    {"exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "pow", "power", "float_power", "cbrt", "hypot",
     "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "arcsin", "arccos", "arctan", "arctan2",
     "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "arcsinh", "arccosh", "arctanh", "erf", "erfc", "gamma", "lgamma"}
)  # fmt: skip

#: Functions of `math` that lanes.elementary has under the same name.
ELEMENTARY = frozenset({"exp", "expm1", "log", "log1p", "pow", "tanh", "sin", "cos", "erf"})
