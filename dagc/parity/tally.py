"""Counting: how many rows agree to the bit, and how far the others are apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dag.values.types import Kind, Type
from dag.values.words import Words, column_of_words
from dagc.parity.asking import Mask, OracleAnswers

#: The quantiles of the ratio that a report shows.
QUANTILES = (0.0, 0.01, 0.25, 0.5, 0.75, 0.99, 1.0)


@dataclass
class ParityTally:
    """Rows compared and rows that agree in every output; per output the rows that differ, their ratios and distances."""

    types: Mapping[str, Type]
    rows: int = 0
    rejected: int = 0
    matched: int = 0
    odd: int = 0
    first_odd: str = ""
    differ: dict[str, int] = field(default_factory=dict[str, int])
    furthest: dict[str, int] = field(default_factory=dict[str, int])
    _ratios: dict[str, list[NDArray[np.float64]]] = field(default_factory=dict[str, list[NDArray[np.float64]]])

    def add(self, lane: Mapping[str, Words], answers: OracleAnswers, accepted: Mask) -> Mask:
        """Count one batch; returns where the two differ [bars, instances]."""
        wrong = differing(lane, answers, accepted)
        for name in answered(answers):
            here = accepted & answers.there[name] & (lane[name] != answers.words[name])
            self.differ[name] = self.differ.get(name, 0) + int(np.count_nonzero(here))
            if self.types[name].is_float:
                self._measure(name, lane[name], answers.words[name], accepted & answers.there[name], here)
        self.odd += len(answers.odd)
        self.first_odd = self.first_odd or next(iter(answers.odd.values()), "")
        self.rows += int(np.count_nonzero(accepted))
        self.rejected += int(accepted.size - np.count_nonzero(accepted))
        self.matched += int(np.count_nonzero(accepted & ~wrong))
        return wrong

    def ratio_quantiles(self, name: str) -> dict[float, float]:
        """Quantiles of lane / oracle over the rows where both are finite and the oracle is no zero; none where there is none."""
        values = np.concatenate(self._ratios.get(name, [np.empty(0)]))
        if not values.size:
            return {}
        found = np.quantile(values, QUANTILES, method="nearest")
        return dict(zip(QUANTILES, found.tolist(), strict=True))

    def _measure(self, name: str, lane: Words, oracle: Words, known: Mask, differ: Mask) -> None:
        type_ = self.types[name]
        ours = column_of_words(lane[known], type_).astype(np.float64)
        theirs = column_of_words(oracle[known], type_).astype(np.float64)
        usable = np.isfinite(ours) & np.isfinite(theirs) & (theirs != 0.0)
        with np.errstate(over="ignore", under="ignore"):
            self._ratios.setdefault(name, []).append(ours[usable] / theirs[usable])
        if type_.kind is Kind.F64 and differ.any():
            far = ulps(lane[differ], oracle[differ])
            self.furthest[name] = max(self.furthest.get(name, 0), far)


def answered(answers: OracleAnswers) -> list[str]:
    """The outputs that the user's code answers at all."""
    return [name for name, there in answers.there.items() if there.any()]


def differing(lane: Mapping[str, Words], answers: OracleAnswers, accepted: Mask) -> Mask:
    """Where any output differs, or the user's code has no proper answer."""
    wrong = np.zeros(accepted.shape, np.bool_)
    for name in answered(answers):
        wrong |= accepted & answers.there[name] & (lane[name] != answers.words[name])
    for place in answers.odd:
        wrong[place] = True
    return wrong


def ulps(a: Words, b: Words) -> int:
    """The furthest that two binary64 columns are apart, in representable numbers between; NaNs are left out."""
    x, y = a.view(np.float64), b.view(np.float64)
    known = ~(np.isnan(x) | np.isnan(y))
    apart = [abs(_place(int(p)) - _place(int(q))) for p, q in zip(a[known], b[known], strict=True)]
    return max(apart, default=0)


def _place(word: int) -> int:
    """The place of a float on the line of all floats; the two zeros share theirs."""
    return word if word < 1 << 63 else (1 << 63) - word
