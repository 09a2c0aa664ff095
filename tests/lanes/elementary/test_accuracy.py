"""How far results are from the truth, on fixed points: correctly rounded, all of them, as the docstrings promise in effect."""

from __future__ import annotations

import numpy as np
import pytest

from bench.elementary_accuracy import SUBJECTS, accuracy, computed, exact, points

POINTS = 250


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_result_is_the_nearest_float(name: str) -> None:
    columns = points(name, POINTS, seed=3)
    found = accuracy(computed(name, columns), exact(name, columns), columns)
    assert found.points > 0.8 * POINTS
    assert found.wrong == 0, found
    assert found.worst <= 0.5, found


def test_the_measure_sees_a_last_place() -> None:
    columns = points("exp", 50, seed=3)
    moved = np.nextafter(computed("exp", columns), np.inf)
    found = accuracy(moved, exact("exp", columns), columns)
    assert found.wrong == found.points
    assert 0.5 < found.worst <= 1.5


@pytest.mark.parametrize("name", ["exp", "normal_cdf"])
def test_results_around_the_smallest_normal_are_rounded_once(name: str) -> None:
    # Found by measuring: results in [2^-1021, 2^-1020) once took the road of the subnormals, where floats lie closer.
    low, high = {"exp": (-709.1, -707.0), "normal_cdf": (-37.7, -37.4)}[name]
    columns = (np.linspace(low, high, 1_000),)
    found = accuracy(computed(name, columns), exact(name, columns), columns)
    assert found.wrong == 0, found
