"""The body of a called function: its result, what it carries on, and the names that its values get."""

from __future__ import annotations

from dag.operators.op import Source
from dag.trace.frame import Frame
from dag.trace.functions import header_span
from dag.trace.naming import variable_names
from dag.trace.returns import Branch, Done, last_return, merge, returns_always
from dag.trace.selection import force
from dag.trace.soundness import sound
from dag.trace.statements import Result, run_block
from dag.trace.states.carrying import carry_on
from dag.trace.values import POISON, Merged, Record, Value, nodes_of


def run_body(frame: Frame, result: Result) -> Value:
    """The result of the function whose arguments are bound in `frame`; carried names and taps are settled."""
    outcome = run_block(frame, frame.source.tree.body, result)
    if (outcome is None or not returns_always(outcome)) and frame.may_have_returned:
        return POISON
    if outcome is None or not returns_always(outcome):
        header = header_span(frame.source.tree, frame.source.path, frame.source.file)
        got = "a path that ends without `return`"
        return frame.report_at(
            "E033", header, "a `return` at the end of every path", got, "add `return value` at the end"
        )
    value = sound(
        frame, last_return(outcome).at, merge(frame, outcome, lambda done: done.value, lambda done: frame.span(done.at))
    )
    for name in frame.carried:
        _finish_carried(frame, name, outcome)
    for variable, values in frame.definitions.items():
        frame.target = variable
        for each in values:
            sound(frame, frame.source.tree, each)
    frame.target = ""
    if not frame.session.untapped:
        _tap_variables(frame, last_return(outcome))
    if not frame.session.untapped or frame.scope == 0:
        _tap_result(frame, value)
    return value


def _finish_carried(frame: Frame, name: str, outcome: Branch | Done) -> None:
    def held(done: Done) -> Value:
        return force(frame, done.at, done.env.get(name), name)

    final = merge(frame, outcome, held, lambda done: done.places.get(name))
    if not frame.definitions[name] or frame.definitions[name][-1] is not final:
        frame.define(name, final)
    last_return(outcome).env[name] = final
    carry_on(frame, name, final)


def _tap_variables(frame: Frame, last: Done) -> None:
    """Name every value of every variable. The parts of what a call returned have their names from that call."""
    inside = {node for scope, _, node in frame.session.names.taps if scope > frame.scope}
    for variable, values in frame.definitions.items():
        flat = [
            tuple(
                (part, node)
                for part, node in nodes_of(each)
                if (not part or node not in inside) and not frame.builder.type_of(node).is_memory
            )
            for each in values
        ]
        earlier = [tuple(pair for pair in pairs if not _is_state(frame, pair[1])) for pairs in flat[:-1]]
        final = last.env.get(variable)
        final_known = not (isinstance(final, Merged) and final.forced is None)
        for local, node in variable_names(variable, [*earlier, flat[-1]], final_known):
            frame.session.names.taps.append((frame.scope, local, node))


def _is_state(frame: Frame, node: int) -> bool:
    return frame.builder.source_of(node) is Source.STATE


def _tap_result(frame: Frame, value: Value) -> None:
    """Name the parts of the result that no variable names: `result`, or `return` where the user has a variable `result`."""
    word = "return" if "result" in frame.definitions or "result" in frame.env else "result"
    named = {node for scope, _, node in frame.session.names.taps if scope == frame.scope}
    for suffix, node in nodes_of(value):
        if node in named or frame.builder.source_of(node) is not None or frame.builder.type_of(node).is_memory:
            continue
        field = suffix[1:]
        free = isinstance(value, Record) and field.split(".")[0] not in frame.definitions
        frame.session.names.taps.append((frame.scope, field if free else f"{word}{suffix}", node))
        named.add(node)
