"""Running a lane on numbers: the reference that every backend is compared with.

A lane called with numbers is CPython running the lane's own source, with few differences that are made once, by rewriting
its syntax tree: `x ** k` with a whole `k` is left-to-right multiplication (libm's `pow` differs in the last bit on
about one input in four), and `carry` reads and keeps state. What is declared `float32` or `int32` is one (`dag.language.declared_types`),
and what Python and numpy would compute otherwise beside such numbers is called instead (`dag.numbers.functions`). File name, lines and columns stay, so a traceback or a
debugger shows the user's own code. Everything else, `1.0 / 0.0` raising included, is CPython's.

State belongs to a `Stream`. Inside one bar every call of a function has its own place, named by the path of calls that
leads to it (`dag.graphs.call_path`), so a lane that carries may be called twice and nests freely. Without a stream a call is a
first bar.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any, Generic, ParamSpec, TypeVar

from dag.graphs.call_path import NOWHERE, RESULT, CallPath, CallsMade, Site, full_name, held_name
from dag.language.carry import check_lookback
from dag.language.declared_types import constructor, conversion_of, in_declared_types, replaced
from dag.language.lane import Lane
from dag.language.leaves import is_params
from dag.numbers.deep import nesting_deeply
from dag.numbers.functions import ON_NUMBERS
from dag.numbers.portable import POWER
from dag.numbers.recompile import recompiled
from dag.numbers.rewriting import Rewriter, definition_of, is_replaced, outer_names
from dag.values.binary32 import FLOAT32, is_narrow

P = ParamSpec("P")

R = TypeVar("R")

#: What every call keeps for the next bar, by name; `updates of x` counts the bars that updated `x`.
_States = dict[CallPath, dict[str, Any]]

Kept = Mapping[CallPath, Mapping[str, Any]]

# --- state ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Call:
    """One running call: where it stands, the states from before the bar, and those it leaves for the next."""

    path: CallPath = ()
    before: Kept = field(default_factory=dict[CallPath, Mapping[str, Any]])
    after: _States = field(default_factory=dict[CallPath, dict[str, Any]])
    made: CallsMade = field(default_factory=CallsMade)
    #: Where the call stands that is being made.
    site: Site = NOWHERE
    #: The carried names that this bar does not update, and the number of updates after which each name is warm.
    held: set[str] = field(default_factory=set[str])
    warm_up: dict[str, int] = field(default_factory=dict[str, int])
    #: What the windows of this call hold on the next bar, and how often they were updated.
    windows: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def kept(self) -> Mapping[str, Any]:
        """What this call kept on the bars before."""
        return self.before.get(self.path, {})

    def inner(self, name: str) -> _Call:
        """The next call that this one makes of the function `name`."""
        step, self.site = self.made.step(name, self.site), NOWHERE
        return _Call((*self.path, step), self.before, self.after)


_running: ContextVar[_Call | None] = ContextVar("dagc_running_call", default=None)


@contextmanager
def _inside(call: _Call) -> Iterator[None]:
    token = _running.set(call)
    try:
        yield
    finally:
        _running.reset(token)


def _carried(name: str, initial: R, when: bool = True, lifetime: object = None, warm_up: int = 0) -> R:
    """What `name` held at the end of the last bar that updated it, `initial` before there was one."""
    call = _running.get()
    assert call is not None, "a function that carries always runs inside a call"
    if not when:
        call.held.add(name)
    call.warm_up[name] = warm_up
    value: R = call.kept.get(name, initial)
    if is_narrow(initial):  # a literal may have been kept
        narrow: Any = type(initial)
        value = narrow(value)
    return value


def _windowed(name: str, value: R, length: int, when: bool = True, longest: int | None = None) -> tuple[R, ...]:
    """What the window `name` holds before this bar; `value` is in it on the next."""
    check_lookback(length, longest)
    call = _running.get()
    assert call is not None, "a function with a window always runs inside a call"
    past: tuple[R, ...] = call.kept.get(name, ())
    call.windows[name] = (*past, value)[-(longest or length) :] if when else past
    count = updates_of(name)
    call.windows[count] = call.kept.get(count, 0) + bool(when)
    return past[-length:]


def updates_of(name: str) -> str:
    """What the number of updates of a carried name or a window is kept as: no name of Python's."""
    return f"updates of {name}"


def _warm(name: str) -> bool:
    """Whether `name` had as many updates as it takes."""
    call = _running.get()
    assert call is not None, "a function that carries always runs inside a call"
    updates: int = call.kept.get(updates_of(name), 0)
    return updates >= call.warm_up[name]


def _keeping(result: R, /, **values: Any) -> R:
    """Keep the last values of the carried names for the next bar; the lane's result passes through."""
    call = _running.get()
    assert call is not None, "a function that carries always runs inside a call"
    kept = {**call.kept, **call.windows}
    for name, value in values.items():
        if name not in call.held:
            kept[name] = value
            count = updates_of(name)
            kept[count] = kept.get(count, 0) + 1
    call.after[call.path] = kept
    return result


def held_call(function: FunctionType, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    """A call of a lane that updates where `when` is true only; its last result on all other bars, `initial` before any.

    `named` holds `when` and `initial` beside the lane's own arguments, which may have any name. Raises TypeError without them.
    """
    kwargs = dict(named)
    if "initial" not in kwargs:
        raise TypeError(f"{function.__name__}(..., when=...) needs initial=: the result before the first update")
    when, initial = kwargs.pop("when"), kwargs.pop("initial")
    call = (_running.get() or _Call()).inner(held_name(function))
    if not when:
        convert = _result_conversion(function)
        return call.kept.get(RESULT, initial if convert is None else convert(initial))
    with _inside(call):
        result = lane_function(function)(*args, **kwargs)
    call.after[call.path] = {RESULT: result}
    return result


@functools.cache
def _result_conversion(function: FunctionType) -> Callable[[Any], Any] | None:
    return conversion_of(inspect.get_annotations(function).get("return"), outer_names(function))


class Stream(Generic[R]):
    """A lane running over bars, with its state: `stream = baseline.stream(Ema())`, then `stream(12.5)` once a bar.

    Parameter objects are given once, in any order, or by the name of their argument; what remains of the lane's arguments
    is given to each call, in order or by name. A bar that raises leaves the state as it was.

    Errors   TypeError for a parameter object that no argument of the lane declares
    """

    def __init__(self, lane: Callable[..., R], /, *params: object, **named: object) -> None:
        function: Callable[..., R] = getattr(lane, "function", lane)
        signature = inspect.signature(function)
        self._fixed = {**_arguments_for(function, signature, params, named), **named}
        self._function = lane_function(function)
        # A stream's inputs have names, those that the lane itself takes by place only as well.
        free = [
            each.replace(kind=each.POSITIONAL_OR_KEYWORD) if each.kind is each.POSITIONAL_ONLY else each
            for each in signature.parameters.values()
            if each.name not in self._fixed
        ]
        self._free = signature.replace(parameters=free)
        self._signature = signature
        self._states: _States = {}
        #: What each bar runs inside of. No argument above, where every name is one that the lane may have.
        self.around: Callable[[], AbstractContextManager[None]] = nullcontext

    def __call__(self, /, *inputs: Any, **named: Any) -> R:
        """Advance one bar and return the lane's result for it."""
        bar = _Call(before=self._states)
        given = self._free.bind(*inputs, **named).arguments
        # By name they could not be handed to an argument that is given by place only.
        bound = inspect.BoundArguments(self._signature, {**given, **self._fixed})
        with self.around(), _inside(bar):
            result: R = self._function(*bound.args, **bound.kwargs)
        self._states = {**self._states, **bar.after}
        return result

    @property
    def kept(self) -> Kept:
        """What every call has kept for the next bar; a later bar does not change it."""
        return self._states

    def reset(self) -> None:
        """Forget everything: the next bar is a first bar."""
        self._states = {}


def default_parameters(function: Callable[..., Any], handed: Collection[str]) -> dict[str, object]:
    """A `@params` object of defaults for each argument of `function` that is not among `handed`. Raises TypeError where an
    argument is no such object."""
    found: dict[str, object] = {}
    for name, each in inspect.signature(function, eval_str=True).parameters.items():
        if name in handed:
            continue
        if not is_params(each.annotation):
            raise TypeError(
                f"{function.__name__} takes `{name}` beside what its slot hands over: on numbers nobody gives it"
            )
        found[name] = each.annotation() if each.default is each.empty else each.default
    return found


def _arguments_for(
    function: Callable[..., Any], signature: inspect.Signature, params: tuple[object, ...], named: Mapping[str, object]
) -> dict[str, object]:
    """Which argument each parameter object is for: the first free one that is declared with its class."""
    fixed: dict[str, object] = {}
    for value in params:
        free = [each for each in signature.parameters.values() if each.name not in fixed and each.name not in named]
        name = next((each.name for each in free if _declares(each.annotation, type(value))), None)
        if name is None:
            raise TypeError(f"{function.__name__}{signature} has no free argument of class {type(value).__name__}")
        fixed[name] = value
    return fixed


def _declares(annotation: object, cls: type) -> bool:
    """Whether an annotation, or its text where annotations are kept as text, names `cls`."""
    return annotation is cls or (isinstance(annotation, str) and annotation.rpartition(".")[2] == cls.__name__)


# --- rewriting ------------------------------------------------------------------------------------------------------


@functools.cache
def lane_function(function: FunctionType) -> Callable[..., Any]:
    """The function of a lane as it runs on numbers, its arguments and result as they are declared. The same object every time."""
    return in_declared_types(function, outer_names(function), numeric_function(function))


def numeric_function(function: Callable[P, R]) -> Callable[P, R]:
    """`function` as it runs on numbers: powers by multiplication, `carry` with state. The same object every time.

    Functions without source (builtins, those typed at a prompt) are returned as they are; they cannot be traced either.
    """
    return _rewritten(function) if isinstance(function, FunctionType) else function


@functools.cache
@nesting_deeply()
def _rewritten(function: FunctionType) -> Callable[..., Any]:
    definition = definition_of(function)
    if definition is None:
        return function
    rewriter = Rewriter(function)
    rewritten = rewriter.rewrite(definition)
    if not rewriter.changed:
        return function
    helpers = {**_HELPERS, **rewriter.conversions}
    if POWER in function.__globals__:
        helpers["dagc power"] = functools.partial(_power, other=function.__globals__[POWER])
    inner = recompiled(function, rewritten, helpers)
    name = full_name(function)
    carries = bool(rewriter.carried or rewriter.windows)

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        caller = _running.get()
        if caller is None and not carries:
            return inner(*args, **kwargs)
        with _inside((caller or _Call()).inner(name)):
            return inner(*args, **kwargs)

    return run


# --- what rewritten code calls --------------------------------------------------------------------------------------


def _power(x: Any, k: Any, other: Callable[[Any, Any], Any] = operator.pow) -> Any:
    """`x ** k` as `((x * x) * x) * ...` for a float and a whole number, which may be a name; anything else is Python's own,
    or `other` where one of the two is a float."""
    if not isinstance(x, (float, FLOAT32)) or type(k) is not int or k < 1:
        return other(x, k) if isinstance(k, float) else x**k
    result = x
    for _ in range(k - 1):
        result = result * x
    return result


def _callee(called: Any, site: Site) -> Any:
    """What runs where a lane's text calls `called` at `site`; the language's own functions see to themselves."""
    if isinstance(called, Lane):
        return _called_from(site, called)
    if called is dataclasses.replace:
        return replaced
    if isinstance(called, MethodType) and isinstance(called.__func__, FunctionType):
        return functools.partial(_callee(called.__func__, site), called.__self__)
    if not is_replaced(called):
        return called
    if isinstance(called, FunctionType):
        run = numeric_function(called)
        return run if run is called else _called_from(site, run)
    return constructor(called) if isinstance(called, type) and dataclasses.is_dataclass(called) else ON_NUMBERS[called]


def _attribute(owner: Any, name: str, site: Site) -> Any:
    """`owner.name`, where a property runs as a function does that a lane calls."""
    found = getattr(type(owner), name, None)
    if type(found) is property and isinstance(found.fget, FunctionType):
        return _callee(found.fget, site)(owner)
    return getattr(owner, name)


def _called_from(site: Site, called: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:  # the arguments, and the calls in them, are behind us here
        running = _running.get()
        if running is not None:
            running.site = site
        return called(*args, **kwargs)

    return call


#: Each name has a space in it: no variable of the user's can hide it.
_HELPERS: dict[str, Callable[..., Any]] = {
    "dagc power": _power,
    "dagc callee": _callee,
    "dagc attribute": _attribute,
    "dagc carried": _carried,
    "dagc warm": _warm,
    "dagc windowed": _windowed,
    "dagc keeping": _keeping,
}
