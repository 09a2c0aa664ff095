"""Reference bandit policies, one class each, over lists: `decide` gives the arm, or None where none may be played; `learn` takes a reward.

Logarithms and exponentials are mpmath's, rounded once, so that they are those of nobody's C library.

>>> u = Ucb1(2, 1.0)
>>> for arm, x in ((0, 1.0), (0, 1.0), (0, 0.0), (1, 1.0), (1, 0.0)): u.learn(arm, x)
>>> u.scores()
[1.7025038200307465, 1.7686362411795196]
>>> v = UcbV(2, 1.2, 1.0, 1.0)
>>> for arm, x in ((0, 1.0), (0, 0.0), (0, 1.0), (1, 0.5), (1, 0.5)): v.learn(arm, x)
>>> v.scores()
[3.1328961675025173, 3.39698824238138]
>>> d = Discounted(2, 0.9, 1.0, 0.6)
>>> for arm, x in ((0, 1.0), (0, 0.0), (1, 0.5), (0, 1.0), (1, 0.5)): d.learn(arm, x)
>>> d.scores()
[1.8978081502754975, 1.8672367440555537]
>>> e = Exp3(3, 0.1)
>>> [e.play(u, [x] * 3) for u, x in ((0.5, 1.0), (0.2, 0.0), (0.9, 1.0))], e.L
([1, 0, 2], [-0.10314410526104177, -0.003144105261041752, 0.0])
>>> e = Exp3(3, 0.1, 0.001)
>>> [e.play(u, [x] * 3) for u, x in ((0.5, 1.0), (0.2, 0.0), (0.9, 1.0))], e.L
([1, 0, 2], [-0.10285193708620728, -0.0036419501241061183, 0.0])
>>> Thompson(1, 0.0, 1.0, 1.0).point(4.0, 2.0, float.fromhex("-0x1.05f49f2746418p-2")).hex()
'0x1.24732da232ba4p-2'
>>> philox((0, 0, 0, 0), (0, 0))[:2] == (0x6627E8D5, 0xE169C58D)
True
>>> open_unit(0x6627E8D5, 0xE169C58D).hex()
'0x1.989fa35785a72p-2'
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt

from mpmath import mp, mpf

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 16


def _rounded(name: str, x: float) -> float:
    with mp.workprec(300):
        return float(getattr(mp, name)(mpf(x)))


def log(x: float) -> float:
    return _rounded("log", x)


def exp(x: float) -> float:
    return _rounded("exp", x)


def log1p(x: float) -> float:
    return _rounded("log1p", x)


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox4x32-10, from the paper."""
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b % 2**32, (a >> 32) ^ c[3] ^ k[1], a % 2**32]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return c[0], c[1], c[2], c[3]


def words(number: int, bar: int, serial: int, purpose: int, key: int) -> tuple[int, int, int, int]:
    """The words of a draw, by what it is for."""
    last = purpose * 2**16 + bar // 2**32 * 2**8 + serial // 2**32
    return philox((number, bar % 2**32, serial % 2**32, last), (key % 2**32, key // 2**32))


def open_unit(high: int, low: int) -> float:
    return (2 * (high * 2**20 + low // 2**12) + 1) / 2**53


def first_greatest(scores: Sequence[float], eligible: Sequence[bool]) -> int:
    """-1 of none."""
    best = -1
    for arm, score in enumerate(scores):
        if eligible[arm] and (best < 0 or score > scores[best]):
            best = arm
    return best


class Ucb1:
    def __init__(self, arms: int, scale: float) -> None:
        self.n, self.total, self.scale = [0] * arms, [0.0] * arms, scale

    def learn(self, arm: int, x: float) -> None:
        self.n[arm] += 1
        self.total[arm] += x

    def scores(self) -> list[float]:
        t = sum(self.n)
        return [
            inf if n == 0 else s / n + self.scale * sqrt(2.0 * log(t) / n)
            for n, s in zip(self.n, self.total, strict=True)
        ]


class UcbV:
    def __init__(self, arms: int, zeta: float, c: float, reach: float) -> None:
        self.x: list[list[float]] = [[] for _ in range(arms)]
        self.zeta, self.c, self.reach = zeta, c, reach

    def learn(self, arm: int, x: float) -> None:
        self.x[arm].append(x)

    def scores(self) -> list[float]:
        e_of_all = sum(map(len, self.x))
        return [self.score(xs, self.zeta * log(e_of_all)) if xs else inf for xs in self.x]

    def score(self, xs: list[float], e: float) -> float:
        mean = squares = 0.0
        for n, x in enumerate(xs, 1):
            d = x - mean
            mean = mean + d / n
            squares = squares + d * (x - mean)
        n = len(xs)
        return mean + sqrt(2.0 * (squares / n) * e / n) + 3.0 * self.c * self.reach * e / n


class Discounted:
    def __init__(self, arms: int, g: float, reach: float, xi: float) -> None:
        self.n, self.total, self.g, self.reach, self.xi = [0.0] * arms, [0.0] * arms, g, reach, xi

    def learn(self, arm: int, x: float) -> None:
        """Every bar; arm -1 where nothing was played."""
        self.n = [self.g * n + (k == arm) for k, n in enumerate(self.n)]
        self.total = [self.g * s + (x if k == arm else 0.0) for k, s in enumerate(self.total)]

    def scores(self) -> list[float]:
        t = 0.0
        for n in self.n:
            t += n
        e = self.xi * max(log(t), 0.0) if t > 0.0 else 0.0
        return [
            inf if n < 1e-9 else s / n + 2.0 * self.reach * sqrt(e / n) for n, s in zip(self.n, self.total, strict=True)
        ]


class Sliding:
    def __init__(self, arms: int, tau: int, reach: float, xi: float) -> None:
        self.arms, self.tau, self.reach, self.xi = arms, tau, reach, xi
        self.past: list[tuple[int, int]] = []

    def learn(self, arm: int, x: float) -> None:
        self.past.append((arm, round(x * 2.0**32)))

    def scores(self) -> list[float]:
        return [self.score([q for a, q in self.past[-self.tau :] if a == arm]) for arm in range(self.arms)]

    def score(self, units: list[int]) -> float:
        n, t = len(units), len(self.past)
        return sum(units) / 2**32 / n + self.reach * sqrt(self.xi * log(min(t, self.tau)) / n) if n else inf


class Exp3:
    """EXP3, and EXP3.S where `alpha` is above 0."""

    def __init__(self, arms: int, gamma: float, alpha: float = 0.0) -> None:
        self.L, self.gamma, self.alpha = [0.0] * arms, gamma, alpha

    def play(self, u: float, rewards: Sequence[float]) -> int:
        k = len(self.L)
        w = [exp(x) for x in self.L]
        total = 0.0
        for each in w:
            total += each
        p = [(1.0 - self.gamma) * (each / total) + self.gamma / k for each in w]
        arm = drawn(p, u)
        self.L[arm] += self.gamma * (rewards[arm] / p[arm]) / k
        if self.alpha:
            f = log(total) + log(2.718281828459045 * self.alpha / k)
            self.L = [max(x, f) + log1p(exp(min(x, f) - max(x, f))) for x in self.L]
        most = max(self.L)
        self.L = [x - most for x in self.L]
        return arm


class Hedge:
    def __init__(self, arms: int, eta: float) -> None:
        self.L, self.eta = [0.0] * arms, eta

    def play(self, u: float, rewards: Sequence[float]) -> int:
        arm = drawn([exp(x) for x in self.L], u)
        self.L = [x + self.eta * r for x, r in zip(self.L, rewards, strict=True)]
        most = max(self.L)
        self.L = [x - most for x in self.L]
        return arm


def drawn(p: Sequence[float], u: float) -> int:
    sums, total = [], 0.0
    for each in p:
        total += each
        sums.append(total)
    return sum(c <= u * total for c in sums)


class Thompson:
    def __init__(self, arms: int, m0: float, s0: float, sd: float) -> None:
        self.n, self.total, self.m0, self.s0, self.sd = [0] * arms, [0.0] * arms, m0, s0, sd

    def learn(self, arm: int, x: float) -> None:
        self.n[arm] += 1
        self.total[arm] += x

    def point(self, n: float, total: float, z: float) -> float:
        w = 1.0 / (self.s0 * self.s0) + n / (self.sd * self.sd)
        return (self.m0 / (self.s0 * self.s0) + total / (self.sd * self.sd)) / w + z * (1.0 / sqrt(w))
