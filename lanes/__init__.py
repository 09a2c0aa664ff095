"""The lane library: sizing, signals, gates, the anchor basis and sketches, one lane or one tight family per file.

num/      clamp, logarithm, exponential, powers, averages: the arithmetic that lanes share
signal/   when to look at a row, when to enter, whether the market agrees
size/     how much: five factors, their composition, notional and venue leverage
exits/    when to leave a trade, the one position there is, fees, slippage and what a trade makes
accounting/ equity, drawdown, ratios, and what of a recording is to be believed
batch/    over whole samples, on the host: calibration and reports
anchor/   how far the CLOB stands from the AMM, and how much of that is news
market_maker/  how large a position, how averse to risk, which way quotes lean, what limits them
independence/  how many signals there really are, and which explains what
distrack/ what a stream looked like, in a fixed number of words
draws/    random draws, each a function of a key and of which draw it is
policies/ which of many arms to play: bandits
presets   complete parameter sets of known systems
"""

import dag as _dag  # noqa: F401 - it guards the imports of what is in here
