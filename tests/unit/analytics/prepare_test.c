/* SPDX-License-Identifier: Apache-2.0 */
/* Preparation of columns: what is fitted, what is applied, replay, faults. */
#include "analytics/prepare.h"
#include "segment_data.h"

TEST(prepare, standardises_with_either_divisor)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[] = {1, 2, 3, 4, 10}, y[5];
    PrepareOptions o = {.scale = PREPARE_Z0};
    PrepareColumn c;
    ASSERT_OK(prepare_fit(&kn, x, 5, 0, &o, &c));
    ASSERT_CLOSE(c.centre, 4, 0);
    ASSERT_RELATIVE(c.scale, sqrt(10), 1e-15);
    ASSERT_OK(prepare_apply(&kn, &c, x, 5, 0, y, 1));
    ASSERT_RELATIVE(y[4], 6 / sqrt(10), 1e-15);
    o.scale = PREPARE_Z1;
    ASSERT_OK(prepare_fit(&kn, x, 5, 0, &o, &c));
    ASSERT_RELATIVE(c.scale, sqrt(12.5), 1e-15);
    arena_free(a);
}

TEST(prepare, fills_clips_and_takes_logarithms_in_this_order)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[] = {0, 1, 2, 3, 1000, NAN}, y[12];
    PrepareOptions o = {
        .fill = PREPARE_MEDIAN, .clip = 0.25, .is_log = true, .scale = PREPARE_AS_IS};
    PrepareColumn c;
    ASSERT_OK(prepare_fit(&kn, x, 6, 0, &o, &c));
    ASSERT_CLOSE(c.fill, 2, 0);
    ASSERT_CLOSE(c.low, 1, 0);
    ASSERT_CLOSE(c.high, 3, 0);
    ASSERT_OK(prepare_apply(&kn, &c, x, 6, 0, y, 2));
    ASSERT_CLOSE(y[0], log(2), 1e-15); /* 0 is clipped to 1 */
    ASSERT_CLOSE(y[8], log(4), 1e-15);
    ASSERT_CLOSE(y[10], log(3), 1e-15); /* the gap became the median */
    double other[] = {2};
    ASSERT_OK(prepare_apply(&kn, &c, other, 1, 0, y, 1)); /* new rows by the old recipe */
    ASSERT_CLOSE(y[0], log(3), 1e-15);
    arena_free(a);
}

TEST(prepare, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    PrepareOptions z = {.scale = PREPARE_Z0}, ln = {.is_log = true};
    PrepareColumn c;
    double same[] = {7, 7, 7}, none[] = {NAN, NAN}, low[] = {1, -1, 2}, big[] = {1, INFINITY};
    ASSERT_ST(ST_INVALID, prepare_fit(&kn, same, 3, 4, &z, &c));
    assert_int_equal(kn.fault.kind, FAULT_CONSTANT);
    assert_int_equal(kn.fault.column, 4);
    ASSERT_ST(ST_INVALID, prepare_fit(&kn, none, 2, 1, &z, &c));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    ASSERT_ST(ST_INVALID, prepare_fit(&kn, low, 3, 1, &ln, &c));
    assert_int_equal(kn.fault.kind, FAULT_RANGE);
    assert_int_equal(kn.fault.row, 1);
    ASSERT_ST(ST_INVALID, prepare_fit(&kn, big, 2, 1, &z, &c));
    assert_int_equal(kn.fault.kind, FAULT_NOT_FINITE);
    ASSERT_ST(ST_INVALID, prepare_fit(&kn, same, 1, 1, &(PrepareOptions){.scale = PREPARE_Z1}, &c));
    c = (PrepareColumn){
        .fill = NAN, .low = -INFINITY, .high = INFINITY, .is_log = true, .scale = 1};
    double y[3];
    ASSERT_ST(ST_INVALID, prepare_apply(&kn, &c, low, 3, 0, y, 1));
    assert_int_equal(kn.fault.row, 1);
    arena_free(a);
}

TEST_MAIN("prepare")
