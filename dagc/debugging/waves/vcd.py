"""A run as a Value Change Dump: section 18 of IEEE 1364-2005, with the `string` variables of GTKWave and Surfer for Enums.

One unit of time is one bar. Lanes are modules; beside their variables each has its states, as they were before the bar, in a scope
`state`, and the root has its ports in `inputs`, `outputs` and `parameters`. A float is a `real` in the shortest decimal that reads back
as the same word (the format's own `%.16g` would lose bits, and so would a writer that takes -0.0 for 0.0); a NaN is a NaN, whichever.
An integer is an `integer` of 64 bits in two's complement, a bool a `wire`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TextIO

import numpy as np

from compile.backend import Batch, Runner
from compile.check.run import bars_of
from dag.graphs.graph import Graph
from dag.values.types import BOOL, Type, Value
from dag.values.words import Column, Words, column_of_words, show, words_of_column
from dagc.debugging.listing import Listed, Place, listed
from dagc.debugging.tap_names import ALL_TAPS, TapNames

#: Words that are held at once, inputs left aside.
WORDS_AT_ONCE = 1 << 22
#: The scope of each kind of value; that of variables is their lane alone.
_SCOPES = {"output": "outputs", "input": "inputs", "parameter": "parameters", "state": "state"}
#: What ends a line or a word of the format.
_SPACES = str.maketrans({" ": "\\x20", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write_vcd(
    graph: Graph,
    runner: Runner,
    batch: Batch,
    file: TextIO,
    shown: Sequence[Listed],
    progress: Callable[[int], None] = lambda bars: None,
) -> None:
    """Write the values `shown` of a run of one instance, from its initial state."""
    codes = [_code(number) for number in range(len(shown))]
    file.write(f"$comment {graph.name} {graph.content_hash}: a unit of time is a bar $end\n$timescale 1 s $end\n")
    file.writelines(_header(graph, shown, codes))
    nodes = list(dict.fromkeys(each.place.node for each in shown))
    types = [graph.types[each.place.node].element for each in shown]
    step = max(WORDS_AT_ONCE // max(sum(graph.types[node].size for node in nodes), 1), 1)
    before: Words | None = None
    state: Mapping[str, Column] | None = batch.state
    for first in range(0, batch.bars, step):
        result = runner.run(bars_of(batch, first, min(first + step, batch.bars), state), nodes)
        state = result.state
        words = np.stack(
            [
                words_of_column(_column(result.nodes[each.place.node], each.place), type_)
                for each, type_ in zip(shown, types, strict=True)
            ],
            axis=1,
        )
        file.writelines(_changes(words, before, first, types, codes))
        before = words[-1]
        progress(min(first + step, batch.bars))
    file.write(f"#{batch.bars}\n")


def chosen(graph: Graph, taps: Sequence[str]) -> list[Listed]:
    """Inputs, outputs and the values `taps`, of which `all` are all that have a name. Raises NameProblem."""
    names = TapNames(graph)
    everything = list(listed(graph, names))
    if ALL_TAPS in taps:
        return everything
    wanted = {names.place(name) for name in taps}
    return [
        each
        for each in everything
        if each.kind in ("input", "output")
        or (each.place.node, each.place.place) in wanted
        or (each.place.node, None) in wanted
    ]


def _column(found: Column, place: Place) -> Column:
    return found[:, 0] if place.place is None else found[:, 0, place.place]


def _changes(
    words: Words, before: Words | None, first: int, types: Sequence[Type], codes: Sequence[str]
) -> Iterator[str]:
    """The lines of some bars: of each bar the values whose word is another than on the bar before."""
    differs = np.empty(words.shape, np.bool_)
    differs[1:] = words[1:] != words[:-1]
    differs[0] = True if before is None else words[0] != before
    values = [_values(words[:, place], type_) for place, type_ in enumerate(types)]
    told = -1
    for bar, place in np.argwhere(differs).tolist():
        if bar != told:
            told = bar
            yield f"#{first + bar}\n"
        yield _line(values[place][bar], types[place], codes[place])


def _values(words: Words, type_: Type) -> list[Value]:
    found: list[Value] = column_of_words(words, type_).tolist()
    return found


def _line(value: Value, type_: Type, code: str) -> str:
    if type_ == BOOL:
        return f"{int(value)}{code}\n"
    if type_.members is not None:
        return f"s{show(value, type_).translate(_SPACES)} {code}\n"
    if type_.is_float:
        return f"r{value!r} {code}\n"
    return f"b{int(value) & (1 << 64) - 1:b} {code}\n"


def _header(graph: Graph, shown: Sequence[Listed], codes: Sequence[str]) -> Iterator[str]:
    """Scopes in the order in which their first value comes, each with all its values."""
    tree: dict[tuple[str, ...], list[str]] = {(): []}
    for each, code in zip(shown, codes, strict=True):
        path = () if each.kind in ("output", "input", "parameter") else _parts(graph.scopes[each.scope].path)
        own = each.own.removeprefix(".".join(path) + ".") if path else each.own
        whole = (*path, _SCOPES[each.kind]) if each.kind in _SCOPES else path
        for length in range(len(whole) + 1):
            tree.setdefault(whole[:length], [])
        type_ = graph.types[each.place.node].element
        kind, width = _kind(type_)
        name, bracket, place = own.partition("[")
        if bracket:  # viewers read `[3]` as a bit
            name = f"{name}.{place.removesuffix(']')}"
        tree[whole].append(f"$var {kind} {width} {code} {name.translate(_SPACES)} $end\n")
    yield from _scope(graph.name, (), tree)
    yield "$enddefinitions $end\n"


def _scope(name: str, path: tuple[str, ...], tree: Mapping[tuple[str, ...], list[str]]) -> Iterator[str]:
    yield f"$scope module {name} $end\n"
    yield from tree[path]
    for inner in tree:
        if len(inner) == len(path) + 1 and inner[:-1] == path:
            yield from _scope(inner[-1], inner, tree)
    yield "$upscope $end\n"


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


def _kind(type_: Type) -> tuple[str, int]:
    if type_ == BOOL:
        return "wire", 1
    if type_.members is not None:
        return "string", 1
    return ("real", 64) if type_.is_float else ("integer", 64)


def _code(number: int) -> str:
    """The short name of a variable: a number in base 94, of the characters from `!` to `~`."""
    text = ""
    while True:
        number, digit = divmod(number, 94)
        text += chr(33 + digit)
        if not number:
            return text
        number -= 1
