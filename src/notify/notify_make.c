/* SPDX-License-Identifier: Apache-2.0 */
/* From what happened to rows. A message is kept if its person wants the kind and may read the record
 * now; both are asked as that person. */
#include "base/id.h"
#include "notify/notify_internal.h"
#include "notify/push.h"

static const char SQL_ONCE[] =
    "INSERT INTO {gx_message} (id, user_id, kind, key, object, record, source_object, source, "
    "by_user, times, at, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?11) "
    "ON CONFLICT (user_id, key) DO NOTHING";
static const char SQL_AGAIN[] =
    "INSERT INTO {gx_message} AS m (id, user_id, kind, key, object, record, source_object, source, "
    "by_user, times, at, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?11) "
    "ON CONFLICT (user_id, key) DO UPDATE SET id = excluded.id, at = excluded.at, "
    "by_user = excluded.by_user, source_object = excluded.source_object, "
    "source = excluded.source, digest = excluded.digest, times = CASE WHEN m.read_at IS NULL THEN "
    "m.times + 1 ELSE 1 END, "
    "read_at = NULL";
static const char SQL_SWEEP[] =
    "DELETE FROM {gx_message} AS m WHERE m.at < ?1 AND EXISTS (SELECT 1 FROM (SELECT id FROM "
    "{gx_message} WHERE at < ?1 ORDER BY at LIMIT 1000) o WHERE o.id = m.id)";

const char *const notify_kinds[NOTIFY_KINDS] = {
    "mention", "comment", "assigned", "shared", "follow", "due", "remind", "job", "pool", "digest"};

bool notify_kind(Str word, NotifyKind *ret)
{
    for (size_t i = 0; i < NOTIFY_KINDS; i++)
        if (str_is(word, notify_kinds[i])) {
            *ret = (NotifyKind)i;
            return true;
        }
    return false;
}

void notify_push(Ctx *cx, Messages *m, Message one)
{
    if (one.user && one.user != USER_SYSTEM && one.user != one.by)
        VEC_PUSH(cx->arena, &m->all, one);
}

static Status may_see(Ctx *cx, const Message *one, bool *ret)
{
    const Object *o = meta_object(cx->meta, one->object);
    *ret = one->kind == NOTIFY_JOB;
    if (!*ret && o)
        TRY(query_visible(cx, o, one->record, ret));
    return ST_OK;
}

/* Asked as the person of the message. */
static Status is_for(Ctx *cx, Message *one, bool *ret)
{
    const User *system = cx->user, *u = NULL;
    *ret = false;
    TRY(notify_wants(cx, one->user, one->kind, NOTIFY_PRODUCT, ret));
    if (!*ret)
        return ST_OK;
    TRY(notify_wants(cx, one->user, one->kind, NOTIFY_DESKTOP, &one->desktop));
    TRY(notify_wants(cx, one->user, one->kind, NOTIFY_LATER, &one->waits));
    *ret = false;
    Status st = access_user_load(cx, system->store, one->user, &u);
    if (st == ST_UNAUTHENTICATED) { /* left, or not there yet */
        error_clear(cx);
        return ST_OK;
    }
    TRY(st);
    access_act_as(cx, u);
    st = may_see(cx, one, ret);
    access_act_as(cx, system);
    access_user_release(u);
    return st;
}

Status notify_keep(Ctx *cx, Messages *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->all.n; i++) {
        bool is = false;
        TRY(is_for(cx, &m->all.v[i], &is));
        if (is)
            m->all.v[kept++] = m->all.v[i];
    }
    m->all.n = kept;
    return ST_OK;
}

void notify_add(DbPool *pool, Plan *plan, const Messages *m)
{
    for (size_t i = 0; i < m->all.n; i++) {
        const Message *one = &m->all.v[i];
        Id id = idgen_next(db_ids(pool));
        const DbVal v[] = {db_int(id),
                           db_int(one->user),
                           db_text(str_of(notify_kinds[one->kind])),
                           db_text(one->key),
                           db_text(one->object),
                           db_int(one->record),
                           one->source ? db_text(one->source_object) : db_null(DB_TEXT),
                           one->source ? db_int(one->source) : db_null(DB_INT),
                           one->by ? db_int(one->by) : db_null(DB_INT),
                           db_int(one->at),
                           one->waits ? db_int(0) : db_null(DB_INT)};
        plan_exec(plan, one->again ? STR_SQL(SQL_AGAIN) : STR_SQL(SQL_ONCE), v, COUNT_OF(v));
        if (one->desktop && !one->waits)
            push_queue(plan, id, one->user, one->at);
    }
}

Status notify_job(Ctx *cx, Plan *plan, Id job, const Id *users, size_t n)
{
    Messages m = {0};
    for (size_t i = 0; i < n; i++)
        notify_push(cx, &m,
                    (Message){.user = users[i],
                              .kind = NOTIFY_JOB,
                              .key = str_format(cx->arena, "job:%lld", (long long)job),
                              .object = STR("job"),
                              .record = job,
                              .at = cx->now_ms});
    notify_add(cx->records->pool, plan, &m);
    return ST_OK;
}

Status notify_shared(Ctx *cx, Plan *plan, const AccessShare *s)
{
    bool wants = false, desktop = false, waits = false;
    if (s->kind != SHARE_USER || s->principal == cx->user->id)
        return ST_OK;
    TRY(notify_wants(cx, s->principal, NOTIFY_SHARED, NOTIFY_PRODUCT, &wants));
    if (!wants)
        return ST_OK;
    TRY(notify_wants(cx, s->principal, NOTIFY_SHARED, NOTIFY_DESKTOP, &desktop));
    TRY(notify_wants(cx, s->principal, NOTIFY_SHARED, NOTIFY_LATER, &waits));
    Messages m = {0};
    notify_push(cx, &m,
                (Message){.user = s->principal,
                          .kind = NOTIFY_SHARED,
                          .again = true,
                          .key = str_format(cx->arena, "shared:" STR_FMT ":%lld",
                                            STR_ARG(s->object->name), (long long)s->record),
                          .object = s->object->name,
                          .record = s->record,
                          .by = cx->user->id,
                          .at = cx->now_ms,
                          .desktop = desktop,
                          .waits = waits});
    notify_add(cx->records->pool, plan, &m);
    return ST_OK;
}

void notify_sweep(Plan *plan, int64_t before_ms)
{
    DbVal v = db_int(before_ms);
    plan_exec(plan, STR_SQL(SQL_SWEEP), &v, 1);
}
