"""The C helpers that both `kernel.c` and `batch.c` call on one row: they need branches or wide integers, and no other helper."""

from __future__ import annotations

#: name -> definition; a definition calls only helpers above it.
SCALAR_HELPERS: dict[str, str] = {
    "dagc_idiv": """\
/* Python's floor division: C's rounds toward zero. 0 where b is 0; the one overflow wraps. */
static inline int64_t dagc_idiv(int64_t a, int64_t b)
{
    if (b == 0)
        return 0;
    if (b == -1)
        return (int64_t)(0u - (uint64_t)a);
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
""",
    "dagc_imod": """\
/* Python's remainder, of the sign of b; 0 where b is 0. */
static inline int64_t dagc_imod(int64_t a, int64_t b)
{
    if (b == 0 || b == -1)
        return 0;
    return a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0);
}
""",
    "dagc_wide": """\
/* 128 bits. */
typedef struct dagc_wide {
    uint64_t high, low;
} dagc_wide;
""",
    "dagc_wide_product": """\
/* a * b, every bit of it. */
static inline dagc_wide dagc_wide_product(uint64_t a, uint64_t b)
{
    const uint64_t a_low = a & UINT32_MAX, a_high = a >> 32, b_low = b & UINT32_MAX, b_high = b >> 32;
    const uint64_t low = a_low * b_low;
    const uint64_t cross = a_high * b_low + (low >> 32);
    const uint64_t other = a_low * b_high + (cross & UINT32_MAX);
    const dagc_wide product = {a_high * b_high + (cross >> 32) + (other >> 32), other << 32 | (low & UINT32_MAX)};
    return product;
}
""",
    "dagc_wide_left": """\
/* x << n, for 0 < n < 64. */
static inline dagc_wide dagc_wide_left(dagc_wide x, int n)
{
    const dagc_wide shifted = {x.high << n | x.low >> (64 - n), x.low << n};
    return shifted;
}
""",
    "dagc_wide_right": """\
/* x >> n; the last bit also says whether a bit was lost. */
static inline dagc_wide dagc_wide_right(dagc_wide x, int64_t n)
{
    dagc_wide shifted = x;
    uint64_t lost = 0;
    if (n >= 128) {
        lost = x.high | x.low;
        shifted.high = shifted.low = 0;
    } else if (n >= 64) {
        lost = x.low | (n > 64 ? x.high << (128 - n) : 0);
        shifted.low = x.high >> (n - 64);
        shifted.high = 0;
    } else if (n > 0) {
        lost = x.low << (64 - n);
        shifted.low = x.high << (64 - n) | x.low >> n;
        shifted.high = x.high >> n;
    }
    shifted.low |= lost != 0;
    return shifted;
}
""",
    "dagc_parts": """\
/* A finite x that is not zero is +-significand * 2^exponent, with 2^52 <= significand < 2^53. */
typedef struct dagc_parts {
    uint64_t significand;
    int64_t exponent;
    bool negative;
} dagc_parts;

static inline dagc_parts dagc_parts_of(double x)
{
    union { double value; uint64_t word; } both;
    dagc_parts parts;
    const bool tiny = x < 0x1p-1022 && x > -0x1p-1022;
    both.value = tiny ? x * 0x1p+54 : x;
    parts.significand = (both.word & UINT64_C(0xfffffffffffff)) | UINT64_C(0x10000000000000);
    parts.exponent = (int64_t)(both.word >> 52 & 0x7ff) - (tiny ? 1075 + 54 : 1075);
    parts.negative = both.word >> 63 != 0;
    return parts;
}
""",
    "dagc_rounded": """\
/* +-x * 2^exponent as the nearest double, ties to even; the top bit of x is set. */
static inline double dagc_rounded(dagc_wide x, int64_t exponent, bool negative)
{
    union { double value; uint64_t word; } both;
    const int64_t field = exponent + 127 + 1022; /* one less than the exponent field of a normal result */
    const dagc_wide kept = dagc_wide_right(x, field < 0 ? 11 - field : 11);
    const uint64_t half = UINT64_C(1) << 63;
    both.word = kept.high + (field < 0 ? 0 : (uint64_t)field << 52);
    both.word += kept.low > half || (kept.low == half && (kept.high & 1) != 0);
    if (field >= 2046)
        both.word = UINT64_C(0x7ff0000000000000);
    both.word |= negative ? half : 0;
    return both.value;
}
""",
    "dagc_fma": """\
/* a * b + c rounded once. In integers: the library's fma is not C99's everywhere, nor an instruction on every target. */
static inline double dagc_fma(double a, double b, double c)
{
    if (!(a - a == 0 && b - b == 0) || a == 0 || b == 0)
        return a * b + c; /* an infinity, NaN or a zero: the product is exact */
    if (!(c - c == 0))
        return c;
    const dagc_parts p = dagc_parts_of(a), q = dagc_parts_of(b);
    dagc_wide large = dagc_wide_left(dagc_wide_product(p.significand, q.significand), 20);
    int64_t exponent = p.exponent + q.exponent - 20;
    bool negative = p.negative != q.negative;
    if (c != 0) {
        const dagc_parts r = dagc_parts_of(c);
        dagc_wide small = {r.significand << 9, 0};
        int64_t below = exponent - (r.exponent - 73);
        bool small_negative = r.negative;
        if (below < 0) {
            const dagc_wide swapped = large;
            large = small;
            small = swapped;
            exponent -= below;
            below = -below;
            small_negative = negative;
            negative = r.negative;
        }
        small = dagc_wide_right(small, below);
        if (negative == small_negative) {
            large.low += small.low;
            large.high += small.high + (large.low < small.low);
        } else {
            if (large.high < small.high || (large.high == small.high && large.low < small.low)) {
                const dagc_wide swapped = large;
                large = small;
                small = swapped;
                negative = small_negative;
            }
            large.high -= small.high + (large.low < small.low);
            large.low -= small.low;
        }
        if ((large.high | large.low) == 0)
            return 0.0;
    }
    if (large.high == 0) {
        large.high = large.low;
        large.low = 0;
        exponent -= 64;
    }
    /* Binary search for the leading one. */
    if (large.high >> 32 == 0) { large = dagc_wide_left(large, 32); exponent -= 32; }
    if (large.high >> 48 == 0) { large = dagc_wide_left(large, 16); exponent -= 16; }
    if (large.high >> 56 == 0) { large = dagc_wide_left(large, 8); exponent -= 8; }
    if (large.high >> 60 == 0) { large = dagc_wide_left(large, 4); exponent -= 4; }
    if (large.high >> 62 == 0) { large = dagc_wide_left(large, 2); exponent -= 2; }
    if (large.high >> 63 == 0) { large = dagc_wide_left(large, 1); exponent -= 1; }
    return dagc_rounded(large, exponent, negative);
}
""",
    "dagc_fma_f32": """\
/* a * b + c rounded once to binary32, for operands that binary32 holds: the product is exact in binary64. The sum is rounded
   to odd there, which leaves the last rounding to the conversion. */
static inline double dagc_fma_f32(double a, double b, double c)
{
    union { double value; int64_t word; } sum;
    const double product = a * b;
    sum.value = product + c;
    const double back = sum.value - product;
    const double lost = (product - (sum.value - back)) + (c - back);
    if ((lost > 0 || lost < 0) && (sum.word & 1) == 0)
        sum.word += (lost > 0) == (sum.value > 0) ? 1 : -1;
    return (double)(float)sum.value;
}
""",
}
