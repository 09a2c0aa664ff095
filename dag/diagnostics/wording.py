"""Numbers with what they count, in messages."""

from __future__ import annotations


def counted(number: int, what: str) -> str:
    """`1 row`, `2 rows`, `1,024 rows`."""
    return f"{number:,} {noun(number, what)}"


def noun(number: int, what: str) -> str:
    """`row`, or `rows` where there are more or none."""
    return what if number == 1 else f"{what}s"
