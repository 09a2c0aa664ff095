"""The C backend: readable C99 out, a shared library in."""

from __future__ import annotations

from collections.abc import Mapping

from compile.backend import Files, Missing
from compile.c.compiler import Compiler, compile_shared, find_compiler
from compile.c.library import Library
from compile.c.record import C_BATCH, C_ROW, KERNEL_SO
from compile.c.runner import CRunner, Entry
from compile.c.target import build_target
from compile.c.text.batch import emit_batch
from compile.c.text.entry import emit_entry
from compile.c.text.header import emit_header
from compile.c.text.kernel import emit_kernel
from compile.c.text.table import TABLE
from dag.graphs.graph import Graph
from dag.operators.op import Op


class CompilerMissing(Exception):
    """There is no C compiler; the message says how to get one."""


class C:
    """kernel.c (a row), batch.c (vectors of instances), entry.c (the flat interface), kernel.h.

    The two lowerings of a row are two things to check: `C()` runs kernel.c, `C(Entry.BATCH)` runs batch.c.
    """

    def __init__(self, entry: Entry = Entry.ROW) -> None:
        self._entry = entry

    @property
    def name(self) -> str:
        return (C_ROW if self._entry is Entry.ROW else C_BATCH).name

    @property
    def table(self) -> Mapping[Op, object]:
        return TABLE

    def missing(self) -> Missing | None:
        """The compiler, where there is none."""
        found = find_compiler()
        return found if isinstance(found, Missing) else None

    def lower(self, graph: Graph) -> Files:
        """The four texts; no compiler is needed for them."""
        return {
            "kernel.h": emit_header(graph).encode(),
            "kernel.c": emit_kernel(graph).encode(),
            "batch.c": emit_batch(graph).encode(),
            "entry.c": emit_entry(graph).encode(),
        }

    def load(self, graph: Graph, files: Files) -> CRunner:
        """Compile and load the texts in `files`, for this machine.

        Raises CompilerMissing, CompilerFailed with the compiler's words, or WrongLibrary when they are another graph's.
        """
        library = Library(shared_object(files))
        library.verify(graph)
        return CRunner(graph, library, self._entry)

    def shared_object(self, files: Files) -> bytes:
        """`shared_object(files)`."""
        return shared_object(files)


def shared_object(files: Files) -> bytes:
    """kernel.so: the C texts in `files` compiled for this machine's instruction set; the same bytes every time.

    Raises CompilerMissing or CompilerFailed.
    """
    return compile_shared(files, build_target(), _compiler())


def _compiler() -> Compiler:
    found = find_compiler()
    if isinstance(found, Missing):
        raise CompilerMissing(f"{found.tool} is missing\n  fix  {found.fix}")
    return found


def open_library(graph: Graph, files: Files) -> Library:
    """The library of `graph`: the `kernel.so` in `files` where this CPU can run it, else the C texts compiled here.

    Raises what `C.load` raises.
    """
    if KERNEL_SO in files:
        library = Library(files[KERNEL_SO])
        if library.runs_here():
            library.verify(graph)
            return library
    library = Library(shared_object(files))
    library.verify(graph)
    return library
