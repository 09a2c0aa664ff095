"""The C helpers of `batch.c` for integers: words, tables and conversions, lane for lane."""

from __future__ import annotations

WORD_HELPERS: dict[str, str] = {
    "dagc_imul": """\
/* Two's complement a * b. */
DAGC_INLINE dagc_i64s dagc_imul(dagc_i64s a, dagc_i64s b)
{
    return (dagc_i64s)((dagc_u64s)a * (dagc_u64s)b);
}
""",
    "dagc_ineg": """\
/* Two's complement -x. */
DAGC_INLINE dagc_i64s dagc_ineg(dagc_i64s x)
{
    return (dagc_i64s)(0u - (dagc_u64s)x);
}
""",
    "dagc_shl": """\
/* a << (n mod 64). */
DAGC_INLINE dagc_i64s dagc_shl(dagc_i64s a, dagc_i64s n)
{
    return (dagc_i64s)((dagc_u64s)a << ((dagc_u64s)n & 63));
}
""",
    "dagc_shr": """\
/* a >> (n mod 64): GCC and Clang define the shift of a negative number as arithmetic. */
DAGC_INLINE dagc_i64s dagc_shr(dagc_i64s a, dagc_i64s n)
{
    return a >> (n & 63);
}
""",
    "dagc_multiply_high": """\
/* The upper halves of the products of unsigned words, from four products of their halves. */
DAGC_INLINE dagc_i64s dagc_multiply_high(dagc_i64s a, dagc_i64s b)
{
    const dagc_u64s a_high = (dagc_u64s)a >> 32, b_high = (dagc_u64s)b >> 32;
    const dagc_u64s low = DAGC_LOW_PRODUCT(a, b);
    const dagc_u64s cross = DAGC_LOW_PRODUCT(a_high, b) + (low >> 32);
    const dagc_u64s other = DAGC_LOW_PRODUCT(a, b_high) + (cross & UINT32_MAX);
    return (dagc_i64s)(DAGC_LOW_PRODUCT(a_high, b_high) + (cross >> 32) + (other >> 32));
}
""",
    "dagc_lshr": """\
/* a >> (n mod 64), zeros coming in. */
DAGC_INLINE dagc_i64s dagc_lshr(dagc_i64s a, dagc_i64s n)
{
    return (dagc_i64s)((dagc_u64s)a >> ((dagc_u64s)n & 63));
}
""",
    "dagc_ult": """\
/* a < b as unsigned words. */
DAGC_INLINE dagc_i64s dagc_ult(dagc_i64s a, dagc_i64s b)
{
    return (dagc_u64s)a < (dagc_u64s)b;
}
""",
    "dagc_clz": """\
/* The zero bits above the highest one; 64 of 0. */
DAGC_INLINE dagc_i64s dagc_clz(dagc_i64s x)
{
    dagc_u64s rest = (dagc_u64s)x;
    dagc_i64s zeros = (x == 0) & 1;
    for (int step = 32; step > 0; step /= 2) {
        const dagc_i64s empty = rest >> (64 - step) == 0;
        zeros += empty & step;
        rest <<= (dagc_u64s)(empty & step);
    }
    return zeros;
}
""",
    "dagc_lookups": """\
/* Element i mod n of a constant table, for each lane; n is a power of two. */
DAGC_INLINE dagc_i64s dagc_lookups(const uint64_t *table, uint64_t n, dagc_i64s i)
{
    const dagc_i64s place = i & (int64_t)(n - 1);
#ifdef DAGC_GATHER
    return DAGC_GATHER(table, place);
#else
    dagc_i64s all = {0};
    for (int lane = 0; lane < DAGC_LANES; lane++)
        all[lane] = (int64_t)table[place[lane]];
    return all;
#endif
}
""",
    "dagc_i64_to_f64": """\
/* Rounded to nearest even. */
DAGC_INLINE dagc_f64s dagc_i64_to_f64(dagc_i64s n)
{
    return __builtin_convertvector(n, dagc_f64s);
}
""",
    "dagc_f64_to_i64": """\
/* Toward zero, clamped to the range of int64; 0 for NaN. Lanes out of range are emptied before the conversion. */
DAGC_INLINE dagc_i64s dagc_f64_to_i64(dagc_f64s x)
{
    const dagc_i64s above = x >= 0x1p+63;
    const dagc_i64s below = x < -0x1p+63;
    const dagc_i64s inside = (x == x) & ~above & ~below;
    const dagc_i64s whole = __builtin_convertvector((dagc_f64s)(inside & (dagc_i64s)x), dagc_i64s);
    return (inside & whole) | (above & INT64_MAX) | (below & INT64_MIN);
}
""",
}
