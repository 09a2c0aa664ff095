"""Inspection of what this machine's XLA made of a kernel: its optimised HLO value by value, and the machine code it ended as.

Both depend on the machine and on jaxlib, so they are shown where a kernel is checked, of the very programs that the check ran,
and not of a bundle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compile.proof.compiled.machine_code import Scan, images_of, judge_code
from compile.proof.compiled.optimised_hlo import Kernel, KernelArgument, judge_program
from compile.proof.core.verdict import Unproved, Verdict
from compile.xla.program import Program, compiled
from dag.values.types import Kind

CODE = "machine code of XLA"


@dataclass(frozen=True, slots=True)
class ValidatedProgram:
    """One program that XLA compiled: for how many bars and rows, and what was shown of it."""

    bars: int
    rows: int
    hlo: Verdict
    code: Scan | Unproved


def validate(program: Program, wanted: Sequence[str], bars: int, rows: int) -> ValidatedProgram:
    """Compile `program` as a replay of `bars` x `rows` does, or take what was compiled, and inspect the result."""
    import jax

    with jax.enable_x64(True):
        executable = compiled(program, tuple(wanted), bars, rows)
        hlo = executable.as_text()
        images = images_of(executable.machine_code())
    return ValidatedProgram(
        bars, rows, judge_program(kernel_of(program), hlo, wanted, bars, rows), judge_code(CODE, images)
    )


def kernel_of(program: Program) -> Kernel:
    """The kernel as a reader of its text needs it."""
    arguments = (
        KernelArgument(each.source, each.name, each.identifier, each.type.is_float, each.kind is Kind.BOOL, each.next)
        for each in program.interface.arguments
    )
    return Kernel(program.text, tuple(arguments), program.interface.results)
