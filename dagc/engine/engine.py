"""The engine: one active kernel, what it was before, what may come next, and a journal of all of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dag.values.types import Value
from dagc.engine.beside import Beside, inputs_for
from dagc.engine.journal import Journal, Sync
from dagc.engine.meters import Meters
from dagc.engine.reading import gone_on
from dagc.engine.records import Kind, Segments, with_json
from dagc.engine.version import EngineProblem, Version, bound, digest
from dagc.live.inputs import InputProblem
from dagc.live.kernel import Kernel
from dagc.live.outputs import Outputs
from dagc.live.state import WrongSnapshot
from dagc.state.plan import plan

_LOG = logging.getLogger(__name__)
#: After so many bars on the new version the old one is let go, unless `commit` did it before.
BARS_TO_ROLL_BACK = 1000
#: A snapshot is put into the journal after so many bars, so that reading it begins there.
BARS_A_SNAPSHOT = 100_000


@dataclass(frozen=True, slots=True)
class _Switch:
    """What becomes active at the next bar."""

    version: Version
    why: str
    #: What becomes of states that do not mean the same: the arguments of `Kernel.migrated`.
    fed: bool = False
    changed: bool = False
    values: Mapping[str, Value] | None = None


class Engine:
    """A kernel under a feed: `step` it bar by bar; `swap`, `beside`, `rollback` and `commit` change what is active.

    One thread owns the engine, the one that steps it: a second one that steps at the same time is refused. Any thread may post a
    change, which takes place at the next bar boundary. With a journal, every bar is written down before it is stepped, and
    `dagc.engine.recovery.recovered` brings an engine back to the very bit after a kill.
    """

    def __init__(
        self,
        kernel: Kernel,
        params: object = None,
        *,
        journal: str | Path | None = None,
        sync: Sync = Sync.BATCH,
        snapshot_every: int = BARS_A_SNAPSHOT,
    ) -> None:
        """Bind one set of parameters, as `Kernel.bind` takes it, and begin a journal in an empty or new folder.

        Raises BindingProblem, EngineProblem where `params` is a table or the folder holds a journal already, JournalProblem.
        """
        self._active = bound(kernel, params)
        self._before: Version | None = None
        self._before_bars = 0
        self._shadows: list[Beside] = []
        self._pending: _Switch | None = None
        self._posting = threading.Lock()
        self._stepping = threading.Lock()
        self._journal: Journal | None = None
        self._closed = False
        self._snapshot_every = snapshot_every
        #: How many bars were stepped, and the time of the last one, in nanoseconds; 0 where nobody said.
        self.bars, self.at = 0, 0
        self.meters = Meters()
        if journal is not None:
            folder = Path(journal)
            if any(folder.glob("*.journal")):
                raise EngineProblem(
                    f"{folder} holds a journal already\n  fix  go on with it: recovered({str(folder)!r}, kernels), or name a new folder"
                )
            self._start(Journal(folder, kernel.graph.name, kernel.graph.content_hash, sync))

    @classmethod
    def recovered(
        cls,
        folder: str | Path,
        kernels: Kernel | Iterable[Kernel],
        *,
        sync: Sync = Sync.BATCH,
        snapshot_every: int = BARS_A_SNAPSHOT,
    ) -> Engine:
        """The engine whose journal is in `folder`, as it was after the last bar written down, to the bit.

        `kernels` are those that it may have run; the journal says which one, and with which parameters. It goes on with that
        journal. Raises JournalProblem for a damaged journal, and where the bars give other words than were written down; a record that
        was cut off at the end, as a kill leaves it, is none that was stepped.
        """
        course, found = gone_on(folder, kernels)
        assert course.version is not None
        engine = cls(course.version.kernel, course.version.instance.params or None, snapshot_every=snapshot_every)
        engine._active = course.version
        engine.bars, engine.at = course.bars, course.at
        graph = course.version.kernel.graph
        engine._start(Journal(Path(folder), graph.name, graph.content_hash, sync), found)
        return engine

    def _start(self, journal: Journal, found: Segments | None = None) -> None:
        """Write to `journal` from here on, behind what `found` has read of it."""
        journal.open(found)
        self._journal = journal
        self._put_snapshot()

    # --- what the feed calls --------------------------------------------------------------------------------------

    def step(self, inputs: Any, at: int = 0) -> Outputs:
        """One bar, as `Instance.step` takes it; `at` is its time in nanoseconds.

        A mapping may hold inputs that another version reads. Raises InputProblem, and nothing has happened then; EngineProblem
        where another thread steps, or `at` lies before the last bar; JournalProblem where the bar could not be written down,
        and it is not stepped then.
        """
        if not self._stepping.acquire(blocking=False):
            raise EngineProblem("another thread steps this engine at this moment\n  fix  step it from one thread")
        try:
            return self._step(inputs, at)
        finally:
            self._stepping.release()

    def _step(self, inputs: Any, at: int) -> Outputs:
        if self._closed:
            raise EngineProblem("this engine was closed")
        if at and at < self.at:
            raise EngineProblem(f"bar {self.bars:,} is of {at}, before the last one, of {self.at}\n  fix  leave it out")
        self._switch()
        active = self._active.instance
        begun = time.perf_counter_ns()
        try:
            active.fill(self._known(inputs))
        except InputProblem:
            self.meters.refused += 1
            raise
        if self._journal is not None:
            self._journal.bar(at, active.input_bytes)
        status = active.tick()
        said = active.results()
        if self._journal is not None:
            self._journal.done(status, digest(active.output_bytes))
        self.meters.stepped(time.perf_counter_ns() - begun, status)
        for each in self._shadows:
            each.step(self.bars, inputs, active, said)
        self._step_before(inputs)
        self.bars, self.at = self.bars + 1, at or self.at
        if self._journal is not None and self.bars % self._snapshot_every == 0:
            self._put_snapshot()
        return said

    def _known(self, inputs: Any) -> Any:
        """What the active kernel takes of a bar that shadows, or the version before, read too."""
        if not isinstance(inputs, Mapping) or not (self._shadows or self._before):
            return inputs
        others = [each.instance.graph for each in self._shadows]
        others += [self._before.kernel.graph] if self._before else []
        active = self._active.kernel.graph
        mine = inputs_for(active, inputs)
        known = {*mine, *(name for graph in others for name in inputs_for(graph, inputs))}
        return mine if len(known) == len(inputs) else inputs  # a name that nobody knows is reported as such

    def _step_before(self, inputs: Any) -> None:
        if self._before is None:
            return
        try:
            self._before.instance.fill(inputs_for(self._before.kernel.graph, inputs))
        except InputProblem as problem:
            _LOG.warning("the version before cannot follow, and is let go: %s", problem)
            self._before = None
            return
        self._before.instance.tick()
        self._before_bars += 1
        if self._before_bars >= BARS_TO_ROLL_BACK:
            self._before = None

    # --- what an operator calls -----------------------------------------------------------------------------------

    def swap(
        self,
        new: Kernel | Beside | None = None,
        params: object = None,
        *,
        fed: bool = False,
        changed: bool = False,
        values: Mapping[str, Value] | None = None,
    ) -> None:
        """Another version from the next bar on: a kernel, a candidate that ran beside, or other parameters of the same kernel.

        States that mean the same go on with their words, so that the new version holds what it would hold had it always run;
        `fed`, `changed` and `values` say what becomes of others, as in `Kernel.migrated`. Without `params` a kernel keeps the
        values of the parameters that it has in common with the active one. The version before runs on, unseen, for 1,000 bars:
        `rollback` returns to it, `commit` lets it go.

        Raises EngineProblem where state would be lost, naming each, and BindingProblem; what is active stays active then.
        """
        with self._posting:
            if isinstance(new, Beside):
                self._post_beside(new)
                return
            kernel = self._active.kernel if new is None else new
            version = bound(kernel, self._carried_params(kernel) if params is None else params)
            # Whether it can go on is known from the graphs alone; the words follow at the boundary.
            self._moved(version, fed, changed, values)
            self._pending = _Switch(version, "swap", fed, changed, values)

    def _post_beside(self, shadow: Beside) -> None:
        if shadow not in self._shadows:
            raise EngineProblem("this candidate does not run beside this engine any more")
        if shadow.counts["refused"]:
            raise EngineProblem(f"the candidate could not take {shadow.counts['refused']:,} bars: {shadow.refusal[0]}")
        self._pending = _Switch(Version(shadow.kernel, shadow.instance), "beside")

    def beside(
        self,
        new: Kernel,
        params: object = None,
        *,
        fed: bool = False,
        changed: bool = False,
        values: Mapping[str, Value] | None = None,
    ) -> Beside:
        """Run a candidate on the same bars from the next one on, from the state of the active kernel. It changes nothing.

        Its `report` says on which bars it differs, where first, and by how much. Call it from the thread that steps. Raises
        EngineProblem, BindingProblem.
        """
        version = bound(new, self._carried_params(new) if params is None else params)
        version.instance.restore(self._moved(version, fed, changed, values))
        made = Beside(new, version.instance, plan(self._active.kernel.graph, new.graph), self.bars)
        self._shadows.append(made)
        return made

    def leave(self, shadow: Beside) -> None:
        """Step a candidate no longer."""
        self._shadows = [each for each in self._shadows if each is not shadow]

    def rollback(self) -> None:
        """Return to the version before at the next bar. Raises EngineProblem where there is none any more."""
        with self._posting:
            if self._pending is not None:
                self._pending = None
                return
            if self._before is None:
                raise EngineProblem("there is no version to return to: none was swapped, or it was let go")
            self._pending = _Switch(self._before, "rollback")

    def commit(self) -> None:
        """Let go of the version before."""
        with self._posting:
            self._before = None

    def tap(self, name: str) -> Any:
        """The value of a lane's variable on the last bar, as `Instance.tap`."""
        return self._active.instance.tap(name)

    def snapshot(self, at: float | None = None) -> bytes:
        """The state of the active kernel, as `Instance.snapshot`."""
        return self._active.instance.snapshot(at)

    def metrics(self) -> str:
        """What an operator's monitoring reads, in the text format of OpenMetrics 1.0."""
        return self.meters.text(self._active.instance, self.bars)

    @property
    def active(self) -> Version:
        """The version that is active."""
        return self._active

    def close(self) -> None:
        """Close the journal; the engine takes no bar after it."""
        with self._stepping:
            self._closed = True
            if self._journal is not None:
                self._journal.close()
                self._journal = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- at a bar boundary ----------------------------------------------------------------------------------------

    def _switch(self) -> None:
        """Make active what was posted, state and all; where that fails, what was active stays."""
        if self._pending is None:
            return
        with self._posting:
            posted, self._pending = self._pending, None
            if posted is None:
                return
            version = posted.version
            if posted.why == "swap":
                version.instance.restore(self._moved(version, posted.fed, posted.changed, posted.values))
            elif posted.why == "beside":
                shadow = next(each for each in self._shadows if each.instance is version.instance)
                if stray := shadow.stray(self._active.instance):
                    self._note(
                        f"refused: kept states differ from those of the active kernel: {', '.join(stray)}", version
                    )
                    return
                self.leave(shadow)
            self._before = None if posted.why == "rollback" else self._active
            self._before_bars = 0
            # Candidates were compared with what was active; from here on there is something else to compare with.
            self._shadows = []
            self._active = version
            self.meters.switched += 1
            self._note(posted.why, version)
            if self._journal is not None:
                self._put_snapshot()

    def _moved(self, version: Version, fed: bool, changed: bool, values: Mapping[str, Value] | None) -> bytes:
        """The state of the active kernel as `version` goes on with it. Raises EngineProblem."""
        old, new = self._active.kernel, version.kernel
        try:
            return new.migrated(self._active.instance.snapshot(), old, fed=fed, changed=changed, values=values)
        except WrongSnapshot as problem:
            raise EngineProblem(f"{problem}\n  what is active stays active") from problem

    def _carried_params(self, kernel: Kernel) -> dict[str, Value]:
        """The values of the active binding that another kernel has parameters for."""
        names = {param.name for param in kernel.graph.params}
        return {name: value for name, value in self._active.instance.params.items() if name in names}

    def _note(self, why: str, version: Version) -> None:
        _LOG.info(
            "%s: %s %s at bar %d", why, version.kernel.graph.name, version.kernel.graph.content_hash[:12], self.bars
        )
        if self._journal is not None:
            self._journal.note(Kind.SWITCH, with_json({"why": why, "bar": self.bars, **version.about}))

    def _put_snapshot(self) -> None:
        assert self._journal is not None
        about = {"bar": self.bars, "at": self.at, **self._active.about}
        self._journal.note(Kind.STATE, with_json(about, self._active.instance.snapshot()))
