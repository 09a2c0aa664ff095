"""A backend as the rest of dagc knows it: one record, which answers whatever is asked about a backend by its name.

A record is light: what is heavy (jax, a reader, a simulator) is imported by the functions in it when they are called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from compile.backend import Backend, Files, Missing, Runner
from compile.certificate.trusted import Trusted

if TYPE_CHECKING:
    from compile.proof.compiled.machine_code import Scan
    from compile.proof.core.verdict import Reader, Unproved, Verdict
    from dag.graphs.graph import Graph
    from dag.operators.op import Op


class Pace(Enum):
    """How many of a campaign's rows a way of running a graph is given, for the time that a row takes it."""

    #: All of them.
    EVERY_ROW = auto()
    #: A share: see `Plan.interpreter_rows`.
    REFERENCE = auto()
    #: The first ones: see `Plan.rtl_rows`.
    SIMULATED = auto()
    #: The first STEPPED_ROWS of them: it is called from Python, bar by bar.
    STEPPED = auto()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What this machine's compilers made of an artifact: of each program its optimised form, and what its machine code holds."""

    programs: tuple[tuple[str, Verdict], ...] = ()
    code: tuple[tuple[str, Scan | Unproved], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryRecord:
    """A compiled library that a bundle carries: how it is made, run, examined, and bound to its source."""

    file: str
    #: For a backend that compiles the same code here: the name under which the shipped library runs instead.
    runs_as: Mapping[str, str]
    #: All names under which a check runs it, and the pace of each.
    paces: Mapping[str, Pace]
    rests_on: tuple[Trusted, ...]
    #: The library made of the texts in `files`.
    compiled: Callable[[Files], bytes]
    #: Whatever its bytes depend on besides the texts: another compiler under the same name is another one.
    made_by: Callable[[], tuple[str, ...]]
    #: What it is compiled with here, for the manifest, which has this under the name of the file.
    facts: Callable[[], dict[str, Any]]
    #: Its runners by name; none where it is missing or this CPU cannot run it.
    runners: Callable[[Graph, Files], dict[str, Runner]]
    #: What was examined of it, in sentences, given what the manifest says; none where it cannot be run here.
    examined: Callable[[Graph, Files, Mapping[str, Any]], list[str]]
    #: Why it is not known to be compiled from the texts beside it, given what the manifest says; None where it is.
    why_unbound: Callable[[Files, Mapping[str, Any]], str | None]
    #: What stands in its machine code.
    inspected: Callable[[Files], Inspection]


def _no_readers(files: Files) -> Sequence[Reader]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendRecord:
    """One backend. `name` is what `--emit`, `--backends` and the reports call it."""

    name: str
    #: Makes the backend. Where it `interleaves`, a number given is how many instances share the pipeline.
    make: Callable[[int | None], Backend]
    #: The backend whose files it runs, where it emits none of its own: another way to run the same artifact.
    runs: str = ""
    #: A file that everything it emits has; empty where it emits nothing.
    file: str = ""
    #: Whether a command that names no backend runs it.
    by_default: bool = True
    #: Whether a first look runs it too, which is over in a second or two: `dagc build --quick`, `dagc watch`.
    is_quick: bool = False
    #: Whether `--rtl-instances` is about it.
    interleaves: bool = False
    #: Whether its text is emitted and read back on a machine that lacks the tool which runs it.
    emits_without_tool: bool = False
    pace: Pace = Pace.EVERY_ROW
    #: Of the backends that see every row, the one with the highest speed leads a campaign's search. 0: never.
    speed: int = 0
    #: Whether it compiles one program for all the nodes it is asked for, so that asking for fewer tests more of its compiler.
    fuses_what_is_asked: bool = False
    #: Every backend lowers and proves all random programs; this one runs one program in `runs_one_in`.
    runs_one_in: int = 1
    #: What a certificate that names it rests on.
    rests_on: tuple[Trusted, ...] = ()
    #: Packages that its readers need.
    reader_needs: tuple[str, ...] = ()
    #: The readers of what it emits.
    readers: Callable[[Files], Sequence[Reader]] = _no_readers
    #: Rows with the results that the reference gives for them, for a test bench that it emitted: data of a bundle, and no part of
    #: lowering, which is text from the graph alone. None: it emits no bench.
    test_vectors: Callable[[Graph, Files], Files] | None = None
    #: The tools, and the processor, on which evidence about its operators depends.
    tools: Callable[[], str]
    #: Whose evidence about operators is its own too; empty: it has its own.
    evidence_of: str = ""
    #: What it computes an op by, where that is not the text it emits for the op alone.
    text_of_op: Callable[[Op], Files] | None = None
    #: Makes a loaded runner ready to run so many bars and instances and return these nodes, where that takes long: called
    #: ahead of the first run, in another thread.
    ready_for: Callable[[Runner, int, int, Sequence[int]], None] | None = None
    #: What this machine made of what was run, beside a library.
    inspected: Callable[[Runner], Inspection] | None = None
    #: Steps tables of bound parameters in a live process instead of the compiled library; None: not offered there.
    runs_tables: Callable[[Graph, Files], Runner] | None = None
    library: LibraryRecord | None = None

    @property
    def emits(self) -> bool:
        """Whether a bundle can hold files of it."""
        return bool(self.file)

    @property
    def is_simulated(self) -> bool:
        """Whether it simulates hardware, clock by clock."""
        return self.pace is Pace.SIMULATED

    def missing(self) -> Missing | None:
        """The tool without which it cannot run here, or None."""
        return self.make(None).missing()
