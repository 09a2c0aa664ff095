"""The op table in StableHLO: each op is one function that XLA cannot rewrite into another rounding.

XLA:CPU breaks bits by default. What holds it, here:

- a product is fenced: its bits are xored with an integer zero that arrives at run time, so LLVM cannot contract the product
  and a following addition into a fused multiply-add;
- every result passes `optimization_barrier`, and so do the operands of a division or a square root: the algebraic
  simplifier then sees no (a/b)/c, a/(b/c), a/sqrt(b), x/constant to "improve". XLA drops barriers before it fuses;
- no float is written down: constants come as run-time arguments. The literals below are integers, whose arithmetic is exact;
- `min` and `max` are a comparison and a select, which is Python's meaning; XLA's own differ for NaN and signed zeros;
- a NaN's bits are looked at only after it was made the canonical one, in integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compile.xla import arrays, binary32, division, wide
from dag.operators import table as ops
from dag.operators.op import AnyType, Op
from dag.values.types import Kind, Type
from dag.values.words import CANONICAL_NAN

#: The tensor types, one row wide; `compile.xla.program` widens them.
F64, I64, BOOL = "tensor<1xf64>", "tensor<1xi64>", "tensor<1xi1>"

_ABBREVIATIONS = {
    "{F}": F64,
    "{I}": I64,
    "{B}": BOOL,
    "{F->I}": f"({F64}) -> {I64}",
    "{I->F}": f"({I64}) -> {F64}",
    "{F?}": f"({F64}, {F64}) -> {BOOL}",
    "{I?}": f"({I64}, {I64}) -> {BOOL}",
}
SIGN = -(1 << 63)
MAGNITUDE = (1 << 63) - 1
INFINITY = 0x7FF0_0000_0000_0000


def tensor_of(type_: Type) -> str:
    """The StableHLO type of one row of this type: f32 is held as f64 (`compile.xla.binary32`), i32 as i64."""
    if type_.is_array:
        return tensor_of(type_.element).replace("<1x", f"<1x{type_.length}x")
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return F64
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return I64
        case Kind.BOOL:
            return BOOL


def expand(body: str, generic: str = "") -> list[str]:
    """The statements of `body` with its type abbreviations written out; `{T}` is `generic`."""
    for short, long in (*_ABBREVIATIONS.items(), ("{T}", generic)):
        body = body.replace(short, long)
    return [line.strip() for line in body.strip().splitlines()]


@dataclass(frozen=True, slots=True)
class Lowering:
    """Statements over `%<operand>` (and `%zero`, the run-time integer 0) that define `%result`."""

    body: str

    @property
    def is_fenced(self) -> bool:
        """Whether the function takes the run-time zero as its last argument."""
        return "%zero" in self.body


def _same(statement: str) -> Lowering:
    return Lowering(f"%result = stablehlo.{statement}")


def _float_compare(direction: str) -> Lowering:
    return _same(f"compare {direction}, %a, %b, FLOAT : {{F?}}")


def _integer_compare(direction: str) -> Lowering:
    return _same(f"compare {direction}, %a, %b, SIGNED : {{I?}}")


def _shift(statement: str) -> Lowering:
    return Lowering(f"""
        %sixty_three = stablehlo.constant dense<63> : {{I}}
        %places = stablehlo.and %n, %sixty_three : {{I}}
        %result = stablehlo.{statement} %a, %places : {{I}}""")


_NEG = _same("negate %x : {F}")
_ABS = _same("abs %x : {F}")
_MIN = Lowering("""
    %smaller = stablehlo.compare LT, %b, %a, FLOAT : {F?}
    %result = stablehlo.select %smaller, %b, %a : {B}, {F}""")
_MAX = Lowering("""
    %larger = stablehlo.compare GT, %b, %a, FLOAT : {F?}
    %result = stablehlo.select %larger, %b, %a : {B}, {F}""")
_RINT = _same("round_nearest_even %x : {F}")
_FLOOR = _same("floor %x : {F}")
_CEIL = _same("ceil %x : {F}")
_TRUNC = Lowering("""
    %bits = stablehlo.bitcast_convert %x : {F->I}
    %none = stablehlo.constant dense<0> : {I}
    %negative = stablehlo.compare LT, %bits, %none, SIGNED : {I?}
    %up = stablehlo.ceil %x : {F}
    %down = stablehlo.floor %x : {F}
    %result = stablehlo.select %negative, %up, %down : {B}, {F}""")
# Out of range the conversion is undefined in LLVM, so it sees 0 there and the saturated value is selected afterwards.
# 0x43E0000000000000 is 2^63: below its pattern lie exactly the magnitudes that fit.
_F64_TO_I64 = Lowering(f"""
    %bits = stablehlo.bitcast_convert %x : {{F->I}}
    %mask = stablehlo.constant dense<{MAGNITUDE}> : {{I}}
    %magnitude = stablehlo.and %bits, %mask : {{I}}
    %limit = stablehlo.constant dense<{0x43E0_0000_0000_0000}> : {{I}}
    %infinity = stablehlo.constant dense<{INFINITY}> : {{I}}
    %none = stablehlo.constant dense<0> : {{I}}
    %least = stablehlo.constant dense<{SIGN}> : {{I}}
    %fits = stablehlo.compare LT, %magnitude, %limit, SIGNED : {{I?}}
    %kept = stablehlo.select %fits, %bits, %none : {{B}}, {{I}}
    %small = stablehlo.bitcast_convert %kept : {{I->F}}
    %converted = stablehlo.convert %small : {{F->I}}
    %negative = stablehlo.compare LT, %bits, %none, SIGNED : {{I?}}
    %saturated = stablehlo.select %negative, %least, %mask : {{B}}, {{I}}
    %is_nan = stablehlo.compare GT, %magnitude, %infinity, SIGNED : {{I?}}
    %outside = stablehlo.select %is_nan, %none, %saturated : {{B}}, {{I}}
    %result = stablehlo.select %fits, %converted, %outside : {{B}}, {{I}}""")


def _flushed(least_normal: int) -> Lowering:
    """In integers, so that no flushing hardware can change it."""
    return Lowering(f"""
        %bits = stablehlo.bitcast_convert %x : {{F->I}}
        %mask = stablehlo.constant dense<{MAGNITUDE}> : {{I}}
        %size = stablehlo.and %bits, %mask : {{I}}
        %least = stablehlo.constant dense<{least_normal}> : {{I}}
        %small = stablehlo.compare LE, %size, %least, SIGNED : {{I?}}
        %sign_bit = stablehlo.constant dense<{SIGN}> : {{I}}
        %sign = stablehlo.and %bits, %sign_bit : {{I}}
        %kept = stablehlo.select %small, %sign, %bits : {{B}}, {{I}}
        %result = stablehlo.bitcast_convert %kept : {{I->F}}""")


TABLE: Mapping[Op, Lowering] = {
    ops.ADD: _same("add %a, %b : {F}"),
    ops.SUB: _same("subtract %a, %b : {F}"),
    ops.MUL: Lowering("""
        %product = stablehlo.multiply %a, %b : {F}
        %bits = stablehlo.bitcast_convert %product : {F->I}
        %same = stablehlo.xor %bits, %zero : {I}
        %result = stablehlo.bitcast_convert %same : {I->F}"""),
    ops.DIV: Lowering("""
        %dividend = stablehlo.optimization_barrier %a : {F}
        %divisor = stablehlo.optimization_barrier %b : {F}
        %result = stablehlo.divide %dividend, %divisor : {F}"""),
    ops.NEG: _NEG,
    ops.ABS: _ABS,
    ops.SQRT: Lowering("""
        %radicand = stablehlo.optimization_barrier %x : {F}
        %result = stablehlo.sqrt %radicand : {F}"""),
    ops.MIN: _MIN,
    ops.MAX: _MAX,
    ops.RINT: _RINT,
    ops.FLOOR: _FLOOR,
    ops.CEIL: _CEIL,
    ops.TRUNC: _TRUNC,
    ops.LT: _float_compare("LT"),
    ops.LE: _float_compare("LE"),
    ops.GT: _float_compare("GT"),
    ops.GE: _float_compare("GE"),
    ops.EQ: _float_compare("EQ"),
    ops.NE: _float_compare("NE"),
    ops.FMA: Lowering(wide.fused_multiply_add()),
    ops.FLUSH: _flushed(1 << 52),
    ops.ADD_F32: Lowering(binary32.arithmetic("add")),
    ops.SUB_F32: Lowering(binary32.arithmetic("subtract")),
    ops.MUL_F32: Lowering(binary32.multiplication()),
    ops.DIV_F32: Lowering(binary32.arithmetic("divide")),
    ops.NEG_F32: _NEG,
    ops.ABS_F32: _ABS,
    ops.SQRT_F32: Lowering(binary32.square_root()),
    ops.FMA_F32: Lowering(binary32.fused_multiply_add()),
    ops.MIN_F32: _MIN,
    ops.MAX_F32: _MAX,
    ops.RINT_F32: _RINT,
    ops.FLOOR_F32: _FLOOR,
    ops.CEIL_F32: _CEIL,
    ops.TRUNC_F32: _TRUNC,
    ops.FLUSH_F32: _flushed(binary32.LEAST_NORMAL),
    ops.LT_F32: _float_compare("LT"),
    ops.LE_F32: _float_compare("LE"),
    ops.GT_F32: _float_compare("GT"),
    ops.GE_F32: _float_compare("GE"),
    ops.EQ_F32: _float_compare("EQ"),
    ops.NE_F32: _float_compare("NE"),
    ops.IADD: _same("add %a, %b : {I}"),
    ops.ISUB: _same("subtract %a, %b : {I}"),
    ops.IMUL: _same("multiply %a, %b : {I}"),
    ops.IDIV: Lowering(division.floor_quotient()),
    ops.IMOD: Lowering(division.floor_remainder()),
    ops.INEG: _same("negate %x : {I}"),
    ops.IABS: Lowering("""
        %none = stablehlo.constant dense<0> : {I}
        %negative = stablehlo.compare LT, %x, %none, SIGNED : {I?}
        %minus = stablehlo.subtract %none, %x : {I}
        %result = stablehlo.select %negative, %minus, %x : {B}, {I}"""),
    ops.IMIN: _same("minimum %a, %b : {I}"),
    ops.IMAX: _same("maximum %a, %b : {I}"),
    ops.IAND: _same("and %a, %b : {I}"),
    ops.IOR: _same("or %a, %b : {I}"),
    ops.IXOR: _same("xor %a, %b : {I}"),
    ops.SHL: _shift("shift_left"),
    ops.SHR: _shift("shift_right_arithmetic"),
    ops.MULTIPLY_HIGH: Lowering(wide.multiply_high()),
    ops.LSHR: _shift("shift_right_logical"),
    ops.ULT: Lowering("""
        %top = stablehlo.constant dense<-9223372036854775808> : {I}
        %left = stablehlo.xor %a, %top : {I}
        %right = stablehlo.xor %b, %top : {I}
        %result = stablehlo.compare LT, %left, %right, SIGNED : {I?}"""),
    ops.CLZ: _same("count_leading_zeros %x : {I}"),
    ops.LOOKUP: Lowering("""
        %last = stablehlo.constant dense<{last}> : {I}
        %place = stablehlo.and %n, %last : {I}
        %index = stablehlo.reshape %place : ({I}) -> tensor<1x1xi64>
        %result = "stablehlo.gather"(%table, %index) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], \
start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1>}> : \
({table}, tensor<1x1xi64>) -> {I}"""),
    ops.ILT: _integer_compare("LT"),
    ops.ILE: _integer_compare("LE"),
    ops.IGT: _integer_compare("GT"),
    ops.IGE: _integer_compare("GE"),
    ops.IEQ: _integer_compare("EQ"),
    ops.INE: _integer_compare("NE"),
    ops.AND: _same("and %a, %b : {B}"),
    ops.OR: _same("or %a, %b : {B}"),
    ops.NOT: _same("not %x : {B}"),
    ops.ENUM_EQ: _integer_compare("EQ"),
    ops.SELECT: _same("select %condition, %a, %b : {B}, {T}"),
    ops.I64_TO_F64: _same("convert %n : {I->F}"),
    ops.F64_TO_I64: _F64_TO_I64,
    ops.F64_TO_F32: Lowering(binary32.from_f64()),
    ops.F32_TO_F64: _same("optimization_barrier %x : {F}"),
    ops.I64_TO_F32: Lowering(binary32.from_integer()),
    ops.F32_TO_I64: _F64_TO_I64,
    ops.I64_TO_I32: Lowering("""
        %half = stablehlo.constant dense<32> : {I}
        %low = stablehlo.shift_left %n, %half : {I}
        %result = stablehlo.shift_right_arithmetic %low, %half : {I}"""),
    ops.I32_TO_I64: _same("optimization_barrier %n : {I}"),
    ops.BOOL_TO_I64: _same("convert %x : (tensor<1xi1>) -> {I}"),
    ops.ENUM_TO_I64: _same("optimization_barrier %x : {I}"),
    ops.F64_BITS: Lowering(f"""
        %bits = stablehlo.bitcast_convert %x : {{F->I}}
        %mask = stablehlo.constant dense<{MAGNITUDE}> : {{I}}
        %magnitude = stablehlo.and %bits, %mask : {{I}}
        %infinity = stablehlo.constant dense<{INFINITY}> : {{I}}
        %is_nan = stablehlo.compare GT, %magnitude, %infinity, SIGNED : {{I?}}
        %nan = stablehlo.constant dense<{CANONICAL_NAN}> : {{I}}
        %result = stablehlo.select %is_nan, %nan, %bits : {{B}}, {{I}}"""),
    ops.BITS_F64: _same("bitcast_convert %n : {I->F}"),
    ops.F32_BITS: Lowering(binary32.bits_of()),
    ops.BITS_F32: Lowering(binary32.of_bits()),
    ops.GET: Lowering(arrays.GET),
    ops.PUT: Lowering(arrays.PUT),
    ops.ROTATE: Lowering(arrays.ROTATE),
    ops.SPREAD: Lowering(arrays.SPREAD),
    ops.INDEXES: Lowering(arrays.INDEXES),
    ops.FOLD_ADD: Lowering(arrays.FOLD_ADD),
    ops.FOLD_NUMPY: Lowering(arrays.FOLD_NUMPY),
    ops.FOLD_ADD_F32: Lowering(arrays.FOLD_ADD_F32),
    ops.FOLD_NUMPY_F32: Lowering(arrays.FOLD_NUMPY_F32),
    ops.FOLD_IADD: Lowering(arrays.FOLD_IADD),
    ops.FOLD_IMIN: Lowering(arrays.FOLD_IMIN),
    ops.FOLD_IMAX: Lowering(arrays.FOLD_IMAX),
    ops.FOLD_MIN: Lowering(arrays.FOLD_MIN),
    ops.FOLD_MAX: Lowering(arrays.FOLD_MAX),
    ops.AS_UNIT: _same("optimization_barrier %x : {T}"),
}


def function_of(op: Op, result: Type, takes: Sequence[Type]) -> str:
    """What the function of `op` is called; ops of any type have a function for each, and so have arrays. `takes` are the
    operands' types."""
    if op is ops.SPREAD:
        name, like = arrays.name_of(op, tensor_of(result)), tensor_of(takes[1].element)
        return (
            name
            if like == tensor_of(result.element)
            else f"{name}_like_{like.removeprefix('tensor<1x').removesuffix('>')}"
        )
    if op in ops.ON_ARRAYS:
        return arrays.name_of(op, tensor_of(takes[0]))
    if op.table:
        name = f"{op.row.name}_{len(op.table)}"
    else:
        name = f"{op.name}_{tensor_of(result.element)[9:-1]}" if _is_generic(op) else op.name
    return f"{name}_{swept_name(takes)}" if result.is_array else name


def function_text(op: Op, result: Type, takes: Sequence[Type]) -> list[str]:
    """The lines that define the function of `op` whose result has type `result`, and whose operands have the types `takes`."""
    lowering, first = TABLE[op.row], result if op is ops.SPREAD else takes[0]
    if op in ops.ON_ARRAYS:
        lowering = Lowering(arrays.sized(lowering.body, first, tensor_of(first), tensor_of(first.element)))
    generic = tensor_of(result.element) if _is_generic(op) else ""
    gives = tensor_of(result)
    parameters = dict(zip(op.operands, map(tensor_of, takes), strict=True))
    if lowering.is_fenced:
        parameters["zero"] = I64
    if op.table:
        parameters["table"] = table_tensor(op)
        words = {"{last}": str(len(op.table) - 1), "{table}": table_tensor(op)}
        lowering = Lowering(_replaced(lowering.body, words))
    body = expand(lowering.body, generic)
    if result.is_array and op not in ops.ON_ARRAYS:
        assert result.length is not None
        parameters, body = swept(parameters, body, result.length)
    return [
        f"func.func private @{function_of(op, result, takes)}({', '.join(f'%{n}: {t}' for n, t in parameters.items())}) -> {gives} {{",
        *(f"  {line}" for line in body),
        f"  %exact = stablehlo.optimization_barrier %result : {gives}",
        f"  return %exact : {gives}",
        "}",
    ]


def table_tensor(op: Op) -> str:
    """The StableHLO type of a lookup's table, one for all rows."""
    return f"tensor<{len(op.table)}xi64>"


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for short, long in words.items():
        text = text.replace(short, long)
    return text


def swept_name(takes: Sequence[Type]) -> str:
    """`12x_as`: over arrays of 12, the first operand an array, the second a single value."""
    length = next(each.length for each in takes if each.is_array)
    return f"{length}x_{''.join('a' if each.is_array else 's' for each in takes)}"


def swept(parameters: Mapping[str, str], body: Sequence[str], length: int) -> tuple[dict[str, str], list[str]]:
    """A function of single values made one of arrays, element by element: its parameters and its lines. Single values that it is
    given beside arrays stand for as many equal ones."""
    taken: dict[str, str] = {}
    lines: list[str] = []
    for name, tensor in parameters.items():
        if tensor.count("x") > 1 or not tensor.startswith("tensor<1x"):
            taken[name] = tensor
        else:
            taken[f"{name}.one"] = tensor
            wide = tensor.replace("<1x", f"<1x{length}x")
            lines.append(f"%{name} = stablehlo.broadcast_in_dim %{name}.one, dims = [0] : ({tensor}) -> {wide}")
    # The places in a table are then one for each element.
    wider = {"tensor<1x": f"tensor<1x{length}x", "index_vector_dim = 1>": "index_vector_dim = 2>"}
    return taken, [*lines, *(_replaced(line, wider) for line in body)]


def _is_generic(op: Op) -> bool:
    return isinstance(op.gives, AnyType)
