"""Verilog as plain rows, elaborated by slang: who drives each signal of the top module, with what expression.

Nothing is skipped: a construct that is not known here, or to `rtl.netlist.plain_text`, raises `Unreadable`, which names it and
its line. Widths and signs are slang's, after the rules of the standard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compile.proof.core.verdict import Unreadable
from rtl.netlist.plain_text import expect_one_module


@dataclass(frozen=True, slots=True)
class Expr:
    """An expression: a signal (`ref`, of the name `value`), a constant (`const`), or an operation on expressions.

    Comparisons and right shifts of signed operands end in `s`, as in `<s`.
    """

    op: str
    args: tuple[Expr, ...]
    width: int
    value: int | str = 0


@dataclass(frozen=True, slots=True)
class Assign:
    """A non-blocking assignment inside an always block."""

    target: Expr
    value: Expr
    line: int


@dataclass(frozen=True, slots=True)
class If:
    """A conditional statement: what is done if `condition` is not 0, and what otherwise."""

    condition: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    line: int


Statement = Assign | If


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a module: its parameters, local ones included, and what is on its ports."""

    name: str
    module: str
    parameters: Mapping[str, int]
    inputs: Mapping[str, Expr]
    outputs: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Driver:
    """What drives a wire."""

    value: Expr | Instance
    line: int


@dataclass(slots=True)
class Module:
    """The top module, elaborated."""

    name: str
    inputs: dict[str, int] = field(default_factory=dict[str, int])
    outputs: dict[str, int] = field(default_factory=dict[str, int])
    #: Registers -> bits of a word, and memories -> bits of a word and how many.
    registers: dict[str, int] = field(default_factory=dict[str, int])
    memories: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    #: Wires and ports -> their bits.
    nets: dict[str, int] = field(default_factory=dict[str, int])
    wires: dict[str, Driver] = field(default_factory=dict[str, Driver])
    #: The always blocks: all are `always @(posedge clk)`.
    blocks: list[tuple[Statement, ...]] = field(default_factory=list[tuple[Statement, ...]])
    parameters: dict[str, int] = field(default_factory=dict[str, int])
    #: The modules among the texts that nothing instantiates.
    unused: frozenset[str] = frozenset()


_BINARY = {
    "Add": "+", "Subtract": "-", "BinaryAnd": "&", "BinaryOr": "|", "BinaryXor": "^", "Equality": "==", "Inequality": "!=",
    "LessThan": "<", "LessThanEqual": "<=", "GreaterThan": ">", "GreaterThanEqual": ">=", "LogicalShiftLeft": "<<",
    "ArithmeticShiftLeft": "<<", "LogicalShiftRight": ">>", "ArithmeticShiftRight": ">>>",
}  # fmt: skip
_SIGNED = frozenset(("<", "<=", ">", ">=", ">>>"))
_UNARY = {
    "BitwiseNot": "~",
    "LogicalNot": "!",
    "Minus": "neg",
    "BitwiseAnd": "&all",
    "BitwiseOr": "|any",
    "BitwiseNor": "~|any",
}


#: What slang remarks on in a text that is as it should be. Whatever else it warns of, other tools may take otherwise.
_HARMLESS = frozenset(("SignConversion",))


def elaborate(texts: Mapping[str, str], file: str, top: str, defines: tuple[str, ...] = ()) -> Module:
    """The module `top`, which is all that the text called `file` holds, of these texts (name -> Verilog), with these macros
    defined. Raises Unreadable; ImportError without the package
    `pyslang`.
    """
    import pyslang
    from pyslang import ast, parsing, syntax

    options = parsing.PreprocessorOptions()
    options.predefines = [f"{name}=1" for name in defines]
    manager, compilation = pyslang.SourceManager(), ast.Compilation()
    for name, text in texts.items():
        tree = syntax.SyntaxTree.fromText(text, manager, name, name, pyslang.Bag([options]))
        if name == file:
            expect_one_module(tree, top, manager)
        compilation.addSyntaxTree(tree)
    for problem in compilation.getAllDiagnostics():
        is_here = manager.getFileName(problem.location) == file
        if problem.isError() or (is_here and _code(problem) not in _HARMLESS):
            line = manager.getLineNumber(problem.location) if is_here else 0
            raise Unreadable(f"it does not elaborate: {_code(problem)}", line)
    tops = {each.name: each.body for each in compilation.getRoot().topInstances}
    if top not in tops:
        raise Unreadable(f"there is no module `{top}`, or another one instantiates it")
    found = _Elaborated(manager, top).module(tops.pop(top))
    found.unused = frozenset(tops)
    return found


class _Elaborated:
    """One body of slang's, member by member."""

    def __init__(self, manager: Any, top: str) -> None:
        self._manager = manager
        self._module = Module(top)

    def module(self, body: Any) -> Module:
        for member in body:
            kind = _name(member.kind)
            line = self._line(member)
            if kind not in _MEMBERS:
                raise Unreadable(f"`{kind}` in the module is not known", line)
            _MEMBERS[kind](self, member, line)
        return self._module

    def _line(self, node: Any) -> int:
        return int(self._manager.getLineNumber(node.location))

    def _port(self, port: Any, line: int) -> None:
        ports = {"In": self._module.inputs, "Out": self._module.outputs}.get(_name(port.direction))
        if ports is None:
            raise Unreadable(f"port `{port.name}` is neither in nor out", line)
        if port.initializer is not None or not port.isAnsiPort or _range(port.type, line) != 0:
            raise Unreadable(f"port `{port.name}` is no plain port", line)
        ports[port.name] = _width(port.type, line)

    def _net(self, net: Any, line: int) -> None:
        _range(net.type, line)
        self._module.nets[net.name] = _width(net.type, line)
        if net.initializer is not None:
            self._drive(net.name, Driver(self._expression(net.initializer, line), line))

    def _variable(self, variable: Any, line: int) -> None:
        if variable.initializer is not None:
            raise Unreadable(f"register `{variable.name}` has an initial value, which hardware may not have", line)
        type_ = variable.type
        if type_.isUnpackedArray:
            self._module.memories[variable.name] = (_width(type_.elementType, line), int(type_.fixedRange.width))
            if type_.fixedRange.left != 0 or _range(type_.elementType, line) != 0:
                raise Unreadable(f"memory `{variable.name}` does not begin at 0", line)
        else:
            _range(type_, line)
            self._module.registers[variable.name] = _width(type_, line)

    def _parameter(self, parameter: Any, line: int) -> None:
        if not parameter.isLocalParam:
            raise Unreadable(f"parameter `{parameter.name}` may be another one where the module is used", line)
        self._module.parameters[parameter.name] = _integer(parameter.value, line)

    def _assignment(self, assign: Any, line: int) -> None:
        target = assign.assignment.left
        if _name(target.kind) != "NamedValue":
            raise Unreadable("an assignment to a part of a signal", line)
        self._drive(target.symbol.name, Driver(self._expression(assign.assignment.right, line), line))

    def _instance(self, instance: Any, line: int) -> None:
        parameters = {each.name: _setting(each, instance.name, line) for each in instance.body.parameters}
        inputs: dict[str, Expr] = {}
        outputs: dict[str, str] = {}
        for connection in instance.portConnections:
            name, expression = connection.port.name, connection.expression
            if expression is None:
                raise Unreadable(f"port `{name}` of `{instance.name}` is open", line)
            if _name(connection.port.direction) == "In":
                inputs[name] = self._expression(expression, line)
            elif _name(expression.kind) == "Assignment" and _name(expression.left.kind) == "NamedValue":
                outputs[name] = expression.left.symbol.name
                if _width(expression.left.type, line) != _width(connection.port.type, line):
                    raise Unreadable(f"port `{name}` of `{instance.name}` has another width than its wire", line)
            else:
                raise Unreadable(f"port `{name}` of `{instance.name}` drives a part of a signal", line)
        found = Instance(instance.name, instance.definition.name, parameters, inputs, outputs, line)
        for wire in outputs.values():
            self._drive(wire, Driver(found, line))

    def _block(self, block: Any, line: int) -> None:
        body = block.body
        if _name(block.procedureKind) != "Always" or _name(body.kind) != "Timed":
            raise Unreadable("a block that is not `always @(posedge clk)`", line)
        event = body.timing
        is_clock = _name(event.kind) == "SignalEvent" and _name(event.edge) == "PosEdge" and event.iffCondition is None
        if not is_clock or self._expression(event.expr, line) != Expr("ref", (), 1, "clk"):
            raise Unreadable("a block that is not `always @(posedge clk)`", line)
        self._module.blocks.append(tuple(self._statements(body.stmt, line)))

    def _statements(self, statement: Any, line: int) -> Iterator[Statement]:
        start = int(self._manager.getLineNumber(statement.sourceRange.start)) or line
        match _name(statement.kind):
            case "Block":
                yield from self._statements(statement.body, start)
            case "List":
                for each in statement.list:
                    yield from self._statements(each, start)
            case "Conditional" if len(statement.conditions) == 1:
                condition = self._expression(statement.conditions[0].expr, start)
                otherwise = statement.ifFalse
                yield If(
                    condition,
                    tuple(self._statements(statement.ifTrue, start)),
                    tuple(self._statements(otherwise, start)) if otherwise is not None else (),
                    start,
                )
            case "ExpressionStatement" if _name(statement.expr.kind) == "Assignment" and statement.expr.isNonBlocking:
                target, value = statement.expr.left, statement.expr.right
                yield Assign(self._expression(target, start), self._expression(value, start), start)
            case other:
                raise Unreadable(f"statement `{other}` is not known", start)

    def _drive(self, wire: str, driver: Driver) -> None:
        if wire in self._module.inputs:
            raise Unreadable(f"input port `{wire}` is driven from inside", driver.line)
        if wire in self._module.wires:
            raise Unreadable(f"`{wire}` is driven twice", driver.line)
        self._module.wires[wire] = driver

    def _expression(self, node: Any, line: int) -> Expr:
        width = _width(node.type, line)

        def inner(*nodes: Any) -> tuple[Expr, ...]:
            return tuple(self._expression(each, line) for each in nodes)

        match _name(node.kind):
            case "NamedValue":
                name = node.symbol.name
                if name in self._module.parameters:
                    return Expr("const", (), width, self._module.parameters[name] & ((1 << width) - 1))
                return Expr("ref", (), width, name)
            case "IntegerLiteral" | "UnbasedUnsizedIntegerLiteral":
                return Expr("const", (), width, _integer(node.value, line) & ((1 << width) - 1))
            case "BinaryOp" if _name(node.op) in _BINARY:
                op = _BINARY[_name(node.op)]
                both_signed = node.left.type.isSigned and (op == ">>>" or node.right.type.isSigned)
                if op == ">>>" and not both_signed:
                    op = ">>"
                return Expr(op + "s" * (op in _SIGNED and both_signed), inner(node.left, node.right), width)
            case "UnaryOp" if _name(node.op) in _UNARY:
                return Expr(_UNARY[_name(node.op)], inner(node.operand), width)
            case "ConditionalOp" if len(node.conditions) == 1:
                return Expr("?:", inner(node.conditions[0].expr, node.left, node.right), width)
            case "Conversion":
                return _converted(self._expression(node.operand, line), width, bool(node.operand.type.isSigned))
            case "Call" if node.subroutineName in ("$signed", "$unsigned"):
                return self._expression(node.arguments[0], line)
            case "Concatenation":
                return Expr("{}", inner(*node.operands), width)
            case "Replication":
                count, unit = inner(node.count, node.concat)
                if unit.op == "{}" and len(unit.args) == 1:
                    unit = unit.args[0]
                if unit.op != "const" or count.op != "const" or unit.width * int(count.value) != width:
                    raise Unreadable("repeated bits that are computed", line)
                return Expr("const", (), width, int(f"{int(unit.value):0{unit.width}b}" * int(count.value), 2))
            case "ElementSelect":
                return Expr("[]", inner(node.value, node.selector), width, self._lowest(node.value, line))
            case "RangeSelect" if _name(node.selectionKind) == "Simple":
                left, right = inner(node.left, node.right)
                if left.op != "const" or right.op != "const":
                    raise Unreadable("a slice at places that are computed", line)
                low = int(right.value) - self._lowest(node.value, line)
                return Expr("slice", inner(node.value), width, low)
            case other:
                raise Unreadable(f"expression `{other}` is not known", line)

    def _lowest(self, node: Any, line: int) -> int:
        """The least index of what is selected from."""
        return 0 if node.type.isUnpackedArray else _range(node.type, line)


_MEMBERS: Mapping[str, Any] = {
    "Port": _Elaborated._port,
    "Net": _Elaborated._net,
    "Variable": _Elaborated._variable,
    "Parameter": _Elaborated._parameter,
    "ContinuousAssign": _Elaborated._assignment,
    "Instance": _Elaborated._instance,
    "ProceduralBlock": _Elaborated._block,
}


def _name(enumerator: Any) -> str:
    return str(enumerator).rsplit(".", 1)[-1]


def _code(problem: Any) -> str:
    """`SignConversion` of slang's `DiagCode(SignConversion)`."""
    return str(problem.code).removeprefix("DiagCode(").removesuffix(")")


def _width(type_: Any, line: int) -> int:
    width = int(type_.bitWidth)
    if not type_.isUnpackedArray and not (width and type_.isIntegral):
        raise Unreadable(f"type {type_} has no width", line)
    return width


def _range(type_: Any, line: int) -> int:
    """The least index of a signal's bits, 0 or 1. Raises Unreadable where it is no unsigned word, its highest bit first."""
    if not type_.isSimpleBitVector or not type_.isFourState or type_.isSigned or type_.isPredefinedInteger:
        raise Unreadable(f"a signal of type {type_}", line)
    bounds = type_.fixedRange
    if int(bounds.right) not in (0, 1) or bounds.left < bounds.right:
        raise Unreadable("a signal that does not end at bit 0 or 1", line)
    return int(bounds.right)


def _setting(parameter: Any, instance: str, line: int) -> int:
    """A parameter of an instance: of the width that its module gives it, or a plain number where it gives none."""
    value = _integer(parameter.value, line)
    is_number = str(parameter.type) == "logic signed[31:0]" and value >= 0
    if not (parameter.isLocalParam or str(parameter.syntax.parent.type).strip() or is_number):
        raise Unreadable(
            f"parameter `{parameter.name}` of `{instance}` is {value} of type {parameter.type}, no plain number", line
        )
    return value


def _integer(value: Any, line: int) -> int:
    """A known value of slang's, as it is written: negative where it is signed and so."""
    raw = getattr(value, "value", value)
    try:
        if isinstance(raw, (float, str)) or getattr(raw, "hasUnknown", False):
            raise ValueError
        return int(raw)
    except (TypeError, ValueError):
        raise Unreadable(f"{raw} is not an integer without x and z", line) from None


def _converted(inner: Expr, width: int, is_signed: bool) -> Expr:
    """Another width: a constant has it at once; a change of sign alone changes no bit."""
    if inner.width == width:
        return inner
    if inner.op == "const":
        value = int(inner.value)
        if is_signed and inner.width < width and value >> (inner.width - 1):
            value -= 1 << inner.width
        return Expr("const", (), width, value & ((1 << width) - 1))
    return Expr("sign extended" if is_signed else "extended", (inner,), width)
