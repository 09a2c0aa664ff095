"""The user's code as something that is called bar by bar: a function, a class, a generator, or a function that makes one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dag.language.lift import plain_function
from dagc.data.problem import DataProblem
from dagc.parity.arguments import Ports, Row, readers_of

#: From the row of one bar to what the user's code answers.
Step = Callable[[Row], Any]
#: The methods that are looked for, in this order, where the target names a class alone.
METHODS = ("__call__", "step", "update", "on_bar", "on_tick")


@dataclass(frozen=True)
class Oracle:
    """`begin(row)` starts one instance, the row holding its parameters. `form` says how the code is used, `unread` which
    ports it does not take."""

    target: Any
    method: str | None
    form: str
    begin: Callable[[Row], Step]
    unread: tuple[str, ...]


def oracle_of(target: Any, method: str | None, ports: Ports, mapping: Mapping[str, str]) -> Oracle:
    """How `target` is called for the bars of a lane. Raises DataProblem for arguments that no port answers to.

    function      called for every bar; it keeps nothing
    class         made once per instance from the parameters; then its `method`, or the first of METHODS, for every bar
    generator     called once per instance with the parameters; every `yield` gets the inputs of a bar (one value, or a tuple
                  in the lane's order) and yields the answer to it; what it yields before the first bar is dropped
    factory       a function that takes parameters only, no input: called once per instance, what it returns for every bar
    """
    if isinstance(target, type):
        return _class(target, method, ports, mapping)
    plain = plain_function(target) or target
    if inspect.isgeneratorfunction(plain):
        return _generator(target, ports, mapping)
    name = getattr(target, "__name__", repr(target))
    if ports.inputs and inspect.isfunction(plain):
        try:
            _, _, read = readers_of(target, ports, mapping, f"`{name}`", ports.params)
        except DataProblem:
            pass
        else:
            if not _takes_an_input(plain, ports, mapping):
                return _factory(target, ports, mapping, read)
    positional, keyword, read = readers_of(target, ports, mapping, f"`{name}`")

    def call(row: Row) -> Any:
        return target(*[each(row) for each in positional], **{key: each(row) for key, each in keyword.items()})

    return Oracle(target, None, "function", lambda row: call, _unread(ports, read))


def _takes_an_input(function: Any, ports: Ports, mapping: Mapping[str, str]) -> bool:
    _, _, read = readers_of(function, ports, mapping, "")
    return bool(read & set(ports.inputs))


def _class(cls: type, method: str | None, ports: Ports, mapping: Mapping[str, str]) -> Oracle:
    name = method or next((each for each in METHODS if each in _methods(cls)), None)
    if name is None:
        raise DataProblem(
            f"`{cls.__name__}` has none of {', '.join(METHODS)}\n  fix  name the method: --oracle MODULE:{cls.__name__}.METHOD"
        )
    made, made_by_name, read_once = readers_of(cls, ports, mapping, f"`{cls.__name__}`", ports.params)
    stepped = _Unbound(getattr(cls, name))
    positional, keyword, read = readers_of(stepped, ports, mapping, f"`{cls.__name__}.{name}`")

    def begin(row: Row) -> Step:
        instance = cls(*[each(row) for each in made], **{key: each(row) for key, each in made_by_name.items()})
        bound = getattr(instance, name)
        return lambda row: bound(*[each(row) for each in positional], **{k: each(row) for k, each in keyword.items()})

    return Oracle(cls, name, f"class, a bar is `{name}`", begin, _unread(ports, read | read_once))


class _Unbound:
    """A method, with the signature that it has once it is bound."""

    def __init__(self, function: Any) -> None:
        signature = inspect.signature(function)
        self.__signature__ = signature.replace(parameters=list(signature.parameters.values())[1:])

    def __call__(self) -> None:
        raise NotImplementedError


def _methods(cls: type) -> set[str]:
    return {name for base in cls.__mro__ if base is not object for name in vars(base)}


def _generator(function: Any, ports: Ports, mapping: Mapping[str, str]) -> Oracle:
    positional, keyword, read = readers_of(function, ports, mapping, f"`{function.__name__}`", ports.params)

    def begin(row: Row) -> Step:
        running = function(*[each(row) for each in positional], **{key: each(row) for key, each in keyword.items()})
        next(running)

        def step(row: Row) -> Any:
            sent = tuple(row[name] for name in ports.inputs)
            return running.send(sent[0] if len(sent) == 1 else sent)

        return step

    return Oracle(function, None, "generator", begin, _unread(ports, read | set(ports.inputs)))


def _factory(function: Any, ports: Ports, mapping: Mapping[str, str], read_once: set[str]) -> Oracle:
    positional, keyword, _ = readers_of(function, ports, mapping, f"`{function.__name__}`", ports.params)

    def begin(row: Row) -> Step:
        inner = function(*[each(row) for each in positional], **{key: each(row) for key, each in keyword.items()})
        if not callable(inner):
            raise DataProblem(
                f"`{function.__name__}` takes no input of `{ports.lane.name}`, so it was called once per instance, and "
                f"returned {type(inner).__name__}, which cannot be called for a bar\n"
                f"  inputs  {', '.join(ports.inputs)}\n  fix     name its arguments as the inputs, or --map ARGUMENT=PORT"
            )
        given, by_name, _ = readers_of(inner, ports, mapping, f"what `{function.__name__}` returned")
        return lambda row: inner(*[each(row) for each in given], **{key: each(row) for key, each in by_name.items()})

    return Oracle(function, None, "factory", begin, _unread(ports, read_once | set(ports.inputs)))


def _unread(ports: Ports, read: set[str]) -> tuple[str, ...]:
    return tuple(name for name in ports.names if name not in read)
