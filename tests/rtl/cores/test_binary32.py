"""The same source at binary32, against this machine's own single precision."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from dag.values.words import Words
from rtl.core_table import core_sources
from rtl.simulate.stream import Port, Stream
from tests.support.simulator import needs_verilator

_ROWS = 100_000
#: Core, parameters, operands, cycles at its default cuts, and what numpy calls it.
CORES: dict[str, tuple[str, dict[str, int | str], str, int, np.ufunc]] = {
    "add": ("f_add", {}, "ab", 10, np.add),
    "sub": ("f_add", {"SUBTRACT": "1'b1"}, "ab", 10, np.subtract),
    "mul": ("f_mul", {}, "ab", 12, np.multiply),
    "div": ("f_div", {}, "ab", 7 + 9, np.divide),
    "sqrt": ("f_sqrt", {}, "x", 4 + 9, np.sqrt),
}


@cache
def _operands() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Any word; ordinary exponents with short fractions, so that ties are common; subnormals; the special values."""
    rng = np.random.default_rng(8)

    def column() -> NDArray[np.uint32]:
        words = rng.integers(0, 1 << 32, _ROWS, dtype=np.uint32)
        near = (words & 0x807FFFFF) | (rng.integers(100, 150, _ROWS, dtype=np.uint32) << 23)
        short = near & ~((np.uint32(1) << rng.integers(0, 23, _ROWS, dtype=np.uint32)) - np.uint32(1))
        special = np.array([0, 1, 0x007FFFFF, 0x00800000, 0x3F800000, 0x7F7FFFFF, 0x7F800000, 0x7FC00000], np.uint32)
        signed = rng.choice(special, _ROWS) | (words & np.uint32(1 << 31))
        return np.choose(rng.integers(0, 5, _ROWS), [words, near, short, words & 0x80FFFFFF, signed])

    return column(), column()


@needs_verilator
@pytest.mark.parametrize("name", CORES)
def test_core_equals_the_host(name: str) -> None:
    module, parameters, ports, latency, host = CORES[name]
    operands = _operands()[: len(ports)]
    columns: dict[str, Words] = {port: words.astype(np.uint64) for port, words in zip(ports, operands, strict=True)}
    form: dict[str, int | str] = {"EXP": 8, "FRAC": 23, **parameters}
    stream = Stream(core_sources(module), module, list(ports), [Port("result", latency)], parameters=form)
    got = stream.run(columns, _ROWS)[0]["result"]
    with np.errstate(all="ignore"):
        result = host(*(words.view(np.float32) for words in operands))
    expected = np.where(np.isnan(result), np.uint32(0x7FC00000), result.view(np.uint32))
    wrong = np.flatnonzero(got != expected)
    assert not wrong.size, [f"{int(words[wrong[0]]):08x}" for words in (*columns.values(), got, expected)]
