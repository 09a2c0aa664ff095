"""Reading a Python file as Python itself does: its encoding is that of its first lines, a byte order mark or UTF-8."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

from dag.files.regular_file import read_short


class Unreadable(Exception):
    """A file that is no text of Python; the text says why."""


def read_source(path: Path) -> str:
    """The text of a regular file of at most 16 MiB. Raises Unreadable."""
    try:
        read = read_short(path)
    except (OSError, ValueError) as problem:  # ValueError: a path with a null byte
        raise Unreadable(getattr(problem, "strerror", None) or str(problem)) from None
    if b"\0" in read:
        raise Unreadable("not text: it has null bytes")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(read).readline)
        text = read.decode(encoding)
    except (SyntaxError, UnicodeDecodeError) as problem:
        raise Unreadable(f"not {getattr(problem, 'encoding', None) or 'UTF-8'} text") from None
    return io.IncrementalNewlineDecoder(None, translate=True).decode(text)


def parsed(text: str, path: str) -> ast.Module:
    """The syntax tree of a Python file. Raises SyntaxError, also for what nests too deeply for Python's parser."""
    try:
        return ast.parse(text, path)
    except (RecursionError, MemoryError):
        raise SyntaxError("it nests too deeply for Python's own parser") from None
    except ValueError as problem:
        raise SyntaxError(str(problem)) from None
