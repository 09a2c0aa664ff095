"""The emitted text: total over the op table, the same bytes every time, one readable line a node, no float in sight."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from compile.campaign.drawing.random_graph import random_graph
from compile.xla.emit import INTERFACE, KERNEL, emit, interface_from_json, interface_of
from compile.xla.operators import TABLE
from dag.diagnostics.span import Span
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, MUL, OPS
from dag.values.domain import whole_domain
from dag.values.types import F64
from tests.support.arithmetic_graphs import arithmetic_graph


def smoothed() -> Graph:
    builder = GraphBuilder("smoothed")
    builder.open_scope("", "smoothed")
    x = builder.input("x", F64, "usd", whole_domain(F64))
    level = builder.state("level", F64, "usd", 0.0)
    step = builder.op(MUL, (builder.const(0.1, F64, "1"), x), Span("lanes/ema.py", 7, 5, 9))
    following = builder.op(ADD, (level, step), Span("lanes/ema.py", 8, 5, 9))
    builder.tap("step", step)
    builder.set_next("level", following)
    builder.output("out", following, 0.0)
    builder.tap("smoothed", following)
    return builder.freeze()


def test_every_op_is_lowered() -> None:
    assert set(TABLE) == set(OPS.values())


def test_a_line_for_each_node_points_home() -> None:
    text = emit(smoothed())[KERNEL].decode()
    body = text[text.index(") -> (") : text.index("func.func private")]
    assert [line.strip() for line in body.splitlines()][1:3] == [
        "%step = func.call @mul(%step__1, %x, %fence.zero) : (tensor<1xf64>, tensor<1xf64>, tensor<1xi64>) -> tensor<1xf64>"
        "  // lanes/ema.py:7",
        "%smoothed = func.call @add(%level__before, %step) : (tensor<1xf64>, tensor<1xf64>) -> tensor<1xf64>"
        "  // lanes/ema.py:8",
    ]
    assert "%step__1: tensor<1xf64>,  // constant 0.1" in text
    assert "%x: tensor<1xf64>  // input x [usd]" in text


def test_interface_survives_its_file() -> None:
    graph = random_graph(5)
    assert interface_from_json(emit(graph)[INTERFACE]) == interface_of(graph)


@pytest.mark.parametrize("seed", range(3))
def test_no_float_literal_is_emitted(seed: int) -> None:
    for literal in re.findall(r"stablehlo\.constant dense<(.*)> : (\S+)", emit(random_graph(seed))[KERNEL].decode()):
        assert literal[1] in ("tensor<1xi64>", "tensor<1xi1>"), literal


def test_same_bytes_in_another_process() -> None:
    command = "import sys; from compile.xla.emit import emit; from compile.campaign.drawing.random_graph import random_graph\n"
    command += "sys.stdout.buffer.write(b''.join(emit(random_graph(1)).values()))"
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
    assert run.stdout == b"".join(emit(random_graph(1)).values())


def test_every_product_is_fenced_and_every_result_barred() -> None:
    text = emit(arithmetic_graph(4, 60))[KERNEL].decode()
    functions = re.findall(r"func\.func private @(\w+)\(.*?\n  }", text, re.DOTALL)
    bodies = re.split(r"func\.func private @", text)[1:]
    assert len(functions) == len(bodies)
    for name, body in zip(functions, bodies, strict=True):
        if "stablehlo.multiply" in body:
            assert "%same = stablehlo.xor %bits, %zero" in body, name
        if not name.startswith("vanished") and name != "subnormal":
            assert re.search(r"%exact = stablehlo\.optimization_barrier %result .*\n\s+return %exact", body), name
