"""Slots: empty they are neutral, filled they are the lane, and what does not fit is refused naming both."""

from __future__ import annotations

import pytest

import lanes.slots
from compile.hazards.search import refuse_hazards
from compile.pipeline import prepare
from dag import AnyLane, with_slots
from dag.diagnostics.diagnostic import CompileError
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_from_json, graph_to_json
from dag.language.slot import Slot
from dag.trace import trace
from dagc.building.slots import slots_of
from tests.lanes.universe import rows_of_universe
from tests.support import slotted
from tests.support.backends import backend_or_skip
from tests.support.slotted import by_level, odd_label, rising, sized

FILLED = with_slots(sized, z_leverage_gate=by_level, meta_boost=rising, label=odd_label)
SIZES = (0.0, 1.0, 1234.5, 1e6)


def empty_and_filled() -> tuple[Graph, Graph]:
    return trace(sized), trace(FILLED)


def test_an_empty_slot_says_its_neutral_value_and_is_listed() -> None:
    graph = trace(sized)
    assert slots_of(graph) == {"label": None, "meta_boost": None, "z_leverage_gate": None}
    assert [sized(size, 3.0, 5) for size in SIZES] == list(SIZES)


def test_a_filled_slot_says_by_what_and_brings_its_parameters_and_inputs() -> None:
    empty, filled = empty_and_filled()
    places = slots_of(filled)
    assert places["z_leverage_gate"] == "by_level (support/slotted.py:51)" or "by_level (" in str(
        places["z_leverage_gate"]
    )
    assert {port.name for port in filled.inputs} - {port.name for port in empty.inputs} == {"meta_boost.volume"}
    assert {port.name for port in filled.params} == {"z_leverage_gate.level", "z_leverage_gate.reduced"}
    assert empty.content_hash != filled.content_hash
    refuse_hazards(filled)


def test_a_graph_with_slots_survives_its_json() -> None:
    for graph in map(prepare, empty_and_filled()):
        assert slots_of(graph_from_json(graph_to_json(graph))) == slots_of(graph)


def reference(size: float, z13: float, hash_: int, volume: float, last: float, level: float, reduced: float) -> float:
    boost = 1.25 if volume > last and size > 0.0 else 1.0
    named = 0.5 if hash_ % 2 == 1 else 1.0
    return size * boost * named * (reduced if z13 > level else 1.0)


@pytest.mark.parametrize("which", ["interpreter", "c", "xla"])
def test_a_filled_graph_is_its_parts_in_every_backend(which: str) -> None:
    graph = prepare(trace(FILLED))
    batch = rows_of_universe(graph, 4_000, seed=2)
    backend = backend_or_skip(which)
    nodes = {output.name: output.node for output in graph.outputs}
    result = backend.load(graph, backend.lower(graph)).run(batch, list(nodes.values()))
    for instance in range(batch.instances):
        last = None
        for bar in range(batch.bars):
            if result.nodes[nodes["status"]][bar, instance]:
                continue
            row = {name: column[bar, instance].item() for name, column in batch.inputs.items()}
            volume = row["meta_boost.volume"]
            level, reduced = (batch.params[f"z_leverage_gate.{name}"][instance].item() for name in ("level", "reduced"))
            last = volume if last is None else last
            wanted = reference(row["size"], row["z13"], row["hash_"], volume, last, level, reduced)
            assert result.nodes[nodes["sized"]][bar, instance] == wanted
            last = volume


def test_on_numbers_the_plugged_lanes_run_too() -> None:
    gated = with_slots(sized, z_leverage_gate=by_level, label=odd_label)
    assert [gated(100.0, z13, hash_) for z13, hash_ in ((0.0, 2), (2.0, 2), (2.0, 3))] == [100.0, 25.0, 12.5]
    assert sized(100.0, 2.0, 3) == 100.0
    stream = gated.stream()
    assert [stream(100.0, z13, 3) for z13 in (0.0, 2.0)] == [50.0, 12.5]


def test_what_a_slot_cannot_hand_over_is_not_there_on_numbers() -> None:
    with pytest.raises(TypeError, match="`volume` beside what its slot hands over"):
        FILLED(1.0, 2.0, 3)


@pytest.mark.parametrize("name", ["in_dollars", "of_something_else", "of_whole_numbers"])
def test_another_signature_is_refused_naming_both(name: str) -> None:
    lane: AnyLane = getattr(slotted, name)
    with pytest.raises(CompileError) as refused:
        trace(with_slots(sized, z_leverage_gate=lane))
    message = str(refused.value)
    assert "E067" in message
    assert "z_leverage_gate(z13: f64[1]) -> f64[1]  the slot" in message
    assert "slot `z_leverage_gate` is declared here" in message
    assert f"{name}(z" in message
    assert "tests/support/slotted.py:" in message


def test_a_slot_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(CompileError, match=r"E067(.|\n)*one of the slots of sized: label, meta_boost, z_leverage_gate"):
        trace(with_slots(sized, boost=by_level))


def test_only_lanes_are_plugged_in() -> None:
    with pytest.raises(TypeError, match="expected a lane"):
        with_slots(sized, meta_boost=1.0)  # type: ignore[arg-type]


def test_the_slots_of_the_library_are_neutral() -> None:
    slots = {name: each for name, each in vars(lanes.slots).items() if isinstance(each, Slot)}
    assert len(slots) == 12
    assert [slots[name]() for name in ("meta_boost", "stable_irp_signal", "lead_lag", "cross_venue")] == [
        1.0,
        0.0,
        0.0,
        0.0,
    ]
    assert slots["z_leverage_gate"]() == 1.0
    for each in slots.values():
        graph = trace(each)
        assert "Neutral:" in str(each.__doc__)
        assert not list(graph.operators())
