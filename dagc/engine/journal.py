"""Writing a journal: every bar before it is stepped, so that a process that is killed loses none."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from dagc.engine.records import JournalProblem, Kind, Segments, header, record, sealed

#: With `Sync.BATCH`, what is written reaches the disk at least this often, in seconds.
BATCH_SECONDS = 0.1
#: A segment that has grown to so many bytes is followed by another.
SEGMENT_BYTES = 256 << 20


class Sync(Enum):
    """What survives what."""

    OS = "os"
    """Each bar is handed to the operating system: a killed process loses none, a power cut what the system had not written yet."""
    BATCH = "batch"
    """As OS, and flushed to the disk every tenth of a second: a power cut loses at most that."""
    BAR = "bar"
    """Flushed to the disk before each bar is stepped: a power cut loses none. It costs what the disk needs, some milliseconds a bar."""


class Journal:
    """A journal that is being written. One writer at a time: a lock file says who."""

    def __init__(
        self,
        folder: Path,
        name: str,
        graph: str,
        sync: Sync = Sync.BATCH,
        clock: Callable[[], float] = time.monotonic,
        segment_bytes: int = SEGMENT_BYTES,
    ) -> None:
        """Begin a segment behind those that are there, whose records were read already. Raises JournalProblem, OSError."""
        self.folder, self.sync = folder, sync
        self._name, self._graph, self._clock, self._segment_bytes = name, graph, clock, segment_bytes
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(folder)
        self._number, self._chain, self._index = 0, bytes(32), 0
        self._descriptor = -1
        self._size = 0
        self._since = bytearray()
        self._waiting = bytearray()
        self._flushed_at = clock()
        #: Why nothing can be written any more; "" while all is well.
        self.broken = ""

    def open(self, found: Segments | None) -> None:
        """Begin the next segment, after what `found` has read, all of it; its torn end is cut off."""
        if found is not None:
            paths = sorted(self.folder.glob("*.journal"))
            if found.end == 0:  # not even its head was written
                paths.pop().unlink()
            elif found.torn:
                os.truncate(paths[-1], found.end)
            self._number, self._chain, self._index = found.next_number, found.chain, len(paths)
            if found.since and paths:
                self._descriptor = os.open(paths[-1], os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
                self._since, self._size = bytearray(found.since), found.end
                self.flush(to_disk=True)
        self._segment()

    def bar(self, at: int, inputs: bytes) -> None:
        """A bar, before it is stepped. Raises JournalProblem where it could not be written: then it must not be stepped."""
        self._write(Kind.BAR, at.to_bytes(8, "little", signed=True) + inputs, now=True)

    def done(self, status: int, outputs: bytes) -> None:
        """What came of the last bar; written with the next record."""
        self._write(Kind.DONE, status.to_bytes(8, "little", signed=True) + outputs, now=False)

    def note(self, kind: Kind, payload: bytes) -> None:
        """A record that is flushed to the disk at once, whatever the policy."""
        self._write(kind, payload, now=True)
        self.flush(to_disk=True)

    def flush(self, to_disk: bool) -> None:
        """Hand everything to the operating system, and, where `to_disk`, seal it and wait for the disk."""
        self._since += self._waiting
        if to_disk:
            self._chain = sealed(self._chain, bytes(self._since))
            self._since.clear()
            self._waiting += record(Kind.SEAL, self._number, self._chain)
            self._number += 1
        self._emit()
        if to_disk:
            try:
                os.fdatasync(self._descriptor)
            except OSError as problem:
                # A second fdatasync may say that all is well though pages were dropped: what is lost is unknown.
                raise self._fail(problem) from problem
            self._flushed_at = self._clock()

    def close(self) -> None:
        """Seal it and let another writer in."""
        if self._descriptor >= 0:
            if not self.broken:
                self.note(Kind.CLOSE, b"")
            os.close(self._descriptor)
            self._descriptor = -1
        os.close(self._lock)

    def _write(self, kind: Kind, payload: bytes, now: bool) -> None:
        if self.broken:
            raise JournalProblem(self.broken)
        self._waiting += record(kind, self._number, payload)
        self._number += 1
        if not now:
            return
        is_due = self.sync is Sync.BATCH and self._clock() - self._flushed_at >= BATCH_SECONDS
        is_full = self._size + len(self._waiting) >= self._segment_bytes
        self.flush(to_disk=self.sync is Sync.BAR or is_due or is_full)
        if is_full:
            self._segment()

    def _emit(self) -> None:
        rest = memoryview(bytes(self._waiting))
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as problem:
            self._shorten()
            raise self._fail(problem) from problem
        self._size += len(self._waiting)
        self._waiting.clear()

    def _shorten(self) -> None:
        """Cut off what a failed write has left of its records, so that the journal ends with a whole one."""
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError:
            return  # a reader takes it as torn

    def _fail(self, problem: OSError) -> JournalProblem:
        self.broken = f"{self.folder}: {problem.strerror or problem}; no bar is stepped that is not written down"
        return JournalProblem(self.broken)

    def _segment(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        path = self.folder / f"{self._index:08}.journal"
        head = header(self._name, self._graph, self._number, self._chain)
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
            os.write(self._descriptor, head)
            os.fdatasync(self._descriptor)
            _sync_folder(self.folder)
        except OSError as problem:
            raise self._fail(problem) from problem
        self._index += 1
        self._size = len(head)
        self._since = bytearray(head)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked(folder: Path) -> int:
    import fcntl

    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise JournalProblem(f"{folder}: another process writes this journal") from None
    return descriptor
