/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of numbers: where the counters of auto numbers stand, for plans that take many and move the
 * counters themselves. */
#include "record/record_internal.h"

static const char SQL_RUN[] = "SELECT value FROM {gx_counter} WHERE name = ?1";
static const char SQL_RUN_NEW[] = "INSERT INTO {gx_counter} (name, value) VALUES (?1, ?2)";
static const char SQL_RUN_MOVE[] =
    "UPDATE {gx_counter} SET value = ?2 WHERE name = ?1 AND value = ?3";

typedef struct Period { /* of one field: where its counter stands */
    Str name;
    int64_t stored, used;
    bool found;
} Period;

struct NumberRun {
    Arena *arena;
    Map periods; /* counter → Period * */
};

NumberRun *number_run_new(Arena *a)
{
    NumberRun *run = ARENA_NEW(a, NumberRun);
    run->arena = a;
    run->periods = map_in(a);
    return run;
}

static Status period_of(Ctx *cx, NumberRun *run, Str counter, Period **ret)
{
    *ret = map_get(&run->periods, counter);
    if (*ret)
        return ST_OK;
    Period *p = ARENA_NEW(run->arena, Period);
    DbVal key = db_text(counter);
    TRY(db_get_int(cx, SQL_RUN, &key, 1, &p->stored, &p->found));
    p->name = str_copy(run->arena, counter);
    p->used = p->stored;
    map_put(&run->periods, p->name, p);
    *ret = p;
    return ST_OK;
}

Status number_run_take(Ctx *cx, NumberRun *run, const Field *f, Str *ret)
{
    Period *p = NULL;
    TRY(period_of(cx, run, number_counter(cx, f), &p));
    *ret = number_text(cx, f, ++p->used);
    return ST_OK;
}

void number_run_plan(NumberRun *run, Plan *plan)
{
    for (size_t i = 0; i < run->periods.n; i++) {
        Period *p = run->periods.entries[i].value;
        const DbVal v[] = {db_text(p->name), db_int(p->used), db_int(p->stored)};
        if (p->used == p->stored)
            continue;
        if (p->found)
            plan_expect(plan, STR_SQL(SQL_RUN_MOVE), v, 3, 1);
        else
            plan_exec(plan, STR_SQL(SQL_RUN_NEW), v, 2);
        p->stored = p->used;
        p->found = true;
    }
}
