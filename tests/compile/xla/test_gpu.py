"""The kernels' bits on a GPU, where there is one."""

from __future__ import annotations

import jax
import pytest


def test_the_op_matrix_and_random_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    if all(device.platform != "gpu" for device in jax.devices()):
        pytest.skip("jax sees no GPU on this machine; bench/gpu_bits.py is the command for one that has it")
    from bench.gpu_bits import main

    monkeypatch.setattr("sys.argv", ["gpu_bits.py", "--graphs", "5", "--rows", "1000"])
    assert main() == 0
