"""Names that Python lets a user write and that mean something else to some target, and programs that use them everywhere."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Sequence

#: Legal in Python, at every level of a program at once.
WORDS = (
    # words of C, C++ and SystemVerilog, and of their packages
    "register", "signed", "int64_t", "template", "namespace", "co_await", "consteval", "xor", "bitand", "compl", "final",
    "module", "wire", "logic", "output", "std", "process", "mailbox", "semaphore", "soft", "checker", "randomize", "main",
    # macros, and functions of libraries
    "NULL", "linux", "unix", "EOF", "BUFSIZ", "M_PI", "INFINITY", "I", "INT64_MAX", "errno", "assert", "memcpy", "stdin",
    "pthread_mutex", "sem", "con",
    # Python's own, and what modules import
    "float", "int", "min", "max", "round", "abs", "locals", "dict", "tuple", "zip", "math", "struct", "inf", "nan", "match",
    "type", "list", "OverflowError", "self", "fold_add", "floor", "each", "other",
    # ours
    "dagc", "dagc_init", "dagc_taps", "DAGC_LANES", "result", "results", "status", "accepted", "state", "inputs", "params",
    "outputs", "taps", "tap", "step", "bars", "row", "words", "lane", "clk", "rst", "in_valid", "in_ready", "valid", "ready",
    "restart", "instance", "load", "idle", "in_", "out_valid", "_tb", "x_tb", "f_add", "leading_zeros", "saved_place", "INTERVAL",
    "before", "next", "in_domain", "names", "ports", "rejected", "offender", "as_dict", "unused", "fresh", "busy",
    # what the escape writes
    "a__b", "a_", "_a", "_", "__", "x___u", "u____u", "x____user", "x_", "x_at_1", "x_to_1", "x_core", "x_register", "x_word",
    # the kernel's own
    "everything", "everything_init", "everything_inputs", "everything_state", "everything_row", "everything_step",
    "everything_lanes", "everything_NODES", "EVERYTHING_NODES", "DAGC_everything_H",
    # letters
    "σ", "größe", "ﬁne", "x", "X",
)  # fmt: skip


def words() -> tuple[str, ...]:
    """WORDS as Python reads them: in NFKC, and none that is a keyword."""
    return tuple(unicodedata.normalize("NFKC", word) for word in WORDS if not keyword.iskeyword(word))


def helpers(of: Sequence[str], number: str = "float") -> str:
    """A module with a lane for each word, whose argument, variable and parameter field are called so too."""
    lines = ["from dagc import lane as decorated", f"Number = {number}"]
    for word in of:
        lines += [
            "",
            "",
            "@decorated",
            f"def {word}({word}: Number) -> Number:",
            f'    """One more than `{word}`."""',
            f"    {word} = {word} + 1",
            f"    return {word} + {word}",
        ]
    return "\n".join([*lines, ""])


def program(of: Sequence[str], helpers_module: str, number: str = "float") -> str:
    """A module whose lane has a field of its inputs, a parameter, a state and an output for each word, and calls its lane."""
    fields = [f"    {word}: Annotated[Number, domain(0, 8)]" for word in of]
    lines = [
        "from dataclasses import dataclass",
        "from typing import Annotated",
        "from dagc import carry, domain, lane, params",
        f"import {helpers_module}",
        "",
        f"Number = {number}",
        "",
        "@dataclass(frozen=True)",
        "class Inputs:",
        *fields,
        "",
        "@params",
        "class Params:",
        *(f"{field} = 1" for field in fields),
        "",
        "@dataclass(frozen=True)",
        "class Outputs:",
        *(f"    {word}: Number" for word in of),
        "",
        "@lane",
        "def everything(dagc_in: Inputs, dagc_params: Params) -> Outputs:",
    ]
    for word in of:
        lines += [
            f"    {word} = carry(initial=Number(0))",
            f"    {word} = {word} + {helpers_module}.{word}(dagc_in.{word} + dagc_params.{word})",
        ]
    made = ", ".join(f"{word}={word} - 1" for word in of)
    return "\n".join([*lines, f"    return Outputs({made})", ""])
