"""The optimised HLO of a compiled kernel, and the StableHLO it came from, as operations that can be counted and followed."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from compile.proof.compiled.text import Instruction, hlo_module
from compile.xla.operators import BOOL, F64, I64
from compile.xla.program import Program, compiled
from dag.graphs.graph import Graph

#: What HLO calls the elements of a tensor that StableHLO writes so.
HLO_SORT = {F64: "f64", I64: "s64", BOOL: "pred"}
_STABLEHLO = re.compile(r"= stablehlo\.(\w+) .*(tensor<1x\w+>)\s*(?://.*)?$", re.MULTILINE)


def compiled_for(graph: Graph, program: Program, wanted: tuple[int, ...]) -> Any:
    """`program` compiled by XLA for 4 bars of 64 rows that return the nodes `wanted`."""
    import jax

    with jax.enable_x64(True):
        return compiled(program, tuple(graph.identifiers[node] for node in wanted), 4, 64)


def instructions(text: str) -> list[Instruction]:
    """Every instruction of an HLO module's text; a line in braces that is none fails."""
    return [
        each for computation in hlo_module(text).computations.values() for each in computation.instructions.values()
    ]


def written(program: Program) -> Counter[tuple[str, str]]:
    """How often each operation is carried out in one bar as the kernel is written, by opcode and type, named as HLO does."""
    main, *functions = re.split(r"func\.func private @", program.text)
    bodies = {str(re.match(r"\w+", body)[0]): body for body in functions}  # type: ignore[index]  # a function has a name
    total: Counter[tuple[str, str]] = Counter()
    called = Counter(re.findall(r"func\.call @(\w+)", main))
    for body, times in ((main, 1), *((bodies[name], times) for name, times in called.items())):
        for opcode, sort in _STABLEHLO.findall(body):
            total[opcode.replace("_", "-"), HLO_SORT[sort]] += times
    return total
