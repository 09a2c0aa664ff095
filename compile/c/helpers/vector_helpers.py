"""The C helpers that `batch.c` may call: GCC and Clang vector extensions, lane for lane what `row_helpers` does to one row."""

from __future__ import annotations

from compile.c.helpers.scalar_helpers import SCALAR_HELPERS
from compile.c.helpers.vector_array_helpers import ARRAY_HELPERS
from compile.c.helpers.vector_word_helpers import WORD_HELPERS

#: name -> definition; a definition calls only helpers above it. `batch.c` carries the ones it uses and no others.
VECTOR_HELPERS: dict[str, str] = {
    **SCALAR_HELPERS,
    "dagc_all_f64": """\
/* x in every lane. Not x + 0: that would lose the sign of -0.0. */
DAGC_INLINE dagc_f64s dagc_all_f64(double x)
{
    return x - (dagc_f64s){0};
}
""",
    "dagc_all_i64": """\
/* n in every lane. */
DAGC_INLINE dagc_i64s dagc_all_i64(int64_t n)
{
    return n - (dagc_i64s){0};
}
""",
    "dagc_select_i64": """\
/* a where the mask is set, b elsewhere. */
DAGC_INLINE dagc_i64s dagc_select_i64(dagc_i64s mask, dagc_i64s a, dagc_i64s b)
{
#ifdef DAGC_CHOOSE
    return (dagc_i64s)DAGC_CHOOSE(mask, a, b);
#else
    return (mask & a) | (~mask & b);
#endif
}
""",
    "dagc_select_f64": """\
/* a where the mask is set, b elsewhere. */
DAGC_INLINE dagc_f64s dagc_select_f64(dagc_i64s mask, dagc_f64s a, dagc_f64s b)
{
    return (dagc_f64s)dagc_select_i64(mask, (dagc_i64s)a, (dagc_i64s)b);
}
""",
    "dagc_min": """\
/* b where b < a, else a: so a where one of them is NaN, and where they are two zeros. */
DAGC_INLINE dagc_f64s dagc_min(dagc_f64s a, dagc_f64s b)
{
#ifdef DAGC_MIN
    return DAGC_MIN(b, a);
#else
    return dagc_select_f64(b < a, b, a);
#endif
}
""",
    "dagc_max": """\
/* b where b > a, else a: so a where one of them is NaN, and where they are two zeros. */
DAGC_INLINE dagc_f64s dagc_max(dagc_f64s a, dagc_f64s b)
{
#ifdef DAGC_MAX
    return DAGC_MAX(b, a);
#else
    return dagc_select_f64(b > a, b, a);
#endif
}
""",
    "dagc_bits_f64": """\
/* The doubles whose patterns are n. */
DAGC_INLINE dagc_f64s dagc_bits_f64(dagc_i64s n)
{
    return (dagc_f64s)n;
}
""",
    "dagc_f64_bits": """\
/* The patterns of x; every NaN has the one canonical pattern. */
DAGC_INLINE dagc_i64s dagc_f64_bits(dagc_f64s x)
{
    const dagc_i64s number = x == x;
    return (number & (dagc_i64s)x) | (~number & INT64_C(0x7ff8000000000000));
}
""",
    "dagc_abs": """\
/* The sign bit cleared. */
DAGC_INLINE dagc_f64s dagc_abs(dagc_f64s x)
{
    return (dagc_f64s)((dagc_i64s)x & INT64_MAX);
}
""",
    "dagc_sqrt": """\
/* The vector extensions have no square root: one packed instruction where it is known, else lane by lane. */
DAGC_INLINE dagc_f64s dagc_sqrt(dagc_f64s x)
{
#ifdef DAGC_SQRT
    return DAGC_SQRT(x);
#else
    for (int lane = 0; lane < DAGC_LANES; lane++)
        x[lane] = __builtin_sqrt(x[lane]);
    return x;
#endif
}
""",
    "dagc_signed_like": """\
/* The magnitude of x with the sign of s. */
DAGC_INLINE dagc_f64s dagc_signed_like(dagc_f64s x, dagc_f64s s)
{
    return (dagc_f64s)(((dagc_i64s)x & INT64_MAX) | ((dagc_i64s)s & INT64_MIN));
}
""",
    "dagc_flush": """\
/* x, or a zero of its sign where |x| <= least. */
DAGC_INLINE dagc_f64s dagc_flush(dagc_f64s x, double least)
{
    return dagc_select_f64(dagc_abs(x) <= least, dagc_signed_like((dagc_f64s){0}, x), x);
}
""",
    "dagc_round_f32": """\
/* The nearest numbers that binary32 holds. */
DAGC_INLINE dagc_f64s dagc_round_f32(dagc_f64s x)
{
    return __builtin_convertvector(__builtin_convertvector(x, dagc_f32s), dagc_f64s);
}
""",
    "dagc_i64_to_f32": """\
/* Rounded once, to binary32. */
DAGC_INLINE dagc_f64s dagc_i64_to_f32(dagc_i64s n)
{
    return __builtin_convertvector(__builtin_convertvector(n, dagc_f32s), dagc_f64s);
}
""",
    "dagc_wrap_i32": """\
/* The low halves, sign extended. */
DAGC_INLINE dagc_i64s dagc_wrap_i32(dagc_i64s n)
{
    return (dagc_i64s)((dagc_u64s)n << 32) >> 32;
}
""",
    "dagc_bits_f32": """\
/* The binary32 numbers whose patterns are n. */
DAGC_INLINE dagc_f64s dagc_bits_f32(dagc_i64s n)
{
    return __builtin_convertvector((dagc_f32s)__builtin_convertvector(n, dagc_i32s), dagc_f64s);
}
""",
    "dagc_f32_bits": """\
/* The binary32 patterns of x; every NaN has the one canonical pattern. */
DAGC_INLINE dagc_i64s dagc_f32_bits(dagc_f64s x)
{
    const dagc_i64s number = x == x;
    const dagc_i64s bits = __builtin_convertvector((dagc_i32s)__builtin_convertvector(x, dagc_f32s), dagc_i64s);
    return (number & bits) | (~number & INT64_C(0x7fc00000));
}
""",
    "dagc_fmas": """\
/* Lane by lane. */
DAGC_INLINE dagc_f64s dagc_fmas(dagc_f64s a, dagc_f64s b, dagc_f64s c)
{
    for (int lane = 0; lane < DAGC_LANES; lane++)
        a[lane] = dagc_fma(a[lane], b[lane], c[lane]);
    return a;
}
""",
    "dagc_fmas_f32": """\
/* Lane by lane. */
DAGC_INLINE dagc_f64s dagc_fmas_f32(dagc_f64s a, dagc_f64s b, dagc_f64s c)
{
    for (int lane = 0; lane < DAGC_LANES; lane++)
        a[lane] = dagc_fma_f32(a[lane], b[lane], c[lane]);
    return a;
}
""",
    "dagc_idivs": """\
/* Lane by lane: no instruction set here divides integers in vectors. */
DAGC_INLINE dagc_i64s dagc_idivs(dagc_i64s a, dagc_i64s b)
{
    for (int lane = 0; lane < DAGC_LANES; lane++)
        a[lane] = dagc_idiv(a[lane], b[lane]);
    return a;
}
""",
    "dagc_imods": """\
/* Lane by lane. */
DAGC_INLINE dagc_i64s dagc_imods(dagc_i64s a, dagc_i64s b)
{
    for (int lane = 0; lane < DAGC_LANES; lane++)
        a[lane] = dagc_imod(a[lane], b[lane]);
    return a;
}
""",
    "dagc_nearest": """\
/* |x| to an integral value, ties to even: a double of 2^52 or more has no fraction, so adding 2^52 rounds it away. */
DAGC_INLINE dagc_f64s dagc_nearest(dagc_f64s x)
{
    const dagc_f64s size = dagc_abs(x);
    return dagc_select_f64(size < 0x1p+52, (size + 0x1p+52) - 0x1p+52, size);
}
""",
    "dagc_rint": """\
/* To an integral value, ties to even, sign of zero kept. */
DAGC_INLINE dagc_f64s dagc_rint(dagc_f64s x)
{
#ifdef DAGC_ROUND
    return DAGC_ROUND(x, 8);
#else
    return dagc_signed_like(dagc_nearest(x), x);
#endif
}
""",
    "dagc_trunc": """\
/* To an integral value toward zero, sign of zero kept. */
DAGC_INLINE dagc_f64s dagc_trunc(dagc_f64s x)
{
#ifdef DAGC_ROUND
    return DAGC_ROUND(x, 11);
#else
    const dagc_f64s near = dagc_nearest(x);
    return dagc_signed_like(dagc_select_f64(near > dagc_abs(x), near - 1.0, near), x);
#endif
}
""",
    "dagc_floor": """\
/* To an integral value downwards, sign of zero kept. */
DAGC_INLINE dagc_f64s dagc_floor(dagc_f64s x)
{
#ifdef DAGC_ROUND
    return DAGC_ROUND(x, 9);
#else
    const dagc_f64s near = dagc_signed_like(dagc_nearest(x), x);
    return dagc_signed_like(dagc_select_f64(near > x, near - 1.0, near), x);
#endif
}
""",
    "dagc_ceil": """\
/* To an integral value upwards, sign of zero kept. */
DAGC_INLINE dagc_f64s dagc_ceil(dagc_f64s x)
{
#ifdef DAGC_ROUND
    return DAGC_ROUND(x, 10);
#else
    const dagc_f64s near = dagc_signed_like(dagc_nearest(x), x);
    return dagc_signed_like(dagc_select_f64(near < x, near + 1.0, near), x);
#endif
}
""",
    "dagc_iadd": """\
/* Two's complement: unsigned, because signed overflow is undefined in C. */
DAGC_INLINE dagc_i64s dagc_iadd(dagc_i64s a, dagc_i64s b)
{
    return (dagc_i64s)((dagc_u64s)a + (dagc_u64s)b);
}
""",
    "dagc_isub": """\
/* Two's complement a - b. */
DAGC_INLINE dagc_i64s dagc_isub(dagc_i64s a, dagc_i64s b)
{
    return (dagc_i64s)((dagc_u64s)a - (dagc_u64s)b);
}
""",
    **ARRAY_HELPERS,
    **WORD_HELPERS,
}
