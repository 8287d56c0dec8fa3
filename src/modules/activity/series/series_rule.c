/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of "repeat" as a rule. */
#include "base/calendar.h"
#include "base/zone.h"
#include "modules/activity/series/series.h"

static bool works(const void *arg, int64_t day)
{
    const Meta *m = arg;
    int64_t more = meta_workdays_more(m, day) - meta_workdays_more(m, day - 1);
    return (calendar_weekday(day) <= 5 ? 1 : 0) + more > 0;
}

static RecurrenceUnit unit_of(const VerbCall *c)
{
    static const char *const WORDS[] = {"day", "week", "month_day", "month_weekday", "year"};
    const Value *v = verb_arg(c, "every");
    for (size_t i = 0; v->t == V_TEXT && i < COUNT_OF(WORDS); i++)
        if (str_is(v->s, WORDS[i]))
            return (RecurrenceUnit)i;
    return RECUR_DAY;
}

static unsigned weekdays_of(const VerbCall *c)
{
    static const char *const WORDS[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};
    unsigned days = 0;
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (verb_arg_has(c, "weekdays", WORDS[i]))
            days |= 1U << i;
    return days;
}

static int whole(const VerbCall *c, const char *name, int without)
{
    const Value *v = verb_arg(c, name);
    return v->t == V_INT ? (int)v->i : without;
}

Status series_rule(Ctx *cx, const VerbCall *c, int64_t first, Recurrence *ret)
{
    const Value *until = verb_arg(c, "last_day"), *rest = verb_arg(c, "workdays");
    *ret = (Recurrence){.unit = unit_of(c),
                        .interval = whole(c, "interval", 1),
                        .weekdays = weekdays_of(c),
                        .until = until->t == V_DATE ? until->i : RECUR_NO_END,
                        .count = whole(c, "count", 0),
                        .works = works,
                        .arg = cx->meta};
    if (rest->t == V_TEXT)
        ret->rest = str_is(rest->s, "skip")   ? RECUR_SKIP
                    : str_is(rest->s, "next") ? RECUR_NEXT
                                              : RECUR_KEEP;
    if ((until->t == V_DATE) == (ret->count > 0))
        return FIELD_FAIL(cx, STR("last_day"), "required", "activity.series_end",
                          "A last day or a number of times is needed, and only one of them");
    if (ret->until < first)
        return FIELD_FAIL(cx, STR("last_day"), "out_of_range", "activity.series_past",
                          "The last day lies before the first");
    return ST_OK;
}
