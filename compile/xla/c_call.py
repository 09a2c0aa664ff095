"""The C kernel as one call inside a program of XLA's, on CPU: `c_call.c`, compiled against the headers that jaxlib ships."""

from __future__ import annotations

import ctypes
import tempfile
import threading
from pathlib import Path
from typing import Any

import jax

from compile.backend import Missing
from compile.c.backend import CompilerMissing
from compile.c.compiler import CompilerFailed, find_compiler
from compile.c.library import Library, foreign
from compile.cache import alone, cached, key_of, store
from compile.tool_processes import run_tool
from dag.graphs.graph import Graph

_SOURCE = Path(__file__).with_name("c_call.c")
_FLAGS = ("-std=c11", "-O2", "-ffp-contract=off", "-fPIC", "-shared", "-Wl,--build-id=none")
_HEADER = "xla/ffi/api/c_api.h"
#: What was registered stays: XLA may call it as long as it keeps a program. Target -> what must live as long.
_REGISTERED: dict[str, tuple[object, ...]] = {}
_LOCK = threading.Lock()


def target_of(graph: Graph, library: Library) -> str:
    """The name under which XLA finds the kernel of `graph`, registered at the first call. `library` then stays loaded.

    Raises CompilerMissing, CompilerFailed.
    """
    name = f"dagc_{graph.content_hash}"
    with _LOCK:
        if name not in _REGISTERED:
            handler, kept = _handler(graph, library)
            capsule: Any = jax.ffi.pycapsule(handler)  # type: ignore[no-untyped-call]
            jax.ffi.register_ffi_target(name, capsule, platform="cpu")
            _REGISTERED[name] = (library, handler, *kept)
    return name


def _handler(graph: Graph, library: Library) -> tuple[Any, tuple[object, ...]]:
    """The function that XLA calls for this kernel, and what it reads."""
    with tempfile.TemporaryDirectory(prefix="dagc-ffi-") as folder:
        path = Path(folder) / "c_call.so"  # a file of its own: the loader knows libraries by their path
        path.write_bytes(_compiled())
        loaded = ctypes.CDLL(str(path))
    entry = int(foreign().cast("intptr_t", library.calls.dagc_batch))
    sizes = (ctypes.c_int64 * max(len(graph.states), 1))(*(graph.types[state.node].size for state in graph.states))
    counts = (len(graph.inputs), len(graph.params), len(graph.states), len(graph.outputs))
    loaded.dagc_c_call_bind.restype = None
    loaded.dagc_c_call_bind(ctypes.c_void_p(entry), *map(ctypes.c_int64, counts), sizes)
    return loaded.dagc_c_call, (loaded, sizes)


def _compiled() -> bytes:
    found = find_compiler()
    if isinstance(found, Missing):
        raise CompilerMissing(f"{found.tool} is missing\n  fix  {found.fix}")
    include = Path(jax.ffi.include_dir())
    text, header = _SOURCE.read_text(encoding="utf-8"), (include / _HEADER).read_text(encoding="utf-8")
    key = key_of("c_call", *found.identity, *_FLAGS, text, header)
    with alone(key):
        made = cached(key)
        if made is None:
            with tempfile.TemporaryDirectory(prefix="dagc-ffi-") as folder:
                (Path(folder) / "c_call.c").write_text(text, encoding="utf-8")
                command = (*found.command, *_FLAGS, f"-I{include}", "c_call.c", "-o", "c_call.so")
                done = run_tool(command, Path(folder))
                if done.returncode != 0:
                    raise CompilerFailed(done.stderr)
                made = (Path(folder) / "c_call.so").read_bytes()
            store(key, made)
    return made
