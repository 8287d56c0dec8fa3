/* SPDX-License-Identifier: Apache-2.0 */
/* Time buckets as integer arithmetic in SQL, the same text on both engines.
 *
 * Year, month and day come from C. Neri and L. Schneider, "Euclidean affine functions and their
 * application to calendar algorithms" (2021): with z days since 0000-03-01 (z > 0 from year 1 on)
 * and months counted from March, each formula uses z few times and needs no intermediate names.
 * Instants become local by a CASE over the zone's steps. */
#include "expr/expr_emit.h"

#define MS_PER_DAY INT64_C(86400000)
#define SHIFT_DAYS INT64_C(800000) /* makes every time of the years 1…9999 positive */
#define LONG_TEXT 1000             /* bytes: from here on a value is bound in a subquery */

/* $ stands for the value. */
static void fill(Sql *q, const char *form, const Sql *value)
{
    for (; *form; form++) {
        if (*form == '$')
            sql_append(q, value);
        else
            buf_char(&q->text, *form);
    }
}

/* Opens a subquery that names a long text once; a short one stays as it is. */
static Sql open_value(Sql *q, const Sql *value, bool is_long)
{
    if (!is_long)
        return *value;
    sql_lit(q, "(SELECT ");
    Sql name = sql_fragment(q);
    sql_lit(&name, "z.\"v\"");
    return name;
}

static void close_value(Sql *q, const Sql *value, bool is_long)
{
    if (!is_long)
        return;
    sql_lit(q, " FROM (SELECT ");
    sql_append(q, value);
    sql_lit(q, " AS \"v\" LIMIT 1) AS z)");
}

static void write_below(Sql *q, const Sql *value, int64_t start)
{
    sql_lit(q, " WHEN ");
    sql_append(q, value);
    sql_lit(q, " < ");
    sql_number(q, start);
    sql_lit(q, " THEN ");
}

/* The offset that holds from step `from` to `to`. */
static void write_some_offsets(Sql *q, const Sql *value, const Zone *z, const int64_t *starts,
                               size_t from, size_t to)
{
    if (to - from > 1)
        sql_lit(q, "CASE");
    for (size_t i = from; i + 1 < to; i++) {
        write_below(q, value, starts[i + 1]);
        sql_number(q, z->steps[i].offset_ms);
    }
    if (to - from > 1)
        sql_lit(q, " ELSE ");
    sql_number(q, z->steps[to - 1].offset_ms);
    if (to - from > 1)
        sql_lit(q, " END");
}

/* The offset that holds at `value`: a list of lists, for few comparisons (a zone may have 260
 * steps) and little nesting. */
static void write_offset(Sql *q, const Sql *value, const Zone *z, const int64_t *starts)
{
    size_t group = 1;
    while (group * group < z->n)
        group++;
    if (z->n <= group) {
        write_some_offsets(q, value, z, starts, 0, z->n);
        return;
    }
    sql_lit(q, "CASE");
    size_t from = 0;
    for (; from + group < z->n; from += group) {
        write_below(q, value, starts[from + group]);
        write_some_offsets(q, value, z, starts, from, from + group);
    }
    sql_lit(q, " ELSE ");
    write_some_offsets(q, value, z, starts, from, z->n);
    sql_lit(q, " END");
}

/* Instants: a step holds from its own time on. */
static int64_t *utc_starts(const Sql *q, const Zone *z)
{
    int64_t *starts = ARENA_ARRAY(q->arena, int64_t, z->n);
    for (size_t i = 0; i < z->n; i++)
        starts[i] = z->steps[i].from_ms;
    return starts;
}

/* Local days: in a gap the later, in an overlap the earlier instant, as zone_to_utc does. */
static int64_t *local_day_starts(const Sql *q, const Zone *z)
{
    int64_t *starts = ARENA_ARRAY(q->arena, int64_t, z->n);
    for (size_t i = 1; i < z->n; i++) {
        int64_t before = z->steps[i - 1].offset_ms, after = z->steps[i].offset_ms;
        int64_t local = z->steps[i].from_ms + (before > after ? before : after);
        starts[i] = calendar_floor_div(local + MS_PER_DAY - 1, MS_PER_DAY);
    }
    return starts;
}

static void write_local_ms(Sql *q, const Sql *ms, const Zone *z)
{
    sql_lit(q, "(");
    sql_append(q, ms);
    sql_lit(q, " + ");
    write_offset(q, ms, z, utc_starts(q, z));
    sql_lit(q, " + ");
    sql_number(q, SHIFT_DAYS * MS_PER_DAY);
    sql_lit(q, ")");
}

static bool is_long_for(const Sql *value, const Zone *z)
{
    return z->n > 1 && sql_text(value).n * z->n > LONG_TEXT && sql_text(value).n > 20;
}

void expr_sql_local_day(Sql *q, const Sql *ms, const Zone *z)
{
    bool is_long = is_long_for(ms, z);
    Sql value = open_value(q, ms, is_long);
    sql_lit(q, "(");
    write_local_ms(q, &value, z);
    sql_lit(q, " / ");
    sql_number(q, MS_PER_DAY);
    sql_lit(q, " - ");
    sql_number(q, SHIFT_DAYS);
    sql_lit(q, ")");
    close_value(q, ms, is_long);
}

void expr_sql_hour(Sql *q, const Sql *ms, const Zone *z)
{
    bool is_long = is_long_for(ms, z);
    Sql value = open_value(q, ms, is_long);
    sql_lit(q, "(");
    write_local_ms(q, &value, z);
    sql_lit(q, " % ");
    sql_number(q, MS_PER_DAY);
    sql_lit(q, " / 3600000)");
    close_value(q, ms, is_long);
}

void expr_sql_start_of_local(Sql *q, const Sql *day, const Zone *z)
{
    bool is_long = is_long_for(day, z);
    Sql value = open_value(q, day, is_long);
    sql_lit(q, "(");
    sql_append(q, &value);
    sql_lit(q, " * ");
    sql_number(q, MS_PER_DAY);
    sql_lit(q, " - (");
    write_offset(q, &value, z, local_day_starts(q, z));
    sql_lit(q, "))");
    close_value(q, day, is_long);
}

/* z = $ + 719468; (4z+3)/146097: centuries; ((4z+3)%146097/4*4+3)/1461: years of the century; its
 * rest / 4: days since 1 March; (2141 × that + 197913) / 65536: month 3…14. */
#define CENTURIES "(4 * ($ + 719468) + 3)"
#define YEARS "(" CENTURIES " % 146097 / 4 * 4 + 3)"
#define MONTHS "(2141 * (" YEARS " % 1461 / 4) + 197913)"
#define MONTH_NUMBER                                                                               \
    "(" CENTURIES " / 146097 * 1200 + " YEARS " / 1461 * 12 + " MONTHS " / 65536 - 1)"

void expr_sql_bucket(Sql *q, const Sql *day, ExprBucket unit)
{
    bool is_long = unit > BUCKET_WEEK && sql_text(day).n > LONG_TEXT;
    Sql value = open_value(q, day, is_long);
    switch (unit) {
    case BUCKET_DAY: fill(q, "$", &value); break;
    case BUCKET_WEEK: fill(q, "(($ + 770003) / 7 - 110000)", &value); break;
    case BUCKET_MONTH: fill(q, MONTH_NUMBER, &value); break;
    case BUCKET_QUARTER: fill(q, "(" MONTH_NUMBER " / 3)", &value); break;
    case BUCKET_YEAR: fill(q, "(" MONTH_NUMBER " / 12)", &value); break;
    }
    close_value(q, day, is_long);
}

void expr_sql_day_of_month(Sql *q, const Sql *day)
{
    fill(q, "(" MONTHS " % 65536 / 2141 + 1)", day);
}

/* With k = months since 0000-03: 365 days a year, a leap day every 48, not 1200, but 4800 months. */
void expr_sql_first_of_month(Sql *q, const Sql *month)
{
    fill(q,
         "(($ - 2) / 12 * 365 + ($ - 2) / 48 - ($ - 2) / 1200 + ($ - 2) / 4800 + "
         "(153 * (($ - 2) % 12) + 2) / 5 - 719468)",
         month);
}
