/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of the public data sets (plain and gzipped text by zlib). */
#include "segment_data.h"
#include "analytics/rfm.h"
#include "base/calendar.h"
#include <zlib.h>

Kernel segment_kernel(Arena *a) { return (Kernel){.arena = a, .threads = 1, .seed = 1}; }

static gzFile open_data(const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", segment_data_folder(), name);
    gzFile f = gzopen(path, "rb");
    if (!f)
        fail_msg("cannot open %s", path);
    return f;
}

json_t *segment_data_reference(const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/reference/%s.json", segment_data_folder(), name);
    json_error_t e;
    json_t *j = json_load_file(path, 0, &e);
    if (!j)
        fail_msg("%s: %s", path, e.text);
    return j;
}

/* A decimal like -12.345 at three digits. */
static int64_t decimal(const char *s, int scale)
{
    bool minus = *s == '-';
    int64_t v = 0;
    int left = -1;
    for (s += minus; *s && left != 0; s++) {
        if (*s == '.') {
            left = scale;
            continue;
        }
        if (*s < '0' || *s > '9')
            break;
        v = v * 10 + (*s - '0');
        left -= left > 0;
    }
    for (left = left < 0 ? scale : left; left > 0; left--)
        v *= 10;
    return minus ? -v : v;
}

static int32_t day_of(const char *s, bool dashes)
{
    int y = 0, m = 0, d = 0;
    if (sscanf(s, dashes ? "%d-%d-%d" : "%4d%2d%2d", &y, &m, &d) != 3)
        fail_msg("no date: %s", s);
    return (int32_t)calendar_days((Civil){y, m, d});
}

static void finish(Arena *a, Log *log, int64_t *key)
{
    Kernel kn = segment_kernel(a);
    ASSERT_OK(rfm_number(&kn, key, log->rows, &log->customer, &log->keys, &log->customers));
    log->month = arena_alloc(a, log->rows * sizeof(int32_t));
    log->first_month = INT32_MAX;
    for (size_t i = 0; i < log->rows; i++) {
        Civil c = calendar_civil(log->day[i]);
        log->month[i] = (c.year - 1970) * 12 + c.month - 1;
        if (log->month[i] < log->first_month)
            log->first_month = log->month[i];
        if (log->day[i] > log->last_day)
            log->last_day = log->day[i];
    }
    for (size_t i = 0; i < log->rows; i++) {
        log->month[i] -= log->first_month;
        if ((size_t)log->month[i] >= log->months)
            log->months = (size_t)log->month[i] + 1;
    }
}

/* Splits a line at commas outside quotes; no embedded quotes in these files. */
static size_t split(char *line, char **cell, size_t most)
{
    size_t n = 0;
    bool quoted = false;
    cell[n++] = line;
    for (char *s = line; *s; s++) {
        if (*s == '"')
            quoted = !quoted;
        else if (*s == ',' && !quoted && n < most) {
            *s = 0;
            cell[n++] = s + 1;
        } else if (*s == '\n' || *s == '\r')
            *s = 0;
    }
    return n;
}

static size_t column(char **cell, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(cell[i], name))
            return i;
    fail_msg("no column %s", name);
    return 0;
}

Log segment_data_retail(Arena *a)
{
    size_t cap = 600000;
    Log log = {.scale = 3};
    int64_t *key = arena_alloc(a, cap * 8);
    log.day = arena_alloc(a, cap * 4);
    log.amount = arena_alloc(a, cap * 8);
    log.invoice = arena_alloc(a, cap * 8);
    gzFile f = open_data("online_retail/online_retail.csv.gz");
    char line[4096], *cell[16];
    gzgets(f, line, sizeof(line));
    size_t n = split(line, cell, 16), c = column(cell, n, "CustomerID");
    size_t quantity = column(cell, n, "Quantity"), price = column(cell, n, "UnitPrice");
    size_t invoice = column(cell, n, "InvoiceNo"), date = column(cell, n, "InvoiceDate");
    while (gzgets(f, line, sizeof(line))) {
        split(line, cell, 16);
        int64_t q = atoll(cell[quantity]), u = decimal(cell[price], 3);
        if (!*cell[c] || q <= 0 || u <= 0 || cell[invoice][0] == 'C')
            continue;
        key[log.rows] = atoll(cell[c]);
        log.day[log.rows] = day_of(cell[date], true);
        log.amount[log.rows] = q * u;
        log.invoice[log.rows++] = atoll(cell[invoice]);
    }
    gzclose(f);
    finish(a, &log, key);
    return log;
}

Log segment_data_cdnow(Arena *a)
{
    size_t cap = 7000;
    Log log = {.scale = 2};
    int64_t *key = arena_alloc(a, cap * 8);
    log.day = arena_alloc(a, cap * 4);
    log.amount = arena_alloc(a, cap * 8);
    gzFile f = open_data("cdnow/CDNOW_sample.txt");
    char line[256], id[16], small[16], date[16], count[16], amount[32];
    while (gzgets(f, line, sizeof(line))) {
        if (sscanf(line, "%15s %15s %15s %15s %31s", id, small, date, count, amount) != 5)
            continue;
        key[log.rows] = atoll(small);
        log.day[log.rows] = day_of(date, false);
        log.amount[log.rows++] = decimal(amount, 2);
    }
    gzclose(f);
    finish(a, &log, key);
    return log;
}

double *segment_data_wholesale(Arena *a, size_t *ret_n)
{
    gzFile f = open_data("wholesale/wholesale_customers.csv");
    double *x = arena_alloc(a, 6 * 1000 * sizeof(double));
    char line[512], *cell[16];
    gzgets(f, line, sizeof(line));
    size_t n = 0;
    for (; gzgets(f, line, sizeof(line)); n++) {
        split(line, cell, 16);
        for (size_t j = 0; j < 6; j++)
            x[n * 6 + j] = strtod(cell[j + 2], NULL);
    }
    gzclose(f);
    *ret_n = n;
    return x;
}

void segment_data_standardise(double *x, size_t n, size_t p, bool log)
{
    for (size_t i = 0; log && i < n * p; i++)
        x[i] = log1p(x[i]);
    for (size_t j = 0; j < p; j++) {
        double mean, ss;
        work_moments(x + j, n, p, &mean, &ss);
        for (size_t i = 0; i < n; i++)
            x[i * p + j] = (x[i * p + j] - mean) / sqrt(ss / (double)n);
    }
}

double *segment_data_rfm(Arena *a, Kernel *kn, size_t *ret_n)
{
    Log log = segment_data_retail(a);
    RfmTable t;
    ASSERT_OK(rfm_group(kn, log.customer, log.day, log.amount, log.invoice, log.rows, log.customers,
                        log.last_day + 1, &t));
    double *x = arena_alloc(a, t.n * 3 * sizeof(double));
    for (size_t i = 0; i < t.n; i++) {
        x[i * 3] = (double)t.recency[i];
        x[i * 3 + 1] = (double)t.frequency[i];
        x[i * 3 + 2] = (double)t.monetary[i] / 1000;
    }
    *ret_n = t.n;
    return x;
}
