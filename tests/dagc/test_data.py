"""Data files: every cell exactly as written, or a sentence that says which cell is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from dag.builder import GraphBuilder
from dag.domain import whole_domain
from dag.graph import Graph
from dag.types import BOOL, F64, I64, enum_type
from dag.words import words_of_column
from dagc.data import DataProblem, read_table, replay_batch

SIDE = enum_type("Side", {"BUY": 1, "SELL": -1})


def quotes() -> Graph:
    """One input of each type."""
    builder = GraphBuilder("quotes")
    builder.open_scope("", "quotes")
    types = {"count": I64, "live": BOOL, "price": F64, "side": SIDE}
    for name, type_ in types.items():
        builder.output(f"same_{name}", builder.input(name, type_, "1", whole_domain(type_)), 1)
    builder.close_scope()
    return builder.freeze()


GRAPH = quotes()
CSV = """\
day,price, side ,live,count
mon,0.1,BUY,true,9223372036854775807
tue,-0.0,-1,0,-9223372036854775808

wed,nan,SELL,FALSE,0
thu,4.9406564584124654e-324,1,1,-7
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "bars.csv"
    path.write_text(text)
    return path


def test_every_cell_of_a_csv_is_read_exactly(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, CSV), GRAPH)
    prices = np.array([0.1, -0.0, np.nan, 5e-324])
    assert words_of_column(table.columns["price"], F64).tolist() == words_of_column(prices, F64).tolist()
    assert table.columns["count"].tolist() == [(1 << 63) - 1, -(1 << 63), 0, -7]
    assert table.columns["live"].tolist() == [True, False, False, True]
    assert table.columns["side"].tolist() == [1, -1, -1, 1]
    assert table.ignored == ("day",)


def test_a_csv_of_another_program_with_its_mark_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "bars.csv"
    path.write_bytes(b"\xef\xbb\xbfprice,side,live,count\r\n1.5,BUY,1,2\r\n")
    assert read_table(path, GRAPH).columns["price"].tolist() == [1.5]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CSV.replace("0.1", "0,1"), "line 2: 6 cells, expected 5"),
        (CSV.replace("0.1", "O.1"), "line 2, column `price`: 'O.1' is not f64"),
        (CSV.replace("wed,nan", "wed,"), "line 5, column `price`: '' is not f64"),
        (CSV.replace("FALSE", "no"), "line 5, column `live`: 'no' is not bool"),
        (CSV.replace("BUY", "BYU"), "line 2, column `side`: 'BYU' is not enum Side: SELL, BUY"),
        (CSV.replace("9223372036854775807", "9223372036854775808"), "line 2, column `count`: '9223372036854775808'"),
        (CSV.replace("-7", "-7.0"), "line 6, column `count`: '-7.0' is not i64"),
        (CSV.replace("price", "prize"), "missing  `price`: did you mean `prize`?"),
        (CSV.replace("day", "price"), "names a column twice"),
        ("", "is empty"),
        (CSV + '"', "line 7"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DataProblem) as caught:
        read_table(write(tmp_path, text), GRAPH)
    assert says in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bars.csv").write_bytes(b"price\n\xff\xfe\n")
    with pytest.raises(DataProblem, match="no CSV text"):
        read_table(tmp_path / "bars.csv", GRAPH)


@pytest.mark.parametrize("name", ["nothing.csv", "nothing.parquet"])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataProblem, match="does not exist"):
        read_table(tmp_path / name, GRAPH)


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    columns = {
        "price": pyarrow.array([0.1, -0.0]),
        "side": pyarrow.array(["SELL", "BUY"]),
        "live": pyarrow.array([True, False]),
        "count": pyarrow.array([3, -4], pyarrow.int32()),
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "bars.parquet")
    table = read_table(tmp_path / "bars.parquet", GRAPH)
    assert table.columns["price"].tobytes() == np.array([0.1, -0.0]).tobytes()
    assert table.columns["side"].tolist() == [-1, 1]
    assert table.columns["live"].tolist() == [True, False]
    assert table.columns["count"].tolist() == [3, -4]
    assert table.columns["count"].dtype == np.int64


@pytest.mark.parametrize(
    ("column", "says"),
    [
        (pyarrow.array(["a", "b"]), "column `price` holds object, expected f64"),
        (pyarrow.array([1.0, None]), "missing values in price"),
    ],
)
def test_parquet_of_another_type_is_refused(tmp_path: Path, column: pyarrow.Array, says: str) -> None:
    columns = {"price": column, "side": [1, 1], "live": [True, True], "count": [1, 1]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "bars.parquet")
    with pytest.raises(DataProblem, match=says):
        read_table(tmp_path / "bars.parquet", GRAPH)


def test_a_file_that_only_says_it_is_parquet(tmp_path: Path) -> None:
    (tmp_path / "bars.parquet").write_text("price\n1.0\n")
    with pytest.raises(DataProblem, match="no Parquet file"):
        read_table(tmp_path / "bars.parquet", GRAPH)


def test_a_replay_is_one_instance(tmp_path: Path) -> None:
    batch = replay_batch(GRAPH, read_table(write(tmp_path, CSV), GRAPH).columns, {})
    assert (batch.bars, batch.instances) == (4, 1)
    assert batch.inputs["price"].shape == (4, 1)
