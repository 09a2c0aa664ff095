"""When a value is known: the earliest of build, bind, bar and row, by what it depends on."""

from __future__ import annotations

from compile.analysis.stages import Stage, stages
from dag.graphs.builder import GraphBuilder
from dag.operators.table import ADD, MUL
from dag.values.domain import whole_domain
from dag.values.types import F64


def test_a_value_is_known_as_soon_as_what_it_depends_on() -> None:
    builder = GraphBuilder("staged")
    domain = whole_domain(F64)
    price = builder.input("price", F64, "1", domain)
    scale = builder.param("scale", F64, "1", domain, None)
    level = builder.state("level", F64, "1", 0.0)
    one, two = builder.const(1.0, F64, "1"), builder.const(2.0, F64, "1")
    made = {
        "constant": (builder.op(ADD, (one, two)), Stage.BUILD),
        "of a parameter": (builder.op(MUL, (scale, two)), Stage.BIND),
        "of a parameter, the constant first": (builder.op(ADD, (one, scale)), Stage.BIND),
        "of an input": (builder.op(MUL, (two, price)), Stage.BAR),
        "of both": (builder.op(ADD, (price, scale)), Stage.ROW),
        "of both, the parameter first": (builder.op(MUL, (scale, price)), Stage.ROW),
        "of a state": (builder.op(ADD, (level, one)), Stage.ROW),
    }
    for name, (node, _) in made.items():
        builder.tap(name, node)
        builder.output(name.replace(" ", "_").replace(",", ""), node, 0.0)
    builder.set_next("level", made["of a state"][0])
    graph = builder.freeze()
    found = stages(graph)
    assert {name: found[graph.node(name)] for name in made} == {name: stage for name, (_, stage) in made.items()}
    of_ports = {"price": Stage.BAR, "scale": Stage.BIND}
    assert {name: found[graph.node(name)] for name in of_ports} == of_ports
    assert found[graph.states[0].node] is Stage.ROW
