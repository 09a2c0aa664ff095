"""`@lane`: a pure function that runs on numbers and can be traced into a graph."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeAlias, TypeVar, overload

if TYPE_CHECKING:
    from dag.numbers.running import Stream

P = ParamSpec("P")
R = TypeVar("R", covariant=True)


#: What becomes of subnormal numbers in the graph of a lane.
KEEP, FLUSH = "keep", "flush"


class Lane(Generic[P, R]):
    """A lane. Calling it with numbers is calling the Python function; `dag.trace.trace` gives its graph."""

    def __init__(self, function: Callable[P, R], taps: bool = True, subnormals: str = KEEP) -> None:
        if not isinstance(function, FunctionType):
            raise TypeError(f"@lane decorates a function, not {function!r}")
        functools.update_wrapper(self, function)
        self.function: FunctionType = function
        self.name: str = function.__name__
        self.taps = taps
        if subnormals not in (KEEP, FLUSH):
            raise ValueError(f'@lane(subnormals={subnormals!r}): write "{KEEP}" or "{FLUSH}"')
        self.subnormals = subnormals
        self.arguments = frozenset(inspect.signature(function).parameters)

    @overload
    def __call__(self, /, *args: P.args, **kwargs: P.kwargs) -> R: ...
    @overload
    def __call__(self, /, *args: Any, when: bool, initial: Any, **kwargs: Any) -> R: ...
    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """The value on numbers; `carry` gives its initial value, as on the first bar.

        With `when=` and `initial=` the call is held: it updates where `when` is true only, and everything carried inside with
        it; on all other bars its value is that of the last update, `initial` before there was one. The bar of the first
        update is the first bar inside. Raises TypeError for `when` without `initial`.
        """
        return self.on_numbers(*args, **kwargs)

    def on_numbers(self, /, *args: Any, **kwargs: Any) -> Any:
        """What a call is; a slot runs what is plugged into it."""
        from dag.numbers.running import held_call, lane_function

        if "when" in kwargs and "when" not in self.arguments:
            return held_call(self.function, args, kwargs)
        run = lane_function(self.function)
        return run(*args, **kwargs)

    def stream(self, /, *args: Any, **kwargs: Any) -> Stream[R]:
        """An object that holds this lane's state: call it with the inputs of one bar after another.

        The parameters (the arguments that stay the same from bar to bar) are given here.
        """
        from dag.numbers.running import Stream

        return Stream(self, *args, **kwargs)

    def __repr__(self) -> str:
        return f"<lane {self.function.__module__}.{self.name}>"


#: A lane of any signature.
AnyLane: TypeAlias = Lane[..., Any]


@overload
def lane(function: Callable[P, R], /) -> Lane[P, R]: ...
@overload
def lane(*, taps: bool = True, subnormals: str = KEEP) -> Callable[[Callable[P, R]], Lane[P, R]]: ...
def lane(function: Callable[P, R] | None = None, /, *, taps: bool = True, subnormals: str = KEEP) -> Any:
    """Declare a lane. Arguments and result are annotated; the body is the pure subset that docs/language.md describes.

    `@lane(taps=False)` keeps the variables of the lane, and of all it calls, out of the taps: for a function whose insides are
    nobody's business, such as an exponential of 500 operations. Its nodes are still there and are still compared through
    what becomes of them. It answers for its own hazards: a zero divisor or an overflow inside is what it means.

    `@lane(subnormals="flush")` on the lane that is built makes every subnormal number of its graph a zero, in all backends
    alike: smaller hardware, and averages that decay to nothing. The lanes it calls go with it; to call it from a lane that
    keeps them is an error. On numbers it is still plain Python, which keeps subnormals: the emitted interpreter is the
    reference of that profile.
    """
    if function is None:
        return functools.partial(Lane, taps=taps, subnormals=subnormals)
    return Lane(function, taps, subnormals)
