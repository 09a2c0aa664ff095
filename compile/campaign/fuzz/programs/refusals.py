"""Which refusals a drawn program may meet: the writers avoid all others, so any other is a right program that was refused."""

from __future__ import annotations

#: Code -> why a writer cannot see it coming.
EXPECTED = {
    "E079": "whether a result depends on a call shows only once constants are folded and equal arms are one",
}


def is_expected(sort: str) -> bool:
    """Whether a finding of this sort is a refusal that the writers do not avoid."""
    word, _, codes = sort.partition(" ")
    return word == "refused" and {*codes.split()} <= {*EXPECTED}
