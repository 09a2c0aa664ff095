"""Expressions of a lane's body."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import difflib
import inspect
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from types import FunctionType, ModuleType

from dag.graphs.paths import ALWAYS, Paths, where
from dag.language.annotations import has_integer_values, is_params
from dag.operators.table import AND, ENUM_TO_I64
from dag.operators.units import DIMENSIONLESS
from dag.trace import arrays, axes, windows
from dag.trace.frame import Frame
from dag.trace.lifted import held_fix
from dag.trace.lookups import by_member, constant_item, written_item
from dag.trace.operators import Operand, apply, binary, both, comparison, condition, either, unary
from dag.trace.python_values import from_python
from dag.trace.scalars import enum_of, fields_of, what
from dag.trace.selection import force, select
from dag.trace.soundness import sound
from dag.trace.subset import describe_construct
from dag.trace.values import (
    POISON,
    Along,
    Array,
    Filled,
    Group,
    Method,
    Number,
    Poison,
    Record,
    Static,
    Value,
    Window,
)
from dag.trace.ways_out import instead_of_mutation, one_line, over_window, zero
from dag.values.binary32 import is_narrow
from dag.values.types import BOOL

#: The methods of a constant dict that give what is in it.
DICT_VIEWS = ("keys", "values", "items")
#: How to do without a number that is known when the graph is built.
CHOOSING = "use a literal or a loop index; to choose at run time, loop over all and keep one with `a if i == n else b`"


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
            return binary(frame, node, op, (left, evaluate(frame, left)), (right, evaluate(frame, right)))
        case ast.UnaryOp(op, operand):
            return unary(frame, node, op, (operand, evaluate(frame, operand)))
        case ast.Compare():
            return _chain(frame, node)
        case ast.BoolOp(op, parts):
            return _connected(frame, node, op, parts)
        case ast.IfExp(test, chosen, otherwise):
            return _conditional(frame, node, test, chosen, otherwise)
        case ast.Tuple(items):
            return _tuple(frame, items)
        case ast.Attribute(base, name):
            return _attribute(frame, node, evaluate(frame, base), name)
        case ast.Subscript(ast.Dict() as table):
            return written_item(frame, node, table, evaluate)
        case ast.Subscript(base, index):
            return _subscript(frame, node, evaluate(frame, base), index)
        case ast.Call():
            return frame.session.call(frame, node, None)
        case ast.GeneratorExp():
            return _generated(frame, node)
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


def read_name(frame: Frame, node: ast.Name) -> Value:
    """The value of a variable, or of a name from outside the function."""
    name = node.id
    if name in frame.env:
        if name in frame.generators and frame.env[name] is frame.generators[name]:
            if name in frame.used_up:
                got = f"`{name}` is read again; the first reader took all items"
                fix = "write a tuple where it is made: tuple(f(x) for x in xs)"
                return frame.report("E041", node, "one reader of a generator", got, fix)
            frame.used_up.add(name)
        return axes.out_of_reach(frame, node, force(frame, node, frame.env[name], name))
    code = frame.source.function.__code__
    if name in code.co_varnames or name in code.co_cellvars:
        return force(frame, node, None, name)
    try:
        return from_python(frame, frame.source.outer_name(name), name)
    except KeyError:
        known = [*frame.env, *frame.source.function.__globals__]
        return frame.report(
            "E020",
            node,
            "a name that is defined",
            f"`{name}`",
            close_matches(name, known) or f"define or import `{name}`",
        )


def close_matches(name: str, known: list[str], most: int = 2) -> str:
    """`did you mean ...?`, or nothing."""
    close = difflib.get_close_matches(name, [each for each in known if not each.startswith("_")], n=most)
    return f"did you mean {' or '.join(f'`{each}`' for each in close)}?" if close else ""


def _chain(frame: Frame, node: ast.Compare) -> Value:
    """`a < b <= c`: each operand once, the comparisons joined with `and`. After a false one Python does not look further."""
    left: Operand = (node.left, evaluate(frame, node.left))
    result: Value = Static(True)
    for op, expression in zip(node.ops, node.comparators, strict=True):
        if isinstance(result, Static) and result.value is False:
            break
        with frame.session.behind(_reached_where(frame, result, True)):
            right: Operand = (expression, evaluate(frame, expression))
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
    result: Value = evaluate(frame, parts[0])
    for part in parts[1:]:
        if isinstance(result, Static) and result.value is isinstance(op, ast.Or):
            break
        with frame.session.behind(_reached_where(frame, result, isinstance(op, ast.And))):
            value = evaluate(frame, part)
        result = joined(frame, node, (parts[0], result), (part, value))
    return result


def _conditional(frame: Frame, node: ast.IfExp, test: ast.expr, chosen: ast.expr, otherwise: ast.expr) -> Value:
    decided = condition(frame, (test, evaluate(frame, test)), "a condition")
    if isinstance(decided, Static):
        return evaluate(frame, chosen if decided.value else otherwise)
    node_of_test = frame.builder.unknown() if decided is None else decided.node
    with frame.session.behind(where(node_of_test)):
        first = evaluate(frame, chosen)
    with frame.session.behind(where(node_of_test, False)):
        second = evaluate(frame, otherwise)
    return POISON if decided is None else select(frame, node, decided.node, first, second, (chosen, otherwise))


def _tuple(frame: Frame, items: list[ast.expr]) -> Value:
    values: list[Value] = []
    is_known = True
    for item in items:
        if isinstance(item, ast.Starred):
            inner = evaluate(frame, item.value)
            if isinstance(inner, Group):
                values.extend(inner.items)
            else:
                if not isinstance(inner, Poison):
                    frame.report("E030", item, "a tuple after `*`", what(frame, inner), "write the items out")
                is_known = False
        else:
            values.append(evaluate(frame, item))
    return Group(tuple(values)) if is_known else POISON


def _attribute(frame: Frame, node: ast.Attribute, base: Value, name: str) -> Value:
    match base:
        case Poison():
            return POISON
        case Record(cls, fields):
            if name in fields:
                return force(frame, node, fields[name], name)
            if (member := _of_class(frame, node, cls, base, name)) is not None:
                return member
            kind = "parameter" if is_params(cls) else "field"
            fix = close_matches(name, list(fields)) or f"declare `{name}` in class {cls.__name__}"
            if name == "_replace":
                fix = (
                    f"write replace({frame.text(node.value)}, {next(iter(fields))}=...), with replace from dataclasses"
                )
            elif hasattr(cls, name):
                fix = f"write a function that takes a {cls.__name__}: `{name}({frame.text(node.value)})`"
            return frame.report(
                "E022", node, f"a declared {kind} of {cls.__name__}: {', '.join(fields)}", f"`{frame.text(node)}`", fix
            )
        case Static(ModuleType() as module) if hasattr(module, name):
            return _from_module(frame, module, name)
        case Static(type() as cls) if issubclass(cls, Enum) and name in cls.__members__:
            return Static(cls[name])
        case Static(Enum() as member) if name == "value":
            return from_python(frame, member.value)
        case Static(dict() as table) if name in DICT_VIEWS:
            return Static(getattr(table, name))
        case Static(Enum() as member) if (found := _of_class(frame, node, type(member), base, name)) is not None:
            return found
        case Number(number) if (enum := enum_of(frame, base)) is not None:
            if name in ("value", "name"):
                return _of_member(frame, node, number, enum, name)
            if (found := _of_class(frame, node, enum, base, name)) is not None:
                return found
        case Static(type() as cls) if (found := _of_class(frame, node, cls, None, name)) is not None:
            return found
    if isinstance(base, Static) and isinstance(base.value, type) and issubclass(base.value, Enum):
        members = ", ".join(base.value.__members__)
        fix = close_matches(name, list(base.value.__members__)) or f"its members are {members}"
        return frame.report("E022", node, f"a member of {base.value.__name__}: {members}", f"`{frame.text(node)}`", fix)
    if isinstance(base, Window):
        fix = over_window(frame, name, node.value, base)
        return frame.report("E022", node, "a function of a window", f"`{name}` of {what(frame, base)}", fix)
    if isinstance(base, Static) and isinstance(base.value, ModuleType):
        close = close_matches(name, list(vars(base.value))) or close_matches(name, dir(builtins), most=1)
        owner = base.value.__name__
        fix = close or f"{owner} has no {name} here; compute it from what it has"
        return frame.report("E022", node, f"a name of the module {owner}", f"`{frame.text(node)}`", fix)
    known = list(vars(base.value)) if isinstance(base, Static) and isinstance(base.value, type) else []
    if name in known:
        what_it_is = f"`{frame.text(node)}`, which belongs to {what(frame, base)}"
        fix = "compute it outside the lane, and take the value as an input"
        return frame.report("E022", node, "a field of a dataclass, or a member of an Enum", what_it_is, fix)
    return frame.report(
        "E022",
        node,
        "a field of a dataclass, a member of an Enum, or a constant of a class",
        f"`{name}` of {what(frame, base)}",
        close_matches(name, known) or "values have no other attributes in a lane",
    )


def _of_class(frame: Frame, node: ast.Attribute, cls: type, owner: Value | None, name: str) -> Value | None:
    """What a class holds beside fields and members: a constant, a function, or a property of `owner`; None where it is neither.

    `owner` is the instance that it is read from, None where it is the class itself.
    """
    held = inspect.getattr_static(cls, name, None)
    match held:
        case staticmethod() | classmethod():
            return Static(getattr(cls, name))
        case FunctionType():
            return Static(held if owner is None else Method(held, owner))
        case property(fget=FunctionType() as getter) if owner is not None and type(held) is property:
            return _read_property(frame, node, Method(getter, owner))
        case bool() | int() | float() | str() | tuple() | list() | dict() | Enum():
            return from_python(frame, held, name)
        case _ if is_narrow(held) or (dataclasses.is_dataclass(held) and not isinstance(held, type)):
            return from_python(frame, held, name)
        case _:
            return None


def _read_property(frame: Frame, node: ast.Attribute, getter: Method) -> Value:
    """`quote.mid`, where `mid` is a property: a call of its function."""
    called = ast.copy_location(ast.Name(frame.text(node), ast.Load()), node)  # with a dot in it: no variable's name
    frame.env[called.id] = Static(getter)
    value = frame.session.call(frame, ast.copy_location(ast.Call(called, [], []), node), ())
    del frame.env[called.id]
    return value


def _of_member(frame: Frame, node: ast.Attribute, number: int, enum: type[Enum], name: str) -> Value:
    """`side.value`, of a member that is known at run time only."""
    if name == "value" and has_integer_values(enum):
        return apply(frame, node, ENUM_TO_I64, number)
    if name == "value" and not any(isinstance(member.value, str) for member in enum):
        return by_member(frame, node, number, {member: from_python(frame, member.value) for member in enum})
    fix = f"compare the member: {frame.text(node.value)} == {enum.__name__}.{next(iter(enum.__members__))}"
    return frame.report("E022", node, "a number, or a member", f"`{frame.text(node)}`, a text", fix)


def _from_module(frame: Frame, module: ModuleType, name: str) -> Value:
    value: object = getattr(module, name)
    return from_python(frame, value, "" if module is math else name)


def _subscript(frame: Frame, node: ast.Subscript, base: Value, index: ast.expr) -> Value:
    if isinstance(base, Poison):
        return POISON
    if isinstance(base, Array):
        if isinstance(index, ast.Slice):
            base = Group(arrays.elements(frame, node, base))
        else:
            return arrays.get(frame, node, base, evaluate(frame, index))
    if isinstance(base, Window):
        if isinstance(index, ast.Slice):
            way = "keep another window of as many values as count: window(x, 3) is what past[-3:] would be"
            if frame.text(index) in ("1:", ":-1"):
                way = (
                    f"each value and the one after it are pairwise({frame.text(node.value)}), from itertools; or {way}"
                )
            return frame.report("E069", node, "one value of a window", f"`{frame.text(node)}`", way)
        way = f"{frame.text(node.value)}[-1] is the newest value, {frame.text(node.value)}[0] the oldest; for a place that is computed carry an array"
        position = static_int(frame, index, "an index", way=way)
        return POISON if position is None else windows.item_at(frame, node, base, position)
    if isinstance(base, Along) and not isinstance(index, ast.Slice):
        return axes.place(frame, node, base, evaluate(frame, index))
    if isinstance(base, Static) and isinstance(base.value, dict) and not isinstance(index, ast.Slice):
        item = constant_item(frame, node, base, evaluate(frame, index))
        if item is not None:
            return item
    if not isinstance(base, Group):
        return frame.report(
            "E030",
            node,
            "a tuple or a carried array before `[...]`",
            f"{frame.text(node.value)}  {what(frame, base)}",
            f"carry it: {frame.text(node.value)} = carry(initial=array(...))"
            if isinstance(base, Filled)
            else f"write one of its fields: {fields_of(frame, node.value, base)}"
            if isinstance(base, Record)
            else "keep the values in a tuple, or choose with `a if condition else b`",
        )
    if isinstance(index, ast.Slice):
        ends = [
            None if end is None else static_int(frame, end, "a slice") for end in (index.lower, index.upper, index.step)
        ]
        if any(
            end is None and given is not None
            for end, given in zip(ends, (index.lower, index.upper, index.step), strict=True)
        ):
            return POISON
        if ends[2] == 0:
            return frame.report("E036", index, "a step that is not zero", "0", "leave the step out")
        return Group(base.items[slice(*ends)])
    position = static_int(frame, index, "an index")
    if position is None:
        return POISON
    if not -len(base.items) <= position < len(base.items):
        size = len(base.items)
        return frame.report(
            "E036", node, f"an index from {-size} to {size - 1}", f"{position}", f"the tuple has {size} items"
        )
    return base.items[position]


def static_int(frame: Frame, node: ast.expr, role: str, value: Value | None = None, way: str = CHOOSING) -> int | None:
    """An integer that is known while tracing; reported otherwise, with the `way` out. `value` is that of `node` where it was
    evaluated before."""
    value = evaluate(frame, node) if value is None else value
    if isinstance(value, Poison):
        return None
    if isinstance(value, Static) and isinstance(value.value, int):
        return int(value.value)
    frame.report(
        "E035",
        node,
        f"{role} that is known when the graph is built",
        f"{frame.text(node)}  {what(frame, value)}",
        held_fix(frame, node) or way,
    )
    return None


def items_of(frame: Frame, node: ast.expr, value: Value) -> tuple[Value, ...] | None:
    """The items of `value`, that of `node`: of a tuple, range, enumerate, zip or reversed, of known length. None after a report."""
    match value:
        case Poison():
            return None
        case Group(items):
            return items
        case Array():
            return arrays.elements(frame, node, value)
        case Along():
            return axes.elements(frame, node, value)
        case Static(type() as cls) if issubclass(cls, Enum):
            return tuple(Static(member) for member in cls)
        case Static(dict() as table):
            return tuple(from_python(frame, key) for key in table)
    if isinstance(value, Window):
        got, past = f"{frame.text(node)}  {what(frame, value)}", one_line(frame, node)
        fix = f"fold it: sum_seq({past}, {zero(frame, value)}), min_seq, max_seq, of an expression of each value if need be"
        frame.report("E069", node, "something whose length is known when the graph is built", got, fix)
        return None
    frame.report(
        "E035",
        node,
        "something whose length is known when the graph is built: range(...) of literals, a tuple, enumerate, zip",
        f"{frame.text(node)}  {what(frame, value)}",
        f"write its fields: ({fields_of(frame, node, value)})"
        if isinstance(value, Record)
        else "loop over the largest length and use `if i < n` inside",
    )
    return None


def _generated(frame: Frame, node: ast.GeneratorExp) -> Value:
    """`f(x) for x in xs`: the tuple of all items. Its variables are its own."""
    outside = dict(frame.env)
    over = evaluate(frame, node.generators[0].iter)
    if isinstance(over, Window | Along):
        swept = _swept(frame, node, over) if isinstance(over, Window) else _mapped(frame, node, over)
        frame.env = outside
        return swept
    items: list[Value] = []
    known = _comprehend(frame, node, 0, items, over)
    frame.env = outside
    return Group(tuple(items)) if known else POISON


def _swept(frame: Frame, node: ast.GeneratorExp, over: Window) -> Value:
    """An expression of each value of a window: computed for all of them at once."""
    generator = node.generators[0]
    if len(node.generators) > 1 or frame.session.sweeping is not None:
        return frame.report(
            "E069", node, "one `for` over a window", f"`{frame.text(node)}`", "fold the inner window first, into a variable"
        )  # fmt: skip
    bind_target(frame, generator.target, over.item, tapped=False)
    frame.session.sweeping = node
    frame.session.conditional += 1
    with axes.looping(frame, generator.target, None):
        kept = _which_count(frame, generator.ifs, over.only)
        with frame.session.behind(ALWAYS if not isinstance(kept, int) else where(kept)):
            item = kept if isinstance(kept, Poison) else evaluate(frame, node.elt)
    frame.session.conditional -= 1
    frame.session.sweeping = None
    if isinstance(item, Poison) or isinstance(kept, Poison):
        return POISON
    return replace(over, item=item, kept="", only=kept)


def _which_count(frame: Frame, tests: Sequence[ast.expr], kept: int | None) -> int | Poison | None:
    """The bool that the `if`s of a generator come to, together with what was kept before; None where all is kept."""
    builder = frame.session.builder
    for test in tests:
        decided = condition(frame, (test, evaluate(frame, test)), "a condition")
        if decided is None:
            return POISON
        one = decided.node if isinstance(decided, Number) else builder.const(bool(decided.value), BOOL, DIMENSIONLESS)
        kept = one if kept is None else builder.op(AND, (kept, one), frame.span(test))
    return kept


def _mapped(frame: Frame, node: ast.GeneratorExp, over: Along) -> Value:
    """An expression of each place of an axis: traced once. What its `if` leaves out, a fold skips."""
    generator, *others = node.generators
    if others or over.kept is not None:
        return frame.report(
            "E047", node, "one `for` over the places of an axis", f"`{frame.text(node)}`", "fold the inner one first, into a variable"
        )  # fmt: skip
    bind_target(frame, generator.target, over.item, tapped=False)
    with axes.looping(frame, generator.target, over):
        kept = _which_count(frame, generator.ifs, None)
        if isinstance(kept, Poison):
            return POISON
        with frame.session.behind(ALWAYS if kept is None else where(kept)):
            item = evaluate(frame, node.elt)
    return POISON if isinstance(item, Poison) else Along(over.cls, item, frame.span(node), lazily=True, kept=kept)


def _comprehend(
    frame: Frame, node: ast.GeneratorExp, depth: int, items: list[Value], outermost: Value | None = None
) -> bool:
    """`outermost` is what the first `for` goes through, where it is known."""
    if depth == len(node.generators):
        items.append(evaluate(frame, node.elt))
        return True
    generator = node.generators[depth]
    over = evaluate(frame, generator.iter) if outermost is None else outermost
    values = items_of(frame, generator.iter, over)
    if values is None:
        return False
    for value in values:
        bind_target(frame, generator.target, value, tapped=False)
        kept = _kept(frame, node.elt, generator.ifs)
        if kept is None or (kept and not _comprehend(frame, node, depth + 1, items)):
            return False
    return True


def _kept(frame: Frame, element: ast.expr, tests: list[ast.expr]) -> bool | None:
    """Whether all of a comprehension's conditions hold; None after a report, which says how to choose of its `element`."""
    for test in tests:
        decided = condition(frame, (test, evaluate(frame, test)), "a condition")
        if isinstance(decided, Number):
            frame.report(
                "E035",
                test,
                "a condition that is known when the graph is built",
                f"{frame.text(test)}  {what(frame, decided)}",
                f"choose in front of `for`: {frame.text(element)} if {frame.text(test)} else the neutral value, 0 in a sum",
            )
        if not isinstance(decided, Static):
            return None
        if not decided.value:
            return False
    return True


def bind_target(frame: Frame, target: ast.expr, value: Value, tapped: bool = True) -> None:
    """Assign to a name, or item by item to a tuple of names; anything else would mutate and is reported."""
    match target:
        case ast.Name(name):
            if tapped:
                frame.define(name, value)
            else:
                frame.env[name] = value
        case ast.Tuple(targets) | ast.List(targets):
            for each, item in zip(targets, _unpacked(frame, target, targets, value), strict=True):
                bind_target(frame, each, item, tapped)
        case ast.Starred(inner):
            bind_target(frame, inner, value, tapped)
        case _:
            what_changes = "an attribute" if isinstance(target, ast.Attribute) else "an item"
            got = f"`{frame.text(target)}` assigns to {what_changes}"
            frame.report("E042", target, "assignment to a name", got, instead_of_mutation(frame, target))


def _unpacked(frame: Frame, target: ast.expr, targets: list[ast.expr], value: Value) -> Iterator[Value]:
    rest = next((i for i, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
    fewest = len(targets) - (rest is not None)
    if isinstance(value, Group) and (len(value.items) == fewest or (rest is not None and len(value.items) > fewest)):
        if rest is None:
            yield from value.items
            return
        end = rest + len(value.items) - fewest
        yield from (*value.items[:rest], Group(value.items[rest:end]), *value.items[end:])
        return
    if not isinstance(value, Poison):
        frame.report(
            "E030",
            target,
            f"a tuple of {fewest}" + (" or more" if rest is not None else ""),
            what(frame, value),
            f"a record is no tuple: write the fields on the right, {', '.join(f'x.{name}' for name in value.fields)}"
            if isinstance(value, Record)
            else "give as many names as the tuple has items",
        )
    yield from (POISON for _ in targets)
