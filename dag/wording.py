"""Numbers with what they count, in messages."""

from __future__ import annotations


def counted(number: int, what: str, many: str = "") -> str:
    """`1 row`, `2 rows`, `1,024 rows`; `many` where the plural is no `s` behind it."""
    return f"{number:,} {what if number == 1 else many or f'{what}s'}"
