"""Mending stored rows: what would change, and, where it is asked for, the change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True)
class Change(Generic[R]):
    """A row as it is stored, and as it should be."""

    before: R
    after: R


def mend(
    rows: Iterable[R], mended: Callable[[R], R], write: Callable[[R], object], *, apply: bool = False
) -> list[Change[R]]:
    """The rows that `mended` changes. They are written only with `apply`: without, this is a dry run.

    Before anything is written, every change is mended once more: a rule that would change its own result again does not settle, and
    each run would write. Raises ValueError then, naming the row.
    """
    changes = [Change(row, after) for row in rows if (after := mended(row)) != row]
    for change in changes:
        if mended(change.after) != change.after:
            raise ValueError(f"mend: {change.before!r} becomes {change.after!r}, which would be mended again")
    if apply:
        for change in changes:
            write(change.after)
    return changes
