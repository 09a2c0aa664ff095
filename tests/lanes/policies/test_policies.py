"""Whole policies against references that share no code with them, on numbers and in every backend, bit for bit."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from compile.proof.core.prove import prove
from compile.proof.core.verdict import Proved
from dag.language.lane import AnyLane
from dag.trace import trace
from lanes.distrack.philox import RandomKey
from lanes.policies import (
    Discount,
    Exp3,
    Exp3S,
    ForgettingUcb,
    GaussianBelief,
    Hedge,
    LinUcb,
    SlidingWindow,
    Ucb1,
    UcbV,
    ledger,
)
from lanes.policies.thompson import belief
from tests.oracle import policies as oracle
from tests.support import policy_lanes as whole
from tests.support.backends import backend_or_skip
from tests.support.tiers import count

ARMS, BARS = 10, count(150, 2_000)
KEY = 0x1234_5678_9ABC

Decided = tuple[int, list[float]]


@dataclass(frozen=True)
class Case:
    """A policy: its lane, the objects and columns it takes beside rewards and eligible arms, and its reference."""

    lane: AnyLane
    params: tuple[Any, ...]
    reference: Callable[[Sequence[Sequence[float]], Sequence[Sequence[bool]], Sequence[float]], Iterator[Decided]]
    draws: bool = False

    @property
    def name(self) -> str:
        return self.lane.name

    def __repr__(self) -> str:
        return self.name


def index_policy(policy: Any, learns_always: bool = False) -> Any:
    """The course of a policy that plays the greatest score, as the lanes of `policy_lanes` put it."""

    def course(
        rewards: Sequence[Sequence[float]], eligible: Sequence[Sequence[bool]], _: Sequence[float]
    ) -> Iterator[Decided]:
        state, arm = policy(), -1
        for bar, (xs, can) in enumerate(zip(rewards, eligible, strict=True)):
            if arm >= 0 or learns_always:
                state.learn(arm, xs[arm])
            scores = state.scores(bar) if isinstance(state, Believer) else state.scores()
            arm = oracle.first_greatest(scores, can)
            yield arm, scores

    return course


class Believer(oracle.Thompson):
    """With draws: those of serial 1 and on, on this bar."""

    def scores(self, bar: int) -> list[float]:
        z = [gaussian(0, bar, arm + 1, 2, KEY) for arm in range(ARMS)]
        return [self.point(n, s, each) for n, s, each in zip(self.n, self.total, z, strict=True)]


def gaussian(number: int, bar: int, serial: int, purpose: int, key: int) -> float:
    high, low, _, _ = oracle.words(number, bar, serial, purpose, key)
    from lanes.elementary import normal_ppf  # held to arbitrary precision in tests of its own

    return normal_ppf(oracle.open_unit(high, low))


def drawing_policy(policy: Any) -> Any:
    """Of a policy that draws, with all arms eligible."""

    def course(rewards: Sequence[Sequence[float]], _: Any, u: Sequence[float]) -> Iterator[Decided]:
        state = policy()
        for bar, xs in enumerate(rewards):
            own = oracle.open_unit(*oracle.words(0, bar, 0, 1, KEY)[:2])
            arm = state.play(own if isinstance(state, oracle.Hedge) else u[bar], xs)
            yield arm, list(state.L)

    return course


LOW, HIGH = KEY & 0xFFFFFFFF, KEY >> 32
CASES = (
    Case(whole.ucb1_policy, (Ucb1(0.7),), index_policy(lambda: oracle.Ucb1(ARMS, 0.7))),
    Case(whole.ucb_v_policy, (UcbV(1.1, 0.9, 1.3),), index_policy(lambda: oracle.UcbV(ARMS, 1.1, 0.9, 1.3))),
    Case(
        whole.discounted_policy,
        (Discount(0.95), ForgettingUcb(1.2, 0.7)),
        index_policy(lambda: oracle.Discounted(ARMS, 0.95, 1.2, 0.7), learns_always=True),
    ),
    Case(
        whole.sliding_policy,
        (SlidingWindow(37), ForgettingUcb(1.2, 0.7)),
        index_policy(lambda: oracle.Sliding(ARMS, 37, 1.2, 0.7)),
    ),
    Case(whole.exp3_policy, (Exp3(0.15),), drawing_policy(lambda: oracle.Exp3(ARMS, 0.15)), draws=True),
    Case(whole.exp3_s_policy, (Exp3S(0.15, 0.01),), drawing_policy(lambda: oracle.Exp3(ARMS, 0.15, 0.01)), draws=True),
    Case(whole.hedge_policy, (RandomKey(LOW, HIGH), Hedge(0.3)), drawing_policy(lambda: oracle.Hedge(ARMS, 0.3))),
    Case(
        whole.thompson_policy,
        (GaussianBelief(0.4, 0.8, 0.6), RandomKey(LOW, HIGH)),
        index_policy(lambda: Believer(ARMS, 0.4, 0.8, 0.6)),
    ),
)


def course(case: Case) -> tuple[list[list[float]], list[list[bool]], list[float]]:
    """Rewards, many of them alike; arms that come and go, for policies that let them; numbers between 0 and 1."""
    dice = random.Random(case.name)
    bars = BARS // 5 if case.lane is whole.thompson_policy else BARS  # a draw takes a millisecond on numbers
    rewards = [[dice.choice((0.0, 0.25, 1.0, dice.random())) for _ in range(ARMS)] for _ in range(bars)]
    comes_and_goes = not case.draws and case.lane is not whole.hedge_policy
    eligible = [[not comes_and_goes or dice.random() < 0.8 for _ in range(ARMS)] for _ in range(bars)]
    return rewards, eligible, [(2 * dice.randrange(1 << 52) + 1) / 2**53 for _ in range(bars)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_on_numbers_it_is_the_reference(case: Case) -> None:
    rewards, eligible, u = course(case)
    stream = case.lane.stream(*case.params)
    for wanted, xs, can, each in zip(case.reference(rewards, eligible, u), rewards, eligible, u, strict=True):
        found = stream(xs, can, each) if case.draws else stream(xs, can)
        held = found.log_weights if hasattr(found, "log_weights") else found.scores
        assert (found.arm, list(map(float.hex, held))) == (wanted[0], list(map(float.hex, wanted[1])))


#: Their C takes a compiler a quarter of a minute and more.
LARGE = (whole.thompson_policy, whole.exp3_s_policy)


def backends_of(case: Case) -> list[Any]:
    quick = ["interpreter"] if case.lane in LARGE else ["interpreter", "c"]
    rest = [which for which in ("c", "xla") if which not in quick]
    return [(case, which) for which in quick] + [pytest.param(case, which, marks=pytest.mark.long) for which in rest]


@pytest.mark.parametrize(("case", "which"), [each for case in CASES for each in backends_of(case)])
def test_every_backend_says_what_the_reference_says(case: Case, which: str) -> None:
    rewards, eligible, u = course(case)
    bars = len(rewards)
    graph = prepare(trace(case.lane))
    backend = backend_or_skip(which)
    inputs = {"rewards": np.array(rewards)[:, None, :], "eligible": np.array(eligible)[:, None, :]}
    inputs |= {"u": np.array(u)[:, None]} if case.draws else {}
    values = values_of(graph.params, case.params)
    files = backend.lower(graph)
    result = backend.load(graph, files).run(
        Batch({p.name: inputs[p.name] for p in graph.inputs}, values, None, bars, 1), [o.node for o in graph.outputs]
    )
    by_name = {output.name: result.nodes[output.node][:, 0] for output in graph.outputs}
    wanted = list(case.reference(rewards, eligible, u))
    assert by_name["arm"].tolist() == [arm for arm, _ in wanted]
    held = by_name["log_weights" if "log_weights" in by_name else "scores"]
    assert held.view(np.uint64).tolist() == np.array([each for _, each in wanted]).view(np.uint64).tolist()
    assert not by_name["status"].any()
    proofs = prove(graph, files)
    assert proofs
    assert [each.page() for each in proofs if not isinstance(each, Proved)] == []


def values_of(ports: Any, objects: Sequence[Any]) -> dict[str, Any]:
    """A column of one for each parameter: the fields of the objects, in order."""
    fields = [value for each in objects for value in vars_of(each)]
    return {port.name: np.array([value]) for port, value in zip(ports, fields, strict=True)}


def vars_of(each: Any) -> list[Any]:
    return [getattr(each, name) for name in each.__dataclass_fields__]


def test_a_gaussian_belief_has_the_worked_bits() -> None:
    z = float.fromhex("-0x1.05f49f2746418p-2")
    assert belief(4.0, 2.0, z, GaussianBelief(0.0, 1.0, 1.0)).hex() == "0x1.24732da232ba4p-2"


def test_lin_ucb_is_the_ridge_regression_and_its_width() -> None:
    """Against numpy's solver, which rounds otherwise; and the interpreter against the numbers, bit for bit."""
    dice = np.random.default_rng(3)
    stream = whole.lin_ucb_arm.stream(LinUcb(alpha=0.7))
    graph = prepare(trace(whole.lin_ucb_arm))
    runner = Interpreter().load(graph, Interpreter().lower(graph))
    contexts, rewards = dice.random((60, 3)), dice.random(60)
    inputs = {f"context.{k}": contexts[:, k : k + 1] for k in range(3)}
    inputs |= {"played": np.ones((60, 1), bool), "reward": rewards[:, None]}
    params = {"alpha": np.array([0.7]), "ridge": np.array([1.0])}
    names = {p.name for p in graph.params}
    batch = Batch(inputs, {name: params[name] for name in names}, None, 60, 1)
    node = graph.outputs[0].node
    emitted = runner.run(batch, [node]).nodes[node][:, 0]
    products, paid = np.eye(3), np.zeros(3)
    for context, reward, word in zip(contexts, rewards, emitted, strict=True):
        score = stream(tuple(context.tolist()), True, float(reward))
        assert score.hex() == float(word).hex()
        inverse = np.linalg.inv(products)
        assert score == pytest.approx(context @ inverse @ paid + 0.7 * np.sqrt(context @ inverse @ context), rel=1e-9)
        products += np.outer(context, context)
        paid += reward * context


def test_a_ledger_has_the_moments_of_its_outcomes() -> None:
    """Against numpy's two passes, which round otherwise; outcomes that do not count change nothing."""
    outcomes = np.random.default_rng(8).normal(0.3, 2.0, 400)
    stream = ledger.stream()
    for x in outcomes:
        stream(1e6, False)
        found = stream(float(x), True)
    apart = outcomes - outcomes.mean()
    wanted = (400.0, outcomes.mean(), (apart**2).sum(), (apart**3).sum(), (apart**4).sum(), outcomes.sum())
    held = (found.count, found.mean, found.squares, found.cubes, found.fourths, found.total)
    assert held == pytest.approx(wanted, rel=1e-9)
    path = np.concatenate([[0.0], np.cumsum(outcomes)])
    assert found.drawdown == pytest.approx((np.maximum.accumulate(path) - path).max(), rel=1e-12)
