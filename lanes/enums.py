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


class Held(IntEnum):
    """What a position slot holds: nothing, or a position of one of the sides, by the code of that `Side`."""

    SHORT = -1
    NONE = 0
    LONG = 1


class ExitReason(IntEnum):
    """Why a position is closed."""

    NONE = 0
    TAKE_PROFIT = 1
    MAX_HOLD = 2
    STOP_LOSS = 3
    HIBERNATE = 4
    OB_TAIL = 5


class RateKind(IntEnum):
    """What a fee's rate is: the share of orders that are filled as maker, or the fee itself in basis points."""

    MAKER_FRACTION = 0
    BPS = 1


class GuardState(IntEnum):
    """Whether a guard lets the engine quote."""

    ACTIVE = 0
    IDLE = 1


class GuardEvent(IntEnum):
    """What a guard did on a bar; SUPPRESSED is an entry that a warm-up held back."""

    NONE = 0
    ENTER = 1
    EXIT = 2
    SUPPRESSED = 3


class RestoreMode(IntEnum):
    """How a session begins: with nothing, or with what the last one stored."""

    COLD = 0
    WARM = 1


class Regime(IntEnum):
    """The market's volatility regime, in rising order."""

    CALM = 0
    NORMAL = 1
    VOLATILE = 2
    EXTREME = 3


class SwingTier(IntEnum):
    """The answer to a swinging position, in rising order."""

    OK = 0
    WIDEN = 1
    REDUCE_ONLY = 2
    PULL = 3


class KillReason(IntEnum):
    """What tripped the kill switch."""

    NONE = 0
    DAILY_LOSS = 1
    DRAWDOWN = 2
    POSITION = 3


class MarketResult(IntEnum):
    """How a binary market was settled."""

    UNKNOWN = 0
    YES = 1
    NO = 2


class BracketAction(IntEnum):
    """What to buy of a bracket."""

    NONE = 0
    BUY_YES = 1
    BUY_NO = 2


class FillSource(IntEnum):
    """Which strategy a fill belongs to; MANUAL is also what nobody recognised."""

    MANUAL = 0
    LEGACY = 1
    CROSS_BRACKET = 2
    CROSS_BRACKET_EXIT = 3


class WeatherFamily(IntEnum):
    """The city whose daily high a market is about, in the order of the floors of `sigma_floor`."""

    LAX = 0
    MIA = 1
    NY = 2
    AUS = 3
    CHI = 4
    DEN = 5
