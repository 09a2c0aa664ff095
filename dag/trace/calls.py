"""Calls: of lanes and plain functions, which are traced in place, of dataclasses, and of the functions in the table."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any, NewType

from dag.diagnostics.diagnostic import Label
from dag.diagnostics.span import Span
from dag.graphs.call_path import NOWHERE, CallPath, full_name, held_name
from dag.language.annotations import AnnotationProblem, Shape, is_params, record_shape
from dag.language.carry import carry, warm, window
from dag.language.intrinsics import sum_pairwise
from dag.language.lane import FLUSH, KEEP, AnyLane, Lane
from dag.language.lift import lifted_from, plain_function
from dag.language.marks import Claim, ClaimSite
from dag.language.slot import Slot
from dag.language.vector import is_axis
from dag.numbers.portable import is_libm
from dag.operators.table import Source
from dag.trace import rings
from dag.trace.axes import as_a_whole, constructed
from dag.trace.boundaries import claim, conform, has_marks, read_annotation
from dag.trace.builtin_functions import FUNCTIONS, OF_AXES
from dag.trace.carrying import carry_on, misplaced
from dag.trace.expressions import DICT_VIEWS, close_matches, evaluate, items_of
from dag.trace.frame import Frame, Session
from dag.trace.functions import FunctionSource, NoSource, function_source, header_span, without_source
from dag.trace.held_calls import HeldCall, held_call, held_result, plain_call
from dag.trace.lifted import in_lifted, libm_in_lifted
from dag.trace.naming import variable_names
from dag.trace.operators import Operand
from dag.trace.python_values import from_python
from dag.trace.returns import Branch, Done, last_return, merge, returns_always
from dag.trace.scalars import origin_line, what
from dag.trace.selection import force
from dag.trace.slots import own_arguments
from dag.trace.soundness import sound
from dag.trace.statements import Result, run_block
from dag.trace.values import POISON, Along, Group, Merged, Method, Poison, Record, Static, Value, Window, nodes_of
from dag.trace.warming import warm_value
from dag.trace.ways_out import instead, many_of, one_line, over_window


def call(frame: Frame, node: ast.Call, given: Sequence[Operand] | None = None) -> Value:
    """The value of a call expression; `given` are its arguments where they were evaluated before."""
    function = evaluate(frame, node.func)
    if isinstance(function, Poison):
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            evaluate(frame, argument.value if isinstance(argument, ast.Starred) else argument)
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
        return _call_function(frame, node, lane.function, lane, held=held, slot=target, own=own, given=given)
    if target is warm:
        return warm_value(frame, node)
    if isinstance(target, type) and is_axis(target):
        return constructed(frame, node, target)
    try:
        row = FUNCTIONS.get(target)
    except TypeError:  # not hashable, so not a function of ours
        row = None
    if row is not None:
        return _call_builtin(frame, in_order(node, target), target, *row)
    if target is dataclasses.replace:
        return _replaced(frame, node)
    bound = _bound(target)
    if bound is not None:
        method, owner = bound
        operands = _written_out(frame, node) if given is None else given
        return (
            POISON
            if operands is None
            else _call_function(frame, node, method, None, given=[(node.func, owner), *operands])
        )
    if isinstance(target, BuiltinMethodType) and isinstance(target.__self__, dict) and target.__name__ in DICT_VIEWS:
        return from_python(frame, tuple(target()))
    if isinstance(target, NewType):
        return _new_type(frame, node)
    plain = plain_function(target)
    if plain is not None and many_of(target) is None:  # of `statistics`, written in Python that is not ours to trace
        return _call_function(frame, node, plain, None, given=given)
    if isinstance(target, type) and dataclasses.is_dataclass(target):
        return _construct(frame, node, target)
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
    operands = _written_out(frame, node)
    if operands is None:
        return POISON
    if len(operands) != 1 or node.keywords:
        fix = f"write {frame.text(node.func)}(x)"
        return frame.report("E034", node, "one value of a NewType", f"`{frame.text(node)}`", fix)
    return operands[0][1]


def _first_of_many(frame: Frame, node: ast.Call, target: object) -> Value | None:
    """What a function of many numbers is given first."""
    known = many_of(target) is not None and node.args and not isinstance(node.args[0], ast.Starred)
    return evaluate(frame, node.args[0]) if known else None


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


def _call_builtin(frame: Frame, node: ast.Call, target: object, fewest: int, most: int, handler: Any) -> Value:
    name, many = frame.text(node.func), many_of(target)
    if many in ("max", "min") and [each.arg for each in node.keywords] == ["default"] and len(node.args) == 1:
        return _extreme_or(frame, node, target, node.keywords[0].value)
    keywords = [each for each in node.keywords if (target, each.arg) != (zip, "strict")]
    operands = _written_out(frame, node, many)
    if operands is None:
        return POISON
    if keywords or not fewest <= len(operands) <= most:
        count = f"{fewest}" if fewest == most else f"{fewest} to {most}" if most < 99 else f"{fewest} or more"
        fix = (
            _by_key(frame, node)
            if many in ("max", "min")
            else "write the arguments out"
            if keywords or operands == []
            else f"give {count} argument(s)"
        )
        at, first = operands[0] if operands else (node, POISON)
        many = "sum" if target is sum_pairwise else many
        if many is not None and isinstance(first, Window):
            default = next((one_line(frame, each.value) for each in keywords if each.arg == "default"), "")
            fix = over_window(frame, many, at, first, begin=default)
        return frame.report("E034", node, f"{count} plain argument(s) for `{name}`", f"`{frame.text(node)}`", fix)
    if any(isinstance(value, Poison) for _, value in operands):
        return POISON
    if any(isinstance(value, Along) for _, value in operands) and target not in OF_AXES:
        return as_a_whole(frame, node, operands, f"single values for `{name}`")
    value: Value = handler(frame, node, operands)
    return value


def _extreme_or(frame: Frame, node: ast.Call, target: Any, default: ast.expr) -> Value:
    """`max(items, default=0.0)`: the default where there are no items."""
    given = evaluate(frame, node.args[0])
    if isinstance(given, Window):
        fix = over_window(frame, target.__name__, node.args[0], given, begin=one_line(frame, default))
        return frame.report("E034", node, f"plain arguments for `{target.__name__}`", f"`{frame.text(node)}`", fix)
    items = items_of(frame, node.args[0], given)
    if items is None:
        return POISON
    value: Value = evaluate(frame, default)
    return FUNCTIONS[target][2](frame, node, [(node.args[0], Group(items))]) if items else value


def _by_key(frame: Frame, node: ast.Call) -> str:
    """What to write for `max(items, key=f)`."""
    key = next((one_line(frame, each.value) for each in node.keywords if each.arg == "key"), None)
    if key is None:
        return "write the arguments out"
    than = ">" if frame.text(node.func) == "max" else "<"
    return f"choose in a loop: `best = each if {key}(each) {than} {key}(best) else best`"


def _written_out(frame: Frame, node: ast.Call, many: str | None = None) -> list[Operand] | None:
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
            operands.append((argument, evaluate(frame, argument)))
            frame.session.conditional -= may_stop
            continue
        given, value = argument.value, evaluate(frame, argument.value)
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


def _arguments(
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
    given = _written_out(frame, node) if evaluated is None else evaluated
    if given is None:
        return None
    named = {key: (argument, evaluate(frame, argument)) for key, argument in keywords.items()}
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


def _construct(frame: Frame, node: ast.Call, cls: type) -> Value:
    """An instance of a frozen dataclass; each field is checked against its declaration."""
    arguments = _arguments(frame, node, inspect.signature(cls), cls.__name__)
    if arguments is None:
        return POISON
    try:
        shape = record_shape(cls)
    except AnnotationProblem as problem:
        place = frame.field_span(*problem.field) if problem.field else None
        return frame.report_at(problem.code, place or frame.span(node), problem.expected, problem.got, problem.fix)
    fields: dict[str, Value] = {}
    defaults = {field.name: field.default for field in dataclasses.fields(cls)}
    factories = {field.name: field.default_factory for field in dataclasses.fields(cls)}
    for name, field in shape.fields:
        if name in arguments:
            at, value = arguments[name]
        else:
            factory = factories[name]
            default = factory() if factory is not dataclasses.MISSING else defaults[name]
            at, value = node, from_python(frame, default, name)
        fields[name] = conform(
            frame, at, value, field, f"field `{name}` of {cls.__name__}", frame.field_span(cls, name)
        )
        if has_marks(field):
            claim(frame, field, fields[name], ClaimSite.FIELD, name, frame.span(at), frame.field_span(cls, name))
    return Record(cls, fields)


def _replaced(frame: Frame, node: ast.Call) -> Value:
    """`replace(quote, bid=x)`: the record with other fields, each checked against its declaration."""
    operands = _written_out(frame, node)
    if operands is None:
        return POISON
    record = operands[0][1] if len(operands) == 1 else None
    if isinstance(record, Poison):
        return POISON
    if not isinstance(record, Record) or is_params(record.cls):
        got = "a @params object, whose fields have one writer, their binding" if isinstance(record, Record) else ""
        fix = "write replace(quote, bid=x), of a frozen dataclass"
        return frame.report("E034", node, "one record and its other fields", got or f"`{frame.text(node)}`", fix)
    named = {each.arg: each.value for each in node.keywords if each.arg is not None}
    unknown = [name for name in named if name not in record.fields]
    if unknown or len(named) < len(node.keywords):
        fix = close_matches(unknown[0], list(record.fields)) if unknown else "write the fields out, without **"
        expected = f"fields of {record.cls.__name__}: {', '.join(record.fields)}"
        return frame.report("E034", node, expected, f"`{frame.text(node)}`", fix or "name one of its fields")
    changed = dict(record.fields)
    for name, field in record_shape(record.cls).fields:
        if name in named:
            declared = frame.field_span(record.cls, name)
            role = f"field `{name}` of {record.cls.__name__}"
            changed[name] = conform(frame, named[name], evaluate(frame, named[name]), field, role, declared)
            if has_marks(field):
                claim(frame, field, changed[name], ClaimSite.FIELD, name, frame.span(named[name]), declared)
    return Record(record.cls, changed)


def _call_function(
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
    arguments = _arguments(frame, node, signature, function.__name__, given, header)
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


def declared_arguments(tree: ast.FunctionDef) -> list[ast.arg]:
    """The arguments of a `def` that a lane may have."""
    return [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]


def argument_shapes(frame: Frame) -> dict[str, Shape]:
    """What a lane's arguments are declared to be; a missing or wrong annotation is reported and left out."""
    tree, annotations = frame.source.tree, frame.source.function.__annotations__
    for extra in (tree.args.vararg, tree.args.kwarg):
        if extra is not None:
            frame.report(
                "E040", extra, "arguments one by one", f"`*{extra.arg}`", "name every argument, or take a tuple"
            )
    shapes: dict[str, Shape] = {}
    lifted = lifted_from(frame.source.function)
    for argument in declared_arguments(tree):
        name = argument.arg
        if lifted is not None and name in lifted.fixed:
            continue
        shape = read_annotation(
            frame, argument.annotation, annotations.get(name), frame.span(argument), f"argument `{name}`"
        )
        if shape is not None:
            shapes[name] = shape
    return shapes


def result_of(frame: Frame) -> Result:
    """What a lane is declared to return; reported where it is missing or wrong."""
    tree = frame.source.tree
    held = frame.source.function.__annotations__.get("return")
    header = header_span(tree, frame.source.path, frame.source.file)
    shape = read_annotation(frame, tree.returns, held, header, f"the result of {tree.name}")
    return Result(shape, f"the result of {tree.name}", tree.returns)


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
