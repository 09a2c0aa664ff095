"""The codes of remarks: the program is valid, but perhaps not what was intended."""

from __future__ import annotations

#: code -> (title, explanation with a wrong and a right example).
REMARK_CODES: dict[str, tuple[str, str]] = {
    "W001": (
        "Parameter never used",
        """
No output and no carried value depends on this parameter, so tuning it has no effect.

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
A formula contains a number other than zero and the powers of two and ten. A name says what it is and where it comes from; a
parameter can be tuned and tapped.

    lev = 8.25 * strength                # wrong
    lev = p.ceiling * strength           # right
""",
    ),
    "W005": (
        "Equality of computed floats",
        """
Two floats that were computed in different ways are seldom equal to the last bit, even if the formulas agree on paper.

    if a * b == c:                       # wrong
    if abs(a * b - c) <= p.slack:        # right
""",
    ),
    "W006": (
        "Default of an input",
        """
Every row supplies every input, in every backend. A default in its declaration only takes effect when the lane is called on numbers.

    def sized(x: float, scale: float = 2.0) -> float: ...    # wrong: no row uses the 2.0
    def sized(x: float, p: Sizing) -> float: ...             # right: `scale` is a field of a @params class
""",
    ),
}
