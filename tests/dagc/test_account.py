"""`dagc replay --report`: the account of a replay is what its trades add up to, and a browser shows it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

from compile.c.backend import C
from compile.pipeline import prepare
from dag.graphs.graph import Graph
from dag.trace import trace
from dagc import as_unit, carry, domain, lane
from dagc.account import ledger as ledgers
from dagc.account.ledger import Curve, Ledger, NoAccount, account_of
from dagc.binding.parameters import bound_values
from dagc.replay.run import ReplayOptions, replay
from lanes.accounting.equity import Account, equity
from lanes.accounting.equity import Ledger as Kept
from lanes.units import Pnl
from tests.support.command_line import dagc
from tests.support.replays import bundle_of

START = 1_000.0


@dataclass(frozen=True)
class Book:
    """What the lane under test returns."""

    money: Pnl
    closed: int


@lane
def book(pnl: Annotated[float, domain(-500.0, 500.0)], close: bool, account: Account) -> Book:
    """An account that sees the trades that are closed."""
    nothing = Kept(account.c0, account.c0, 0.0, as_unit(0.0, "usd"), as_unit(0.0, "usd"), 0, 0)
    kept = equity(as_unit(pnl, "usd"), account, when=close, initial=nothing)
    return Book(kept.eq, kept.trades)


@lane
def plain(pnl: Annotated[float, domain(-500.0, 500.0)]) -> Pnl:
    """An account of one's own: a balance, and no count of trades."""
    balance = carry(initial=as_unit(START, "usd"))
    balance = balance + as_unit(pnl, "usd")
    return balance


def rows(bars: int, seed: int = 3) -> dict[str, Any]:
    """Profits, some of them outside of their domain, and whether a trade is closed."""
    rng = np.random.default_rng(seed)
    pnl = np.where(rng.random(bars) < 0.05, np.nan, rng.normal(2.0, 60.0, bars).clip(-500.0, 500.0))
    pnl[:6] = np.nan
    close = rng.random(bars) < 0.3
    close[6] = False
    return {"pnl": pnl, "close": close}


def file_of(columns: dict[str, Any], path: Path) -> Path:
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n")
    return path


def expected(columns: dict[str, Any]) -> tuple[list[float], list[tuple[int, float, float]]]:
    """The equity after each bar and the trades, from what an account is: a closed trade that is not rejected moves it."""
    money, curve, trades = START, [], []
    for bar, (pnl, close) in enumerate(zip(columns["pnl"].tolist(), columns["close"].tolist(), strict=True)):
        if close and pnl == pnl:
            trades.append((bar, (money + pnl) - money, money + pnl))
            money = money + pnl
        curve.append(money)
    return curve, trades


def collected(graph: Graph, data: Path, chunk: int = 1 << 21, **names: str) -> Ledger:
    ledger = Ledger(graph, account_of(graph, **names))
    c, params = C(), {"c0": START} if graph.params else {}
    options = ReplayOptions(data, bound_values(graph, params), watched=ledger.nodes)
    replay(graph, c.load(graph, c.lower(graph)), options, chunk_values=chunk, watch=ledger.update)
    return ledger


def test_it_is_what_its_trades_add_up_to(tmp_path: Path) -> None:
    columns = rows(500)
    curve, trades = expected(columns)
    ledger = collected(prepare(trace(book)), file_of(columns, tmp_path / "rows.csv"))
    assert [(each.bar, each.pnl, each.equity) for each in ledger.trades] == trades
    assert len(trades) > 100
    assert (ledger.equity.last, ledger.equity.stretch, ledger.last) == (curve, 1, curve[-1])
    peaks = np.maximum.accumulate(curve)
    drawdown = (peaks - curve) / peaks
    assert (ledger.worst, ledger.worst_bar) == (drawdown.max(), int(drawdown.argmax()))


@pytest.mark.parametrize("chunk", [4, 64, 1 << 12])
def test_chunks_do_not_change_it(chunk: int, tmp_path: Path) -> None:
    data = file_of(rows(300), tmp_path / "rows.csv")
    graph = prepare(trace(book))
    assert collected(graph, data, chunk) == collected(graph, data)


def test_what_a_trade_on_the_first_bar_brought_is_unknown(tmp_path: Path) -> None:
    columns = {"pnl": np.array([np.nan, 5.0, 7.0]), "close": np.array([True, True, True])}
    ledger = collected(prepare(trace(book)), file_of(columns, tmp_path / "rows.csv"))
    assert [(each.bar, str(each.pnl), each.equity) for each in ledger.trades] == [
        (1, "nan", 1005.0),
        (2, "7.0", 1012.0),
    ]
    assert ledger.equity.last == [1005.0, 1005.0, 1012.0]


def test_names_find_it_where_the_lane_does_not(tmp_path: Path) -> None:
    columns = rows(300) | {"close": np.ones(300, bool)}
    data, graph = file_of(columns, tmp_path / "rows.csv"), prepare(trace(plain))
    with pytest.raises(NoAccount, match=r"no variable is the result of `equity`(.|\n)*--equity NAME"):
        account_of(graph)
    ledger = collected(graph, data, equity="balance")
    curve, trades = expected(columns)
    found = [(each.bar, each.equity) for each in ledger.trades]
    assert found == [(bar, money) for bar, _, money in trades[1:]], "what came before the first bar is unknown"
    assert ledger.last == curve[-1]
    with pytest.raises(NoAccount, match="expected an int, got f64"):
        account_of(graph, "balance", "balance")


def test_a_long_curve_keeps_the_least_the_greatest_and_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "MOST_STRETCHES", 8)
    values = np.random.default_rng(0).normal(size=77)
    curve = Curve()
    for first in range(0, 77, 5):
        curve.extend(values[first : first + 5])
    assert curve.stretch == 16
    pieces = [values[first : first + 16] for first in range(0, 77, 16)]
    assert curve.low == [piece.min() for piece in pieces]
    assert curve.high == [piece.max() for piece in pieces]
    assert curve.last == [piece[-1] for piece in pieces]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("account")
    bundle_of(prepare(trace(book)), folder / "book", "c")
    file_of(rows(2_000), folder / "rows.csv")
    return folder


def test_the_command_writes_a_page(written: Path) -> None:
    report = written / "new" / "account.html"
    said = dagc(
        "replay",
        written / "book",
        "--data",
        written / "rows.csv",
        "--report",
        report,
        "--param",
        "c0=1000.0",
        cwd=written,
    )
    assert said.returncode == 0, said.stderr
    _, trades = expected(rows(2_000))
    assert f"wrote {report}: {len(trades):,} trades" in said.stderr
    (found,) = re.findall(r'id="contents">(.*?)</script>', report.read_text(), re.DOTALL)
    held = json.loads(found)
    assert [tuple(each) for each in held["trades"]] == trades
    assert ["trades", len(trades), "count"] in held["summary"]
    assert "http:" not in re.sub(r"<script>.*?</script>", "", report.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--equity", "money"), "add --report FILE.html"),
        (("--report", "x.html", "-o", "folder"), "a report is of all bars"),
        (("--report", "x.html", "--equity", "monny"), "no value is called `monny`"),
    ],
)
def test_what_cannot_be_is_refused(arguments: tuple[str, ...], says: str, written: Path) -> None:
    said = dagc("replay", written / "book", "--data", written / "rows.csv", *arguments, cwd=written)
    assert said.returncode == 2
    assert says in said.stderr
    assert not (written / "x.html").exists()


@pytest.fixture
def shown(written: Path) -> Iterator[Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    report = written / "page.html"
    dagc(
        "replay",
        written / "book",
        "--data",
        written / "rows.csv",
        "--report",
        report,
        "--param",
        "c0=1000.0",
        cwd=written,
    )
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page, said = browser.new_page(viewport={"width": 390, "height": 800}), list[str]()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(report.as_uri())
        yield page
        assert said == []
        browser.close()


def test_a_browser_shows_the_trades_in_any_order(shown: Any) -> None:
    _, trades = expected(rows(2_000))
    assert shown.locator("canvas").count() == 2
    assert shown.inner_text("#page") == f"1 to 100 of {len(trades)}"
    shown.select_option("#order", "worst")
    bar, pnl, _ = min(trades, key=lambda each: each[1])
    cells = shown.locator("#trades tbody tr:first-child td").all_inner_texts()
    assert (cells[1], cells[2]) == (f"{bar:,}", f"{pnl:,.2f} usd")
    shown.click("#on")
    assert shown.inner_text("#page").startswith("101 to 200")
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
