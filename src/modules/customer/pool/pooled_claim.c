/* SPDX-License-Identifier: Apache-2.0 */
/* Who may claim from a pool, and how much. The limits are counted over everything the person did, seen or
 * not; a limit of 0 or none is no limit. What was counted holds when it is written: each claim moves a counter
 * of person and pool on from where it stood before the count, so that of two at once one counts again. */
#include "base/calendar.h"
#include "modules/customer/pool/pooled.h"

#define DAY_MS INT64_C(86400000)

static const char SQL_CLAIMS[] = "SELECT claims FROM {gx_claim} WHERE pool = ?1 AND holder = ?2";
static const char SQL_FIRST[] =
    "INSERT INTO {gx_claim} (pool, holder, claims) VALUES (?1, ?2, 0) ON CONFLICT DO NOTHING";
static const char SQL_NEXT[] =
    "UPDATE {gx_claim} SET claims = claims + 1 WHERE pool = ?1 AND holder = ?2 AND claims = ?3";

static bool is_member(const Ctx *cx, const Record *pool)
{
    for (size_t i = 0; i < cx->user->n_pools; i++)
        if (cx->user->pools[i] == pool->id)
            return true;
    return cx->user->is_administrator;
}

/* Claims from this pool by me since then; of one record, or (NULL) of all. */
static Status claims(Ctx *cx, const Record *pool, const Record *r, int64_t since_ms, int64_t most,
                     int64_t *ret)
{
    const Object *o = meta_object(cx->meta, STR("pool_entry"));
    Buf when = buf_in(cx->arena, 64);
    *ret = 0;
    if (!o)
        return ST_OK;
    calendar_write_datetime(&when, since_ms);
    Str filter = str_format(cx->arena,
                            "by = \"%lld\" and to_owner = \"%lld\" and pool = \"%lld\" and at >= "
                            "\"" STR_FMT "\"",
                            (long long)cx->user->id, (long long)cx->user->id, (long long)pool->id,
                            STR_ARG(buf_str(&when)));
    if (r)
        filter = str_format(cx->arena, STR_FMT " and record." STR_FMT ".id = \"%lld\"",
                            STR_ARG(filter), STR_ARG(r->object->name), (long long)r->id);
    return verb_count(cx, o, filter, most, ret);
}

static Status check_daily(Ctx *cx, const Record *pool)
{
    int64_t limit = pooled_number(pool, "claim_daily_limit"), n = 0;
    if (!limit)
        return ST_OK;
    int64_t offset = zone_offset(cx->zone, cx->now_ms);
    int64_t day = calendar_today(cx->now_ms, offset);
    TRY(claims(cx, pool, NULL, day * DAY_MS - offset, limit, &n));
    if (n < limit)
        return ST_OK;
    return FAIL(cx, ST_CONFLICT, "pool.daily_limit",
                "Today's limit of %lld claims from this pool is reached", (long long)limit);
}

static Status check_interval(Ctx *cx, const Record *pool, const Record *r)
{
    int64_t days = pooled_number(pool, "claim_interval_days"), n = 0;
    if (!days)
        return ST_OK;
    TRY(claims(cx, pool, r, cx->now_ms - days * DAY_MS, 1, &n));
    if (!n)
        return ST_OK;
    return FAIL(cx, ST_CONFLICT, "pool.interval",
                "You claimed this record within the last %lld days", (long long)days);
}

static Status check_cool_down(Ctx *cx, const Record *pool, const Record *r)
{
    int64_t days = pooled_number(pool, "previous_owner_days");
    const Value *since = verb_get(r, "pooled_at");
    if (!days || verb_link(r, "previous_owner") != cx->user->id || since->t != V_TIME ||
        since->i + days * DAY_MS <= cx->now_ms)
        return ST_OK;
    return FAIL(cx, ST_CONFLICT, "pool.cool_down",
                "A former owner may claim it again %lld days after it was given back",
                (long long)days);
}

static Status check_capacity(Ctx *cx, const Record *pool, const Object *o)
{
    int64_t limit = pooled_number(pool, "capacity"), n = 0;
    if (!limit)
        return ST_OK;
    Str filter = str_format(cx->arena, "owner = \"%lld\" and pool = \"%lld\"",
                            (long long)cx->user->id, (long long)pool->id);
    TRY(verb_count(cx, o, filter, limit, &n));
    if (n < limit)
        return ST_OK;
    return FAIL(cx, ST_CONFLICT, "pool.capacity", "You hold %lld records of this pool, its limit",
                (long long)limit);
}

Status pooled_is_seen(Ctx *cx, const Record *pool, const Record *r)
{
    bool seen = pool && is_member(cx, pool);
    if (!seen)
        TRY(query_visible(cx, r->object, r->id, &seen));
    return seen ? ST_OK : FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
}

/* Before the limits are counted; what stood there then must stand there when the claim is written. */
static Status one_at_a_time(Ctx *cx, Plan *plan, const Record *pool)
{
    int64_t claims = 0;
    bool found = false;
    DbVal v[] = {db_int(pool->id), db_int(cx->user->id), db_int(0)};
    TRY(db_get_int(cx, SQL_CLAIMS, v, 2, &claims, &found));
    v[2] = db_int(claims);
    plan_exec(plan, STR_SQL(SQL_FIRST), v, 2);
    plan_expect(plan, STR_SQL(SQL_NEXT), v, 3, 1);
    return ST_OK;
}

Status pooled_may_claim(Ctx *cx, Plan *plan, const Record *pool, const Record *r)
{
    const Value *active = verb_get(pool, "is_active");
    if (plan)
        TRY(one_at_a_time(cx, plan, pool));
    if (!is_member(cx, pool))
        return FAIL(cx, ST_DENIED, "pool.no_member", "You are no member of this pool");
    if (active->t != V_BOOL || !active->b)
        return FAIL(cx, ST_CONFLICT, "pool.closed", "The pool is not open");
    TRY(check_cool_down(cx, pool, r));
    TRY(check_interval(cx, pool, r));
    TRY(check_daily(cx, pool));
    return check_capacity(cx, pool, r->object);
}
