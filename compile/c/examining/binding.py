"""Whether a compiled library is what the C beside it compiles to, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compile.backend import Files, Missing
from compile.c.compiler import CompilerFailed, compiled_afresh, find_compiler, flags_for
from compile.c.record import KERNEL_SO
from compile.c.target import TARGETS


def why_unbound(files: Files, made_with: Mapping[str, Any]) -> str | None:
    """Why the kernel.so among `files` is not known to be compiled from the C among them; None where it is.

    `made_with` is what the manifest says of it. Compiles the C again: this takes as long as a build.
    """
    target, version, flags = (made_with.get(name) for name in ("cpu", "compiler", "flags"))
    if target not in TARGETS:
        return f"the manifest names no instruction set that dagc compiles for: {target}"
    if flags != list(flags_for(target)):
        return "the manifest names other flags than those that this dagc compiles with"
    compiler = find_compiler()
    if isinstance(compiler, Missing):
        return f"{compiler.tool} is missing here; get it with: {compiler.fix}"
    if compiler.version != version:
        return f"it was compiled by {version}, the compiler here is {compiler.version}; set CC to the other one to check it"
    try:
        again = compiled_afresh(files, target, compiler)
    except KeyError as problem:
        return f"{problem.args[0]} is missing"
    except CompilerFailed as problem:
        return f"the C beside it does not compile: {problem}"
    if again == files[KERNEL_SO]:
        return None
    return (
        f"{version} makes other bytes of the C files beside it ({len(again):,}, the library has {len(files[KERNEL_SO]):,}): it was "
        "made of other C, with other flags, or by another linker; build the bundle again on this machine"
    )
