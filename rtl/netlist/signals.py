"""What the signals of an emitted pipeline hold: for the row accepted n cycles ago, the term of a value of the graph.

Every path into an operator has to carry the same n: a delay adds its depth, a core its latency, wires and logic nothing. A
signal that is no such thing is remembered with the reason, which is said if an output, a state or a tap depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import IllTyped
from compile.proof.core.verdict import Unreadable
from dag.operators.lookups import op_named
from dag.operators.meanings import LEAST_NORMAL_F32, LEAST_NORMAL_F64
from dag.operators.table import BITS_F32, BITS_F64
from dag.values.types import F32, F64, I32, I64, Kind
from dag.values.words import value_of, wrap_i32, wrap_i64
from rtl.emit.names import ports_of, wires_of
from rtl.netlist.arrays import Arrays
from rtl.netlist.core_operators import DELAY, core_operator
from rtl.netlist.expressions import BOOL, FLOAT, INT, PATTERNS, matched
from rtl.netlist.text import Expr, Instance, Module
from rtl.netlist.value import INSTANCE, RESTART, NetlistValue, StateRead

#: Never subnormal, whatever they are of.
_NEVER_SUBNORMAL = frozenset(
    ("flush", "flush_f32", "rint", "floor", "ceil", "trunc", "sqrt", "i64_to_f64", "i64_to_f32")
)  # fmt: skip


class Signals:
    """The values of one module's signals."""

    def __init__(
        self,
        source: SourceTerms,
        module: Module,
        leaves: dict[str, int],
        states: dict[str, int],
        controls: Mapping[str, str],
    ) -> None:
        """`leaves` are the terms of the data ports, by port, and `states` those of the states, by what they are read from;
        `controls` are the signals that go with a row in its cycle 0.
        """
        self.source = source
        self._module = module
        self._leaves, self._states, self._controls = leaves, states, controls
        self._known: dict[str, NetlistValue | Unreadable] = {}
        self._nodes = {wire: node for node, wire in enumerate(wires_of(source.graph, ports_of(source.graph)))}
        self._normal: dict[tuple[int, bool], bool] = {}
        self.arrays = Arrays(self, module, states)
        self.reads: list[StateRead] = []
        for wire in module.wires:  # in the order of the text, so that nothing is nested deeply
            self._remember(wire)

    def wire(self, name: str) -> NetlistValue:
        """The value of a signal. Raises Unreadable."""
        found = self._known.get(name) or self._remember(name)
        if isinstance(found, Unreadable):
            raise found
        return found

    def _remember(self, name: str) -> NetlistValue | Unreadable:
        if name not in self._known:
            self._known[name] = Unreadable(f"`{name}` depends on itself")
            try:
                self._known[name] = self._value(name)
            except Unreadable as problem:
                self._known[name] = problem
        return self._known[name]

    def _value(self, name: str) -> NetlistValue:
        if name in self._controls:
            return NetlistValue(self._module.inputs.get(name, 1), 0, control=self._controls[name])
        if name in self._module.inputs:
            if name not in self._leaves:
                raise Unreadable(f"`{name}` is no port with a value of a row")
            return NetlistValue(self._module.inputs[name], 0, self._leaves[name])
        driver = self._module.wires.get(name)
        if driver is None:
            raise Unreadable(f"`{name}` is read, and nothing of a row drives it")
        node = self._nodes.get(name)
        try:
            if isinstance(driver.value, Instance):
                found = self._instance(driver.value, node)
            else:
                found = self.expression(driver.value, driver.line, node)
        except IllTyped as problem:
            raise Unreadable(f"`{name}`: {problem}{self.about(node)}", driver.line) from None
        return replace(self._retyped(found, node), line=driver.line)

    def about(self, node: int | None) -> str:
        """Which node of the user's a signal is, for a message."""
        if node is None:
            return ""
        graph = self.source.graph
        span = graph.spans[node]
        return f"; it is node `{graph.names[node]}`{f' ({span.at})' if span else ''}"

    def _retyped(self, value: NetlistValue, node: int | None) -> NetlistValue:
        """A pattern under the name of a float is that float: `bits_f64` is a wire."""
        if node is None or not self.source.graph.types[node].is_float:
            return value
        op = self.source.graph.ops[node]
        if value.word is not None and op in (BITS_F64, BITS_F32):
            return replace(value, word=None, term=self.source.terms.term(str(op), self._literal(value, INT)))
        if value.term is None or not self._is(INT, value.term):
            return value
        return replace(value, term=self.term(value, FLOAT))

    def _instance(self, instance: Instance, node: int | None) -> NetlistValue:
        inputs, line = instance.inputs, instance.line
        if inputs.get("clk") != Expr("ref", (), 1, "clk"):
            raise Unreadable(f"`{instance.name}` has another clock", line)
        if instance.module == DELAY:
            found = self.expression(inputs["d"], line, None)
            if instance.parameters["WIDTH"] != found.width or inputs["rst"] != Expr("ref", (), 1, "rst"):
                raise Unreadable(f"`{instance.name}` delays {found.width} bits as {instance.parameters['WIDTH']}", line)
            return replace(found, cycle=None if found.cycle is None else found.cycle + instance.parameters["DEPTH"])
        core = core_operator(instance.module, instance.parameters, line)
        given = {port: self.expression(inputs[port], line, None) for port in core.operands}
        cycle = self.together(given, line, node)
        of = INT if op_named(core.operator).takes[0] in (I64, I32) else FLOAT
        operands = [self.term(value, of) for value in given.values()]
        term = self.source.terms.term(core.operator, *operands)
        if core.flushes:
            is_narrow = core.operator.endswith("_f32")
            if not all(self._is_never_subnormal(each, is_narrow) for each in operands):
                raise Unreadable(f"`{instance.name}` flushes, and an operand may be subnormal{self.about(node)}", line)
            term = self.source.terms.term("flush_f32" if is_narrow else "flush", term)
        width = 1 if self._is(BOOL, term) else _RESULT_WIDTH.get(core.operator, given[core.operands[0]].width)
        return NetlistValue(width, None if cycle is None else cycle + core.latency, term)

    def together(self, given: dict[str, NetlistValue], line: int, node: int | None) -> int | None:
        """The cycle in which all of these are of one row; None where all are constant. Raises Unreadable."""
        cycles = {name: value.cycle for name, value in given.items() if value.cycle is not None}
        if len(set(cycles.values())) > 1:
            shown = ", ".join(f"{name} in cycle {cycle}" for name, cycle in cycles.items())
            raise Unreadable(f"operands of different rows meet: {shown}{self.about(node)}", line)
        return next(iter(cycles.values()), None)

    def expression(self, expression: Expr, line: int, node: int | None) -> NetlistValue:
        """What an expression holds; `node` is the one that the graph calls by its name. Raises Unreadable."""
        match expression:
            case Expr("const", (), width, int() as word):
                return NetlistValue(width, None, word=word)
            case Expr("ref", (), _, str() as name):
                return self.wire(name)
        state = self._state(expression, line) or self.arrays.read(expression, line, node)
        if state is not None:
            return state
        for pattern in PATTERNS:
            bound: dict[str, Expr] = {}
            if pattern.width == expression.args[-1].width and matched(pattern.shape, expression, bound):
                given = {letter: self.expression(bound[letter], line, None) for letter in pattern.operands}
                if all(value.width == pattern.width and self._fits(value, pattern.of) for value in given.values()):
                    cycle = self.together(given, line, node)
                    operands = [self.term(value, pattern.of) for value in given.values()]
                    return NetlistValue(expression.width, cycle, self.source.terms.term(pattern.operator, *operands))
        if expression.op == "?:":
            return self._choice(expression, line, node)
        raise Unreadable(f"`{expression.op}` of {expression.width} bits is no operator here{self.about(node)}", line)

    def _state(self, expression: Expr, line: int) -> NetlistValue | None:
        """`restart ? initial : register`, or None."""
        match expression:
            case Expr("?:", (restart, Expr("const", (), _, int() as initial), Expr("ref", (), width, str() as name))):
                if name not in self._states or name in self._module.memories:
                    return None
                cycle = self.restart(restart, line)
                self.reads.append(StateRead(name, cycle, initial, line))
                return NetlistValue(width, cycle, self._states[name])
        return None

    def restart(self, expression: Expr, line: int) -> int:
        """The cycle in which `expression` says that the row is the first of a fresh instance. Raises Unreadable."""
        found = self.expression(expression, line, None)
        if found.control != RESTART or found.cycle is None:
            raise Unreadable("a state is read, and what chooses its initial value is not the row's restart", line)
        return found.cycle

    def number(self, expression: Expr, line: int) -> int:
        """The cycle in which `expression` is the number of a row's instance. Raises Unreadable."""
        found = self.expression(expression, line, None)
        if found.control != INSTANCE or found.cycle is None:
            raise Unreadable("what chooses an instance is not the number of a row's", line)
        return found.cycle

    def _choice(self, expression: Expr, line: int, node: int | None) -> NetlistValue:
        names = ("condition", "a", "b")
        given = {name: self.expression(arg, line, None) for name, arg in zip(names, expression.args, strict=True)}
        cycle = self.together(given, line, node)
        condition, a, b = given.values()
        if expression.width == 1:
            of = BOOL
        elif a.term is None and b.term is None:
            of = FLOAT if node is not None and self.source.graph.types[node].is_float else INT
        else:
            of = FLOAT if any(value.term is not None and self._is(FLOAT, value.term) for value in (a, b)) else INT
        terms = (self.term(condition, BOOL), self.term(a, of), self.term(b, of))
        return NetlistValue(expression.width, cycle, self.source.terms.term("select", *terms))

    def _fits(self, value: NetlistValue, of: str) -> bool:
        return value.term is None or self._is(of, value.term)

    def _is(self, of: str, term: int) -> bool:
        return self.source.terms.kinds[term] in _KINDS[of]

    def term(self, value: NetlistValue, of: str) -> int:
        """The term of a value that is used as a float, an integer or a bool. Raises Unreadable."""
        terms = self.source.terms
        if value.control:
            raise Unreadable(f"the {value.control} of a row is used as a value", value.line)
        if value.term is None:
            return self._literal(value, of)
        if self._is(of, value.term):
            return value.term
        if of == FLOAT and self._is(INT, value.term):
            return terms.term("bits_f64" if value.width == 64 else "bits_f32", value.term)
        raise Unreadable(f"a value of {terms.types(value.term)} is used as one of {of}", value.line)

    def _literal(self, value: NetlistValue, of: str) -> int:
        terms, word = self.source.terms, value.word or 0
        match of, value.width:
            case "float", 64:
                return terms.constant(value_of(word, F64), Kind.F64)
            case "float", 32:
                return terms.constant(value_of(word, F32), Kind.F32)
            case "int", 64:
                return terms.constant(wrap_i64(word), Kind.I64)
            case "int", 32:
                return terms.constant(wrap_i32(word), Kind.I32)
            case "bool", 1:
                return terms.constant(bool(word), Kind.BOOL)
            case _:
                raise Unreadable(f"a literal of {value.width} bits is used as one of {of}", value.line)

    def _is_never_subnormal(self, term: int, is_narrow: bool) -> bool:
        """In binary32 (`is_narrow`) or binary64, by the operators alone: what `FLUSH` asks of a core's operands."""
        known = self._normal.get((term, is_narrow))
        if known is None:
            terms = self.source.terms
            operator, operands = terms.operators[term], terms.operands[term]
            match operator:
                case "const":
                    value = terms.value(term)
                    known = not 0.0 < abs(float(value or 0.0)) < (LEAST_NORMAL_F32 if is_narrow else LEAST_NORMAL_F64)
                case "neg" | "abs":
                    known = self._is_never_subnormal(operands[0], is_narrow)
                case "select":
                    known = all(self._is_never_subnormal(each, is_narrow) for each in operands[1:])
                case "f64_to_f32" if is_narrow:  # the root of a binary32 number is 2^-75 at least
                    known = (
                        terms.operators[operands[0]] == "sqrt"
                        and terms.kinds[terms.operands[operands[0]][0]] is Kind.F32
                    )
                case _:
                    known = operator in _NEVER_SUBNORMAL
            known = known or (not is_narrow and terms.kinds[term] is Kind.F32)
            self._normal[term, is_narrow] = known
        return known


_KINDS = {FLOAT: (Kind.F64, Kind.F32), INT: (Kind.I64, Kind.I32), BOOL: (Kind.BOOL,)}
_RESULT_WIDTH = {
    "i64_to_f64": 64, "i64_to_f32": 32, "f64_to_i64": 64, "f32_to_i64": 64, "f64_to_f32": 32, "f32_to_f64": 64,
    "i64_to_i32": 32, "i32_to_i64": 64,
}  # fmt: skip
