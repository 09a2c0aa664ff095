"""The codes of claims that do not hold, and of the remarks that go with them; `dag.diagnostics.codes` has all codes."""

from __future__ import annotations

#: code -> (title, explanation with a wrong and a right example).
CLAIM_CODES: dict[str, tuple[str, str]] = {
    "E070": (
        "Opposite orientations meet",
        """
`oriented("clob_minus_amm")` says which way round a difference is taken. It goes along through sums, choices, states and factors of
a known sign; negation turns it round; a difference of inputs from two feeds has the orientation that is written.

    Residual = Annotated[float, unit("bps"), oriented("clob_minus_amm")]

    def residual(clob: Annotated[float, feed("clob")], amm: Annotated[float, feed("amm")]) -> Residual:
        return amm - clob                # wrong: amm_minus_clob
        return clob - amm                # right
""",
    ),
    "E071": (
        "Capped value observed",
        """
`observes("raw")` on an argument or variable refuses every value with a clamp upstream: a min, a max, or a choice that does the same,
at this bar or, through a state, at an earlier one. What a clamp cut off is lost for everything after it.

    def history(x: Annotated[float, observes("raw")]) -> float: ...

    capped = min(max(basis, -10.0), 10.0)
    history(capped)                      # wrong: never sees more than 10
    history(basis)                       # right: cap what is traded, observe what is there
""",
    ),
    "E072": (
        "Independent values share a feed",
        """
Arguments of one lane that say `independent("signals")` have no feed in common: neither in what they are computed from nor in what their
states have kept of it. The feed of an input is what `feed("binance")` says, or else the input itself.

    def combine(a: Annotated[float, independent("signals")], b: Annotated[float, independent("signals")]) -> float: ...

    combine(momentum(mid), reversal(mid))        # wrong: two opinions of one source
    combine(momentum(mid), sentiment(news))      # right
""",
    ),
    "E073": (
        "Fused values share a feed",
        """
`fuses("forecasts")` is `independent(...)` for lanes that weigh estimates: a feed behind two of them would be counted twice and make the
result surer than it is. A lane that allows for it names the argument that says how the values move together, and uses it.

    def fuse(a: Forecast, b: Forecast) -> float: ...                   # wrong, where both have seen the same station
    Forecast = Annotated[float, fuses("forecasts")]

    Forecast = Annotated[float, fuses("forecasts", covariance="rho")]  # right
    def fuse(a: Forecast, b: Forecast, rho: float) -> float: ...
""",
    ),
    "E074": (
        "Feed replaced without a word",
        """
A choice puts the value of one `feed(...)` in the place of another's. Whatever reads it takes it for the first, so it has to be said:
`substitute()` on the result, which then counts as coming from both. A choice is one in whatever words, with a mask too.

    mid = primary if present else backup                                 # wrong
    mid = present * primary + (1 - present) * backup                     # wrong, where present is an int that is 0 or 1
    mid: Annotated[float, substitute()] = primary if present else backup # right
""",
    ),
    "E075": (
        "Gate with a way around",
        """
Where a `gate("hard")` bool is false, every result that is a `sink(...)` has to be its safe value, whatever else is true. That is
proved on the ands, ors, nots and choices of the graph; the message names conditions under which the sink acts all the same.

    Allowed = Annotated[bool, gate("hard")]

    enter = (allowed and signal) or forced       # wrong: forced gets around
    enter = allowed and (signal or forced)       # right

A sink can name its gate, `sink(key="order_id", gate="family_live")`: then a lane that does not even ask it is refused.
""",
    ),
    "E076": (
        "Factor enters twice",
        """
A factor declared `once()` enters the product behind a result at most once, under any conditions that can hold together.

    cut: Annotated[float, once()] = haircut(score)
    lev = base * cut
    notional = lev * capital * cut                         # wrong
    notional = lev * capital                               # right
    notional = lev * capital * (1.0 if inside else cut)    # right, where lev has it only if inside
""",
    ),
    "E077": (
        "Raised after its ceiling",
        """
A value declared `ceiling()` is not raised on its way to a result of the same unit. Taking the less of it and anything, a choice among
values that are at most the ceiling, zero and factors between 0 and 1 are fine; whatever may raise it has to come before, or to be
clamped again with the bound that the ceiling was clamped with.

    lev: Annotated[Leverage, ceiling()] = min(raw, cap)
    return lev * boost                   # wrong, where boost may be above 1
    return min(lev * boost, cap)         # right
""",
    ),
    "E078": (
        "Used whatever its age",
        """
A value declared `max_age(300.0, age="quote_age")` goes into no result and no state unless a condition on the way depends on that age; and
where the age is compared, the bound is at most the one declared. `age` names the argument or field beside it: an age in the same unit of
time, or a bool that is true of a fresh value.

    return quote - mid                                       # wrong
    return quote - mid if quote_age <= 300.0 else 0.0        # right
""",
    ),
    "E079": (
        "Lane that nobody reads",
        """
No result depends on anything that this call returns, at this bar or a later one, though it is computed on every bar. A caller need not
use every result: what the lane or function around the call returns counts as read, and so does what a slot is handed.

    gamma = blended_gamma(regime, p)
    return p.gamma * inventory                                           # wrong
    return gamma * inventory                                             # right
    gamma: Annotated[float, diagnostic()] = blended_gamma(regime, p)     # right: it is there to be looked at
""",
    ),
    "E080": (
        "Parameter left to its default",
        """
A graph that is deployed has every parameter pinned: a default is what its author began with, and two callers may have two of them.

    dagc build sizer.py:size -o live --pins live.toml       # wrong, where live.toml says nothing of `ceiling`
    ceiling = 8.0                                           # right: a line of live.toml
""",
    ),
    "E081": (
        "Parameter written twice",
        """
Two writers pin one parameter, equal or not, or a deployed bundle is bound with parameters of its own. Which of them counts would depend
on the order in which they come.

    dagc build sizer.py:size -o live --pins base.toml --pins caps.toml      # wrong, where both say `ceiling`

    kernel = dagc.load("live")
    kernel.bind(Sizer(ceiling=5.0))      # wrong: it was deployed with its pins
    kernel.bind()                        # right
""",
    ),
    "E082": (
        "Calibrated on what",
        """
A parameter declared `calibrated()` is pinned together with how it came about: the method, the number format of the computation, which
is the parameter's own, and the SHA-256 of the data.

    decay = 0.98                         # wrong

    [decay]                              # right
    value = 0.98
    method = "least squares, 2019 to 2023"
    dtype = "float64"
    data = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    file = "basis.parquet"               # optional: then the hash is checked
""",
    ),
    "E084": (
        "Log that a run cannot be computed from",
        """
Where values are declared `logged()`, they and the parameters determine every other value, on every bar: otherwise a recorded run can be
looked at but not replayed.

    capped: Annotated[float, logged()] = min(basis, 10.0)    # wrong, alone: the basis is lost
    def guard(basis: Annotated[float, logged()]) -> bool:    # right: log what comes in
""",
    ),
    "E085": (
        "Orders that cannot be told apart",
        """
A result declared `sink(key="order_id")` acts, and may be sent twice. The key by which repeats are known is another result of the lane: a
whole number that depends on an input or on a state.

    class Order:
        size: Annotated[float, sink(key="order_id")]         # wrong, alone
        order_id: int                                        # right: with it
""",
    ),
    "W020": (
        "Silence without a reason",
        """
A comment that silences a check says why, for whoever reads it next. Without a reason it silences nothing.

    lev = p.ceiling * 8.25               # dagc: allow W004                                      (wrong)
    lev = p.ceiling * 8.25               # dagc: allow W004 the venue's own constant, circular 12    (right)
""",
    ),
    "W021": (
        "Nothing to silence",
        """
A comment silences a code that was not found at its line: the code was mended, or the comment stands one line off. Only remarks and
claims can be silenced; other errors have to be mended.

    lev = p.ceiling * strength           # dagc: allow W004 historical       (wrong: there is no number)
""",
    ),
    "W022": (
        "Floor above the cap",
        """
In max(floor, min(x, cap)) the floor has the last word. Where the cap can be below it, the result is above the cap.

    return max(p.floor, min(raw, cap))       # wrong, where cap may be 0.0 and the floor 0.5
    return min(cap, max(raw, p.floor))       # right: the cap holds
""",
    ),
    "W023": (
        "NaN becomes a number",
        """
max(0.5, x) is 0.5 where x is NaN: a broken input turns into an ordinary size. max(x, 0.5) is NaN there.

    return max(p.floor, raw)                         # wrong, where raw may be NaN
    return max(raw, p.floor)                         # right: what reads it sees NaN
    return max(p.floor, raw) if raw == raw else 0.0  # right: asked first
""",
    ),
    "W024": (
        "Read while it is cold",
        """
A value carried with `warm_up=` goes into a result, and nobody asks on the way whether it is warm.

    level = carry(initial=x, warm_up=20)
    return x - level                                 # wrong
    return x - level if warm(level) else 0.0         # right
    return Residual(x - level, warm(level))          # right: the caller is told
""",
    ),
    "W025": (
        "Order that asks no gate",
        """
A result is a `sink(...)`, and the lane asks no hard gate at all, though its file has lanes that are hard gates.

    @lane
    def family_live(blocked: bool) -> Annotated[bool, gate("hard")]: ...

    enter = signal                           # wrong: the block list is there and nobody asks it
    enter = signal and family_live(blocked)  # right
    enter: Annotated[bool, sink(key=None, gate=None)]                  # right, where it needs none
    enter: Annotated[bool, sink(key=None, gate="family_live")]         # better: now it is an error not to ask
""",
    ),
}
