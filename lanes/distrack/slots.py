"""A tuple as memory: one of its items, chosen by a computed index."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

#: 32 floats.
Slots: TypeAlias = tuple[
    float, float, float, float, float, float, float, float, float, float, float, float, float, float, float, float,
    float, float, float, float, float, float, float, float, float, float, float, float, float, float, float, float,
]  # fmt: skip
#: 32 times nothing.
NO_SLOTS: Slots = (
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
)  # fmt: skip
S = TypeVar("S", bound=tuple[float, ...])


def item_at(items: tuple[float, ...], index: int) -> float:
    """`items[index]`; the first item where there is no such index."""
    found = items[0]
    for k in range(1, len(items)):
        found = items[k] if index == k else found
    return found


def with_item(items: S, index: int, x: float) -> S:
    """`items` with `x` at `index`; unchanged where there is no such index."""
    for k in range(len(items)):
        items = (*items[:k], x if index == k else items[k], *items[k + 1 :])  # type: ignore[assignment]
    return items
