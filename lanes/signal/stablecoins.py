"""Which assets of a universe are pegged, and whether the bits that a preset excludes are still exactly theirs."""

from __future__ import annotations

from collections.abc import Sequence

from dag import ParamError
from lanes.signal.stablecoin_filter import StablecoinFilter

#: The ten that are dropped before an asset is picked. The sources say that there are ten and do not list them: [chosen].
STABLECOINS = ("USDT", "USDC", "BUSD", "TUSD", "DAI", "FDUSD", "USDP", "USDD", "USTC", "PYUSD")


def stablecoins_of(universe: Sequence[str]) -> StablecoinFilter:
    """The filter that excludes the pegged assets of `universe`, whose place is their bit; upper and lower case are the same."""
    return StablecoinFilter(
        excluded=sum(1 << bit for bit, symbol in enumerate(universe) if symbol.upper() in STABLECOINS)
    )


def check_stablecoins(universe: Sequence[str], p: StablecoinFilter) -> None:
    """Raise ParamError, naming the symbols, where `p` does not exclude exactly the pegged assets of `universe`.

    An asset that joins the universe moves the bits of those after it; a pinned filter would then drop others.
    """
    wanted = stablecoins_of(universe).excluded
    wrong = [
        f"{symbol} ({'not ' if wanted >> bit & 1 else ''}excluded)"
        for bit, symbol in enumerate(universe)
        if (wanted ^ p.excluded) >> bit & 1
    ]
    beyond = p.excluded >> len(universe)
    if wrong or beyond:
        raise ParamError(
            f"StablecoinFilter: excluded={p.excluded:#x} is not the pegged assets of the universe ({wanted:#x}): "
            f"{', '.join(wrong) or 'bits beyond its end'}; pin stablecoins_of(universe)"
        )
