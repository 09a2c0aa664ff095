"""Mistakes of passes over graphs: rules that are wrong by a little, steps that no rule allows, and checks that were left out.

Their structure layer is the rule's own proof, and the check of a rewritten graph against the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from compile.passes.simplify import rewritten
from compile.pipeline import prepare
from compile.rewrites.pattern import Rule
from compile.rewrites.prove import prove
from compile.rewrites.steps import RewriteStep, RewriteTrace
from compile.rewrites.validate import InvalidRewrite, refuse_invalid
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.values.domain import interval
from dag.values.types import BOOL, F64, I64
from tests.mutation.wrong_rules import WRONG_RULES


def simplifiable() -> Graph:
    """A graph on which many rules work."""
    b = GraphBuilder("simplifiable")
    b.open_scope("", "simplifiable")
    x = b.input("x", F64, "1", interval(F64, -1e6, 1e6))
    flag = b.input("flag", BOOL, "1", interval(BOOL))
    n = b.input("n", I64, "1", interval(I64, 0, 100))
    level = b.state("level", F64, "1", 1.0)
    one, zero, four = (b.const(value, F64, "1") for value in (1.0, 0.0, 4.0))
    named = {
        "scaled": b.op(ops.MUL, (x, one)),
        "same": b.op(ops.SUB, (x, zero)),
        "quarter": b.op(ops.DIV, (x, four)),
        "kept": b.op(ops.ADD, (x, zero)),
        "twice": b.op(ops.NEG, (b.op(ops.NEG, (b.op(ops.ABS, (x,)),)),)),
        "smaller": b.op(ops.SELECT, (b.op(ops.LT, (x, level)), x, level)),
        "eighth": b.op(ops.IDIV, (n, b.const(8, I64, "1"))),
        "sum": b.op(ops.IADD, (b.op(ops.IADD, (n, b.const(2, I64, "1"))), b.const(3, I64, "1"))),
        "again": b.op(ops.AND, (flag, b.op(ops.OR, (flag, b.op(ops.LT, (x, one)))))),
    }
    for name, node in named.items():
        b.tap(name, node)
        b.output(f"out_{name}", node, {F64: 0.0, I64: 0, BOOL: False}[b.type_of(node)])
    b.set_next("level", b.op(ops.SELECT, (flag, named["quarter"], level)))
    return prepare(b.freeze())


def _is_refuted(rule: Rule) -> bool:
    proof, _ = prove(rule)
    return proof is None


def _is_refused(change: Callable[[Graph, Graph, RewriteTrace], tuple[Graph, RewriteTrace]]) -> bool:
    graph = simplifiable()
    after, working = rewritten(graph)
    refuse_invalid(graph, after, working)
    try:
        refuse_invalid(graph, *change(graph, after, working))
    except InvalidRewrite:
        return True
    return False


def _step(at: str, rule: str, hole: str, filled: str, result: str | None = None) -> Callable[[], bool]:
    """One more step at a node, whose hole is filled by another node."""

    def change(before: Graph, after: Graph, working: RewriteTrace) -> tuple[Graph, RewriteTrace]:
        row = working.node_of[before.node(filled)]
        step = RewriteStep(rule, ((hole, row),), working.node_of[before.node(result or filled)])
        node = before.node(at)
        return after, replace(working, steps={**working.steps, node: (*working.steps.get(node, ()), step)})

    return lambda: _is_refused(change)


def _without(at: str) -> Callable[[], bool]:
    def change(before: Graph, after: Graph, working: RewriteTrace) -> tuple[Graph, RewriteTrace]:
        node = before.node(at)
        assert node in working.steps
        return after, replace(working, steps={each: steps for each, steps in working.steps.items() if each != node})

    return lambda: _is_refused(change)


def _after(change: Callable[[Graph], Graph]) -> Callable[[], bool]:
    return lambda: _is_refused(lambda before, after, working: (change(after), working))


def _retapped(graph: Graph) -> Graph:
    taps = [replace(tap, node=graph.node("x")) if tap.name == "quarter" else tap for tap in graph.taps]
    return replace(graph, taps=tuple(taps))


def _reconnected(graph: Graph) -> Graph:
    node = graph.node("quarter")
    assert graph.ops[node] is ops.MUL
    constant = graph.args[node][1]
    return replace(graph, constants=(*graph.constants[:constant], 0.5, *graph.constants[constant + 1 :]))


#: What somebody got wrong -> whether it is refused.
PASS_EDITS: dict[str, Callable[[], bool]] = {
    **{f"rule: {name}": (lambda rule=rule: _is_refuted(rule)) for name, rule in WRONG_RULES.items()},  # type: ignore[misc]
    "a condition is not looked at": _step("kept", "add_zero", "x", "x"),
    "a rule is applied where its pattern is not": _step("quarter", "mul_one", "x", "x"),
    "a rule that is not in the compiler": _step("kept", "add_any_zero", "x", "x"),
    "a hole is filled with another node": _step("kept", "add_minus_zero", "x", "level.before"),
    "a step is not written down": _without("scaled"),
    "a step at an integer is not written down": _without("eighth"),
    "a tap is moved": _after(_retapped),
    "a tap is lost": _after(lambda graph: replace(graph, taps=graph.taps[1:])),
    "an output is lost": _after(lambda graph: replace(graph, outputs=graph.outputs[1:])),
    "a constant is computed wrongly": _after(_reconnected),
    "the status is lost": _after(lambda graph: replace(graph, status=None)),
    "a state is never written": _after(
        lambda graph: replace(graph, states=tuple(replace(each, next=each.node) for each in graph.states))
    ),
    "a state begins elsewhere": _after(
        lambda graph: replace(graph, states=tuple(replace(each, initial=2.0) for each in graph.states))
    ),
    "a domain is widened": _after(
        lambda graph: replace(graph, inputs=tuple(replace(each, domain=interval(I64)) for each in graph.inputs))
    ),
}
