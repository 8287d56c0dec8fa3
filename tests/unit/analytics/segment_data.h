/* SPDX-License-Identifier: Apache-2.0 */
/* The public data sets and their reference values for the tests of segments, value and baskets.
 * $GUANXI_TEST_DATA names the folder; without it the tests that need it are skipped, not passed. */
#pragma once
#include "analytics/work.h"
#include "test.h"
#include <jansson.h>
#include <math.h>

static inline const char *segment_data_folder(void)
{
    const char *folder = getenv("GUANXI_TEST_DATA");
    return folder && *folder ? folder : NULL;
}
#define NEED_DATA()                                                                                \
    do {                                                                                           \
        if (!segment_data_folder())                                                                \
            skip();                                                                                \
    } while (0)

json_t *segment_data_reference(const char *name); /* reference/<name>.json; the caller decrefs */

typedef struct Log { /* transactions */
    int32_t *customer, *day, *month;
    int64_t *amount, *invoice, *keys;
    size_t rows, customers, months;
    int32_t first_month; /* months since 1970-01 */
    int32_t last_day;
    int scale; /* digits behind the point of amount */
} Log;
Log segment_data_retail(Arena *a); /* cleaned as the README says; amounts in 1/1000 */
Log segment_data_cdnow(Arena *a);  /* amounts in 1/100 */

/* Columns 3-8 of the wholesale customers, n × 6. */
double *segment_data_wholesale(Arena *a, size_t *ret_n);
/* ln(1 + x) if `log`, then mean 0 and population standard deviation 1, in place. */
void segment_data_standardise(double *x, size_t n, size_t p, bool log);
/* Recency, frequency, monetary (in units) of the retail log, n × 3. */
double *segment_data_rfm(Arena *a, Kernel *kn, size_t *ret_n);

Kernel segment_kernel(Arena *a);

#define ASSERT_CLOSE(a, b, tolerance)                                                              \
    do {                                                                                           \
        double a_ = (a), b_ = (b);                                                                 \
        if (!(fabs(a_ - b_) <= (tolerance)))                                                       \
            fail_msg("%s = %.17g, wanted %.17g ± %g", #a, a_, b_, (double)(tolerance));            \
    } while (0)
#define ASSERT_RELATIVE(a, b, share) ASSERT_CLOSE(a, b, fabs(b) * (share))
