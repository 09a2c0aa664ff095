"""XLA rewrites no small expression of ours, and would rewrite hundreds of them without the remedies.

A sample of the patterns runs here; `python -m compile.xla.selftest.rewrites` runs all.
"""

from __future__ import annotations

from collections.abc import Callable

from compile.xla.program import Program
from compile.xla.selftest.patterns import Tree, patterns
from compile.xla.selftest.rewrites import judged
from dag.operators.table import ADD, DIV, MIN, MUL, SQRT
from tests.support.hlo_edits import naive

#: Expressions that XLA rewrites unless it is kept from it, on every processor: each is one rule of its simplifier.
REWRITTEN = (
    Tree(DIV, ("x", 3.0)),
    Tree(DIV, (Tree(DIV, ("x", "y")), "z")),
    Tree(DIV, ("z", Tree(DIV, ("x", "y")))),
    Tree(DIV, ("x", Tree(SQRT, ("y",)))),
    Tree(SQRT, (Tree(MUL, ("x", "x")),)),
    Tree(ADD, (Tree(ADD, ("x", 0.1)), 0.7)),
    Tree(MUL, (Tree(MUL, ("x", 0.1)), 0.7)),
    Tree(ADD, ("x", 0.0)),
    Tree(MIN, ("x", "y")),
)


def wrong(trees: tuple[Tree, ...], edit: Callable[[Program], Program] = lambda program: program) -> dict[str, int]:
    found: dict[str, int] = {}
    for tally in judged(trees, edit):
        assert tally.subnormal < 0.1 * tally.compared, "too little was judged"
        found |= tally.wrong
    return found


def test_no_expression_of_ours_is_rewritten() -> None:
    assert wrong(patterns()[::16]) == {}


def test_without_the_remedies_many_are() -> None:
    """Here of a small sample, so that the test above can be seen to fail."""
    sample = patterns()[8::48]
    assert len(sample) == 75
    found = wrong(sample, naive)
    assert len(found) >= 15, found


def test_every_known_rewrite_is_among_them() -> None:
    assert {str(tree) for tree in REWRITTEN} <= {str(tree) for tree in patterns()}
    assert set(wrong(REWRITTEN, naive)) == {str(tree) for tree in REWRITTEN}
    assert wrong(REWRITTEN) == {}


def test_the_patterns_are_what_they_are_said_to_be() -> None:
    names = [str(tree) for tree in patterns()]
    assert len(names) == len(set(names)) == 3608
    assert {"add(x, 0.0)", "add(x, -0.0)", "add(mul(x, y), z)", "div(x, p)", "sub(sub(x, y), x)"} <= set(names)
