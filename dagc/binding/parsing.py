"""Values as text: what a user writes in a CSV or on the command line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dag.values.types import Kind, Type, Value
from dag.values.words import Column, column_dtype, round_f32


def parse_value(text: str, type_: Type) -> Value:
    """The value that a user wrote; raises ValueError when it is not one of the type."""
    match type_.kind:
        case Kind.F64:
            return float(text)
        case Kind.F32:
            return round_f32(float(text))
        case Kind.I64:
            return _word(int(text))
        case Kind.I32:
            return _word(int(text), 32)
        case Kind.BOOL:
            known = {"true": True, "1": True, "false": False, "0": False}
            if text.lower() not in known:
                raise ValueError(text)
            return known[text.lower()]
        case Kind.ENUM:
            assert type_.members is not None
            codes = dict(type_.members.codes)
            return codes[text] if text in codes else _word(int(text))


def parse_column(texts: Sequence[str], type_: Type) -> Column:
    """`parse_value` of each text; raises ValueError when one is wrong."""
    if type_.kind is Kind.F64:  # many a column is nothing else: one call each
        return np.fromiter(map(float, texts), np.float64, len(texts))
    seen: dict[str, Value] = {}
    for text in texts:
        if text not in seen:
            seen[text] = parse_value(text, type_)
    return np.fromiter((seen[text] for text in texts), column_dtype(type_), len(texts))


def _word(number: int, bits: int = 64) -> int:
    """`number` if it fits so many bits; raises ValueError."""
    if not -(1 << (bits - 1)) <= number < 1 << (bits - 1):
        raise ValueError(f"{number} does not fit {bits} bits")
    return number
