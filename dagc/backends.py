"""Every backend there is, by the name that `--emit` and the reports use. Nothing heavy is imported until one is asked for."""

from __future__ import annotations

from compile.backend import Backend

#: What `--emit` takes. The C lowering is run twice by a check: row by row (`c`) and in vectors (`c_batch`).
EMITTED = ("interpreter", "xla", "c", "rtl")
CHECKED = ("interpreter", "xla", "c", "c_batch", "rtl")


def backend(name: str) -> Backend:
    """The backend called `name`, one of CHECKED. Raises KeyError for any other."""
    match name:
        case "interpreter":
            from compile.interpreter.backend import Interpreter

            return Interpreter()
        case "xla":
            from compile.xla.backend import Xla

            return Xla()
        case "c":
            from compile.c.backend import C

            return C()
        case "c_batch":
            from compile.c.backend import C
            from compile.c.runner import Entry

            return C(Entry.BATCH)
        case "rtl":
            from rtl.backend import Verilog

            return Verilog()
        case _:
            raise KeyError(name)


def checked_with(emitted: tuple[str, ...]) -> tuple[str, ...]:
    """The backends that a check runs when these lowerings are emitted; the interpreter is always the reference."""
    wanted = {"interpreter", *emitted, *(["c_batch"] if "c" in emitted else [])}
    return tuple(name for name in CHECKED if name in wanted)
