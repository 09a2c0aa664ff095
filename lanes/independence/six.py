"""The shapes of six signals, as many as the market maker had."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import domain

SIGNALS = 6
#: One number for each signal.
Row: TypeAlias = tuple[float, float, float, float, float, float]
#: One number for each pair of signals.
Matrix: TypeAlias = tuple[Row, Row, Row, Row, Row, Row]


def as_row(values: tuple[float, ...]) -> Row:
    """Six values as a row."""
    return values[0], values[1], values[2], values[3], values[4], values[5]


Correlation: TypeAlias = Annotated[float, domain(-1.0, 1.0)]
CorrelationRow: TypeAlias = tuple[Correlation, Correlation, Correlation, Correlation, Correlation, Correlation]
#: The correlation of each pair of signals.
Correlations: TypeAlias = tuple[
    CorrelationRow, CorrelationRow, CorrelationRow, CorrelationRow, CorrelationRow, CorrelationRow
]
