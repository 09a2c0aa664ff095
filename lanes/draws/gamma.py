"""Gamma and Beta draws without a loop that waits for an acceptance: three tries, and then the mode.

A Gamma draw takes the blocks 8 n to 8 n + 4 of its counter, n being its number: a block a try, whose first two words make the
Gaussian and whose others the uniform number, then two blocks with the four numbers of the boost.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import T, Vector, carry, domain, ieee_div, lane, sqrt
from lanes.distrack.philox import RandomKey
from lanes.draws.counter import Bar, Purpose, Serial, block_of
from lanes.draws.uniform import open_unit
from lanes.elementary.exponential import exp
from lanes.elementary.logarithm import log
from lanes.elementary.normal import normal_ppf

TRIES, BOOSTS = 3, 4
#: Blocks set aside for a Gamma draw.
BLOCKS = 8

#: The shape of a Gamma distribution.
GammaShape: TypeAlias = Annotated[float, domain(0.5, 1e15)]
#: The number of a Gamma draw: a block's would be eight times as large.
GammaNumber: TypeAlias = Annotated[int, domain(0, (1 << 28) - 1)]


class Tries(Vector[T], length=TRIES):
    """The tries of a Gamma draw."""


class Boosts(Vector[T], length=BOOSTS):
    """The uniform numbers that turn a Gamma draw of a + 4 into one of a."""


class PairOfTries(Vector[T], length=2 * TRIES):
    """The tries of two Gamma draws, the first's before the second's."""


class PairOfBoosts(Vector[T], length=2 * BOOSTS):
    """The uniform numbers of two Gamma draws."""


def attempt(shape: float, block: int, bar: int, serial: int, purpose: int, key: tuple[int, int]) -> tuple[bool, float]:
    """Whether this try is accepted, and the logarithm of what it would be.

    Source   Marsaglia, Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3)
    """
    d = shape + 4.0 - 1.0 / 3.0
    c = 1.0 / sqrt(9.0 * d)
    w0, w1, w2, w3 = block_of(block, bar, serial, purpose, key)
    x = normal_ppf(open_unit(w0, w1))
    u = open_unit(w2, w3)
    r = 1.0 + c * x
    v = r * r * r
    is_positive = v > 0.0
    log_v = log(v if is_positive else 1.0)
    accepted = is_positive and log(u) < 0.5 * x * x + d - d * v + d * log_v
    return accepted, log(d) + log_v


def first_accepted(shape: float, accepted: Vector[bool], log_draw: Vector[float], start: int, end: int) -> float:
    """The logarithm of a Gamma(shape + 4) draw: of the first try from `start` to `end` that was accepted, or the mode's scale."""
    found = log(shape + 4.0 - 1.0 / 3.0)
    is_found = False
    for k, (is_accepted, value) in enumerate(zip(accepted, log_draw, strict=True)):
        takes = start <= k < end and is_accepted and not is_found
        found = value if takes else found
        is_found = is_found or takes
    return found


def boosted(log_draw: float, log_u: Vector[float], shape: float, start: int, end: int) -> float:
    """Of shape + 4 back to `shape`: log(u_j) / (shape + j) added for j from 0 to 3."""
    total = log_draw
    for k, each in enumerate(log_u):
        total = total + each / (shape + float(k - start)) if start <= k < end else total
    return total


def boost(j: int, block: int, bar: int, serial: int, purpose: int, key: tuple[int, int]) -> float:
    """The logarithm of uniform number j of a draw that begins at `block`."""
    w0, w1, w2, w3 = block_of(block + TRIES + (j >> 1), bar, serial, purpose, key)
    odd = j & 1 == 1
    return log(open_unit(w2 if odd else w0, w3 if odd else w1))


@lane(taps=False)
def log_gamma_draw(
    a: GammaShape, number: GammaNumber, bar: Bar, serial: Serial, purpose: Purpose, p: RandomKey
) -> float:
    """The natural logarithm of a draw from Gamma(a, 1).

    Units    plain numbers
    State    a word a try and a boost, for their places; nothing depends on it
    Bits     s = a + 4; d = s - 1/3; c = 1 / sqrt(9 d). Up to three tries: x Gaussian, r = 1 + c x, v = r r r, accepted if v > 0 and
             log(u) < 0.5 x x + d - d v + d log(v). The first accepted gives log(d) + log(v), none of them log(d); then
             log(u_j) / (a + j) is added for j = 0 to 3
    Error    exact but where no try is accepted: 3.4e-7 of the draws at a = 0.5, 2.4e-7 at 1
    Source   Marsaglia, Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3)
    """
    key = (p.key_low, p.key_high)
    first = number * BLOCKS
    accepted = carry(initial=Tries(fill=False))
    drawn = carry(initial=Boosts(fill=False))
    tries = Tries(attempt(a, first + k, bar, serial, purpose, key) for k, _ in enumerate(accepted))
    accepted = Tries(t[0] for t in tries)
    boosts = Boosts(boost(k, first, bar, serial, purpose, key) for k, _ in enumerate(drawn))
    drawn = Boosts(u < 0.0 for u in boosts)
    found = first_accepted(a, accepted, Tries(t[1] for t in tries), 0, TRIES)
    result = boosted(found, boosts, a, 0, BOOSTS)
    return result


@lane(taps=False)
def beta_draw(
    a: GammaShape, b: GammaShape, number: GammaNumber, bar: Bar, serial: Serial, purpose: Purpose, p: RandomKey
) -> float:
    """A draw from Beta(a, b): a / (a + b) of Gamma draws 2 n and 2 n + 1.

    Units    plain numbers
    State    as `log_gamma_draw`, of both
    Bits     1 / (1 + exp(lb - la)), la and lb as `log_gamma_draw` has them
    Error    as two of `log_gamma_draw`: at most 6.8e-7
    """
    key = (p.key_low, p.key_high)
    first = number * (2 * BLOCKS)
    second = first + BLOCKS
    accepted = carry(initial=PairOfTries(fill=False))
    drawn = carry(initial=PairOfBoosts(fill=False))
    tries = PairOfTries(
        attempt(a if k < TRIES else b, first + k if k < TRIES else second + k - TRIES, bar, serial, purpose, key)
        for k, _ in enumerate(accepted)
    )
    accepted = PairOfTries(t[0] for t in tries)
    log_draws = PairOfTries(t[1] for t in tries)
    boosts = PairOfBoosts(
        boost(k if k < BOOSTS else k - BOOSTS, first if k < BOOSTS else second, bar, serial, purpose, key)
        for k, _ in enumerate(drawn)
    )
    drawn = PairOfBoosts(u < 0.0 for u in boosts)
    la = boosted(first_accepted(a, accepted, log_draws, 0, TRIES), boosts, a, 0, BOOSTS)
    lb = boosted(first_accepted(b, accepted, log_draws, TRIES, 2 * TRIES), boosts, b, BOOSTS, 2 * BOOSTS)
    share = ieee_div(1.0, 1.0 + exp(lb - la))
    return share
