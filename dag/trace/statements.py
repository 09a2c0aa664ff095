"""Statements of a lane's body. Both arms of an `if` are traced; what differs after it is chosen when it is read."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum, Flag
from typing import TypeAlias

from dag.diagnostics.span import Span
from dag.graphs.paths import where
from dag.language.marks import ClaimSite
from dag.language.shapes import Shape
from dag.trace.boundaries import claim, conform, has_marks, read_annotation
from dag.trace.expressions.comprehensions import bind_target, items_of
from dag.trace.expressions.evaluation import poison_names
from dag.trace.expressions.names import read_name
from dag.trace.frame import Frame
from dag.trace.matching import alternatives, as_ifs, with_else
from dag.trace.operators.arithmetic import binary
from dag.trace.operators.comparisons import condition
from dag.trace.returns import Branch, Done, Outcome, returns_always, still_running, then
from dag.trace.scalars import enum_of, type_of
from dag.trace.states.carrying import carried_value, is_carry
from dag.trace.states.rings import is_window, windowed
from dag.trace.subset import describe_construct
from dag.trace.values import POISON, Merged, Poison, Static, Value
from dag.trace.ways_out import instead_of_effect
from dag.values.types import BOOL

#: After these Python may go on elsewhere.
LEAVING = {ast.Return, ast.Raise, ast.Assert, ast.Break, ast.Continue}


@dataclass(frozen=True, slots=True)
class Result:
    """What the function declares to return; None where it declares nothing (plain functions need not)."""

    shape: Shape | None
    role: str
    annotation: ast.expr | None


def run_block(frame: Frame, statements: list[ast.stmt], result: Result) -> Outcome:
    """Trace statements in order; code after a `return` on every path is not reached."""
    outcome: Outcome = None
    for statement in statements:
        frame.target = ""
        with frame.session.behind(still_running(outcome)):  # Python may have returned already
            outcome = then(outcome, _run(frame, statement, result))
        if returns_always(outcome):
            break
    frame.target = ""
    return outcome


def _run(frame: Frame, statement: ast.stmt, result: Result) -> Outcome:
    match statement:
        case ast.Assign(targets, value):
            _assign(frame, targets, value)
            _place(frame, targets, value)
        case ast.AnnAssign(ast.Name() as target, annotation, value) if value is not None:
            _assign_annotated(frame, target, annotation, value)
            _place(frame, [target], value)
        case ast.AugAssign(ast.Name() as target, op, value):
            frame.target = target.id
            old, new = read_name(frame, target), frame.evaluate(value)
            frame.define(target.id, binary(frame, statement, op, (target, old), (value, new)))
            _place(frame, [target], statement)
        case ast.AnnAssign(target, _, _) | ast.AugAssign(target, _, _) if not isinstance(target, ast.Name):
            bind_target(frame, target, Static(None))  # reports the mutation
        case ast.Return(value):
            return _return(frame, statement, value, result)
        case ast.If():
            return _if(frame, statement, result)
        case ast.For():
            return _for(frame, statement, result)
        case ast.Match() if as_ifs(statement) is not None:
            return _match(frame, statement, result)
        case ast.Expr(value):
            _expression(frame, statement, value)
        case ast.Pass() | ast.AnnAssign():
            pass
        case _:
            construct, fix = describe_construct(statement)
            poison_names(frame, statement)
            frame.report("E040", statement, "a statement of the lane subset", construct, fix)
            inside = [type(inner) for inner in ast.walk(statement)]
            frame.may_have_returned |= ast.Return in inside
            frame.session.may_have_left |= not LEAVING.isdisjoint(inside)
    return None


def _assign(frame: Frame, targets: list[ast.expr], value: ast.expr) -> None:
    first = next((name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)), "")
    frame.target = first
    if is_carry(frame, value) and len(targets) == 1 and isinstance(targets[0], ast.Name):
        assert isinstance(value, ast.Call)
        frame.define(first, carried_value(frame, first, value, None, None))
        return
    if is_window(frame, value) and len(targets) == 1 and isinstance(targets[0], ast.Name):
        assert isinstance(value, ast.Call)
        frame.define(first, windowed(frame, first, value))
        return
    if (is_carry(frame, value) or is_window(frame, value)) and isinstance(targets[0], ast.Tuple):
        evaluated: Value = _carried_apart(frame, value, targets[0])
    else:
        evaluated = frame.evaluate(value)
    for target in targets:
        bind_target(frame, target, evaluated)
        if isinstance(value, ast.GeneratorExp) and isinstance(target, ast.Name):
            frame.generators[target.id] = evaluated


def _place(frame: Frame, targets: list[ast.expr], at: ast.AST) -> None:
    """Keep where the names of `targets` were given their values."""
    span = frame.span(at)
    frame.places |= {name: span for target in targets for name in _names(target)}


def _names(target: ast.expr) -> list[str]:
    return [each.id for each in ast.walk(target) if isinstance(each, ast.Name)]


def _carried_apart(frame: Frame, value: ast.expr, target: ast.Tuple) -> Value:
    """`a, b = carry(...)`: what is carried on is what a name holds, so there has to be one."""
    names = [frame.text(each) for each in target.elts]
    each = ", then ".join(
        f"`{name} = {'carry(initial=...)' if is_carry(frame, value) else 'window(...)'}`" for name in names
    )
    fix = f"give each a line of its own: {each}"
    return frame.report(
        "E044", value, "one name on the left, whose value is carried on", f"`{frame.text(target)}`", fix
    )


def _assign_annotated(frame: Frame, target: ast.Name, annotation: ast.expr, value: ast.expr) -> None:
    frame.target = name = target.id
    declared = frame.span(annotation)
    shape = read_annotation(frame, annotation, ast.unparse(annotation), declared, f"`{name}`")
    if is_carry(frame, value):
        assert isinstance(value, ast.Call)
        carried = carried_value(frame, name, value, shape, declared)
        if shape is not None and has_marks(shape):
            claim(frame, shape, carried, ClaimSite.VARIABLE, name, frame.span(value), declared)
        frame.define(name, carried)
        return
    evaluated = frame.evaluate(value)
    if shape is not None:
        evaluated = conform(frame, value, evaluated, shape, f"`{name}`", declared)
    if shape is not None and has_marks(shape):
        claim(frame, shape, evaluated, ClaimSite.VARIABLE, name, frame.span(value), declared)
    frame.define(name, evaluated)


def _return(frame: Frame, statement: ast.Return, value: ast.expr | None, result: Result) -> Outcome:
    if value is None:
        return Done(
            frame.report("E033", statement, "a value to return", "nothing", "write `return value`"), statement, {}, {}
        )
    evaluated = frame.evaluate(value)
    if result.shape is not None:
        declared = frame.span(result.annotation) if result.annotation is not None else None
        evaluated = conform(frame, value, evaluated, result.shape, result.role, declared)
    return Done(evaluated, value, dict(frame.env), dict(frame.places))


def _expression(frame: Frame, statement: ast.Expr, value: ast.expr) -> None:
    if isinstance(value, ast.Constant):
        return  # a docstring, or a string used as a comment
    match value:
        case ast.Call(ast.Attribute(ast.Name(name), method), arguments) if name in frame.env:
            frame.report(
                "E042",
                statement,
                "a statement that gives a value a name",
                f"`{frame.text(value)}`, a call of `{method}` for its effect on `{name}`",
                instead_of_effect(frame, name, method, arguments),
            )
        case _:
            if not isinstance(frame.evaluate(value), Poison):
                construct = f"`{frame.text(value)}`, whose value nothing keeps"
                frame.report(
                    "E040", statement, "a statement that gives a value a name", construct, "assign it or remove it"
                )


#: What variables hold, and where they were given it.
_Variables: TypeAlias = tuple[dict[str, Value], dict[str, Span]]


def _if(frame: Frame, statement: ast.If, result: Result) -> Outcome:
    decided = condition(frame, (statement.test, frame.evaluate(statement.test)), "`if`")
    if isinstance(decided, Static):
        return run_block(frame, statement.body if decided.value else statement.orelse, result)
    test = frame.builder.unknown() if decided is None else decided.node
    before, places_before = frame.env, frame.places
    frame.env, frame.places = dict(before), dict(places_before)
    with frame.session.behind(where(test)):
        chosen = run_block(frame, statement.body, result)
    env_chosen, places_chosen = frame.env, frame.places
    frame.env, frame.places = dict(before), dict(places_before)
    with frame.session.behind(where(test, False)):
        otherwise = run_block(frame, statement.orelse, result)
    if returns_always(otherwise):
        frame.env, frame.places = env_chosen, places_chosen
    elif not returns_always(chosen):
        frame.env, frame.places = _merged(
            frame, statement, test, (env_chosen, places_chosen), (frame.env, frame.places)
        )
    return None if chosen is None and otherwise is None else Branch(test, chosen, otherwise)


def _match(frame: Frame, statement: ast.Match, result: Result) -> Outcome:
    """The subject is computed once, and has its text for a name meanwhile. Where the cases cover all that it can be, the last
    one is the `else` of the others."""
    subject = statement.subject
    evaluated = frame.evaluate(subject)
    chain = as_ifs(with_else(statement) if _covers_all(frame, statement, evaluated) else statement)
    assert chain is not None
    called, cases = chain
    if isinstance(subject, ast.Name):
        return run_block(frame, cases, result)
    outside = frame.env.get(called)
    frame.env[called] = evaluated
    outcome = run_block(frame, cases, result)
    frame.env.pop(called, None)
    if outside is not None:
        frame.env[called] = outside
    return outcome


def _covers_all(frame: Frame, statement: ast.Match, subject: Value) -> bool:
    """Whether the cases without a guard name both bools, or every member of the subject's Enum, the last case among them."""
    if statement.cases[-1].guard is not None:
        return False
    patterns = [each for case in statement.cases if case.guard is None for each in alternatives(case.pattern)]
    if type_of(frame, subject) == BOOL:
        return {each.value for each in patterns if isinstance(each, ast.MatchSingleton)} >= {True, False}
    enum = (
        type(subject.value)
        if isinstance(subject, Static) and isinstance(subject.value, Enum)
        else enum_of(frame, subject)
    )
    if enum is None or issubclass(enum, Flag):
        return False
    named = [each.value for each in patterns if isinstance(each, ast.MatchValue)]
    members = [
        frame.evaluate(each) for each in named if isinstance(each, ast.Attribute) and each.attr in enum.__members__
    ]
    covered = [each.value for each in members if isinstance(each, Static)]
    return all(any(member is each for each in covered) for member in enum)


def _merged(frame: Frame, statement: ast.If, test: int, chosen: _Variables, otherwise: _Variables) -> _Variables:
    """The variables after an `if`. One that its branches left with different values has no one place."""
    span = frame.span(statement)
    (values, places), (others, other_places) = chosen, otherwise
    merged: dict[str, Value] = {}
    for name in dict.fromkeys((*values, *others)):
        a, b = values.get(name), others.get(name)
        arms = places.get(name), other_places.get(name)
        merged[name] = a if a is not None and a is b else Merged(test, a, b, span, arms)
    return merged, {name: place for name, place in places.items() if not isinstance(merged.get(name), Merged)}


def _for(frame: Frame, statement: ast.For, result: Result) -> Outcome:
    items = items_of(frame, statement.iter, frame.evaluate(statement.iter))
    outcome: Outcome = None
    frame.loops += 1
    if items is None:  # reported; nobody knows how often the body runs, but it may have mistakes of its own
        with frame.session.behind(frame.session.unknown):
            bind_target(frame, statement.target, POISON)
            run_block(frame, statement.body, result)
        poison_names(frame, statement)
        frame.may_have_returned |= any(isinstance(inner, ast.Return) for inner in ast.walk(statement))
        items = ()
    for item in items:
        bind_target(frame, statement.target, item)
        _place(frame, [statement.target], statement)
        with frame.session.behind(still_running(outcome)):
            outcome = then(outcome, run_block(frame, statement.body, result))
        if returns_always(outcome):
            break
    frame.loops -= 1
    if returns_always(outcome):
        return outcome
    with frame.session.behind(still_running(outcome)):
        return then(outcome, run_block(frame, statement.orelse, result))
