"""Fuzzing: random graphs, a pack at a time, through backends, every value compared as a word.

The interpreter sees every row and is the reference; it is itself compared with the meanings of the operators on the first
instances of every pack. XLA is asked in two ways. Asked for all nodes it writes each out; asked for a few results it fuses,
which is what it does in production and where it rewrites. Every pack is fused, one in EVERYTHING_EVERY is compared node by node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from compile.backend import Backend, Batch, Result, lowers
from compile.backends import find, is_simulated
from compile.campaign.drawing.random_graph import random_batch, random_pack
from compile.check.compare import Divergence, comparable_nodes, compare, explain_divergence, rows_of
from compile.check.meaning import evaluate
from compile.check.run import first_instances
from compile.interpreter.record import REFERENCE
from compile.passes.flush_subnormals import flush_subnormals
from compile.pipeline import prepare
from compile.xla.program import FUSED_RESULTS
from dag.graphs.graph import Graph
from dag.values.floating_point import in_standard_environment

#: Graphs of one pack: compilers take seconds whatever they are given; Verilator takes them for every operator.
PACK, RTL_PACK = 20, 6
#: Of so many packs in a row one is wild (subnormals and huge numbers everywhere), one goes through the passes first (its
#: bad rows are rejected).
WILD_EVERY = PREPARED_EVERY = 4
#: Of so many packs in a row one is in the flush profile; five, so that it is now wild, now prepared, now read node by node.
FLUSHED_EVERY = 5
#: Of so many packs in a row one is read node by node from XLA, which takes it three times as long as the results alone.
EVERYTHING_EVERY = 8
#: Share of the instances of a tame pack that are wild.
WILD_INSTANCES = 0.1
BARS = 10
#: Instances on which the interpreter is compared with the meanings, and on which the Verilog is simulated.
MEANING_INSTANCES, RTL_INSTANCES = 4, 25


@dataclass(frozen=True, slots=True)
class GraphPack:
    """Some graphs of a run: numbers `first` to `first + graphs - 1` of `seed`, each over `rows` rows."""

    number: int
    seed: int
    first: int
    graphs: int
    rows: int
    has_rtl: bool

    def graph(self) -> Graph:
        """The graphs of this pack as one."""
        is_flushed = self.number % FLUSHED_EVERY == 3
        folds = not self.has_rtl and not is_flushed  # neither knows them
        numbers = range(self.first, self.first + self.graphs)
        graph = random_pack(self.seed, numbers, self.is_wild, arrays=True, folds=folds)
        graph = prepare(graph) if self.number % PREPARED_EVERY == 1 else graph
        return flush_subnormals(graph) if is_flushed else graph

    def batch(self, graph: Graph) -> Batch:
        """The rows of this pack."""
        share = 1.0 if self.is_wild else WILD_INSTANCES
        return random_batch(graph, self.seed + self.number, BARS, max(1, self.rows // BARS), share)

    @property
    def is_wild(self) -> bool:
        """Whether every value may be subnormal or huge."""
        return self.number % WILD_EVERY == 3

    @property
    def is_read_everywhere(self) -> bool:
        """Whether XLA is asked for every node as well."""
        return self.number % EVERYTHING_EVERY == 0


@dataclass(frozen=True, slots=True)
class GraphFinding:
    """A backend that differs, or fails, on `batch` of `graph` when it is asked for `nodes` at once."""

    backend: str
    graph: Graph
    batch: Batch
    nodes: tuple[int, ...]
    divergence: Divergence | None
    error: str | None = None

    def explained(self) -> str:
        """The disagreement for a terminal."""
        if self.divergence is not None:
            return explain_divergence(self.divergence)
        return f"{self.backend} fails on `{self.graph.name}`\n  {self.error}"


@dataclass(slots=True)
class GraphPackResult:
    """What one pack gave."""

    rows_of: dict[str, int] = field(default_factory=dict[str, int])
    words: int = 0
    recomputed: int = 0
    findings: list[GraphFinding] = field(default_factory=list[GraphFinding])


def packs(seed: int, graphs: int, rows: int, rtl_share: float) -> Iterator[GraphPack]:
    """The packs of a run, in order; the share `rtl_share` of the graphs goes through Verilog, from the first pack on."""
    first = number = simulated = 0
    while first < graphs:
        has_rtl = simulated < rtl_share * (first + 1)
        count = min(RTL_PACK if has_rtl else PACK, graphs - first)
        yield GraphPack(number, seed, first, count, rows, has_rtl)
        simulated += count if has_rtl else 0
        first, number = first + count, number + 1


@in_standard_environment
def run_pack(pack: GraphPack, backends: Mapping[str, Backend]) -> GraphPackResult:
    """Run `pack` through `backends`, the interpreter among them, and compare; at most one finding for each backend."""
    graph = pack.graph()
    batch = pack.batch(graph)
    everything = tuple(comparable_nodes(graph))
    outcome = GraphPackResult()
    few = first_instances(batch, MEANING_INSTANCES)
    wrong = _judged(backends[REFERENCE], graph, few, everything, evaluate(graph, few, everything), outcome)
    if wrong is not None:
        outcome.findings.append(wrong)
        return outcome
    reference = _run(backends[REFERENCE], graph, batch, everything)
    if isinstance(reference, str):
        outcome.findings.append(GraphFinding(REFERENCE, graph, batch, everything, None, reference))
        return outcome
    outcome.rows_of[REFERENCE] = rows_of(batch) * pack.graphs
    for name, backend in backends.items():
        if name == REFERENCE or (is_simulated(name) and not pack.has_rtl) or not lowers(backend, graph):
            continue
        part = first_instances(batch, RTL_INSTANCES) if is_simulated(name) else batch
        for nodes in _asked(graph, name, pack.is_read_everywhere):
            finding = _judged(backend, graph, part, nodes, _first(reference, part.instances), outcome)
            if finding is not None:
                outcome.findings.append(finding)
                break
        outcome.rows_of[name] = rows_of(part) * pack.graphs
    return outcome


@in_standard_environment
def examine(backend: Backend, graph: Graph, batch: Batch, nodes: Sequence[int]) -> GraphFinding | None:
    """How `backend` differs from the meaning of `graph`, or fails, when asked for `nodes` at once; None where it is right."""
    return _judged(backend, graph, batch, tuple(nodes), evaluate(graph, batch, nodes), GraphPackResult())


def sinks(graph: Graph) -> tuple[int, ...]:
    """The results that XLA fuses towards: outputs, then values that nothing reads, as many as it fuses."""
    users = graph.users()
    unread = [node for node in graph.operators() if not users[node] and not graph.types[node].is_array]
    outputs = [output.node for output in graph.outputs if graph.constants[output.node] is None]
    return tuple(dict.fromkeys([*outputs, *unread]))[:FUSED_RESULTS]


def _asked(graph: Graph, backend: str, everywhere: bool) -> list[tuple[int, ...]]:
    """The sets of nodes that a backend is asked for, one run each."""
    record = find(backend)
    if record is None or not record.fuses_what_is_asked:
        return [tuple(comparable_nodes(graph))]
    return [sinks(graph), *([tuple(comparable_nodes(graph))] if everywhere else [])]


def _judged(
    backend: Backend, graph: Graph, batch: Batch, nodes: tuple[int, ...], expected: Result, outcome: GraphPackResult
) -> GraphFinding | None:
    result = _run(backend, graph, batch, nodes, outcome)
    if isinstance(result, str):
        return GraphFinding(backend.name, graph, batch, nodes, None, result)
    shown = f"{REFERENCE}.py" if backend.name == REFERENCE else backend.name
    comparison = compare(graph, expected, result, shown, nodes)
    outcome.words += comparison.words
    if not comparison.differences:
        return None
    return GraphFinding(backend.name, graph, batch, nodes, comparison.first)


def _run(
    backend: Backend, graph: Graph, batch: Batch, nodes: Sequence[int], outcome: GraphPackResult | None = None
) -> Result | str:
    """The values of `nodes`, or how the backend failed: whatever it raises is a finding and no end of the run."""
    try:
        runner = backend.load(graph, backend.lower(graph))
        result = runner.run(batch, nodes)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"
    if outcome is not None:
        outcome.recomputed += getattr(runner, "recomputed_rows", 0)
    return result


def _first(result: Result, instances: int) -> Result:
    return Result(
        {node: column[:, :instances] for node, column in result.nodes.items()},
        {name: column[:instances] for name, column in result.state.items()},
    )
