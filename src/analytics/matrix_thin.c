/* SPDX-License-Identifier: Apache-2.0 */
/* All singular values, vectors of the first few only. The values are roots of the eigenvalues of a'a (tridiagonal form, QL
 * without vectors); the wanted directions come from inverse iteration on that form and are turned back; then Jacobi
 * on a times these few gives their values and vectors to the accuracy of a itself, not of its square. */
#include "analytics/matrix_internal.h"

enum { INVERSE_STEPS = 3 };

typedef struct Form { /* of a'a: d, e beside it (e[i] between i − 1 and i), the reflections */
    size_t n;
    double *gram, *d, *e, *beta;
    double *value; /* eigenvalues, falling */
} Form;

static void find_values(Arena *arena, Form *f)
{
    double *d = arena_dup(arena, f->d, f->n * sizeof(double)),
           *e = ARENA_ARRAY(arena, double, f->n + 1);
    for (size_t i = 1; i < f->n; i++)
        e[i - 1] = f->e[i];
    for (size_t l = 0; l < f->n; l++)
        for (int step = 0; step < MATRIX_SWEEPS; step++) {
            size_t m = matrix_block_end(d, e, f->n, l);
            if (m == l)
                break;
            matrix_ql_step(d, e, NULL, f->n, l, m);
        }
    Ranked *order = matrix_order_down(arena, d, f->n);
    f->value = arena_alloc(arena, f->n * sizeof(double));
    for (size_t k = 0; k < f->n; k++)
        f->value[k] = order[k].value > 0 ? order[k].value : 0;
}

#define AT(p) (*(const WorkLanes *)(const void *)(p))
#define SUM(v) (((v)[0] + (v)[1]) + ((v)[2] + (v)[3]))

/* Inner products of x with four columns, which read it once. */
WORK_WIDE static void four_products(const double *x, const double *columns, size_t m, double *to)
{
    const double *y = columns, *z = y + m, *u = z + m, *v = u + m;
    WorkLanes a = {0}, b = {0}, c = {0}, d = {0};
    size_t k = 0;
    for (; k + 4 <= m; k += 4) {
        WorkLanes now = AT(x + k);
        a += now * AT(y + k);
        b += now * AT(z + k);
        c += now * AT(u + k);
        d += now * AT(v + k);
    }
    to[0] = SUM(a);
    to[1] = SUM(b);
    to[2] = SUM(c);
    to[3] = SUM(d);
    for (; k < m; k++) {
        to[0] += x[k] * y[k];
        to[1] += x[k] * z[k];
        to[2] += x[k] * u[k];
        to[3] += x[k] * v[k];
    }
}

/* x += Σ f[j] y[j] for four columns of length m. */
WORK_WIDE static void add_four(double *x, const double *y, const double *f, size_t m)
{
    const double *z = y + m, *u = z + m, *v = u + m;
    size_t k = 0;
    for (; k + 4 <= m; k += 4)
        *(WorkLanes *)(void *)(x + k) = AT(x + k) + ((AT(y + k) * f[0] + AT(z + k) * f[1]) +
                                                     (AT(u + k) * f[2] + AT(v + k) * f[3]));
    for (; k < m; k++)
        x[k] += (y[k] * f[0] + z[k] * f[1]) + (u[k] * f[2] + v[k] * f[3]);
}

/* Lower triangle, and up to three elements beside it. */
static void fill_gram(const double *columns, size_t m, size_t n, double *gram)
{
    for (size_t i = 0; i < n; i++) {
        size_t j = 0;
        for (; j <= i && j + 4 <= n; j += 4)
            four_products(columns + i * m, columns + j * m, m, gram + i * n + j);
        for (; j <= i; j++)
            gram[i * n + j] = matrix_dot(columns + i * m, columns + j * m, m);
    }
}

static Form form_of(Arena *arena, const double *columns, size_t m, size_t n)
{
    Form f = {.n = n, .gram = arena_alloc(arena, n * n * sizeof(double))};
    f.d = ARENA_ARRAY(arena, double, n);
    f.e = ARENA_ARRAY(arena, double, n + 1);
    f.beta = ARENA_ARRAY(arena, double, n);
    fill_gram(columns, m, n, f.gram);
    matrix_tridiagonal(f.gram, n, f.d, f.e, f.beta, ARENA_ARRAY(arena, double, 3 * n));
    find_values(arena, &f);
    return f;
}

/* ---- inverse iteration: (T − λ) x = b by elimination with exchanges of neighbouring rows */
typedef struct Band {
    double diagonal, next, after; /* of the upper triangle */
} Band;

static void solve_shifted(const Form *f, double shift, Band *u, double *x)
{
    size_t n = f->n;
    double tiny = 0x1p-52 * (f->value[0] + 1e-300);
    Band now = {f->d[0] - shift, n > 1 ? f->e[1] : 0, 0};
    for (size_t i = 0; i + 1 < n; i++) {
        Band below = {f->d[i + 1] - shift, i + 2 < n ? f->e[i + 2] : 0, 0};
        double left = f->e[i + 1];
        if (fabs(left) > fabs(now.diagonal)) { /* exchange */
            double factor = now.diagonal / left, y = x[i];
            u[i] = (Band){left, below.diagonal, below.next};
            now = (Band){now.next - factor * below.diagonal, -factor * below.next, 0};
            x[i] = x[i + 1];
            x[i + 1] = y - factor * x[i + 1];
        } else {
            double pivot = fabs(now.diagonal) > tiny ? now.diagonal : tiny, factor = left / pivot;
            u[i] = (Band){pivot, now.next, 0};
            now = (Band){below.diagonal - factor * now.next, below.next, 0};
            x[i + 1] -= factor * x[i];
        }
    }
    u[n - 1] = (Band){fabs(now.diagonal) > tiny ? now.diagonal : tiny, 0, 0};
    for (size_t i = n; i-- > 0;) {
        double sum = x[i];
        sum -= i + 1 < n ? u[i].next * x[i + 1] : 0;
        sum -= i + 2 < n ? u[i].after * x[i + 2] : 0;
        x[i] = sum / u[i].diagonal;
    }
}

/* Unit length, and at right angles to the k rows before it. */
static void straighten(double *q, size_t k, size_t n)
{
    double *x = q + k * n, most = 0;
    for (size_t i = 0; i < n; i++)
        most = fabs(x[i]) > most ? fabs(x[i]) : most;
    for (size_t i = 0; i < n; i++)
        x[i] /= most > 0 ? most : 1;
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < k; j++)
            matrix_add(x, q + j * n, -matrix_dot(x, q + j * n, n), n);
    double length = sqrt(matrix_dot(x, x, n));
    for (size_t i = 0; i < n; i++)
        x[i] /= length > 0 ? length : 1;
}

/* Rows of q: eigenvectors of the first `wanted` values, in the coordinates of the columns. */
static void find_directions(Arena *arena, const Form *f, size_t wanted, double *q)
{
    size_t n = f->n;
    Band *band = arena_alloc(arena, n * sizeof(*band));
    Random r = random_of(1, n);
    for (size_t k = 0; k < wanted; k++) {
        for (size_t i = 0; i < n; i++)
            q[k * n + i] = random_unit(&r) - 0.5;
        for (int step = 0; step < INVERSE_STEPS; step++) {
            solve_shifted(f, f->value[k], band, q + k * n);
            straighten(q, k, n);
        }
    }
    for (size_t k = 0; k < wanted; k++)
        for (size_t i = 2; i < n; i++)
            if (f->beta[i] > 0)
                matrix_add(q + k * n, f->gram + i * n,
                           -f->beta[i] * matrix_dot(q + k * n, f->gram + i * n, i), i);
}

void matrix_svd_thin(Arena *arena, const double *columns, size_t m, size_t n, size_t wanted,
                     double *u, double *s, double *v)
{
    double *q = ARENA_ARRAY(arena, double, wanted *n), *w = ARENA_ARRAY(arena, double, wanted *m);
    double *length = ARENA_ARRAY(arena, double, wanted + 1);
    Form f = form_of(arena, columns, m, n);
    find_directions(arena, &f, wanted, q);
    for (size_t k = 0; k < wanted; k++) {
        size_t j = 0;
        for (; j + 4 <= n; j += 4)
            add_four(w + k * m, columns + j * m, q + k * n + j, m);
        for (; j < n; j++)
            matrix_add(w + k * m, columns + j * m, q[k * n + j], m);
    }
    for (int i = 0; i < MATRIX_SWEEPS && matrix_sweep(w, q, length, m, wanted, n) > 0; i++)
        ;
    for (size_t k = 0; k < wanted; k++)
        length[k] = sqrt(matrix_dot(w + k * m, w + k * m, m));
    Ranked *order = matrix_order_down(arena, length, wanted);
    for (size_t k = 0; k < n; k++)
        s[k] = k < wanted ? order[k].value : sqrt(f.value[k]);
    for (size_t k = 0; k < wanted; k++) {
        size_t from = order[k].at;
        double sign = matrix_sign(q + from * n, n);
        for (size_t i = 0; i < m; i++)
            u[i * wanted + k] = s[k] > 0 ? sign * w[from * m + i] / s[k] : 0;
        for (size_t i = 0; i < n; i++)
            v[i * wanted + k] = sign * q[from * n + i];
    }
}
