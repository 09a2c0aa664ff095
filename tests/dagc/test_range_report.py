"""`dagc inspect --ranges` says what the analysis found, in the user's names."""

from __future__ import annotations

import pytest

from compile.pipeline import prepare
from dag import carry, lane
from dag.trace import trace
from dagc.reporting.ranges import range_report, range_text


@lane
def mean(x: float, on: bool) -> float:
    level = carry(initial=1.0)
    level = level + 0.5 * ((1.0 if on else 3.0) - level)
    tiny = x * 0.5
    bounded = max(x, 1.0)
    return level + tiny + bounded


@pytest.mark.parametrize(
    ("tap", "shown", "may_be"),
    [
        ("in_domain.x", "{True}", []),
        ("tiny", "[-8.988465674311579e+307, 8.988465674311579e+307]", ["zero", "negative zero", "subnormal"]),
    ],
)
def test_a_tap_is_described(tap: str, shown: str, may_be: list[str]) -> None:
    found = {each["name"]: each for each in range_report(prepare(trace(mean)))}
    assert found[tap]["range"] == shown
    assert found[tap]["may_be"] == may_be
    assert found[tap]["depends_on"] == ["x"]


def test_the_text_counts_what_is_proved() -> None:
    report = range_report(prepare(trace(mean)))
    text = range_text(report)
    assert "tiny" in text
    numbers = [each for each in report if each["type"] == "f64"]
    safe = [each for each in numbers if "subnormal" not in each["may_be"]]
    assert 0 < len(safe) < len(numbers)
    assert text.endswith(f"{len(safe)} of {len(numbers)} floating-point taps can never be subnormal")
