"""Every expression is traced once, however it is spelled: a lane called in it has one state, one scope and one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from dag.files.loading import load_lane
from dag.trace import trace

HEADER = """\
from itertools import pairwise
from dagc import carry, lane, lift, sum_seq, window, put, array

@lane
def total(x: float) -> float:
    s = carry(initial=0.0)
    s = s + x
    return s

@lane
def both(x: float, y: float) -> tuple[float, float]:
    return total(x), total(y)

@lane
def count(n: int) -> int:
    k = carry(initial=0)
    k = k + 1
    return k

def plain(x, y):
    return x ** y

power = lift(plain, libm="dagc")
"""
#: An expression, and how many times it calls `total` or `count`.
EXPRESSIONS = [
    ("tuple(total(v) for v in (a, b))", 2),
    ("tuple((total(a), total(b)))", 2),
    ("tuple(both(a, b))", 2),
    ("tuple(v for v in both(a, b))", 2),
    ("tuple(reversed(both(a, b)))", 2),
    ("tuple(v for _, v in enumerate(both(a, b)))", 2),
    ("tuple(v + w for v, w in zip(both(a, b), (a, b)))", 2),
    ("tuple(v * k for k, v in enumerate(both(a, b), start=1))", 2),
    ("(sum_seq(start=total(a), items=both(a, b)), round(number=total(b), ndigits=3))", 4),
    ("tuple(v + w for v, w in zip(both(a, b), both(b, a), strict=True))", 4),
    ("tuple(total(v) for v in tuple(total(w) for w in (a, b)))", 4),
    ("tuple(total(v + w) for v in (a, b) for w in (a, b))", 4),
    ("tuple(v for w in (a, b) for v in both(w, w))", 4),
    ("tuple(total(v) for v in (a, b) if True)", 2),
    ("(*both(a, b), a)", 2),
    ("(*(total(v) for v in (a, b)),)", 2),
    ("(sum_seq(both(a, b)), max(both(a, b)))", 4),
    ("(sum_seq(total(v) for v in (a, b)), min(total(v) for v in (a, b)))", 4),
    ("both(a, b)[0:2]", 2),
    ("both(a, b)[::-1]", 2),
    ("both(a, b) + (a,)", 2),
    ("both(a, b) * 2", 2),
    ("(total(a) ** 3, a < total(b) < 9.0)", 2),
    ("(power(total(a), total(b)),)", 2),
    ("(round(total(a), 2), abs(total(b)))", 2),
    ("(float(len(both(a, b))),)", 2),
    ("(total(a, when=a > 0.0, initial=b), total(total(b), when=total(a) > 0.0, initial=total(b)))", 5),
]


def _calls(tmp_path: Path, body: str) -> list[str]:
    file = tmp_path / "traced.py"
    file.write_text(f"{HEADER}\n\n@lane\ndef f(a: float, b: float) -> float:\n{body}\n    return a\n")
    graph = trace(load_lane(f"{file}:f"))
    paths = [scope.path for scope in graph.scopes if scope.lane in ("total", "count")]
    carried = [state.name.rpartition(".")[0] for state in graph.states if state.name.endswith((".s", ".k"))]
    assert sorted(carried) == sorted(paths)
    return paths


@pytest.mark.parametrize(("expression", "calls"), EXPRESSIONS, ids=lambda each: str(each))
def test_an_expression_is_traced_once(expression: str, calls: int, tmp_path: Path) -> None:
    paths = _calls(tmp_path, f"    out = {expression}")
    assert len(paths) == len(set(paths)) == calls


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        ("    for v in both(a, b):\n        w = total(v)", 4),
        ("    for i, v in enumerate(both(a, b)):\n        w = v", 2),
        ("    v, w = both(a, b)", 2),
        ("    (v, w), u = both(a, b), total(a)", 3),
        ("    v = w = total(a)", 1),
        ("    v = a\n    v += total(b)", 1),
        ("    v: float = total(a)", 1),
        ("    v: tuple[float, float] = tuple(total(u) for u in (a, b))", 2),
        ("    past = window(total(a), 3)\n    m = sum_seq((v for v in past), total(b))", 2),
        ("    past = window(a, 3, when=total(b) > 0.0)\n    m = len(past)", 1),
        ("    ring = carry(initial=array(4, 0.0))\n    ring = put(ring, min(max(count(1), 0), 3), total(a))", 2),
        ("    k = carry(initial=total(a))\n    k = k + total(b)", 2),
        ("    k = carry(initial=0.0, when=total(a) > 0.0)\n    k = k + total(b)", 2),
        ("    if total(a) > 0.0:\n        w = a\n    else:\n        w = b\n    u = w", 1),
    ],
)  # fmt: skip
def test_a_statement_is_traced_once(body: str, calls: int, tmp_path: Path) -> None:
    paths = _calls(tmp_path, body)
    assert len(paths) == len(set(paths)) == calls
