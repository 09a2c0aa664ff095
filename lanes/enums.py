"""The closed choices that lanes exchange. Their codes are part of the interface: recorded data holds them."""

from __future__ import annotations

from enum import IntEnum


class Side(IntEnum):
    """The direction of a trade; multiplying by it turns a move into a favourable move."""

    SHORT = -1
    LONG = 1


class DcStatus(IntEnum):
    """Whether the traded asset already moves the trade's way."""

    NEUTRAL = 0
    CONFIRM = 1
    CONTRADICT = 2


class Posture(IntEnum):
    """How the engine stands in the market: fully out hunting, stalking with a low cap, or hibernating."""

    APEX = 0
    STALKER = 1
    HIBERNATE = 2


class McStatus(IntEnum):
    """What the Monte-Carlo forewarner says of the market."""

    OK = 0
    ORANGE = 1
    RED = 2


class ObShape(IntEnum):
    """How the order-book factor grows with agreement: in a ramp up to full agreement, or in one step."""

    RAMP = 0
    STEP = 1


class BasisSign(IntEnum):
    """Which way a basis counts: positive with the CLOB above the AMM (recommended), or the other way (legacy records)."""

    CLOB_ABOVE_AMM = 0
    AMM_ABOVE_CLOB = 1
