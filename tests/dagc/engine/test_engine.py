"""An engine under a feed: swaps that lose no state and no bar, shadows that change nothing, one owner."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import dagc
from dagc import Engine
from dagc.engine.version import EngineProblem
from dagc.live.inputs import InputProblem
from dagc.live.kernel import Kernel
from tests.support.versions import COUNTING, RENAMED, SCALED, SLOWER, feed, follow


@pytest.fixture(scope="module")
def kernels() -> dict[str, Kernel]:
    versions = {"follow": follow, "renamed": RENAMED, "scaled": SCALED, "slower": SLOWER, "counting": COUNTING}
    return {name: dagc.compile(each) for name, each in versions.items()}


def words(outputs: Any, places: int = 3) -> tuple[Any, ...]:
    """The first outputs and the status, floats by their bits."""
    return (*(each.hex() if isinstance(each, float) else each for each in outputs[:places]), outputs.dagc_status)


def alone(kernel: Kernel, bars: list[dict[str, Any]], **params: float) -> list[tuple[Any, ...]]:
    instance = kernel.bind(params or None)
    return [words(instance.step(bar)) for bar in bars]


def test_a_renamed_local_swapped_on_every_bar_is_never_swapped(kernels: dict[str, Kernel]) -> None:
    bars = feed(300)
    engine = Engine(kernels["follow"])
    said = []
    for number, bar in enumerate(bars):
        engine.swap(kernels["renamed" if number % 2 else "follow"])
        said.append(words(engine.step(bar)))
    assert said == alone(kernels["follow"], bars)
    assert engine.meters.switched == 300


def test_a_changed_output_takes_effect_at_the_next_bar_and_keeps_every_state(kernels: dict[str, Kernel]) -> None:
    bars = feed(200)
    engine = Engine(kernels["follow"])
    said = [words(engine.step(bar)) for bar in bars[:100]]
    engine.swap(kernels["scaled"])
    said += [words(engine.step(bar)) for bar in bars[100:]]
    before, after = alone(kernels["follow"], bars), alone(kernels["scaled"], bars)
    assert said == before[:100] + after[100:]


def test_a_swap_that_would_lose_a_state_is_refused_and_nothing_changes(kernels: dict[str, Kernel]) -> None:
    bars = feed(200)
    engine = Engine(kernels["follow"])
    said = [words(engine.step(bar)) for bar in bars[:100]]
    with pytest.raises(EngineProblem, match=r"`level` is changed(.|\n)*what is active stays active"):
        engine.swap(kernels["slower"])
    said += [words(engine.step(bar)) for bar in bars[100:]]
    assert said == alone(kernels["follow"], bars)
    engine.swap(kernels["slower"], changed=True)
    engine.step(bars[0])
    assert engine.active.kernel is kernels["slower"]


def test_other_parameters_take_effect_and_a_kernel_keeps_them(kernels: dict[str, Kernel]) -> None:
    bars = feed(100)
    engine = Engine(kernels["follow"])
    engine.step(bars[0])
    engine.swap(params={"alpha": 0.25})
    engine.step(bars[1])
    engine.swap(kernels["renamed"])
    engine.step(bars[2])
    assert engine.active.instance.params == {"alpha": 0.25}
    first = kernels["follow"].bind()
    first.step(bars[0])
    second = kernels["follow"].bind({"alpha": 0.25})
    second.restore(first.snapshot())
    for bar in bars[1:3]:
        second.step(bar)
    assert engine.snapshot()[64:-32] == kernels["renamed"].migrated(second.snapshot(), kernels["follow"])[64:-32]


def test_rolled_back_it_is_never_swapped(kernels: dict[str, Kernel]) -> None:
    bars = feed(150)
    engine = Engine(kernels["follow"])
    said = [words(engine.step(bar)) for bar in bars[:50]]
    engine.swap(kernels["slower"], changed=True)
    for bar in bars[50:100]:
        engine.step(bar)
    engine.rollback()
    said += [words(engine.step(bar)) for bar in bars[100:]]
    assert said == [each for at, each in enumerate(alone(kernels["follow"], bars)) if at not in range(50, 100)]
    with pytest.raises(EngineProblem, match="no version to return to"):
        engine.rollback()


def test_committed_there_is_nothing_to_return_to(kernels: dict[str, Kernel]) -> None:
    engine = Engine(kernels["follow"])
    engine.swap(kernels["renamed"])
    engine.step(feed(1)[0])
    engine.commit()
    with pytest.raises(EngineProblem, match="it was let go"):
        engine.rollback()


def test_a_candidate_beside_changes_nothing_and_says_where_it_differs(kernels: dict[str, Kernel]) -> None:
    bars = feed(200)
    engine = Engine(kernels["follow"])
    said = [words(engine.step(bar)) for bar in bars[:100]]
    shadow = engine.beside(kernels["scaled"])
    said += [words(engine.step(bar)) for bar in bars[100:]]
    expected, other = alone(kernels["follow"], bars), alone(kernels["scaled"], bars)
    assert said == expected
    differ = [bar for bar in range(100, 200) if expected[bar][0] != other[bar][0]]
    assert shadow.counts == {"bars": 100, "differing": len(differ), "refused": 0}
    (found,) = shadow.differences.values()
    assert (found.first, found.bars) == (differ[0], len(differ))
    gaps = sorted(abs(float.fromhex(expected[bar][0])) for bar in differ)
    assert found.quantiles(0.0, 1.0) == [gaps[0], gaps[-1]]
    assert sum(last - first + 1 for first, last in shadow.episodes) == len(differ)
    assert "beside" in shadow.report()
    assert f"first bar {differ[0]:,}" in shadow.report()


def test_the_first_lane_that_differs_is_named(kernels: dict[str, Kernel]) -> None:
    engine = Engine(kernels["follow"])
    shadow = engine.beside(kernels["slower"], changed=True)
    for bar in feed(10):
        engine.step(bar)
    assert shadow.first_tap[0][0] == "level"


def test_a_candidate_that_ran_beside_becomes_active_with_what_it_has_seen(kernels: dict[str, Kernel]) -> None:
    bars = feed(120)
    engine = Engine(kernels["follow"])
    for bar in bars[:40]:
        engine.step(bar)
    shadow = engine.beside(kernels["counting"])
    for bar in bars[40:100]:
        engine.step(bar)
    engine.swap(shadow)
    last = [engine.step(bar) for bar in bars[100:]]
    assert [words(each) for each in last] == alone(kernels["follow"], bars)[100:]
    assert last[-1][3] == sum(bar["price"] == bar["price"] for bar in bars[40:])


def test_a_candidate_whose_kept_states_strayed_is_refused(kernels: dict[str, Kernel]) -> None:
    bars = feed(60)
    engine = Engine(kernels["follow"])
    shadow = engine.beside(kernels["counting"])
    for bar in bars[:20]:
        engine.step(bar)
    shadow.instance.step(bars[20])  # a bar that the active kernel has not seen
    engine.swap(shadow)
    said = [words(engine.step(bar)) for bar in bars[20:]]
    assert said == alone(kernels["follow"], bars)[20:]
    assert engine.active.kernel is kernels["follow"]


def test_a_bar_that_is_none_changes_nothing(kernels: dict[str, Kernel]) -> None:
    bars = feed(20)
    engine = Engine(kernels["follow"])
    said = []
    for bar in bars:
        with pytest.raises(InputProblem):
            engine.step({**bar, "sise": 1})
        with pytest.raises(InputProblem):
            engine.step({"price": "high", "size": 1})
        said.append(words(engine.step(bar)))
    assert said == alone(kernels["follow"], bars)
    assert engine.meters.refused == 40


def test_a_second_thread_is_refused_at_once(kernels: dict[str, Kernel]) -> None:
    engine = Engine(kernels["follow"])
    bar, refused, stop = feed(1)[0], [0, 0], threading.Event()

    def hammer(which: int) -> None:
        while not stop.is_set():
            try:
                engine.step(bar)
            except EngineProblem:
                refused[which] += 1

    threads = [threading.Thread(target=hammer, args=(which,)) for which in (0, 1)]
    for each in threads:
        each.start()
    while not any(refused) and engine.bars < 2_000_000:
        pass
    stop.set()
    for each in threads:
        each.join()
    assert any(refused)


def test_swaps_posted_from_another_thread_lose_no_bar_and_double_none(kernels: dict[str, Kernel]) -> None:
    bars = feed(3_000)
    engine = Engine(kernels["follow"])
    stop = threading.Event()

    def operator() -> None:
        which = 0
        while not stop.is_set():
            engine.swap(kernels[("follow", "renamed", "scaled")[which % 2]])
            which += 1

    poster = threading.Thread(target=operator)
    poster.start()
    said = [words(engine.step(bar)) for bar in bars]
    stop.set()
    poster.join()
    assert said == alone(kernels["follow"], bars)
    assert engine.meters.switched > 3


def test_a_clock_does_not_go_back(kernels: dict[str, Kernel]) -> None:
    bar = feed(1)[0]
    engine = Engine(kernels["follow"])
    engine.step(bar, at=10)
    engine.step(bar, at=10)
    with pytest.raises(EngineProblem, match="before the last one"):
        engine.step(bar, at=9)
    assert engine.bars == 2


def test_metrics_are_open_metrics(kernels: dict[str, Kernel]) -> None:
    engine = Engine(kernels["follow"])
    bars = feed(200)
    for bar in bars:
        engine.step(bar)
    text = engine.metrics()
    rejected = sum(bar["price"] != bar["price"] for bar in bars)
    assert text.endswith("# EOF\n")
    assert "dagc_bars_total 200\n" in text
    assert f'dagc_rejected_bars_total{{port="price"}} {rejected}\n' in text
    assert 'dagc_step_seconds_bucket{le="+Inf"} 200\n' in text
    counts = [int(line.split()[-1]) for line in text.splitlines() if line.startswith("dagc_step_seconds_bucket")]
    assert counts == sorted(counts)
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


def test_a_table_of_bindings_is_no_engine(kernels: dict[str, Kernel]) -> None:
    with pytest.raises(EngineProblem, match="one binding"):
        Engine(kernels["follow"], {"alpha": [0.1, 0.2]})
