"""What the names mean by which users ask for values: in `dagc tap`, `dagc replay --taps` and the `tap` of live instances.

    bid                   the one value of that name
    output:bid            the result, as a rejected row leaves it
    input:bid             the input
    param:band.low        the parameter
    state:level           the state, as it was before the bar
    variable:bid          the variable of a lane
    prices[BTC]           one place of a value along an axis
    node:result.1         a value without a name, by the number it has in emitted text

A bare name is looked up among outputs, inputs, parameters and variables at once. Where it belongs to several values, nothing is
guessed: the error lists them, each as it has to be written. An output that passes on a value of its own name counts as that
value: the name is the output, which differs on rejected rows only. A name that none of them has is a node's, else the end of a
longer one (`raw` for `lev_compose.raw`). `past[3]` is `past.3`, and letters are equal where Python's identifiers are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from dag.graphs.graph import Graph
from dagc.debugging.naming_help import did_you_mean

#: What stands for every variable where names of taps are listed.
ALL_TAPS = "all"


class NameProblem(KeyError):
    """No value has the name, or several have it; the message says which names there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a name may stand for, how to write it without doubt, and what it is."""

    node: int
    spelling: str
    what: str


class TapNames:
    """The names of the values of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        ours = graph.status_scopes()
        self._kinds: dict[str, dict[str, int]] = {
            "output": {each.name: each.node for each in graph.outputs},
            "input": {each.name: each.node for each in graph.inputs},
            "param": {each.name: each.node for each in graph.params},
            "variable": {each.name: each.node for each in graph.taps},
            "state": {each.name: each.node for each in graph.states},
            "node": {name: node for node, name in enumerate(graph.names)},
        }
        self._users_own = {
            each.name: each.node for each in graph.taps if graph.owners[each.node] not in ours
        }  # fmt: skip
        self._results = {each.node: each.name for each in reversed(graph.outputs)}
        self._called: dict[int, str] = {}

    def node(self, name: str) -> int:
        """The value that `name` stands for: a single one, or all places of one along an axis. Raises NameProblem."""
        found = self._found(_as_python_has_it(name))
        if self._graph.types[found].is_memory:
            raise NameProblem(self._about_array(name, found))
        return found

    def place(self, name: str) -> tuple[int, int | None]:
        """The node that `name` stands for, and which of its places: `momentum.slow[ETH]` is one, `momentum.slow` are all (None).
        Raises NameProblem."""
        stem, bracket, label = name.strip().removesuffix("]").rpartition("[")
        if not bracket or not name.strip().endswith("]"):
            return self.node(name), None
        try:
            node = self.node(stem)
        except NameProblem:
            return self.node(name), None
        axis = self._graph.types[node].axis
        if axis is None:
            return self.node(name), None
        if label not in axis.labels:
            raise NameProblem(f"`{stem}` has no place `{label}` along {axis}; {did_you_mean(label, axis.labels)}")
        return node, axis.labels.index(label)

    def _found(self, asked: str) -> int:
        kind, colon, rest = asked.partition(":")
        return self._of_kind(kind, rest) if colon else self._bare(asked)

    def spelling(self, node: int) -> str:
        """The name of `node` as it has to be written to be understood as this node."""
        if node not in self._called:
            name = self._results.get(node, self._graph.names[node])
            kind = next(each for each in self._kinds if self._kinds[each].get(name) == node)
            self._called[node] = self._in_full(kind, name)
        return self._called[node]

    def variable(self, name: str) -> str:
        """As `spelling`, for one of the names of a variable."""
        return self._in_full("variable", name)

    def _in_full(self, kind: str, name: str) -> str:
        """`name`, with its kind where it would be understood as another value or as none."""
        candidates = self._candidates(name)
        understood = {each.node for each in candidates} or {self._kinds["node"][name]}
        return name if understood == {self._kinds[kind][name]} else f"{kind}:{name}"

    # --- looking up -----------------------------------------------------------------------------------------------

    def _of_kind(self, kind: str, name: str) -> int:
        if kind not in self._kinds:
            kinds = ", ".join(f"`{each}:`" for each in self._kinds)
            raise NameProblem(f"`{kind}:` is no kind of value; write {kinds} in front of a name, or nothing")
        known = self._kinds[kind]
        if name not in known:
            raise NameProblem(f"`{self._graph.name}` has no {kind} `{name}`; {did_you_mean(name, known)}")
        return known[name]

    def _bare(self, name: str) -> int:
        candidates = self._candidates(name)
        if not candidates:
            if name in self._kinds["node"]:
                return self._kinds["node"][name]
            candidates = self._ending_in(name)
        if not candidates:
            raise NameProblem(f"no value is called `{name}`; {did_you_mean(name, self._all_names())}")
        if len({each.node for each in candidates}) > 1:
            raise NameProblem(_ambiguous(name, candidates))
        return candidates[0].node

    def _candidates(self, name: str) -> list[Candidate]:
        """The values that users know by exactly this name; one where an output passes on all the others."""
        graph = self._graph
        found = [
            Candidate(self._kinds[kind][name], f"{kind}:{name}", what)
            for kind, what in (
                ("output", f"what `{graph.name}` returns"),
                ("input", "the input, as it came in"),
                ("param", "the parameter"),
                ("variable", "the variable"),
            )
            if name in self._kinds[kind]
        ]
        if name in self._kinds["input"] or name in self._kinds["param"]:
            found += self._assigned_again(name)
        if found and found[0].spelling.startswith("output:"):
            output, *others = found
            if {each.node for each in others} == {self._graph.passed_on(output.node)}:
                return [output]
        return [self._with_place(each) for each in found]

    def _assigned_again(self, name: str) -> list[Candidate]:
        """What a variable held that is called as an input or a parameter: that has the name, so all of them are numbered."""
        is_numbered = re.compile(re.escape(name) + r"\.\d+").fullmatch
        return [
            Candidate(node, tap, "the variable as assigned")
            for tap, node in self._users_own.items()
            if is_numbered(tap)
        ]

    def _with_place(self, found: Candidate) -> Candidate:
        span = self._graph.spans[found.node]
        return found if span is None else Candidate(found.node, found.spelling, f"{found.what}, {span.at}")

    def _ending_in(self, name: str) -> list[Candidate]:
        """The ports, variables and arrays whose name ends so, or is that of an array."""
        graph = self._graph
        ends = (f".{name}", f".{name}.result")
        arrays = {each.name: each.node for each in graph.states if graph.types[each.node].is_memory}
        known = arrays | self._kinds["input"] | self._kinds["param"] | self._users_own
        return [
            self._with_place(Candidate(node, self.variable(each) if each in self._users_own else each, "a value"))
            for each, node in known.items()
            if f".{each}".endswith(ends)
        ]

    # --- what an error says ---------------------------------------------------------------------------------------

    def _all_names(self) -> Iterable[str]:
        """Those of the user before ours, so that the first few are of use."""
        graph = self._graph
        yield from self._kinds["output"]
        yield from self._kinds["input"]
        yield from self._kinds["param"]
        yield from self._users_own
        yield from (graph.names[state.node] for state in graph.states)
        yield from self._kinds["variable"]
        yield from (graph.names[node] for node in graph.shown_values())

    def _about_array(self, name: str, array: int) -> str:
        graph = self._graph
        users = graph.users()
        named = set(self._users_own.values())
        reads: dict[int, None] = {}
        pending = [graph.array_of(array)]
        passed = set(pending)
        for node in pending:
            for user in users[node]:
                if user in named:
                    reads[user] = None
                elif user not in passed:
                    passed.add(user)
                    pending.append(user)
        shown = ", ".join(f"`{self.spelling(node)}`" for node in list(reads)[:4])
        many = f" and {len(reads) - 4} more" if len(reads) > 4 else ""
        computed = f"computed from it: {shown}{many}" if reads else "nothing of this bar is computed from it"
        return f"`{name}` is the array {graph.types[array]}, no single value; {computed}; a snapshot holds all of it"


def _ambiguous(name: str, candidates: list[Candidate]) -> str:
    width = max(len(each.spelling) for each in candidates)
    lines = "".join(f"\n  {each.spelling:<{width}}  {each.what}" for each in candidates)
    return f"`{name}` is the name of several values; write the one that is meant{lines}"


def _as_python_has_it(name: str) -> str:
    """Identifiers are compared in this normal form; an element may be written with brackets."""
    return re.sub(r"\[(\d+)\]", r".\1", unicodedata.normalize("NFKC", name.strip()))
