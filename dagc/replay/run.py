"""The replay itself: chunks of bars in, words out, a checkpoint after every part."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from compile.backend import Runner, initial_state
from dag.files.regular_file import sha256_of
from dag.graphs.graph import Graph
from dag.values.types import Value
from dag.values.words import Column, Words, word_of, words_of_column
from dagc.data.problem import DataProblem
from dagc.data.tables import open_data, replay_batch
from dagc.live.state import pack_state, unpack_state
from dagc.replay.checkpoint import (
    Checkpoint,
    ReplayRequest,
    check_same,
    parameters_hash,
    read_checkpoint,
    write_checkpoint,
)
from dagc.replay.columns import columns_of, schema_of, table_of
from dagc.replay.dataset import PART_BARS, Dataset, locked, parts_of
from dagc.replay.digests import Digests, LaneDigest, taps_of_lanes
from dagc.replay.rejections import RejectedPort, Rejections

#: Values of one chunk, inputs and results together: what bounds the memory (an interpreter holds some 50 bytes for each).
CHUNK_VALUES = 1 << 21


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What to replay. `out` is the folder to write, None for digests alone; `fresh` writes it from the beginning. `watched` are
    nodes whose words go to `replay`'s `watch`."""

    data: Path
    params: Mapping[str, Value]
    taps: Sequence[str] = ()
    digests: bool = False
    out: Path | None = None
    fresh: bool = False
    watched: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What came of it. `computed` bars took `seconds`; the others had been there. `lanes` is None without digests."""

    graph: Graph
    request: ReplayRequest
    bars: int
    rejections: tuple[RejectedPort, ...]
    computed: int
    seconds: float
    outputs: str
    lanes: tuple[LaneDigest, ...] | None

    @property
    def rejected(self) -> int:
        """How many bars were rejected."""
        return sum(each.bars for each in self.rejections)


def replay(
    graph: Graph,
    runner: Runner,
    options: ReplayOptions,
    progress: Callable[[int], None] = lambda bars: None,
    say: Callable[[str], None] = lambda message: None,
    chunk_values: int = CHUNK_VALUES,
    watch: Callable[[Mapping[int, Words], int], None] = lambda words, first: None,
) -> ReplayResult:
    """Replay a file through `runner`, in constant memory. What comes out does not depend on `chunk_values`.

    `watch` is given the words of each chunk that is computed, those of the watched nodes among them, and its first bar.

    Raises DataProblem, and CheckpointProblem where `options.out` cannot be gone on with.
    """
    columns = columns_of(graph, options.taps)
    data = open_data(options.data, graph)
    if data.ignored:
        say(f"{options.data}: `{graph.name}` does not read {', '.join(data.ignored)}")
    request = ReplayRequest(
        graph.content_hash,
        parameters_hash(graph, options.params),
        sha256_of(options.data),
        tuple(columns),
        options.digests,
    )
    course = _Course(graph, runner, options.params, _nodes(graph, columns, options))
    read = [*(port.node for port in graph.inputs), *course.nodes]
    chunk_bars = _chunk_bars(sum(graph.types[node].size for node in read), chunk_values)
    if options.out is None:
        begun = time.perf_counter()
        for chunk in data.chunks(chunk_bars):
            first = course.bars
            watch(course.step(chunk), first)
            progress(course.bars)
        return _replayed(course, options, request, 0, time.perf_counter() - begun)
    metadata = {"dagc.graph": request.graph, "dagc.parameters": request.parameters, "dagc.data": request.data}
    schema = schema_of(graph, columns, metadata)
    with locked(options.out, options.fresh):
        dataset = Dataset(options.out, schema)
        found = read_checkpoint(options.out)
        if found is None:
            write_checkpoint(options.out, course.checkpoint(request, done=False))
        else:
            check_same(options.out, found.request, request)
            dataset.check_parts(found.bars)
            course.resume(found)
            say(f"{options.out} is there up to bar {found.bars:,}: {'nothing to do' if found.done else 'going on'}")
        first, begun = course.bars, time.perf_counter()
        if found is None or not found.done:
            for chunk in data.chunks(chunk_bars, course.bars):
                dataset.write(table_of(graph, columns, schema, course.step(chunk)))
                progress(course.bars)
                if course.bars % PART_BARS == 0:
                    dataset.finish_part(course.bars // PART_BARS - 1)
                    write_checkpoint(options.out, course.checkpoint(request, done=False))
            dataset.finish_part(parts_of(course.bars) - 1)
            write_checkpoint(options.out, course.checkpoint(request, done=True))
        return _replayed(course, options, request, first, time.perf_counter() - begun)


def bars_in(graph: Graph, options: ReplayOptions) -> int | None:
    """How many bars the file has, where it says so. Raises DataProblem for a file that cannot be replayed at all."""
    columns_of(graph, options.taps)
    return open_data(options.data, graph).source.bars


class _Course:
    """One instance on its way through the bars: how far it is, what it carries, and the digests so far."""

    def __init__(self, graph: Graph, runner: Runner, params: Mapping[str, Value], nodes: _Nodes) -> None:
        """At bar 0. `nodes` are those whose words a step returns, and those that are digested."""
        self.graph = graph
        self.nodes = nodes.wanted
        self.bars = 0
        self.rejections = Rejections(graph, params)
        self.digests = Digests(graph, nodes.digested)
        self._runner = runner
        self._params = params
        self._digested = nodes.digested
        self._state: Mapping[str, Column] = initial_state(graph, 1)

    def step(self, chunk: Mapping[str, Column]) -> dict[int, Words]:
        """Replay a chunk of bars, and return the words [bars] of all nodes."""
        graph = self.graph
        batch = replay_batch(graph, chunk, self._params, self._state)
        result = self._runner.run(batch, [node for node in self.nodes if graph.constants[node] is None])
        words: dict[int, Words] = {}
        for node in self.nodes:
            constant = graph.constants[node]
            if constant is None:
                words[node] = words_of_column(result.nodes[node][:, 0], graph.types[node])
            else:
                words[node] = np.full(batch.bars, word_of(constant, graph.types[node]), np.uint64)
        self._state = result.state
        if graph.status is not None:
            self.rejections.update(words[graph.status], chunk, self.bars)
        self.bars += batch.bars
        self.digests.update(words)
        return words

    def checkpoint(self, request: ReplayRequest, done: bool) -> Checkpoint:
        """What it takes to go on from here."""
        state = pack_state(self.graph, self._state, 1)
        return Checkpoint(request, self.bars, self.rejections.found(), state, tuple(self.digests.chains()), done)

    def resume(self, found: Checkpoint) -> None:
        """Be where the checkpoint was taken."""
        self.bars, self.rejections = found.bars, Rejections(self.graph, self._params, found.rejections)
        self._state = unpack_state(self.graph, found.state, 1)
        self.digests = Digests(self.graph, self._digested, found.bars, found.chains)


@dataclass(frozen=True, slots=True)
class _Nodes:
    """The nodes that a replay computes, and those of them that it digests."""

    wanted: tuple[int, ...]
    digested: frozenset[int]


def _nodes(graph: Graph, columns: Mapping[str, int], options: ReplayOptions) -> _Nodes:
    digested = {output.node for output in graph.outputs}
    if options.digests:
        digested |= {node for taps in taps_of_lanes(graph).values() for node in taps.values()}
    written = set[int]() if options.out is None else set(columns.values())
    return _Nodes(tuple(sorted(digested | written | {*options.watched})), frozenset(digested))


def _chunk_bars(columns: int, values: int) -> int:
    """A power of two, so that chunks end where parts and blocks do, with about so many values in all columns."""
    return min(PART_BARS, 1 << max(values // max(columns, 1), 1).bit_length() - 1)


def _replayed(
    course: _Course, options: ReplayOptions, request: ReplayRequest, first: int, seconds: float
) -> ReplayResult:
    if not course.bars:
        raise DataProblem(f"{options.data} holds no bars")
    return ReplayResult(
        graph=course.graph,
        request=request,
        bars=course.bars,
        rejections=course.rejections.found(),
        computed=course.bars - first,
        seconds=seconds,
        outputs=course.digests.outputs(course.bars),
        lanes=tuple(course.digests.lanes(course.bars)) if options.digests else None,
    )
