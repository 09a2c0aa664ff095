"""Data files: every cell exactly as written, or a sentence that says which cell is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import feather, ipc, parquet

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F64, I64, enum_type
from dag.values.words import words_of_column
from dagc.data.problem import DataProblem
from dagc.data.tables import open_data, read_table, replay_batch

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
        (pyarrow.array(["a", "b"]), "column `price` holds string, expected f64"),
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


def arrow_files(folder: Path, rows: int) -> dict[str, Path]:
    """The same bars in every format there is."""
    rng = np.random.default_rng(4)
    table = pyarrow.table(
        {
            "side": pyarrow.array(rng.choice(["SELL", "BUY"], rows)),
            "live": rng.random(rows) < 0.5,
            "other": pyarrow.array(["x"] * rows),
            "count": rng.integers(-9, 9, rows),
            "price": rng.choice([0.1, -0.0, np.nan, np.inf, 5e-324], rows),
        }
    )
    paths = {
        name: folder / name for name in ("a.parquet", "a.arrow", "a.arrows", "a.feather", "dictionary.parquet", "a.csv")
    }
    parquet.write_table(table, paths["a.parquet"], row_group_size=7)
    batches = table.to_batches(max_chunksize=9)
    with ipc.new_file(paths["a.arrow"], table.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    with ipc.new_stream(paths["a.arrows"], table.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    feather.write_feather(table, paths["a.feather"], compression="lz4")
    encoded = table.set_column(0, "side", table.column("side").dictionary_encode())
    parquet.write_table(encoded, paths["dictionary.parquet"])
    lines = [",".join(table.column_names)]
    lines += [f"{r['side']},{r['live']},x,{r['count']},{r['price']!r}" for r in table.to_pylist()]
    paths["a.csv"].write_text("\n".join(lines) + "\n")
    return paths


def test_every_format_in_chunks_of_any_length_from_any_bar(tmp_path: Path) -> None:
    rows = 40
    paths = arrow_files(tmp_path, rows)
    whole = read_table(paths["a.csv"], GRAPH).columns
    for path in paths.values():
        file = open_data(path, GRAPH)
        assert file.source.bars in (rows, None)
        assert file.ignored == ("other",)
        for start in (0, 1, 7, 8, 39, 40):
            for length in (1, 3, 16, 100):
                chunks = list(file.chunks(length, start))
                assert [len(chunk["price"]) for chunk in chunks[:-1]] == [length] * (len(chunks) - 1)
                for port in GRAPH.inputs:
                    type_ = GRAPH.types[port.node]
                    parts = [words_of_column(chunk[port.name], type_) for chunk in chunks]
                    seen = np.concatenate([np.empty(0, np.uint64), *parts])
                    np.testing.assert_array_equal(seen, words_of_column(whole[port.name][start:], type_), str(path))


def test_files_that_know_their_length_say_so(tmp_path: Path) -> None:
    paths = arrow_files(tmp_path, 40)
    known = {name: open_data(path, GRAPH).source.bars for name, path in paths.items()}
    assert known == {
        "a.parquet": 40, "a.arrow": 40, "a.feather": 40, "dictionary.parquet": 40, "a.arrows": None, "a.csv": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.arrows", "a.feather"])
def test_a_truncated_file_is_refused_and_never_taken_for_a_shorter_one(tmp_path: Path, name: str) -> None:
    """Cut anywhere, between two batches of a stream for one."""
    path = arrow_files(tmp_path, 40)[name]
    data = path.read_bytes()
    step = 8 if name == "a.arrows" else 80
    for kept in {*range(0, len(data), step), *range(1, len(data), 197), len(data) - 1}:
        path.write_bytes(data[:kept])
        with pytest.raises(DataProblem, match=r"no (Parquet|Arrow) file, or not whole|cannot be read on from bar"):
            read_table(path, GRAPH)


def test_the_first_missing_value_and_the_first_stranger_are_named(tmp_path: Path) -> None:
    columns = {"price": [1.0] * 5, "live": [True] * 5, "count": [1] * 5}
    for side, says in (
        (["BUY", "BUY", "SELL", None, "BUY"], "missing values in side, the first at bar 3"),
        (["BUY", "BUY", "SELL", "BYU", "BUY"], "column `side` holds string, expected enum Side: SELL, BUY, not 'BYU'"),
    ):
        parquet.write_table(pyarrow.table({**columns, "side": side}), tmp_path / "a.parquet")
        with pytest.raises(DataProblem, match=says):
            read_table(tmp_path / "a.parquet", GRAPH)


def test_a_column_of_a_wrong_type_is_refused_before_a_bar_is_read(tmp_path: Path) -> None:
    table = pyarrow.table({"price": ["a"], "side": [1], "live": [True], "count": [1]})
    parquet.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(DataProblem, match="column `price` holds string, expected f64"):
        open_data(tmp_path / "a.parquet", GRAPH)


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.arrows"])
def test_a_long_file_is_not_held_in_memory(tmp_path: Path, name: str) -> None:
    """What pyarrow holds while chunks are read, of a file of 16 pieces; read ahead, Parquet would be held whole."""
    group, groups = 1 << 16, 16
    rng = np.random.default_rng(1)
    tables = [
        pyarrow.table(
            {
                "price": rng.random(group),
                "count": [7] * group,
                "live": [True] * group,
                "side": rng.choice([-1, 1], group),
            }
        )
        for _ in range(groups)
    ]
    path, schema = tmp_path / name, tables[0].schema
    writers = {"a.parquet": parquet.ParquetWriter, "a.arrow": ipc.new_file, "a.arrows": ipc.new_stream}
    with writers[name](path, schema) as writer:
        for table in tables:
            writer.write_table(table)
    del tables, table
    before = pyarrow.total_allocated_bytes()
    held = [pyarrow.total_allocated_bytes() - before for _ in open_data(path, GRAPH).chunks(1000)]
    assert len(held) == -(-group * groups // 1000)
    assert max(held) < 8 * 4 * group * 3, "three pieces of four columns, of sixteen"
