"""Records, tuples and mappings as users hand them over, taken apart into the ports that a graph has for them.

    step(book=Book(bid=1.0, ask=2.0))        step({"book": {"bid": 1.0, "ask": 2.0}})
    step((Book(bid=1.0, ask=2.0), 3.0))      step(Book(bid=1.0, ask=2.0))

A port is called `book.bid`, or `bid` where a graph leaves the argument out: then any argument's name will do in front.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any


class DoesNotFit(Exception):
    """The values do not stand for the ports one by one; the message says why."""


def is_record(given: object) -> bool:
    """Whether `given` is an instance of a dataclass, @params objects included."""
    return dataclasses.is_dataclass(given) and not isinstance(given, type)


def by_name(ports: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of `given` by their ports' names; a name that is no port's stays, to be reported.

    Raises DoesNotFit where a port has two values.
    """
    known = frozenset(ports)
    spread: dict[str, Any] = {}
    given_in: dict[str, str] = {}
    for name, value in given.items():
        for port, leaf in _parts(known, str(name), value).items():
            if port in spread:
                raise DoesNotFit(f"`{port}` is given twice: in `{given_in[port]}` and in `{name}`")
            spread[port], given_in[port] = leaf, name
    return spread


def _parts(known: Collection[str], argument: str, value: Any) -> dict[str, Any]:
    """The values of one argument by their ports' names; itself where none of them is a port's."""

    def is_port(path: str) -> bool:
        return port_called(known, argument, path) in known

    parts = {port_called(known, argument, path): leaf for path, leaf in _leaves(value, is_port)}
    return parts if any(port in known for port in parts) else {argument: value}


def port_called(known: Collection[str], argument: str, path: str) -> str:
    """The port for the part `path` of an argument; `argument.path` where there is none."""
    name = f"{argument}.{path}" if path else argument
    return path if name not in known and path in known else name


def in_order(ports: Sequence[str], given: Iterable[Any], columns: bool = False) -> list[Any]:
    """The values of `given`, one after the other; as many as there are ports or not.

    Raises DoesNotFit where the field of a record stands for a port of another name. Among `columns` a tuple or a list is one.
    """

    def fits(port: str, path: str) -> bool:
        return f".{port}".endswith(f".{path}")

    def is_port(path: str) -> bool:
        return bool(path) and any(fits(port, path) for port in ports)

    spread: list[tuple[str, Any]] = []
    for value in given:
        spread += [("", value)] if columns and isinstance(value, tuple | list) else _leaves(value, is_port)
    if len(spread) == len(ports):
        for port, (path, _) in zip(ports, spread, strict=True):
            if path and not fits(port, path):
                what = f"`{path}`" if not path[0].isdigit() else f"item {path} of a tuple"
                raise DoesNotFit(f"{what} stands where `{port}` should: the order is {', '.join(ports)}")
    return [leaf for _, leaf in spread]


def _leaves(value: Any, is_port: Callable[[str], bool], path: str = "") -> Iterator[tuple[str, Any]]:
    """The values in `value` that ports stand for, each with its path; itself, with none, where it is no record."""
    if is_port(path):
        parts: Iterable[tuple[Any, Any]] | None = None
    elif is_record(value):
        parts = [(each.name, getattr(value, each.name)) for each in dataclasses.fields(value)]
    elif isinstance(value, Mapping):
        parts = value.items()
    else:
        parts = enumerate(value) if isinstance(value, tuple | list) else None
    if parts is None:
        yield path, value
        return
    for name, part in parts:
        yield from _leaves(part, is_port, f"{path}.{name}" if path else str(name))
