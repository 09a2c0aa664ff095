/* The sketches as one would write them in C by hand, with the bits of lanes/distrack: what the benchmarks measure against. */

#include <math.h>
#include <stdint.h>

/* --- moments and P-squared ------------------------------------------------------------------------------------- */

typedef struct { double mean, var; int64_t seeded; } moments;
typedef struct { int64_t count; double q[5], m[3]; } markers;

static inline void moments_push(moments *s, double x, double alpha)
{
    if (!s->seeded) { s->mean = x; s->var = 0.0; s->seeded = 1; return; }
    double d = x - s->mean;
    s->mean = s->mean + alpha * d;
    s->var = (1.0 - alpha) * (s->var + (alpha * d) * d);
}

static inline double interpolate(const double *v, int n, double p)
{
    double h = (n - 1) * p;
    int i = (int)floor(h);
    double t = h - i, a = v[i], b = v[i + 1 < n ? i + 1 : n - 1], d = b - a;
    return t >= 0.5 ? b - d * (1.0 - t) : a + d * t;
}

static inline void adjust(double qa, double *qb, double qc, double na, double *nb, double nc, double want)
{
    double d = want - *nb, s;
    if (d >= 1.0 && nc - *nb > 1.0) s = 1.0;
    else if (d <= -1.0 && na - *nb < -1.0) s = -1.0;
    else return;
    double up = (qc - *qb) / (nc - *nb), down = (*qb - qa) / (*nb - na);
    double parabola = *qb + (s / (nc - na)) * (((*nb - na) + s) * up + ((nc - *nb) - s) * down);
    if (!(qa < parabola && parabola < qc)) parabola = *qb + s * (s > 0.0 ? up : down);
    *qb = parabola;
    *nb += s;
}

static inline double markers_push(markers *s, double x, double p)
{
    double *q = s->q, *m = s->m;
    if (s->count < 5) {
        int i = (int)s->count++;
        for (; i > 0 && x < q[i - 1]; i--) q[i] = q[i - 1];
        q[i] = x;
        return interpolate(q, (int)s->count, p);
    }
    s->count++;
    if (x < q[0]) q[0] = x;
    if (x > q[4]) q[4] = x;
    if (x < q[1]) m[0] += 1.0;
    if (x < q[2]) m[1] += 1.0;
    if (x < q[3]) m[2] += 1.0;
    double n = (double)s->count, t = n - 1.0;
    adjust(q[0], &q[1], q[2], 1.0, &m[0], m[1], 1.0 + t * (p / 2.0));
    adjust(q[1], &q[2], q[3], m[0], &m[1], m[2], 1.0 + t * p);
    adjust(q[2], &q[3], q[4], m[1], &m[2], n, 1.0 + t * ((1.0 + p) / 2.0));
    return q[2];
}

/* state: mean, var, seeded, then count, five heights, three places for each quantile; columns [instances], as dagc has them.
   params: alpha and three quantiles. outputs: mean, var, three quantiles, warm. */
void outcome_bar(int64_t instances, const double *x, const double *const *params, void *const *state, void *const *outputs)
{
    double *const *f = (double *const *)state;
    int64_t *const *w = (int64_t *const *)state;
    double *const *out = (double *const *)outputs;
    for (int64_t i = 0; i < instances; i++) {
        int usable = isfinite(x[i]);
        moments s = {f[0][i], f[1][i], w[2][i]};
        if (usable) {
            moments_push(&s, x[i], params[0][i]);
            f[0][i] = s.mean; f[1][i] = s.var; w[2][i] = s.seeded;
        }
        out[0][i] = s.mean; out[1][i] = s.var;
        for (int k = 0; k < 3; k++) {
            int at = 3 + 9 * k;
            markers m = {w[at][i], {f[at + 1][i], f[at + 2][i], f[at + 3][i], f[at + 4][i], f[at + 5][i]},
                         {f[at + 6][i], f[at + 7][i], f[at + 8][i]}};
            double value = m.count < 5 ? NAN : m.q[2];
            if (usable) {
                value = markers_push(&m, x[i], params[1 + k][i]);
                w[at][i] = m.count;
                for (int j = 0; j < 5; j++) f[at + 1 + j][i] = m.q[j];
                for (int j = 0; j < 3; j++) f[at + 6 + j][i] = m.m[j];
            }
            out[2 + k][i] = value;
        }
        ((int64_t *)outputs[5])[i] = w[12][i] >= 5;
    }
}

/* One stream in a loop, for the cost of an update. */
double moments_stream(int64_t n, const double *x, double alpha)
{
    moments s = {0.0, 0.0, 0};
    for (int64_t i = 0; i < n; i++) if (isfinite(x[i])) moments_push(&s, x[i], alpha);
    return s.mean + s.var;
}

double markers_stream(int64_t n, const double *x, double p)
{
    markers s = {0, {0, 0, 0, 0, 0}, {2, 3, 4}};
    double value = NAN;
    for (int64_t i = 0; i < n; i++) if (isfinite(x[i])) value = markers_push(&s, x[i], p);
    return value;
}

/* --- counters, sample, t-digest: one stream each ---------------------------------------------------------------- */

double latency_stream(int64_t n, const int64_t *ns)
{
    static int64_t counters[488];
    int64_t count = 0, bad = 0, greatest = 0;
    for (int i = 0; i < 488; i++) counters[i] = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t v = ns[i];
        if (v < 0) { bad++; continue; }
        if (v < 8) counters[v]++;
        else { int e = 60 - __builtin_clzll((uint64_t)v); counters[(e << 3) + (v >> e)]++; }
        count++;
        if (v > greatest) greatest = v;
    }
    return (double)(count + bad + greatest + counters[63]);
}

double log_stream(int64_t n, const double *x)
{
    static int64_t counters[4097];
    int64_t count = 0, beyond = 0;
    double least = INFINITY, greatest = -INFINITY;
    for (int i = 0; i < 4097; i++) counters[i] = 0;
    for (int64_t i = 0; i < n; i++) {
        union { double d; int64_t w; } u = {fabs(x[i])};
        if (!isfinite(x[i])) continue;
        int64_t place = (u.w >> 47) - (991 << 5) + 1;
        place = place < 0 ? 0 : place > 2048 ? 2048 : place;
        counters[x[i] < 0.0 ? 2048 - place : 2048 + place]++;
        count++;
        beyond += u.d >= 4294967296.0;
        if (x[i] < least) least = x[i];
        if (x[i] > greatest) greatest = x[i];
    }
    return (double)(count + beyond + counters[2048]) + least + greatest;
}

double reservoir_stream(int64_t n, const double *x, int64_t k, uint64_t seed)
{
    double slots[32];
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        if (count++ < k) { slots[count - 1] = x[i]; continue; }
        uint64_t z = seed += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        int64_t at = (int64_t)(((z >> 32) * (uint64_t)count) >> 32);
        if (at < k) slots[at] = x[i];
    }
    return slots[0];
}

static const double *scale_of_bins(void)
{
    static double q[33];
    for (int j = 0; j <= 32; j++) { double u = j / 32.0; q[j] = (u * u) * (3.0 - 2.0 * u); }
    return q;
}

/* Merges 32 values at once, as one would. */
double tdigest_stream(int64_t n, const double *x)
{
    const double *bins = scale_of_bins();
    double mean[32], weight[32], buffer[32], least = INFINITY, greatest = -INFINITY, total = 0.0;
    int centroids = 0, held = 0;
    for (int64_t t = 0; t < n; t++) {
        if (!isfinite(x[t])) continue;
        int at = held++;
        for (; at > 0 && x[t] < buffer[at - 1]; at--) buffer[at] = buffer[at - 1];
        buffer[at] = x[t];
        if (x[t] < least) least = x[t];
        if (x[t] > greatest) greatest = x[t];
        if (held < 32) continue;
        double new_mean[32], new_weight[32], seen = 0.0;
        int made = 0, bin = -1, i = 0, j = 0, here = 0;
        total += 32.0;
        while (i < centroids || j < 32) {
            int old = i < centroids && (j == 32 || mean[i] <= buffer[j]);
            double m = old ? mean[i] : buffer[j], w = old ? weight[i] : 1.0;
            if (old) i++; else j++;
            double middle = (seen + w * 0.5) / total;
            while (here < 31 && bins[here + 1] <= middle) here++;
            if (here == bin) {
                double both = new_weight[made - 1] + w;
                new_mean[made - 1] += (m - new_mean[made - 1]) * (w / both);
                new_weight[made - 1] = both;
            } else { new_mean[made] = m; new_weight[made++] = w; bin = here; }
            seen += w;
        }
        for (int c = 0; c < made; c++) { mean[c] = new_mean[c]; weight[c] = new_weight[c]; }
        centroids = made;
        held = 0;
    }
    return mean[0] + weight[0] + least + greatest;
}

/* --- the same work in the same shape: a call for each value, state in memory, every output written, bad input refused ----- */

#define STEP __attribute__((noinline)) static
typedef struct { int64_t counters[4097], count, beyond; double least, greatest; } tally;
typedef struct { int64_t counters[488], count, bad, greatest; } latencies;
typedef struct { double slots[32]; int64_t count; uint64_t seed; } sample;

STEP int64_t moments_step(moments *s, double x, double alpha, double *const *out)
{
    if (!isfinite(x)) { *out[0] = *out[1] = 0.0; *(int64_t *)out[2] = 0; return 1; }
    moments_push(s, x, alpha);
    *out[0] = s->mean; *out[1] = s->var; *(int64_t *)out[2] = s->seeded;
    return 0;
}

STEP int64_t markers_step(markers *s, double x, double p, double *const *out)
{
    if (!isfinite(x)) { *out[0] = 0.0; *(int64_t *)out[1] = 0; return 1; }
    *out[0] = markers_push(s, x, p);
    *(int64_t *)out[1] = s->count >= 5;
    return 0;
}

STEP int64_t tally_step(tally *s, double x, double *const *out)
{
    union { double d; int64_t w; } u = {fabs(x)};
    if (!isfinite(x)) { *out[0] = *out[1] = *out[2] = *out[3] = 0.0; return 1; }
    int64_t place = (u.w >> 47) - (991 << 5) + 1;
    place = place < 0 ? 0 : place > 2048 ? 2048 : place;
    s->counters[x < 0.0 ? 2048 - place : 2048 + place]++;
    s->count++;
    s->beyond += u.d >= 4294967296.0;
    if (x < s->least) s->least = x;
    if (x > s->greatest) s->greatest = x;
    *(int64_t *)out[0] = s->count; *(int64_t *)out[1] = s->beyond; *out[2] = s->least; *out[3] = s->greatest;
    return 0;
}

STEP int64_t latency_step(latencies *s, int64_t v, int64_t *const *out)
{
    if (v < 0) s->bad++;
    else {
        int e = v < 8 ? 0 : 60 - __builtin_clzll((uint64_t)v);
        s->counters[v < 8 ? v : (e << 3) + (v >> e)]++;
        s->count++;
        if (v > s->greatest) s->greatest = v;
    }
    *out[0] = s->count; *out[1] = s->bad; *out[2] = s->greatest;
    return 0;
}

STEP int64_t sample_step(sample *s, double x, int64_t k, double *const *out)
{
    if (!isfinite(x)) { *out[0] = *out[1] = 0.0; return 1; }
    int64_t at = s->count++;
    if (at >= k) {
        uint64_t z = s->seed += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        at = (int64_t)(((z >> 32) * (uint64_t)s->count) >> 32);
        if (at >= k) at = -1;
    }
    if (at >= 0) s->slots[at] = x;
    *(int64_t *)out[0] = at; *(int64_t *)out[1] = s->count;
    return 0;
}

static const markers NO_MARKERS = {0, {0, 0, 0, 0, 0}, {2, 3, 4}};
static const tally NO_TALLY = {.least = INFINITY, .greatest = -INFINITY};

/* `out` holds a column for each output and one for the status behind them. */
#define ROWS(name, type, outputs, state, call)                                              \
    double name(int64_t n, const type *x, double p, int64_t k, type *const *out)           \
    {                                                                                       \
        state;                                                                              \
        int64_t *status = (int64_t *)out[outputs];                                          \
        for (int64_t i = 0; i < n; i++) {                                                   \
            type *at[outputs];                                                              \
            for (int j = 0; j < outputs; j++) at[j] = out[j] + i;                           \
            status[i] = call;                                                               \
        }                                                                                   \
        return p + (double)k;                                                               \
    }

ROWS(moments_rows, double, 3, moments s = {0}, moments_step(&s, x[i], p, at))
ROWS(markers_rows, double, 2, markers s = NO_MARKERS, markers_step(&s, x[i], p, at))
ROWS(log_rows, double, 4, tally s = NO_TALLY, tally_step(&s, x[i], at))
ROWS(latency_rows, int64_t, 3, latencies s = {{0}}, latency_step(&s, x[i], at))
ROWS(reservoir_rows, double, 2, sample s = {{0}}, sample_step(&s, x[i], k, at))
