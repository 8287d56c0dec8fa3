/* SPDX-License-Identifier: Apache-2.0 */
/* Workdays of the organisation: Monday to Friday, without the public holidays and with the weekends that
 * are worked instead (调休). The years that are known ship as seed/workdays.json; the setting
 * `work_calendar` adds days of the organisation's own, which win, or does without the shipped ones:
 * {"base":"CN"|"none","holidays":["2027-02-05/2027-02-12"],"makeup_days":["2027-01-31"]}.
 *
 * What is kept is a step function: how many workdays more or less than Monday to Friday there were up to
 * a day. Both back ends of the expression language add it (expr_date.c, expr_sql_date.c). */
#include "base/calendar.h"
#include "base/embed.h"
#include "meta/meta_build.h"
#include <stdlib.h>

#define DAYS_MAX 4000 /* in all */
#define LIST_MAX 500  /* entries of one list */
#define RANGE_MAX 60  /* days of one entry */

typedef struct WorkDay {
    int64_t day;
    int order; /* later ones win */
    bool works;
} WorkDay;

typedef struct Days {
    MetaBuild *b;
    WorkDay v[DAYS_MAX];
    size_t n;
    int order;
} Days;

static bool read_range(Str text, int64_t *ret_from, int64_t *ret_to)
{
    Str rest = text, from;
    str_split(&rest, '/', &from);
    if (!calendar_parse_date(from, ret_from))
        return false;
    *ret_to = *ret_from;
    if (!rest.n)
        return str_find(text, STR("/")) == SIZE_MAX;
    return calendar_parse_date(rest, ret_to) && *ret_to >= *ret_from &&
           *ret_to - *ret_from < RANGE_MAX;
}

bool meta_workdays_list(const json_t *list)
{
    if (list && (!json_is_array(list) || json_array_size(list) > LIST_MAX))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        int64_t from, to;
        if (!read_range(json_str(json_array_get(list, i)), &from, &to))
            return false;
    }
    return true;
}

static Status damaged(Days *d)
{
    return FAIL(d->b->cx, ST_INTERNAL, "meta.bad_workdays", "the work calendar is damaged");
}

static Status add_list(Days *d, const json_t *list, bool works)
{
    if (!meta_workdays_list(list))
        return damaged(d);
    for (size_t i = 0; i < json_array_size(list); i++) {
        int64_t day, to;
        read_range(json_str(json_array_get(list, i)), &day, &to);
        for (; day <= to; day++) {
            if (d->n == DAYS_MAX)
                return damaged(d);
            d->v[d->n++] = (WorkDay){.day = day, .order = d->order++, .works = works};
        }
    }
    return ST_OK;
}

static Status add_calendar(Days *d, const json_t *calendar)
{
    TRY(add_list(d, json_object_get(calendar, "holidays"), false));
    return add_list(d, json_object_get(calendar, "makeup_days"), true);
}

static Status add_shipped(Days *d)
{
    for (size_t i = 0; i < embed_meta_count; i++) {
        if (!str_ends(str_of(embed_meta[i].path), STR("seed/workdays.json")))
            continue;
        json_t *file = NULL;
        TRY(json_parse(d->b->cx, str_n((const char *)embed_meta[i].data, embed_meta[i].size),
                       &file));
        const json_t *years = json_object_get(file, "years");
        for (size_t k = 0; k < json_array_size(years); k++)
            TRY(add_calendar(d, json_array_get(years, k)));
    }
    return ST_OK;
}

static int compare_days(const void *a, const void *b)
{
    const WorkDay *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->order - y->order;
}

/* A holiday on a weekend and a workday in the week change nothing. */
static int difference(const WorkDay *d)
{
    bool weekend = calendar_weekday(d->day) > 5;
    return d->works == !weekend ? 0 : d->works ? 1 : -1;
}

static void make_steps(Days *d)
{
    Meta *m = d->b->m;
    int64_t total = 0;
    qsort(d->v, d->n, sizeof(*d->v), compare_days);
    m->workdays = ARENA_ARRAY(d->b->arena, MetaWorkdays, d->n + 1);
    for (size_t i = 0; i < d->n; i++) {
        bool last = i + 1 == d->n || d->v[i + 1].day != d->v[i].day;
        int more = last ? difference(&d->v[i]) : 0;
        if (!more)
            continue;
        total += more;
        m->workdays[m->n_workdays++] = (MetaWorkdays){.day = d->v[i].day, .total = total};
    }
}

Status meta_workdays_build(MetaBuild *b, Str setting)
{
    json_t *own = NULL;
    Days *d = ARENA_NEW(b->cx->arena, Days);
    d->b = b;
    TRY(json_parse(b->cx, setting.n ? setting : STR("{}"), &own));
    if (!str_is(json_get_str(own, "base"), "none"))
        TRY(add_shipped(d));
    TRY(add_calendar(d, own));
    make_steps(d);
    return ST_OK;
}

int64_t meta_workdays_more(const Meta *m, int64_t day)
{
    size_t low = 0, high = m ? m->n_workdays : 0; /* the first step behind the day */
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (m->workdays[mid].day <= day)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? m->workdays[low - 1].total : 0;
}
