"""The codes of bodies: names, types, units, and what is outside the language."""

from __future__ import annotations

#: code -> (title, explanation with a wrong and a right example).
EXPRESSION_CODES: dict[str, tuple[str, str]] = {
    "E020": (
        "Unknown name",
        """
The name is not a variable of the lane and not defined in its file.

    return strenght ** 3                 # wrong
    return strength ** 3                 # right
""",
    ),
    "E021": (
        "May be unbound",
        """
On some path to this line the variable has no value.

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
The class does not declare this parameter or field.

    return p.treshold - x                # wrong
    return p.threshold - x               # right
""",
    ),
    "E030": (
        "Type mismatch",
        """
The value has a different type from the one that the operation, argument or result takes. Integers convert to floats implicitly; bools
do not convert.

    return x * (x > 0.0)                 # wrong: a bool is not a number
    return x if x > 0.0 else 0.0         # right
""",
    ),
    "E031": (
        "Unit mismatch",
        """
The two values have different units. Units are nominal: conviction leverage and exchange leverage do not mix, though both are
ratios. A literal takes the unit of the value beside it; * and / combine units. A change of unit must be explicit.

    edge = price + fee_bps                                   # wrong: px + bps
    edge = price + as_unit(price * fee_bps / 1e4, "px")      # right: converted explicitly
""",
    ),
    "E033": (
        "No result",
        """
A path through the lane ends without `return value`.

    if x > 0.0:
        return x                         # wrong: no result otherwise

    if x > 0.0:
        return x                         # right
    return 0.0
""",
    ),
    "E034": (
        "Arguments do not fit",
        """
The call has too few, too many or unknown arguments. Arguments are written out one by one, without * and **.

    clamp(x, 0.0)                        # wrong
    clamp(x, 0.0, 1.0)                   # right
""",
    ),
    "E035": (
        "Not known at compile time",
        """
Lengths, indices and loop counts are part of the graph, so they must not depend on a row or a parameter.

    for i in range(p.window):            # wrong
        total = total + h[i]

    for i in range(7):                   # right: all seven, with a choice
        total = total + (h[i] if i < p.window else 0.0)
""",
    ),
    "E036": (
        "Impossible constant",
        """
Python cannot compute this expression of literals, or its value does not fit a 64-bit word, or an index is outside its tuple.

    return x * (1.0 / 0.0)               # wrong
    return x * math.inf                  # right
""",
    ),
    "E040": (
        "Unsupported statement",
        """
Bodies are assignments, if / elif / else, for over a known length, and return. Everything runs on every bar.

    while error > 1e-9:                  # wrong: unknown number of iterations
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
Values in a lane never change in place: a tapped value stays as it was.

    history[0] = price                   # wrong
    history = (price, *history[1:])      # right
""",
    ),
    "E043": (
        "Call outside the subset",
        """
A lane may call lanes, plain Python functions with source, frozen dataclasses, and a short list of functions that mean the same on
every backend. libm differs between machines; lanes.elementary has exp, log, pow, tanh, sin, erf, ... built from basic
operations.

    return math.exp(x)                   # wrong
    return exp(x)                        # right: from lanes.elementary import exp
""",
    ),
    "E044": (
        "Misplaced carry",
        """
Both arms of an `if` are computed on every bar, and state moves on every bar. A `carry` that Python reached on some bars only
would be ambiguous. So it must stand at the top level of the lane, as `x = carry(initial=...)`; the same goes for calls of such lanes.

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
A carried name must end the bar with the type and length it started with.

    mean = carry(initial=0)              # wrong: an int
    mean = mean + 0.1 * (x - mean)

    mean = carry(initial=0.0)            # right
    mean = mean + 0.1 * (x - mean)
""",
    ),
    "E046": (
        "Conflicting subnormal profiles",
        """
The lane that is built decides once what happens to subnormal numbers: a lane that relies on their being flushed to zero would
compute different numbers inside a lane that keeps them.

    @lane                                # wrong: `smooth` is declared with subnormals="flush"
    def sizer(x: float) -> float:
        return smooth(x)

    @lane(subnormals="flush")            # right
    def sizer(x: float) -> float:
        return smooth(x)

A lane that declares nothing follows its caller.
""",
    ),
    "E047": (
        "Misuse of a value along an axis",
        """
A value along an axis is computed with place by place: operators work along one axis or with a single value, and everything else is a
map. Axes are nominal: values along two classes do not meet, however long they are.

    spread = asks - bids                                       # wrong, where they are along two classes
    best = prices if up > down else lows                       # wrong: up and down are values along an axis
    best = Assets(p if u > d else l for p, l, u, d in zip(prices, lows, up, down))       # right

    total = sum_seq((sum_seq((x * y for y in v), 0.0) for x in v), 0.0)   # wrong: the inner loop reads x of the outer one
    total = sum_seq((x / largest for x in v), 0.0)             # right, with largest = max(v)

    kept = Assets(x for x in v if x > 0.0)                     # wrong: an item for each place
    kept = Assets(x if x > 0.0 else 0.0 for x in v)            # right; an `if` belongs in a fold: sum_seq((x for x in v if x > 0.0), 0.0)
""",
    ),
    "E066": (
        "libm in a lifted function",
        """
A lifted function calls exp, log, pow or another libm function, or takes a power that Python leaves to libm. Their last bits
differ between machines, compilers and versions of libm, so no backend can promise the same bits.

    sizer = lift(legacy.sizer)                           # wrong, if its body has s ** 3.0 or math.exp(x)
    sizer = lift(legacy.sizer, libm="dagc")              # right: lanes.elementary replaces libm

`dagc parity FILE.py:LANE --oracle legacy:sizer` compares the two, and says which call a differing bit comes from.
""",
    ),
    "E069": (
        "Unsupported use of a window",
        """
An expression over a window is computed for all its values at once and must end in a fold: sum_seq, min_seq, max_seq or sum_numpy,
each with its start value. Windows of the same length that keep the values of the same bars can be combined with zip.

    total = sum_seq((v for v in past if v > 0.0), 0.0)            # wrong: unknown number of values
    total = sum_seq((v if v > 0.0 else 0.0 for v in past), 0.0)   # right
    newest = past[-1] if len(past) > 0 else x                     # right: one value, known to be there
""",
    ),
}
