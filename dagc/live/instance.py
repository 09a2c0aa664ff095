"""One live instance: one binding of a graph and its state, stepped bar by bar in the caller's own process."""

from __future__ import annotations

import itertools
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, state_shape
from compile.c.columns import abi_value, abi_word, as_words, from_words
from compile.c.library import Library, foreign
from compile.c.runner import CRunner, Entry
from dag.graphs.graph import Graph, State
from dag.values.types import Kind, Type, Value
from dag.values.words import Column, column_dtype
from dagc.data.frames import is_frame, table_in_memory
from dagc.debugging.tap_names import TapNames
from dagc.live.inputs import (
    InputProblem,
    input_column,
    input_value,
    input_words,
    is_sequence,
    picker,
    spread_inputs,
    word_format,
)
from dagc.live.outputs import Outputs, outputs_class
from dagc.live.restoring import Restored, Session, restore_state
from dagc.live.state import pack_state


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a native engine finds this instance: call `step(state, inputs, params, outputs)` at these addresses.

    The function is `dagc_step` of kernel.h. The memory belongs to the instance and lives as long as it does.
    """

    step: int
    state: int
    inputs: int
    params: int
    outputs: int


class Instance:
    """One binding of a kernel and its state. Not for several threads at once.

    Three ways to step it, from the most convenient to the fastest: `step(...)`, which takes and returns Python values;
    `tick()`, which works on the records `inputs` and `outputs` in place; and a native call through `addresses`.
    """

    def __init__(self, graph: Graph, library: Library, params: Mapping[str, Value]) -> None:
        """`params` holds a checked value for every parameter (see `dagc.binding.parameters.bound_values`)."""
        self.graph = graph
        self._rows = CRunner(graph, library, Entry.ROW)
        self._params = dict(params)
        self._library = library
        state_size = sum(graph.types[state.node].size for state in graph.states)
        # State and inputs side by side, so that one copy remembers all that a bar starts from.
        input_types = [graph.types[port.node] for port in graph.inputs]
        output_types = [graph.types[output.node] for output in graph.outputs]
        input_size, output_size = (sum(type_.size for type_ in each) for each in (input_types, output_types))
        self._start_words = _words(state_size + input_size)
        self._state_words = self._start_words[:state_size]
        self._input_words = self._start_words[state_size:]
        self._param_words = _words(len(graph.params))
        self._output_words = _words(output_size)
        for index, param in enumerate(graph.params):
            self._param_words[index] = abi_word(params[param.name], graph.types[param.node])
        #: One record with a field for each input, to fill before `tick()`: `instance.inputs["bid"] = 1.5`.
        self.inputs = _record(self._input_words, [(p.name, graph.types[p.node]) for p in graph.inputs])
        #: One record with a field for each output, as the last step left it.
        self.outputs = _record(self._output_words, [(o.name, graph.types[o.node]) for o in graph.outputs])
        self._names = tuple(port.name for port in graph.inputs)
        self._pick = picker(self._names)
        self._enums = [(k, port) for k, port in enumerate(graph.inputs) if graph.types[port.node].members]
        of_each_word = [type_ for type_ in output_types for _ in range(type_.size)]
        self._bools = [k for k, type_ in enumerate(of_each_word) if type_.kind is Kind.BOOL]
        #: How many words each output has, where one of them is along an axis; and whether an input is.
        self._sizes = [type_.length for type_ in output_types] if any(type_.axis for type_ in output_types) else []
        self._is_wide = any(type_.axis for type_ in input_types)
        self._pack = struct.Struct("=" + "".join(word_format(type_) * type_.size for type_ in input_types)).pack
        self._unpack = struct.Struct("=" + "".join(map(word_format, of_each_word))).unpack_from
        self._input_bytes = self._start_words.data.cast("B")[8 * state_size : 8 * (state_size + input_size)]
        self._output_bytes = self._output_words.data.cast("B")
        self._result = outputs_class(graph)
        # Bound once: making a pointer costs more than the call.
        self._call = library.calls.dagc_step
        arrays = (self._state_words, self._input_words, self._param_words, self._output_words)
        self._pointers = tuple(map(_pointer, arrays))
        #: State and inputs of the last bar stepped, as they were before it; empty where there is none.
        self._last_start = b""
        self.reset()

    @property
    def params(self) -> dict[str, Value]:
        """The bound values, by dotted name."""
        return dict(self._params)

    def step(self, inputs: Any = None, /, *more: Any, **named: Any) -> Outputs:
        """One bar. Give the inputs as a mapping, by keyword, one after the other in the order of the signature, or as one sequence
        of them; a record or a tuple that the lane takes may stand for its fields.

        An input outside its domain (NaN always is) rejects the row: see `Outputs.rejected`. Raises InputProblem when a name
        is missing or unknown, or when a value is not of the input's type; the instance is then as it was.
        """
        self.fill((inputs, *more) if more else named if inputs is None else inputs, named)
        self._last_start = self._start_words.tobytes()
        self._call(*self._pointers)
        return self.results()

    def fill(self, given: Any, named: Mapping[str, Any] | None = None) -> None:
        """Put one bar's values into `inputs`, checked and converted as `step` does it, and step nothing. Raises InputProblem."""
        values = self._values(given, {} if named is None else named)
        if self._is_wide:
            values = self._converted(values)
        try:
            packed = self._pack(*values)
        except (struct.error, OverflowError):
            packed = self._pack(*self._converted(values))
        self._input_bytes[:] = packed

    def results(self) -> Outputs:
        """The outputs of the last step as Python values."""
        result: Sequence[Any] = self._unpack(self._output_bytes)
        if self._bools:
            result = list(result)
            for index in self._bools:
                result[index] = result[index] != 0
        return self._result.of(_grouped(result, self._sizes) if self._sizes else result)

    def tick(self) -> int:
        """One bar on what `inputs` holds; the results are in `outputs`. Returns the status: 0, or the number of the port."""
        self._last_start = self._start_words.tobytes()
        status: int = self._call(*self._pointers)
        return status

    def run(self, columns: Any) -> Outputs:
        """Many bars, from the present state on: a mapping with a column [bars] for each input, or a pandas, polars or Arrow table,
        whose other columns are left aside. Returns a column [bars] for each output. Raises InputProblem, DataProblem.
        """
        graph = self.graph
        if is_frame(columns):
            inputs: Mapping[str, Column] = table_in_memory(columns, graph).columns
        else:
            given = spread_inputs(graph, columns, columns=True)
            inputs = {p.name: input_column(graph, p, given[p.name], "[bars]", (1,)) for p in graph.inputs}
        lengths = {len(column) for column in inputs.values()}
        if len(lengths) != 1:
            raise InputProblem(f"the input columns differ in length, or there are none: {sorted(lengths)}")
        batch = Batch(
            inputs={name: column[:, np.newaxis] for name, column in inputs.items()},
            params={p.name: np.array([self._params[p.name]], column_dtype(graph.types[p.node])) for p in graph.params},
            state=self._carried(),
            bars=lengths.pop(),
            instances=1,
        )
        result = self._rows.run(batch, [output.node for output in graph.outputs])
        self._carry_on(result.state)
        return self._result.of(result.nodes[output.node][:, 0] for output in graph.outputs)

    def tap(self, name: str) -> Any:
        """The value that any named node had in the last bar stepped: a lane's variable, an input, a parameter, a state.

        `dagc.debugging.tap_names` says what names mean. It costs one more evaluation of the bar, and nothing when it is not used. Raises
        NameProblem, a KeyError, for a name that no value or more than one has, LookupError when no bar was stepped since the
        binding, `run`, `restore` or `reset`.
        """
        node, place = self._tap_names.place(name)
        if not self._last_start:
            raise LookupError(f"`{name}` has no value yet: step a bar first")
        start = np.frombuffer(self._last_start, np.int64).copy()
        state, inputs = start[: len(self._state_words)], start[len(self._state_words) :]
        places = self.graph.word_places()
        words = _words(places[-1])
        arrays = (state, inputs, self._param_words, _words(len(self._output_words)), words)
        self._library.calls.dagc_step_taps(*map(_pointer, arrays))
        type_ = self.graph.types[node]
        values = [abi_value(int(word), type_.element) for word in words[places[node] : places[node + 1]]]
        return tuple(values) if type_.is_array and place is None else values[place or 0]

    def reset(self) -> None:
        """Back to before the first bar."""
        self._library.calls.dagc_init(self._pointers[0])
        self._last_start = b""

    def snapshot(self, at: float | None = None) -> bytes:
        """The state, to `restore` in this process or another, and the time `at` in seconds. Parameters are not in it."""
        return pack_state(self.graph, self._carried(), 1, at)

    def restore(self, snapshot: bytes, at: float | None = None, session: Session | None = None) -> Restored:
        """Continue from a snapshot: with the very next bar, or at another time, in the same session or a new one.

        Returns which states begin again, and why; see `dagc.live.restoring`. Raises WrongSnapshot where it is damaged, another
        graph's, or holds a time and nobody says how to take it.
        """
        state, restored = restore_state(self.graph, snapshot, 1, at, session)
        self._carry_on(state)
        return restored

    @property
    def input_bytes(self) -> bytes:
        """The words of `inputs`, eight bytes each, in the order of the ABI."""
        return bytes(self._input_bytes)

    @property
    def output_bytes(self) -> bytes:
        """The words of `outputs`, eight bytes each, in the order of the ABI."""
        return bytes(self._output_bytes)

    @property
    def state_bytes(self) -> bytes:
        """The words of the states, eight bytes each, in the graph's order."""
        return bytes(self._state_words[: sum(type_.size for _, type_, _ in self._state_parts())].tobytes())

    def fill_bytes(self, words: bytes) -> None:
        """Put the words of a bar into `inputs`, as `input_bytes` gave them. Raises ValueError for another number of them."""
        if len(words) != len(self._input_bytes):
            raise ValueError(f"{len(words)} bytes of inputs, `{self.graph.name}` takes {len(self._input_bytes)}")
        self._input_bytes[:] = words

    @cached_property
    def _tap_names(self) -> TapNames:
        return TapNames(self.graph)

    @property
    def addresses(self) -> Addresses:
        """For engines that call native code: Rust, C++, numba, ..."""
        step = int(foreign().cast("intptr_t", self._library.calls.dagc_step))
        return Addresses(step, *(int(foreign().cast("intptr_t", pointer)) for pointer in self._pointers))

    def __repr__(self) -> str:
        return (
            f"<Instance of {self.graph.name}: {', '.join(f'{name}={value!r}' for name, value in self._params.items())}>"
        )

    # --- the ways in ----------------------------------------------------------------------------------------------

    def _values(self, given: Mapping[str, Any] | Sequence[Any], named: Mapping[str, Any]) -> Sequence[Any]:
        """The values in the order of the ABI, enum members as codes."""
        if given is not named and named:
            raise InputProblem("give the inputs either by keyword or as one mapping or sequence, not both")
        if type(given) is dict or isinstance(given, Mapping):  # the first is the quicker question
            if len(given) != len(self._names):
                given = spread_inputs(self.graph, given)
            try:
                values: Sequence[Any] = self._pick(given)
            except KeyError:
                values = self._pick(spread_inputs(self.graph, given))
        elif (type(given) is tuple or is_sequence(given)) and len(given) == len(self._names):
            values = given
        else:
            values = self._pick(spread_inputs(self.graph, given))
        if self._enums and not self._is_wide:
            values = list(values)
            for index, port in self._enums:
                if type(values[index]) is not int:
                    values[index] = input_value(self.graph, port, values[index])
        return values

    def _converted(self, values: Sequence[Any]) -> list[Value]:
        """The values one by one, to name the one that does not fit, or to convert what `struct` does not know."""
        given = dict(zip(self._names, values, strict=True)) if self._is_wide else spread_inputs(self.graph, values)
        return [value for port in self.graph.inputs for value in input_words(self.graph, port, given[port.name])]

    def _carried(self) -> dict[str, Column]:
        """The state as columns [1]; views, but for the narrow types."""
        return {
            state.name: from_words(words.reshape(state_shape(type_, 1)), type_)
            for state, type_, words in self._state_parts()
        }

    def _carry_on(self, columns: Mapping[str, Column]) -> None:
        """Continue from a state given as columns [1]."""
        for state, type_, words in self._state_parts():
            words[:] = as_words(state.name, columns[state.name], type_, state_shape(type_, 1)).reshape(-1)
        self._last_start = b""

    def _state_parts(self) -> Iterator[tuple[State, Type, NDArray[np.int64]]]:
        """Each state, its type and its words."""
        at = 0
        for state in self.graph.states:
            type_ = self.graph.types[state.node]
            yield state, type_, self._state_words[at : at + type_.size]
            at += type_.size


def _grouped(values: Sequence[Any], sizes: Sequence[int | None]) -> Iterator[Any]:
    """Values one after the other as those of each output: a tuple of the places of one along an axis."""
    at = 0
    for size in sizes:
        yield values[at] if size is None else tuple(values[at : at + size])
        at += size or 1


def _words(count: int) -> NDArray[np.int64]:
    return np.zeros(max(count, 1), np.int64)


def _pointer(words: NDArray[np.int64]) -> Any:
    return foreign().cast("void *", words.__array_interface__["data"][0])


def _record(words: NDArray[np.int64], fields: list[tuple[str, Type]]) -> NDArray[np.void]:
    """`words` as one record; bools are int64 0 or 1 there, as in kernel.h, and a float32 is a float64 that the kernel rounds."""
    low_half = 0 if sys.byteorder == "little" else 4
    offsets = [8 * at for at in itertools.accumulate((type_.size for _, type_ in fields), initial=0)]
    dtype = np.dtype(
        {
            "names": [name for name, _ in fields],
            "formats": [_field_format(type_) for _, type_ in fields],
            "offsets": [
                at + low_half * (type_.kind is Kind.I32 and not type_.is_array)
                for at, (_, type_) in zip(offsets, fields, strict=False)
            ],
            "itemsize": offsets[-1],
        }
    )
    if not fields:
        return np.empty((), dtype)
    return words[: offsets[-1] // 8].view(dtype).reshape(())


def _field_format(type_: Type) -> Any:
    """numpy's format of a field; along an axis an array of whole words."""
    each = "d" if type_.is_float else "q"
    if type_.length is not None:
        return (each, (type_.length,))
    return np.int32 if type_.kind is Kind.I32 else each
