"""Tables in memory: pandas, polars, Arrow, structured arrays and mappings of columns are one run, to the bit."""

from __future__ import annotations

import pydoc
from enum import Enum
from typing import Annotated, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import dagc
from dagc import carry, domain, lane, params
from dagc.data.problem import DataProblem
from dagc.debugging.tap_names import NameProblem
from dagc.live.kernel import Kernel


class Side(Enum):
    BUY = 1
    SELL = 2


@params
class Scale:
    factor: Annotated[float, domain(0.0, 10.0)] = 2.0


@lane
def signed(price: Annotated[float, domain(0.0, 1e9)], size: int, side: Side, p: Scale) -> tuple[float, Side]:
    """A running sum of signed notionals, and the side turned round."""
    total = carry(initial=0.0)
    value = price * p.factor * float(max(min(size, 1000), -1000))
    total = total + (value if side == Side.BUY else -value)
    return total, (Side.SELL if side == Side.BUY else Side.BUY)


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return dagc.compile(signed)


PRICES = np.array([1.5, 5e-324, np.nan, -0.0, 1e9, -1.0, 3.25])
SIZES = np.array([1, -2, 3, 4, 5, 6, -7])
SIDES = ["BUY", "SELL", "BUY", "SELL", "SELL", "BUY", "BUY"]
WHEN = np.arange("2024-01-01", "2024-01-08", dtype="datetime64[D]").astype("datetime64[us]")


def tables() -> dict[str, Any]:
    columns = {"price": PRICES, "size": SIZES, "side": SIDES, "when": WHEN, "note": np.arange(7.0)}
    structured = np.zeros(7, [("price", float), ("size", int), ("side", int), ("when", WHEN.dtype), ("note", float)])
    for name in ("price", "size", "when", "note"):
        structured[name] = columns[name]
    structured["side"] = [1 if side == "BUY" else 2 for side in SIDES]
    return {
        "mapping": columns,
        "structured": structured,
        "pandas": pd.DataFrame(columns, index=list("abcdefg")),
        "categorical": pd.DataFrame({**columns, "side": pd.Categorical(SIDES)}, index=list("abcdefg")),
        "polars": pl.DataFrame(columns),
        "polars enum": pl.DataFrame(columns).with_columns(pl.col("side").cast(pl.Enum(["SELL", "BUY"]))),
        "arrow": pa.table(columns),
        "chunks": pa.concat_tables([pa.table(columns).slice(0, 3), pa.table(columns).slice(3)]),
        "batch": pa.table(columns).combine_chunks().to_batches()[0],
        "dictionary": pa.table({**columns, "side": pa.array(SIDES).dictionary_encode()}),
    }


@pytest.mark.parametrize("kind", tables())
def test_every_kind_of_table_is_the_same_run(kernel: Kernel, kind: str) -> None:
    run = kernel.run(tables()[kind], {"factor": 3.0}, taps=["value"])
    instance = kernel.bind({"factor": 3.0})
    for bar in range(7):
        outputs = instance.step(price=PRICES[bar], size=int(SIZES[bar]), side=SIDES[bar])
        for name, value in outputs.as_dict().items():
            assert run[name][bar : bar + 1].view(np.int64) == np.array([value], run[name].dtype).view(np.int64), name
        if not outputs.rejected:
            assert run["value"][bar] == instance.tap("value")
    assert run.rejected.tolist() == [False, False, True, False, False, True, False]
    assert [(each.port, each.rows, each.first_bar) for each in run.rejections] == [("price", 2, 2)]
    assert np.isnan(run.rejections[0].value)
    assert (run.ignored, list(run.times)) == (["note"], ["when"])


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow", "chunks", "batch"])
def test_instances_and_single_ones_run_tables_too(kernel: Kernel, kind: str) -> None:
    table = tables()[kind]
    expected = kernel.run(table, {"factor": 3.0})
    outputs = kernel.bind({"factor": 3.0}).run(table)
    many = kernel.bind({"factor": np.array([2.0, 3.0])}).run(table)
    for name, column in outputs.as_dict().items():
        np.testing.assert_array_equal(column.view(np.int64), expected[name].view(np.int64))
        np.testing.assert_array_equal(many.as_dict()[name][:, 1], expected[name])


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_parameters_come_as_tables_of_any_kind(kernel: Kernel, make: Any) -> None:
    many = kernel.bind(make({"factor": np.array([1.0, 2.0, 4.0])}))
    assert many.params["factor"].tolist() == [1.0, 2.0, 4.0]


def test_results_go_back_to_frames(kernel: Kernel) -> None:
    run = kernel.run(tables()["pandas"])
    frame = run.to_pandas()
    assert list(frame.index) == list("abcdefg")
    names = [output.name for output in kernel.graph.outputs]
    assert list(frame.columns) == ["when", *names]
    assert frame[names[1]].tolist() == [
        {"BUY": "SELL", "SELL": "BUY"}[s] if k not in (2, 5) else "BUY" for k, s in enumerate(SIDES)
    ]
    assert frame.attrs["units"][names[0]] == "1"
    table = run.to_arrow()
    assert table.schema.field(names[1]).metadata[b"dagc.members"] == b"BUY=1, SELL=2"
    assert pa.types.is_timestamp(table.schema.field("when").type)
    assert run.to_polars()[names[1]].to_list() == frame[names[1]].tolist()
    for found in (frame[names[0]].to_numpy(), table.column(names[0]).to_numpy(), run.to_polars()[names[0]].to_numpy()):
        np.testing.assert_array_equal(found.view(np.int64), run[names[0]].view(np.int64))
    assert run.to_numpy().keys() == {*names}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"price": PRICES, "size": SIZES}, r"the data lacks columns.*\n  missing  `side`"),
        ({"price": PRICES, "size": SIZES[:3], "side": SIDES}, r"differ in length: `price` has 7, `size` has 3"),
        ({"price": PRICES, "size": PRICES, "side": SIDES}, r"column `size` holds float64, expected i64"),
        ({"price": PRICES.reshape(7, 1), "size": SIZES, "side": SIDES}, r"column `price` has shape \[7, 1\]"),
        ({"price": PRICES, "size": SIZES, "side": ["HOLD"] * 7}, r"column `side` holds a list of str, expected enum Side: BUY, SELL"),
        (pa.table({"price": [1.0, None], "size": [1, 1], "side": ["BUY"] * 2}), r"missing values in price, the first at bar 1"),
        (pl.DataFrame({"price": [None, 1.0], "size": [1, 1], "side": ["BUY"] * 2}), r"missing values in price, .*bar 0"),
        (7, r"int is no table of bars"),
        ([1.0, 2.0], r"list is no table of bars"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused_by_name(kernel: Kernel, data: Any, says: str) -> None:
    with pytest.raises(DataProblem, match=says):
        kernel.run(data)


def test_names_of_taps_and_results_are_helped_with(kernel: Kernel) -> None:
    with pytest.raises(NameProblem, match="did you mean `value`"):
        kernel.run(tables()["pandas"], taps=["valu"])
    with pytest.raises(KeyError, match="did you mean `status`"):
        kernel.run(tables()["pandas"])["statsu"]
    with pytest.raises(KeyError, match="did you mean `factor`"):
        kernel.params["facto"]


def test_nothing_of_a_table_is_copied_or_changed(kernel: Kernel) -> None:
    table = {"price": PRICES.copy(), "size": SIZES.copy(), "side": list(SIDES)}
    kernel.run(table)
    assert table["side"] == SIDES
    np.testing.assert_array_equal(table["price"].view(np.int64), PRICES.view(np.int64))  # type: ignore[attr-defined]


def test_a_plot_has_a_panel_for_each_unit_and_shades_what_was_rejected(kernel: Kernel) -> None:
    drawn = kernel.run(tables()["pandas"], taps=["total", "value"]).plot()
    number, side = drawn.axes
    assert [line.get_label() for line in number.get_lines()] == ["result.0", "total", "value"]
    assert [text.get_text() for text in side.get_yticklabels()] == ["BUY", "SELL"]
    for axes in drawn.axes:
        first, last = (each.get_path().get_extents(each.get_patch_transform()).x0 for each in axes.patches)
        assert np.array_equal(np.array([first, last]), (WHEN[[2, 5]] - np.datetime64(0, "us")) / np.timedelta64(1, "D"))
    assert drawn.axes[-1].get_xlabel() == "when"
    (shown,) = kernel.run(tables()["mapping"]).plot("result.1").axes
    assert shown.get_ylabel() == "result.1"
    with pytest.raises(KeyError, match="not among the results"):
        kernel.run(tables()["mapping"]).plot("total")


def test_help_is_about_the_kernel_at_hand(kernel: Kernel) -> None:
    text = pydoc.plain(pydoc.render_doc(kernel))
    assert "A running sum of signed notionals" in text
    assert "factor: f64, [0.0, 10.0] = 2.0" in text
