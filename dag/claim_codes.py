"""The codes of claims that do not hold, and of the remarks that go with them; `dag.diagnostic_codes` has all codes."""

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
}
