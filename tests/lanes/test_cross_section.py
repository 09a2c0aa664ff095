"""Functions across an axis, on numbers and in every backend, against what their definitions say, evaluated the long way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Annotated, Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.c.backend import C
from compile.campaign.drawing.sample import sample, universe_of
from compile.interpreter.backend import Interpreter
from compile.lane.check import LaneCheck
from compile.pipeline import prepare
from compile.proof.core.prove import prove
from compile.proof.core.verdict import Proved
from compile.xla.backend import Xla
from dag import T, Vector, domain, ieee_div, lane
from dag.diagnostics.diagnostic import CompileError
from dag.language.lane import AnyLane
from dag.trace import trace, traced
from dag.values.types import F64
from dag.values.words import word_of
from lanes.cross_section import argmax, argmin, below, mean, neutralise, place, rank, scale, sort, total, zscore
from tests.support.backends import backend_or_skip
from tests.support.cross_section_lanes import PROGRAMS
from tests.support.meaning import assert_same_words, evaluate

INF, NAN = math.inf, math.nan
PLACES = 5


class Sector(Enum):
    ENERGY = "energy"
    TECH = "tech"
    BANKS = "banks"


class Few(Vector[T], length=PLACES):
    """As many as there are."""


Signal = Annotated[float, domain(-1e300, 1e300)]


@dataclass(frozen=True)
class Across:
    """All of them at once."""

    total: float
    mean: float
    below: Few[float]
    first: Few[float]
    last: Few[float]
    rank: Few[float]
    ascending: Few[float]
    greatest: int
    least: int
    standard: Few[float]
    scaled: Few[float]
    neutral: Few[float]


@lane
def across(x: Few[Signal], y: Few[Signal], traded: Few[bool], by: Few[Sector]) -> Across:
    """Every function, of values with infinities and NaN among them."""
    z = Few(ieee_div(a, b) for a, b in zip(x, y, strict=True))
    return Across(
        total(z, traded),
        mean(z, traded),
        below(z, traded),
        place(z, mask=traded),
        place(z, descending=True, mask=traded, outside=-1.0),
        rank(z, traded, outside=0.5),
        sort(z),
        argmax(z, traded),
        argmin(z, traded),
        zscore(z, traded),
        scale(z, 2.0, traded),
        neutralise(z, by, traded),
    )


@lane
def unmasked(x: Few[Signal]) -> tuple[float, Few[float], Few[float], int]:
    """Without a mask, every number is a member."""
    return mean(x), rank(x), zscore(x), argmax(x)


def summed(values: Sequence[float]) -> float:
    found = 0.0
    for each in values:
        found = found + each
    return found


def divided(a: float, b: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


def by_definition(z: Sequence[float], traded: Sequence[bool], by: Sequence[Sector]) -> tuple[object, ...]:
    """The table of definitions, word by word."""
    n = range(PLACES)
    held = [traded[i] and not math.isnan(z[i]) for i in n]
    inside = [i for i in n if held[i]]
    m = len(inside)
    less = [sum(z[j] < z[i] for j in inside) for i in n]
    more = [sum(-z[j] < -z[i] for j in inside) for i in n]
    first = [less[i] + sum(z[j] == z[i] for j in inside if j < i) if held[i] else INF for i in n]
    last = [more[i] + sum(z[j] == z[i] for j in inside if j < i) if held[i] else -1.0 for i in n]
    ranks = [(less[i] + m - more[i] + 1) / (2 * m) if held[i] else 0.5 for i in n]
    ascending = sorted(v for v in z if not math.isnan(v)) + [v for v in z if math.isnan(v)]
    ordered = sorted(inside, key=lambda i: z[i])
    greatest = next((i for i in inside if z[i] == z[ordered[-1]]), -1)
    least = next((i for i in inside if z[i] == z[ordered[0]]), -1)
    all_of = summed([z[i] for i in inside])
    centre = all_of / m if m else 0.0
    squares = [(v - centre) * (v - centre) for v in z]
    variance = summed([squares[i] for i in n if traded[i] and not math.isnan(squares[i])]) / max(m, 1)
    root = math.sqrt(variance)
    standard = [divided(z[i] - centre, root) if held[i] and root != 0.0 else 0.0 for i in n]
    gross = summed([abs(z[i]) for i in inside])
    scaled = [z[i] * divided(2.0, gross) if held[i] and gross != 0.0 else 0.0 for i in n]
    groups = [[j for j in inside if by[j] == by[i]] for i in n]
    neutral = [z[i] - summed([z[j] for j in groups[i]]) / len(groups[i]) if held[i] else 0.0 for i in n]
    return all_of, centre, less, first, last, ranks, ascending, greatest, least, standard, scaled, neutral


def words(value: Any) -> tuple[int, ...]:
    items: Sequence[Any] = value if isinstance(value, Sequence) else [value]
    return tuple(word_of(math.nan if each != each else float(each), F64) for each in items)


VALUES = (0.0, -0.0, 1.0, 1.0, -2.0, 5e-324, -1e-310, 1e300, -1e300, 0.1, 7.5)
ROWS = 400


def drawn(seed: int) -> list[tuple[list[float], list[float], list[bool], list[Sector]]]:
    """Rows with ties, zeros of both signs, infinities and NaN, no members, groups of one and of all."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(ROWS):
        x, y = rng.choice(VALUES, PLACES).tolist(), rng.choice((1.0, 1.0, 1.0, 0.0, -0.0, 3.0), PLACES).tolist()
        traded = (rng.random(PLACES) < (0.0, 0.5, 0.9, 1.0)[k % 4]).tolist()
        of = rng.integers(0, 3, PLACES) * (k % 5 > 0)
        rows.append((x, y, traded, [list(Sector)[i] for i in of]))
    return rows


def test_each_is_what_its_definition_says_in_every_backend() -> None:
    rows = drawn(5)
    graph = prepare(trace(across))
    expected = []
    for x, y, traded, by in rows:
        z = [divided(a, b) for a, b in zip(x, y, strict=True)]
        expected.append([words(each) for each in by_definition(z, traded, by)])
        found = across(Few(x), Few(y), Few(traded), Few(by))
        assert [words(getattr(found, each.name)) for each in fields(Across)] == expected[-1], (z, traded, by)
    members = next(graph.types[port.node] for port in graph.inputs if port.name == "by").members
    assert members is not None
    codes = {Sector[name]: code for name, code in members.codes}
    columns = {
        "x": np.array([[row[0]] for row in rows]),
        "y": np.array([[row[1]] for row in rows]),
        "traded": np.array([[row[2]] for row in rows]),
        "by": np.array([[[codes[each] for each in row[3]]] for row in rows], np.int64),
    }
    batch = Batch(columns, {}, None, ROWS, 1)
    outputs = {each.name: each.node for each in graph.outputs if each.name != "status"}
    for name in ("interpreter", "c", "c_batch", "xla"):
        backend = backend_or_skip(name)
        run = backend.load(graph, backend.lower(graph)).run(batch, list(outputs.values()))
        for k, row in enumerate(expected):
            for part, wanted in zip(fields(Across), row, strict=True):
                column = run.nodes[outputs[part.name]]
                assert words(np.atleast_1d(column[k, 0]).tolist()) == wanted, (name, part.name, rows[k])


@pytest.mark.parametrize("which", [across, unmasked], ids=lambda each: each.name)
def test_every_artifact_is_proved(which: AnyLane) -> None:
    graph = prepare(trace(which))
    verdicts = prove(graph, {**Interpreter().lower(graph), **C().lower(graph), **Xla().lower(graph)})
    assert len(verdicts) == 5
    assert all(isinstance(each, Proved) for each in verdicts), verdicts


def test_without_a_mask_every_number_is_a_member() -> None:
    every = [True] * PLACES
    for x, _, _, by in drawn(6):
        wanted = by_definition(x, every, by)
        found = unmasked(Few(x))
        assert [words(each) for each in found] == [words(wanted[i]) for i in (1, 5, 9, 7)]


def test_places_by_hand() -> None:
    x = Few([2.0, 1.0, 2.0, NAN, -0.0])
    assert list(place(x)) == [2.0, 1.0, 3.0, INF, 0.0]
    assert list(place(x, descending=True)) == [0.0, 2.0, 1.0, INF, 3.0]
    assert list(rank(x, outside=0.0)) == [0.875, 0.5, 0.875, 0.0, 0.25]
    assert list(sort(x))[:4] == [-0.0, 1.0, 2.0, 2.0]
    assert (argmax(x), argmin(x), argmax(x, Few(fill=False))) == (0, 4, -1)


class Wide(Vector[T], length=17):
    """One more than is compared place by place."""


@lane
def too_wide(x: Wide[Signal]) -> Wide[float]:
    """An order of many."""
    return place(x)


@lane
def not_members(x: Few[Signal]) -> Few[float]:
    """Groups of numbers."""
    return neutralise(x, x)


@pytest.mark.parametrize(("which", "message"), [(too_wide, "16 places"), (not_members, "members of an Enum")])
def test_what_is_not_there_is_refused_by_name(which: AnyLane, message: str) -> None:
    with pytest.raises(CompileError) as refused:
        trace(which)
    assert message in str(refused.value)
    assert "E047" in str(refused.value)


def test_members_of_none_raise_on_numbers() -> None:
    with pytest.raises(TypeError, match="members_in takes members of an Enum along an axis, not float"):
        neutralise(Few(fill=1.0), Few(fill=1.0))


@pytest.mark.parametrize("which", PROGRAMS, ids=lambda each: each.name)
def test_a_program_has_the_same_words_everywhere_and_is_proved(which: AnyLane) -> None:
    trace_of = traced(which)
    graph = prepare(trace_of.graph)
    batch = sample(universe_of(graph), 12, 5, np.random.default_rng(3))
    shown = [node for node in graph.shown_values() if graph.constants[node] is None]
    expected = evaluate(graph, batch, shown)
    for name in ("interpreter", "c", "c_batch", "xla"):
        backend = backend_or_skip(name)
        assert_same_words(graph, backend.load(graph, backend.lower(graph)).run(batch, shown), expected, name)
    compared = LaneCheck.of(which, graph, trace_of).compare(batch, expected)
    assert compared.differences == 0, compared.first
    verdicts = prove(graph, {**Interpreter().lower(graph), **C().lower(graph), **Xla().lower(graph)})
    assert all(isinstance(each, Proved) for each in verdicts), verdicts
