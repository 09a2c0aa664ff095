"""What a step returns: a tuple of the outputs, in the order of the lane's result, each also an attribute."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from dag.graphs.graph import Graph
from dag.graphs.identifiers import identifier


class Outputs(tuple[Any, ...]):
    """The outputs of one kernel: `result.size`, or `result[0]`, or `result.as_dict()["size"]`.

    A single step holds Python values: float, int, bool, and the code of an enum member. A run over many bars or instances
    holds a column in each place. `status` is 0, or 1 + the index of the port (inputs, then parameters) outside its domain; a
    lane with an output `status` of its own has that one there.
    """

    __slots__ = ()
    #: The names, in the order of the tuple.
    names: ClassVar[tuple[str, ...]] = ()
    ports: ClassVar[tuple[str, ...]] = ()
    dagc_status: Any

    @property
    def rejected(self) -> Any:
        """Whether the row was rejected: a bool, or a column of them. Its outputs are then the declared safe values."""
        return self.dagc_status != 0

    @property
    def offender(self) -> str | None:
        """After a single step, the input or parameter that was outside its domain; None on a good row."""
        return self.ports[self.dagc_status - 1] if self.dagc_status else None

    def as_dict(self) -> dict[str, Any]:
        """The outputs by name."""
        return dict(zip(self.names, self, strict=True))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self.names, self, strict=True))
        return f"{type(self).__name__}({values})"

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"`{type(self).__name__}` has no output `{name}`; it has {', '.join(self.names)}")

    @classmethod
    def of(cls, values: Iterable[Any]) -> Self:
        """The outputs with these values, in the order of `names`."""
        return tuple.__new__(cls, values)


def outputs_class(graph: Graph) -> type[Outputs]:
    """The class of `graph`'s results, with an attribute for every output."""
    names = tuple(output.name for output in graph.outputs)
    fields: dict[str, Any] = {
        "__slots__": (),
        "__doc__": f"The outputs of `{graph.name}`.",
        "names": names,
        "ports": tuple(port.name for port in graph.ports()),
    }
    values = [property(operator.itemgetter(index), doc=f"The output `{name}`.") for index, name in enumerate(names)]
    plain = {name: value for name, value in zip(names, values, strict=True) if _is_plain(name)}
    spelled = {identifier(name, vars(Outputs)): value for name, value in zip(names, values, strict=True)}
    fields["dagc_status"] = 0 if graph.status is None else values[names.index(graph.status_output())]
    return type(graph.name, (Outputs,), {"status": fields["dagc_status"], **spelled, **plain, **fields})


def attributes_of(graph: Graph) -> dict[str, str]:
    """The attribute of results under which each output is found, by its name: the name itself where it can be one."""
    names = [output.name for output in graph.outputs]
    return {name: name if _is_plain(name) else identifier(name, vars(Outputs)) for name in names}


def _is_plain(name: str) -> bool:
    return name.isidentifier() and not _is_ours(name)


def _is_ours(name: str) -> bool:
    """Whether results have this attribute whatever the kernel."""
    return name in vars(Outputs) or name.startswith("__")
