"""Mistakes inside an operator: an edit of what a backend emits for it, and the ops that it spoils."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from compile.backend import Files
from dag.operators import table as ops
from dag.operators.op import Op
from tests.support.mutants import Mutant


@dataclass(frozen=True, slots=True)
class OperatorEdit:
    """In `backend`, every match of `pattern` in the files called so becomes `replacement`; `ops` are to be found wrong."""

    backend: str
    file: str
    pattern: str
    replacement: str | Callable[[re.Match[str]], str]
    ops: tuple[Op, ...]

    @property
    def mutant(self) -> Mutant:
        """The edit of files."""
        return Mutant(self.backend, self.file, self.pattern, self.replacement)

    def edited(self, files: Files) -> Files:
        """The files with the mistake. Raises AssertionError where the pattern is nowhere: the mutant would be healthy."""
        edited = self.mutant.edited(files)
        assert edited != files, f"{self.pattern} is in none of the files"
        return edited


def _python(pattern: str, replacement: str, *spoiled: Op) -> OperatorEdit:
    return OperatorEdit("interpreter", r"interpreter\.py", pattern, replacement, spoiled)


def _xla(pattern: str, replacement: str, *spoiled: Op) -> OperatorEdit:
    return OperatorEdit("xla", r"kernel\.stablehlo", pattern, replacement, spoiled)


def _row(pattern: str, replacement: str, *spoiled: Op) -> OperatorEdit:
    return OperatorEdit("c", r"kernel\.c", pattern, replacement, spoiled)


def _batch(pattern: str, replacement: str, *spoiled: Op) -> OperatorEdit:
    return OperatorEdit("c_batch", r"batch\.c", pattern, replacement, spoiled)


def _core(file: str, pattern: str, replacement: str, *spoiled: Op) -> OperatorEdit:
    return OperatorEdit("rtl", re.escape(f"{file}.v"), pattern, replacement, spoiled)


_TO_I64 = r"(static inline int64_t dagc_f64_to_i64\(double x\)\n\{.*?return )"
OPERATOR_EDITS: dict[str, OperatorEdit] = {
    # the interpreter
    "python: min exchanges its operands": _python(r"= (\w+) if \1 < (\w+) else \2\b", r"= \2 if \2 < \1 else \1", ops.MIN),
    "python: max takes b where both are equal": _python(r"= (\w+) if \1 > (\w+)", r"= \1 if \1 >= \2", ops.MAX),
    "python: shifts by too few bits": _python(r"& 63\)", "& 31)", ops.SHR),
    "python: rint loses the sign of a zero": _python(r"math\.copysign\(float\(round\(x\)\), x\)", "float(round(x))", ops.RINT),
    "python: rint takes ties away from zero": _python(
        r"float\(round\(x\)\)", "float(math.floor(abs(x) + 0.5))", ops.RINT
    ),
    "python: floor loses the sign of a zero": _python(
        r"math\.copysign\(float\(math\.floor\(x\)\), x\)", "float(math.floor(x))", ops.FLOOR
    ),
    "python: ceil loses the sign of a zero": _python(
        r"math\.copysign\(float\(math\.ceil\(x\)\), x\)", "float(math.ceil(x))", ops.CEIL
    ),
    "python: trunc is floor": _python(r"math\.trunc\(x\)", "math.floor(x)", ops.TRUNC),
    "python: int saturates to the other end": _python(r"return I64_MAX", "return I64_MIN", ops.F64_TO_I64),
    "python: int of NaN is not 0": _python(r"(if x != x:\n\s+return )0", r"\1I64_MIN", ops.F64_TO_I64),
    "python: a quotient by minus zero has the wrong sign": _python(
        r" \* math\.copysign\(1\.0, b\)", "", ops.DIV
    ),
    "python: the root of minus zero is NaN": _python(
        r"x >= 0\.0 else \(x if x == 0\.0 else math\.nan\)", "x > 0.0 else 0.0 if x == 0.0 else math.nan", ops.SQRT
    ),
    "python: fma rounds twice": _python(r"exact = _exact_fma\(a, b, c\)\n", "return a * b + c\n", ops.FMA),
    "python: fma in binary32 rounds twice": _python(r"round_f32\(_to_odd\(exact\)\)", "round_f32(float(exact))", ops.FMA_F32),
    "python: an integer to binary32 rounds twice": _python(
        r"round_f32\(_to_odd\(Fraction\(n\)\)\)", "round_f32(float(n))", ops.I64_TO_F32
    ),
    "python: // is of floats": _python(r"wrap_i64\(a // b\)", "wrap_i64(int(a / b))", ops.IDIV),
    "python: % has the sign of a": _python(r"a % b if b else 0", "(abs(a) % abs(b)) * (1 if a > 0 else -1) if b else 0", ops.IMOD),
    "python: flush keeps the least normal number": _python(r"<= LEAST_NORMAL_F64", "< LEAST_NORMAL_F64", ops.FLUSH),
    "python: flush loses the sign": _python(r"math\.copysign\(0\.0, x\) if abs", "0.0 if abs", ops.FLUSH),
    # not rounding at all is no mistake of one op: a binary32 column rounds whatever is put into it
    "python: a binary32 sum loses the sign of a zero": _python(
        r"= round_f32\((\w+) \+ (\w+)\)", r"= round_f32(\1 + \2 + 0.0)", ops.ADD_F32
    ),
    "python: integers do not wrap": _python(r"= wrap_i64\((\w+) \+ (\w+)\)", r"= min(\1 + \2, (1 << 63) - 1)", ops.IADD),
    "python: a wide product is signed": _python(
        r"\(a & MASK\) \* \(b & MASK\) >> 64", "a * b >> 64", ops.MULTIPLY_HIGH
    ),
    "python: a shift with zeros shifts in the sign": _python(r"\(a & MASK\) >> \(n & 63\)", "a >> (n & 63)", ops.LSHR),
    "python: an unsigned order is signed": _python(r"\(a & MASK\) < \(b & MASK\)", "a < b", ops.ULT),
    "python: no zeros lead a negative number but its magnitude": _python(r"\(x & MASK\)\.bit", "abs(x).bit", ops.CLZ),
    "python: the last place of a table is out of reach": _python(r"n & \(len\(table\) - 1\)", "n % (len(table) - 1)", ops.LOOKUP),
    # XLA
    "xla: a minimum is the native one": _xla(
        r"= stablehlo\.select %smaller, %b, %a : \S+, (\S+)", r"= stablehlo.minimum %a, %b : \1", ops.MIN
    ),
    "xla: max takes b where both are equal": _xla(r"(%larger = stablehlo\.compare) GT,", r"\1 GE,", ops.MAX),
    "xla: rint takes ties away from zero": _xla("round_nearest_even", "round_nearest_afz", ops.RINT),
    "xla: int saturates to nothing": _xla(r"select %fits, %converted, %outside", "select %fits, %converted, %none", ops.F64_TO_I64),
    "xla: int of NaN is not 0": _xla(r"select %is_nan, %none, %saturated", "select %is_nan, %least, %saturated", ops.F64_TO_I64),
    "xla: the bits of NaN are those it has": _xla(r"select %is_nan, %nan, %bits", "select %is_nan, %bits, %bits", ops.F64_BITS),
    "xla: -x is 0 - x": _xla(
        r"%result = stablehlo\.negate %x : (tensor<\w+>)",
        r"%nought = stablehlo.constant dense<0.0> : \1\n    %result = stablehlo.subtract %nought, %x : \1",
        ops.NEG,
    ),
    "xla: a product is fenced into nothing": _xla(r"stablehlo\.xor %bits, %zero", "stablehlo.and %bits, %zero", ops.MUL),
    "xla: the root is of the cube": _xla(r"stablehlo\.sqrt %radicand", "stablehlo.cbrt %radicand", ops.SQRT),
    "xla: floor is ceil": _xla(r"stablehlo\.floor %x", "stablehlo.ceil %x", ops.FLOOR),
    "xla: trunc rounds away from zero": _xla(r"select %negative, %up, %down", "select %negative, %down, %up", ops.TRUNC),
    "xla: <= is <": _xla(r"compare LE, %a, %b", "compare LT, %a, %b", ops.LE),
    "xla: != is false for NaN": _xla(
        r"%result = stablehlo\.compare NE, %a, %b, FLOAT : (.*?)\n",
        r"%l = stablehlo.compare LT, %a, %b, FLOAT : \1\n    %g = stablehlo.compare GT, %a, %b, FLOAT : \1\n"
        r"    %result = stablehlo.or %l, %g : tensor<1xi1>\n",
        ops.NE,
    ),
    "xla: shifts by too few bits": _xla(r"dense<63>", "dense<31>", ops.SHL),
    "xla: shifts in zeros": _xla("shift_right_arithmetic %a", "shift_right_logical %a", ops.SHR),
    "xla: the low half is not sign extended": _xla("shift_right_arithmetic %low", "shift_right_logical %low", ops.I64_TO_I32),
    "xla: flush keeps the least normal number": _xla(r"(%small = stablehlo\.compare) LE", r"\1 LT", ops.FLUSH),
    "xla: flush loses the sign": _xla(r"select %small, %sign, %bits", "select %small, %least, %bits", ops.FLUSH),
    "xla: the larger integer is the smaller": _xla(r"stablehlo\.maximum %a, %b", "stablehlo.minimum %a, %b", ops.IMAX),
    "xla: |n| of the least integer saturates": _xla(r"select %negative, %minus, %x", "select %negative, %x, %x", ops.IABS),
    "xla: a wide product forgets a carry": _xla(r"(%t39 = stablehlo\.)add", r"\1or", ops.MULTIPLY_HIGH),
    "xla: a shift with zeros shifts in the sign": _xla("shift_right_logical %a", "shift_right_arithmetic %a", ops.LSHR),
    "xla: an unsigned order is signed": _xla(r"stablehlo\.xor %a, %top", "stablehlo.or %a, %a", ops.ULT),
    "xla: the zeros are the ones": _xla("count_leading_zeros", "popcnt", ops.CLZ),
    "xla: a table is half as long": _xla(r"%last = stablehlo\.constant dense<7>", "%last = stablehlo.constant dense<3>", ops.LOOKUP),
    # C, a row
    "c: min exchanges its operands": _row(r"= (\w+) < (\w+) \? \1 : \2;", r"= \2 < \1 ? \2 : \1;", ops.MIN),
    "c: a quotient is a product with the reciprocal": _row(r"= (\w+) / (\w+);", r"= \1 * (1.0 / \2);", ops.DIV),
    "c: rint takes ties away from zero": _row(
        r"\(size \+ 0x1p\+52\) - 0x1p\+52", "(double)(int64_t)(size + 0.5)", ops.RINT
    ),
    "c: rint rounds what has no fraction": _row(r"size < 0x1p\+52", "size < 0x1p+54", ops.RINT),
    "c: rint loses the sign of a zero": _row(
        r"return dagc_signed_like\(dagc_nearest\(x\), x\);", "return x < 0 ? -dagc_nearest(x) : dagc_nearest(x);", ops.RINT
    ),
    "c: trunc is rint": _row(r"near > dagc_abs\(x\) \? near - 1\.0 : near", "near", ops.TRUNC),
    "c: floor goes down from whole numbers": _row(r"near > x \? near - 1\.0", "near >= x ? near - 1.0", ops.FLOOR),
    "c: ceil is rint": _row(r"near < x \? near \+ 1\.0 : near", "near", ops.CEIL),
    "c: |x| is by comparing": _row(
        r"return dagc_bits_f64\(dagc_word_of\(x\) & INT64_MAX\);", "return x < 0 ? -x : x;", ops.ABS
    ),
    "c: int saturates as the processor does": _row("return INT64_MAX;", "return INT64_MIN;", ops.F64_TO_I64),
    "c: int of NaN is not 0": _row(r"x == x \? \(int64_t\)x : 0", "x == x ? (int64_t)x : INT64_MIN", ops.F64_TO_I64),
    "c: shifts in zeros": _row(
        r"return a < 0 \? ~\(~a >> \(n & 63\)\)", "return a < 0 ? (int64_t)((uint64_t)a >> (n & 63))", ops.SHR
    ),
    "c: // rounds toward zero": _row(r"a / b - \(a % b != 0 && \(a < 0\) != \(b < 0\)\)", "a / b", ops.IDIV),
    "c: % has the sign of a": _row(r"a % b \+ \(a % b != 0 && \(a < 0\) != \(b < 0\) \? b : 0\)", "a % b", ops.IMOD),
    "c: flush keeps the least normal number": _row(r"dagc_abs\(x\) <= least", "dagc_abs(x) < least", ops.FLUSH),
    "c: the bits of NaN are those it has": _row(r"x == x \? dagc_word_of\(x\) : INT64_C\(0x7ff8000000000000\)", "dagc_word_of(x)", ops.F64_BITS),
    "c: fma rounds twice": _row(
        r"(static inline double dagc_fma\(double a, double b, double c\)\n\{)", r"\1\n    if (c - c == 0) return a * b + c;", ops.FMA
    ),
    "c: fma forgets what it shifted out": _row(r"shifted\.low \|= lost != 0;", "", ops.FMA),
    "c: fma rounds ties up": _row(
        r"\(kept\.low == half && \(kept\.high & 1\) != 0\)", "kept.low == half", ops.FMA
    ),
    "c: a wide product is signed": _row(
        r"unsigned __int128 dagc_both;\n    return \(int64_t\)\(uint64_t\)\(\(dagc_both\)\(uint64_t\)a \* \(uint64_t\)b",
        "__int128 dagc_both;\n    return (int64_t)(uint64_t)((dagc_both)a * b", ops.MULTIPLY_HIGH
    ),
    "c: a shift with zeros shifts in the sign": _row(r"return \(int64_t\)\(\(uint64_t\)a >> \(n & 63\)\);", "return a >> (n & 63);", ops.LSHR),
    "c: an unsigned order is signed": _row(r"return \(uint64_t\)a < \(uint64_t\)b;", "return a < b;", ops.ULT),
    "c: no zeros lead zero": _row(r"x == 0 \? 64 : ", "x == 0 ? 63 : ", ops.CLZ),
    "c: a table is half as long": _row(r"\(uint64_t\)i & \(n - 1\)", "(uint64_t)i & (n / 2 - 1)", ops.LOOKUP),
    # C, vectors
    "vectors: |x| keeps the sign of a zero": _batch(
        r"return \(dagc_f64s\)\(\(dagc_i64s\)x & INT64_MAX\);", "return (dagc_f64s)((dagc_i64s)x & ~((x < 0) & INT64_MIN));", ops.ABS
    ),
    # Whether the processor has the instruction or the helper does without: the operand is another.
    "vectors: rint rounds ties up": _batch(r"(dagc_rint\(dagc_f64s x\)\n\{\n)", r"\1    x = x + x * 0x1p-51;\n", ops.RINT),
    "vectors: trunc is rint": _batch(
        r"(dagc_trunc\(dagc_f64s x\)\n\{\n)", r"\1    x = x + dagc_signed_like((dagc_f64s){0} + 0.5, x);\n", ops.TRUNC
    ),
    "vectors: floor goes down from whole numbers": _batch(
        r"(dagc_floor\(dagc_f64s x\)\n\{\n)", r"\1    x = x - 0x1p-40;\n", ops.FLOOR
    ),
    "vectors: ceil is rint": _batch(r"(dagc_ceil\(dagc_f64s x\)\n\{\n)", r"\1    x = x - 0.5;\n", ops.CEIL),
    "vectors: min drops a NaN": _batch(
        r"(dagc_min\(dagc_f64s a, dagc_f64s b\)\n\{\n)", r"\1    a = dagc_select_f64(a == a, a, b);\n", ops.MIN
    ),
    "vectors: the greater of two zeros is the second": _batch(
        r"(dagc_max\(dagc_f64s a, dagc_f64s b\)\n\{\n)", r"\1    a = dagc_select_f64(a == b, b, a);\n", ops.MAX
    ),
    "vectors: flush keeps the least normal number": _batch(r"dagc_abs\(x\) <= least", "dagc_abs(x) < least", ops.FLUSH),
    "vectors: flush loses the sign": _batch(r"dagc_signed_like\(\(dagc_f64s\)\{0\}, x\)", "(dagc_f64s){0}", ops.FLUSH),
    "vectors: the bits of NaN are those it has": _batch(
        r"return \(number & \(dagc_i64s\)x\) \|[^\n]*;", "(void)number; return (dagc_i64s)x;", ops.F64_BITS
    ),
    "vectors: binary32 is not rounded": _batch(
        r"(dagc_round_f32\(dagc_f64s x\)\n\{\n    return )[^;]*;", r"\1x;", ops.ADD_F32, ops.F64_TO_F32
    ),
    "vectors: integers above the range become the least": _batch(r"\(above & INT64_MAX\)", "(above & INT64_MIN)", ops.F64_TO_I64),
    "vectors: int of NaN is not 0": _batch(r"= \(x == x\) & ~above & ~below;", "= ~above & ~below;", ops.F64_TO_I64),
    "vectors: shifts by too few bits": _batch(r"n & 63\)", "n & 31)", ops.SHR, ops.SHL),
    "vectors: the low half is not sign extended": _batch(
        r"\(dagc_i64s\)\(\(dagc_u64s\)n << 32\) >> 32", "(dagc_i64s)(((dagc_u64s)n << 32) >> 32)", ops.I64_TO_I32
    ),
    "vectors: // rounds toward zero": _batch(r"a / b - \(a % b != 0 && \(a < 0\) != \(b < 0\)\)", "a / b", ops.IDIV),
    "vectors: fma forgets what it shifted out": _batch(r"shifted\.low \|= lost != 0;", "", ops.FMA),
    "vectors: a wide product forgets a carry": _batch(r" \+ \(low >> 32\);", ";", ops.MULTIPLY_HIGH),
    "vectors: a shift with zeros shifts in the sign": _batch(
        r"return \(dagc_i64s\)\(\(dagc_u64s\)a >> \(\(dagc_u64s\)n & 63\)\);", "return a >> (n & 63);", ops.LSHR
    ),
    "vectors: an unsigned order is signed": _batch(r"return \(dagc_u64s\)a < \(dagc_u64s\)b;", "return a < b;", ops.ULT),
    "vectors: no zeros lead zero": _batch(r"\(x == 0\) & 1;", "x & 0;", ops.CLZ),
    "vectors: a table is half as long": _batch(r"i & \(int64_t\)\(n - 1\)", "i & (int64_t)(n / 2 - 1)", ops.LOOKUP),
    # Verilog
    "core: rounds ties away": _core("round_to_even", r"\(sticky \|\| odd\)", "(sticky || odd || guard)", ops.ADD),
    "core: forgets the sticky bit": _core("round_to_even", r"\(sticky \|\| odd\)", "(sticky & 1'b0 || odd)", ops.MUL),
    "core: flushes subnormals": _core(
        "round_to_even", r": \{sign, rounded\};", ": {sign, leading ? rounded : {(EXP + FRAC) {1'b0}}};", ops.MUL
    ),
    "core: overflows one binade early": _core(
        "round_to_even", r"exponent >= \{1'b0, ALL_ONES\}", "exponent >= {1'b0, ALL_ONES} - 1", ops.ADD
    ),
    "core: saturates as a processor does": _core(
        "f_to_i", r"\{sign_1, \{\(INT - 1\) \{!sign_1\}\}\}", "{1'b1, {(INT - 1) {1'b0}}}", ops.F64_TO_I64
    ),
    "core: int of NaN is not 0": _core("f_to_i", r"wire none = nan \|\|", "wire none = nan && 1'b0 ||", ops.F64_TO_I64),
    "core: min takes b where both are equal": _core("f_choose", r"\.LESS\(!LARGER\)", ".EQUAL(1), .LESS(!LARGER)", ops.MIN),
    "core: minus zero is below zero": _core("f_compare", r"zeros_0 \|\| ", "(zeros_0 & 1'b0) || ", ops.LT),
    "core: NaN is compared": _core("f_compare", r"unordered_0 \? UNORDERED : ", "unordered_0 && 1'b0 ? UNORDERED : ", ops.LE),
    "core: negative numbers are in the order of their bits": _core(
        "f_compare", r"a_negative_0 \? !below_0 : below_0", "below_0", ops.GT
    ),
    "core: rint takes ties up": _core("f_round", r"half && \(rest \|\| odd\)", "half && (rest || odd || half)", ops.RINT),
    "core: floor is trunc": _core("f_round", r"x_0\[WIDTH-1\] && \(half", "1'b0 && (half", ops.FLOOR),
    "core: ceil goes up below zero too": _core("f_round", r"!x_0\[WIDTH-1\] && \(half", "(half", ops.CEIL),
    "core: a difference of infinities is one": _core("f_add", r"\|\| opposite_0\)\)\)", "))) ", ops.SUB),
    "core: a subnormal is aligned one place off": _core("f_add", r"!FLUSH && big_normal && !small_normal", "1'b0", ops.ADD),
    "core: an integer is rounded without its last bits": _core(
        "i_to_f", r"\|normal_3\[INT-FRAC-3:0\]", "&normal_3[INT-FRAC-3:0]", ops.I64_TO_F64
    ),
    "core: widening keeps a subnormal's exponent": _core(
        "f_widen", r"REBIAS - \{\{\(EXP - ZEROS\) \{1'b0\}\}, zeros_0\}", "REBIAS", ops.F32_TO_F64
    ),
    "core: a wide product forgets a carry": _core("i_mul_high", r"middle_1 \+ ", "middle_1 | ", ops.MULTIPLY_HIGH),
    "core: no zeros lead zero": _core("i_clz", r"none \? ALL : ", "none && 1'b0 ? ALL : ", ops.CLZ),
    "core: the words of a table are in the other order": _core("i_lookup", r"\{place, 6'd0\}", "{~place, 6'd0}", ops.LOOKUP),
}  # fmt: skip
