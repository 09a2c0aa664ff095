"""`@lane`: a pure function that runs on numbers and can be traced into a graph."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeAlias, TypeVar

if TYPE_CHECKING:
    from dag.numeric import Stream

P = ParamSpec("P")
R = TypeVar("R", covariant=True)


class Lane(Generic[P, R]):
    """A lane. Calling it with numbers is calling the Python function; `dag.trace.trace` gives its graph."""

    def __init__(self, function: Callable[P, R]) -> None:
        if not isinstance(function, FunctionType):
            raise TypeError(f"@lane decorates a function, not {function!r}")
        functools.update_wrapper(self, function)
        self.function: FunctionType = function
        self.name: str = function.__name__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The value on numbers; `carry` gives its initial value, as on the first bar."""
        from dag.numeric import numeric_function  # it knows lanes, so it cannot be imported above

        run: Callable[P, R] = numeric_function(self.function)
        return run(*args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Stream[R]:
        """An object that holds this lane's state: call it with the inputs of one bar after another.

        The parameters (the arguments that stay the same from bar to bar) are given here.
        """
        from dag.numeric import Stream

        return Stream(self, *args, **kwargs)

    def __repr__(self) -> str:
        return f"<lane {self.function.__module__}.{self.name}>"


#: A lane of any signature.
AnyLane: TypeAlias = Lane[..., Any]


def lane(function: Callable[P, R]) -> Lane[P, R]:
    """Declare a lane. Arguments and result are annotated; the body is the pure subset that docs/language.md describes."""
    return Lane(function)
