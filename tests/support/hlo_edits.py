"""Edits of an emitted kernel that take one remedy away: what a naive lowering would have been."""

from __future__ import annotations

import re
from collections.abc import Callable

from compile.xla.program import Program
from compile.xla.selftest.rewrites import unguarded
from dag.values.types import Kind


def without_fences(program: Program) -> Program:
    """Products that LLVM may contract with a following addition."""
    fence = r"%bits = .* %product : .*\s+%same = stablehlo\.xor %bits, %zero : .*\s+(%result = stablehlo\.)bitcast_convert %same : .*"
    return _edited(program, fence, r"\1reshape %product : (tensor<1xf64>) -> tensor<1xf64>")


def without_barriers(program: Program) -> Program:
    """Results that the algebraic simplifier may look through."""
    return _edited(program, r"= stablehlo\.optimization_barrier (%\w+) : (\S+)", r"= stablehlo.reshape \1 : (\2) -> \2")


def with_native_minimum(program: Program) -> Program:
    """IEEE 754-2019 minimum in place of Python's."""
    return _edited(program, r"= stablehlo\.select %smaller, %b, %a : \S+, (\S+)", r"= stablehlo.minimum %a, %b : \1")


def with_literals(program: Program) -> Program:
    """Constants that the compiler can see, and nothing that hides them."""
    text = without_barriers(program).text
    lines: list[str] = []
    for argument in program.interface.arguments:
        if argument.source == "constant" and argument.kind is Kind.F64:
            text = re.sub(rf"([(,] ?)%{argument.identifier}(?=[,)])", rf"\1%{argument.identifier}.literal", text)
            lines.append(
                f"%{argument.identifier}.literal = stablehlo.constant dense<0x{argument.word:016X}> : tensor<1xf64>"
            )
    head = text.index("{\n", text.index(") -> (")) + 2
    return Program(text[:head] + "\n".join(lines) + "\n" + text[head:], program.interface)


def naive(program: Program) -> Program:
    """What a lowering without any remedy gives."""
    return with_native_minimum(without_fences(with_literals(program)))


NAIVE: dict[str, Callable[[Program], Program]] = {
    "without_fences": without_fences,
    "without_barriers": without_barriers,
    "with_native_minimum": with_native_minimum,
    "with_literals": with_literals,
    "without_guard": unguarded,
}


def _edited(program: Program, pattern: str, replacement: str) -> Program:
    return Program(re.sub(pattern, replacement, program.text), program.interface)
