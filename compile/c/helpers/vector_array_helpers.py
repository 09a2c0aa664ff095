"""The C helpers of `batch.c` that work on carried arrays: places, windows and folds, lane for lane."""

from __future__ import annotations

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


ARRAY_HELPERS: dict[str, str] = {
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
}
