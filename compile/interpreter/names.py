"""What functions and variables of an emitted module are called: the one page that its emitter and its reader share.

A function is called after the path of its lane call. In it a value of this call, or of a call below, has the rest of its name
behind that path; any other value has its whole name. Where the call has a value of that name itself, the one from outside
stands apart as `level____outer`; the names of the functions that this one calls are words that no variable may be. So what a
value is called depends on its name and the calls and names there are: not on what else the function reads, nor on any order.
"""

from __future__ import annotations

import inspect

from dag.graphs.graph import Graph
from dag.graphs.identifiers import apart, identifier, name_of
from dag.operators import meanings
from dag.values import words

STEP = "step"
#: What elements of arrays are called inside an expression over arrays.
ELEMENTS = ("each", "other", "third")
#: Every function that may stand in a module as the meaning of an operator, or for one.
HELPERS = frozenset(
    name
    for module in (meanings, words)
    for name, each in vars(module).items()
    if inspect.isfunction(each) and each.__module__ == module.__name__
)
#: Python's own words that the text of lanes and helpers reads, and what modules import.
BUILTINS = frozenset(
    (
        "abs", "bool", "dict", "float", "int", "isinstance", "len", "list", "locals", "max", "min", "range", "round", "sum",
        "tuple", "type", "zip", "Fraction", "OverflowError", "annotations", "ctypes", "inf", "math", "nan", "struct",
    )
)  # fmt: skip
#: What a function reads besides the user's values. Words in capitals, like `GRAPH`, are reserved everywhere.
_OF_FUNCTIONS = HELPERS.union(
    ("abs", "bool", "dict", "float", "inf", "int", "locals", "nan", "tuple", "zip"),
    ("inputs", "outputs", "params", "state", "tap"),
    ELEMENTS,
)
_OF_MODULES = _OF_FUNCTIONS | BUILTINS | {STEP}


class PythonNames:
    """The names in the module of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._functions = (STEP, *(identifier(scope.path or scope.lane, _OF_MODULES) for scope in graph.scopes[1:]))
        self._scopes = {name: scope for scope, name in enumerate(self._functions)}
        self._nodes = {name: node for node, name in enumerate(graph.names)}
        self._reserved = [set(_OF_FUNCTIONS) for _ in graph.scopes]
        for scope, each in enumerate(graph.scopes[1:], 1):
            self._reserved[each.parent].add(self._functions[scope])

    def function(self, scope: int) -> str:
        """The function of a lane call."""
        return self._functions[scope]

    def scope(self, function: str) -> int | None:
        """The lane call whose function is called so."""
        return self._scopes.get(function)

    def variable(self, scope: int, node: int) -> str:
        """The variable that holds `node` in the function of a lane call."""
        name, path = self._graph.names[node], self._graph.scopes[scope].path
        rest = name.removeprefix(f"{path}.") if path else name
        is_outside = bool(path) and (rest == name or rest[0].isdigit())
        text = identifier(name if is_outside else rest, self._reserved[scope])
        if is_outside and f"{path}.{name}" in self._nodes:
            return apart(text, "outer")
        # `max_`, where a function that is called here has this name for the same reason.
        return apart(text) if text in self._reserved[scope] else text

    def node(self, scope: int, variable: str) -> int | None:
        """The node that `variable` holds in the function of a lane call; None where none is called so."""
        path, name = (
            self._graph.scopes[scope].path,
            name_of(variable.removesuffix(apart("")).removesuffix(apart("", "outer"))),
        )
        candidates = (self._nodes.get(f"{path}.{name}") if path else None, self._nodes.get(name))
        return next((each for each in candidates if each is not None and self.variable(scope, each) == variable), None)
