"""LinUCB: rewards that depend linearly on a context of a few numbers."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import domain, ieee_div, params, sqrt

#: A context, a vector of coefficients or of sums: as many numbers as the context has.
Numbers: TypeAlias = tuple[float, ...]
#: The lower half of a symmetric matrix with its diagonal, row by row.
LowerHalf: TypeAlias = tuple[float, ...]
#: What a tuple that grows begins with.
FIRST = (0,)


@params
class LinUcb:
    """The width of the bonus and the weight of the prior."""

    alpha: Annotated[float, domain(0.0, 1e6)] = 1.0
    ridge: Annotated[float, domain(above=0.0, hi=1e6)] = 1.0


def ridge_matrix(size: int, ridge: float) -> LowerHalf:
    """`ridge` times the unit matrix: the sums before the first play."""
    return tuple(ridge if i == j else 0.0 for i in range(size) for j in range(i + 1))


def no_rewards(size: int) -> Numbers:
    """The sums of reward times context before the first play."""
    return tuple(0.0 for _ in range(size))


def with_context(sums: LowerHalf, context: Numbers) -> LowerHalf:
    """The sums of products of the contexts, one more of them added."""
    size = len(context)
    return tuple(sums[i * (i + 1) // 2 + j] + context[i] * context[j] for i in range(size) for j in range(i + 1))


def with_reward(sums: Numbers, context: Numbers, reward: float) -> Numbers:
    """The sums of reward times context, one more of them added."""
    return tuple(s + reward * x for s, x in zip(sums, context, strict=True))


def factors(sums: LowerHalf, size: int) -> tuple[LowerHalf, Numbers]:
    """L without its diagonal of ones, row by row after a leading 0, and D, with L D L' the matrix: columns first to last."""
    lower = tuple(0.0 for _ in FIRST)
    pivots = tuple(sums[0] for _ in FIRST)
    for i in range(1, size):
        for j in range(i):
            left = sums[i * (i + 1) // 2 + j]
            for k in range(j):
                left = left - (lower[below(i, k)] * pivots[k]) * lower[below(j, k)]
            lower = (*lower, ieee_div(left, pivots[j]))
        pivot = sums[i * (i + 1) // 2 + i]
        for k in range(i):
            pivot = pivot - (lower[below(i, k)] * lower[below(i, k)]) * pivots[k]
        pivots = (*pivots, pivot)
    return lower, pivots


def below(i: int, j: int) -> int:
    """Where the entry of row i and column j < i is in L."""
    return 1 + i * (i - 1) // 2 + j


def forward(lower: LowerHalf, right: Numbers) -> Numbers:
    """The y of L y = right."""
    found = tuple(right[0] for _ in FIRST)
    for i in range(1, len(right)):
        left = right[i]
        for k in range(i):
            left = left - lower[below(i, k)] * found[k]
        found = (*found, left)
    return found


def lin_ucb_score(products: LowerHalf, rewards: Numbers, context: Numbers, p: LinUcb) -> float:
    """The upper confidence bound of an arm's reward in this context. For up to eight numbers.

    `products` are its `with_context` sums, begun by `ridge_matrix`; `rewards` its `with_reward` sums.

    Units    those of the reward
    Bits     L D L' = products; L y = context, L t = rewards; fold of t_i * y_i / d_i, and alpha times the root of the fold of
             y_i * y_i / d_i: no inverse is carried, whose error would grow with every play
    Source   Li, Chu, Langford, Schapire (2010), A contextual-bandit approach to personalized news article recommendation, WWW
    """
    size = len(context)
    lower, pivots = factors(products, size)
    y = forward(lower, context)
    t = forward(lower, rewards)
    mean, variance = 0.0, 0.0
    for i in range(size):
        mean = mean + ieee_div(t[i] * y[i], pivots[i])
        variance = variance + ieee_div(y[i] * y[i], pivots[i])
    return mean + p.alpha * sqrt(max(variance, 0.0))
