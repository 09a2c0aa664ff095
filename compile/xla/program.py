"""`kernel.stablehlo` made runnable: widened to many rows, run over bars with `lax.scan`, compiled by XLA.

jax is imported here when the first kernel is run, never at import. 64-bit types are switched on for the calls of this module
only; nothing else of the host's jax configuration is read or written.
"""

from __future__ import annotations

import dataclasses
import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.backend import Files
from compile.xla.emit import INTERFACE, KERNEL, Argument, Interface, interface_from_json
from compile.xla.executables import Executable, Once, compiled_or_kept
from dag.values.types import Kind, Type
from dag.values.words import Column, value_of, widened

Columns = Mapping[str, Column]

#: XLA:CPU fuses once for every result and computes shared nodes again in each; compile time and run time then grow faster
#: than the graph. With more results or more nodes than this, every node is written out once instead.
FUSED_RESULTS = 24
FUSED_NODES = 400


@dataclass(frozen=True, slots=True)
class ReplayValues:
    """What a call gave: the values asked for by identifier and the guard, [bars, rows] each; the states afterwards, [rows]."""

    values: dict[str, Column]
    flagged: Column
    state: dict[str, Column]


@dataclass(frozen=True, slots=True)
class Program:
    """The text of a kernel and what its arguments are."""

    text: str
    interface: Interface

    @classmethod
    def from_files(cls, files: Files) -> Program:
        """Read the emitted files, and nothing else; raises ValueError when one is missing or damaged."""
        for name in (KERNEL, INTERFACE):
            if name not in files:
                raise ValueError(f"there is no {name} among the files; build the bundle again")
        try:
            text = files[KERNEL].decode("utf-8")
        except UnicodeDecodeError as problem:
            raise ValueError(f"{KERNEL} is damaged: {problem}; build the bundle again") from problem
        return cls(text, interface_from_json(files[INTERFACE]))

    def replay(
        self, inputs: Columns, params: Columns, state: Columns, live: Column, rows: int, wanted: Sequence[str]
    ) -> ReplayValues:
        """Run bars in order and return the values called `wanted`.

        Shapes: inputs [bars, rows], params and state [rows], `live` bool [bars]; a bar that is not live leaves the states
        alone. XLA compiles once for each shape and choice of values. Raises ValueError where the text is not StableHLO.
        """
        import jax

        arguments = self.arguments(inputs, params, state, live)
        with jax.enable_x64(True):
            values, flagged, last = compiled(self, tuple(wanted), len(live), rows)(*arguments)
        return ReplayValues(
            {name: np.asarray(values[name]) for name in wanted},
            np.asarray(flagged),
            {name: np.asarray(last[name]) for name in last},
        )

    def compile_for(self, wanted: Sequence[str], bars: int, rows: int) -> None:
        """Compile what `replay` needs for this shape and choice of values."""
        import jax

        with jax.enable_x64(True):
            compiled(self, tuple(wanted), bars, rows)

    def arguments(self, inputs: Columns, params: Columns, state: Columns, live: Column) -> tuple[Any, ...]:
        """What `compiled` is called with; shapes as in `replay`."""
        return (
            _pool(self.interface.arguments, is_float=True),
            _pool(self.interface.arguments, is_float=False),
            np.zeros((), np.int64),
            _tables(self.interface.arguments),
            _held(params),
            _held(state),
            _held(inputs),
            live,
        )


def _held(columns: Columns) -> dict[str, Column]:
    """Columns as the kernel holds them: f32 as f64, i32 as i64."""
    wider = {np.dtype(np.float32): np.dtype(np.float64), np.dtype(np.int32): np.dtype(np.int64)}
    return {name: widened(column, wider.get(column.dtype, column.dtype)) for name, column in columns.items()}


def _held_dtype(kind: Kind) -> np.dtype[Any]:
    """The dtype in which the kernel holds this kind."""
    if Type(kind).is_float:
        return np.dtype(np.float64)
    return np.dtype(np.bool_ if kind is Kind.BOOL else np.int64)


def _pool(arguments: Sequence[Argument], is_float: bool) -> Column:
    """The constants of one sort as a vector, in the order of the arguments; bools and enum codes are integers."""
    constants = [(each.word, Type(each.kind)) for each in arguments if each.source == "constant"]
    values = [
        int(word) if type_.kind is Kind.BOOL else value_of(word, type_)
        for word, type_ in constants
        if type_.is_float is is_float
    ]
    return np.array(values, np.float64 if is_float else np.int64)


def _tables(arguments: Sequence[Argument]) -> dict[str, Column]:
    """The tables that lookups choose from, by identifier."""
    return {each.identifier: np.array(each.words, np.uint64).view(np.int64) for each in arguments if each.words}


def compiled(program: Program, wanted: tuple[str, ...], bars: int, rows: int) -> Executable:
    """`program` over `bars` x `rows` as jax compiled it; it returns the values called `wanted`, the guard and the states.

    To be called, and its result too, with 64-bit types on. Threads that want the same one wait for the first of them.
    """
    with _ASKING:
        once = _once(program, wanted, bars, rows)
    return once.get(
        lambda: compiled_or_kept(
            lambda: lowered(program, wanted, bars, rows),
            program.text,
            program.interface,
            (wanted, bars, rows),
            _options(len(wanted), len(program.interface.results)),
        )
    )


_ASKING = threading.Lock()


@functools.lru_cache(maxsize=64)
def _once(program: Program, wanted: tuple[str, ...], bars: int, rows: int) -> Once[Executable]:
    return Once()


def lowered(program: Program, wanted: tuple[str, ...], bars: int, rows: int) -> Any:
    """What `compiled` compiles, as jax lowered it."""
    import jax
    from jax import lax

    interface = program.interface
    kernel = _widened(program, rows)

    def step(sources: dict[str, Any], live: Any, state: dict[str, Any], inputs: dict[str, Any]) -> Any:
        values = dict(sources)
        for argument in interface.arguments:
            if argument.source in ("state", "input"):
                values[argument.identifier] = (state if argument.source == "state" else inputs)[argument.name]
        *results, flagged = kernel(*(values[argument.identifier] for argument in interface.arguments))
        values |= zip(interface.results, results, strict=True)
        following = {
            argument.name: lax.select(
                lax.broadcast(live, values[argument.next].shape), values[argument.next], state[argument.name]
            )
            for argument in interface.arguments
            if argument.source == "state"
        }
        return following, ({name: values[name] for name in wanted}, flagged)

    def replay(
        floats: Any, integers: Any, zero: Any, tables: Any, params: Any, state: Any, inputs: Any, live: Any
    ) -> Any:
        sources = tables | _sources(interface, floats, integers, zero, params, rows)
        last, (values, flagged) = lax.scan(
            lambda carried, bar: step(sources, bar[1], carried, bar[0]), state, (inputs, live)
        )
        return values, flagged, last

    def shapes(source: str, *shape: int) -> dict[str, Any]:
        return {
            argument.name: _abstract((*shape, *_of_array(argument)), _held_dtype(argument.kind))
            for argument in interface.arguments
            if argument.source == source
        }

    pools = [_pool(interface.arguments, is_float) for is_float in (True, False)]
    return jax.jit(replay).lower(
        *(_abstract(pool.shape, pool.dtype) for pool in pools),
        _abstract((), np.dtype(np.int64)),
        {name: _abstract(words.shape, words.dtype) for name, words in _tables(interface.arguments).items()},
        shapes("param", rows),
        shapes("state", rows),
        shapes("input", bars, rows),
        _abstract((bars,), np.dtype(np.bool_)),
    )


def _abstract(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    import jax

    return jax.ShapeDtypeStruct(shape, dtype)  # type: ignore[no-untyped-call]


def _options(wanted: int, nodes: int) -> dict[str, str | bool]:
    """XLA options of this one compilation; none of them decides what is computed.

    Splitting a kernel over threads costs more than it gives at the size of a chunk.
    """
    import jax

    if jax.default_backend() != "cpu":
        return {}
    passes = ["cpu-parallel-task-assigner"]
    if wanted > FUSED_RESULTS or nodes > FUSED_NODES:
        passes.append("fusion")
    return {"xla_disable_hlo_passes": ",".join(passes)}


def _sources(interface: Interface, floats: Any, integers: Any, zero: Any, params: Any, rows: int) -> dict[str, Any]:
    """The arguments that are the same at every bar, as [rows], by identifier."""
    from jax import lax

    sources: dict[str, Any] = {}
    places = {True: 0, False: 0}
    for argument in interface.arguments:
        match argument.source:
            case "zero":
                sources[argument.identifier] = lax.broadcast(zero, (rows,))
            case "param":
                sources[argument.identifier] = params[argument.name]
            case "constant":
                is_float = Type(argument.kind).is_float
                value = lax.index_in_dim(floats if is_float else integers, places[is_float], keepdims=False)
                places[is_float] += 1
                if argument.kind is Kind.BOOL:
                    value = lax.ne(value, lax.full_like(value, 0))
                sources[argument.identifier] = lax.broadcast(value, (rows,))
            case _:
                pass
    return sources


def _widened(program: Program, rows: int) -> Callable[..., Any]:
    """The kernel as a function that jax can trace: [rows] arguments to [rows] results.

    The text is one row wide; every tensor in it gets `rows`. jax runs foreign StableHLO through `jax.export.Exported`, so a
    function of the same signature is exported and its module replaced.
    """
    import jax
    from jax import export, lax
    from jaxlib.mlir.dialects import stablehlo

    text = program.text.replace("tensor<1x", f"tensor<{rows}x")
    try:
        module = stablehlo.serialize_portable_artifact_str(text, stablehlo.get_current_version())
    except Exception as problem:
        # MLIR has printed line, column and reason to stderr by now.
        raise ValueError(f"{KERNEL} is damaged: it is not StableHLO ({problem}); build the bundle again") from problem
    taken = [
        _abstract(_of_array(argument) if argument.words else (rows, *_of_array(argument)), _held_dtype(argument.kind))
        for argument in program.interface.arguments
    ]

    def signature(*_: Any) -> tuple[Any, ...]:
        return tuple(lax.full((rows, *shape), 0, dtype) for shape, dtype in _results(program.text))

    template = export.export(jax.jit(signature, keep_unused=True))(*taken)
    return dataclasses.replace(template, mlir_module_serialized=module).call


def _of_array(argument: Argument) -> tuple[int, ...]:
    """What an argument's shape has beyond its rows."""
    return () if argument.length is None else (argument.length,)


def _results(text: str) -> list[tuple[tuple[int, ...], np.dtype[Any]]]:
    """The shape (without the rows) and dtype of everything that `@main` returns, read from its signature."""
    names = {"f64": np.dtype(np.float64), "i64": np.dtype(np.int64), "i1": np.dtype(np.bool_)}
    signature = text[text.index(") -> (") + len(") -> (") :]
    tensors = [each.strip()[len("tensor<1x") : -1].split("x") for each in signature[: signature.index(")")].split(",")]
    return [(tuple(map(int, lengths)), names[dtype]) for *lengths, dtype in tensors]
