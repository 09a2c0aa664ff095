"""The functions a lane may call that are not lanes: Python's own, `math`'s, numpy's and dagc's. One row each."""

from __future__ import annotations

import ast
import itertools
import math

import numpy as np

from dag.language import intrinsics, vector
from dag.numbers.functions import copysign
from dag.operators import table as ops
from dag.operators.table import (
    ABS,
    ADD,
    CEIL,
    EQ,
    F64_BITS,
    F64_TO_I64,
    FLOOR,
    IADD,
    IMAX,
    IMIN,
    LE,
    MAX,
    MIN,
    RINT,
    SQRT,
    TRUNC,
)
from dag.trace import axes
from dag.trace.builtins import numpy_words
from dag.trace.builtins.arithmetic import (
    as_operator,
    compared_magnitude,
    floor_quotient,
    fused,
    ieee_quotient,
    is_nan,
    looked_up,
    magnitude,
    of_math,
    of_numpy,
    on_words,
    with_sign_of,
    wrapping,
)
from dag.trace.builtins.conversions import (
    as_bool,
    as_float,
    as_float32,
    as_int,
    as_int32,
    as_unit,
    convert_text,
    from_bits,
    rounded,
)
from dag.trace.builtins.handlers import Handler, folds, of_one_float, rounding
from dag.trace.builtins.iterables import as_tuple, backwards, counted, length_of, numbered, zipped
from dag.trace.builtins.many import Fold, extreme, quantified, summed
from dag.trace.operators.applying import ARITHMETIC
from dag.trace.operators.comparisons import both, either
from dag.trace.states import arrays, windows
from dag.values.binary32 import float32, int32
from dag.values.domain import F32_MAX, F64_MAX
from dag.values.types import F32, F64

#: function -> (fewest arguments, most arguments, what it does). Only what stands here, lanes and plain functions can be called.
FUNCTIONS: dict[object, tuple[int, int, Handler]] = {
    min: (1, 99, extreme(min, MIN, IMIN)),
    max: (1, 99, extreme(max, MAX, IMAX)),
    abs: (1, 1, folds(abs, magnitude)),
    round: (1, 2, folds(round, rounded)),
    int: (1, 1, folds(int, as_int)),
    float: (1, 1, convert_text(float, folds(float, as_float))),
    bool: (1, 1, folds(bool, as_bool)),
    len: (1, 1, length_of),
    sum: (1, 2, summed),
    any: (1, 1, quantified("any", either, False)),
    all: (1, 1, quantified("all", both, True)),
    divmod: (2, 2, floor_quotient),
    range: (1, 3, counted),
    zip: (1, 99, zipped),
    enumerate: (1, 2, numbered),
    reversed: (1, 1, backwards),
    tuple: (0, 1, as_tuple),
    math.sqrt: (1, 1, of_math("sqrt", rounding("sqrt", math.sqrt, SQRT))),
    math.copysign: (2, 2, folds(copysign, with_sign_of)),
    math.fabs: (1, 1, of_math("fabs", rounding("fabs", math.fabs, ABS))),
    math.floor: (1, 1, rounding("floor", math.floor, FLOOR, F64_TO_I64)),
    math.ceil: (1, 1, rounding("ceil", math.ceil, CEIL, F64_TO_I64)),
    math.trunc: (1, 1, rounding("trunc", math.trunc, F64_TO_I64)),
    math.isnan: (1, 1, folds(math.isnan, is_nan)),
    math.isfinite: (1, 1, folds(math.isfinite, compared_magnitude("isfinite", LE, {F64: F64_MAX, F32: F32_MAX}))),
    math.isinf: (1, 1, folds(math.isinf, compared_magnitude("isinf", EQ, {F64: math.inf, F32: math.inf}))),
    np.sqrt: (1, 1, rounding("sqrt", intrinsics.sqrt, SQRT)),
    np.isfinite: (1, 1, folds(math.isfinite, compared_magnitude("isfinite", LE, {F64: F64_MAX, F32: F32_MAX}))),
    np.isinf: (1, 1, folds(math.isinf, compared_magnitude("isinf", EQ, {F64: math.inf, F32: math.inf}))),
    np.copysign: (2, 2, folds(copysign, with_sign_of)),
    np.maximum: (2, 2, of_numpy(np.maximum, numpy_words.extreme("np.maximum", ops.GT, IMAX))),
    np.minimum: (2, 2, of_numpy(np.minimum, numpy_words.extreme("np.minimum", ops.LT, IMIN))),
    np.clip: (3, 3, of_numpy(np.clip, numpy_words.clip)),
    np.where: (3, 3, of_numpy(np.where, numpy_words.where)),
    np.sign: (1, 1, of_numpy(np.sign, numpy_words.sign)),
    np.square: (1, 1, of_numpy(np.square, numpy_words.square)),
    np.abs: (1, 1, folds(abs, magnitude)),
    np.rint: (1, 1, rounding("rint", intrinsics.rint, RINT)),
    np.floor: (1, 1, rounding("floor", intrinsics.floor, FLOOR)),
    np.ceil: (1, 1, rounding("ceil", intrinsics.ceil, CEIL)),
    np.trunc: (1, 1, rounding("trunc", intrinsics.trunc, TRUNC)),
    np.isnan: (1, 1, folds(math.isnan, is_nan)),
    intrinsics.sqrt: (1, 1, rounding("sqrt", intrinsics.sqrt, SQRT)),
    intrinsics.rint: (1, 1, rounding("rint", intrinsics.rint, RINT)),
    intrinsics.floor: (1, 1, rounding("floor", intrinsics.floor, FLOOR)),
    intrinsics.ceil: (1, 1, rounding("ceil", intrinsics.ceil, CEIL)),
    intrinsics.trunc: (1, 1, rounding("trunc", intrinsics.trunc, TRUNC)),
    intrinsics.wrapping_add: (2, 2, folds(intrinsics.wrapping_add, wrapping(ast.Add()))),
    intrinsics.wrapping_sub: (2, 2, folds(intrinsics.wrapping_sub, wrapping(ast.Sub()))),
    intrinsics.wrapping_mul: (2, 2, folds(intrinsics.wrapping_mul, wrapping(ast.Mult()))),
    intrinsics.multiply_high: (2, 2, on_words("multiply_high", intrinsics.multiply_high, ops.MULTIPLY_HIGH)),
    intrinsics.logical_shift_right: (2, 2, on_words("logical_shift_right", intrinsics.logical_shift_right, ops.LSHR)),
    intrinsics.unsigned_less: (2, 2, on_words("unsigned_less", intrinsics.unsigned_less, ops.ULT)),
    intrinsics.leading_zeros: (1, 1, on_words("leading_zeros", intrinsics.leading_zeros, ops.CLZ)),
    intrinsics.lookup: (2, 2, looked_up),
    intrinsics.wrapping_shl: (2, 2, folds(intrinsics.wrapping_shl, wrapping(ast.LShift()))),
    intrinsics.ieee_div: (2, 2, folds(intrinsics.ieee_div, ieee_quotient)),
    intrinsics.fma: (3, 3, folds(intrinsics.fma, fused)),
    intrinsics.sum_seq: (1, 2, Fold("sum_seq", intrinsics.sum_seq, ops.FOLD_ADD, ops.FOLD_IADD, ADD, IADD)),
    intrinsics.min_seq: (1, 2, Fold("min_seq", intrinsics.min_seq, ops.FOLD_MIN, ops.FOLD_IMIN, MIN, IMIN, True)),
    intrinsics.max_seq: (1, 2, Fold("max_seq", intrinsics.max_seq, ops.FOLD_MAX, ops.FOLD_IMAX, MAX, IMAX, True)),
    intrinsics.sum_numpy: (1, 2, Fold("sum_numpy", intrinsics.sum_numpy, ops.FOLD_NUMPY)),
    intrinsics.sum_pairwise: (1, 1, Fold("sum_pairwise", intrinsics.sum_pairwise, ops.FOLD_ADD, None, ADD, IADD)),
    itertools.pairwise: (1, 1, windows.paired),
    float32: (1, 1, as_float32),
    int32: (1, 1, folds(int32, as_int32)),
    intrinsics.float_bits: (1, 1, folds(intrinsics.float_bits, of_one_float("float_bits", F64_BITS))),
    intrinsics.bits_float: (1, 1, folds(intrinsics.bits_float, from_bits)),
    intrinsics.as_unit: (2, 2, as_unit),
    vector.like: (2, 2, axes.alike),
    vector.members_in: (1, 1, axes.enum_along),
    intrinsics.array: (2, 2, arrays.filled),
    intrinsics.put: (3, 3, arrays.put),
    **{python: (2, 2, as_operator(op())) for op, (_, python, _, _) in ARITHMETIC.items()},
}

#: The functions that take a value along an axis as a whole.
OF_AXES: frozenset[object] = frozenset(
    (abs, np.abs, min, max, any, all, len, zip, enumerate, vector.like, vector.members_in, intrinsics.sum_seq, intrinsics.min_seq, intrinsics.max_seq,
     intrinsics.sum_pairwise, intrinsics.sum_numpy)
)  # fmt: skip
