"""A StableHLO text as plain rows, read by MLIR's own parser: functions, their statements, what each is given.

Nothing is skipped: an operation, an attribute or a type that is not known here raises `Unreadable`, which names it and its line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from compile.jax_modules import load_mlir
from compile.proof.core.verdict import Unreadable
from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64
from dag.values.words import float_bits


@dataclass(frozen=True, slots=True)
class Statement:
    """One operation: `operands` and the result are places in the function's values; `said` what its attributes say.

    A loop of n results is n statements: `regions` are its condition and its body, functions of all values before it and then
    of what it carries, and `said["index"]` is the result.
    """

    op: str
    operands: tuple[int, ...]
    result: int
    sort: str
    said: Mapping[str, Any]
    line: int
    regions: tuple[Function, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """Values 0 to len(params) - 1 are the parameters; then one for each statement, in order."""

    name: str
    params: tuple[str, ...]
    statements: tuple[Statement, ...]
    returns: tuple[int, ...]
    line: int

    def definition(self, value: int) -> Statement | None:
        """The statement that makes `value`; None of a parameter."""
        return None if value < len(self.params) else self.statements[value - len(self.params)]


#: Operation -> the attributes it may have.
_PLAIN = (
    "add subtract multiply divide remainder negate abs sqrt minimum maximum and or xor not shift_left shift_right_arithmetic "
    "shift_right_logical count_leading_zeros round_nearest_even floor ceil select convert bitcast_convert clamp "
    "optimization_barrier reshape"
)
_ATTRIBUTES: dict[str, frozenset[str]] = {
    **{f"stablehlo.{name}": frozenset[str]() for name in _PLAIN.split()},
    "stablehlo.compare": frozenset(("comparison_direction", "compare_type")),
    "stablehlo.constant": frozenset(("value",)),
    "stablehlo.iota": frozenset(("iota_dimension",)),
    "stablehlo.broadcast_in_dim": frozenset(("broadcast_dimensions",)),
    "stablehlo.gather": frozenset(("dimension_numbers", "indices_are_sorted", "slice_sizes")),
    "stablehlo.pad": frozenset(("edge_padding_low", "edge_padding_high", "interior_padding")),
    "stablehlo.concatenate": frozenset(("dimension",)),
    "stablehlo.reduce": frozenset(("dimensions",)),
    "stablehlo.while": frozenset[str](),
    "func.call": frozenset(("callee",)),
}
_ELEMENTS = {"f64": F64, "i64": I64, "i1": BOOL}


def functions_of(text: str) -> dict[str, Function]:
    """The functions of a module, by name. Raises Unreadable."""
    load_mlir()
    from jaxlib.mlir import ir
    from jaxlib.mlir._mlir_libs import _jax_mlir_ext
    from jaxlib.mlir.dialects import stablehlo

    context = ir.Context()
    registry = ir.DialectRegistry()
    _jax_mlir_ext.register_dialects(registry)
    context.append_dialect_registry(registry)
    with context:
        stablehlo.register_dialect(context)
        context.load_all_available_dialects()
        try:
            module = ir.Module.parse(text)
        except ir.MLIRError as problem:
            first = str(problem).splitlines()
            raise Unreadable(f"it is not StableHLO: {' '.join(first[1:2]) or first[0]}") from None
        _expect_attributes(module.operation, ("sym_name",))
        return {found.name: found for found in map(_function, module.body.operations)}


def _expect_attributes(operation: Any, known: Collection[str]) -> None:
    """Raise Unreadable for an attribute that is not `known`: of a module, of an argument, of a result, XLA obeys some."""
    strange = [name for name in operation.attributes if name not in known]
    if strange:
        raise Unreadable(f"`{operation.name}` says `{strange[0]}`, which is not known", _line(operation))


def _function(view: Any) -> Function:
    operation = view.operation
    line = _line(operation)
    if operation.name != "func.func":
        raise Unreadable(f"`{operation.name}` stands beside the functions", line)
    _expect_attributes(operation, ("sym_name", "sym_visibility", "function_type"))
    name = str(operation.attributes["sym_name"].value)
    (region,) = operation.regions
    if len(region.blocks) != 1:
        raise Unreadable(f"function `{name}` has {len(region.blocks)} blocks, not one", line)
    return _block(name, region.blocks[0], {}, [], line)


def _block(name: str, block: Any, outer: Mapping[Any, int], sorts: list[str], line: int) -> Function:
    """A block as a function of the values `outer` (place of each, and the sorts of all) and of its own arguments."""
    places = dict(outer)
    own = [_sort(argument.type, line) for argument in block.arguments]
    for argument in block.arguments:
        places[argument] = len(places)
    params = (*sorts, *own)
    seen = list(params)
    statements: list[Statement] = []
    returns: tuple[int, ...] | None = None
    for each in block.operations:
        inner = each.operation
        operands = tuple(places[operand] for operand in inner.operands)
        if inner.name in ("func.return", "stablehlo.return"):
            returns = operands
            continue
        if any(len(region.blocks) != 1 for region in inner.regions):
            raise Unreadable(f"`{inner.name}` has a region of several blocks", _line(inner))
        regions = tuple(_block(inner.name, region.blocks[0], places, seen, _line(inner)) for region in inner.regions)
        for index, result in enumerate(inner.results):
            statements.append(_statement(inner, index, operands, len(places), regions))
            places[result] = len(places)
            seen.append(statements[-1].sort)
    if returns is None:
        raise Unreadable(f"function `{name}` returns nothing", line)
    return Function(name, params, tuple(statements), returns, line)


def _statement(
    operation: Any, index: int, operands: tuple[int, ...], place: int, regions: tuple[Function, ...]
) -> Statement:
    line = _line(operation)
    known = _ATTRIBUTES.get(operation.name)
    if known is None:
        raise Unreadable(f"operation `{operation.name}` is not known", line)
    _expect_attributes(operation, known)
    if len(regions) != {"stablehlo.while": 2, "stablehlo.reduce": 1}.get(operation.name, 0) or (
        len(operation.results) > 1 and operation.name != "stablehlo.while"
    ):
        raise Unreadable(f"`{operation.name}` has {len(regions)} regions, {len(operation.results)} results", line)
    sort = _sort(operation.results[index].type, line)
    said = {name: _said(operation.attributes[name], sort, line) for name in known if name in operation.attributes}
    if operation.name == "stablehlo.while":
        said["index"] = index
    return Statement(operation.name.removeprefix("stablehlo."), operands, place, sort, said, line, regions)


def _said(attribute: Any, sort: str, line: int) -> Any:
    """A constant's word; of everything else the text without the dialect's name."""
    text = str(attribute)
    if text.startswith("dense<"):
        if not attribute.is_splat:
            raise Unreadable(f"a constant of several values: {text[:60]}", line)
        value = attribute.get_splat_value().value
        if not isinstance(value, float):
            return int(value)
        if float_bits(value):
            raise Unreadable(f"a float is written down, {value!r}: XLA may fold it into what reads it", line)
        return 0
    if text.startswith("@"):
        return text[1:]
    named = re.fullmatch(r"#stablehlo<comparison_(?:direction|type) (\w+)>", text)
    return named.group(1) if named else text


def _sort(type_: Any, line: int) -> str:
    """`f64`, or `f64[8]` of an array a row."""
    found = re.fullmatch(r"tensor<(?:1x)?(?:(\d+(?:x1)?)x)?(f64|i64|i1)>", str(type_))
    if not found:
        raise Unreadable(f"type {type_} is not known", line)
    length, element = found.groups()
    return _ELEMENTS[element] + (f"[{length}]" if length else "")


def _line(operation: Any) -> int:
    found = re.search(r'"-":(\d+):', str(operation.location))
    return int(found.group(1)) if found else 0
