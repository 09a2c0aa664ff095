"""What a debugger shows at one place of a replay: frames, scopes, values, and answers to questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dag.values.words import show
from dagc.debugging.adapter.timeline import Place, Stop, Timeline

#: The scopes of a frame, in the order in which an editor lists them.
SCOPES = ("Lane", "Inputs", "Parameters", "State", "Outputs")


class Refusal(Exception):
    """A request that is answered with `success: false` and this text."""


@dataclass(frozen=True, slots=True)
class View:
    """The values of one place."""

    timeline: Timeline
    at: Place

    @property
    def stop(self) -> Stop | None:
        """The value at which it stands; None at the end of a bar."""
        stops = self.timeline.stops
        return stops[self.at.step] if self.at.step < len(stops) else None

    def frames(self) -> list[dict[str, Any]]:
        """The calls of lanes that are open, the innermost first; the identity of a frame is its call and one more."""
        graph, stop = self.timeline.graph, self.stop
        frames = []
        for depth, scope in enumerate([0] if stop is None else self.timeline.calls(stop.scope)):
            call = graph.scopes[scope]
            path, line = (call.span.path or call.span.file, call.span.line) if call.span else ("", 0)
            name = call.lane
            if stop is not None and depth == 0:
                path, line, name = stop.path, stop.line, f"{call.lane}  {stop.name}"
            source = {"source": {"name": Path(path).name, "path": str(Path(path).resolve())}} if path else {}
            frames.append({"id": scope + 1, "name": name, "line": line, "column": 1, **source})
        return frames

    def scopes(self, frame: int) -> list[dict[str, Any]]:
        """What can be looked at in a frame."""
        call = frame - 1
        if not 0 <= call < len(self.timeline.graph.scopes):
            raise Refusal(f"there is no frame {frame}")
        return [
            {"name": name, "variablesReference": 1 + place + len(SCOPES) * call, "expensive": False}
            for place, name in enumerate(SCOPES)
        ]

    def variables(self, reference: int) -> list[dict[str, Any]]:
        """The values of a scope, arrays left out."""
        call, place = divmod(reference - 1, len(SCOPES))
        if not 0 <= call < len(self.timeline.graph.scopes):
            raise Refusal("there is no such scope: ask for the scopes again")
        types = self.timeline.graph.types
        return [
            {
                "name": name,
                "value": self.shown(node),
                "type": str(types[node]),
                "variablesReference": 0,
                "evaluateName": name,
            }
            for name, node in self._named(SCOPES[place], call)
            if not types[node].is_array
        ]

    def evaluated(self, text: str) -> dict[str, Any]:
        """A name; or `why NAME`, `waterfall NAME`, `flips NAME`, `where CONDITION`. Raises what these raise."""
        word, _, rest = text.partition(" ")
        moment, rest = self.timeline.moment(self.at.bar), rest.strip()
        match word:
            case "why" if rest:
                return {"result": repr(moment.why(self.whole_name(rest, 0)))}
            case "waterfall" if rest:
                return {"result": repr(moment.waterfall(self.whole_name(rest, 0)))}
            case "flips" if rest:
                return {"result": "\n".join(map(str, moment.flips(self.whole_name(rest, 0))))}
            case "where" if rest:
                bars = sorted(self.timeline.bars_where(rest))
                shown = ", ".join(map(str, bars[:50])) + (", ..." if len(bars) > 50 else "")
                return {"result": f"{len(bars):,} of {self.timeline.bars:,} bars: {shown}"}
            case _:
                node = moment.names.node(self.whole_name(text, 0))
                return {"result": self.shown(node), "type": str(self.timeline.graph.types[node])}

    def shown(self, node: int) -> str:
        """A value and its unit."""
        graph = self.timeline.graph
        value = show(self.timeline.moment(self.at.bar).value(node), graph.types[node])
        return value if graph.units[node] in ("", "1") else f"{value} [{graph.units[node]}]"

    def whole_name(self, name: str, reference: int) -> str:
        """The whole name of a value that an editor knows by its short one: that of the lane that it looks at, else as it is."""
        graph, stop = self.timeline.graph, self.stop
        calls = [] if stop is None else self.timeline.calls(stop.scope)
        if reference:
            calls = [(reference - 1) // len(SCOPES)]
        names = {tap.name for tap in graph.taps}
        for call in calls:
            path = graph.scopes[call].path
            if path and f"{path}.{name}" in names:
                return f"variable:{path}.{name}"
        return name

    def filled(self, message: str) -> str:
        """A log message with `{name}` replaced by values of the bar."""
        moment, (text, *parts) = self.timeline.moment(self.at.bar), message.split("{")
        for part in parts:
            name, closed, rest = part.partition("}")
            text += self.shown(moment.names.node(name.strip())) + rest if closed else f"{{{part}"
        return text

    def _named(self, kind: str, call: int) -> list[tuple[str, int]]:
        graph = self.timeline.graph
        match kind:
            case "Lane":
                reached = self.timeline.stops[: self.at.step + 1]
                return [(stop.name, stop.node) for stop in reached if stop.scope == call]
            case "Inputs":
                return [(port.name, port.node) for port in graph.inputs]
            case "Parameters":
                return [(port.name, port.node) for port in graph.params]
            case "State":
                return [(state.name, state.node) for state in graph.states]
            case _:
                return [(output.name, output.node) for output in graph.outputs]
