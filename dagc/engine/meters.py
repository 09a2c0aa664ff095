"""What an operator watches of an engine: bars, rejections, switches, how long a bar takes, and the outputs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from dag.values.types import Kind
from dagc.live.instance import Instance

#: The bounds of the latency histogram, in nanoseconds.
BOUNDS = tuple(1000 * 2**k for k in range(15))


@dataclass(slots=True)
class Meters:
    """Counts since the engine began."""

    rejected: Counter[int] = field(default_factory=Counter[int])
    refused: int = 0
    switched: int = 0
    nanoseconds: int = 0
    slowest: int = 0
    _buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def stepped(self, nanoseconds: int, status: int) -> None:
        """A bar took so long, its record in the journal included, and ended with this status."""
        self.nanoseconds += nanoseconds
        self.slowest = max(self.slowest, nanoseconds)
        self._buckets[min(max(nanoseconds - 1, 0) // 1000, 1 << 14).bit_length()] += 1
        if status:
            self.rejected[status] += 1

    def text(self, instance: Instance, bars: int) -> str:
        """The text format of OpenMetrics 1.0: counters, a histogram, and a gauge for each output that is a number."""
        graph = instance.graph
        ports = [port.name for port in graph.ports()]
        lines = [*_family("dagc_bars", "counter", "Bars stepped."), f"dagc_bars_total {bars}"]
        lines += _family("dagc_rejected_bars", "counter", "Bars rejected, by the port that was outside its domain.")
        lines += [
            f"dagc_rejected_bars_total{{port={_quoted(ports[s - 1])}}} {n}" for s, n in sorted(self.rejected.items())
        ]
        lines += [
            *_family("dagc_refused_bars", "counter", "Bars that were no inputs of the lane."),
            f"dagc_refused_bars_total {self.refused}",
        ]
        lines += [
            *_family("dagc_switches", "counter", "Versions that became active."),
            f"dagc_switches_total {self.switched}",
        ]
        lines += _family("dagc_step_seconds", "histogram", "How long a bar took, its journal included.", "seconds")
        total = 0
        for bound, count in zip([f"{each / 1e9!r}" for each in BOUNDS] + ["+Inf"], self._buckets, strict=True):
            total += count
            lines.append(f'dagc_step_seconds_bucket{{le="{bound}"}} {total}')
        lines += [f"dagc_step_seconds_count {total}", f"dagc_step_seconds_sum {self.nanoseconds / 1e9!r}"]
        said = instance.results()
        for output, value in zip(graph.outputs, said, strict=True):
            type_ = graph.types[output.node]
            if type_.is_array or type_.kind in (Kind.ENUM,) or output.node == graph.status:
                continue
            unit = re.sub(r"\W+", "_", graph.units[output.node]).strip("_")
            name = f"dagc_output_{re.sub(r'[^a-zA-Z0-9_]', '_', output.name)}" + (
                f"_{unit}" if unit not in ("", "1") else ""
            )
            lines += _family(
                name, "gauge", f"The output {output.name} of {graph.name}.", "" if unit in ("", "1") else unit
            )
            lines.append(f"{name} {_number(float(value))}")
        return "\n".join([*lines, "# EOF", ""])


def _family(name: str, kind: str, about: str, unit: str = "") -> list[str]:
    return [f"# TYPE {name} {kind}", *([f"# UNIT {name} {unit}"] if unit else []), f"# HELP {name} {about}"]


def _number(value: float) -> str:
    return (
        "NaN"
        if value != value
        else "+Inf"
        if value == float("inf")
        else "-Inf"
        if value == -float("inf")
        else repr(value)
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
