"""Reference anchor basis. Sign 0 counts the CLOB above the AMM as positive, 1 the other way; form 0 is delta, 1 convex.

>>> structural_basis_bps(1.4321, 1.4400), structural_basis_bps(1.4321, 1.4400, 1), 1.4321 - 1.4400
(-55.16374554849534, 55.16374554849534, -0.007900000000000018)
>>> st = COLD; out = []
>>> for t in range(38): st, b = basis_baseline(st, 10.0, span=50.0); out.append(residual_distortion_bps(10.0, b))
>>> set(out), st
({0.0}, (10.0, 38, True))
>>> st, b = basis_baseline(COLD, 2.0); st, b = basis_baseline(st, 10.0); b, residual_distortion_bps(10.0, b)
(2.1059602649006623, 7.894039735099337)
"""

from __future__ import annotations

from tests.oracle.num import alpha_from_span, ema_step, isfin

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 5

State = tuple[float, int, bool]
COLD: State = (0.0, 0, False)


def structural_basis_bps(clob_mid: float, amm: float, sign: int = 0) -> float:
    d = clob_mid - amm if sign == 0 else amm - clob_mid
    return (d / clob_mid) * 10000.0


def basis_baseline(st: State, basis: float, span: float = 150.0, form: int = 0) -> tuple[State, float]:
    base, count, seeded = st
    if not isfin(basis):
        return st, base
    base = ema_step(base, basis, alpha_from_span(span), form) if seeded else basis
    return (base, count + 1, True), base


def residual_distortion_bps(basis: float, baseline: float) -> float:
    return basis - baseline
