"""The arguments of a call: as written, and by the names of the parameters that they bind to."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence

from dag.diagnostics.diagnostic import Label
from dag.diagnostics.span import Span
from dag.trace.expressions.comprehensions import items_of
from dag.trace.expressions.names import close_matches
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand
from dag.trace.scalars import origin_line
from dag.trace.values import Group, Value, Window
from dag.trace.ways_out import one_line, over_window


def in_order(node: ast.Call, target: object) -> ast.Call:
    """The call with what it names, `enumerate(xs, start=1)`, in the place where Python puts it; as it is where that has none."""
    named = [
        keyword for keyword in node.keywords if keyword.arg is not None and (target, keyword.arg) != (zip, "strict")
    ]
    if not named or not callable(target):
        return node
    try:
        given = {str(keyword.arg): keyword.value for keyword in named}
        bound = inspect.signature(target).bind(*node.args, **given)
    except (TypeError, ValueError):  # ValueError: a builtin without a signature, such as `max`
        return node
    if bound.kwargs or len(bound.args) != len(node.args) + len(named):
        return node
    rest = [keyword for keyword in node.keywords if keyword not in named]
    return ast.copy_location(ast.Call(node.func, list(bound.args), rest), node)


def written_out(frame: Frame, node: ast.Call, many: str | None = None) -> list[Operand] | None:
    """The positional arguments of a call, the items of a tuple for `*tuple`; None after a report.

    `many` is what a function of many numbers is called, for what it could be over a window.
    """
    operands: list[Operand] = []
    for argument in node.args:
        if not isinstance(argument, ast.Starred):
            may_stop = many in ("any", "all") and isinstance(argument, ast.GeneratorExp)
            frame.session.conditional += (
                may_stop  # Python stops at the first that decides: what carries is passed or not
            )
            operands.append((argument, frame.evaluate(argument)))
            frame.session.conditional -= may_stop
            continue
        given, value = argument.value, frame.evaluate(argument.value)
        if isinstance(value, Window):
            begin = one_line(frame, node.args[0]) if len(node.args) == 2 and argument is node.args[1] else ""
            fix = over_window(frame, many or "", given, value, begin)
            frame.report("E034", argument, "arguments of a known number", origin_line(frame, given, value), fix)
            return None
        items = items_of(frame, given, value)
        if items is None:
            return None
        operands.extend((given, item) for item in items)
    return operands


def bound_arguments(
    frame: Frame,
    node: ast.Call,
    signature: inspect.Signature,
    name: str,
    evaluated: Sequence[Operand] | None = None,
    header: Span | None = None,
) -> dict[str, tuple[ast.AST, Value]] | None:
    """The arguments of a call by the names of the parameters they bind to; None after a report. `header` is where what is called
    is declared."""
    if any(keyword.arg is None for keyword in node.keywords):
        got, fix = f"`{frame.text(node)}`", "write the arguments out, without **"
        frame.report("E034", node, "arguments written one by one", got, fix)
        return None
    keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
    given = written_out(frame, node) if evaluated is None else evaluated
    if given is None:
        return None
    named = {key: (argument, frame.evaluate(argument)) for key, argument in keywords.items()}
    try:
        bound = signature.bind(*given, **named)
    except TypeError as problem:
        unknown = [key for key in keywords if key not in signature.parameters]
        fix = close_matches(unknown[0], list(signature.parameters)) if unknown else ""
        if "when" in unknown:
            fix = f"only a lane can be held: decorate `{name}` with @lane"
        frame.report(
            "E034",
            node,
            f"a call that fits `{name}{_plain(signature)}`",
            f"`{frame.text(node)}`: {problem}",
            fix or "give every argument once",
            labels=() if header is None else (Label(header, f"`{name}` is declared here"),),
        )
        return None
    rest = [
        each for each in signature.parameters.values() if each.kind is each.VAR_KEYWORD and each.name in bound.arguments
    ]
    if rest:
        fix = f"name the arguments in `{name}`, each by itself"
        frame.report(
            "E034", node, "arguments by names that the function declares", f"`**{rest[0].name}` of `{name}`", fix
        )
        return None
    for each in signature.parameters.values():
        if each.kind is each.VAR_POSITIONAL:
            given_rest = bound.arguments.get(each.name, ())
            bound.arguments[each.name] = node, Group(tuple(value for _, value in given_rest))
    return dict(bound.arguments)


def _plain(signature: inspect.Signature) -> str:
    shown = [
        name if parameter.default is parameter.empty else f"{name}=..."
        for name, parameter in signature.parameters.items()
    ]
    return f"({', '.join(shown)})"
