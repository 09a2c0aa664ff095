"""Building a graph: hash-consing while nodes are added, canonical order and content hash when it is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from dag.diagnostics.span import Span
from dag.graphs.array_rules import check_arrays
from dag.graphs.content_hash import content_hash
from dag.graphs.draft import DraftNode, renumbered
from dag.graphs.graph import Graph, Input, Output, Param, Scope, State, Tap
from dag.graphs.identifiers import identifier
from dag.graphs.natural_order import natural_order
from dag.graphs.node_names import names_of
from dag.graphs.paths import ALWAYS, Paths, either, then
from dag.language.lifetime import SESSION, Lifetime
from dag.language.marks import Claim
from dag.operators.op import Op, Source, UnitRule
from dag.operators.units import DIMENSIONLESS, result_unit
from dag.values.domain import Domain
from dag.values.types import BOOL, Axis, Type, Value
from dag.values.words import word_of


@dataclass(slots=True)
class GraphBuilder:
    """Collects nodes; `freeze()` turns them into a `Graph`. Equal nodes are one node; the first to ask for it owns it."""

    name: str
    _nodes: list[DraftNode] = field(default_factory=list[DraftNode])
    _known: dict[tuple[object, ...], int] = field(default_factory=dict[tuple[object, ...], int])
    _scopes: list[Scope] = field(default_factory=list[Scope])
    _open: list[int] = field(default_factory=list[int])
    _inputs: dict[str, Input] = field(default_factory=dict[str, Input])
    _params: dict[str, Param] = field(default_factory=dict[str, Param])
    _states: dict[str, State] = field(default_factory=dict[str, State])
    _outputs: dict[str, Output] = field(default_factory=dict[str, Output])
    _taps: dict[str, int] = field(default_factory=dict[str, int])
    _claims: list[Claim] = field(default_factory=list[Claim])
    _whole_operands: dict[int, frozenset[int]] = field(default_factory=dict[int, frozenset[int]])
    _lookbacks: dict[int, int] = field(default_factory=dict[int, int])
    _status: int | None = None
    _total: int = 0
    _reached: Paths = ALWAYS

    # --- scopes ---------------------------------------------------------------------------------------------------

    def open_scope(
        self, path: str, lane: str, doc: str = "", span: Span | None = None, slot: str = "", is_empty: bool = False
    ) -> int:
        """Begin a lane call; nodes added until `close_scope` belong to it. The first scope is the root."""
        parent = self._open[-1] if self._open else 0
        self._scopes.append(Scope(path, lane, doc, parent, span, slot, is_empty))
        self._open.append(len(self._scopes) - 1)
        return self._open[-1]

    def adopt_scopes(self, scopes: tuple[Scope, ...], prefix: str = "") -> int:
        """Take over the scopes of a finished graph and reopen its root; returns by how much their numbers grew.

        With a `prefix` their paths begin with it, and they come beside those that are here, under the open one.
        """
        grown, parent = len(self._scopes), self._open[-1] if self._open else 0
        for scope in scopes:
            path = f"{prefix}.{scope.path}".strip(".")
            over = parent if scope is scopes[0] else scope.parent + grown
            self._scopes.append(replace(scope, path=path, parent=over))
        self._open.append(grown)
        return grown

    def close_scope(self) -> None:
        """End the innermost open lane call."""
        self._open.pop()

    def rename_scope(self, scope: int, path: str) -> None:
        """Give a lane call its path: while it is traced, nobody knows how often its lane is still to be called."""
        self._scopes[scope] = replace(self._scopes[scope], path=path)

    def input_of(self, name: str, type_: Type, unit: str) -> int | None:
        """The input of that name, type and unit, or None."""
        port = self._inputs.get(name)
        if port is None or (self.type_of(port.node), self.unit_of(port.node)) != (type_, unit):
            return None
        return port.node

    # --- nodes ----------------------------------------------------------------------------------------------------

    def _add(
        self,
        op: Op | Source,
        args: tuple[int, ...],
        type_: Type,
        unit: str,
        span: Span | None,
        constant: Value | None = None,
        label: str = "",
        owner: int | None = None,
    ) -> int:
        word = None if constant is None else word_of(constant, type_)
        key = (op, args, type_, unit, word, label)
        is_new = key not in self._known
        if is_new:
            if owner is None:
                owner = self._open[-1] if self._open and isinstance(op, Op) else 0
            self._nodes.append(
                DraftNode(op, args, type_, unit, constant, label, owner, span, self._total > 0, self._reached)
            )
            self._known[key] = len(self._nodes) - 1
        known = self._nodes[self._known[key]]
        if not is_new and known.total != (self._total > 0) and known.judged is None:
            known.judged = self._reached if known.total else known.reached
        elif known.judged is not None and not self._total:
            known.judged = either((*known.judged, *self._reached))
        if known.reached != self._reached:
            known.reached = either((*known.reached, *self._reached))
        if known.total and not self._total:  # the same operation, now where it is to be judged
            known.total, known.span = False, span
        return self._known[key]

    @contextmanager
    def taking_every_result(self) -> Iterator[None]:
        """Nodes added meanwhile are `total`: their author takes what the op gives on every operand."""
        self._total += 1
        try:
            yield
        finally:
            self._total -= 1

    @contextmanager
    def behind(self, paths: Paths) -> Iterator[None]:
        """Nodes added meanwhile are those that Python computes on one of `paths` only."""
        before = self._reached
        self._reached = then(before, paths)
        try:
            yield
        finally:
            self._reached = before

    def input(self, name: str, type_: Type, unit: str, domain: Domain, span: Span | None = None) -> int:
        """Declare an input column; raises ValueError when the name is taken."""
        self._claim(name)
        node = self._add(Source.INPUT, (), type_, unit, span, label=name)
        self._inputs[name] = Input(name, node, domain)
        return node

    def param(
        self, name: str, type_: Type, unit: str, domain: Domain, default: Value | None, span: Span | None = None
    ) -> int:
        """Declare a parameter; raises ValueError when the name is taken."""
        self._claim(name)
        node = self._add(Source.PARAM, (), type_, unit, span, label=name)
        self._params[name] = Param(name, node, domain, default)
        return node

    def state(self, name: str, type_: Type, unit: str, initial: Value, span: Span | None = None) -> int:
        """Declare a carried value and return the node that reads it; give it `set_next` before `freeze`."""
        self._claim(name)
        node = self._add(Source.STATE, (), type_, unit, span, label=name)
        self._states[name] = State(name, node, initial, -1, initial)
        return node

    def describe_state(
        self, name: str, lifetime: Lifetime = SESSION, cold: Value | None = None, warm_up: int | str = 0
    ) -> None:
        """Say how long the state `name` lasts, what it is when it is too old (None: initial), and when it counts as warm."""
        state = self._states[name]
        cold = state.initial if cold is None else cold
        self._states[name] = replace(state, lifetime=lifetime, cold=cold, warm_up=warm_up)

    def rename_state(self, old: str, new: str) -> None:
        """Call the state `old` by its final name `new`; raises ValueError when that is taken."""
        self._claim(new)
        state = self._states.pop(old)
        self._nodes[state.node].label = new
        self._states[new] = replace(state, name=new)

    def _claim(self, name: str) -> None:
        if name in self._inputs or name in self._params or name in self._states:
            raise ValueError(f"the name {name!r} is taken")

    def has_state(self, name: str) -> bool:
        """Whether a state of that name is declared."""
        return name in self._states

    def state_node(self, name: str) -> int:
        """The node that reads the state `name`."""
        return self._states[name].node

    def set_next(self, name: str, node: int) -> None:
        """Say what the state `name` holds at the start of the next bar."""
        self._states[name] = replace(self._states[name], next=node)

    def const(self, value: Value, type_: Type, unit: str, span: Span | None = None) -> int:
        """A constant. f64 constants are kept by their bits: 0.0 and -0.0 are two nodes."""
        return self._add(Source.CONST, (), type_, unit, span, constant=value)

    def unknown(self) -> int:
        """A bool of which a reported mistake leaves nothing known. It is no port: no analysis takes it to be true or false."""
        return self._add(Source.INPUT, (), BOOL, DIMENSIONLESS, None)

    def op(
        self,
        op: Op,
        args: tuple[int, ...],
        span: Span | None = None,
        unit: str | None = None,
        owner: int | None = None,
    ) -> int:
        """Apply `op`; `unit` matters for `as_unit` only. Raises TypeError or UnitProblem when operands do not fit."""
        type_ = op.result_type(tuple(self._nodes[arg].type for arg in args))
        if type_ is None:
            got = ", ".join(str(self._nodes[arg].type) for arg in args)
            raise TypeError(f"`{op}` does not take ({got})")
        if op.units is not UnitRule.RELABELLED:
            unit = result_unit(op, tuple(self._nodes[arg].unit for arg in args))
        assert unit is not None, "as_unit needs the unit to relabel to"
        return self._add(op, args, type_, unit, span, owner=owner)

    def tap(self, name: str, node: int) -> None:
        """Give a value a name; raises ValueError when another value has it."""
        if self._taps.setdefault(name, node) != node:
            raise ValueError(f"the name {name!r} is taken")

    def output(self, name: str, node: int, safe: Value) -> None:
        """Declare a result of the root lane, with its value on a rejected row."""
        if name in self._outputs:
            raise ValueError(f"the output {name!r} is declared twice")
        self._outputs[name] = Output(name, node, safe)

    def has_output(self, name: str) -> bool:
        """Whether a result of that name is declared."""
        return name in self._outputs

    def has_next(self, state: str) -> bool:
        """Whether the state is declared and told what it holds next."""
        return state in self._states and self._states[state].next >= 0

    def claim(self, claim: Claim) -> None:
        """Keep what an annotation says of a value; of a value that the finished graph has not, nothing is kept."""
        self._claims.append(claim)

    def whole_operands(self, node: int, operands: Iterable[int]) -> None:
        """Say that these operands of `node` are integers, made floats: Python divides or compares them as they are."""
        self._whole_operands[node] = self._whole_operands.get(node, frozenset()) | {*operands}

    def lookback(self, node: int, longest: int) -> None:
        """Say that `node` is how many values a window has, the least of those kept and of a length that is at most `longest`."""
        self._lookbacks[node] = min(longest, self._lookbacks.get(node, longest))

    def set_status(self, node: int) -> None:
        """Say which i64 node holds the rejection status."""
        self._status = node

    def type_of(self, node: int) -> Type:
        """The type of a node added before."""
        return self._nodes[node].type

    def applied_at(self, node: int) -> tuple[Op | Source, tuple[int, ...]]:
        """What a node added before is: its op or source, and its operands."""
        return self._nodes[node].op, self._nodes[node].args

    def source_along(self, axis: Axis) -> int | None:
        """The first input or state, in the order in which they were declared, whose places are those of `axis`."""
        sources = (port.node for ports in (self._inputs, self._states) for port in ports.values())
        return next((node for node in sources if self.type_of(node).axis == axis), None)

    def label_of(self, node: int) -> str:
        """The name of an input, a parameter or a state; empty for any other node."""
        return self._nodes[node].label

    def unit_of(self, node: int) -> str:
        """The canonical unit of a node added before."""
        return self._nodes[node].unit

    def span_of(self, node: int) -> Span | None:
        """Where a node added before stands."""
        return self._nodes[node].span

    def source_of(self, node: int) -> Source | None:
        """Where a node without operands gets its value, None for an operator."""
        op = self._nodes[node].op
        return op if isinstance(op, Source) else None

    def ports(self) -> dict[str, int]:
        """The nodes of all inputs and parameters declared so far, by name."""
        inputs = {port.name: port.node for port in self._inputs.values()}
        return inputs | {port.name: port.node for port in self._params.values()}

    def constant_of(self, node: int) -> Value | None:
        """The value of a constant node, None for any other."""
        return self._nodes[node].constant

    # --- freezing -------------------------------------------------------------------------------------------------

    def freeze(self) -> Graph:
        """The finished graph: nodes that nothing reads are gone, order and hash are canonical."""
        unset = [state.name for state in self._states.values() if state.next < 0]
        if unset:
            raise ValueError(f"states without a next value: {', '.join(unset)}")
        graph = self._graph(self._canonical_order())
        check_arrays(graph)
        object.__setattr__(graph, "content_hash", content_hash(graph))
        return graph

    def so_far(self, carries_on: bool = True) -> Graph:
        """What was built although mistakes were reported, to be analysed and nothing else: every node, no results.

        Of what a state without a next value holds nothing is known, and neither of any without `carries_on`.
        """
        self._states = {name: state for name, state in self._states.items() if carries_on and state.next >= 0}
        return self._graph(range(len(self._nodes)))

    def _graph(self, order: Sequence[int]) -> Graph:
        index = {old: new for new, old in enumerate(order)}
        nodes = [self._nodes[old] for old in order]
        args = tuple(tuple(index[arg] for arg in node.args) for node in nodes)
        taps = tuple(Tap(name, index[self._taps[name]]) for name in sorted(self._taps, key=natural_order))
        scopes = tuple(self._scopes) or (Scope("", self.name, "", 0, None),)
        names = names_of(nodes, args, taps, scopes)
        return Graph(
            name=self.name,
            ops=tuple(node.op for node in nodes),
            args=args,
            types=tuple(node.type for node in nodes),
            units=tuple(node.unit for node in nodes),
            constants=tuple(node.constant for node in nodes),
            names=names,
            identifiers=tuple(map(identifier, names)),
            spans=tuple(node.span for node in nodes),
            owners=tuple(node.owner for node in nodes),
            total=tuple(node.total for node in nodes),
            reached=tuple(renumbered(node.reached, index) for node in nodes),
            judged={
                number: renumbered(node.judged, index) for number, node in enumerate(nodes) if node.judged is not None
            },
            scopes=scopes,
            inputs=tuple(replace(p, node=index[p.node]) for p in self._inputs.values()),
            params=tuple(replace(p, node=index[p.node]) for p in self._params.values()),
            states=tuple(replace(s, node=index[s.node], next=index[s.next]) for s in self._sorted_states()),
            outputs=tuple(replace(o, node=index[o.node]) for o in self._outputs.values()),
            taps=taps,
            status=None if self._status is None else index[self._status],
            content_hash="",
            claims=tuple(replace(each, node=index[each.node]) for each in self._claims if each.node in index),
            whole_operands={
                index[node]: frozenset(index[each] for each in operands if each in index)
                for node, operands in self._whole_operands.items()
                if node in index
            },
            lookbacks={index[node]: longest for node, longest in self._lookbacks.items() if node in index},
        )

    def _canonical_order(self) -> list[int]:
        """Inputs, parameters and states, then a post-order walk from outputs, next states, status and taps.

        Inputs, parameters and outputs come in the order they were declared, states and taps in the order of their names.
        Last come conditions that nothing but the taps behind them needs.
        """
        states = self._sorted_states()
        roots = [
            *(port.node for port in self._inputs.values()),
            *(param.node for param in self._params.values()),
            *(state.node for state in states),
            *(output.node for output in self._outputs.values()),
            *(state.next for state in states),
            *([] if self._status is None else [self._status]),
        ]
        order: list[int] = []
        placed: set[int] = set()
        self._walk(roots, order, placed)
        live = len(order)
        self._walk([self._taps[name] for name in sorted(self._taps, key=natural_order)], order, placed)
        for node in iter(order[live:]):
            self._walk([test for path in self._nodes[node].reached for test, _ in path], order, placed)
        return order

    def _walk(self, roots: Sequence[int], order: list[int], placed: set[int]) -> None:
        """Add to `order` what `roots` are computed from, operands first."""
        pending = list(reversed(roots))
        while pending:
            node = pending[-1]
            missing = [arg for arg in self._nodes[node].args if arg not in placed]
            if node in placed or not missing:
                pending.pop()
                if node not in placed:
                    placed.add(node)
                    order.append(node)
            else:
                pending.extend(reversed(missing))

    def _sorted_states(self) -> list[State]:
        return [self._states[name] for name in sorted(self._states, key=natural_order)]
