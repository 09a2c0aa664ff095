"""Planted miscompilations: edits of what a backend emits, each a mistake that somebody has made in some compiler.

    python -m tests.support.mutants [--seconds 60] [--save DIR] [NAME ...]

lets the fuzzer look for each of them and says how soon it was found and how small it was made; exits with 1 where one
was not found in time. What is saved is a reproducer: healthy backends must pass it for ever.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from compile.backend import Backend, Files, Missing, Runner
from compile.backends import backend, is_simulated
from compile.c.compiler import compile_shared, find_compiler
from compile.c.library import Library
from compile.c.runner import CRunner, Entry
from compile.c.target import host_target
from compile.campaign.findings.minimise import minimise
from compile.campaign.findings.reproducer import to_json
from compile.campaign.fuzz.graphs import GraphFinding, packs, run_pack
from dag.graphs.graph import Graph
from dag.operators.op import Op


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mistake in one lowering: in the files called so, every match of `pattern` becomes `replacement`.

    Where `flag` is set, the C compiler is given it instead.
    """

    backend: str
    file: str = ""
    pattern: str = ""
    replacement: str | Callable[[re.Match[str]], str] = ""
    flag: str = ""

    def edited(self, files: Files) -> Files:
        """The files with the mistake in them."""
        return {
            path: re.sub(self.pattern, self.replacement, text.decode(), flags=re.DOTALL).encode()
            if self.file and re.fullmatch(self.file, PurePath(path).name)
            else text
            for path, text in files.items()
        }


_F = "kernel.stablehlo"
MUTANTS: dict[str, Mutant] = {
    "xla fuses products into sums": Mutant(
        "xla", _F, r"= stablehlo\.xor %bits, %zero :", "= stablehlo.or %bits, %bits :"
    ),
    "xla takes the native minimum": Mutant(
        "xla", _F, r"= stablehlo\.select %smaller, %b, %a : \S+, (\S+)", r"= stablehlo.minimum %a, %b : \1"
    ),
    "xla takes b where a equals b": Mutant("xla", _F, r"(%larger = stablehlo\.compare) GT,", r"\1 GE,"),
    "xla rounds ties away": Mutant("xla", _F, "round_nearest_even", "round_nearest_afz"),
    "xla flushes subnormals": Mutant(
        "xla", _F, r"%guard\.any = [^\n]*", "%guard.any = stablehlo.and %guard.none, %guard.none : tensor<1xi1>"
    ),
    "xla saturates to nothing": Mutant(
        "xla", _F, r"select %fits, %converted, %outside", "select %fits, %converted, %none"
    ),
    "xla keeps the NaN it finds": Mutant("xla", _F, r"select %is_nan, %nan, %bits", "select %is_nan, %bits, %bits"),
    "c fuses products into sums": Mutant("c", flag="-ffp-contract=fast"),
    "c exchanges the operands of min": Mutant("c", "kernel.c", r"= (\w+) < (\w+) \? \1 : \2;", r"= \2 < \1 ? \2 : \1;"),
    "c rounds ties away": Mutant("c", "kernel.c", r"\(size \+ 0x1p\+52\) - 0x1p\+52", "(double)(int64_t)(size + 0.5)"),
    "c saturates as the processor does": Mutant("c", "kernel.c", "return INT64_MAX;", "return INT64_MIN;"),
    "c takes the absolute value by comparing": Mutant(
        "c", "kernel.c", r"return dagc_bits_f64\(dagc_word_of\(x\) & INT64_MAX\);", "return x < 0 ? -x : x;"
    ),
    "c shifts in zeros": Mutant(
        "c", "kernel.c", r"return a < 0 \? ~\(~a >> \(n & 63\)\)", "return a < 0 ? (int64_t)((uint64_t)a >> (n & 63))"
    ),
    "c multiplies by the reciprocal": Mutant("c", "kernel.c", r"= (\w+) / (\w+);", r"= \1 * (1.0 / \2);"),
    "vectors keep the NaN they find": Mutant(
        "c_batch", "batch.c", r"return \(number & \(dagc_i64s\)x\) \|[^\n]*;", "(void)number; return (dagc_i64s)x;"
    ),
    "vectors lose the sign of a zero": Mutant(
        "c_batch", "batch.c", r"return x - \(dagc_f64s\)\{0\};", "return x + (dagc_f64s){0};"
    ),
    "vectors forget to round to binary32": Mutant(
        "c_batch", "batch.c", r"(dagc_round_f32\(dagc_f64s x\)\n\{\n    return )[^;]*;", r"\1x;"
    ),
    "the interpreter exchanges the operands of min": Mutant(
        "interpreter", "interpreter.py", r"= (\w+) if \1 < (\w+) else \2\b", r"= \2 if \2 < \1 else \1"
    ),
    "the interpreter shifts by too few bits": Mutant("interpreter", "interpreter.py", r"& 63\)", "& 31)"),
    "verilog delays by one cycle too few": Mutant(
        "rtl", r"pack\.v|reproducer\.v", r"(dagc_delay #\(\.WIDTH\(64\), \.DEPTH)\(3\)", r"\1(2)"
    ),
    "verilog rounds ties away": Mutant("rtl", r"round_to_even\.v", r"\(sticky \|\| odd\)", "(sticky || odd || guard)"),
    "verilog flushes subnormals": Mutant(
        "rtl", r"round_to_even\.v", r": \{sign, rounded\};", ": {sign, leading ? rounded : {(EXP + FRAC) {1'b0}}};"
    ),
    "verilog saturates as a processor does": Mutant(
        "rtl", r"f_to_i\.v", r"\{sign_1, \{\(INT - 1\) \{!sign_1\}\}\}", "{1'b1, {(INT - 1) {1'b0}}}"
    ),
    "verilog takes b where a equals b": Mutant(
        "rtl", r"f_choose\.v", r"\.LESS\(!LARGER\)", ".EQUAL(1), .LESS(!LARGER)"
    ),
    "verilog writes a state a cycle early": Mutant(
        "rtl",
        r"pack\.v|reproducer\.v",
        r"else if \(valid\[(\d*)([1-9])\]\)",
        lambda found: f"else if (valid[{found[1]}{int(found[2]) - 1}])",
    ),
    "interleaved verilog makes nobody wait": Mutant(
        "rtl_interleaved", r"pack\.v|reproducer\.v", r"in_ready = ~busy\[in_instance\]", "in_ready = ~(&busy)"
    ),
    "interleaved verilog forgets that an instance is fresh": Mutant(
        "rtl_interleaved", r"pack\.v|reproducer\.v", r"\| ~started\[in_instance\]", "| ~|started"
    ),
    "interleaved verilog writes a state for a neighbour": Mutant(
        "rtl_interleaved",
        r"pack\.v|reproducer\.v",
        r"(\.write_address\()(settled \? in_instance : instance_at_\d+)",
        r"\1\2 ^ {5'd0, started[0]}",
    ),
}


@dataclass(frozen=True, slots=True)
class Mutated:
    """A backend with a mutant in what it emits."""

    healthy: Backend
    mutant: Mutant

    @property
    def name(self) -> str:
        return self.healthy.name

    @property
    def table(self) -> Mapping[Op, object]:
        return self.healthy.table

    def missing(self) -> Missing | None:
        """As the healthy backend."""
        return self.healthy.missing()

    def lower(self, graph: Graph) -> Files:
        """What the healthy backend emits, and the mistake."""
        return self.mutant.edited(self.healthy.lower(graph))

    def load(self, graph: Graph, files: Files) -> Runner:
        """As the healthy backend, but for the compiler's flag."""
        if not self.mutant.flag:
            return self.healthy.load(graph, files)
        compiler = find_compiler()
        assert not isinstance(compiler, Missing)
        entry = Entry.ROW if self.name == "c" else Entry.BATCH
        return CRunner(graph, Library(compile_shared(files, host_target(), compiler, (self.mutant.flag,))), entry)


@dataclass(frozen=True, slots=True)
class Kill:
    """How a mutant was found: in which pack, after how many seconds, and what was left after how many more."""

    pack: int
    seconds: float
    small: GraphFinding
    more_seconds: float


def hunt(mutant: Mutant, seconds: float = 60.0, seed: int = 0) -> Kill | None:
    """Let the fuzzer look for a mutant in its own backend, and make what it finds small; None where it is not found in time."""
    backends = {each: backend(each) for each in dict.fromkeys(("interpreter", mutant.backend))}
    backends[mutant.backend] = Mutated(backends[mutant.backend], mutant)
    begun = time.monotonic()
    for pack in packs(seed, 100_000, 1000, 1.0 if is_simulated(mutant.backend) else 0.0):
        found = run_pack(pack, backends).findings
        if found:
            after = time.monotonic() - begun
            small = minimise(backends, found[0], seconds)
            return Kill(pack.number, after, small, time.monotonic() - begun - after)
        if time.monotonic() - begun > seconds:
            return None
    raise AssertionError("there are packs enough")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the module docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--save", type=Path)
    chosen = parser.parse_args(arguments)
    survivors = 0
    for name in chosen.names or MUTANTS:
        kill = hunt(MUTANTS[name], chosen.seconds)
        if kill is None:
            survivors += 1
            print(f"{name}: NOT FOUND in {chosen.seconds:.0f} s", flush=True)
            continue
        small = kill.small
        if chosen.save is not None:
            path = chosen.save / f"{name.replace(' ', '_')}.json"
            path.write_text(to_json(small, f"planted: {name}"), encoding="utf-8")
        print(
            f"{name}: pack {kill.pack}, {kill.seconds:.1f} s; {len(list(small.graph.operators()))} operators, "
            f"{small.batch.bars} x {small.batch.instances} rows after {kill.more_seconds:.1f} s more"
            + ("" if small.error is None else f"  {small.error[:90]}"),
            flush=True,
        )
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
