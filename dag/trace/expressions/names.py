"""What a name or an attribute stands for."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import difflib
import inspect
import math
from enum import Enum
from types import FunctionType, ModuleType

from dag.language.leaves import has_integer_values, is_params
from dag.operators.table import ENUM_TO_I64
from dag.trace import axes
from dag.trace.frame import Frame
from dag.trace.lookups import by_member
from dag.trace.operators.applying import apply
from dag.trace.python_values import from_python
from dag.trace.scalars import enum_of, what
from dag.trace.selection import force
from dag.trace.values import (
    POISON,
    Method,
    Number,
    Poison,
    Record,
    Static,
    Value,
    Window,
)
from dag.trace.ways_out import over_window
from dag.values.binary32 import is_narrow

#: The methods of a constant dict that give what is in it.
DICT_VIEWS = ("keys", "values", "items")


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


def attribute(frame: Frame, node: ast.Attribute, base: Value, name: str) -> Value:
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
