"""The C helpers that `kernel.c` may call: plain C99, no library, exact with contraction off."""

from __future__ import annotations

from compile.c.helpers.scalar_helpers import SCALAR_HELPERS

#: name -> definition; a definition calls only helpers above it. `kernel.c` carries the ones it uses and no others.
#: What an array holds: doubles, or everything else.
_HELD = (("f64", "double"), ("i64", "int64_t"))
#: What else a value along an axis holds, while a row is computed.
_NARROW = (("f32", "float"), ("i32", "int32_t"), ("bool", "bool"))


#: Each fold of one step an element: what it holds, what it gives, its step.
_FOLDS = (
    ("fold_add", "double", "all + the elements, one after the other", "all = all + x;"),
    ("fold_add_f32", "float", "all + the elements, one after the other", "all = all + x;"),
    (
        "fold_iadd",
        "int64_t",
        "all + the elements, in two's complement",
        "all = (int64_t)((uint64_t)all + (uint64_t)x);",
    ),
    ("fold_imin", "int64_t", "The least of all and the elements", "all = x < all ? x : all;"),
    ("fold_imax", "int64_t", "The greatest of all and the elements", "all = x > all ? x : all;"),
    ("fold_min", "double", "The least of all and the elements, as Python's min", "all = x < all ? x : all;"),
    ("fold_max", "double", "The greatest of all and the elements, as Python's max", "all = x > all ? x : all;"),
)


def _fold(name: str, held: str, about: str, step: str) -> str:
    return f"""\
/* {about}: count of them from place first on, around the end. */
static inline {held} dagc_{name}(const {held} *array, int64_t n, int64_t first, int64_t count, {held} all)
{{
    first = (first % n + n) % n;
    count = count < 0 ? 0 : count < n ? count : n;
    for (int64_t k = 0; k < count; k++) {{
        const {held} x = array[first];
        {step}
        first = first + 1 == n ? 0 : first + 1;
    }}
    return all;
}}
"""


def _fold_numpy(name: str, held: str) -> str:
    return f"""\
/* all + the sum of the elements in numpy's order: eight partial sums, joined in pairs, then what is left. */
static inline {held} dagc_{name}(const {held} *array, int64_t n, int64_t first, int64_t count, {held} all)
{{
    first = (first % n + n) % n;
    count = count < 0 ? 0 : count < n ? count : n;
    const int64_t whole = count - count % 8;
    {held} parts[8] = {{0}}, sum = 0;
    for (int64_t k = 0; k < count; k++) {{
        const {held} x = array[first];
        first = first + 1 == n ? 0 : first + 1;
        if (k < whole)
            parts[k % 8] = k < 8 ? x : parts[k % 8] + x;
        if (k == whole - 1)
            sum = ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]));
        if (k >= whole)
            sum = sum + x;
    }}
    return all + sum;
}}
"""


def _at(suffix: str, held: str) -> str:
    """One place of a value along an axis."""
    return f"""\
/* Element i of an array of n; 0 where i is outside. */
static inline {held} dagc_at_{suffix}(const {held} *array, int64_t n, int64_t i)
{{
    return (uint64_t)i < (uint64_t)n ? array[i] : 0;
}}
"""


def _places(suffix: str, held: str) -> dict[str, str]:
    """Reading and writing one place of an array."""
    return {
        f"dagc_get_{suffix}": f"""\
/* Element i of an array of n; 0 where i is outside. */
static inline {held} dagc_get_{suffix}(const {held} *array, int64_t n, int64_t i)
{{
    return (uint64_t)i < (uint64_t)n ? array[i] : 0;
}}
""",
        f"dagc_put_{suffix}": f"""\
/* x at place i of an array of n, where it is enabled and i is not outside. */
static inline void dagc_put_{suffix}({held} *array, int64_t n, int64_t i, {held} x, bool enable)
{{
    if (enable && (uint64_t)i < (uint64_t)n)
        array[i] = x;
}}
""",
    }


ROW_HELPERS: dict[str, str] = {
    **SCALAR_HELPERS,
    "dagc_word_of": """\
/* The 64 bits of x, NaN payload included. */
static inline int64_t dagc_word_of(double x)
{
    union { double value; int64_t word; } both;
    both.value = x;
    return both.word;
}
""",
    "dagc_bits_f64": """\
/* The double whose pattern is n. */
static inline double dagc_bits_f64(int64_t n)
{
    union { double value; int64_t word; } both;
    both.word = n;
    return both.value;
}
""",
    "dagc_f64_bits": """\
/* The pattern of x; every NaN has the one canonical pattern. */
static inline int64_t dagc_f64_bits(double x)
{
    return x == x ? dagc_word_of(x) : INT64_C(0x7ff8000000000000);
}
""",
    **{name: text for suffix, held in _HELD for name, text in _places(suffix, held).items()},
    **{f"dagc_at_{suffix}": _at(suffix, held) for suffix, held in (*_HELD, *_NARROW)},
    **{f"dagc_{name}": _fold(name, held, about, step) for name, held, about, step in _FOLDS},
    **{
        f"dagc_{name}": _fold_numpy(name, held)
        for name, held in (("fold_numpy", "double"), ("fold_numpy_f32", "float"))
    },
    "dagc_abs": """\
/* The sign bit cleared: a comparison would miss -0.0. */
static inline double dagc_abs(double x)
{
    return dagc_bits_f64(dagc_word_of(x) & INT64_MAX);
}
""",
    "dagc_sqrt": """\
/* The instruction, not the library: libm's would set errno. */
#if defined(__GNUC__)
#define dagc_sqrt(x) __builtin_sqrt(x)
#else
#include <math.h>
#define dagc_sqrt(x) sqrt(x)
#endif
""",
    "dagc_signed_like": """\
/* The magnitude of x with the sign of s. */
static inline double dagc_signed_like(double x, double s)
{
    return dagc_bits_f64((dagc_word_of(x) & INT64_MAX) | (dagc_word_of(s) & INT64_MIN));
}
""",
    "dagc_flush": """\
/* x, or a zero of its sign where |x| <= least. */
static inline double dagc_flush(double x, double least)
{
    return dagc_abs(x) <= least ? dagc_signed_like(0.0, x) : x;
}
""",
    "dagc_bits_f32": """\
/* The float whose pattern is n. */
static inline float dagc_bits_f32(int32_t n)
{
    union { float value; int32_t word; } both;
    both.word = n;
    return both.value;
}
""",
    "dagc_f32_bits": """\
/* The pattern of x; every NaN has the one canonical pattern. */
static inline int32_t dagc_f32_bits(float x)
{
    union { float value; int32_t word; } both;
    both.value = x;
    return x == x ? both.word : INT32_C(0x7fc00000);
}
""",
    "dagc_nearest": """\
/* |x| to an integral value, ties to even: a double of 2^52 or more has no fraction, so adding 2^52 rounds it away. */
static inline double dagc_nearest(double x)
{
    const double size = dagc_abs(x);
    return size < 0x1p+52 ? (size + 0x1p+52) - 0x1p+52 : size;
}
""",
    "dagc_rint": """\
/* To an integral value, ties to even, sign of zero kept. */
static inline double dagc_rint(double x)
{
    return dagc_signed_like(dagc_nearest(x), x);
}
""",
    "dagc_trunc": """\
/* To an integral value toward zero, sign of zero kept. */
static inline double dagc_trunc(double x)
{
    const double near = dagc_nearest(x);
    return dagc_signed_like(near > dagc_abs(x) ? near - 1.0 : near, x);
}
""",
    "dagc_floor": """\
/* To an integral value downwards, sign of zero kept. */
static inline double dagc_floor(double x)
{
    const double near = dagc_signed_like(dagc_nearest(x), x);
    return dagc_signed_like(near > x ? near - 1.0 : near, x);
}
""",
    "dagc_ceil": """\
/* To an integral value upwards, sign of zero kept. */
static inline double dagc_ceil(double x)
{
    const double near = dagc_signed_like(dagc_nearest(x), x);
    return dagc_signed_like(near < x ? near + 1.0 : near, x);
}
""",
    "dagc_iadd": """\
/* Two's complement: unsigned, because signed overflow is undefined in C. */
static inline int64_t dagc_iadd(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}
""",
    "dagc_isub": """\
/* Two's complement a - b. */
static inline int64_t dagc_isub(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}
""",
    "dagc_imul": """\
/* Two's complement a * b. */
static inline int64_t dagc_imul(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a * (uint64_t)b);
}
""",
    "dagc_ineg": """\
/* Two's complement -x. */
static inline int64_t dagc_ineg(int64_t x)
{
    return (int64_t)(0u - (uint64_t)x);
}
""",
    "dagc_shl": """\
/* a << (n mod 64). */
static inline int64_t dagc_shl(int64_t a, int64_t n)
{
    return (int64_t)((uint64_t)a << (n & 63));
}
""",
    "dagc_shr": """\
/* a >> (n mod 64), flooring: C leaves the shift of a negative number to the compiler. */
static inline int64_t dagc_shr(int64_t a, int64_t n)
{
    return a < 0 ? ~(~a >> (n & 63)) : a >> (n & 63);
}
""",
    "dagc_multiply_high": """\
/* The upper half of the product of two unsigned words. */
static inline int64_t dagc_multiply_high(int64_t a, int64_t b)
{
#if defined(__SIZEOF_INT128__) && !defined(DAGC_HLS)
    __extension__ typedef unsigned __int128 dagc_both;
    return (int64_t)(uint64_t)((dagc_both)(uint64_t)a * (uint64_t)b >> 64);
#else
    return (int64_t)dagc_wide_product((uint64_t)a, (uint64_t)b).high;
#endif
}
""",
    "dagc_lshr": """\
/* a >> (n mod 64), zeros coming in. */
static inline int64_t dagc_lshr(int64_t a, int64_t n)
{
    return (int64_t)((uint64_t)a >> (n & 63));
}
""",
    "dagc_ult": """\
/* a < b as unsigned words. */
static inline bool dagc_ult(int64_t a, int64_t b)
{
    return (uint64_t)a < (uint64_t)b;
}
""",
    "dagc_clz": """\
/* The zero bits above the highest one; 64 of 0. */
static inline int64_t dagc_clz(int64_t x)
{
#ifdef __GNUC__
    return x == 0 ? 64 : __builtin_clzll((uint64_t)x);
#else
    uint64_t rest = (uint64_t)x;
    int64_t zeros = rest == 0;
    for (int step = 32; step > 0; step /= 2)
        if (rest >> (64 - step) == 0) {
            zeros += step;
            rest <<= step;
        }
    return zeros;
#endif
}
""",
    "dagc_lookup": """\
/* Element i mod n of a constant table; n is a power of two. */
static inline int64_t dagc_lookup(const uint64_t *table, uint64_t n, int64_t i)
{
    return (int64_t)table[(uint64_t)i & (n - 1)];
}
""",
    "dagc_f64_to_i64": """\
/* Toward zero, clamped to the range of int64; 0 for NaN, where the cast alone would be undefined. */
static inline int64_t dagc_f64_to_i64(double x)
{
    if (x >= 0x1p+63)
        return INT64_MAX;
    if (x < -0x1p+63)
        return INT64_MIN;
    return x == x ? (int64_t)x : 0;
}
""",
}
