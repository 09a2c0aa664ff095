"""A kernel inside a jax program: one call into C on CPU, under `jit`, `vmap` and `scan`, with the bits it has everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from compile.backend import Refused
from compile.c.library import Library
from compile.xla.c_call import target_of
from dag.graphs.graph import Graph
from dag.values.types import Kind, Type
from dag.values.words import column_dtype
from dagc.binding.parameters import bound_values
from dagc.live.inputs import InputProblem, spread_inputs
from dagc.live.values import WrongType, expected, value_as

#: A state or a result: name -> array.
Arrays = dict[str, jax.Array]


class JaxKernel:
    """`outputs, state = step(inputs, params, state)`: pure, and traceable by jax.

    Every input, parameter and state is an array of the shape of the instances, or a single value that they share. Outputs and the
    next state have that shape; the elements of an array that is carried come after it. A row outside its domain has a `status`
    other than 0, its declared safe outputs, and keeps its state.
    """

    def __init__(self, graph: Graph, library: Library) -> None:
        """Raises CompilerMissing, CompilerFailed: the call is compiled once on a machine, in a second; Refused for an axis."""
        along = next((name for name, type_ in zip(graph.names, graph.types, strict=True) if type_.axis), None)
        if along is not None:
            raise Refused(f"in_jax takes no value along an axis, such as `{along}`\n  fix  bind(params).step or run")
        self.graph = graph
        self._target = target_of(graph, library)

    def initial(self, shape: tuple[int, ...] = ()) -> Arrays:
        """The state before the first bar, for instances of this shape."""
        _require_x64()
        states = ((state, self.graph.types[state.node]) for state in self.graph.states)
        return {
            state.name: jnp.full((*shape, *_elements(type_)), jnp.asarray(state.initial, column_dtype(type_)))
            for state, type_ in states
        }

    def __call__(
        self, inputs: Mapping[str, Any], params: Mapping[str, Any] | None = None, state: Mapping[str, Any] | None = None
    ) -> tuple[Arrays, Arrays]:
        """One bar. Parameters that are left out have their defaults; no `state` is the one before the first bar.

        Raises InputProblem for wrong names and types, BindingProblem for wrong parameters given as plain values, RuntimeError where
        jax has no 64-bit types.
        """
        _require_x64()
        graph = self.graph
        given = spread_inputs(graph, inputs)
        bound = {**_defaults(graph, params or {}), **(params or {})}
        read = [_array(f"input `{p.name}`", given[p.name], graph.types[p.node]) for p in graph.inputs]
        read += [_array(f"parameter `{p.name}`", bound[p.name], graph.types[p.node]) for p in graph.params]
        held = [] if state is None else self._states(state)
        shapes = [each.shape for each in read]
        shapes += [
            each.shape[: each.ndim - len(_elements(graph.types[s.node]))]
            for each, s in zip(held, graph.states, strict=False)
        ]
        shape = jnp.broadcast_shapes(*shapes)
        if state is None:
            held = [*self.initial(shape).values()]
        read = [each if each.size == 1 else jnp.broadcast_to(each, shape) for each in read]
        types = [graph.types[s.node] for s in graph.states]
        held = [jnp.broadcast_to(each, (*shape, *_elements(type_))) for each, type_ in zip(held, types, strict=True)]
        outputs = [(output.name, graph.types[output.node]) for output in graph.outputs]
        results = [_result(shape, type_) for _, type_ in outputs]
        results += [_result((*shape, *_elements(type_)), type_) for type_ in types]
        aliases = {len(read) + k: len(outputs) + k for k in range(len(types))}
        call = jax.ffi.ffi_call(self._target, tuple(results), vmap_method="broadcast_all", input_output_aliases=aliases)
        found = call(*read, *held)
        names = [name for name, _ in outputs]
        return (
            dict(zip(names, found[: len(names)], strict=True)),
            dict(zip((s.name for s in graph.states), found[len(names) :], strict=True)),
        )

    def _states(self, state: Mapping[str, Any]) -> list[jax.Array]:
        names = [each.name for each in self.graph.states]
        if set(state) != set(names):
            raise InputProblem(
                f"the states of `{self.graph.name}` are {', '.join(names) or 'none'}, got {', '.join(state)}"
            )
        return [_array(f"state `{s.name}`", state[s.name], self.graph.types[s.node]) for s in self.graph.states]

    def __repr__(self) -> str:
        return f"<{self.graph.name} in jax, {self.graph.content_hash[:12]}>"


def _require_x64() -> None:
    if jax.dtypes.canonicalize_dtype(np.float64) != np.float64:
        raise RuntimeError(
            "jax computes with 32 bits here, and dagc's values have 64\n"
            '  fix  jax.config.update("jax_enable_x64", True) before the first array, or JAX_ENABLE_X64=1'
        )


def _defaults(graph: Graph, given: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults for what is not given; what is given as plain values is judged as `bind` judges it."""
    plain = {name: value for name, value in given.items() if not _is_array(value)}
    known = {p.name: p for p in graph.params}
    traced = {name: known[name].default for name in given if name in known and name not in plain}
    stand_in = {name: known[name].domain.lo if value is None else value for name, value in traced.items()}
    unknown = {name: 0 for name in given if name not in known}
    return dict(bound_values(graph, {**plain, **stand_in, **unknown}))


def _is_array(value: object) -> bool:
    return isinstance(value, jax.Array | np.ndarray | np.generic)


def _elements(type_: Type) -> tuple[int, ...]:
    return () if type_.length is None else (type_.length,)


def _result(shape: tuple[int, ...], type_: Type) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, column_dtype(type_))  # type: ignore[no-untyped-call]


def _array(what: str, given: Any, type_: Type) -> jax.Array:
    """`given` as an array of the type's own dtype. XLA converts floats with subnormals flushed, so nothing is narrowed here."""
    wanted = column_dtype(type_)
    if not _is_array(given) and not hasattr(given, "__array__") and not isinstance(given, list | tuple):
        try:
            return jnp.asarray(value_as(given, type_), wanted)
        except WrongType:
            raise InputProblem(f"{what} is {given!r}, expected {expected(type_)}") from None
    array = jnp.asarray(given)
    widens = array.dtype.kind in "iu" and type_.kind in (Kind.F64, Kind.I64, Kind.ENUM)
    if array.dtype != wanted and not (widens and np.can_cast(array.dtype, np.int64, "safe")):
        raise InputProblem(f"{what} is of {array.dtype}, expected {wanted} ({expected(type_)})")
    return array.astype(wanted)
