"""The claims of the library hold in the systems that use it, and each is refused where a system's wiring breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagc.reporting.lint import lint_file

EXAMPLES = Path(__file__).parents[3] / "examples"


def broken(tmp_path: Path, name: str, before: str, after: str) -> list[str]:
    """The codes of the errors that an edited example has."""
    source = (EXAMPLES / f"{name}.py").read_text()
    assert source.count(before) == 1
    file = tmp_path / f"{name}_edited.py"
    file.write_text(source.replace(before, after))
    return [each.code for each in lint_file(file).errors]


WIRINGS = {
    "the forecast is combined with a channel that holds it": (
        "cross_bracket", "(observed.shadow_mu, reading.forecast)", "(observed.live_mu, reading.forecast)", "E073",
    ),
    "a family is traded though it is blocked": (
        "cross_bracket", "action = wanted if live and known", "action = wanted if (live or known) and known", "E075",
    ),
    "a position is opened on a row that the guard rejects": (
        "d_liq_engine", "ok and (wanted.enter or reversal)", "(wanted.enter or reversal)", "E075",
    ),
    "orders are placed after the kill switch": (
        "market_maker_quote", "quoting = quoting_gate(kill) and tier", "quoting = (quoting_gate(kill) or tier == SwingTier.OK) and tier",
        "E075",
    ),
    "a signal is another one once more": (
        "market_maker_quote", "lead_lag=leads.lead_lag + lead_lag()", "lead_lag=leads.lead_lag + depth.log_ratio * p.book_gain", "E072",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wiring", WIRINGS)
def test_a_wiring_that_breaks_a_claim_is_refused(wiring: str, tmp_path: Path) -> None:
    name, before, after, code = WIRINGS[wiring]
    assert code in broken(tmp_path, name, before, after)
