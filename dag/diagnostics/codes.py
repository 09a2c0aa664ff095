"""Every diagnostic's code: its title and what `dagc explain` prints. Codes are never used again for something else."""

from __future__ import annotations

from dag.diagnostics.claim_codes import CLAIM_CODES

#: code -> (title, explanation with a wrong and a right example).
CODES: dict[str, tuple[str, str]] = {
    # --- files ---
    "E001": (
        "Syntax error",
        """
The file is not Python. Nothing of it can be checked until it is.

    def spread(bid: float, ask: float) -> float      # wrong: no colon
    def spread(bid: float, ask: float) -> float:     # right
""",
    ),
    "E002": (
        "Import failed",
        """
Running the file from top to bottom, as Python does on import, raised an exception. Only definitions belong at the top level.

    WEIGHTS = load("weights.json")     # wrong: the file is not there on every machine
    WEIGHTS = (0.2, 0.3, 0.5)          # right
""",
    ),
    "E003": (
        "No such lane",
        """
A lane is named FILE.py:LANE, and LANE is a function of that file decorated with @lane.

    dagc build sizing.py:conviciton -o build     # wrong
    dagc build sizing.py:conviction -o build     # right
""",
    ),
    # --- declarations ---
    "E010": (
        "Missing annotation",
        """
Every argument of a lane and its result say what they are: the type decides the hardware, the unit what may meet.

    @lane
    def double(x):                       # wrong
        return 2.0 * x

    @lane
    def double(x: float) -> float:       # right
        return 2.0 * x
""",
    ),
    "E011": (
        "Unsupported annotation",
        """
Values are float, int, bool, an Enum, or tuples and frozen dataclasses of them, with unit(...) and domain(...) in Annotated.

    def mean(xs: list[float]) -> float:                  # wrong: its length is unknown
    def mean(xs: tuple[float, float]) -> float:          # right
""",
    ),
    "E012": (
        "Unknown unit",
        """
Units are a fixed vocabulary (`dag.operators.units.UNITS`), so that a typing error is not a new unit.

    Price = Annotated[float, unit("prize")]              # wrong
    Price = Annotated[float, unit("px")]                 # right

A new unit is declared once: define_unit("lots", "exchange lots").
""",
    ),
    "E013": (
        "Impossible domain",
        """
No value lies in the domain, or its type has no order, or an end is NaN.

    domain(1.0, 0.0)                     # wrong: empty
    domain(0.0, 1.0)                     # right
    domain(above=0.0)                    # right: every positive number
""",
    ),
    "E014": (
        "Default that does not fit",
        """
The default of a parameter, or the safe value of a result, has another type or lies outside the declared domain.

    share: Annotated[float, domain(0.0, 1.0)] = 20.0     # wrong
    share: Annotated[float, domain(0.0, 1.0)] = 0.2      # right
""",
    ),
    "E015": (
        "Name clash",
        """
Two lanes of one file have the same name, or one name is carried twice in a lane: nobody could say which is meant. Any other
two values may share a name; taps, columns and emitted code tell them apart by the lane call, the argument or a number.

    level = carry(initial=x)
    level = carry(initial=0.0)                           # wrong
    spread = carry(initial=0.0)                          # right
""",
    ),
    "E016": (
        "Cycle of lanes",
        """
A lane calls itself, directly or through others. A graph has no call stack: the chain would never end.

    def total(n: int) -> int:
        return n + total(n - 1)          # wrong

    def total(x: float) -> float:
        sum = carry(initial=0.0)         # right: one step a bar
        sum = sum + x
        return sum
""",
    ),
    "E017": (
        "No source",
        """
dagc reads the source of a lane and of every function it calls. A lambda, or a function typed at a prompt, has none.

    scale = lambda x: 2.0 * x            # wrong
    def scale(x: float) -> float:        # right
        return 2.0 * x
""",
    ),
    # --- names ---
    "E020": (
        "Unknown name",
        """
The name is neither a variable of the lane nor defined in its file.

    return strenght ** 3                 # wrong
    return strength ** 3                 # right
""",
    ),
    "E021": (
        "May be unbound",
        """
The variable has no value on some path that leads here.

    if hot:
        limit = 0.5
    return limit                         # wrong: not hot, no limit

    limit = 1.0                          # right
    if hot:
        limit = 0.5
    return limit
""",
    ),
    "E022": (
        "Undeclared field",
        """
A parameter or field that its class does not declare.

    return p.treshold - x                # wrong
    return p.threshold - x               # right
""",
    ),
    # --- types and units ---
    "E030": (
        "Type mismatch",
        """
A value of another type than the operation, argument or result takes. Integers become floats by themselves, bools nothing.

    return x * (x > 0.0)                 # wrong: a bool is no number
    return x if x > 0.0 else 0.0         # right
""",
    ),
    "E031": (
        "Unit mismatch",
        """
Two values meet whose units differ. Units are nominal: conviction leverage and exchange leverage do not mix, though both are
ratios. A literal takes the unit of what it meets; * and / combine units.

    edge = price + fee_bps                                   # wrong: px + bps
    edge = price + as_unit(price * fee_bps / 1e4, "px")      # right: converted, and said out loud
""",
    ),
    "E033": (
        "No result",
        """
Some path through the lane ends without `return value`.

    if x > 0.0:
        return x                         # wrong: nothing for the rest

    if x > 0.0:
        return x                         # right
    return 0.0
""",
    ),
    "E034": (
        "Arguments do not fit",
        """
A call with too few, too many or unknown arguments. Arguments are written one by one, without * and **.

    clamp(x, 0.0)                        # wrong
    clamp(x, 0.0, 1.0)                   # right
""",
    ),
    "E035": (
        "Not known when the graph is built",
        """
Lengths, indices and loop counts are part of the graph, so they cannot depend on a row or a parameter.

    for i in range(p.window):            # wrong
        total = total + h[i]

    for i in range(7):                   # right: all seven, and a choice
        total = total + (h[i] if i < p.window else 0.0)
""",
    ),
    "E036": (
        "Constant that cannot be",
        """
An expression of literals that Python cannot compute, or whose value fits no 64-bit word; an index outside its tuple.

    return x * (1.0 / 0.0)               # wrong
    return x * math.inf                  # right
""",
    ),
    # --- the subset ---
    "E040": (
        "Unsupported statement",
        """
Bodies are assignments, if / elif / else, for over a known length, and return. Everything runs on every bar.

    while error > 1e-9:                  # wrong: nobody knows how often
        x = step(x)

    for _ in range(8):                   # right
        x = step(x)
""",
    ),
    "E041": (
        "Unsupported expression",
        """
Expressions are arithmetic, comparisons, and / or / not, `a if c else b`, tuples and calls.

    weights = [0.2, 0.8]                 # wrong: a list can change
    weights = (0.2, 0.8)                 # right
""",
    ),
    "E042": (
        "Mutation",
        """
Nothing in a lane changes in place: a value that was tapped stays what it was.

    history[0] = price                   # wrong
    history = (price, *history[1:])      # right
""",
    ),
    "E043": (
        "Call outside the subset",
        """
A lane may call lanes, plain Python functions with source, frozen dataclasses, and a short list of functions that mean the same
on every backend. libm differs between machines; lanes.elementary has exp, log, pow, tanh, sin, erf, ... made of basic
operations.

    return math.exp(x)                   # wrong
    return exp(x)                        # right: from lanes.elementary import exp
""",
    ),
    "E044": (
        "Misplaced carry",
        """
Both arms of an `if` are computed on every bar, and state moves on every bar. A `carry` that Python would reach on some bars only
would mean two things. So it stands at the top of the lane, as `x = carry(initial=...)`; the same goes for calls of such lanes.

    if trading:
        level = carry(initial=x)         # wrong

    level = carry(initial=x)             # right
    level = x if trading else level

    average(x) if trading else 0.0                       # wrong: `average` carries
    average(x, when=trading, initial=0.0)                # right: it updates while trading, and keeps its last result
""",
    ),
    "E045": (
        "Carried value changes its type",
        """
A carried name ends the bar with the type and length it began with.

    mean = carry(initial=0)              # wrong: an int
    mean = mean + 0.1 * (x - mean)

    mean = carry(initial=0.0)            # right
    mean = mean + 0.1 * (x - mean)
""",
    ),
    "E046": (
        "Lane of another profile",
        """
What becomes of subnormal numbers is said once, by the lane that is built: a lane that counts on their being zeros would give
other numbers inside a lane that keeps them.

    @lane                                # wrong: `smooth` is declared with subnormals="flush"
    def sizer(x: float) -> float:
        return smooth(x)

    @lane(subnormals="flush")            # right
    def sizer(x: float) -> float:
        return smooth(x)

A lane that says nothing goes with the lane that calls it.
""",
    ),
    # --- binding ---
    "E050": (
        "Missing parameter",
        """
A parameter without default must be pinned when the kernel is bound: its author did not want it left to chance.

    kernel.bind(Sizer())                 # wrong, where `ceiling` has no default
    kernel.bind(Sizer(ceiling=8.0))      # right
""",
    ),
    "E051": (
        "Unknown parameter",
        """
A value for a parameter that the graph does not have.

    --param treshold=-0.02               # wrong
    --param threshold=-0.02              # right
""",
    ),
    "E052": (
        "Parameter outside its domain",
        """
A value of another type, or outside the domain that the parameter declares.

    --param share=20                     # wrong, with domain(0.0, 1.0)
    --param share=0.2                    # right
""",
    ),
    # --- values ---
    "E060": (
        "Divisor may be zero",
        """
Inside the declared domains the divisor can be zero, where Python raises and hardware gives an infinity or NaN. What decides is
the range computed for it where the quotient is used: a guard, a narrower domain or a clamp settles it.

    return gain / depth                              # wrong, with depth: domain(0.0, 100.0)
    return gain / depth if depth > 0.0 else 0.0      # right
    return gain / max(depth, 1e-6)                   # right
    return ieee_div(gain, depth)                     # right: the infinity is meant
""",
    ),
    "E061": (
        "Integer divisor may be zero",
        """
Inside the declared domains the divisor of // or % can be zero, where Python raises and the compiled lane would give 0.

    return total // count                            # wrong, with count: domain(0, 100)
    return total // count if count > 0 else 0        # right
    return total // max(count, 1)                    # right
""",
    ),
    "E062": (
        "Integer overflow",
        """
Inside the declared domains the exact result does not fit 64 bits (32 for int32): it would wrap, where Python's integers grow.
A shift by a negative number of places is reported too: Python raises there. So is `<<` by more than 63.
Carried counters that move by at most 127 a bar are fine: no run is 2^56 bars long.

    return price_ticks * lots                        # wrong, where both are any integer
    price_ticks: Annotated[int, domain(0, 10**9)]    # right: their product fits
    return wrapping_mul(seed, MULTIPLIER)            # right: what is left in 64 bits is meant
""",
    ),
    "E063": (
        "No integer for this number",
        """
Inside the declared domains the number can be NaN or beyond 64 bits, where int(x) and round(x) raise in Python or give an integer
that no word holds; compiled they would give 0, or the nearest end.

    return int(size / lot)                           # wrong, where the quotient may be huge
    return int(min(size / lot, 1e9))                 # right
    return round(x) if x == x else 0                 # right, where only NaN is in the way
""",
    ),
    "E064": (
        "Root of a negative number",
        """
Inside the declared domains the argument of sqrt can be negative, where math.sqrt raises and hardware gives NaN.

    return sqrt(mean_square - mean * mean)           # wrong: rounding can take it below zero
    return sqrt(max(mean_square - mean * mean, 0.0)) # right
""",
    ),
    "E065": (
        "Index outside the array",
        """
Inside the declared domains the index can be negative or beyond the end, where Python counts from the end or raises and hardware
reads zero.

    counts = put(counts, n, counts[n] + 1)               # wrong, where n is any integer
    bucket = min(max(n, 0), 63)
    counts = put(counts, bucket, counts[bucket] + 1)     # right, for an array of 64
""",
    ),
    "E066": (
        "libm in a lifted function",
        """
A lifted function calls exp, log, pow or another function of libm, or takes a power that Python leaves to libm. Their last bits
differ between machines, compilers and versions of libm, so no backend can promise to give the same.

    sizer = lift(legacy.sizer)                           # wrong, where its body says s ** 3.0 or math.exp(x)
    sizer = lift(legacy.sizer, libm="dagc")              # right: lanes.elementary's functions stand for libm's

`dagc parity FILE.py:LANE --oracle legacy:sizer` compares the two, and says which call a differing bit comes from.
""",
    ),
    "E068": (
        "Integers that floats do not hold",
        """
Python divides two integers exactly and rounds once, and compares an integer with a float as they are. Compiled, integers become
floats first, which changes nothing up to 2^53; beyond, they may be rounded, and the quotient or the answer be another. Whatever counts bars, by at most two a bar, is fine.

    return volume / bars                                       # wrong, where volume is any integer
    volume: Annotated[int, domain(0, 10**15)]                  # right: below 2^53, which is about 9 * 10**15
    return float(volume) / float(bars)                         # right, where three roundings are meant
    return volume > limit                                      # wrong, where limit is a float; right beside an integer
    return volume // bars                                      # right, where the whole part is meant
""",
    ),
    "E069": (
        "Not to be done with a window",
        """
An expression over a window is computed for all its values at once and ends in a fold: sum_seq, min_seq, max_seq or sum_numpy, each
with what it begins with. Windows are put side by side with zip where they have one length and keep the values of the same
bars.

    total = sum_seq((v for v in past if v > 0.0), 0.0)            # wrong: how many values would that be?
    total = sum_seq((v if v > 0.0 else 0.0 for v in past), 0.0)   # right
    newest = past[-1] if len(past) > 0 else x                     # one value, where it is known to be there
""",
    ),
    "E067": (
        "Lane that does not fit its slot",
        """
A lane that is plugged into a slot takes what the slot hands over, by name, type and unit, and returns what the slot returns. What
else it takes is its own: a `@params` object, or inputs.

    @slot
    def z_leverage_gate(z13: float) -> Mult:
        return 1.0

    @lane
    def by_level(z: float) -> Usd: ...                   # wrong: no z13, and dollars
    @lane
    def by_level(z13: float, p: ByLevel) -> Mult: ...    # right

    dagc build sizing.py:sizing -o build --slot z_leverage_gate=mine.py:by_level
""",
    ),
    # --- remarks: the program means something, but perhaps not what was meant ---
    "W001": (
        "Parameter never used",
        """
No output and no carried value depends on this parameter: tuning it changes nothing.

    return x * p.gain                    # wrong, where p has gain and offset
    return x * p.gain + p.offset         # right, or without the field offset
""",
    ),
    "W002": (
        "Input never used",
        """
No output and no carried value depends on this input, yet every row must supply it, within its domain.

    def mid(bid: float, ask: float, volume: float) -> float: ...    # wrong: volume is not read
    def mid(bid: float, ask: float) -> float: ...                   # right
""",
    ),
    "W003": (
        "Value never used",
        """
A value is computed and named, but no output and no carried value depends on it. It can still be tapped.

    capped = min(raw, ceiling)
    return raw                           # wrong: the cap has no effect
    return capped                        # right
""",
    ),
    "W004": (
        "Unnamed number",
        """
A number other than zero and the powers of two and ten stands in a formula. A name says what it is and where it comes from; a
parameter can be tuned and tapped.

    lev = 8.25 * strength                # wrong
    lev = p.ceiling * strength           # right
""",
    ),
    "W005": (
        "Equality of computed floats",
        """
Two floats that were computed on different ways are seldom equal to the last bit, even where the formulas agree on paper.

    if a * b == c:                       # wrong
    if abs(a * b - c) <= p.slack:        # right
""",
    ),
    "W006": (
        "Default of an input",
        """
An input comes with every row, in every backend. A default in its declaration counts only where the lane is called on numbers.

    def sized(x: float, scale: float = 2.0) -> float: ...    # wrong: no row takes the 2.0
    def sized(x: float, p: Sizing) -> float: ...             # right: `scale` is a field of a @params class
""",
    ),
    # --- claims of annotations, and remarks that go with them ---
    **CLAIM_CODES,
}
