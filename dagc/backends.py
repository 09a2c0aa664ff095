"""Every backend there is, by the name that `--emit` and the reports use. Nothing heavy is imported until one is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from compile.backend import SIMULATED, Backend, Missing

#: What `--emit` takes, and a file that each lowering has. The C lowering is run twice by a check: row by row (`c`) and in
#: vectors (`c_batch`).
FILE_OF = {"interpreter": "interpreter.py", "xla": "kernel.stablehlo", "c": "kernel.c", "rtl": "rtl/pipeline.json"}
EMITTED = tuple(FILE_OF)
#: Lowerings whose texts are emitted and read back without the tool that compiles them.
NEEDS_NO_TOOL = frozenset(("interpreter", "c"))
#: What `--backends` takes, and what a check runs where nothing is asked for: the second way to hardware doubles its time.
CHECKED = ("interpreter", "xla", "c", "c_batch", *SIMULATED)
BY_DEFAULT = ("interpreter", "xla", "c", "c_batch", "rtl")
#: As `compile.check.compare` has it: the lane's own function on numbers, no lowering but run by a check all the same.
LANE = "lane"
#: Instances of the pipeline that a check interleaves.
INTERLEAVED = 64


def backend(name: str, rtl_instances: int | None = None) -> Backend:
    """The backend called `name`, one of CHECKED. Raises KeyError for any other.

    What `rtl` emits is interleaved where `rtl_instances` says of how many; it loads what was emitted in either way.
    """
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

            return Verilog(instances=rtl_instances)
        case "rtl_interleaved":
            from rtl.backend import Verilog

            return Verilog(instances=INTERLEAVED)
        case _:
            raise KeyError(name)


def checked_with(emitted: tuple[str, ...]) -> tuple[str, ...]:
    """The backends that a check runs when these lowerings are emitted; the interpreter is always the reference."""
    wanted = {"interpreter", *emitted, *(["c_batch"] if "c" in emitted else [])}
    return tuple(name for name in CHECKED if name in wanted)


def usable(names: Iterable[str]) -> tuple[tuple[str, ...], dict[str, Missing]]:
    """The backends of `names` whose tools are here, and what the others lack."""
    absent = {name: backend(name).missing() for name in names}
    here = tuple(name for name, tool in absent.items() if tool is None)
    return here, {name: tool for name, tool in absent.items() if tool is not None}
