"""Rows in, words out: drives a Verilated pipeline and samples each of its ports at that port's own latency.

The clock starts at cycle 0. A row is accepted in the cycle in which `in_valid` and `in_ready` are both 1 (in every cycle
that offers one, where the module has no such ports); a port of latency L holds that row's value L cycles later, just
before the rising edge. L = 0 is combinational.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]  # it ships no types
import numpy as np
from numpy.typing import NDArray

from dag.words import Words
from rtl.verilator import PREFIX, build

Bits = NDArray[np.bool_]

_DECLARATION = (
    "int64_t dagc_stream(int64_t rows, int64_t reset_cycles, const uint64_t *const *inputs, "
    "const uint8_t *restart, const uint8_t *offer, int64_t offers, uint64_t *const *samples, int64_t *accepted, "
    "int64_t limit);"
)


@dataclass(frozen=True, slots=True)
class Port:
    """An output to sample, `latency` cycles after its row was accepted."""

    name: str
    latency: int


@dataclass(frozen=True, slots=True)
class Handshake:
    """The control ports of a module, by name; None where it has none. Data-only cores have none at all."""

    reset: str | None = None
    valid: str | None = None
    ready: str | None = None
    restart: str | None = None


class StreamStalled(Exception):
    """The module stopped accepting rows."""


@cache
def _foreign() -> Any:
    ffi = cffi.FFI()
    ffi.cdef(_DECLARATION)
    return ffi


class Stream:
    """One module, built and loaded. Ports may be 1 to 64 bits wide; every word crosses as a uint64."""

    def __init__(
        self,
        sources: Mapping[str, str | bytes],
        top: str,
        inputs: Sequence[str],
        outputs: Sequence[Port],
        handshake: Handshake | None = None,
        parameters: Mapping[str, int | str] | None = None,
    ) -> None:
        """Build module `top` of `sources`. Raises what `rtl.verilator.build` raises."""
        self._inputs, self._outputs = tuple(inputs), tuple(outputs)
        self._latency = max((port.latency for port in outputs), default=0)
        library = build(sources, top, _harness(inputs, outputs, handshake or Handshake()), parameters)
        with tempfile.TemporaryDirectory(prefix="dagc-so-") as folder:
            path = Path(folder) / "stream.so"
            path.write_bytes(library)
            self._library: Any = _foreign().dlopen(str(path))

    def run(
        self,
        columns: Mapping[str, Words],
        restart: Bits | None = None,
        offer: Bits | None = None,
        patience: int = 10_000,
    ) -> tuple[dict[str, Words], NDArray[np.int64]]:
        """Stream equally long columns through, after a reset.

        `restart[k]` is put on the restart port with row k; `offer`, repeated for ever, says in which cycles a row is
        offered (default: in all). Returns each output's column and the cycle in which each row was accepted.
        Raises StreamStalled when no row was accepted for `patience` cycles.
        """
        rows = len(columns[self._inputs[0]]) if self._inputs else 0
        ffi = _foreign()
        words = [np.ascontiguousarray(columns[name], dtype=np.uint64) for name in self._inputs]
        if any(column.shape != (rows,) for column in words):
            raise ValueError(f"columns must be equally long: {[column.shape for column in words]}")
        restarts = np.zeros(rows, np.uint8) if restart is None else np.ascontiguousarray(restart, dtype=np.uint8)
        offers = np.ones(1, np.uint8) if offer is None else np.ascontiguousarray(offer, dtype=np.uint8)
        samples = [np.zeros(rows, np.uint64) for _ in self._outputs]
        accepted = np.zeros(rows, np.int64)
        done = self._library.dagc_stream(
            rows,
            self._latency + 2,
            [ffi.cast("const uint64_t *", column.ctypes.data) for column in words],
            ffi.cast("const uint8_t *", restarts.ctypes.data),
            ffi.cast("const uint8_t *", offers.ctypes.data),
            len(offers),
            [ffi.cast("uint64_t *", column.ctypes.data) for column in samples],
            ffi.cast("int64_t *", accepted.ctypes.data),
            patience,
        )
        if done != rows:
            raise StreamStalled(f"{done} of {rows} rows were accepted, then none for {patience} cycles")
        return {port.name: column for port, column in zip(self._outputs, samples, strict=True)}, accepted


def _member(port: str) -> str:
    """A port as Verilator names its C++ member: a double underscore is escaped."""
    return f"top.{port.replace('__', '___05F')}"


def _harness(inputs: Sequence[str], outputs: Sequence[Port], handshake: Handshake) -> str:
    """The C++ text. Only its tables and the handshake lines depend on the module."""

    def table(names: Sequence[str]) -> str:
        return "".join(f"        {{&{_member(name)}, sizeof {_member(name)}}},\n" for name in names)

    reset, valid, ready, restart = (
        _member(name) if name else None
        for name in (handshake.reset, handshake.valid, handshake.ready, handshake.restart)
    )
    return _TEXT.format(
        declaration=_DECLARATION.rstrip(";"),
        model=PREFIX,
        inputs=table(inputs),
        outputs=table([port.name for port in outputs]),
        latencies="".join(f"{port.latency}, " for port in outputs),
        input_count=len(inputs),
        output_count=len(outputs),
        set_reset=f"{reset} = now < reset_cycles;" if reset else "",
        set_valid=f"{valid} = offered;" if valid else "",
        set_restart=f"{restart} = offered && restart[next];" if restart else "",
        ready=ready or "1",
    )


_TEXT = """\
#include "model.h"
#include <cstdint>
#include <cstring>
#include <memory>

namespace {{
// Verilator keeps a port in 1, 2, 4 or 8 bytes; x86-64 and AArch64 are little endian.
struct Member {{ void *at; size_t size; }};
}}

extern "C" {declaration}
{{
    auto context = std::make_unique<VerilatedContext>();
    context->randReset(2);
    auto held = std::make_unique<{model}>(context.get());
    {model} &top = *held;
    const Member in[] = {{
{inputs}        {{nullptr, 0}},
    }};
    const Member out[] = {{
{outputs}        {{nullptr, 0}},
    }};
    const int64_t latency[] = {{{latencies}0}};
    int64_t sampled[{output_count} + 1] = {{0}};
    int64_t next = 0, unfinished = {output_count}, idle = 0;
    if (rows == 0)
        return 0;
    for (int64_t now = 0; (next < rows || unfinished > 0) && idle < limit; now++) {{
        const bool offered = now >= reset_cycles && next < rows && offer[now % offers];
        for (int64_t i = 0; offered && i < {input_count}; i++)
            std::memcpy(in[i].at, &inputs[i][next], in[i].size);
        {set_reset}
        {set_valid}
        {set_restart}
        top.clk = 0;
        top.eval();
        const bool taken = offered && {ready};
        if (taken)
            accepted[next++] = now;
        idle = taken || next == rows || now < reset_cycles ? 0 : idle + 1;
        for (int64_t o = 0; o < {output_count}; o++)
            if (sampled[o] < next && accepted[sampled[o]] + latency[o] == now) {{
                uint64_t word = 0;
                std::memcpy(&word, out[o].at, out[o].size);
                samples[o][sampled[o]++] = word;
                unfinished -= sampled[o] == rows;
            }}
        top.clk = 1;
        top.eval();
    }}
    top.final();
    return next;
}}
"""
