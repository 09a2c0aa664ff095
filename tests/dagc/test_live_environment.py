"""A kernel in a host that has bent the floating-point environment, or that has threads: the words are the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread
from typing import Annotated, Any

import numpy as np
import pytest

import dagc
from compile.c.environment import BENT, bend, bendable, control_words
from compile.pipeline import prepare
from dag import carry, domain, float32, lane, params
from dag.trace import trace
from dag.values.floating_point import bent, saved
from dag.values.types import F64
from dag.values.words import word_of
from dagc.live.kernel import Kernel, kernel_from_graph
from tests.support.replays import bundle_of

#: Smallest normal numbers: what is below them is subnormal.
LEAST, LEAST_F32 = 2.0**-1022, 2.0**-126


@params
class Fine:
    """Parameters on which every bent environment shows: one to be rounded, others whose domains end in subnormals."""

    step: Annotated[float32, domain(0.0, 1.0)]
    least: Annotated[float, domain(LEAST / 4.0, 1.0)] = LEAST / 2.0
    share: Annotated[float, domain(0.0, 1.0)] = 0.1


@lane
def drift(x: Annotated[float, domain(0.0, 1e300)], y: float32, p: Fine) -> tuple[float, float32, bool]:
    """Subnormal products, inexact quotients, and a comparison of subnormals, in both widths, carried on."""
    level = carry(initial=0.0)
    level = level + x * p.share / 3.0 * 1e-300
    return level * 0.1, y * p.step / float32(3.0), x > p.least


GIVEN = {"step": 0.1, "least": LEAST / 2.0, "share": 0.7}
X = np.array([1.1, LEAST / 4.0, LEAST / 2.0, LEAST, 2e-8, 1e-300, 0.3])
Y = np.array([0.1, 1e-45, LEAST_F32 / 8.0, 3.0, 1e30, -0.1, 7.0])


def everything(kernel: Kernel) -> list[object]:
    """All that a host may ask of a kernel, as words: steps, taps, snapshots, columns, tables of parameters."""
    one, other = kernel.bind(GIVEN), kernel.bind(Fine(**GIVEN))
    found: list[object] = [sorted((name, word_of(float(value), F64)) for name, value in one.params.items())]
    for x, y in zip(X.tolist(), Y.tolist(), strict=True):
        found.append([word_of(float(value), F64) for value in one.step(x=x, y=y)])
        found.append(word_of(one.tap("level"), F64))
    other.restore(one.snapshot())
    columns = other.run({"x": X, "y": Y})
    found += [np.asarray(column).tobytes() for column in columns]
    many = kernel.bind({"step": [0.1, 0.7, 1e-45], "share": [0.7, 0.1, LEAST / 8.0]})
    stepped = many.step({"x": X[0], "y": Y[1]})
    found += [np.asarray(column).tobytes() for column in stepped]
    return [*found, one.snapshot(), many.snapshot()]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle_of(prepare(trace(drift)), tmp_path_factory.mktemp("drift") / "bundle", "c")


@contextmanager
def host(mxcsr: int) -> Iterator[None]:
    with saved():
        bend(mxcsr)
        yield


@pytest.mark.skipif(not bendable(), reason="missing: an x86-64 machine whose C library has fenv.h (MXCSR)")
@pytest.mark.parametrize("how", BENT)
def test_a_bundle_is_loaded_and_stepped_in_any_environment(how: str, bundle: Path) -> None:
    expected = everything(dagc.load(bundle))
    with host(BENT[how]):
        found, left, is_bent = everything(dagc.load(bundle)), control_words()[0], bent()
    assert left == BENT[how], "the host has its environment back"
    assert is_bent
    assert found == expected


def test_instances_of_one_library_in_many_threads_give_the_bits_of_one() -> None:
    """Every thread steps instances of its own; only the library is shared, and the threads start at one moment."""
    kernel, count, bars = kernel_from_graph(prepare(trace(drift))), 8, 3000
    rng = np.random.default_rng(3)
    inputs = [(rng.uniform(0.0, 1e300, bars), rng.uniform(-9.0, 9.0, bars).astype(np.float32)) for _ in range(count)]
    found: list[Any] = [None] * count
    start = Barrier(count)

    def work(number: int) -> None:
        start.wait()
        found[number] = stepped(kernel, number, *inputs[number])

    threads = [Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [stepped(kernel, number, *inputs[number]) for number in range(count)]


def stepped(kernel: Kernel, number: int, x: Any, y: Any) -> list[object]:
    """The words of single steps, of the same bars as columns, of a tap on the way, and the state after them."""
    one = kernel.bind({**GIVEN, "share": (number + 1) / 10.0})
    words: list[object] = [
        tuple(word_of(float(value), F64) for value in one.step(x=a, y=b))
        for a, b in zip(x.tolist(), y.tolist(), strict=True)
    ]
    words += [word_of(one.tap("level"), F64), one.snapshot()]
    columns = one.run({"x": x, "y": y})
    return [*words, *(np.asarray(column).tobytes() for column in columns), one.snapshot()]
