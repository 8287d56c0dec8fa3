/* SPDX-License-Identifier: Apache-2.0 */
/* Cohorts against reference/cohort.json; totals; the pooled line's denominators; faults. */
#include "analytics/cohort.h"
#include "segment_data.h"

static int64_t integer_at(const json_t *table, size_t i, size_t j)
{
    return json_integer_value(json_array_get(json_array_get(table, i), j));
}

static double number_at(const json_t *table, size_t i, size_t j)
{
    return json_number_value(json_array_get(json_array_get(table, i), j));
}

static void check_table(const CohortTable *t, const json_t *want, int scale)
{
    double unit = pow(10, scale);
    assert_int_equal(t->cohorts, json_array_size(json_object_get(want, "cohorts")));
    for (size_t g = 0; g < t->cohorts; g++) {
        assert_int_equal(t->size[g],
                         json_integer_value(json_array_get(json_object_get(want, "size"), g)));
        for (size_t age = 0; age < t->periods; age++) {
            size_t at = g * t->periods + age;
            assert_int_equal(t->active[at], integer_at(json_object_get(want, "active"), g, age));
            ASSERT_CLOSE((double)t->revenue[at] / unit,
                         number_at(json_object_get(want, "revenue"), g, age), 0.01);
            ASSERT_CLOSE((double)t->active[at] / (double)t->size[g],
                         number_at(json_object_get(want, "retention"), g, age), 1e-6);
        }
    }
}

static CohortTable table_of(Arena *a, const Log *log)
{
    Kernel kn = segment_kernel(a);
    CohortTable t;
    ASSERT_OK(cohort_table(&kn, log->customer, log->month, log->amount, log->rows, log->customers,
                           log->months, false, &t));
    return t;
}

TEST(cohort, agrees_with_the_reference_on_online_retail)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    json_t *ref = segment_data_reference("cohort");
    const json_t *want = json_object_get(ref, "online_retail_monthly");
    Log log = segment_data_retail(a);
    CohortTable t = table_of(a, &log);
    check_table(&t, want, log.scale);
    json_t *pooled = json_object_get(want, "overall_retention_by_age");
    for (size_t age = 0; age < t.periods; age++)
        ASSERT_CLOSE(t.pooled[age], json_number_value(json_array_get(pooled, age)), 1e-6);
    json_decref(ref);
    arena_free(a);
}

/* The pooled line of this file is not the reference's: that one takes an age as observed only while
 * cohort number + age < number of cohorts (3), against its own definition; its value at age 1 divides
 * the actives of three cohorts by the sizes of two (345/1638) and is empty from age 3 on, though all
 * three cohorts are observed to age 15. By the definition it is 345/2357. */
TEST(cohort, agrees_with_the_reference_on_cdnow_and_pools_by_the_definition)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    json_t *ref = segment_data_reference("cohort");
    Log log = segment_data_cdnow(a);
    CohortTable t = table_of(a, &log);
    check_table(&t, json_object_get(ref, "cdnow_sample_monthly"), log.scale);
    ASSERT_CLOSE(t.pooled[1], (124 + 134 + 87) / 2357.0, 1e-15);
    ASSERT_CLOSE(t.pooled[16], (double)(t.active[16] + t.active[18 + 16]) / (781 + 857), 1e-15);
    ASSERT_CLOSE(t.pooled[17], 33 / 781.0, 1e-15);
    json_decref(ref);
    arena_free(a);
}

TEST(cohort, totals_are_those_of_the_rows)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    int32_t customer[500], period[500];
    int64_t amount[500], sum = 0;
    Random r = random_of(5, 0);
    for (int i = 0; i < 500; i++) {
        customer[i] = i < 60 ? i : (int32_t)random_below(&r, 60);
        period[i] = (int32_t)random_below(&r, 100); /* more than one word of bits */
        amount[i] = (int64_t)random_below(&r, 1000);
        sum += amount[i];
    }
    CohortTable t, u;
    ASSERT_OK(cohort_table(&kn, customer, period, amount, 500, 60, 100, true, &t));
    int64_t revenue = 0, size = 0, first = 0;
    for (size_t i = 0; i < t.cohorts * t.periods; i++)
        revenue += t.revenue[i];
    for (size_t g = 0; g < t.cohorts; g++) {
        size += t.size[g];
        first += t.active[g * t.periods];
    }
    assert_int_equal(revenue, sum);
    assert_int_equal(size, 60);
    assert_int_equal(first, 60);
    for (int i = 0; i < 250; i++) { /* turn the rows around */
        int32_t c = customer[i], p = period[i];
        customer[i] = customer[499 - i];
        period[i] = period[499 - i];
        customer[499 - i] = c;
        period[499 - i] = p;
    }
    ASSERT_OK(cohort_table(&kn, customer, period, NULL, 500, 60, 100, true, &u));
    assert_memory_equal(t.active, u.active, t.cohorts * t.periods * sizeof(int64_t));
    arena_free(a);
}

TEST(cohort, divides_only_by_cohorts_that_are_old_enough)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    /* two came in period 0, two in period 1; the last period, 2, still runs */
    int32_t customer[] = {0, 1, 2, 3, 0, 0, 2}, period[] = {0, 0, 1, 1, 1, 2, 2};
    CohortTable t;
    ASSERT_OK(cohort_table(&kn, customer, period, NULL, 7, 4, 3, true, &t));
    ASSERT_CLOSE(t.pooled[1], 2 / 4.0, 0);
    ASSERT_CLOSE(t.pooled[2], 1 / 2.0, 0);
    ASSERT_CLOSE(t.pooled_full[1], 1 / 2.0,
                 0); /* only the first cohort has a whole period behind it */
    assert_true(isnan(t.pooled_full[2]));
    assert_false(t.observed[1 * 3 + 2]);
    arena_free(a);
}

TEST(cohort, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    int32_t customer[] = {0, 1, 9}, period[] = {0, 1, 1}, late[] = {0, 3, 1};
    CohortTable t;
    ASSERT_ST(ST_INVALID, cohort_table(&kn, customer, period, NULL, 3, 2, 2, false, &t));
    assert_int_equal(kn.fault.row, 2);
    ASSERT_ST(ST_INVALID, cohort_table(&kn, customer, late, NULL, 2, 2, 2, false, &t));
    assert_int_equal(kn.fault.column, 1);
    ASSERT_ST(ST_INVALID, cohort_table(&kn, customer, period, NULL, 2, 3, 2, false, &t));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    assert_int_equal(kn.fault.row, 2);
    ASSERT_ST(ST_TOO_LARGE, cohort_table(&kn, customer, period, NULL, 2, 2, 5000, false, &t));
    ASSERT_ST(ST_INVALID, cohort_table(&kn, customer, period, NULL, 0, 2, 2, false, &t));
    arena_free(a);
}

TEST_MAIN("cohort")
