"""The shapes of six signals, as many as the market maker had."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import domain

SIGNALS = 6
#: One number for each signal.
Row: TypeAlias = tuple[float, float, float, float, float, float]
#: One number for each pair of signals.
Matrix: TypeAlias = tuple[Row, Row, Row, Row, Row, Row]

Correlation: TypeAlias = Annotated[float, domain(-1.0, 1.0)]
CorrelationRow: TypeAlias = tuple[Correlation, Correlation, Correlation, Correlation, Correlation, Correlation]
#: The correlation of each pair of signals.
Correlations: TypeAlias = tuple[
    CorrelationRow, CorrelationRow, CorrelationRow, CorrelationRow, CorrelationRow, CorrelationRow
]
