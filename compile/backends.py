"""Every backend there is, by name. Nothing heavy is imported until one is made.

A backend is added by its record, in a module of its own whose RECORDS hold it, and that module's name in `_MODULES`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from compile.backend import Backend, Files, Missing
from compile.backend_record import BackendRecord, LibraryRecord, Pace
from compile.certificate.trusted import Trusted
from compile.interpreter.record import REFERENCE

if TYPE_CHECKING:
    from compile.proof.core.verdict import Reader

#: Where the records are, in the order in which backends are run and listed. Lower layers name no backend above them.
_MODULES = ("compile.interpreter.record", "compile.xla.record", "compile.c.record", "rtl.record")
#: The variable of the environment that names modules beside those, with commas between them: backends of one's own.
VARIABLE = "DAGC_BACKENDS"


def records() -> tuple[BackendRecord, ...]:
    """The record of every backend, in order. Raises ImportError for a module of the environment's that is not there."""
    own = [name.strip() for name in os.environ.get(VARIABLE, "").split(",") if name.strip()]
    return tuple(record for module in (*_MODULES, *own) for record in import_module(module).RECORDS)


def find(name: str) -> BackendRecord | None:
    """The record of the backend called `name`; None where there is none, for a runner of somebody's own or a library."""
    return next((record for record in records() if record.name == name), None)


def record_of(name: str) -> BackendRecord:
    """The record of the backend called `name`. Raises KeyError."""
    record = find(name)
    if record is None:
        raise KeyError(name)
    return record


def emitting() -> tuple[str, ...]:
    """What `--emit` takes: the backends whose files a bundle holds."""
    return tuple(record.name for record in records() if record.emits)


def checked() -> tuple[str, ...]:
    """What `--backends` takes: every way to run a graph, some of which run the same files."""
    return tuple(record.name for record in records())


def by_default() -> tuple[str, ...]:
    """What a command runs where no backend is named."""
    return tuple(record.name for record in records() if record.by_default)


def quick() -> tuple[str, ...]:
    """What a first look runs."""
    return tuple(record.name for record in records() if record.is_quick)


def with_evidence() -> tuple[str, ...]:
    """The backends whose operators are tried alone."""
    return tuple(record.name for record in records() if not record.evidence_of)


def software() -> tuple[str, ...]:
    """The backends that simulate no hardware."""
    return tuple(record.name for record in records() if not record.is_simulated)


def backend(name: str, instances: int | None = None) -> Backend:
    """The backend called `name`; one that interleaves shares its pipeline among `instances`. Raises KeyError."""
    return record_of(name).make(instances)


def checked_with(emitted: Sequence[str]) -> tuple[str, ...]:
    """The backends that a check runs by default when these are emitted; the reference always is."""
    return tuple(
        record.name
        for record in records()
        if record.name == REFERENCE or record.name in emitted or (record.by_default and record.runs in emitted)
    )


def usable(names: Iterable[str]) -> tuple[tuple[str, ...], dict[str, Missing]]:
    """The backends of `names` whose tools are here, and what the others lack."""
    absent = {name: record_of(name).missing() for name in names}
    here = tuple(name for name, tool in absent.items() if tool is None)
    return here, {name: tool for name, tool in absent.items() if tool is not None}


def readers(files: Files) -> list[Reader]:
    """A reader of every artifact that can be among `files`."""
    return [reader for record in records() for reader in record.readers(files)]


def libraries() -> tuple[LibraryRecord, ...]:
    """The compiled libraries that a bundle can carry."""
    return tuple(record.library for record in records() if record.library is not None)


def library_of(name: str) -> LibraryRecord | None:
    """The library that a check runs under `name`; None where `name` is a backend's, or nothing's."""
    return next((library for library in libraries() if name in library.paces), None)


def pace_of(name: str) -> Pace:
    """The pace of a backend, or of a library by the name it is run under; whatever else is run sees every row."""
    library, record = library_of(name), find(name)
    if library is not None:
        return library.paces[name]
    return Pace.EVERY_ROW if record is None else record.pace


def is_simulated(name: str) -> bool:
    """Whether `name` is a backend that simulates hardware."""
    record = find(name)
    return record is not None and record.is_simulated


def widest(names: Iterable[str]) -> str:
    """Of the backends in `names` the fastest that sees every row; the reference where none does."""
    chosen = {*names}
    fast = [record for record in records() if record.name in chosen and record.speed]
    return max(fast, key=lambda record: record.speed).name if fast else REFERENCE


def axioms_of(name: str) -> tuple[Trusted, ...]:
    """What is taken for granted of a backend, or of a library by the name it is run under; nothing of any other name."""
    known = library_of(name) or find(name)
    return () if known is None else known.rests_on
