"""A feed silently substituted for another."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.forms import Form, added, ratio
from compile.analysis.normal_form import NormalForms, normal_forms
from compile.analysis.provenance import provenance
from compile.analysis.values import Choice, choice_of, extremum_of, value_of
from compile.lint.finding import at, finding, listed
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Feed, Substitute
from dag.operators.op import Family
from dag.values.types import Kind

_Feeds = frozenset[str]


def fallbacks(graph: Graph) -> Iterator[Diagnostic]:
    """E074: a choice between values of different feeds, in any spelling, that no `substitute()` declares.

    Only feeds that `feed(...)` names count, and only a choice of numbers: a choice of bools is logic, not data. The smaller or
    larger of two feeds is a value of its own: it stands for neither.
    """
    if len({mark for claim in graph.claims for mark in claim.marks if isinstance(mark, Feed)}) > 1:
        yield from _Fallbacks(graph).found()


class _Fallbacks:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.behind = provenance(graph).declared
        self.forms = normal_forms(graph)
        self.declared = {
            value_of(graph, claim.node)
            for claim in graph.claims
            if any(isinstance(mark, Substitute) for mark in claim.marks)
        }
        #: The values that come from one feed or another as a switch says, told or in order: what is computed from them does too.
        self.crossing: set[tuple[int, int]] = set()
        self._feeds: dict[int, _Feeds] = {}

    def found(self) -> Iterator[Diagnostic]:
        graph = self.graph
        for node in graph.operators():
            if value_of(graph, node) != node or graph.types[node].kind in (Kind.BOOL, Kind.ENUM):
                continue
            if node in self.declared or len(self.behind[node]) < 2 or self._is_inner(node):
                continue
            if graph.family(node) is Family.CHOICE and extremum_of(graph, node) is None:
                yield from self._chosen(node)
            else:
                yield from self._computed(node)

    def _is_inner(self, node: int) -> bool:
        """Whether this is a step of a function that answers for itself, all of whose operands come from the same feeds."""
        feeds = {self.behind[arg] for arg in self.graph.args[node] if self.behind[arg]}
        return self.graph.total[node] and len(feeds) == 1

    def _chosen(self, node: int) -> Iterator[Diagnostic]:
        """A choice as such."""
        choice = choice_of(self.graph, node)
        assert choice is not None
        assert choice.chosen is not None
        assert choice.otherwise is not None
        one, other = self.behind[choice.chosen], self.behind[choice.otherwise]
        if not _are_apart(one, other):
            return
        self.forms.of(node)
        switch = self.forms.switch_of(choice.condition)
        if switch is not None:
            self.crossing.add((node, switch[0]))
        yield self._about(node, choice, one, other)

    def _computed(self, node: int) -> Iterator[Diagnostic]:
        """A choice by arithmetic."""
        forms, form = self.forms, self.forms.inside(node)
        for switch in forms.switches(form) if not self.graph.types[node].is_array else ():
            on, off = (forms.where(form, switch, each) for each in (True, False))
            one, other = self._feeds_of(on), self._feeds_of(off)
            if not _are_apart(one, other):
                continue
            is_told = any((value_of(self.graph, arg), switch) in self.crossing for arg in self.graph.args[node])
            self.crossing.add((node, switch))
            if not is_told and not _is_extremum(forms, switch, on, off):
                yield self._about(node, choice_of(self.graph, node), one, other)
                return

    def _feeds_of(self, form: Form) -> _Feeds:
        """The feeds behind the atoms of a form."""
        pending = [atom for atom, _ in form.terms]
        while pending:
            atom = pending[-1]
            if atom in self._feeds:
                pending.pop()
                continue
            if atom not in self.forms.keys:
                self._feeds[atom] = self.behind[atom]
                continue
            inner = [each for part in self.forms.keys[atom][1] for each, _ in part.terms]
            missing = [each for each in inner if each not in self._feeds]
            pending += missing
            if not missing:
                self._feeds[atom] = _Feeds().union(*(self._feeds[each] for each in inner))
        return _Feeds().union(*(self._feeds[atom] for atom, _ in form.terms))

    def _about(self, node: int, choice: Choice | None, one: _Feeds, other: _Feeds) -> Diagnostic:
        arms = (None, None) if choice is None else (choice.chosen, choice.otherwise)
        known = [None if arm is None else self.behind[arm] for arm in arms]
        if set(known) == {one, other}:
            got = tuple(
                f"{at(self.graph, arm)} comes from {listed(sorted(self.behind[arm]))}"
                for arm in arms
                if arm is not None
            )
        else:
            got = tuple(
                f"it comes {when} from {listed(sorted(each))}" for when, each in (("now", one), ("then", other))
            )
        return finding(
            "E074", self.graph, node, self.graph.names[node],
            "no feed substituted for another, unless declared",
            got,
            "declare the result: x: Annotated[float, substitute()] = a if ok else b; it then counts as coming from both",
        )  # fmt: skip


def _are_apart(one: _Feeds, other: _Feeds) -> bool:
    return bool(one and other) and not one & other


def _is_extremum(forms: NormalForms, switch: int, on: Form, off: Form) -> bool:
    """Whether the switch compares what it chooses from."""
    difference = forms.positive_where(switch)
    return difference is not None and ratio(added(on, off, -1), difference) is not None
