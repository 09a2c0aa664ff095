"""The C helpers that `batch.c` may call: GCC and Clang vector extensions, lane for lane what `row_helpers` does to one row."""

from __future__ import annotations

from compile.c.scalar_helpers import SCALAR_HELPERS

#: name -> definition; a definition calls only helpers above it. `batch.c` carries the ones it uses and no others.
#: Each fold of one step an element: its kind of vector and its step.
_FOLDS = (
    ("fold_add", "f64", "all + x"),
    ("fold_add_f32", "f64", "dagc_round_f32(all + x)"),
    ("fold_iadd", "i64", "(dagc_i64s)((dagc_u64s)all + (dagc_u64s)x)"),
    ("fold_imin", "i64", "dagc_select_i64(x < all, x, all)"),
    ("fold_imax", "i64", "dagc_select_i64(x > all, x, all)"),
    ("fold_min", "f64", "dagc_select_f64(x < all, x, all)"),
    ("fold_max", "f64", "dagc_select_f64(x > all, x, all)"),
)


def _pick(kind: str) -> str:
    return f"""\
/* Element i[lane] of each instance; one load where all are at the same place. */
DAGC_INLINE dagc_{kind}s dagc_pick_{kind}(const dagc_{kind}s *array, dagc_i64s i)
{{
    dagc_{kind}s all = array[i[0]];
    for (int lane = 1; lane < DAGC_LANES; lane++)
        if (i[lane] != i[0])
            all[lane] = array[i[lane]][lane];
    return all;
}}
"""


def _place(kind: str) -> str:
    return f"""\
/* Element i[lane] of each instance's array of n; 0 where that is outside. */
DAGC_INLINE dagc_{kind}s dagc_place_{kind}(const dagc_{kind}s *array, int64_t n, dagc_i64s i)
{{
    dagc_{kind}s all = {{0}};
    for (int lane = 0; lane < DAGC_LANES; lane++)
        if ((uint64_t)i[lane] < (uint64_t)n)
            all[lane] = array[i[lane]][lane];
    return all;
}}
"""


def _fold(name: str, kind: str, step: str) -> str:
    return f"""\
/* The fold of `kernel.c` of the same name. */
DAGC_INLINE dagc_{kind}s dagc_{name}s(
    const dagc_{kind}s *array, int64_t n, dagc_i64s first, dagc_i64s count, dagc_{kind}s all)
{{
    dagc_i64s at = dagc_begin(first, n);
    const dagc_i64s end = dagc_span(count, n);
    for (int64_t k = 0; k < n; k++) {{
        const dagc_{kind}s x = dagc_pick_{kind}(array, at);
        all = dagc_select_{kind}(end > k, {step}, all);
        at = at + 1;
        at = at & (at != n);
    }}
    return all;
}}
"""


def _fold_numpy(name: str, rounded: str) -> str:
    """Every sum is `rounded(...)`; in binary64 there is nothing to call."""

    def plus(a: str, b: str) -> str:
        return f"{rounded}({a} + {b})"

    pairs = [plus(f"parts[{k}]", f"parts[{k + 1}]") for k in range(0, 8, 2)]
    joined = plus(plus(*pairs[:2]), plus(*pairs[2:]))
    return f"""\
/* The fold of `kernel.c` of the same name. */
DAGC_INLINE dagc_f64s dagc_{name}s(
    const dagc_f64s *array, int64_t n, dagc_i64s first, dagc_i64s count, dagc_f64s all)
{{
    dagc_i64s at = dagc_begin(first, n);
    const dagc_i64s end = dagc_span(count, n), whole = end - end % 8;
    dagc_f64s parts[8] = {{{{0}}}}, sum = {{0}};
    for (int64_t k = 0; k < n; k++) {{
        const dagc_f64s x = dagc_pick_f64(array, at);
        parts[k % 8] = dagc_select_f64(whole > k, k < 8 ? x : {plus("parts[k % 8]", "x")}, parts[k % 8]);
        const dagc_f64s joined = {joined};
        sum = dagc_select_f64(whole - 1 == k, joined, sum);
        sum = dagc_select_f64((whole <= k) & (end > k), {plus("sum", "x")}, sum);
        at = at + 1;
        at = at & (at != n);
    }}
    return {plus("all", "sum")};
}}
"""


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
    "dagc_get": """\
/* For each instance element i of its array of n; 0 where i is outside. Instances lie one after the other. */
DAGC_INLINE dagc_i64s dagc_get(const int64_t *arrays, int64_t n, dagc_i64s i, dagc_place at)
{
    dagc_i64s all = {0};
    for (int64_t lane = 0; lane < at.lanes; lane++)
        if ((uint64_t)i[lane] < (uint64_t)n)
            all[lane] = arrays[(at.first + lane) * n + i[lane]];
    return all;
}
""",
    "dagc_put": """\
/* x at place i of each instance's array of n, where it is enabled and i is not outside. */
DAGC_INLINE void dagc_put(int64_t *arrays, int64_t n, dagc_i64s i, dagc_i64s x, dagc_i64s enable, dagc_place at)
{
    for (int64_t lane = 0; lane < at.lanes; lane++)
        if (enable[lane] && (uint64_t)i[lane] < (uint64_t)n)
            arrays[(at.first + lane) * n + i[lane]] = x[lane];
}
""",
    "dagc_held": """\
/* For each instance element k of its array of n. */
DAGC_INLINE dagc_i64s dagc_held(const int64_t *arrays, int64_t n, int64_t k, dagc_place at)
{
    dagc_i64s all = {0};
    for (int64_t lane = 0; lane < at.lanes; lane++)
        all[lane] = arrays[(at.first + lane) * n + k];
    return all;
}
""",
    "dagc_given": """\
/* For each instance place k of a port along an axis, at one bar. */
DAGC_INLINE dagc_i64s dagc_given(const dagc_column *column, int64_t bar, int64_t k, dagc_place at)
{
    const int64_t *words = column->words + bar * column->per_bar + k;
    dagc_i64s all = {0};
    for (int64_t lane = 0; lane < at.lanes; lane++)
        all[lane] = words[(at.first + lane) * column->per_instance];
    return all;
}
""",
    "dagc_keep": """\
/* x at place k of each instance's array of n. */
DAGC_INLINE void dagc_keep(int64_t *arrays, int64_t n, int64_t k, dagc_place at, dagc_i64s x)
{
    for (int64_t lane = 0; lane < at.lanes; lane++)
        arrays[(at.first + lane) * n + k] = x[lane];
}
""",
    "dagc_write_place": """\
/* x at place k of n, in a column of results where it is wanted. */
DAGC_INLINE void dagc_write_place(int64_t *column, int64_t n, int64_t k, dagc_place at, dagc_i64s x)
{
    if (column)
        for (int64_t lane = 0; lane < at.lanes; lane++)
            column[(at.row + lane) * n + k] = x[lane];
}
""",
    **{f"dagc_place_{kind}": _place(kind) for kind in ("f64", "i64")},
    "dagc_begin": """\
/* Where each instance begins in an array of n, and how many elements it goes over. */
DAGC_INLINE dagc_i64s dagc_begin(dagc_i64s first, int64_t n)
{
    dagc_i64s begin = first % n;
    return begin + ((begin < 0) & n);
}
""",
    "dagc_span": """\
DAGC_INLINE dagc_i64s dagc_span(dagc_i64s count, int64_t n)
{
    const dagc_i64s some = count & (count > 0);
    return dagc_select_i64(some < n, some, n - (dagc_i64s){0});
}
""",
    **{f"dagc_pick_{kind}": _pick(kind) for kind in ("f64", "i64")},
    **{f"dagc_{name}s": _fold(name, kind, step) for name, kind, step in _FOLDS},
    "dagc_fold_numpys": _fold_numpy("fold_numpy", ""),
    "dagc_fold_numpy_f32s": _fold_numpy("fold_numpy_f32", "dagc_round_f32"),
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
