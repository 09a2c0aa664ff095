"""What the language rules out, so that no check is needed: order, look-ahead, chance, a second writer."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from compile.backend import Batch
from compile.campaign.drawing.sample import sample, universe_of
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.operators.op import Source
from dag.operators.table import OPS
from dag.trace import trace
from dag.values.words import words_of_column
from examples.five_factor import five_factor

ORDERED = """\
from dataclasses import dataclass
from typing import Annotated

from dagc import carry, domain, lane, params


{classes}


{lanes}


@lane
def sized({arguments}) -> Result:
{body}
    return Result(total=first + second, level=level, count=count)
"""
CLASSES = (
    "@params\nclass Sizing:\n    low: float = 0.5\n    high: float = 2.0",
    "@dataclass(frozen=True)\nclass Result:\n    total: float\n    level: float\n    count: int",
)
LANES = (
    "@lane\ndef smoothed(x: float, s: Sizing) -> float:\n    mean = carry(initial=x)\n"
    "    mean = mean + 0.5 * (x - mean)\n    return mean * s.low",
    "@lane\ndef raised(x: float, s: Sizing) -> float:\n    return max(x, s.high)",
)
ARGUMENTS = ("x: float", "y: float", "s: Sizing")
CARRIES = ("    level = carry(initial=x)", "    count = carry(initial=0)")
STATEMENTS = (
    "    first = smoothed(x, s)",
    "    second = raised(y, s)",
    "    level = level + 0.25 * (y - level)",
    "    count = min(count + 1, 99)",
)


def graph_of(tmp_path: Path, text: str) -> Graph:
    file = tmp_path / "ordered.py"
    file.write_text(text)
    return trace(load_lane(f"{file}:sized"))


def program(
    classes: tuple[str, ...] = CLASSES, lanes: tuple[str, ...] = LANES, arguments: tuple[str, ...] = ARGUMENTS,
    carries: tuple[str, ...] = CARRIES, statements: tuple[str, ...] = STATEMENTS,
) -> str:  # fmt: skip
    return ORDERED.format(
        classes="\n\n\n".join(classes), lanes="\n\n\n".join(lanes), arguments=", ".join(arguments),
        body="\n".join((*carries, *statements)),
    )  # fmt: skip


def test_the_order_of_independent_statements_and_definitions_means_nothing(tmp_path: Path) -> None:
    """All orders of independent statements; lanes, classes and carried names reversed."""
    wanted = graph_of(tmp_path, program()).content_hash
    others = [
        program(classes=CLASSES[::-1]),
        program(lanes=LANES[::-1]),
        program(carries=CARRIES[::-1]),
        *(program(statements=each) for each in itertools.permutations(STATEMENTS)),
    ]
    assert {graph_of(tmp_path, each).content_hash for each in others} == {wanted}
    assert graph_of(tmp_path, program().replace("first + second", "second + first")).content_hash != wanted


def test_the_order_of_ports_is_positional_and_no_value_depends_on_it(tmp_path: Path) -> None:
    """Fields, results and arguments reversed: other positions, so another hash, and the same computation by name."""
    fields = CLASSES[0].replace("low: float = 0.5\n    high: float = 2.0", "high: float = 2.0\n    low: float = 0.5")
    result = "@dataclass(frozen=True)\nclass Result:\n    count: int\n    level: float\n    total: float"
    one = graph_of(tmp_path, program())
    for text in (
        program(classes=(fields, CLASSES[1])),
        program(classes=(CLASSES[0], result)),
        program(arguments=ARGUMENTS[::-1]),
    ):
        other = graph_of(tmp_path, text)
        assert other.content_hash != one.content_hash
        assert computation(other) == computation(one)


def computation(graph: Graph) -> dict[str, str]:
    """What each output and next state is computed as, with ports by their names."""
    said: list[str] = []
    for node, op in enumerate(graph.ops):
        operands = ", ".join(said[arg] for arg in graph.args[node])
        source = f"{graph.names[node] if graph.constants[node] is None else graph.constants[node]!r}"
        said.append(f"{op}({operands})" if operands else source)
    ends = {output.name: said[output.node] for output in graph.outputs}
    return ends | {f"{state.name}.next": said[state.next] for state in graph.states}


def test_later_bars_change_nothing_earlier() -> None:
    """The five-factor sizing on two runs that differ from bar 20 on: every value before is the same word."""
    graph = prepare(trace(five_factor))
    batch = sample(universe_of(graph), 40, 3, np.random.default_rng(5))
    other = sample(universe_of(graph), 40, 3, np.random.default_rng(6))
    mixed = {name: np.concatenate([column[:20], other.inputs[name][20:]]) for name, column in batch.inputs.items()}
    nodes = graph.single_values()
    runner = Interpreter().load(graph, Interpreter().lower(graph))
    runs = [
        runner.run(Batch(inputs, batch.params, None, batch.bars, batch.instances), nodes)
        for inputs in (batch.inputs, mixed)
    ]
    different = 0
    for node in nodes:
        first, second = (words_of_column(run.nodes[node], graph.types[node]) for run in runs)
        assert np.array_equal(first[:20], second[:20]), graph.names[node]
        different += not np.array_equal(first[20:], second[20:])
    assert different > 300


def test_values_come_from_ports_states_and_operators_only() -> None:
    """None of which is a clock or a generator: a graph without an edge to one is the same on every run."""
    assert {each.name for each in Source} == {"INPUT", "PARAM", "STATE", "CONST"}
    assert not [name for name in OPS if any(word in name for word in ("rand", "time", "clock", "now"))]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("x = random.random()", "E043"),
        ("x = time.time()", "E043"),
        ("s.low = x", "E042"),
        ("object.__setattr__(s, 'low', x)", "E022"),
        ("global LOW; LOW = x", "E04"),
    ],
)  # fmt: skip
def test_chance_clocks_and_second_writers_are_refused(tmp_path: Path, line: str, code: str) -> None:
    text = program().replace("from dataclasses", "import random\nimport time\nfrom dataclasses", 1)
    with pytest.raises(CompileError) as refused:
        graph_of(tmp_path, text.replace("    first = ", f"    {line}\n    first = ", 1))
    assert any(each.code.startswith(code) for each in refused.value.diagnostics), refused.value
