"""Pin files and presets: every parameter of a deployed graph, written down once.

A pin file is TOML with the names that the graph gives its parameters, dotted or in tables. A calibrated parameter is a table with
`value`, `method`, `dtype` and `data`, and with `file` the data's own file, whose hash is then checked:

    threshold = -0.02
    [sizer]
    floor = 0.5
    side = "SHORT"
    [sizer.decay]
    value = 0.98
    method = "least squares, 2019 to 2023"
    dtype = "float64"
    data = "sha256:..."
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from compile.bundle.bundle import canonical_json
from dag.files.loading import load_module
from dag.files.regular_file import read_short, sha256_of
from dag.graphs.binding import flatten
from dag.graphs.graph import Graph
from dag.graphs.pinning import Artefact, Pins
from dag.language.leaves import is_params
from dag.values.types import Kind, Type, Value
from dagc.data.problem import DataProblem
from dagc.live.values import WrongType, value_as

_ARTEFACT = ("method", "dtype", "data", "file")


def read_pins(graph: Graph, writers: Sequence[str]) -> list[Pins]:
    """What each of `writers` pins: a TOML file, or a preset `FILE.py:NAME`, led by `ARGUMENT=` where the lane takes several.

    Raises DataProblem for a file that cannot be read, CompileError for a Python file that cannot.
    """
    return [_preset(graph, each) if ".py:" in each else _file(graph, Path(each)) for each in writers]


def pins_json(graph: Graph, writers: Sequence[Pins]) -> bytes:
    """`dagc.binding.parameters.PINS` of a bundle: for each parameter its value, its writer, and where a calibrated one comes from."""
    return canonical_json(
        {
            name: {
                "value": _exact(value, graph.types[param.node]),
                "from": each.origin,
                **({key: getattr(each.artefacts[name], key) for key in ("method", "dtype", "data")} if name in each.artefacts else {}),
            }
            for param in graph.params
            for each in writers
            for name, value in each.values.items()
            if name == param.name
        }
    )  # fmt: skip


def pinned_values(graph: Graph) -> dict[str, str | bool | None]:
    """The value of each parameter of a pinned graph, as `pins_json` writes it."""
    return {
        param.name: None if param.default is None else _exact(param.default, graph.types[param.node])
        for param in graph.params
    }


def pin_template(graph: Graph) -> str:
    """A pin file for `graph` with its defaults, to be read through and decided on; what has none is left open."""
    lines = [f"# pins of {graph.name}: every parameter, decided once"]
    for param in graph.params:
        type_, unit = graph.types[param.node], graph.units[param.node]
        value = "" if param.default is None else _toml(param.default, type_)
        lines.append(f"{param.name} = {value}  # {type_}{'' if unit == '1' else f' [{unit}]'} in {param.domain}")
    return "\n".join(lines) + "\n"


def _file(graph: Graph, path: Path) -> Pins:
    try:
        document = tomllib.loads(read_short(path).decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise DataProblem(
            f"{path}: {problem}\n  fix  a pin file is TOML: `dagc pins FILE.py:LANE` writes one"
        ) from problem
    types = {param.name: graph.types[param.node] for param in graph.params}
    values: dict[str, Value] = {}
    artefacts: dict[str, Artefact] = {}
    for name, written in _entries(document, types):
        if isinstance(written, dict):
            artefacts[name] = _artefact(path, name, written)
            written = written.get("value")
        values[name] = _value(written, types.get(name))
    return Pins(path.name, values, artefacts)


def _entries(document: Mapping[str, Any], types: Mapping[str, Type], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """What is written of each name; a table is one parameter's where its name is a parameter."""
    for key, written in document.items():
        name = f"{prefix}{key}"
        if isinstance(written, dict) and name not in types:
            yield from _entries(written, types, f"{name}.")
        else:
            yield name, written


def _artefact(path: Path, name: str, table: Mapping[str, Any]) -> Artefact:
    unknown = [key for key in table if key not in ("value", *_ARTEFACT)]
    if unknown:
        raise DataProblem(f"{path}: [{name}] says {', '.join(unknown)}; there are value, {', '.join(_ARTEFACT)}")
    artefact = Artefact(*(str(table.get(key, "")) for key in ("method", "dtype", "data")))
    if "file" in table:
        data = path.parent / str(table["file"])
        try:
            found = f"sha256:{sha256_of(data)}"
        except OSError as problem:
            raise DataProblem(f"{path}: the data of `{name}` cannot be read: {problem}") from problem
        if found != artefact.data:
            raise DataProblem(
                f"{path}: `{name}` was calibrated on other data than {data}\n"
                f"  expected  {artefact.data}\n  got       {found}\n  fix       calibrate again, and pin what comes out"
            )
    return artefact


def _preset(graph: Graph, writer: str) -> Pins:
    argument, _, target = writer.rpartition("=")
    file, _, name = target.rpartition(":")
    module = load_module(file)
    found = getattr(module, name, None)
    if found is None:
        presets = [each for each, value in vars(module).items() if is_params(type(value))]
        raise DataProblem(
            f"{target}: {file} has no preset `{name}`\n  there are  {', '.join(presets) or 'none: no instance of a @params class'}"
        )
    try:
        flat = flatten({argument: found} if argument else found)
    except TypeError as problem:
        raise DataProblem(f"{target}: {problem}") from problem
    types = {param.name: graph.types[param.node] for param in graph.params}
    return Pins(target, {each: _value(value, types.get(each)) for each, value in flat.items()}, {})


def _value(written: object, type_: Type | None) -> Value:
    """What is written as the parameter's type holds it; what does not fit stays as it is, to be reported."""
    try:
        given: Any = written if type_ is None else value_as(written, type_)
    except WrongType:
        given = repr(written)
    return given  # type: ignore[no-any-return]


def _exact(value: Value, type_: Type) -> str | bool:
    if type_.kind is Kind.BOOL:
        return bool(value)
    return float(value).hex() if type_.is_float else str(int(value))


def _toml(value: Value, type_: Type) -> str:
    if type_.kind is Kind.BOOL:
        return str(bool(value)).lower()
    if type_.members is not None:
        return f'"{next(name for name, code in type_.members.codes if code == value)}"'
    return repr(float(value)) if type_.is_float else str(int(value))
