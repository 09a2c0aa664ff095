"""Every operator of every backend against its meaning, the host's arithmetic and SoftFloat.

    python -m dagc.operators [--rows 100000] [--seed 1] [--backends c,rtl] [--again]

tries the operators whose emitted text or tools changed since `evidence.json` was written (`--again`: all) on special and random
operands at full width; the cores of the Verilog also on every pair of operands of two tiny formats, and it has proved what
`rtl.evidence.core_proofs` claims of them. Prints a line for each that differs or has changed, and exits with 1 where a word differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from compile.backend import Backend, Refusal
from compile.backends import record_of, with_evidence
from dag.operators.op import Op
from dag.operators.table import ON_ARRAYS, OPS
from dagc.operators.evidence import OperatorTrial, read_evidence, write_evidence
from dagc.operators.hardware import try_hardware
from dagc.operators.keys import text_key, tools_of
from dagc.operators.software import WrongRow, try_software


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the module docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backends", default=",".join(with_evidence()))
    parser.add_argument("--again", action="store_true", help="try what was tried already once more")
    chosen = parser.parse_args(arguments)
    evidence = read_evidence()
    wrong: list[WrongRow] = []
    for name in chosen.backends.split(","):
        record = record_of(name)
        each = record.make(None)
        if (absent := each.missing()) is not None:
            print(f"{name}: {absent.tool} is missing\n  fix  {absent.fix}")
            continue
        known = evidence.get(name, {})
        stale = tuple(op for op in _ops(each) if chosen.again or _is_stale(each, op, known.get(op.name), chosen.rows))
        if not stale:
            print(f"{name}: all {len(_ops(each))} operators as they were tried")
            continue
        attempt = try_hardware if record.is_simulated else try_software
        tried, found = attempt(each, stale, chosen.rows, chosen.seed)
        kept = {op.name for op in _ops(each)} - {op.name for op in stale}
        evidence[name] = {op: row for op, row in known.items() if op in kept} | tried
        write_evidence(evidence)
        wrong += found
        print(f"{name}: {len(stale)} operators on {chosen.rows:,} rows each, {len(found)} wrong", flush=True)
    for each_wrong in wrong:
        print(each_wrong)
    return 1 if wrong else 0


def _ops(each: Backend) -> list[Op]:
    return [op for op in OPS.values() if op not in ON_ARRAYS and not isinstance(each.table[op], Refusal)]


def _is_stale(each: Backend, op: Op, tried: OperatorTrial | None, rows: int) -> bool:
    return tried is None or tried.rows < rows or (tried.text, tried.tools) != (text_key(each, op), tools_of(each))


if __name__ == "__main__":
    sys.exit(main())
