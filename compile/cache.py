"""What was expensive to make, kept between runs by content: a file per key in `$XDG_CACHE_HOME/dagc`, safe to delete at any time.

A key is a digest of everything that the content depends on, so an entry is never out of date: it is there or it is not. Entries
are written whole or not at all and carry their own digest, so concurrent builds, kills and damage cost a rebuild and nothing
else. The least recently used entries go when the cache outgrows its limit.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dag.files.regular_file import read_regular

#: Mebibytes that the cache may hold; 0 turns it off.
LIMIT_VARIABLE = "DAGC_CACHE_MIB"
DEFAULT_LIMIT_MIB = 2048

_DIGEST_BYTES = 32
_TEMPORARY = ".new"
#: A temporary file that is older than this was left by a process that was killed.
_ABANDONED_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the cache."""

    path: Path
    size: int
    used: float

    @property
    def kind(self) -> str:
        """What the entry holds: its key without the digest."""
        return self.path.name.rpartition("-")[0]


def cache_folder() -> Path:
    """Where entries are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dagc"


def limit_bytes() -> int:
    """How large the cache may grow; 0: it is off. A limit that is no number is taken as the default."""
    try:
        return max(0, int(os.environ.get(LIMIT_VARIABLE, DEFAULT_LIMIT_MIB))) << 20
    except ValueError:
        return DEFAULT_LIMIT_MIB << 20


def key_of(kind: str, *parts: str | bytes) -> str:
    """The key of what depends on `parts`, and on nothing else."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode() + data)
    return f"{kind}-{digest.hexdigest()}"


def cached(key: str) -> bytes | None:
    """What was stored under `key`; None where nothing is, or where what is there is damaged."""
    if not limit_bytes():
        return None
    path = cache_folder() / key
    try:
        stored = read_regular(path)
    except OSError:
        return None
    digest, content = stored[:_DIGEST_BYTES], stored[_DIGEST_BYTES:]
    if _sealed(key, content) != digest:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # used just now: it goes last
    return content


def _sealed(key: str, content: bytes) -> bytes:
    """The digest that stands before `content`: of its key too, so that one entry is not taken for another."""
    return hashlib.sha256(f"{key}\n".encode() + content).digest()


def store(key: str, content: bytes) -> None:
    """Keep `content`, whole or not at all. A cache that cannot be written is no error: the next run makes it again."""
    if len(content) > limit_bytes():
        return
    folder = cache_folder()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=_TEMPORARY)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_sealed(key, content) + content)
            Path(temporary).replace(folder / key)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            return
        _trim(limit_bytes())


@contextlib.contextmanager
def alone(key: str) -> Iterator[None]:
    """What is made for `key` meanwhile is made by one thread of this process: the others wait, and find it."""
    with _GUARD:
        lock = _MAKING.setdefault(key, threading.Lock())
    with lock:
        yield


_GUARD = threading.Lock()
_MAKING: weakref.WeakValueDictionary[str, threading.Lock] = weakref.WeakValueDictionary()


def entries() -> list[Entry]:
    """Every entry, the least recently used first."""
    found: list[Entry] = []
    with contextlib.suppress(OSError), os.scandir(cache_folder()) as listing:
        for each in listing:
            with contextlib.suppress(OSError):  # another process may have removed it
                if each.is_file(follow_symlinks=False):
                    status = each.stat(follow_symlinks=False)
                    found.append(Entry(Path(each.path), status.st_size, status.st_mtime))
    return sorted(found, key=lambda entry: entry.used)


def clear() -> int:
    """Remove every entry; how many there were."""
    return _remove(entries())


def _trim(limit: int) -> None:
    """Remove the least recently used entries beyond `limit`, and what killed processes left."""
    found = entries()
    now = time.time()
    kept = [each for each in found if not each.path.name.endswith(_TEMPORARY)]
    _remove(each for each in found if each.path.name.endswith(_TEMPORARY) and now - each.used > _ABANDONED_SECONDS)
    excess = sum(each.size for each in kept) - limit
    for each in kept:
        if excess <= 0:
            break
        excess -= each.size
        _remove([each])


def _remove(found: Iterable[Entry]) -> int:
    count = 0
    for each in found:
        with contextlib.suppress(OSError):
            each.path.unlink(missing_ok=True)
            count += 1
    return count
