"""Reading files that a stranger may have put there: never a pipe, a device or a link, never without bound."""

from __future__ import annotations

import os
import stat
from pathlib import Path

#: No file of a bundle comes near this; reading stops here whatever a file claims to be.
MOST_BYTES = 1 << 30


class NotReadable(Exception):
    """The path is no regular file, or a larger one than anybody writes; the message says which."""


def read_regular(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file, at most `most` + 1 of them: one more than expected already shows that it was changed.

    Raises NotReadable for anything else (a pipe would block, a device never ends, a link leads elsewhere), and OSError.
    """
    if path.is_symlink():
        raise NotReadable("is a symbolic link, expected a regular file: copy the file itself")
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as stream:
        kind = os.fstat(stream.fileno())
        if not stat.S_ISREG(kind.st_mode):
            raise NotReadable(f"is {_kind(kind.st_mode)}, expected a regular file")
        if kind.st_size > MOST_BYTES:
            raise NotReadable(f"has {kind.st_size:,} bytes, more than the {MOST_BYTES:,} that dagc reads")
        return stream.read(min(most, MOST_BYTES) + 1)


def _kind(mode: int) -> str:
    names = {
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return names.get(stat.S_IFMT(mode), "a folder" if stat.S_ISDIR(mode) else "something else")
