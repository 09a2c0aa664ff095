"""What a certificate rests on and does not show: every axiom by name, with its text."""

from __future__ import annotations

from enum import Enum, unique


@unique
class Trusted(Enum):
    """Something taken for granted, as the certificate says it."""

    CPU = "the CPU's add, sub, mul, div, sqrt, rint and comparisons of binary64 and binary32 are IEEE 754, to nearest even"
    FLUSHING = "XLA's threads flush subnormals and nothing else; rows on which that could be seen are computed by the interpreter"
    C_COMPILER = (
        "the C compiler translates what it is given, with the flags recorded here: no contraction, no reassociation"
    )
    XLA = "what XLA does after the program it is given is what the canary kernels and the compared rows show"
    SIMULATOR = "the Verilog simulator runs the Verilog as it is written; a synthesised circuit is not examined"
    PYTHON = "CPython computes floats in binary64, and integers exactly"
    CHECKER = "dagc itself: its readers, its comparison of words and its meanings of the operators"
    HASHES = "nobody finds two files of one sha256"


#: On what every certificate rests; its backends have axioms of their own beside these.
ALWAYS = (Trusted.PYTHON, Trusted.CHECKER, Trusted.HASHES)

#: What is not claimed, whatever was proved or tested.
NOT_CLAIMED: tuple[str, ...] = (
    "that sampled rows represent the rows that were not sampled: a campaign is a test, not a proof",
    "who built this, or when: a certificate is not signed; sign certificate.json, which names every other file by its hash",
    "anything of another graph, of other artifacts, of GPUs, or of kernel.so on a CPU that it was not run on",
    "the payloads of NaNs: every NaN that is seen is the one canonical quiet NaN",
    "that the lane says what its author meant",
    "time: latency and throughput are measured elsewhere; the pipeline's figures are those of its schedule",
)
