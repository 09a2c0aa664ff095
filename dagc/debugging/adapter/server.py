"""The adapter: what an editor asks, answered from a replay. Every step can be taken back, because nothing is ever changed."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from dagc.debugging.adapter.protocol import read_message, write_message
from dagc.debugging.adapter.timeline import Place, Timeline
from dagc.debugging.adapter.view import Refusal, View

CAPABILITIES: dict[str, Any] = {
    "supportsConfigurationDoneRequest": True,
    "supportsConditionalBreakpoints": True,
    "supportsHitConditionalBreakpoints": True,
    "supportsLogPoints": True,
    "supportsStepBack": True,
    "supportsDataBreakpoints": True,
    "supportsEvaluateForHovers": True,
    "supportsTerminateRequest": True,
    "exceptionBreakpointFilters": [
        {"filter": "rejected", "label": "Rejected bars", "default": False},
        {"filter": "nan", "label": "Outputs that are NaN", "default": False},
    ],
}
THREAD = 1


@dataclass(slots=True)
class Breakpoint:
    """Where to stop: steps of a bar, on which bars (None: all), from which hit on, and what to log instead of stopping."""

    steps: tuple[int, ...]
    bars: frozenset[int] | None = None
    hits: int = 0
    log: str = ""
    why: str = "breakpoint"
    seen: int = 0


Opener = Callable[[dict[str, Any]], Timeline]


@dataclass(slots=True)
class Server:
    """One session over a pair of streams. `opener` makes the timeline of what an editor asks to launch; it may raise anything that has
    a message for people."""

    reader: IO[bytes]
    writer: IO[bytes]
    opener: Opener
    timeline: Timeline | None = None
    at: Place = field(default_factory=lambda: Place(0, 0))
    lines: dict[str, list[Breakpoint]] = field(default_factory=dict[str, list[Breakpoint]])
    data: list[Breakpoint] = field(default_factory=list[Breakpoint])
    filters: list[Breakpoint] = field(default_factory=list[Breakpoint])
    _number: int = 0
    _entry: bool = True
    _is_configured: bool = False
    _done: bool = False

    def run(self) -> None:
        """Answer until the editor leaves or its stream ends. Raises ProtocolProblem."""
        while not self._done and (message := read_message(self.reader)) is not None:
            if message.get("type") == "request":
                self._answer(message)

    def _answer(self, request: dict[str, Any]) -> None:
        command, given = str(request.get("command", "")), request.get("arguments") or {}
        after: list[tuple[str, dict[str, Any]]] = []
        try:
            handler = getattr(self, f"on_{command}", None)
            if handler is None:
                raise Refusal(f"`{command}` is not supported")
            body = handler(given, after)
            self._send(request, {"success": True, "body": body or {}})
        except Refusal as refused:
            self._send(
                request,
                {"success": False, "message": str(refused), "body": {"error": {"id": 1, "format": str(refused)}}},
            )
        except (
            Exception
        ) as problem:  # what is wrong with a file or a condition is the user's to read, not the end of the session
            text = str(problem) or traceback.format_exc(limit=1)
            self._send(request, {"success": False, "message": text, "body": {"error": {"id": 2, "format": text}}})
        for event, about in after:  # events come behind the answer that announces them
            self._event(event, about)

    def _send(self, request: dict[str, Any], answer: dict[str, Any]) -> None:
        self._number += 1
        head = {
            "seq": self._number,
            "type": "response",
            "request_seq": request.get("seq", 0),
            "command": request.get("command", ""),
        }
        write_message(self.writer, {**head, **answer})

    def _event(self, event: str, body: dict[str, Any]) -> None:
        self._number += 1
        write_message(self.writer, {"seq": self._number, "type": "event", "event": event, "body": body})

    # --- beginning and end ----------------------------------------------------------------------------------------

    def on_initialize(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:
        """What this adapter can do."""
        return CAPABILITIES

    def on_launch(self, given: dict[str, Any], after: list[Any]) -> None:
        """Open the replay; breakpoints may have come before it, or come now."""
        self.timeline = self.opener(given)
        bar = given.get("bar", 0)
        if not isinstance(bar, int) or not 0 <= bar < self.timeline.bars:
            raise Refusal(f"bar {bar} is not in the replay, which has bars 0 to {self.timeline.bars - 1}")
        self.timeline.moment(bar)  # which a graph with values along an axis has none of
        self.at, self._entry = Place(bar, 0), bool(given.get("stopOnEntry", True))
        after.append(("initialized", {}))
        if self._is_configured:
            self._begin(after)

    on_attach = on_launch

    def on_configurationDone(self, given: dict[str, Any], after: list[Any]) -> None:  # noqa: N802  the protocol's name
        """Everything was said: stop at the beginning, or go to the first breakpoint."""
        self._is_configured = True
        if self.timeline is not None:
            self._begin(after)

    def _begin(self, after: list[Any]) -> None:
        if self._entry:
            after.append(self._stopped("entry"))
        else:
            self._continue(after, forwards=True)

    def on_disconnect(self, given: dict[str, Any], after: list[Any]) -> None:
        """The end."""
        self._done = True

    on_terminate = on_disconnect

    # --- breakpoints ----------------------------------------------------------------------------------------------

    def on_setBreakpoints(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:  # noqa: N802
        """Lines of a file: each stands for the values that are computed there."""
        path = str(given.get("source", {}).get("path", ""))
        wanted = given.get("breakpoints") or [{"line": line} for line in given.get("lines", [])]
        answers: list[dict[str, Any]] = []
        found: list[Breakpoint] = []
        for each in wanted:
            try:
                made = self._breakpoint(self._open.steps_at(path, int(each["line"])), each)
            except Exception as problem:
                answers.append({"verified": False, "line": each["line"], "message": str(problem)})
                continue
            if not made.steps:
                answers.append(
                    {"verified": False, "line": each["line"], "message": "no value of the lane is computed here"}
                )
                continue
            found.append(made)
            answers.append({"verified": True, "line": self._open.stops[made.steps[0]].line, "source": {"path": path}})
        self.lines[path] = found
        return {"breakpoints": answers}

    def on_dataBreakpointInfo(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:  # noqa: N802
        """Any named value can be watched."""
        name = str(given.get("name", ""))
        path = self._view.whole_name(name, int(given.get("variablesReference", 0)))
        return {"dataId": path, "description": f"`{path}` changes", "accessTypes": ["write"], "canPersist": True}

    def on_setDataBreakpoints(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:  # noqa: N802
        """Stop where a value is another than on the bar before."""
        self.data, answers = [], []
        for each in given.get("breakpoints", []):
            name = str(each["dataId"])
            try:
                made = self._breakpoint(
                    [self._step_of(name)], {**each, "condition": f"changed({name})"}, "data breakpoint"
                )
            except Exception as problem:
                answers.append({"verified": False, "message": str(problem)})
                continue
            self.data.append(made)
            answers.append({"verified": True})
        return {"breakpoints": answers}

    def on_setExceptionBreakpoints(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:  # noqa: N802
        """Stop at the end of bars that were rejected, or whose outputs are NaN."""
        end, graph = (len(self._open.stops),), self._open.graph
        self.filters = []
        for each in given.get("filters", []):
            if each == "rejected":
                bars = self._open.bars_where("status != 0")
            else:
                outputs = [output.name for output in graph.outputs if graph.types[output.node].is_float]
                bars = frozenset[int]().union(*(self._open.bars_where(f"isnan(output:{name})") for name in outputs))
            self.filters.append(Breakpoint(end, bars, why="exception"))
        return {}

    def on_setFunctionBreakpoints(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:  # noqa: N802
        """Lanes by name: the first value that each call of it computes."""
        answers: list[dict[str, Any]] = []
        found = []
        for each in given.get("breakpoints", []):
            scopes = {s for s, scope in enumerate(self._open.graph.scopes) if scope.lane == each["name"]}
            firsts = {
                stop.scope: step for step, stop in reversed([*enumerate(self._open.stops)]) if stop.scope in scopes
            }
            if firsts:
                found.append(self._breakpoint(sorted(firsts.values()), each, "function breakpoint"))
            answers.append({"verified": bool(firsts)})
        self.lines["functions"] = found
        return {"breakpoints": answers}

    def _breakpoint(self, steps: list[int], said: dict[str, Any], why: str = "breakpoint") -> Breakpoint:
        condition = str(said.get("condition") or "").strip()
        bars = self._open.bars_where(condition) if condition else None
        hits = str(said.get("hitCondition") or "0").lstrip(">= ")
        if not hits.isdecimal():
            raise Refusal(f"a hit count is a number, got {said['hitCondition']!r}")
        return Breakpoint(tuple(steps), bars, int(hits), str(said.get("logMessage") or ""), why)

    # --- moving ---------------------------------------------------------------------------------------------------

    def on_continue(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:
        """Forwards to the next breakpoint, else to the end."""
        self._continue(after, forwards=True)
        return {"allThreadsContinued": True}

    def on_reverseContinue(self, given: dict[str, Any], after: list[Any]) -> None:  # noqa: N802
        """Backwards to the last breakpoint, else to the beginning."""
        self._continue(after, forwards=False)

    def on_next(self, given: dict[str, Any], after: list[Any]) -> None:
        """The next value of this lane, or of the one around it."""
        self._step(after, self._open.after, self._open.depth(self.at))

    def on_stepIn(self, given: dict[str, Any], after: list[Any]) -> None:  # noqa: N802
        """The next value of any lane."""
        self._step(after, self._open.after, None)

    def on_stepOut(self, given: dict[str, Any], after: list[Any]) -> None:  # noqa: N802
        """The next value of the lane around this one; out of the root, the next bar."""
        depth = self._open.depth(self.at)
        if depth <= 1:
            bar = self.at.bar + 1
            self._arrive(after, Place(bar, 0) if bar < self._open.bars else None)
        else:
            self._step(after, self._open.after, depth - 1)

    def on_stepBack(self, given: dict[str, Any], after: list[Any]) -> None:  # noqa: N802
        """The value of this lane before this one."""
        self._step(after, self._open.before, self._open.depth(self.at))

    def on_pause(self, given: dict[str, Any], after: list[Any]) -> None:
        """Nothing runs while nobody asks: it stands already."""
        after.append(self._stopped("pause"))

    def _step(self, after: list[Any], move: Callable[[Place], Place | None], depth: int | None) -> None:
        place, bar = move(self.at), self.at.bar
        while place is not None and depth is not None and place.bar == bar and self._open.depth(place) > depth:
            place = move(place)
        self._arrive(after, place)

    def _arrive(self, after: list[Any], place: Place | None) -> None:
        if place is not None:
            self.at = place
            after.append(self._stopped("step"))
        else:
            after.append(self._stopped("step", "there is nothing further in this direction"))

    def _continue(self, after: list[Any], forwards: bool) -> None:
        for place, hit in self._hits(forwards):
            hit.seen += 1
            if hit.seen < hit.hits:
                continue
            if hit.log:
                after.append(
                    ("output", {"category": "console", "output": View(self._open, place).filled(hit.log) + "\n"})
                )
                continue
            self.at = place
            after.append(self._stopped(hit.why))
            return
        self.at = self._open.last if forwards else self._open.first
        after.append(
            self._stopped(
                "step",
                f"no breakpoint {'after' if forwards else 'before'} this: the {'end' if forwards else 'beginning'}",
            )
        )

    def _hits(self, forwards: bool) -> Iterator[tuple[Place, Breakpoint]]:
        """Every place where a breakpoint stops, from here on, in the direction."""
        points = [each for some in (*self.lines.values(), self.data, self.filters) for each in some]
        bars = range(self.at.bar, self._open.bars) if forwards else range(self.at.bar, -1, -1)
        for bar in bars if points else ():
            found = sorted(
                (
                    (step, number)
                    for number, each in enumerate(points)
                    if each.bars is None or bar in each.bars
                    for step in each.steps
                ),
                reverse=not forwards,
            )
            for step, number in found:
                place = Place(bar, step)
                if (place > self.at) if forwards else (place < self.at):
                    yield place, points[number]

    def _stopped(self, why: str, text: str = "") -> tuple[str, dict[str, Any]]:
        place = f"bar {self.at.bar:,} of {self._open.bars:,}"
        body = {
            "reason": why,
            "description": f"{place}{': ' + text if text else ''}",
            "threadId": THREAD,
            "allThreadsStopped": True,
        }
        return "stopped", body

    # --- looking --------------------------------------------------------------------------------------------------

    def on_threads(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:
        """One: the instance."""
        return {"threads": [{"id": THREAD, "name": f"{self._open.graph.name}, bar {self.at.bar:,}"}]}

    def on_stackTrace(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:  # noqa: N802
        """The calls of lanes that are open."""
        frames = self._view.frames()
        return {"stackFrames": frames, "totalFrames": len(frames)}

    def on_scopes(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:
        """What can be looked at in a frame."""
        return {"scopes": self._view.scopes(int(given.get("frameId", 1)))}

    def on_variables(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:
        """The values of a scope: of a lane those that are computed already."""
        return {"variables": self._view.variables(int(given.get("variablesReference", 0)))}

    def on_evaluate(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:
        """A name; or `why NAME`, `waterfall NAME`, `flips NAME`, `where CONDITION`, `bar N`."""
        text = str(given.get("expression", "")).strip()
        word, _, rest = text.partition(" ")
        if word == "bar" and rest.strip().replace("_", "").isdecimal():
            if int(rest) >= self._open.bars:
                raise Refusal(f"the replay has bars 0 to {self._open.bars - 1}")
            self.at = Place(int(rest), 0)
            after.append(self._stopped("goto"))
            return {"result": f"bar {self.at.bar:,}", "variablesReference": 0}
        return {**self._view.evaluated(text), "variablesReference": 0}

    def on_source(self, given: dict[str, Any], after: list[Any]) -> dict[str, Any]:
        """The text of a file of the lanes."""
        path = str(given.get("source", {}).get("path", ""))
        if path not in self._open.lines:
            raise Refusal(f"{path} is no file of this lane")
        return {"content": Path(path).read_text(encoding="utf-8")}

    # --- what stands behind it ------------------------------------------------------------------------------------

    @property
    def _open(self) -> Timeline:
        if self.timeline is None:
            raise Refusal("nothing was launched yet")
        return self.timeline

    @property
    def _view(self) -> View:
        return View(self._open, self.at)

    def _step_of(self, name: str) -> int:
        node = self._open.moment(self.at.bar).names.node(name)
        steps = [step for step, stop in enumerate(self._open.stops) if stop.node == node]
        return steps[0] if steps else len(self._open.stops)
