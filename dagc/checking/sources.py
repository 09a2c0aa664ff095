"""What this compiler is, to the byte: two runs with equal digests are runs of the same program."""

from __future__ import annotations

import hashlib
import importlib
import os
from pathlib import Path


def sources_digest() -> bytes:
    """sha256 of dagc's own sources and of the environment that its tools read."""
    digest = hashlib.sha256()
    for package in ("dag", "lanes", "compile", "rtl", "dagc"):
        root = Path(next(iter(importlib.import_module(package).__path__)))
        for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".v")):
            digest.update(f"{package}/{path.relative_to(root)}\0".encode() + path.read_bytes())
    for name in ("CC", "CXX", "XLA_FLAGS", "JAX_PLATFORMS"):
        digest.update(f"{name}={os.environ.get(name, '')}\0".encode())
    return digest.digest()
