"""What the places of a value along an axis are called outside: `prices[BTC]`, or `prices[7]` where the axis has no labels."""

from __future__ import annotations

from dag.values.types import Type


def place_names(name: str, type_: Type) -> list[str]:
    """The name of each place of a value called `name`; of a single value its own."""
    return [name] if type_.axis is None else [f"{name}[{label}]" for label in type_.axis.labels]


def place_of_name(name: str, type_: Type) -> tuple[str, int | None]:
    """The value's name and the place that `prices[BTC]` means; None of the name alone. Raises KeyError for no place of the axis."""
    stem, bracket, label = name.partition("[")
    if not bracket:
        return name, None
    labels = () if type_.axis is None else type_.axis.labels
    wanted = label.removesuffix("]")
    if not label.endswith("]") or wanted not in labels:
        raise KeyError(name)
    return stem, labels.index(wanted)
