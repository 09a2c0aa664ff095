"""`dagc report`: every word of a run is in the page, and a browser shows it. What needs Chromium says so where there is none."""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import zlib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import pytest

import dagc
from dag.values.words import Words, words_of_column
from dagc import carry, domain, lane, params, unit
from dagc.debugging.difference.compare import Replay
from dagc.live.run import Run
from dagc.page import columns as page_columns
from dagc.page.contents import Subject
from dagc.page.page import page
from tests.support.command_line import dagc as run_dagc

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
ALONE = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


class Side(Enum):
    FLAT = 0
    LONG = 1
    SHORT = -1


@params
class Sizer:
    most: Annotated[float, domain(0.0, 100.0)] = 5.0


@lane
def pressure(price: Annotated[float, unit("px")]) -> float:
    """How far the price has come since the last bar; </script><script>document.title = "broken"</script>"""
    before = carry(initial=price)
    moved = as_plain(price - before)
    before = price
    return moved


@lane
def as_plain(moved: Annotated[float, unit("px")]) -> float:
    return moved / dagc.as_unit(1.0, "px")


@lane
def size(
    price: Annotated[float, unit("px"), domain(0.0, 1e6)], seen: Annotated[int, domain(lo=0)], p: Sizer
) -> tuple[float, Side, int]:
    """A size towards the last move."""
    push = pressure(price)
    lev = min(max(push * 3.0, -p.most), p.most)
    side = Side.LONG if push > 0.0 else Side.SHORT if push < 0.0 else Side.FLAT
    return lev, side, seen


PRICES = np.array([100.0, 101.0, 101.0, np.nan, 90.0, 1e-320, 90.25])
SEEN = np.array([0, 1, 2, 3, 2**62 + 1, 5, 6])


def run_of(bars: int = 7) -> Run:
    kernel = dagc.compile(size)
    return kernel.run({"price": np.resize(PRICES, bars), "seen": np.resize(SEEN, bars)}, taps=["all"])


def subject_of(run: Run, **more: Any) -> Subject:
    return Subject(run.graph, run.runner, run.batch, params={"most": 5.0}, **more)


def contents_of(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="contents">(.*?)</script>', text, re.DOTALL)
    held: dict[str, Any] = json.loads(found)
    return held


def unpacked(text: str) -> Words:
    planes = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(8, -1)
    return np.ascontiguousarray(planes.T).view(np.uint64).reshape(-1)


def test_every_word_of_a_run_is_in_the_page() -> None:
    run = run_of()
    shown = contents_of(page(subject_of(run)))
    values = {each["name"]: shown["columns"][each["column"]] for each in shown["values"]}
    named = dagc.compile(size).taps.names
    assert {"price", "seen", "most", "status", "result.0", "pressure.before.before", *named} <= set(values)
    for name in (*named, "result.0", "result.1", "result.2", "status"):
        column, held = run[name], values[name]
        words = words_of_column(column, run.graph.types[run.nodes[name]])
        found = np.full(len(words), int(held["same"], 16), np.uint64) if "same" in held else unpacked(held["exact"][0])
        assert found.tolist() == words.tolist(), name


def test_a_long_run_is_exact_around_its_marks_and_bounded_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_columns, "EXACT_WORDS", 1_000)
    run = run_of(3_000)
    held = contents_of(page(subject_of(run, bars=[1_000])))
    assert held["exact"] == [[0, 260], [744, 1257], [2743, 3000]]  # the first rejected bar, the mark, the last bar
    lev = held["columns"][next(each["column"] for each in held["values"] if each["name"] == "result.0")]
    words = words_of_column(run["result.0"], run.graph.types[run.nodes["result.0"]])
    assert unpacked(lev["exact"][1]).tolist() == words[744:1257].tolist()
    low, high = (unpacked(lev[side]).view(np.float64) for side in ("low", "high"))
    edges = np.linspace(0, 3_000, 513).astype(int)
    for stretch, (first, after) in enumerate(itertools.pairwise(edges.tolist())):
        assert (low[stretch], high[stretch]) == (run["result.0"][first:after].min(), run["result.0"][first:after].max())


def test_marked_bars_have_what_mattered_and_conditions_their_bars() -> None:
    run = run_of()
    held = contents_of(page(subject_of(run, bars=[1], conditions=["lev > 2"])))
    assert [each["bar"] for each in held["marks"]] == [1, 3, 6]
    assert held["marks"][0]["why"]["result.0"]["value"] == "3.0"
    assert held["hits"] == [{"condition": "lev > 2", "count": 2, "bars": [1, 6]}]
    assert held["rejected"] == ["1 bar by input `price`, declared [0.0, 1000000.0]: at bar 3, nan"]


def test_another_run_beside_it_parts_where_the_difference_says() -> None:
    kernel = dagc.compile(size)
    bars = {"price": PRICES, "seen": SEEN}
    run, other = kernel.run(bars), kernel.run(bars, params={"most": 2.5})
    held = contents_of(page(subject_of(run, against=Replay(other.graph, other.runner, other.batch))))
    parted, found = held["parted"], other.diff(run)
    assert [(each["value"], each["was"], each["became"], each["cause"]) for each in parted["frontier"]] == [
        ("most", "2.5", "5.0", "parameter")
    ]
    assert [(each["name"], each["first"], each["bars"]) for each in parted["followed"]] == [
        (each.name, each.first, each.bars) for each in found.followed
    ]
    assert {"result.0": 1}.items() <= {each["value"]: each["first"] for each in parted["followed"]}.items()
    assert {0, 1} <= {each["bar"] for each in held["marks"]}
    assert contents_of(page(subject_of(run)))["parted"] is None


def test_a_run_writes_the_page_of_the_command(tmp_path: Path) -> None:
    run_of().report(tmp_path / "run.html", bars=[1], where=["lev > 2"])
    held = contents_of((tmp_path / "run.html").read_text(encoding="utf-8"))
    assert ([each["bar"] for each in held["marks"]], held["params"]) == ([1, 3, 6], [["most", "5.0"]])
    with pytest.raises(IndexError, match="bar 7 is not in the run"):
        run_of().report(tmp_path / "run.html", bars=[7])


def test_the_command_writes_a_page_that_asks_no_network_for_anything(tmp_path: Path) -> None:
    source = "from dagc import lane\n\n@lane\ndef half(x: float) -> float:\n    return x / 2.0\n"
    (tmp_path / "half.py").write_text(source, encoding="utf-8")
    (tmp_path / "bars.csv").write_text("x\n1.0\n3.0\n", encoding="utf-8")
    done = run_dagc("report", "half.py:half", "--data", "bars.csv", "-o", "out/half.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "half.html").read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=", text.split("</style>")[-1].split("<script>")[0].replace('src="data:', ""))
    beside = ("report", "half.py:half", "--data", "bars.csv", "-o", "y.html")
    done = run_dagc(*beside, "--against", "half.py:half", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert contents_of((tmp_path / "y.html").read_text(encoding="utf-8"))["parted"]["frontier"] == []
    alone = run_dagc(*beside, "--param-of-other", "p=1", cwd=tmp_path)
    assert (alone.returncode, "add --against" in alone.stderr) == (2, True)
    outside = run_dagc("report", "half.py:half", "--data", "bars.csv", "-o", "x.html", "--bar", "2", cwd=tmp_path)
    assert outside.returncode == 2
    assert "bar 2 is not in bars.csv, which has bars 0 to 1" in outside.stderr


# --- in a browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ALONE])
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "size.html"
    other = dagc.compile(size).run({"price": PRICES, "seen": SEEN}, params={"most": 2.5})
    against = Replay(other.graph, other.runner, other.batch)
    given = {"bars": [1], "conditions": ["lev > 2"], "claims": ["<b>proved</b>"], "against": against}
    path.write_text(page(subject_of(run_of(), **given)), "utf-8")
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Page]:
    shown = browser.new_page(viewport={"width": 1300, "height": 900})
    said: list[str] = []
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on("request", lambda request: None if request.url.startswith("file:") else said.append(request.url))
    shown.goto(f"{file.as_uri()}#bar=1&value=lev")
    yield shown
    assert said == [], "errors, or something asked of a network"
    shown.close()


def value_of(shown: Page, name: str) -> str:
    row = shown.locator("#rows tr", has=shown.locator(f'button[aria-label="plot {name}"]'))
    return str(row.locator("td.number").inner_text())


def test_values_at_the_bar_are_those_of_the_run_to_the_last_digit(opened: Page) -> None:
    run = run_of()
    for bar in (1, 4, 5, 3):
        opened.fill("#bar", str(bar))
        opened.press("#bar", "Enter")
        opened.wait_for_function("bar => document.getElementById('slider').value === bar", arg=str(bar))
        opened.wait_for_timeout(50)
        assert value_of(opened, "result.0") == repr(float(run["result.0"][bar]))
        assert value_of(opened, "seen") == str(int(np.resize(SEEN, 7)[bar]))
    assert opened.inner_text("#standing").startswith("rejected")
    assert value_of(opened, "price") == "nan"


def test_one_value_has_its_bits_and_what_mattered(opened: Page) -> None:
    opened.click('#rows button[aria-label="plot result.0"] >> xpath=ancestor::tr')
    opened.wait_for_selector("#why li")
    about = opened.inner_text("#about")
    assert "0x4008000000000000" in about
    assert "0x1.8p+1" in about
    assert "pressure" in opened.inner_text("#why")
    assert opened.locator("#picture g.kept").count() > 1
    assert opened.title() == "size", "a docstring is text"
    assert "<b>proved</b>" in opened.inner_text("#claims")


def test_a_number_has_its_waterfall_whose_steps_begin_where_the_last_ended(opened: Page) -> None:
    opened.click('#rows button[aria-label="plot result.0"] >> xpath=ancestor::tr')
    opened.wait_for_selector("#made table")
    assert opened.inner_text("#made p") == "3.0, set by constant, times 3.0"
    rows = [row.locator("td").all_inner_texts() for row in opened.locator("#made tbody tr").all()]
    assert [(row[0], *row[2:5]) for row in rows] == [
        ("push", "", "1.0", ""),
        ("times constant", "3.0", "3.0", "1.0"),
        ("at least lev.3", "-5.0", "the same", "3.0"),
        ("at most most", "5.0", "the same", "3.0"),
    ]
    opened.click("#on")
    opened.wait_for_selector("#made table", state="detached")


def test_another_run_beside_it_leads_to_the_bars_where_they_part(opened: Page) -> None:
    assert opened.inner_text("#differs ul li").startswith("most 2.5 → 5.0 parameter")
    opened.fill("#bar", "6")
    opened.press("#bar", "Enter")
    opened.click("#differs tbody button:has-text('result.0')")
    assert opened.input_value("#bar") == "1"
    opened.wait_for_selector("#made table")
    assert "0x4008000000000000" in opened.inner_text("#about")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_stumbles_over_nothing(opened: Page, scheme: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    opened.emulate_media(color_scheme=scheme)
    opened.wait_for_selector("#made table")
    found = axe.Axe().run(opened)
    assert found.violations_count == 0, found.generate_report()


def test_a_lane_is_opened_searched_and_plotted_by_mouse_and_keyboard(opened: Page) -> None:
    opened.locator("#picture g[data-box]", has_text="pressure").first.click()
    assert "since the last bar" in opened.inner_text("#lane")
    assert opened.locator('#rows button[aria-label="plot pressure.moved"]').count() == 1
    opened.click('#rows button[aria-label="plot pressure.moved"]')
    opened.wait_for_selector('.plot[aria-label="plot of pressure.moved"] canvas')
    opened.keyboard.press("/")
    opened.keyboard.type("SIDE")
    opened.wait_for_function("document.querySelectorAll('#rows tr').length === 1")
    opened.keyboard.press("Escape")
    opened.keyboard.press("]")
    opened.wait_for_function("document.getElementById('bar').value === '6'")
    opened.keyboard.press("ArrowLeft")
    opened.wait_for_function("document.getElementById('bar').value === '5'")
    assert "plot=" in opened.url
    assert "pressure.moved" in opened.url


def test_a_phone_shows_one_pane_at_a_time(browser: Browser, file: Path) -> None:
    shown = browser.new_page(viewport={"width": 390, "height": 800})
    shown.goto(file.as_uri())
    for tab, pane in enumerate(["graph", "values", "detail", "series", "search-pane", "parted", "certificate"]):
        shown.locator("#tabs button").nth(tab).click()
        assert [each.get_attribute("id") for each in shown.locator("main > section:visible").all()] == [pane]
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.close()


def test_everything_that_can_be_pressed_has_a_name(opened: Page) -> None:
    named = "each => each.getAttribute('aria-label') || each.textContent.trim() || each.title || each.closest('label')"
    unnamed = (
        f"[...document.querySelectorAll('button, input, [role=button]')].filter(each => !(({named})(each))).length"
    )
    assert opened.evaluate(unnamed) == 0
