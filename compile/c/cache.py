"""Compiled kernels kept between runs: `$XDG_CACHE_HOME/dagc/c`, a file per content hash, safe to delete at any time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from dag.files.regular_file import read_regular

_DIGEST_BYTES = 32


def cache_folder() -> Path:
    """Where compiled kernels are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dagc" / "c"


def cached(key: str) -> bytes | None:
    """What was stored under `key`; None where nothing is, or where what is there is damaged."""
    try:
        stored = read_regular(cache_folder() / key)
    except OSError:
        return None
    digest, content = stored[:_DIGEST_BYTES], stored[_DIGEST_BYTES:]
    return content if hashlib.sha256(content).digest() == digest else None


def store(key: str, content: bytes) -> None:
    """Keep `content`, whole or not at all. A cache that cannot be written is no error: the next run compiles again."""
    folder = cache_folder()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            Path(temporary).replace(folder / key)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
