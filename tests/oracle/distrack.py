"""Reference distribution tracking: each sketch a function of (state, value), and generators of random words.

>>> st = MOMENTS
>>> for x in (1.0, 2.0, 4.0): st, o = ewma_stats(st, x, 0.25)
>>> o
(1.9375, 1.55859375)
>>> obs = (0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92, 34.60, 10.28, 1.47, 0.40, 0.05, 11.39, 0.27, 0.42, 0.09, 11.37)
>>> st = MARKERS
>>> for x in obs: st, o = p2_quantile(st, x, 0.5)
>>> o, st[2]
(4.440634353260337, (1.0, 6.0, 10.0, 16.0, 20.0))
>>> pct_linear((4.0, 1.0, 3.0, 2.0), 0.6)
2.8
>>> st = DIGEST
>>> for i in range(1000): st = tdigest_push(st, float((i * 617) % 1000))
>>> len(st[0]), tdigest_quantile(st, 0.5), tdigest_quantile(st, 0.99), tdigest_quantile(st, 0.0), tdigest_quantile(st, 1.0)
(31, 500.11084917390315, 989.1666666666666, 0.0, 999.0)
>>> st = ((), 0, 42)
>>> for i in range(1000): st = reservoir(st, float(i), 8)
>>> st[0]
(223.0, 323.0, 225.0, 928.0, 650.0, 666.0, 134.0, 510.0)
>>> [lat_bucket(v) for v in (0, 7, 8, 15, 16, 17, 18, 1000, 2 ** 62)], [lat_upper(lat_bucket(v)) for v in (7, 8, 15, 16, 17, 1000)]
([0, 7, 8, 15, 16, 16, 17, 63, 480], [7, 8, 15, 17, 17, 1023])
>>> st = ({}, 0, 0, 0)
>>> for i in range(1, 1001): st = latency_histogram(st, i * i)
>>> lat_quantile(st, 1, 2), lat_quantile(st, 99, 100), lat_quantile(st, 1, 1), latency_histogram(st, -5)[2]
(262143, 983039, 1000000, 1)
>>> splitmix64(42)[1]
13679457532755275413
>>> [hex(w) for w in philox4x32((0,) * 4, (0, 0))]
['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
"""

from __future__ import annotations

import math

from tests.oracle.num import NAN, fdiv, fmax, fmin, isfin

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 20

Moments = tuple[float, float, bool]
MOMENTS: Moments = (0.0, 0.0, False)
#: (how many values, heights, places); fewer than five values are kept as they are, sorted.
Markers = tuple[int, tuple[float, ...], tuple[float, ...]]
MARKERS: Markers = (0, (), ())


def ewma_stats(st: Moments, x: float, alpha: float) -> tuple[Moments, tuple[float, float]]:
    mean, var, seeded = st
    if not isfin(x):
        return st, (mean, var)
    if not seeded:
        return (x, 0.0, True), (x, 0.0)
    d = x - mean
    mean = mean + alpha * d
    var = (1.0 - alpha) * (var + (alpha * d) * d)
    return (mean, var, True), (mean, var)


def pct_linear(v: tuple[float, ...], q: float) -> float:
    s = sorted(v)
    n = len(s)
    h = (n - 1) * q
    i = math.floor(h)
    t = h - i
    a = s[i]
    b = s[min(i + 1, n - 1)]
    d = b - a
    return b - d * (1.0 - t) if t >= 0.5 else a + d * t


def p2_adjust(qa: float, qb: float, qc: float, na: float, nb: float, nc: float, want: float) -> tuple[float, float]:
    d = want - nb
    s = 1.0 if (d >= 1.0 and nc - nb > 1.0) else (-1.0 if (d <= -1.0 and na - nb < -1.0) else 0.0)
    if s == 0.0:
        return qb, nb
    up = fdiv(qc - qb, nc - nb)
    dn = fdiv(qb - qa, nb - na)
    par = qb + fdiv(s, nc - na) * (((nb - na) + s) * up + ((nc - nb) - s) * dn)
    lin = qb + s * (up if s > 0.0 else dn)
    return (par if (qa < par and par < qc) else lin), nb + s


def p2_quantile(st: Markers, x: float, p: float) -> tuple[Markers, float]:
    n, q, m = st
    if not isfin(x):
        return st, (q[2] if n >= 5 else NAN)
    if n < 5:
        q = tuple(sorted((*q, x)))
        return (n + 1, q, (1.0, 2.0, 3.0, 4.0, 5.0)), pct_linear(q, p)
    q0, q1, q2, q3, q4 = q
    m0, m1, m2, m3, m4 = m
    n = n + 1
    q0 = fmin(q0, x)
    q4 = fmax(q4, x)
    m1 = m1 + (1.0 if x < q1 else 0.0)
    m2 = m2 + (1.0 if x < q2 else 0.0)
    m3 = m3 + (1.0 if x < q3 else 0.0)
    m4 = m4 + 1.0
    t = float(n) - 1.0
    q1, m1 = p2_adjust(q0, q1, q2, m0, m1, m2, 1.0 + t * (p / 2.0))
    q2, m2 = p2_adjust(q1, q2, q3, m1, m2, m3, 1.0 + t * p)
    q3, m3 = p2_adjust(q2, q3, q4, m2, m3, m4, 1.0 + t * ((1.0 + p) / 2.0))
    return (n, (q0, q1, q2, q3, q4), (m0, m1, m2, m3, m4)), q2


M64 = (1 << 64) - 1


def splitmix64(s: int) -> tuple[int, int]:
    s = (s + 0x9E3779B97F4A7C15) & M64
    z = s
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
    return s, z ^ (z >> 31)


def philox4x32(counter: tuple[int, ...], key: tuple[int, ...], rounds: int = 10) -> tuple[int, ...]:
    c = list(counter)
    for r in range(rounds):
        k = [(key[0] + r * 0x9E3779B9) % 2**32, (key[1] + r * 0xBB67AE85) % 2**32]
        a, b = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(b >> 32) ^ c[1] ^ k[0], b % 2**32, (a >> 32) ^ c[3] ^ k[1], a % 2**32]
    return tuple(c)


Digest = tuple[tuple[tuple[float, float], ...], tuple[float, ...], float, float]
DIGEST: Digest = ((), (), math.inf, -math.inf)
TD_K = 32
TD_Q = [((j / TD_K) * (j / TD_K)) * (3.0 - 2.0 * (j / TD_K)) for j in range(TD_K + 1)]


def tdigest_joined(pts: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """(mean, weight) points in ascending order, made centroids."""
    total = 0.0
    for _, w in pts:
        total = total + w
    seen = 0.0
    out: list[tuple[float, float]] = []
    cur = -1
    for m, w in pts:
        mid = (seen + w * 0.5) / total
        j = 0
        while j < TD_K - 1 and TD_Q[j + 1] <= mid:
            j += 1
        if j == cur:
            pm, pw = out[-1]
            nw = pw + w
            out[-1] = (pm + (m - pm) * (w / nw), nw)
        else:
            out.append((m, w))
            cur = j
        seen = seen + w
    return tuple(out)


def tdigest_flush(st: Digest) -> Digest:
    cents, buf, mn, mx = st
    pts = [(m, w, 0, i) for i, (m, w) in enumerate(cents)] + [(x, 1.0, 1, i) for i, x in enumerate(buf)]
    pts.sort(key=lambda t: (t[0], t[2], t[3]))
    return tdigest_joined([(m, w) for m, w, _, _ in pts]), (), mn, mx


def tdigest_push(st: Digest, x: float, cap: int = 32) -> Digest:
    if not isfin(x):
        return st
    cents, buf, mn, mx = st
    st = (cents, (*buf, x), fmin(mn, x), fmax(mx, x))
    return tdigest_flush(st) if len(st[1]) == cap else st


def tdigest_quantile(st: Digest, q: float) -> float:
    cents, _, mn, mx = tdigest_flush(st) if st[1] else st
    if not cents:
        return NAN
    total = 0.0
    for _, w in cents:
        total = total + w
    t = q * total
    seen = 0.0
    pp, pv = 0.0, mn
    for m, w in cents:
        pos = seen + w * 0.5
        if t < pos:
            return pv + ((t - pp) / (pos - pp)) * (m - pv)
        pp, pv = pos, m
        seen = seen + w
    return pv + ((t - pp) / (total - pp)) * (mx - pv)


def tdigest_merge(a: Digest, b: Digest) -> Digest:
    a, b = (tdigest_flush(st) if st[1] else st for st in (a, b))
    pts = [(m, 0, i, w) for i, (m, w) in enumerate(a[0])] + [(m, 1, i, w) for i, (m, w) in enumerate(b[0])]
    pts.sort(key=lambda t: t[:3])
    return tdigest_joined([(m, w) for m, _, _, w in pts]), (), fmin(a[2], b[2]), fmax(a[3], b[3])


def rank_below(st: Markers, x: float) -> float:
    _, q, m = st
    if x < q[0]:
        return 0.0
    if x >= q[4]:
        return m[4]
    k = max(i for i in range(4) if q[i] <= x)
    return m[k] + fdiv(x - q[k], q[k + 1] - q[k]) * (m[k + 1] - m[k])


def p2_merge(a: Markers, b: Markers, p: float) -> Markers:
    """Few values are pushed one by one; else the ranks of both are added and read off at the desired ones."""
    if b[0] < 5 or a[0] < 5:
        st, others = (a, b[1]) if b[0] < 5 else (b, a[1])
        for x in others:
            st, _ = p2_quantile(st, x, p)
        return st
    knots = [(x, r + rank_below(b, x)) for x, r in zip(a[1], a[2], strict=True)]
    knots += [(x, r + rank_below(a, x)) for x, r in zip(b[1], b[2], strict=True)]
    n = float(a[0] + b[0])
    t = n - 1.0
    m1 = min(max(float(round(1.0 + t * (p / 2.0))), 2.0), n - 3.0)
    m2 = min(max(float(round(1.0 + t * p)), m1 + 1.0), n - 2.0)
    m3 = min(max(float(round(1.0 + t * ((1.0 + p) / 2.0))), m2 + 1.0), n - 1.0)

    def height(rank: float) -> float:
        # The last of equal knots decides, so the order of the list is part of the definition.
        x0, r0 = [k for k in knots if k[1] <= rank and k[0] == max(y for y, r in knots if r <= rank)][-1]
        x1, r1 = [k for k in knots if k[1] > rank and k[0] == min(y for y, r in knots if r > rank)][-1]
        return x0 + fdiv(rank - r0, r1 - r0) * (x1 - x0)

    heights = (fmin(a[1][0], b[1][0]), height(m1), height(m2), height(m3), fmax(a[1][4], b[1][4]))
    return a[0] + b[0], heights, (1.0, m1, m2, m3, n)


def ewma_merge(a: Moments, b: Moments, share: float) -> Moments:
    if not a[2] or not b[2]:
        return a if a[2] else b
    d = b[0] - a[0]
    return a[0] + share * d, (a[1] + share * (b[1] - a[1])) + (share * (1.0 - share)) * (d * d), True


Sample = tuple[tuple[float, ...], int, int]


def reservoir(st: Sample, x: float, k: int) -> Sample:
    slots, n, s = st
    n = n + 1
    if n <= k:
        return (*slots, x), n, s
    s, z = splitmix64(s)
    i = ((z >> 32) * n) >> 32
    return ((*slots[:i], x, *slots[i + 1 :]) if i < k else slots, n, s)


def reservoir_merge(a: Sample, b: Sample, k: int) -> Sample:
    pools, left, s = [list(a[0]), list(b[0])], [a[1], b[1]], a[2]
    out: list[float] = []
    while len(out) < min(k, a[1] + b[1]):
        s, z = splitmix64(s)
        side = 0 if ((z >> 32) * sum(left)) >> 32 < left[0] else 1
        s, z = splitmix64(s)
        pool = pools[side]
        i = ((z >> 32) * len(pool)) >> 32
        out.append(pool[i])
        pool[i] = pool[-1]
        pool.pop()
        left[side] -= 1
    return tuple(out), a[1] + b[1], s


Counters = tuple[dict[int, int], int, int, int]


def lat_bucket(ns: int) -> int:
    if ns < 8:
        return ns
    e = ns.bit_length() - 4
    return (e << 3) + (ns >> e)


def lat_upper(b: int) -> int:
    if b < 16:
        return b
    e = (b >> 3) - 1
    return (((b & 7) + 8 + 1) << e) - 1


def latency_histogram(st: Counters, ns: int) -> Counters:
    c, n, bad, mx = st
    if ns < 0:
        return c, n, bad + 1, mx
    b = lat_bucket(ns)
    d = dict(c)
    d[b] = d.get(b, 0) + 1
    return d, n + 1, bad, max(ns, mx)


def lat_quantile(st: Counters, num: int, den: int) -> int:
    c, n, _, mx = st
    if n == 0:
        return -1
    rank = max(1, (n * num + den - 1) // den)
    t = 0
    for b in sorted(c):
        t += c[b]
        if t >= rank:
            return min(lat_upper(b), mx)
    return mx


def log_bucket(x: float) -> int:
    """Thirty-two buckets to an octave, by frexp instead of bits."""
    a = abs(x)
    if a < 2.0**-32:
        return 2048
    m, e = math.frexp(min(a, 2.0**32 * (1.0 - 2.0**-53)))
    place = 1 + (e - 1 + 32) * 32 + int((m * 2.0 - 1.0) * 32.0)
    return 2048 - place if x < 0.0 else 2048 + place
