"""A call of a slot: its own body, or the lane that is plugged in, whose signature has to be the slot's."""

from __future__ import annotations

import ast
import inspect

from dag.diagnostics.diagnostic import Label
from dag.diagnostics.span import Span
from dag.language.lane import AnyLane
from dag.language.shapes import Leaf, RecordShape, Shape, describe, leaves
from dag.language.slot import Slot
from dag.trace.frame import Frame
from dag.trace.functions import NoSource, function_source, header_span
from dag.trace.values import Number, Value


def own_arguments(frame: Frame, node: ast.Call, slot: Slot[..., object], lane: AnyLane) -> dict[str, Value] | None:
    """What the plugged lane takes beside what the slot hands over; None after a report. The same at every call of the slot."""
    known = frame.session.slot_arguments
    if slot.name not in known:
        found = _own_arguments(frame, node, slot, lane)
        if found is None:
            return None
        known[slot.name] = found
    return known[slot.name]


def _own_arguments(frame: Frame, node: ast.Call, slot: Slot[..., object], lane: AnyLane) -> dict[str, Value] | None:
    from dag.trace.calls.declarations import argument_shapes, declared_arguments, result_of
    from dag.trace.ports import declare_inputs, declare_params

    try:
        inner = Frame(frame.session, function_source(lane.function), frame.scope)
        declared = Frame(frame.session, function_source(slot.function), frame.scope)
    except NoSource:
        frame.report("E017", node, "a lane with a `def` in a file", f"`{lane.name}`", "write it with `def` in a file")
        return None
    wanted, given = argument_shapes(declared), argument_shapes(inner)
    returns, result = result_of(declared).shape, result_of(inner).shape
    own = [name for name in given if name not in wanted]
    taken = [name for name in given if name in wanted]
    differs = [n for n in taken if _text(wanted[n]) != _text(given[n])]
    if taken != list(wanted) or differs or returns is None or result is None or not _returns(returns, result):
        places = [header_span(each.source.tree, each.source.path, each.source.file) for each in (declared, inner)]
        _refuse(inner, places, _signature(slot.name, wanted, returns), _signature(lane.name, given, result), slot.name)
        return None
    arguments = {argument.arg: argument for argument in declared_arguments(inner.source.tree)}
    values: dict[str, Value] = {}
    for name in own:
        shape, at = given[name], arguments[name]
        if isinstance(shape, RecordShape) and shape.tunable:
            default = inspect.signature(lane.function).parameters[name].default
            held = None if default is inspect.Parameter.empty else default
            values[name] = declare_params(inner, at, shape, slot.name, held)
            continue
        same = frame.builder.input_of(name, shape.type, shape.unit_for(None)) if isinstance(shape, Leaf) else None
        if same is not None:
            values[name] = Number(same, inner.span(at), declared=True)
        else:
            values[name] = declare_inputs(inner, at, shape, f"{slot.name}.{name}", inner.span(at))
    return values


def _refuse(inner: Frame, places: list[Span], wanted: str, given: str, slot: str) -> None:
    inner.report_at(
        "E067",
        places[1],
        f"a lane of the signature of slot `{slot}`",
        (f"{wanted}  the slot", given),
        "take what the slot hands over, in its order, types and units, and return what it returns; what the lane takes beside that is its own",
        labels=(Label(places[0], f"slot `{slot}` is declared here"),),
    )


def _returns(wanted: Shape, given: Shape) -> bool:
    if isinstance(wanted, RecordShape):
        return isinstance(given, RecordShape) and issubclass(given.cls, wanted.cls)
    return _text(wanted) == _text(given)


def _text(shape: Shape) -> str:
    """A shape as a signature shows it, with the types and units of its leaves."""
    if isinstance(shape, Leaf):
        return describe(shape.type, shape.unit)
    parts = ", ".join(f"{path}: {describe(leaf.type, leaf.unit)}" for path, leaf in leaves(shape))
    return f"{shape.cls.__name__}({parts})" if isinstance(shape, RecordShape) else f"({parts})"


def _signature(name: str, arguments: dict[str, Shape], result: Shape | None) -> str:
    inside = ", ".join(f"{argument}: {_text(shape)}" for argument, shape in arguments.items())
    return f"{name}({inside}) -> {'nothing' if result is None else _text(result)}"


def report_unknown_slots(frame: Frame, plugged: dict[str, AnyLane]) -> None:
    """Report what was plugged into slots that the graph does not have."""
    there = frame.session.slots_met
    for name in plugged:
        if name not in there:
            frame.report_at(
                "E067",
                header_span(frame.source.tree, frame.source.path, frame.source.file),
                f"one of the slots of {frame.source.tree.name}: {', '.join(there) or 'it has none'}",
                f"`{name}`, into which `{plugged[name].name}` is to be plugged",
                "name a slot of the graph; `dagc inspect` lists them",
            )
