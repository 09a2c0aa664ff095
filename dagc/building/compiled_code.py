"""What this machine's compilers made of the artifacts, inspected after they were loaded and run: XLA's programs, and machine code.

Other machines and other versions compile otherwise, so a certificate says it of the machine that built the bundle, and `dagc
check` says it again wherever it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compile.backend import Files, Runner
from compile.backends import libraries, records
from compile.proof.compiled.machine_code import Scan
from compile.proof.core.verdict import Proved, Unproved, Verdict
from dag.diagnostics.wording import counted
from dagc.building.proving import refuse_refuted


@dataclass(frozen=True, slots=True)
class CompiledCode:
    """What was shown: of each program of XLA its optimised HLO, and of each piece of machine code what the search found."""

    programs: tuple[tuple[str, Verdict], ...]
    code: tuple[tuple[str, Scan | Unproved], ...]

    def unproved(self) -> list[Unproved]:
        """What could not be shown."""
        found = [verdict for _, verdict in (*self.programs, *self.code)]
        return [each for each in found if isinstance(each, Unproved)]

    def lines(self) -> list[str]:
        """A line for each, for people."""
        said = [f"{shape}: {_program(verdict)}" for shape, verdict in self.programs]
        return [*said, *(f"{name}: {_code(found)}" for name, found in self.code)]

    def as_json(self) -> dict[str, Any]:
        """For the manifest and the certificate: no figure that another run of the same compilers may not repeat."""
        return {
            "statement": "said of the machine that built the bundle: the values of XLA's optimised HLO are the kernel's; no fused "
            "multiply-add, estimate of a reciprocal or x87 arithmetic stands in the machine code",
            "programs": {shape: _said(verdict) for shape, verdict in self.programs},
            "machine_code": {name: _said(found) for name, found in self.code},
        }


def inspect_compiled_code(runners: Mapping[str, Runner], files: Files) -> CompiledCode:
    """Look at what `runners` ran, and at a compiled library among `files`. Raises BundleProblem where it is another program."""
    ran = ((record, runners[record.name]) for record in records() if record.name in runners)
    found = [record.inspected(runner) for record, runner in ran if record.inspected is not None]
    found += [library.inspected(files) for library in libraries() if library.file in files]
    programs = tuple(each for inspected in found for each in inspected.programs)
    layer = CompiledCode(programs, tuple(each for inspected in found for each in inspected.code))
    refuse_refuted(layer.unproved())
    return layer


def _program(verdict: Verdict) -> str:
    if isinstance(verdict, Proved):
        return f"optimised HLO: {counted(verdict.nodes, 'value')}, the guard and {counted(verdict.states, 'state')} are the kernel's"
    return (
        "optimised HLO: its words were compared, and kernel.stablehlo, which it was compiled from, is read back; its own text is "
        f"not followed, for want of a reader ({verdict.reason})"
    )


def _said(found: Verdict | Scan) -> str:
    return found.reason if isinstance(found, Unproved) else "shown"


def _code(found: Scan | Unproved) -> str:
    if isinstance(found, Unproved):
        return found.reason
    return f"{found.instructions:,} instructions, {found.roundings:,} rounding, 0 forbidden"
