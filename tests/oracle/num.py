"""Reference arithmetic, in plain Python with its own frexp, ldexp and round. Knows nothing of dagc.

>>> clamp(1.7, 0.0, 1.0), clamp(-0.0, 0.0, 1.0), clamp(NAN, 0.0, 1.0), fmax(0.5, NAN), fmax(NAN, 0.5)
(1.0, -0.0, nan, 0.5, nan)
>>> fdiv(1.0, 0.0), fdiv(-1.0, 0.0), fdiv(0.0, 0.0)
(inf, -inf, nan)
>>> py_round(2.6752345678, 6), py_round(0.0000005, 6), py_round(0.5 ** 7, 6), py_round(3 * 0.5 ** 7, 6), py_round(-1e-9, 6)
(2.675235, 0.0, 0.007812, 0.023438, -0.0)
>>> py_round(45000.123456789012345, 12) == 45000.123456789012345, py_round(1234.5678901234567, 12)
(True, 1234.567890123457)
>>> rint_even(0.5), rint_even(1.5), rint_even(2.5), rint_even(-0.5), rint_even(2.4999999999999996)
(0.0, 2.0, 2.0, -0.0, 2.0)
>>> k_exp(1.0), k_exp(0.0), k_log(0.15), k_log(1.0)
(2.7182818284590455, 1.0, -1.8971199848858813, 0.0)
>>> k_ncdf(0.0), k_ncdf(1.96), k_ncdf(-9.0)
(0.5, 0.9750021048517796, 1.2804757254514243e-12)
>>> powc(0.45666666666666667, 3.0), 0.45666666666666667 ** 3.0, powc(0.5, 2.5)
(0.0952352962962963, 0.09523529629629629, 0.17677669529663687)
>>> alpha_from_span(50.0), alpha_from_span(150.0)
(0.0392156862745098, 0.013245033112582781)
>>> ema_step(0.3, 0.7, 0.1), ema_step(0.3, 0.7, 0.1, 1), ema_step(0.7, 0.7, 0.1), ema_step(0.7, 0.7, 0.1, 1)
(0.33999999999999997, 0.34, 0.7, 0.7)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 10

INF = math.inf
NAN = math.nan


def fmin(a: float, b: float) -> float:
    return b if b < a else a


def fmax(a: float, b: float) -> float:
    return b if b > a else a


def clamp(x: float, lo: float, hi: float) -> float:
    return fmin(fmax(x, lo), hi)


def isfin(x: float) -> bool:
    return x == x and x != INF and x != -INF


def fdiv(a: float, b: float) -> float:
    if b != 0.0 or b != b:
        return a / b
    if a == 0.0 or a != a:
        return NAN
    return math.copysign(INF, a) * math.copysign(1.0, b)


def py_round(x: float, nd: int) -> float:
    """Decimal rounding in exact integers, for 6 and 12 digits."""
    if not isfin(x):
        return x
    a = abs(x)
    if a >= (8589934592.0 if nd == 6 else 8192.0):
        return x
    mantissa, e = math.frexp(a)
    m = int(mantissa * 9007199254740992.0)
    e = e - 53
    t = m * 10**nd
    if e >= 0:
        q = t << e
    else:
        k = -e
        q = t >> k
        r = t - (q << k)
        h = 1 << (k - 1)
        if r > h or (r == h and (q & 1)):
            q += 1
    return math.copysign(float(q) / float(10**nd), x)


def rint_even(x: float) -> float:
    return math.copysign(float(round(abs(x))), x) if isfin(x) else x


EXP_C = [1.0 / math.factorial(k) for k in range(14)]
LOG_C = [1.0 / (2 * k + 1) for k in range(12)]
LN2_HI, LN2_LO, LOG2E = 0.6931471803691238, 1.9082149292705877e-10, 1.4426950408889634


def k_exp(x: float) -> float:
    x = clamp(x, -700.0, 700.0)
    if x != x:
        return x
    n = rint_even(x * LOG2E)
    r = (x - n * LN2_HI) - n * LN2_LO
    p = EXP_C[13]
    for k in range(12, -1, -1):
        p = p * r + EXP_C[k]
    return math.ldexp(p, int(n))


def k_ncdf(z: float) -> float:
    """The standard normal distribution function, |z| clamped to 7."""
    if z != z:
        return z
    z = clamp(z, -7.0, 7.0)
    q = z * z
    b = z
    s = z
    i = 1.0
    for _ in range(80):
        i = i + 2.0
        b = (b * q) / i
        s = s + b
    return clamp(0.5 + s * k_exp(-0.5 * q - 0.9189385332046727), 0.0, 1.0)


def k_log(x: float) -> float:
    if x != x or x < 0.0:
        return NAN
    if x == 0.0:
        return -INF
    if x == INF:
        return INF
    m, e = math.frexp(x)
    if m < 0.7071067811865476:
        m = m * 2.0
        e = e - 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = LOG_C[11]
    for k in range(10, 0, -1):
        p = p * z + LOG_C[k]
    t = 2.0 * s
    return e * LN2_HI + (t + ((t * z) * p + e * LN2_LO))


def powc(s: float, c: float) -> float:
    if c == 3.0:
        return (s * s) * s
    if c == 2.0:
        return s * s
    if c == 1.0:
        return s
    return 0.0 if s == 0.0 else k_exp(c * k_log(s))


def alpha_from_span(n: float) -> float:
    return 2.0 / (n + 1.0)


def ema_step(prev: float, x: float, alpha: float, form: int = 0) -> float:
    """Form 0 is delta, 1 is convex."""
    if form == 0:
        return prev + alpha * (x - prev)
    return (1.0 - alpha) * prev + alpha * x


def sum_seq(a: Sequence[float]) -> float:
    t = 0.0
    for v in a:
        t = t + v
    return t
