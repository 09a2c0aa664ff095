"""The graph: frozen, hash-consed, in one canonical topological order, stored as flat tables.

Node `i` is described by `ops[i]`, `args[i]`, `types[i]`, ...; every operand of node `i` has an index below `i`. Inputs and
parameters stand in the order of the root lane's signature, outputs in the order of its result: this is the positional order
of every interface, and part of the content hash. States and taps have no such order and are sorted by name. Nothing depends
on file positions, on the order of statements or on the machine. Build one with `dag.graphs.builder.GraphBuilder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dag.diagnostics.span import Span
from dag.graphs.paths import ALWAYS, Paths
from dag.language.lifetime import SESSION, Lifetime
from dag.language.marks import Claim
from dag.operators.op import Family, Op, Source
from dag.operators.table import PUT, SELECT
from dag.values.domain import Domain
from dag.values.types import Type, Value

#: The output that every prepared graph has: 0 on a good row, otherwise which port was outside its domain. Where the user has an
#: output of this name, theirs keeps it: `Graph.status_output` says what it is called.
STATUS = "status"


@dataclass(frozen=True, slots=True)
class Input:
    """A column of the data: one value a bar."""

    name: str
    node: int
    domain: Domain


@dataclass(frozen=True, slots=True)
class Param:
    """A tunable value, bound at run time. `default` is None where the user must pin it."""

    name: str
    node: int
    domain: Domain
    default: Value | None


@dataclass(frozen=True, slots=True)
class State:
    """A carried value: `node` reads it at the start of a bar, `next` is what it holds at the start of the following one.

    `lifetime` says what a restored snapshot keeps of it, `cold` what it holds where it was too old. It counts as warm after
    `warm_up` updates, a number or the name of the parameter that says it.
    """

    name: str
    node: int
    initial: Value
    next: int
    cold: Value
    lifetime: Lifetime = SESSION
    warm_up: int | str = 0


@dataclass(frozen=True, slots=True)
class Output:
    """A result of the root lane. `safe` is its value on a rejected row."""

    name: str
    node: int
    safe: Value


@dataclass(frozen=True, slots=True)
class Tap:
    """A name the user gave to a value. One node may have several."""

    name: str
    node: int


@dataclass(frozen=True, slots=True)
class Scope:
    """One call of one lane. `path` is unique; scope 0 is the root lane, whose path is empty."""

    path: str
    lane: str
    doc: str
    parent: int
    span: Span | None
    #: The slot that the call is of, and whether nothing is plugged into it.
    slot: str = ""
    is_empty: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Graph:
    """A frozen dataflow graph. See the module docstring for the layout."""

    name: str
    ops: tuple[Op | Source, ...]
    args: tuple[tuple[int, ...], ...]
    types: tuple[Type, ...]
    units: tuple[str, ...]
    constants: tuple[Value | None, ...]
    names: tuple[str, ...]
    identifiers: tuple[str, ...]
    spans: tuple[Span | None, ...]
    owners: tuple[int, ...]
    #: Whether the author takes the op's result on every operand: an infinity from a zero divisor, a sum that wraps.
    total: tuple[bool, ...]
    scopes: tuple[Scope, ...]
    inputs: tuple[Input, ...]
    params: tuple[Param, ...]
    states: tuple[State, ...]
    outputs: tuple[Output, ...]
    taps: tuple[Tap, ...]
    #: The i64 node that is 0 on a good row and 1 + the index of the first offending port (inputs, then parameters) on a
    #: rejected one; None until `compile.passes.reject_out_of_domain` has run.
    status: int | None
    content_hash: str
    #: What annotations claim, for `compile.lint`. Only a graph as it was traced has them: they decide nothing that is computed,
    #: so neither the content hash, nor files, nor passes know them.
    claims: tuple[Claim, ...] = field(default=(), compare=False)
    #: For each node the paths on which Python would compute it. Only a graph as it was traced knows them, for `compile.hazards`.
    reached: tuple[Paths, ...] = field(default=(), compare=False, repr=False)
    #: Of a node that one place takes on every operand, as `ieee_div` does, and another does not: the paths of the latter. Only a graph
    #: as it was traced knows them.
    judged: Mapping[int, Paths] = field(default_factory=dict[int, Paths], compare=False, repr=False)
    #: Quotients and comparisons for which Python takes integers as they are: the node -> the operands that are integers, here made
    #: floats. Only a graph as it was traced knows them, for `compile.hazards`.
    whole_operands: Mapping[int, frozenset[int]] = field(
        default_factory=dict[int, frozenset[int]], compare=False, repr=False
    )
    #: How many values a window has on a bar, of a length that is not known before: the node, the least of the values that are there and
    #: of that length -> the longest that it may be. Only a graph as it was traced knows them, for `compile.hazards`.
    lookbacks: Mapping[int, int] = field(default_factory=dict[int, int], compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.ops)

    def __repr__(self) -> str:
        return f"<Graph {self.name} {self.content_hash[:12]}, {len(self)} nodes>"

    def operators(self) -> Iterable[int]:
        """The nodes that compute something, in order."""
        return (node for node, op in enumerate(self.ops) if isinstance(op, Op))

    def status_output(self) -> str | None:
        """The name of the output that holds the rejection status; None where there is none."""
        names = [output.name for output in self.outputs if output.node == self.status]
        return max(names, key=lambda name: (name.rstrip("_") == STATUS, len(name)), default=None)

    def status_scopes(self) -> frozenset[int]:
        """The call in which the status is computed, as if it were of a lane `status`; a lane of the user's stands somewhere."""
        return frozenset(
            index for index, scope in enumerate(self.scopes) if scope.lane == STATUS and scope.span is None
        )

    def passed_on(self, node: int) -> int:
        """What an output is on the rows that are not rejected; any other node is itself."""
        is_guard = self.ops[node] is SELECT and self.owners[node] in self.status_scopes()
        return self.args[node][1] if is_guard else node

    def single_values(self) -> list[int]:
        """The nodes that hold one value, no array, in order."""
        return [node for node, type_ in enumerate(self.types) if not type_.is_array]

    def shown_values(self) -> list[int]:
        """The nodes that have a value to show, single or along an axis, in order: memory is seen where it is read."""
        return [node for node, type_ in enumerate(self.types) if not type_.is_memory]

    def breadth(self) -> int:
        """How many places the longest axis has; 1 where there is none."""
        return max((type_.size for type_ in self.types if type_.axis is not None), default=1)

    def word_places(self) -> list[int]:
        """Where the words of each node begin among those of all nodes, and last how many there are. A node along an axis has a word for
        each place, any other has one."""
        places = [0]
        for type_ in self.types:
            places.append(places[-1] + (1 if type_.axis is None else type_.size))
        return places

    def node(self, name: str) -> int:
        """The node that a tap, an input, a parameter, a state or a node is called by; raises KeyError."""
        for tap in self.taps:
            if tap.name == name:
                return tap.node
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def users(self) -> tuple[tuple[int, ...], ...]:
        """For each node, the nodes that read it, in order (a node that reads it twice stands once)."""
        users: list[list[int]] = [[] for _ in self.ops]
        for node, operands in enumerate(self.args):
            for operand in dict.fromkeys(operands):
                users[operand].append(node)
        return tuple(tuple(each) for each in users)

    def family(self, node: int) -> Family | None:
        """What kind of operator `node` is; None for a port, a state or a constant."""
        op = self.ops[node]
        return op.family if isinstance(op, Op) else None

    def paths_to(self, node: int) -> Paths:
        """The paths on which Python would compute `node`, as far as they are known."""
        return self.reached[node] if self.reached else ALWAYS

    def writes(self, state: State) -> tuple[int, ...]:
        """What an array's state is written with, in order: its chain of `put` nodes."""
        chain: list[int] = []
        node = state.next
        while node != state.node:
            chain.append(node)
            node = self.args[node][0]
        return tuple(reversed(chain))

    def array_of(self, node: int) -> int:
        """The state in whose place a chain of `put` nodes ends; a node that is none is its own."""
        while self.ops[node] is PUT:
            node = self.args[node][0]
        return node

    def ports(self) -> tuple[Input | Param, ...]:
        """Inputs, then parameters: the numbering that `status` uses."""
        return (*self.inputs, *self.params)
