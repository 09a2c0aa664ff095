"""A call expression: of a lane or a plain function, which is traced in place, of a dataclass, or of a function in the table."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Sequence
from types import BuiltinMethodType, FunctionType, MethodType
from typing import NewType

from dag.language.carry import carry, warm, window
from dag.language.lane import FLUSH, KEEP, AnyLane, Lane
from dag.language.lift import plain_function
from dag.language.slot import Slot
from dag.language.vector import is_axis
from dag.numbers.portable import is_libm
from dag.trace.axes import constructed
from dag.trace.builtins.table import FUNCTIONS
from dag.trace.calls.arguments import in_order, written_out
from dag.trace.calls.inlining import call_function
from dag.trace.calls.of_table import call_builtin
from dag.trace.calls.records import construct, replaced
from dag.trace.expressions.names import DICT_VIEWS
from dag.trace.frame import Frame
from dag.trace.lifted import in_lifted, libm_in_lifted
from dag.trace.operators.applying import Operand
from dag.trace.python_values import from_python
from dag.trace.scalars import what
from dag.trace.slots import own_arguments
from dag.trace.states import rings
from dag.trace.states.carrying import misplaced
from dag.trace.states.held_calls import held_call, plain_call
from dag.trace.states.warming import warm_value
from dag.trace.values import POISON, Method, Poison, Static, Value
from dag.trace.ways_out import instead, many_of


def call(frame: Frame, node: ast.Call, given: Sequence[Operand] | None = None) -> Value:
    """The value of a call expression; `given` are its arguments where they were evaluated before."""
    function = frame.evaluate(node.func)
    if isinstance(function, Poison):
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            frame.evaluate(argument.value if isinstance(argument, ast.Starred) else argument)
        return POISON
    target = function.value if isinstance(function, Static) else None
    if target is carry:
        return misplaced(frame, node)
    if target is window:
        return misplaced(frame, node, rings.WAY)
    if isinstance(target, Lane):
        if (target.subnormals, frame.session.subnormals) == (FLUSH, KEEP):
            return _unlike_the_root(frame, node, target)
        held = None
        if "when" not in target.arguments and any(keyword.arg == "when" for keyword in node.keywords):
            held = held_call(frame, node, target)
            if held is None:
                return POISON
            node = plain_call(node)
        lane, own = target, {}
        if isinstance(target, Slot):
            frame.session.slots_met[target.name] = None
            lane = frame.session.plugged.get(target.name, target)
            taken = {} if lane is target else own_arguments(frame, node, target, lane)
            if taken is None:
                return POISON
            own = taken
        return call_function(frame, node, lane.function, lane, held=held, slot=target, own=own, given=given)
    if target is warm:
        return warm_value(frame, node)
    if isinstance(target, type) and is_axis(target):
        return constructed(frame, node, target)
    try:
        row = FUNCTIONS.get(target)
    except TypeError:  # not hashable, so not a function of ours
        row = None
    if row is not None:
        return call_builtin(frame, in_order(node, target), target, *row)
    if target is dataclasses.replace:
        return replaced(frame, node)
    bound = _bound(target)
    if bound is not None:
        method, owner = bound
        operands = written_out(frame, node) if given is None else given
        return (
            POISON
            if operands is None
            else call_function(frame, node, method, None, given=[(node.func, owner), *operands])
        )
    if isinstance(target, BuiltinMethodType) and isinstance(target.__self__, dict) and target.__name__ in DICT_VIEWS:
        return from_python(frame, tuple(target()))
    if isinstance(target, NewType):
        return _new_type(frame, node)
    plain = plain_function(target)
    if plain is not None and many_of(target) is None:  # of `statistics`, written in Python that is not ours to trace
        return call_function(frame, node, plain, None, given=given)
    if isinstance(target, type) and dataclasses.is_dataclass(target):
        return construct(frame, node, target)
    if is_libm(target) and in_lifted(frame):
        return libm_in_lifted(frame, node, frame.text(node.func))
    return frame.report(
        "E043",
        node,
        "a call of a lane, a Python function, a frozen dataclass, or one of "
        "min max abs round int float bool len range zip enumerate reversed tuple sqrt floor ceil",
        f"`{frame.text(node.func)}`, {what(frame, function)}",
        instead(frame, node, target, _first_of_many(frame, node, target)),
    )


def _bound(target: object) -> tuple[FunctionType, Value] | None:
    """The function of a method and what it is called on; None for anything else."""
    if isinstance(target, Method):
        function, owner = plain_function(target.function), target.owner
    elif isinstance(target, MethodType) and isinstance(target.__self__, type):
        function, owner = plain_function(target.__func__), Static(target.__self__)
    else:
        return None
    return None if function is None else (function, owner)


def _new_type(frame: Frame, node: ast.Call) -> Value:
    """`Price(x)`, of `Price = NewType("Price", float)`: x itself, as in Python."""
    operands = written_out(frame, node)
    if operands is None:
        return POISON
    if len(operands) != 1 or node.keywords:
        fix = f"write {frame.text(node.func)}(x)"
        return frame.report("E034", node, "one value of a NewType", f"`{frame.text(node)}`", fix)
    return operands[0][1]


def _first_of_many(frame: Frame, node: ast.Call, target: object) -> Value | None:
    """What a function of many numbers is given first."""
    known = many_of(target) is not None and node.args and not isinstance(node.args[0], ast.Starred)
    return frame.evaluate(node.args[0]) if known else None


def _unlike_the_root(frame: Frame, node: ast.Call, target: AnyLane) -> Value:
    root, _ = frame.session.chain[0]
    return frame.report(
        "E046",
        node,
        "one profile in a graph, that of the lane that is built",
        (
            f'`{target.name}` is declared with subnormals="{FLUSH}"',
            f"`{root.__name__}`, the lane that is built, keeps them",
        ),
        f'write @lane(subnormals="{FLUSH}") on `{root.__name__}` too, or drop it from `{target.name}`',
    )
