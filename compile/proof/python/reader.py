"""The emitted interpreter read back: every function run once on terms instead of numbers, from `step` on.

Read with Python's own `ast` and nothing of the emitter. Each variable of each function is a value the module shows (its
`tap` gives them to the caller), and is compared with the node it is called after; what stands inside an expression has to
be there. A statement or an expression outside the small language of emitted modules ends the reading.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from compile.backend import Files
from compile.interpreter.names import PythonNames
from compile.proof.core.source import SourceTerms
from compile.proof.core.verdict import Read, Reading, Unreadable
from compile.proof.python.expression import Expressions
from compile.proof.python.module import TAKEN, Module, read_module
from dag.operators.op import Source

_FILE = "interpreter.py"
_STEP = "step"
_STEP_ARGUMENTS = ("inputs", "params", "state", "tap")
_RETURN_OF_STEP = ast.dump(ast.Return(ast.parse("outputs, state", mode="eval").body))


@dataclass(slots=True)
class _Frame:
    """A function while it runs: its variables so far, what is left of it, and where the caller wants its results."""

    function: ast.FunctionDef
    variables: dict[str, int]
    rest: Iterator[ast.stmt]
    wanted: ast.Assign | ast.Expr | None
    lines: dict[str, int] = field(default_factory=dict[str, int])
    #: The functions that it has called: none of its variables may be called like one of them.
    called: set[str] = field(default_factory=set[str])
    tapped: bool = False


class PythonReader:
    """Reads `interpreter.py`."""

    artifact = file = _FILE

    def answers_for(self, files: Files) -> Collection[str]:
        """The module."""
        return [self.file]

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """Every value but constants, which stand where they are read."""
        graph = source.graph
        return [node for node in graph.shown_values() if graph.ops[node] is not Source.CONST]

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """What the module computes. Raises Unreadable."""
        if _FILE not in files:
            raise Unreadable(f"{_FILE} is missing")
        return _Run(source, read_module(files[_FILE])).reading()


class _Run:
    """One run of a module on terms. Calls are frames on a list: a graph may nest deeper than Python's own stack."""

    def __init__(self, source: SourceTerms, module: Module) -> None:
        self._source = source
        self._module = module
        self._expressions = Expressions(source.terms, module)
        self._names = PythonNames(source.graph)
        self._reading = Reading()
        self._called: set[str] = {_STEP}
        self._dictionaries: dict[str, dict[str, Read]] = {}
        graph = source.graph
        self._ports = {
            **{("inputs", port.name): source.of[port.node] for port in graph.inputs},
            **{("params", port.name): source.of[port.node] for port in graph.params},
            **{("state", port.name): source.of[port.node] for port in graph.states},
        }

    def reading(self) -> Reading:
        module, found = self._module, self._reading
        if module.graph != self._source.graph.content_hash:
            raise Unreadable(f"it says that it was made from graph {module.graph[:16]}")
        if _STEP not in module.functions:
            raise Unreadable("it has no function `step`")
        found.initial_states = self._entries(module.initial_state, self._initial)
        stack = [self._frame(module.functions[_STEP], [], None)]
        while stack:
            frame = stack[-1]
            statement = next(frame.rest, None)
            if isinstance(statement, ast.Return):
                stack.pop()
                self._return(frame, statement, stack)
            elif (called := self._lane_call(statement)) is not None:
                assert isinstance(statement, ast.Assign | ast.Expr)
                stack.append(self._entered(frame, statement, called))
            elif statement is not None:
                self._run(frame, statement)
            elif frame.tapped and frame.function.name != _STEP:
                stack.pop()  # a lane call whose values nobody outside reads
                self._bind(stack[-1], frame, [])
            else:
                raise Unreadable(f"`{frame.function.name}` ends without its values", frame.function.lineno)
        uncalled = module.functions.keys() - self._called
        if uncalled:
            raise Unreadable(f"`{min(uncalled)}` is never called", module.functions[min(uncalled)].lineno)
        for node, term in enumerate(self._source.of):
            if term in self._expressions.lines:  # written inside an expression
                found.nodes.setdefault(node, Read(term, self._expressions.lines[term]))
        return found

    def _frame(self, function: ast.FunctionDef, arguments: list[int], wanted: ast.Assign | ast.Expr | None) -> _Frame:
        takes = function.args
        names = [each.arg for each in takes.args]
        plain = not (takes.posonlyargs or takes.vararg or takes.kwonlyargs or takes.kwarg or function.decorator_list)
        default_none = [ast.dump(each) for each in takes.defaults] == [ast.dump(ast.Constant(None))]
        expected = list(_STEP_ARGUMENTS) if function.name == _STEP else [*names[:-1], "tap"]
        if not (plain and default_none and names == expected and len(set(names)) == len(names)):
            raise Unreadable(f"`{function.name}` takes its arguments in another way", function.lineno)
        if function.name == _STEP:
            names = []
        if (TAKEN | self._module.operators.keys()) & set(names):
            raise Unreadable(f"an argument of `{function.name}` hides another name", function.lineno)
        if len(arguments) != max(len(names) - 1, 0):
            raise Unreadable(f"`{function.name}` is called with {len(arguments)} values", function.lineno)
        variables = dict(zip(names, arguments, strict=False))
        body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
        return _Frame(function, variables, iter(body), wanted, dict.fromkeys(variables, function.lineno))

    def _lane_call(self, statement: ast.stmt | None) -> ast.Call | None:
        match statement:
            case (
                ast.Assign(value=ast.Call(func=ast.Name(id=name)) as call)
                | ast.Expr(value=ast.Call(func=ast.Name(id=name)) as call)
            ) if name in self._module.functions:
                return call
        return None

    def _entered(self, frame: _Frame, statement: ast.Assign | ast.Expr, call: ast.Call) -> _Frame:
        assert isinstance(call.func, ast.Name)
        name = call.func.id
        if name in self._called or frame.tapped:
            raise Unreadable(f"`{name}` is called twice, or after its caller's values were shown", statement.lineno)
        if name in frame.variables:
            raise Unreadable(f"`{name}` is a variable here", statement.lineno)
        self._called.add(name)
        frame.called.add(name)
        tap = call.args[-1] if call.args else None
        if call.keywords or not (isinstance(tap, ast.Name) and tap.id == "tap"):
            raise Unreadable(f"`{name}` is not handed `tap`", statement.lineno)
        values = [self._expressions.whole(each, frame.variables) for each in call.args[:-1]]
        return self._frame(self._module.functions[name], values, statement)

    def _run(self, frame: _Frame, statement: ast.stmt) -> None:
        match statement:
            case ast.If() if _is_tap(statement, frame.function.name) and not frame.tapped:
                frame.tapped = True
                self._show(frame)
                return
            case ast.Assign(targets=[ast.Name(id="outputs" | "state" as name)], value=ast.Dict() as entries) if (
                frame.function.name == _STEP and frame.tapped and name not in self._dictionaries
            ):
                self._dictionaries[name] = self._entries(
                    entries, lambda each: self._expressions.whole(each, frame.variables)
                )
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not frame.tapped:
                self._assign(frame, name, self._port(frame, value), statement.lineno)
                return
        raise Unreadable("a statement of this kind is not expected here", statement.lineno)

    def _port(self, frame: _Frame, value: ast.expr) -> int:
        """`inputs["bid"]` in `step`, or any expression."""
        match value:
            case ast.Subscript(value=ast.Name(id=where), slice=ast.Constant(value=str(name))) if (
                frame.function.name == _STEP and where in _STEP_ARGUMENTS
            ):
                if (where, name) not in self._ports:
                    raise Unreadable(f"the graph has no `{name}` among its {where}", value.lineno)
                return self._ports[where, name]
        return self._expressions.whole(value, frame.variables)

    def _assign(self, frame: _Frame, name: str, term: int, line: int) -> None:
        hides = name in TAKEN or name in frame.called or name in self._module.operators
        if name in frame.variables or hides or name in _STEP_ARGUMENTS:
            raise Unreadable(f"`{name}` has another meaning here already", line)
        frame.variables[name], frame.lines[name] = term, line

    def _return(self, frame: _Frame, statement: ast.Return, stack: list[_Frame]) -> None:
        if not frame.tapped:
            raise Unreadable(f"`{frame.function.name}` does not show its values", statement.lineno)
        if frame.function.name == _STEP:
            if ast.dump(statement) != _RETURN_OF_STEP or self._dictionaries.keys() != {"outputs", "state"}:
                raise Unreadable("`step` does not return `outputs, state`", statement.lineno)
            self._reading.outputs = self._dictionaries["outputs"]
            self._reading.next_states = self._dictionaries["state"]
        elif statement.value is None:
            raise Unreadable(f"`{frame.function.name}` returns nothing", statement.lineno)
        else:
            value = statement.value
            each = value.elts if isinstance(value, ast.Tuple) else [value]
            self._bind(stack[-1], frame, [self._expressions.whole(one, frame.variables) for one in each])

    def _bind(self, caller: _Frame, callee: _Frame, results: list[int]) -> None:
        """Give a call's results to the names that the caller has for them."""
        statement = callee.wanted
        assert statement is not None
        names: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            (target, *others) = statement.targets
            names = target.elts if isinstance(target, ast.Tuple) and not others else [target, *others]
        if len(names) != len(results):
            raise Unreadable(f"`{callee.function.name}` returns {len(results)} values", statement.lineno)
        for name, term in zip(names, results, strict=True):
            if not isinstance(name, ast.Name):
                raise Unreadable("the results of a lane call are given to something else than names", statement.lineno)
            self._assign(caller, name.id, term, statement.lineno)

    def _show(self, frame: _Frame) -> None:
        scope = self._names.scope(frame.function.name)
        for name, term in frame.variables.items():
            line = frame.lines[name]
            node = None if scope is None else self._names.node(scope, name)
            if node is None:
                raise Unreadable(
                    f"variable `{name}` of `{frame.function.name}` is called like no node of the graph", line
                )
            if node not in self._reading.nodes or term != self._source.of[node]:
                self._reading.nodes[node] = Read(term, line)

    def _entries(self, entries: ast.Dict, term: Callable[[ast.expr], int]) -> dict[str, Read]:
        found: dict[str, Read] = {}
        for key, value in zip(entries.keys, entries.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)) or key.value in found:
                raise Unreadable("a key is no name, or stands twice", value.lineno)
            found[key.value] = Read(term(value), value.lineno)
        return found

    def _initial(self, value: ast.expr) -> int:
        """A constant, or `(constant,) * length`."""
        match value:
            case ast.BinOp(left=ast.Tuple(elts=[element]), op=ast.Mult(), right=ast.Constant(value=int(length))) if (
                length > 0
            ):
                return self._source.terms.fill(self._expressions.term(element, {}), length)
        return self._expressions.term(value, {})


def _is_tap(statement: ast.If, function: str) -> bool:
    """Whether this is the statement that shows a function's variables under its own name."""
    expected = f'if tap is not None:\n    tap["{function}"] = locals()'
    return ast.dump(statement) == ast.dump(ast.parse(expected).body[0])
