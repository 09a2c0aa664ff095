"""The codes of claims that do not hold, and of the remarks that go with them; `dag.diagnostics.codes` has all codes."""

from __future__ import annotations

#: code -> (title, explanation with a wrong and a right example).
CLAIM_CODES: dict[str, tuple[str, str]] = {
    "E070": (
        "Opposite orientations meet",
        """
`oriented("clob_minus_amm")` declares the direction of a difference. It propagates through sums, choices, states and factors of
known sign; negation reverses it; a difference of inputs from two feeds has the direction in which it is written.

    Residual = Annotated[float, unit("bps"), oriented("clob_minus_amm")]

    def residual(clob: Annotated[float, feed("clob")], amm: Annotated[float, feed("amm")]) -> Residual:
        return amm - clob                # wrong: amm_minus_clob
        return clob - amm                # right
""",
    ),
    "E071": (
        "Capped value observed",
        """
`observes("raw")` on an argument or variable refuses every value with a clamp upstream: a min, a max, or an equivalent choice, at
this bar or, through a state, at an earlier one. Whatever a clamp cuts off is lost for everything downstream.

    def history(x: Annotated[float, observes("raw")]) -> float: ...

    capped = min(max(basis, -10.0), 10.0)
    history(capped)                      # wrong: never sees more than 10
    history(basis)                       # right: cap what is traded, observe the raw value
""",
    ),
    "E072": (
        "Independent values share a feed",
        """
Arguments of one lane declared `independent("signals")` must not share a feed, neither in what they are computed from nor through
their states. The feed of an input is the name in `feed("binance")`, otherwise the input itself.

    def combine(a: Annotated[float, independent("signals")], b: Annotated[float, independent("signals")]) -> float: ...

    combine(momentum(mid), reversal(mid))        # wrong: two opinions from one source
    combine(momentum(mid), sentiment(news))      # right
""",
    ),
    "E073": (
        "Fused values share a feed",
        """
`fuses("forecasts")` is `independent(...)` for lanes that weigh estimates: a feed behind two of them would count twice and make the
result look more certain than it is. A lane that accounts for this names the argument with the covariance, and uses it.

    def fuse(a: Forecast, b: Forecast) -> float: ...                   # wrong, if both have seen the same station
    Forecast = Annotated[float, fuses("forecasts")]

    Forecast = Annotated[float, fuses("forecasts", covariance="rho")]  # right
    def fuse(a: Forecast, b: Forecast, rho: float) -> float: ...
""",
    ),
    "E074": (
        "Undeclared substitution of a feed",
        """
A choice replaces the value of one `feed(...)` by that of another. Whatever reads it takes it for the first, so the substitution must
be declared: `substitute()` on the result, which then counts as coming from both. A choice made with a mask counts too.

    mid = primary if present else backup                                 # wrong
    mid = present * primary + (1 - present) * backup                     # wrong, where present is an int that is 0 or 1
    mid: Annotated[float, substitute()] = primary if present else backup # right
""",
    ),
    "E075": (
        "Gate that can be bypassed",
        """
Where a `gate("hard")` bool is false, every result that is a `sink(...)` must equal its safe value, whatever else is true. This is
proved from the ands, ors, nots and choices of the graph; the message names conditions under which the sink still acts.

    Allowed = Annotated[bool, gate("hard")]

    enter = (allowed and signal) or forced       # wrong: forced bypasses the gate
    enter = allowed and (signal or forced)       # right

A sink can name its gate, `sink(key="order_id", gate="family_live")`: then a lane that does not ask it at all is refused.
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
    notional = lev * capital * (1.0 if inside else cut)    # right, if lev contains it only when inside
""",
    ),
    "E077": (
        "Raised after its ceiling",
        """
A value declared `ceiling()` must not be raised before it reaches a result of the same unit. The minimum with anything, a choice among
values that are at most the ceiling, zero, and factors between 0 and 1 are fine; anything that may raise it must come earlier, or be
clamped again with the same bound.

    lev: Annotated[Leverage, ceiling()] = min(raw, cap)
    return lev * boost                   # wrong, where boost may be above 1
    return min(lev * boost, cap)         # right
""",
    ),
    "E078": (
        "Used without a check of its age",
        """
A value declared `max_age(300.0, age="quote_age")` must not reach a result or a state unless a condition on the way depends on that
age; where the age is compared, the bound must be at most the declared one. `age` names the argument or field beside it: an age in the
same unit of time, or a bool that is true of a fresh value.

    return quote - mid                                       # wrong
    return quote - mid if quote_age <= 300.0 else 0.0        # right
""",
    ),
    "E079": (
        "Lane call never read",
        """
No result depends on anything that this call returns, at this bar or a later one, although it is computed on every bar. A caller need
not use every result: what the enclosing lane or function returns counts as read, and so do the arguments of a slot.

    gamma = blended_gamma(regime, p)
    return p.gamma * inventory                                           # wrong
    return gamma * inventory                                             # right
    gamma: Annotated[float, diagnostic()] = blended_gamma(regime, p)     # right: for inspection only
""",
    ),
    "E080": (
        "Parameter left to its default",
        """
In a deployed graph every parameter is pinned: a default is where its author started, and two callers may have two different ones.

    dagc build sizer.py:size -o live --pins live.toml       # wrong, if live.toml does not mention `ceiling`
    ceiling = 8.0                                           # right: a line of live.toml
""",
    ),
    "E081": (
        "Parameter written twice",
        """
Two writers pin one parameter, equally or not, or a deployed bundle is bound with other parameters. Which of them counted would depend
on their order.

    dagc build sizer.py:size -o live --pins base.toml --pins caps.toml      # wrong, if both set `ceiling`

    kernel = dagc.load("live")
    kernel.bind(Sizer(ceiling=5.0))      # wrong: it was deployed with its pins
    kernel.bind()                        # right
""",
    ),
    "E082": (
        "Calibration without its origin",
        """
A parameter declared `calibrated()` is pinned together with its origin: the method, the number format of the computation, which must be
the parameter's own, and the SHA-256 of the data.

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
        "Log that cannot reproduce a run",
        """
If any values are declared `logged()`, they and the parameters must determine every other value on every bar: otherwise a recorded run
can be inspected but not replayed.

    capped: Annotated[float, logged()] = min(basis, 10.0)    # wrong, alone: the basis is lost
    def guard(basis: Annotated[float, logged()]) -> bool:    # right: log what comes in
""",
    ),
    "E085": (
        "Orders that cannot be distinguished",
        """
A result declared `sink(key="order_id")` acts, and may be sent twice. The key that identifies repeats is another result of the lane: an
integer that depends on an input or on a state.

    class Order:
        size: Annotated[float, sink(key="order_id")]         # wrong, alone
        order_id: int                                        # right: with it
""",
    ),
    "W020": (
        "Silence without a reason",
        """
A comment that silences a check must say why, for its next reader. Without a reason it silences nothing.

    lev = p.ceiling * 8.25               # dagc: allow W004                                      (wrong)
    lev = p.ceiling * 8.25               # dagc: allow W004 the venue's own constant, circular 12    (right)
""",
    ),
    "W021": (
        "Nothing to silence",
        """
A comment silences a code that was not found on its line: the code was fixed, or the comment is on the wrong line. Only remarks and
claims can be silenced; other errors must be fixed.

    lev = p.ceiling * strength           # dagc: allow W004 historical       (wrong: there is no number)
""",
    ),
    "W022": (
        "Floor above the cap",
        """
In max(floor, min(x, cap)) the floor wins. If the cap can be below it, the result exceeds the cap.

    return max(p.floor, min(raw, cap))       # wrong, where cap may be 0.0 and the floor 0.5
    return min(cap, max(raw, p.floor))       # right: the cap holds
""",
    ),
    "W023": (
        "NaN becomes a number",
        """
max(0.5, x) is 0.5 when x is NaN: a broken input turns into an ordinary size. max(x, 0.5) is NaN then.

    return max(p.floor, raw)                         # wrong, where raw may be NaN
    return max(raw, p.floor)                         # right: its readers see NaN
    return max(p.floor, raw) if raw == raw else 0.0  # right: checked first
""",
    ),
    "W024": (
        "Read before it is warm",
        """
A value carried with `warm_up=` reaches a result without a check whether it is warm.

    level = carry(initial=x, warm_up=20)
    return x - level                                 # wrong
    return x - level if warm(level) else 0.0         # right
    return Residual(x - level, warm(level))          # right: the caller is told
""",
    ),
    "W025": (
        "Sink without a gate",
        """
A result is a `sink(...)`, and the lane asks no hard gate at all, although its file has lanes that are hard gates.

    @lane
    def family_live(blocked: bool) -> Annotated[bool, gate("hard")]: ...

    enter = signal                           # wrong: the block list exists but is not asked
    enter = signal and family_live(blocked)  # right
    enter: Annotated[bool, sink(key=None, gate=None)]                  # right, where it needs none
    enter: Annotated[bool, sink(key=None, gate="family_live")]         # better: not asking is now an error
""",
    ),
}
