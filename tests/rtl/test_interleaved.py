"""Interleaved instances: the flagship at 64 and 1,024 of them, any graph, snapshots to and from every other backend."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from compile.backend import Batch, Result, Runner
from compile.campaign.drawing.random_graph import random_graph
from compile.campaign.drawing.sample import sample, universe_of
from compile.check.compare import comparable_nodes, compare
from compile.check.run import bars_of
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, IADD
from dag.values.domain import whole_domain
from dag.values.types import F64, I64
from dagc.building.running import graph_of
from dagc.cli import main
from dagc.live.state import pack_state, unpack_state
from rtl.backend import Verilog, figures
from rtl.emit.design import MOST_INSTANCES, design_of
from rtl.plan.schedule import MEMORY, NoSchedule, schedule
from rtl.simulate import verilator
from tests.support.backends import backend_or_skip
from tests.support.live_graph import live_graph
from tests.support.meaning import assert_same_words, evaluate
from tests.support.mixed_batch import mixed_batch
from tests.support.simulator import needs_verilator
from tests.support.tiers import few, few_rows

FLAGSHIP = "examples/five_factor.py:five_factor"
BASELINE = "lanes/anchor/basis_baseline.py:basis_baseline"


def loaded(graph: Graph, instances: int) -> Runner:
    backend = Verilog(instances=instances)
    return backend.load(graph, backend.lower(graph))


@needs_verilator
@pytest.mark.parametrize(("target", "instances", "bars"), few_rows([(BASELINE, 64, 20), (FLAGSHIP, 1024, 3)], 2))
def test_every_instance_is_the_interpreters(target: str, instances: int, bars: int) -> None:
    graph = graph_of(target)
    nodes = comparable_nodes(graph)
    # Some more than the pipeline holds: their first bars restart what others left.
    batch = sample(universe_of(graph), bars, instances + 7, np.random.default_rng(instances))
    interpreter = Interpreter()
    expected = interpreter.load(graph, interpreter.lower(graph)).run(batch, nodes)
    got = loaded(graph, instances).run(batch, nodes)
    found = compare(graph, expected, got, "rtl_interleaved", nodes)
    assert found.differences == 0, found.first
    assert found.words > len(nodes) * bars * instances


@needs_verilator
@pytest.mark.parametrize(("seed", "instances"), few_rows([(1003, 2), (1004, 32)], 2))
def test_every_node_of_random_graphs(seed: int, instances: int) -> None:
    graph = random_graph(seed, 20)
    graph = prepare(graph) if seed % 2 else graph
    assert graph.states
    batch = mixed_batch(graph, seed, 5, 40)
    nodes = range(len(graph))
    runner = loaded(graph, instances)
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes))


@needs_verilator
@pytest.mark.parametrize("other", ["interpreter", "c", "c_batch", "rtl"])
def test_a_snapshot_goes_from_it_to_the_others_and_back(other: str) -> None:
    """Taken after some bars, continued elsewhere, and continued here again: the words of never having stopped."""
    graph = live_graph()
    batch = mixed_batch(graph, 7, 12, 40)
    nodes = range(len(graph))
    here, there = loaded(graph, 16), backend_or_skip(other)
    elsewhere = there.load(graph, there.lower(graph))
    whole = evaluate(graph, batch, nodes)
    state = None
    for (start, stop), runner in zip([(0, 3), (3, 5), (5, 11), (11, 12)], [here, elsewhere] * 2, strict=True):
        given = None if state is None else unpack_state(graph, state, batch.instances)
        got = runner.run(bars_of(batch, start, stop, given), nodes)
        state = pack_state(graph, got.state, batch.instances)
        expected = Result(
            {node: column[start:stop] for node, column in whole.nodes.items()},
            {each.name: whole.nodes[each.next][stop - 1] for each in graph.states},
        )
        assert_same_words(graph, got, expected, f"bars {start} to {stop}")
    assert state == pack_state(graph, whole.state, batch.instances)


@needs_verilator
@pytest.mark.parametrize("taps", ["", "`define DAGC_TAPS\n"], ids=["ports", "taps"])
@pytest.mark.parametrize("instances", few([64, 2, MOST_INSTANCES], 3))
def test_lint_has_nothing_to_say(instances: int, taps: str) -> None:
    graph = live_graph()
    files = Verilog(instances=instances).lower(graph)
    sources = {path: text for path, text in files.items() if path.endswith(".v") and not path.endswith("_tb.v")}
    verilator.lint({"taps.v": taps.encode(), **sources}, graph.name)


def test_states_that_nothing_computes_with() -> None:
    """A constant next state, one that nobody reads, and one that is handed on: still read after they are written."""
    graph = handed_on()
    plan = schedule(graph, storage=MEMORY)
    assert plan.interval == 3  # a sum does not fit into the cycle in which a memory's word comes out
    for state in graph.states:
        assert 1 <= plan.ready[state.node] <= plan.writes[state.name]
        assert plan.writes[state.name] + MEMORY.turnaround <= plan.interval + plan.ready[state.node]
    with pytest.raises(NoSchedule):
        schedule(graph, 2, MEMORY)


@needs_verilator
def test_states_that_nothing_computes_with_simulated() -> None:
    graph = handed_on()
    batch = Batch({"x": np.random.default_rng(0).normal(size=(6, 20))}, {}, None, 6, 20)
    assert_same_words(graph, loaded(graph, 4).run(batch, range(len(graph))), evaluate(graph, batch, range(len(graph))))


def handed_on() -> Graph:
    builder = GraphBuilder("handed_on")
    x = builder.input("x", F64, "1", whole_domain(F64))
    first, second = (builder.state(name, F64, "1", 1.5) for name in ("first", "second"))
    count, fixed = (builder.state(name, I64, "1", 3) for name in ("count", "fixed"))
    builder.set_next("first", x)
    builder.set_next("second", first)
    builder.set_next("fixed", builder.const(8, I64, "1"))
    builder.set_next("count", builder.op(IADD, (count, fixed)))
    builder.tap("more", builder.op(ADD, (second, second)))
    builder.output("second", second, 0.0)
    builder.output("busy", fixed, 0)
    return builder.freeze()


@pytest.mark.parametrize(("asked", "given"), [(2, 2), (3, 4), (64, 64), (1000, 1024)])
def test_instances_are_rounded_up_so_that_every_number_names_one(asked: int, given: int) -> None:
    files = Verilog(instances=asked).lower(live_graph())
    found = figures(files)
    assert found == {"mode": "interleaved", "latency": 36, "interval": 35, "instances": given, "state_bits": 64}


def test_a_pipeline_of_one_instance_does_not_pass_as_interleaved() -> None:
    graph = live_graph()
    with pytest.raises(
        ValueError, match="`quoter` was built for one instance at a time; build it with --rtl-instances N"
    ):
        Verilog(instances=8).load(graph, Verilog().lower(graph))


def test_too_few_and_too_many_are_refused() -> None:
    for wrong in (0, 1, MOST_INSTANCES + 1):
        with pytest.raises(ValueError, match=f"{wrong} interleaved instances: expected 2 to 8,192"):
            design_of(live_graph(), instances=wrong)


def test_without_state_there_is_nothing_to_interleave() -> None:
    builder = GraphBuilder("stateless")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.output("y", builder.op(ADD, (x, x)), 0.0)
    graph = builder.freeze()
    single, interleaved = Verilog().lower(graph), Verilog(instances=64).lower(graph)
    assert single == interleaved


@needs_verilator
def test_build_interleaves_and_check_runs_what_was_built(tmp_path: Path) -> None:
    folder = str(tmp_path / "bundle")
    built = CliRunner().invoke(
        main, ["build", BASELINE, "-o", folder, "--emit", "interpreter,rtl", "--rtl-instances", "50", "--rows", "600"]
    )
    assert built.exit_code == 0, built.output
    assert (
        "latency 69 cycles, 64 instances interleaved: a bar every cycle, one of the same instance every 35; "
        "129 bits of state memory an instance"
    ) in built.output
    checked = CliRunner().invoke(main, ["check", BASELINE, "--bundle", folder, "--campaign", "400", "--json"])
    assert checked.exit_code == 0, checked.output
    fresh = CliRunner().invoke(main, ["check", BASELINE, "--backends", "rtl_interleaved", "--campaign", "400"])
    assert fresh.exit_code == 0, fresh.output
    assert "rtl_interleaved" in fresh.output


def test_instances_are_of_the_verilog_and_not_too_many(tmp_path: Path) -> None:
    for emitted, count, said in (("c", "8", "add rtl to --emit"), ("rtl", "1", "1 is not in the range 2<=x<=8192")):
        asked = ["build", BASELINE, "-o", str(tmp_path / "x"), "--emit", emitted, "--rtl-instances", count]
        refused = CliRunner().invoke(main, asked)
        assert refused.exit_code == 2
        assert said in refused.output


@needs_verilator
def test_a_bundle_is_loaded_in_the_mode_that_it_was_built_in() -> None:
    graph = live_graph()
    batch = mixed_batch(graph, 3, 3, 6)
    nodes = range(len(graph))
    for built in (Verilog(interval=40), Verilog(instances=16)):
        files = built.lower(graph)
        got = Verilog().load(graph, files).run(batch, nodes)
        assert_same_words(graph, got, evaluate(graph, batch, nodes))
