"""What is special inside a lifted function: it was written for libm, which is not the same everywhere."""

from __future__ import annotations

import ast

from dag.language.lift import lifted_from
from dag.numbers.portable import ELEMENTARY, POWER
from dag.trace.frame import Frame
from dag.trace.values import Poison, Value

#: What lanes.elementary has for a function of libm, by the last part of its name.
OWN = {name: name for name in ELEMENTARY} | {"**": "pow", "power": "pow", "float_power": "pow"}


def in_lifted(frame: Frame) -> bool:
    """Whether the function being traced is a lifted one, or was called by one."""
    return any(lifted_from(function) is not None for function, _ in frame.session.chain)


def libm_in_lifted(frame: Frame, at: ast.AST, called: str) -> Poison:
    """Report a function of libm, or a power that Python leaves to it."""
    own = OWN.get(called.rpartition(".")[2])
    if own is None or POWER in frame.source.function.__globals__:
        fix = "dagc has no function of its own for it: compute this value outside, and take it as an argument"
    else:
        fix = f'lift(..., libm="dagc") takes `{own}` of lanes.elementary in its place; `dagc parity` then compares the bits'
    return frame.report(
        "E066",
        at,
        "arithmetic whose bits are the same on every machine",
        f"`{frame.text(at)}`: `{called}` is libm's, whose last bits differ between machines",
        fix,
    )


def called_power(frame: Frame, at: ast.AST, base: tuple[ast.expr, Value], exponent: tuple[ast.expr, Value]) -> Value:
    """`base ** exponent` by the lane that the lifted function was given for it."""
    function = ast.copy_location(ast.Name(POWER, ast.Load()), at)
    call = ast.copy_location(ast.Call(function, [base[0], exponent[0]], []), at)
    return frame.session.call(frame, call, (base, exponent))


def held_fix(frame: Frame, node: ast.AST) -> str | None:
    """How to make a parameter of a lifted function known when the graph is built; None where `node` is none."""
    lifted = lifted_from(frame.source.function)
    if lifted is None or not isinstance(node, ast.Name) or node.id not in lifted.tunable:
        return None
    return f"lift(..., fixed=({node.id!r},)) holds it at its default"
