"""The quantities that lanes exchange, as annotations. Units are nominal: see `dag.operators.units`."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import domain, unit

#: Eigenvalue velocity and its divergence. Large finite spikes are signal, so any finite value is in the domain.
VelDiv: TypeAlias = Annotated[float, unit("vd")]
#: Dollars per unit of the traded asset.
Price: TypeAlias = Annotated[float, unit("px"), domain(above=0.0)]
#: A fraction of a price, times 10 000.
Bps: TypeAlias = Annotated[float, unit("bps")]
#: An amount of money, never negative.
Usd: TypeAlias = Annotated[float, unit("usd"), domain(lo=0.0)]
#: A sum of money that may be lost as well as won.
Pnl: TypeAlias = Annotated[float, unit("usd")]
#: A return, or another share that may be negative or above 1.
Return: TypeAlias = Annotated[float, unit("frac")]
#: A ratio times 100.
Percent: TypeAlias = Annotated[float, unit("pct")]
#: Conviction leverage: it sizes the quantity. It is not what is set at the venue.
ConvictionLeverage: TypeAlias = Annotated[float, unit("x_conv"), domain(lo=0.0)]
#: Conviction leverage as a limit.
LeverageLimit: TypeAlias = Annotated[float, unit("x_conv"), domain(above=0.0)]
#: Exchange leverage, a whole number set at the venue.
ExchangeLeverage: TypeAlias = Annotated[int, unit("x_exch")]
#: A share between 0 and 1.
Frac: TypeAlias = Annotated[float, unit("frac"), domain(0.0, 1.0)]
#: A factor that sizes up or down.
Mult: TypeAlias = Annotated[float, unit("mult"), domain(lo=0.0)]
#: A number of bars of the clock.
Bars: TypeAlias = Annotated[int, unit("bars")]
#: A number of cycles of the engine.
Cycles: TypeAlias = Annotated[int, unit("ticks_t")]
#: A moment or a length of time.
Seconds: TypeAlias = Annotated[float, unit("s")]
#: A position or an order's size; a position may be short.
Contracts: TypeAlias = Annotated[float, unit("contracts")]
#: A size or a limit of one, never negative.
Size: TypeAlias = Annotated[float, unit("contracts"), domain(lo=0.0)]
#: A price in whole ticks of the venue; the sum of three of them fits 64 bits by far.
Ticks: TypeAlias = Annotated[int, unit("ticks"), domain(0, 1 << 53)]
#: A probability or a belief.
Prob: TypeAlias = Annotated[float, unit("prob"), domain(0.0, 1.0)]
#: Risk aversion of the quoting formula.
Gamma: TypeAlias = Annotated[float, unit("gamma"), domain(above=0.0)]
#: How fast a book thins out with distance.
Kappa: TypeAlias = Annotated[float, unit("kappa"), domain(above=0.0)]
#: A temperature, or a difference of two.
Fahrenheit: TypeAlias = Annotated[float, unit("degF")]
#: A spread of temperatures, never zero.
Spread: TypeAlias = Annotated[float, unit("degF"), domain(above=0.0)]
#: Money in whole cents.
Cents: TypeAlias = Annotated[int, unit("cents")]
