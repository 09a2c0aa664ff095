"""One step of an exponential average, in the two float forms in use; they are not bit-equal."""

from __future__ import annotations

from enum import IntEnum

from dag import as_unit


class EmaForm(IntEnum):
    """How a step is computed. DELTA keeps a constant input exactly for ever; CONVEX is the market maker's published form."""

    DELTA = 0
    CONVEX = 1


def alpha_from_span(span: float) -> float:
    """The weight 2 / (span + 1) of the newest value; `span` may count in any unit, the weight is a plain number."""
    return as_unit(2.0 / (span + 1.0), "1")


def ema_step(previous: float, x: float, alpha: float, form: EmaForm) -> float:
    """The average after `x`, which was `previous` before it.

    Units    `previous` and `x` share one, which the result keeps; alpha is a plain number
    Bits     DELTA   previous + alpha * (x - previous)
             CONVEX  (1 - alpha) * previous + alpha * x
    """
    delta = previous + alpha * (x - previous)
    convex = (1.0 - alpha) * previous + alpha * x
    return delta if form == EmaForm.DELTA else convex
