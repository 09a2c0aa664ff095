"""The value of an expression of a lane's body."""

from __future__ import annotations

import ast

from dag.graphs.paths import ALWAYS, Paths, where
from dag.trace.expressions.comprehensions import generated
from dag.trace.expressions.names import attribute, read_name
from dag.trace.expressions.subscripts import subscript
from dag.trace.frame import Frame
from dag.trace.lookups import written_item
from dag.trace.operators.applying import Operand
from dag.trace.operators.arithmetic import binary, unary
from dag.trace.operators.comparisons import both, comparison, condition, either
from dag.trace.scalars import what
from dag.trace.selection import select
from dag.trace.soundness import sound
from dag.trace.subset import describe_construct
from dag.trace.values import (
    POISON,
    Group,
    Number,
    Poison,
    Static,
    Value,
)


def evaluate(frame: Frame, node: ast.expr) -> Value:
    """The value of an expression; Poison after a report, and never without one."""
    value = _evaluated(frame, node)
    return value if isinstance(node, ast.Name) else sound(frame, node, value)


def _evaluated(frame: Frame, node: ast.expr) -> Value:
    match node:
        case ast.Constant():
            return _literal(frame, node)
        case ast.Name():
            return read_name(frame, node)
        case ast.BinOp(left, op, right):
            if isinstance(op, ast.Mult) and isinstance(left, ast.List):  # [0.0] * 5
                return _repeated_list(frame, node, left)
            return binary(frame, node, op, (left, frame.evaluate(left)), (right, frame.evaluate(right)))
        case ast.UnaryOp(op, operand):
            return unary(frame, node, op, (operand, frame.evaluate(operand)))
        case ast.Compare():
            return _chain(frame, node)
        case ast.BoolOp(op, parts):
            return _connected(frame, node, op, parts)
        case ast.IfExp(test, chosen, otherwise):
            return _conditional(frame, node, test, chosen, otherwise)
        case ast.Tuple(items):
            return _tuple(frame, items)
        case ast.Attribute(base, name):
            return attribute(frame, node, frame.evaluate(base), name)
        case ast.Subscript(ast.Dict() as table):
            return written_item(frame, node, table)
        case ast.Subscript(base, index):
            return subscript(frame, node, frame.evaluate(base), index)
        case ast.Call():
            return frame.session.call(frame, node, None)
        case ast.GeneratorExp():
            return generated(frame, node)
        case _:
            construct, fix = describe_construct(node)
            poison_names(frame, node)
            return frame.report("E041", node, "an expression of the lane subset", construct, fix)


def _repeated_list(frame: Frame, node: ast.BinOp, items: ast.List) -> Value:
    written = ast.BinOp(ast.Tuple(items.elts, ast.Load()), node.op, node.right)
    fix = f"write a tuple: {ast.unparse(written)}"
    if len(items.elts) == 1:
        fix += f"; to put values in its places, carry an array: carry(initial=array({frame.text(node.right)}, {frame.text(items.elts[0])}))"
    return frame.report("E041", node, "an expression of the lane subset", "a list", fix)


def poison_names(frame: Frame, node: ast.AST) -> None:
    """Make every name that an unsupported construct binds a reported mistake, so that nothing after it complains."""
    for inner in ast.walk(node):
        match inner:
            case ast.Name(name, ast.Store()) | ast.FunctionDef(name) | ast.ClassDef(name):
                frame.env[name] = POISON
            case ast.alias(name, other):
                frame.env[other or name] = POISON


def _literal(frame: Frame, node: ast.Constant) -> Value:
    if isinstance(node.value, complex | bytes) or node.value is Ellipsis:
        return frame.report(
            "E041", node, "a number, bool or string", f"the literal {node.value!r}", "use binary64 numbers"
        )
    return Static(node.value)


def _chain(frame: Frame, node: ast.Compare) -> Value:
    """`a < b <= c`: each operand once, the comparisons joined with `and`. After a false one Python does not look further."""
    left: Operand = (node.left, frame.evaluate(node.left))
    result: Value = Static(True)
    for op, expression in zip(node.ops, node.comparators, strict=True):
        if isinstance(result, Static) and result.value is False:
            break
        with frame.session.behind(_reached_where(frame, result, True)):
            right: Operand = (expression, frame.evaluate(expression))
        link = comparison(frame, node, op, left, right)
        if isinstance(link, Poison) or isinstance(result, Poison):
            result = POISON
        else:
            result = both(frame, node, (node, result), (node, link))
        left = right
    return result


def _reached_where(frame: Frame, so_far: Value, truth: bool) -> Paths:
    """The paths on which Python looks further than `so_far`: where that is `truth`."""
    if isinstance(so_far, Poison):
        return frame.session.unknown
    return where(so_far.node, truth) if isinstance(so_far, Number) else ALWAYS


def _connected(frame: Frame, node: ast.BoolOp, op: ast.boolop, parts: list[ast.expr]) -> Value:
    """`and`, `or`: left to right; after a bool that decides already, Python does not look further, nor do we."""
    joined = both if isinstance(op, ast.And) else either
    result: Value = frame.evaluate(parts[0])
    for part in parts[1:]:
        if isinstance(result, Static) and result.value is isinstance(op, ast.Or):
            break
        with frame.session.behind(_reached_where(frame, result, isinstance(op, ast.And))):
            value = frame.evaluate(part)
        result = joined(frame, node, (parts[0], result), (part, value))
    return result


def _conditional(frame: Frame, node: ast.IfExp, test: ast.expr, chosen: ast.expr, otherwise: ast.expr) -> Value:
    decided = condition(frame, (test, frame.evaluate(test)), "a condition")
    if isinstance(decided, Static):
        return frame.evaluate(chosen if decided.value else otherwise)
    node_of_test = frame.builder.unknown() if decided is None else decided.node
    with frame.session.behind(where(node_of_test)):
        first = frame.evaluate(chosen)
    with frame.session.behind(where(node_of_test, False)):
        second = frame.evaluate(otherwise)
    return POISON if decided is None else select(frame, node, decided.node, first, second, (chosen, otherwise))


def _tuple(frame: Frame, items: list[ast.expr]) -> Value:
    values: list[Value] = []
    is_known = True
    for item in items:
        if isinstance(item, ast.Starred):
            inner = frame.evaluate(item.value)
            if isinstance(inner, Group):
                values.extend(inner.items)
            else:
                if not isinstance(inner, Poison):
                    frame.report("E030", item, "a tuple after `*`", what(frame, inner), "write the items out")
                is_known = False
        else:
            values.append(frame.evaluate(item))
    return Group(tuple(values)) if is_known else POISON
