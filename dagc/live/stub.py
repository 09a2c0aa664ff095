"""The types of one kernel as a stub file: what a type checker and an editor know of a bundle.

A kernel and its instances are described as protocols, which what `dagc.load` returns fits as it is: nothing is cast, and the file
is needed by nobody at run time.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence

from dag.graphs.graph import Graph
from dag.values.types import Kind, Type
from dagc.live.outputs import attributes_of
from dagc.live.ports import Port, Ports, inputs_of, outputs_of, params_of, taps_of

_PYTHON = {Kind.F64: "float", Kind.F32: "float", Kind.I64: "int", Kind.I32: "int", Kind.BOOL: "bool", Kind.ENUM: "int"}
_HEAD = (
    '"""The kernel of lane `{name}`, graph {hash}: written by `dagc stub`, for type checkers and editors alone."""\n'
)
_IMPORTS = {
    "collections.abc": ("Sequence",),
    "enum": ("Enum",),
    "typing": ("Any", "Literal", "NotRequired", "Protocol", "TypedDict", "overload"),
    "dagc.live.restoring": ("Restored", "Session"),
    "dagc.live.run": ("Run",),
}
_OUTPUTS = '''class Outputs(Protocol):
    """What a step returns; on a rejected bar the declared safe values."""
    @property
    def rejected(self) -> bool: ...
    @property
    def offender(self) -> str | None: ...
    def as_dict(self) -> dict[str, Any]: ...'''
_INSTANCE = '''    def run(self, columns: Any) -> Any:
        """Many bars, from the present state on: a column for each output."""
    def tap(self, name: Tap | str) -> float | int | bool:
        """What a variable of any lane was in the last bar stepped."""
    def reset(self) -> None: ...
    def snapshot(self, at: float | None = None) -> bytes: ...
    def restore(self, snapshot: bytes, at: float | None = None, session: Session | None = None) -> Restored: ...
'''


def stub_text(graph: Graph, is_pinned: bool) -> str:
    """The stub of `graph`'s kernel; of a bundle that was built with pins `bind` takes nothing."""
    nodes = {port.name: port.node for port in graph.ports()}
    given = {name: _given(graph.types[node]) for name, node in nodes.items()}
    inputs, params = inputs_of(graph), params_of(graph)
    bound = "" if is_pinned else ", params: Params | None = None"
    optional = {port.name: f"NotRequired[{given[port.name]}]" for port in params if port.initial}
    parts = [
        _dictionary("Inputs", "The inputs of a bar.", inputs, given),
        _dictionary("Params", "What `bind` takes; what is left out has its default.", params, given | optional),
        f"Tap = {_literal([port.name for port in taps_of(graph)])}\n",
        _outputs(graph),
        "\n".join(["class Instance(Protocol):", *_steps(inputs, given), _INSTANCE]),
        f"class Kernel(Protocol):\n    def bind(self{bound}) -> Instance: ...\n"
        f"    def run(self, data: Any{bound}, taps: Sequence[Tap | str] = ()) -> Run: ...\n",
    ]
    head = _HEAD.format(name=graph.name, hash=graph.content_hash[:16])
    return "\n".join([head, *_imports("\n".join(parts)), "", *parts])


def _imports(text: str) -> Iterator[str]:
    """What imports the names that `text` uses."""
    for module, names in _IMPORTS.items():
        if used := [name for name in names if re.search(rf"\b{name}\b", text)]:
            yield f"from {module} import {', '.join(used)}"


def _given(type_: Type) -> str:
    """What may be given for a value of this type: of an enum its code, a member, or the name of one."""
    if type_.members is None:
        return _PYTHON[type_.kind]
    return f"int | Enum | {_literal([name for name, _ in type_.members.codes])}"


def _literal(names: Sequence[str]) -> str:
    return f"Literal[{', '.join(map(repr, names))}]" if names else "str"


def _dictionary(name: str, about: str, ports: Ports, types: Mapping[str, str]) -> str:
    if all(map(_is_name, ports.names)):
        lines = [f"    {each.name}: {types[each.name]}{_comment(each)}" for each in ports]
        return "\n".join([f"class {name}(TypedDict):", f'    """{about}"""', *lines, ""])
    lines = [f"        {each.name!r}: {types[each.name]},{_comment(each)}" for each in ports]
    return "\n".join([f"{name} = TypedDict(\n    {name!r},\n    {{", *lines, "    },\n)", ""])


def _comment(port: Port) -> str:
    _, _, said = str(port).partition(": ")
    return f"  # {said}"


def _is_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def _outputs(graph: Graph) -> str:
    attributes = attributes_of(graph)
    types = {output.name: graph.types[output.node] for output in graph.outputs}
    lines = [
        f"    @property\n    def {attributes[port.name]}(self) -> {_PYTHON[types[port.name].kind]}: ..."
        f"{_comment(port)}{_codes(types[port.name])}"
        for port in outputs_of(graph)
    ]
    return "\n".join([_OUTPUTS, *lines, ""])


def _codes(type_: Type) -> str:
    """The codes of an enum, as a comment goes on."""
    codes = () if type_.members is None else type_.members.codes
    return "".join(f", {code} {name}" for name, code in codes)


def _steps(inputs: Ports, types: Mapping[str, str]) -> Iterator[str]:
    by_name = "    def step(self, inputs: Inputs, /) -> Outputs: ..."
    if not inputs:
        yield "    def step(self) -> Outputs: ..."
    elif not all(map(_is_name, inputs.names)):
        yield by_name
    else:
        named = ", ".join(f"{name}: {types[name]}" for name in inputs.names)
        yield from ("    @overload", by_name, "    @overload", f"    def step(self, *, {named}) -> Outputs: ...")
