"""Tokens in, words out: drives a Verilated pipeline and samples each of its ports at that port's own latency.

A token is a row, or a load or a save of the state, or a reset (`Token`); they are done one after the other, each as soon as the
module lets it.

A row is accepted in the cycle in which `in_valid` and `in_ready` are both 1 (in every cycle that offers one, where the module
has no such ports); a port of latency L holds that row's value L cycles later, just before the rising edge. L = 0 is
combinational.

The harness is adversarial. In every cycle in which nothing is accepted the data ports carry junk, random words
or some other row, so a value that is read a cycle early or late is a wrong one; loads are asked for while rows are in flight,
rows while a reset is on; and before the first token, junk rows are let in and a reset comes down on them in flight.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]  # it ships no types
import numpy as np
from numpy.typing import NDArray

from dag.values.words import Words
from rtl.simulate.verilator import PREFIX, build

Bits = NDArray[np.bool_]

_DECLARATION = (
    "int64_t dagc_stream(int64_t rows, int64_t junk_cycles, const uint64_t *const *inputs, "
    "const uint64_t *masks, const uint8_t *kind, const uint8_t *restart, const uint8_t *offer, int64_t offers, "
    "uint64_t *const *samples, int64_t *accepted, int64_t limit);"
)


class Token(IntEnum):
    """What is to be done: take a row; in an idle cycle, take the state or give it; forget everything."""

    ROW, LOAD, SAVE, RESET = range(4)


@dataclass(frozen=True, slots=True)
class Port:
    """An output to sample, `latency` cycles after its row, or save, was accepted. What a reset cut off stays 0.

    `announced`: not by the clock but whenever the handshake's `out_valid` is 1, the n-th time for row n; a row that was
    never announced stays 0.
    """

    name: str
    latency: int
    announced: bool = False
    of: Token = Token.ROW


@dataclass(frozen=True, slots=True)
class Handshake:
    """The control ports of a module, by name; None where it has none. Data-only cores have none at all."""

    reset: str | None = None
    valid: str | None = None
    ready: str | None = None
    restart: str | None = None
    out_valid: str | None = None
    #: `load`, in a cycle in which `idle` is 1, takes the carried state from data ports.
    load: str | None = None
    idle: str | None = None
    #: Which of the data ports stands with a row while it waits, because `ready` depends on it.
    instance: str | None = None


class StreamStalled(Exception):
    """The module stopped accepting tokens."""


class StrayRow(Exception):
    """The module announced a row when every accepted one had come out."""


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
        """Build module `top` of `sources`. Raises what `rtl.simulate.verilator.build` raises."""
        self.inputs, self._outputs = tuple(inputs), tuple(outputs)
        self._latency = max((port.latency for port in outputs), default=0)
        library = build(sources, top, _harness(inputs, outputs, handshake or Handshake()), parameters)
        with tempfile.TemporaryDirectory(prefix="dagc-so-") as folder:
            path = Path(folder) / "stream.so"
            path.write_bytes(library)
            self._library: Any = _foreign().dlopen(str(path))

    def run(
        self,
        columns: Mapping[str, Words],
        rows: int,
        restart: Bits | None = None,
        kinds: NDArray[np.uint8] | None = None,
        offer: Bits | None = None,
        patience: int = 10_000,
    ) -> tuple[dict[str, Words], NDArray[np.int64]]:
        """Stream `rows` tokens through; every column has as many words.

        `kinds[k]` is the Token that k is (default: a row), `restart[k]` is put on the restart port with row k. `offer`,
        repeated for ever, says in which cycles something is offered (default: in all). Returns each output's column, 0 for a
        token that it is not of, and the cycle in which each token was done.
        Raises StreamStalled when nothing was accepted for `patience` cycles, and StrayRow.
        """
        ffi = _foreign()
        words = [np.ascontiguousarray(columns[name], dtype=np.uint64) for name in self.inputs]
        if any(column.shape != (rows,) for column in words):
            raise ValueError(f"columns must have {rows} words, not {[column.shape for column in words]}")
        restarts, tokens = _flags(restart, rows, 0), _flags(kinds, rows, Token.ROW)
        offers = _flags(offer, 1, 1)
        # Junk has no bit that no row has: a port may be narrower than a word.
        masks = np.array([(1 << int(column.max(initial=0)).bit_length()) - 1 for column in words], np.uint64)
        samples = [np.zeros(rows, np.uint64) for _ in self._outputs]
        accepted = np.zeros(rows, np.int64)
        done = self._library.dagc_stream(
            rows,
            self._latency // 2 + 2,
            [ffi.cast("const uint64_t *", column.ctypes.data) for column in words],
            ffi.cast("const uint64_t *", masks.ctypes.data),
            ffi.cast("const uint8_t *", tokens.ctypes.data),
            ffi.cast("const uint8_t *", restarts.ctypes.data),
            ffi.cast("const uint8_t *", offers.ctypes.data),
            len(offers),
            [ffi.cast("uint64_t *", column.ctypes.data) for column in samples],
            ffi.cast("int64_t *", accepted.ctypes.data),
            patience,
        )
        if done < 0:
            raise StrayRow(f"out_valid in cycle {-1 - done}, when every accepted row had come out")
        if done != rows:
            raise StreamStalled(f"{done} of {rows} tokens were accepted, then none for {patience} cycles")
        return {port.name: column for port, column in zip(self._outputs, samples, strict=True)}, accepted


def _flags(given: Bits | NDArray[np.uint8] | None, length: int, default: int) -> NDArray[np.uint8]:
    return np.full(length, default, np.uint8) if given is None else np.ascontiguousarray(given, dtype=np.uint8)


def _member(port: str) -> str:
    """A port as Verilator names its C++ member: a double underscore is escaped."""
    return f"top.{port.replace('__', '___05F')}"


def _harness(inputs: Sequence[str], outputs: Sequence[Port], handshake: Handshake) -> str:
    """The C++ text. Only its tables and the handshake lines depend on the module."""

    def table(names: Sequence[str]) -> str:
        return "".join(f"        {{&{_member(name)}, sizeof {_member(name)}}},\n" for name in names)

    def control(name: str | None, value: str) -> str:
        return f"{_member(name)} = {value};" if name else ""

    return _TEXT.format(
        declaration=_DECLARATION.rstrip(";"),
        model=PREFIX,
        inputs=table(inputs),
        outputs=table([port.name for port in outputs]),
        latencies="".join(f"{port.latency}, " for port in outputs),
        announced="".join(f"{port.announced:d}, " for port in outputs),
        kinds="".join(f"{port.of:d}, " for port in outputs),
        slowest=max((port.latency for port in outputs), default=0),
        input_count=len(inputs),
        output_count=len(outputs),
        hold=f"hold({list(inputs).index(handshake.instance)});" if handshake.instance else "",
        set_reset=control(handshake.reset, "resets"),
        set_valid=control(handshake.valid, "junk || offered || resets"),
        set_restart=control(handshake.restart, "offered ? restart[next] : (int)(random & 1)"),
        set_load=control(handshake.load, "loading || (random >> 1 & 1)"),
        clear_load=control(handshake.load, "0"),
        ready=_member(handshake.ready) if handshake.ready else "1",
        idle=_member(handshake.idle) if handshake.idle else "1",
        out_valid=_member(handshake.out_valid) if handshake.out_valid else "0",
    )


_TEXT = """\
#include "model.h"
#include <cstdint>
#include <cstring>
#include <memory>

namespace {{
// Verilator keeps a port in 1, 2, 4 or 8 bytes; x86-64 and AArch64 are little endian.
struct Member {{ void *at; size_t size; }};

uint64_t step(uint64_t &random) // xorshift64
{{
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    return random;
}}
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
    const bool announced[] = {{{announced}0}};
    const uint8_t of[] = {{{kinds}0}};
    enum {{ ROW, LOAD, SAVE, RESET }};
    int64_t sampled[{output_count} + 1] = {{0}};
    int64_t next = 0, idle = 0;
    uint64_t random = 0x9E3779B97F4A7C15u;
    const int64_t begin = junk_cycles + 4; // a reset, junk, a reset
    const auto hold = [&](int64_t i) {{ std::memcpy(in[i].at, &inputs[i][next], in[i].size); }};
    const auto drive = [&](int64_t row) {{
        for (int64_t i = 0; i < {input_count}; i++)
            std::memcpy(in[i].at, &inputs[i][row], in[i].size);
    }};
    (void)hold;
    if (rows == 0)
        return 0;
    for (int64_t now = 0; next < rows ? idle < limit : now <= accepted[rows - 1] + {slowest}; now++) {{
        const bool junk = now < begin - 2;
        const bool wanted = now >= begin && next < rows && offer[now % offers];
        const bool resets = now < 2 || (now >= begin - 2 && now < begin) || (wanted && kind[next] == RESET);
        const bool loading = wanted && kind[next] == LOAD, saving = wanted && kind[next] == SAVE;
        const bool offered = wanted && kind[next] == ROW;
        step(random);
        if (random >> 63)
            drive((random >> 20) % rows);
        else
            for (int64_t i = 0; i < {input_count}; i++) {{
                const uint64_t word = step(random) & masks[i];
                std::memcpy(in[i].at, &word, in[i].size);
            }}
        {set_reset}
        {set_valid}
        {set_restart}
        if (offered) {{
            {hold}
        }}
        {clear_load}
        top.clk = 0;
        top.eval();
        const bool is_idle = {idle};
        bool taken = wanted && resets;
        if ((offered && {ready}) || ((loading || saving) && is_idle)) {{
            drive(next);
            taken = true;
        }}
        if (loading || (now >= begin && (!is_idle || (taken && offered)))) {{
            {set_load}
        }}
        top.eval();
        if (taken)
            accepted[next++] = now;
        idle = taken || now < begin ? 0 : idle + 1;
        for (int64_t o = 0; o < {output_count} && now >= begin; o++) {{
            int64_t &k = sampled[o];
            while (k < next && kind[k] != of[o])
                k++;
            if (announced[o] ? {out_valid} : k < next && accepted[k] + latency[o] == now) {{
                if (k >= next) {{
                    top.final();
                    return -1 - now;
                }}
                uint64_t word = 0;
                std::memcpy(&word, out[o].at, out[o].size);
                samples[o][k++] = word;
            }}
            if (taken && resets)
                k = next;
        }}
        top.clk = 1;
        top.eval();
    }}
    top.final();
    return next;
}}
"""
