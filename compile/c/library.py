"""A compiled kernel, loaded: its entry points through cffi in ABI mode, so that loading compiles nothing."""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path
from typing import Any, Protocol

import cffi  # type: ignore[import-untyped]  # it ships no types

from compile.c.abi import ABI_VERSION, DECLARATIONS
from compile.c.environment import control_words
from compile.c.record import KERNEL_SO
from compile.c.target import runs_here
from dag.graphs.graph import Graph
from dag.values.floating_point import saved


class WrongLibrary(Exception):
    """The library is not the compiled form of this graph, or not of this ABI version; the message says which."""


#: Made when this module is imported, which happens once however many threads load kernels: pointers of two instances do not mix.
_FOREIGN = cffi.FFI()
_FOREIGN.cdef(DECLARATIONS)


def foreign() -> Any:
    """The one cffi instance that knows the interface."""
    return _FOREIGN


class Calls(Protocol):
    """What has the functions of `compile.c.abi` as attributes of `calls`."""

    @property
    def calls(self) -> Any: ...


class Library:
    """The entry points of one kernel. `calls` has every function of `compile.c.abi` as an attribute.

    It is unmapped when the last reference to this object goes: whoever keeps a function of `calls` keeps the library too.
    """

    def __init__(self, shared_object: bytes) -> None:
        # A private file, removed at once: nobody can change it between the check of its bytes and the load, and the
        # loader, which knows libraries by their path, cannot take it for another.
        with tempfile.TemporaryDirectory(prefix="dagc-so-") as folder:
            path = Path(folder) / KERNEL_SO
            path.write_bytes(shared_object)
            with saved():
                before = control_words()
                self.calls: Any = foreign().dlopen(str(path))
                after = control_words()
        # cffi keeps what it opened; without this every library ever loaded would stay mapped.
        weakref.finalize(self, foreign().dlclose, self.calls)
        if after != before:
            raise WrongLibrary(
                "loading the library changes the floating-point environment of its host, as what is linked with -ffast-math "
                f"does: MXCSR was {before[0]:#x} and became {after[0]:#x}; build it again"
            )

    @property
    def target(self) -> str:
        """The instruction set it was compiled for; see `compile.c.target`."""
        return self._text("dagc_target")

    def runs_here(self) -> bool:
        """Whether this CPU can run it. Ask before calling anything else."""
        return runs_here(self.target)

    def verify(self, graph: Graph) -> None:
        """Raise WrongLibrary unless this is the compiled form of `graph`."""
        version = int(self.calls.dagc_abi_version())
        if version != ABI_VERSION:
            raise WrongLibrary(f"the library speaks ABI version {version}, this dagc {ABI_VERSION}; build it again")
        compiled_from = self._text("dagc_graph_hash")
        if compiled_from != graph.content_hash:
            raise WrongLibrary(
                f"the library was compiled from graph {compiled_from[:12]}, not from `{graph.name}` "
                f"{graph.content_hash[:12]}; build it again"
            )

    def _text(self, function: str) -> str:
        pointer = getattr(self.calls, function)()
        text: bytes = foreign().string(pointer)
        return text.decode()
