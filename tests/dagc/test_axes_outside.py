"""Values along an axis at the boundary: live kernels, data files, taps, replays. A place is called `prices[ETH]`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from click.testing import CliRunner
from pyarrow import feather

from compile.backend import Refused, column_shape
from compile.c.backend import C, open_library
from compile.c.examining.examination import examine
from compile.campaign.drawing.sample import sample, universe_of
from compile.pipeline import prepare
from dag.trace import trace
from dagc.cli import main
from dagc.data.problem import DataProblem
from dagc.data.tables import read_table
from dagc.debugging.search.syntax import SearchProblem
from dagc.debugging.tap_names import NameProblem
from dagc.live.inputs import InputProblem
from dagc.live.kernel import Kernel, kernel_from_graph
from dagc.replay.columns import columns_of, schema_of, table_of
from tests.support import axis_lanes
from tests.support.axis_lanes import Asset, Assets, Momentum, records, relative

BARS = 6
PRICES = np.random.default_rng(1).uniform(1.0, 9.0, (BARS, 5))
TRADED = np.random.default_rng(2).random((BARS, 5)) < 0.6
LANE = f"{axis_lanes.__file__}:relative"


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return kernel_from_graph(prepare(trace(relative)))


def on_numbers() -> list[tuple[float, ...]]:
    stream = relative.stream(Momentum(window=5.0))
    return [tuple(stream(Assets(p), Assets(t))) for p, t in zip(PRICES.tolist(), TRADED.tolist(), strict=True)]


def test_a_live_kernel_takes_arrays_lists_and_values_along_the_axis(kernel: Kernel) -> None:
    expected = on_numbers()
    for make in (lambda x: x, lambda x: x.tolist(), lambda x: Assets(x.tolist())):
        engine = kernel.bind({"window": 5.0})
        found = [engine.step(prices=make(p), traded=make(t)).relative for p, t in zip(PRICES, TRADED, strict=True)]
        assert found == expected
    assert kernel.bind({"window": 5.0}).run({"prices": PRICES, "traded": TRADED}).relative.tolist() == [
        list(row) for row in expected
    ]


def test_ticks_work_on_records_with_a_field_for_all_places(kernel: Kernel) -> None:
    engine = kernel.bind({"window": 5.0})
    for p, t, row in zip(PRICES, TRADED, on_numbers(), strict=True):
        engine.inputs["prices"], engine.inputs["traded"] = p, t
        assert engine.tick() == 0
        assert tuple(engine.outputs["relative"]) == row


def test_a_table_of_parameters_has_the_places_last(kernel: Kernel) -> None:
    engine = kernel.bind({"window": [5.0, 50.0]})
    found = engine.run({"prices": PRICES, "traded": TRADED}).relative
    assert found.shape == (BARS, 2, 5)
    assert found[:, 0].tolist() == [list(row) for row in on_numbers()]
    again = kernel.bind({"window": [5.0, 50.0]})
    both = np.stack([PRICES, PRICES], axis=1)
    assert again.run({"prices": both, "traded": TRADED}).relative.tolist() == found.tolist()
    assert engine.tap("momentum.slow[XRP]").tolist() == engine.tap("momentum.slow")[:, 3].tolist()


def test_a_program_of_jax_refuses_an_axis_by_name(kernel: Kernel) -> None:
    with pytest.raises(Refused, match="in_jax takes no value along an axis, such as `prices`"):
        kernel.in_jax()


def test_questions_to_a_bar_refuse_an_axis_by_name(kernel: Kernel) -> None:
    run = kernel.run({"prices": PRICES, "traded": TRADED})
    assert run["relative"].shape == (BARS, 5)
    with pytest.raises(Refused, match="take no value along an axis, such as `prices`"):
        run.at(2)
    with pytest.raises(SearchProblem, match=r"`prices` is along Assets \(5\), and a condition is of single values"):
        run.where("prices > 3.0")


def test_a_snapshot_holds_every_place(kernel: Kernel) -> None:
    engine, other = kernel.bind(), kernel.bind()
    engine.run({"prices": PRICES, "traded": TRADED})
    other.restore(engine.snapshot())
    assert engine.step((PRICES[0], TRADED[0])) == other.step((PRICES[0], TRADED[0]))


def test_taps_are_called_by_place(kernel: Kernel) -> None:
    engine = kernel.bind()
    engine.step((PRICES[0], TRADED[0]))
    assert engine.tap("prices[SOL]") == PRICES[0][2]
    assert engine.tap("prices") == tuple(PRICES[0])
    with pytest.raises(NameProblem, match=r"`prices` has no place `SOLE` along Assets \(5\); did you mean `SOL`"):
        engine.tap("prices[SOLE]")


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        (
            PRICES[0][:4],
            r"input `prices` is 4 values, expected 5, a place each of Assets \(5\) \(`prices\[ADA\]` is missing\)",
        ),
        (3.0, r"input `prices` is 3.0, expected 5, a place each"),
        ([1.0, "2.0", 1.0, 1.0, 1.0], r"input `prices\[ETH\]` is '2.0', expected f64"),
    ],
)
def test_what_does_not_fit_the_axis_is_named(kernel: Kernel, prices: object, message: str) -> None:
    with pytest.raises(InputProblem, match=message):
        kernel.bind().step(prices=prices, traded=TRADED[0])


def test_a_row_is_rejected_for_one_place(kernel: Kernel) -> None:
    engine = kernel.bind()
    first = engine.step((PRICES[0], TRADED[0]))
    rejected = engine.step(([1.0, 2.0, float("nan"), 1.0, 1.0], TRADED[1]))
    assert (first.rejected, rejected.rejected, rejected.offender) == (False, True, "prices")
    assert rejected.relative == (0.0,) * 5


def test_records_are_read_field_by_field() -> None:
    kernel = kernel_from_graph(prepare(trace(records)))
    found = kernel.bind().step(x=[1.0] * 5, n=[1, 2, 3, 4, 5])
    assert (len(found.up), found.side[0], found.whole) == (5, axis_lanes.Side.BUY.value, (1,) * 5)


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "bars.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        names = [each.name for each in Asset]
        writer.writerow([*(f"prices[{name}]" for name in names), "else", *(f"traded[{name}]" for name in names)])
        for p, t in zip(PRICES, TRADED, strict=True):
            writer.writerow([*(repr(float(x)) for x in p), "0", *("true" if x else "false" for x in t)])
    return path


def lists(values: np.ndarray, places: int = 5) -> pyarrow.Array:
    return pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(values.reshape(-1)), places)


def test_a_csv_has_a_column_a_place_and_arrow_lists_or_columns(table: Path, tmp_path: Path) -> None:
    graph = prepare(trace(relative))
    of_lists, of_columns = tmp_path / "lists.arrow", tmp_path / "columns.arrow"
    feather.write_feather(pyarrow.table({"prices": lists(PRICES), "traded": lists(TRADED)}), of_lists)
    each = {f"prices[{name.name}]": PRICES[:, k] for k, name in enumerate(Asset)}
    feather.write_feather(pyarrow.table({**each, "traded": lists(TRADED)}), of_columns)
    for path in (table, of_lists, of_columns):
        found = read_table(path, graph)
        assert found.columns["prices"].tolist() == PRICES.tolist()
        assert found.columns["traded"].tolist() == TRADED.tolist()
    assert read_table(table, graph).ignored == ("else",)


def test_a_file_that_does_not_fit_the_axis_is_named(table: Path, tmp_path: Path) -> None:
    graph = prepare(trace(relative))
    table.write_text(table.read_text().replace("prices[SOL]", "prices[SUN]"))
    with pytest.raises(DataProblem, match=r"missing  `prices\[SOL\]`"):
        read_table(table, graph)
    short = tmp_path / "short.arrow"
    feather.write_feather(pyarrow.table({"prices": lists(PRICES, 3), "traded": lists(np.ones((10, 5), bool))}), short)
    with pytest.raises(DataProblem, match="expected lists of 5"):
        read_table(short, graph)


def test_dagc_tap_shows_a_place_or_all_of_them(table: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    one = runner.invoke(
        main, ["tap", LANE, "--data", str(table), "--bar", "5", "--lane", "momentum.slow[ETH]", "--json"]
    )
    assert one.exit_code == 0, one.output
    found = json.loads(one.stdout)
    assert found["node"]["name"] == "momentum.slow[ETH]"
    all_of_it = runner.invoke(
        main, ["tap", LANE, "--data", str(table), "--bar", "5", "--lane", "momentum.slow", "--json"]
    )
    assert f"[ETH] {found['node']['value']}, [SOL]" in json.loads(all_of_it.stdout)["node"]["value"]


def test_a_replay_writes_lists() -> None:
    graph = prepare(trace(relative))
    columns = columns_of(graph, ["momentum.slow"])
    words = {node: np.arange(3 * graph.types[node].size, dtype=np.uint64) for node in columns.values()}
    shaped = {node: column.reshape(column_shape(graph.types[node], 3)) for node, column in words.items()}
    found = table_of(graph, columns, schema_of(graph, columns, {}), shaped)
    assert found.schema.field("momentum.slow").type.list_size == 5
    assert found.schema.field("momentum.slow").metadata[b"dagc.places"] == b"BTC, ETH, SOL, XRP, ADA"
    assert found["momentum.slow"][1].as_py() == shaped[columns["momentum.slow"]].view(np.float64)[1].tolist()


def test_the_library_agrees_with_itself_in_every_way_of_calling_it() -> None:
    graph = prepare(trace(relative))
    library = open_library(graph, C().lower(graph))
    rng, universe = np.random.default_rng(5), universe_of(graph)
    (said,) = examine(graph, library, lambda bars, instances: sample(universe, bars, instances, rng))
    assert "agree: with and without taps" in said
