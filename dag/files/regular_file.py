"""Opening files that a user names or that a stranger may have put there: never a pipe, a device or a folder, never without bound.

A named pipe that nobody writes to blocks for ever, and a device may never end. Whoever opens a path that somebody else wrote
does it here, so that each is refused by name, at once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from io import BufferedReader, BufferedWriter
from pathlib import Path

#: Nothing that is read whole comes near this; reading stops here whatever a file claims to be.
MOST_BYTES = 1 << 30
#: The longest text that is read whole: a Python file, a list of pins, a universe.
LONGEST_TEXT = 1 << 24

_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a symbolic link",
}


class NotRegular(OSError):
    """The path is no regular file, or a larger one than anybody writes; `strerror` says which, `filename` is the path."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(errno.EINVAL, what, str(path))

    def __str__(self) -> str:
        return str(self.strerror)


def open_regular(path: Path, follows: bool = True) -> BufferedReader:
    """The regular file at `path`, open for reading; a link to one too where `follows`.

    Raises NotRegular for anything else, and OSError.
    """
    _expect_regular(path, path.stat(follow_symlinks=follows).st_mode)
    # Looked at again once it is open: another file may have come in its place.
    descriptor = os.open(path, os.O_RDONLY | _AT_ONCE | (0 if follows else getattr(os, "O_NOFOLLOW", 0)))
    stream = os.fdopen(descriptor, "rb")
    try:
        _expect_regular(path, os.fstat(stream.fileno()).st_mode)
    except NotRegular:
        stream.close()
        raise
    return stream


def read_regular(path: Path, most: int = MOST_BYTES, follows: bool = True) -> bytes:
    """The bytes of a regular file, at most `most` + 1 of them: one more than expected already shows that it was changed.

    Raises NotRegular, also for a file of more than MOST_BYTES, and OSError.
    """
    with open_regular(path, follows) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > MOST_BYTES:
            raise NotRegular(path, f"has {size:,} bytes, more than the {MOST_BYTES:,} that dagc reads")
        return stream.read(min(most, MOST_BYTES) + 1)


def read_short(path: Path) -> bytes:
    """The bytes of a regular file of at most LONGEST_TEXT bytes. Raises NotRegular, also for a longer one, and OSError."""
    data = read_regular(path, LONGEST_TEXT)
    if len(data) > LONGEST_TEXT:
        raise NotRegular(path, f"has more than the {LONGEST_TEXT:,} bytes that dagc reads")
    return data


def sha256_of(path: Path) -> str:
    """The fingerprint of a regular file: all its bytes, in hexadecimal. Raises NotRegular, OSError."""
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_to_write(path: Path) -> BufferedWriter:
    """The file at `path`, open for writing from its beginning; a pipe or a device too, but not a pipe without a reader.

    Raises OSError, for such a pipe as well, which would block for ever.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _AT_ONCE, 0o666)
    except OSError as problem:
        if problem.errno == errno.ENXIO:
            raise NotRegular(path, "this pipe has no reader") from None
        raise
    os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "wb")


def _expect_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise NotRegular(path, f"is {kind}, expected a regular file")
