"""The page of an account: what it comes to, its equity and drawdown over the bars, and its trades. One file, no network."""

from __future__ import annotations

import re
from dataclasses import asdict
from html import escape
from importlib.resources import files
from typing import Any

from dagc.account.ledger import Curve, Ledger, Trade
from dagc.page.page import embedded
from dagc.replay.rejections import rejection_text
from dagc.replay.run import ReplayResult


def account_page(found: ReplayResult, ledger: Ledger, data: str) -> str:
    """The HTML of the account that `ledger` has collected over the bars of a replay."""
    shared = files("dagc.page") / "static"
    own = files("dagc.account") / "static"
    parts = {
        "TITLE": escape(found.graph.name),
        "UPLOT_STYLE": (shared / "uPlot.min.css").read_text(encoding="utf-8"),
        "STYLE": (shared / "page.css").read_text(encoding="utf-8"),
        "CONTENTS": embedded(contents(found, ledger, data)),
        "UPLOT": (shared / "uPlot.iife.min.js").read_text(encoding="utf-8"),
        "SCRIPT": (own / "account.js").read_text(encoding="utf-8"),
    }
    text = (own / "account.html").read_text(encoding="utf-8")
    return re.sub(r"@([A-Z_]+)@", lambda each: parts[each[1]], text)


def contents(found: ReplayResult, ledger: Ledger, data: str) -> dict[str, Any]:
    """Everything but the markup, as JSON values; a number that is not finite is its word."""
    return {
        "name": found.graph.name,
        "graph": found.graph.content_hash,
        "data": data,
        "bars": found.bars,
        "outputs": found.outputs,
        "unit": ledger.account.unit,
        "rejected": [rejection_text(found.graph, each) for each in found.rejections],
        "summary": [[name, _json(value), form] for name, value, form in summary(ledger)],
        "equity": _curve(ledger.equity),
        "drawdown": _curve(ledger.drawdown),
        "trades": [[each.bar, _json(each.pnl), _json(each.equity)] for each in ledger.trades],
    }


def summary(ledger: Ledger) -> list[tuple[str, float, str]]:
    """What the account comes to: a name, a value, and whether it is money, a share, a ratio, a count or a bar."""
    known = [each for each in ledger.trades if each.pnl == each.pnl]
    pnl = [each.pnl for each in known]
    gains, losses = sum(each for each in pnl if each > 0.0), -sum(each for each in pnl if each < 0.0)
    start = ledger.start or 0.0
    rows = [
        ("equity after the first bar", start, "money"),
        ("equity after the last bar", ledger.last, "money"),
        ("return", _ratio(ledger.last - start, start), "share"),
        ("worst drawdown, bar by bar", ledger.worst, "share"),
        ("its bar", ledger.worst_bar, "bar"),
        ("trades", len(ledger.trades), "count"),
    ]
    if pnl:
        best, worst = max(known, key=_pnl), min(known, key=_pnl)
        rows += [
            ("winning trades", _ratio(sum(each > 0.0 for each in pnl), len(pnl)), "share"),
            ("gains by losses", _ratio(gains, losses), "ratio"),
            ("mean of a trade", sum(pnl) / len(pnl), "money"),
            ("best trade", best.pnl, "money"),
            ("worst trade", worst.pnl, "money"),
        ]
    return rows


def _pnl(trade: Trade) -> float:
    return trade.pnl


def _ratio(a: float, b: float) -> float:
    return a / b if b else float("nan") if not a else float("inf")


def _curve(curve: Curve) -> dict[str, Any]:
    made = asdict(curve)
    return {name: [_json(each) for each in value] if isinstance(value, list) else value for name, value in made.items()}


def _json(value: float) -> float | str:
    return value if value - value == 0.0 else str(value)
