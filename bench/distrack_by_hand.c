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
