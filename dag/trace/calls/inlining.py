"""A lane or a plain function, traced in place as a call of its own."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from types import FunctionType

from dag.graphs.call_path import NOWHERE, CallPath, full_name, held_name
from dag.language.lane import AnyLane
from dag.language.lift import lifted_from
from dag.language.marks import Claim, ClaimSite
from dag.language.slot import Slot
from dag.trace.boundaries import claim, conform, has_marks
from dag.trace.calls.arguments import bound_arguments
from dag.trace.calls.bodies import run_body
from dag.trace.calls.declarations import argument_shapes, declared_arguments, result_of
from dag.trace.frame import Frame, Session
from dag.trace.functions import FunctionSource, NoSource, function_source, header_span, without_source
from dag.trace.operators.applying import Operand
from dag.trace.python_values import from_python
from dag.trace.statements import Result
from dag.trace.states.held_calls import HeldCall, held_result
from dag.trace.values import POISON, Value, nodes_of


def call_function(
    frame: Frame,
    node: ast.Call,
    function: FunctionType,
    lane: AnyLane | None,
    held: HeldCall | None = None,
    slot: AnyLane | None = None,
    own: Mapping[str, Value] | None = None,
    given: Sequence[Operand] | None = None,
) -> Value:
    """The result of `lane`, or of a plain Python function where there is none, traced in place as a call of its own.

    `own` are arguments that the call does not give: those of a lane in a slot; `given` those that were evaluated before.
    """
    session = frame.session
    where = f"`{frame.text(node.func)}` at {session.display(frame.span(node)).at}"
    if any(function is running for running, _ in session.chain):
        start = next(i for i, (running, _) in enumerate(session.chain) if running is function)
        around = " -> ".join([each.__name__ for each, _ in session.chain[start:]] + [function.__name__])
        return frame.report(
            "E016",
            node,
            "lanes that do not call themselves",
            around,
            "carry a value to the next bar, or loop over a range",
        )
    signature = inspect.signature(function)
    if own:
        handed = [each for name, each in signature.parameters.items() if name not in own]
        signature = signature.replace(parameters=handed)
    try:
        source = function_source(function)
    except NoSource:
        got, fix = without_source(function)
        return frame.report("E017", node, "a function with a `def` in a file", f"`{frame.text(node.func)}`: {got}", fix)
    header = header_span(source.tree, source.path, source.file)
    arguments = bound_arguments(frame, node, signature, function.__name__, given, header)
    if arguments is None:
        return POISON
    # The arguments are the caller's: a lane that answers for its insides does not answer for what it is given.
    with nullcontext() if lane is None else session.inside(lane):
        inner = open_frame(session, source, frame.target, frame.scope, slot)
        inner.path = _path_of(frame, node, function, is_held=held is not None)
        session.on_some_bars.append(bool(session.conditional))
        session.chain.append((function, where))
        _bind(frame, inner, arguments, lane is not None, node, own or {}, into_slot=isinstance(slot, Slot))
        result = result_of(inner) if lane is not None else Result(None, "the result", None)
        with session.held(held.moving if held else None):
            value = run_body(inner, result)
            if held is not None:
                value = held_result(frame, inner, held, result.shape, value)
        if result.shape is not None and (not session.untapped or has_marks(result.shape)):
            declared = inner.span(result.annotation) if result.annotation is not None else None
            claim(inner, result.shape, value, ClaimSite.RESULT, "", frame.span(node), declared)
        if lane is None and not session.untapped:
            for suffix, part in nodes_of(value):
                session.builder.claim(
                    Claim(part, inner.scope, ClaimSite.RETURNED, suffix[1:], (), frame.span(node), None)
                )
        session.chain.pop()
        session.on_some_bars.pop()
        session.builder.close_scope()
        return value


def _path_of(frame: Frame, node: ast.Call, function: FunctionType, is_held: bool) -> CallPath:
    """The path of a call that `frame` makes, as the lane's run on numbers has it."""
    site = (node.lineno, node.col_offset)
    # Of all places at once where the loop over them stands in this function; else this function is called once a place.
    axis = frame.session.axis if len(frame.session.along) > frame.depth else None
    name = held_name(function) if is_held else full_name(function)
    step = frame.made.step(name, site, None if axis is None else len(axis.labels))
    return (*frame.path, step, (full_name(function), NOWHERE, 0)) if is_held else (*frame.path, step)


def open_frame(
    session: Session, source: FunctionSource, target: str, parent: int, slot: AnyLane | None = None
) -> Frame:
    """Begin a call; the builder's scope is closed by the caller."""
    span = header_span(source.tree, source.path, source.file)
    name = source.tree.name
    called = slot.name if isinstance(slot, Slot) else ""
    is_empty = slot is not None and bool(called) and source.function is slot.function
    scope = session.builder.open_scope("", name, source.doc, span, called, is_empty)
    session.names.add_call(name, target, parent)
    return Frame(session, source, scope, depth=len(session.along))


def _bind(
    caller: Frame,
    inner: Frame,
    arguments: dict[str, tuple[ast.AST, Value]],
    is_lane: bool,
    node: ast.Call,
    own: Mapping[str, Value],
    into_slot: bool,
) -> None:
    """Put the arguments of a call, or their defaults, into the called function's variables."""
    shapes = argument_shapes(inner) if is_lane else {}
    marked = any(map(has_marks, shapes.values()))
    spans = {argument.arg: inner.span(argument) for argument in declared_arguments(inner.source.tree)}
    lifted = lifted_from(inner.source.function)
    for name, parameter in inspect.signature(inner.source.function).parameters.items():
        if name in own:
            inner.env[name] = own[name]
            continue
        if name in arguments:
            at, value = arguments[name]
        else:
            at, value = node, from_python(inner, parameter.default, name)
        shape = shapes.get(name)
        if shape is not None:
            role = f"argument `{name}` of {inner.source.tree.name}"
            value = conform(caller, at, value, shape, role, spans.get(name))
            if marked or into_slot:
                claim(inner, shape, value, ClaimSite.ARGUMENT, name, caller.span(at), spans.get(name))
        elif is_lane and not (lifted is not None and name in lifted.fixed):
            value = POISON  # its declaration is reported
        inner.env[name] = value
        if isinstance(at, ast.GeneratorExp):
            inner.generators[name] = value
