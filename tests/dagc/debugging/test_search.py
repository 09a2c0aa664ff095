"""Conditions over a run: their grammar, what is missing, and every answer against Python's own, bar by bar."""

from __future__ import annotations

import math
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from click.testing import CliRunner

import dagc
from dag import carry, domain, lane, unit
from dagc.cli import main
from dagc.debugging.search.syntax import Call, Lag, Name, Number, SearchProblem, parse
from dagc.live.run import Run


class Mode(Enum):
    CALM = 0
    WILD = 5


@lane
def searched(
    x: Annotated[float, unit("usd"), domain(-100.0, 100.0)], n: int, on: bool, mode: Mode
) -> Annotated[float, unit("usd")]:
    level = carry(initial=0.0)
    level = x if mode == Mode.WILD else level
    twice = x + x
    return twice if on else level


BARS = 400


def data() -> dict[str, Any]:
    rng = np.random.default_rng(5)
    x = np.round(rng.uniform(-3.0, 3.0, BARS), 1)
    x[::17], x[5::29], x[9::31] = np.nan, -0.0, 101.0
    return {"x": x, "n": rng.integers(-3, 4, BARS), "on": rng.random(BARS) < 0.5, "mode": rng.choice([0, 5], BARS)}


@pytest.fixture(scope="module")
def run() -> Run:
    return dagc.compile(searched).run(data(), taps=["twice", "level"])


def rows(run: Run) -> list[dict[str, Any]]:
    """What each bar holds in Python's numbers; None where it is missing."""
    given = data()
    found = []
    for bar in range(BARS):
        rejected = bool(run.rejected[bar])
        row: dict[str, Any] = {name: column[bar].item() for name, column in given.items()}
        row |= {name: None if rejected else run[name][bar].item() for name in ("twice", "level")}
        found.append(row | {"searched": run["searched"][bar].item()})
    return found


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("x > 1", lambda r, k: r[k]["x"] > 1),
        ("x >= 1.5 [usd] and on", lambda r, k: r[k]["x"] >= 1.5 and r[k]["on"]),
        ("twice > x or n == 3", lambda r, k: r[k]["n"] == 3 or (r[k]["twice"] is not None and r[k]["twice"] > r[k]["x"])),
        ("not twice > x", lambda r, k: r[k]["twice"] is not None and not r[k]["twice"] > r[k]["x"]),
        ("not (on or twice > x)", lambda r, k: r[k]["twice"] is not None and not r[k]["on"] and not r[k]["twice"] > r[k]["x"]),
        ("known(twice)", lambda r, k: r[k]["twice"] is not None),
        ("isnan(x)", lambda r, k: math.isnan(r[k]["x"])),
        ("mode == WILD", lambda r, k: r[k]["mode"] == 5),
        ("WILD != mode", lambda r, k: r[k]["mode"] != 5),
        ("-1 < n <= 2", lambda r, k: -1 < r[k]["n"] <= 2),
        ("n * 2 - 1 > n + n / 4", lambda r, k: r[k]["n"] * 2 - 1 > r[k]["n"] + r[k]["n"] / 4),
        ("abs(n) == max(n, 2)", lambda r, k: abs(r[k]["n"]) == max(r[k]["n"], 2)),
        ("min(x, -x) < -2", lambda r, k: (-r[k]["x"] if -r[k]["x"] < r[k]["x"] else r[k]["x"]) < -2),
        ("n @ -2 > n", lambda r, k: k >= 2 and r[k - 2]["n"] > r[k]["n"]),
        ("2 * n @ -1 == 2", lambda r, k: k >= 1 and r[k - 1]["n"] == 1),
        ("not n @ -3 > 0", lambda r, k: k >= 3 and not r[k - 3]["n"] > 0),
        ("word(x) == word(-0.0) ", lambda r, k: math.copysign(1, r[k]["x"]) < 0 and r[k]["x"] == 0),
        ("on == True", lambda r, k: r[k]["on"]),
        ("searched == 0 and not known(level)", lambda r, k: r[k]["level"] is None and r[k]["searched"] == 0),
    ],
)  # fmt: skip
def test_a_condition_is_what_python_says_of_each_bar(run: Run, condition: str, holds: Any) -> None:
    table = rows(run)
    expected = [k for k in range(BARS) if holds(table, k)]
    assert 0 < len(expected) < BARS
    assert run.where(condition).tolist() == expected


def test_changes_crossings_and_firsts_go_by_the_last_known_bar(run: Run) -> None:
    table = rows(run)
    last, changed = None, []
    for k, row in enumerate(table):
        if row["level"] is not None:
            if last is not None and row["level"] != last:
                changed.append(k)
            last = row["level"]
    assert run.where("changed(level)").tolist() == changed
    side, crossed = 0.0, []
    for k, row in enumerate(table):
        now = math.copysign(1.0, row["n"] - 1) if row["n"] != 1 else 0.0
        if now and side and now != side:
            crossed.append(k)
        side = now or side
    assert run.where("crosses(n, 1)").tolist() == crossed
    assert run.where("first(n == 3)").tolist() == [next(k for k in range(BARS) if table[k]["n"] == 3)]
    assert run.where("first(n == 77)").tolist() == []


def test_a_lag_binds_tighter_than_anything() -> None:
    assert parse("a * x @ -1") == Call("*", (Name("a", 0), Lag(Name("x", 4), 1, 6)), 2)
    assert parse("-x @ -1") == Call("negative", (Lag(Name("x", 1), 1, 3),), 0)
    assert parse("not a < b and c") == Call(
        "and", (Call("not", (Call("<", (Name("a", 4), Name("b", 8)), 6),), 0), Name("c", 14)), 10
    )
    assert parse("5[usd/oz]") == Number(5, "usd/oz", 0)
    assert parse("state:books.size[ETH][3]") == Name("state:books.size[ETH][3]", 0)


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("x >", r"expected a value, got the end\n  x >\n     \^"),
        ("x > 1 1", r"expected an operator or the end, got `1`"),
        ("(x > 1", r"expected `\)`, got the end"),
        ("x ; 1", r"`;` has no meaning here\n  x ; 1\n    \^"),
        ("sin(x) > 1", r"there is no function `sin`; there are abs, "),
        ("abs(x, x) > 1", r"`abs` takes 1, got 2"),
        ("x @ 1 > 0", r"expected `-`, got `1`"),
        ("x @ -1.5 > 0", r"expected a whole number of bars"),
        ("twic > 0", r"did you mean `twice`"),
        ("mode == WIDL", r"`WIDL` is no member; there are CALM, WILD"),
        ("mode < WILD", r"`<` compares enum Mode with enum Mode"),
        ("mode == 5", r"`==` compares enum Mode with i64"),
        ("on > 1", r"`>` compares bool with i64"),
        ("x + 1", r"a condition is true or false, and this is f64"),
        ("x and on", r"expected something true or false, got f64"),
        ("x > 1 [bps]", r"one side is in \[usd\], the other in \[bps\]"),
        ("on + 1 > 0", r"expected a number, got bool"),
        ("", r"expected a value, got the end"),
    ],
)
def test_what_cannot_be_read_is_shown_at_its_place(run: Run, condition: str, says: str) -> None:
    with pytest.raises(SearchProblem, match=says):
        run.where(condition)


LANE = """
from dagc import lane

@lane
def capped(x: float, most: float) -> float:
    doubled = x * 2.0
    return min(doubled, most)
"""


def test_the_command_line_searches_explains_and_flips(tmp_path: Path) -> None:
    file, bars = tmp_path / "capped.py", tmp_path / "bars.csv"
    file.write_text(LANE, encoding="utf-8")
    bars.write_text("x,most\n1.0,5.0\n3.0,5.0\n4.0,9.0\n", encoding="utf-8")

    def dagc_tap(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["tap", f"{file}:capped", "--data", str(bars), *options])
        return done.exit_code, done.output

    assert dagc_tap("--where", "doubled > most") == (
        0,
        "1 of 3 bars: doubled > most\n  bar 1  doubled = 6.0, most = 5.0\n",
    )
    code, text = dagc_tap("--bar", "1", "--lane", "capped", "--why", "--flips")
    assert code == 0
    assert "min, returned most" in text
    assert "whatever doubled" in text
    assert "x = 3.0 -> 2.5 (-0.5): through doubled" in text
    code, text = dagc_tap("--bar", "1", "--lane", "capped", "--what-if", "doubled=4.5")
    assert (code, text.splitlines()[0]) == (0, "capped = 4.5  (min, returned 4.5)  capped.py:7")
    assert dagc_tap("--bar", "1", "--lane", "capped", "--what-if", "doubled=high")[0] == 2
    code, text = dagc_tap("--where", "doubled > mosd")
    assert (code, "did you mean `most`" in text) == (2, True)
    assert dagc_tap("--where", "x > 1", "--bar", "1")[0] == 2
    assert dagc_tap("--bar", "1")[0] == 2
    assert dagc_tap("--bar", "1", "--lane", "doubled", "--flips")[0] == 2
    code, text = dagc_tap("--bar", "1", "--lane", "capped", "--why", "--json")
    assert (code, '"name": "capped"' in text) == (0, True)
