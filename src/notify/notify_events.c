/* SPDX-License-Identifier: Apache-2.0 */
/* From the event log to messages: who was named, whose record it is now, who follows it. What the system
 * or a rule did without a person is told to nobody. */
#include "notify/notify_internal.h"

#define QUIET_PAGES 20 /* of which nobody is told, read in one turn */
#define QUIET_FROM 8   /* records made by one person: fewer are read one by one */
#define POSITION "notify.seq"

static const char SQL_READ[] =
    "SELECT o.seq, o.object, o.record, o.version, o.action, c.by_user, c.batch, c.at, "
    "EXISTS (SELECT 1 FROM {gx_mark} k WHERE k.record = o.record AND k.kind = 'follow') FROM "
    "{gx_outbox} o JOIN {gx_change} c ON c.id = o.change WHERE o.seq > ?1 ORDER BY o.seq LIMIT ?2";
static const char SQL_FOLLOWERS[] =
    "SELECT user_id FROM {gx_mark} WHERE record = ?1 AND kind = 'follow' AND object = ?2";

typedef struct Happened {
    int64_t seq, version, at;
    Id record, by, batch;
    Str object_name, action;
    bool quiet; /* nobody is told */
    const Object *object;
    bool followed; /* somebody follows a record of this id */
    Record *r;     /* as it is now */
    Record *was;   /* before this event; NULL: not asked, or not known any more */
    bool asked;
} Happened;

typedef struct Told { /* of this event already: the stronger reason is said first */
    VEC(Id) all;
} Told;

static Status read_page(Ctx *cx, int64_t after, Happened *ret, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    *ret_n = 0;
    TRY(db_prepare(cx, SQL_READ, &q));
    TRY(db_bind_int(q, 1, after));
    TRY(db_bind_int(q, 2, NOTIFY_PAGE));
    for (bool more; *ret_n < NOTIFY_PAGE;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        Happened *h = &ret[(*ret_n)++];
        *h = (Happened){.seq = db_col_int(q, 0),
                        .object_name = str_copy(cx->arena, db_col_text(q, 1)),
                        .record = db_col_id(q, 2),
                        .version = db_col_int(q, 3),
                        .action = str_copy(cx->arena, db_col_text(q, 4)),
                        .by = db_col_null(q, 5) ? 0 : db_col_id(q, 5),
                        .batch = db_col_null(q, 6) ? 0 : db_col_id(q, 6),
                        .at = db_col_int(q, 7),
                        .followed = db_col_bool(q, 8)};
    }
    return ST_OK;
}

static bool is_told(const Told *t, Id user)
{
    for (size_t i = 0; i < t->all.n; i++)
        if (t->all.v[i] == user)
            return true;
    return false;
}

static void tell(Ctx *cx, Messages *m, Told *t, Message one)
{
    if (is_told(t, one.user))
        return;
    VEC_PUSH(cx->arena, &t->all, one.user);
    notify_push(cx, m, one);
}

static Str key_of(Ctx *cx, const char *what, Str object, Id id)
{
    return str_format(cx->arena, "%s:" STR_FMT ":%lld", what, STR_ARG(object), (long long)id);
}

static const Value *value_of(const Record *r, const char *name)
{
    static const Value none = {.t = V_NULL};
    const Field *f = object_field(r->object, str_of(name));
    return f ? record_get(r, f) : &none;
}

/* What the record was written about; itself where it is about nothing. */
static Message message_about(const Happened *h, NotifyKind kind, const Value *about)
{
    Message one = {
        .kind = kind, .object = h->object->name, .record = h->record, .by = h->by, .at = h->at};
    if (about->t != V_REF)
        return one;
    one.source_object = h->object->name;
    one.source = h->record;
    one.object = about->ref.object;
    one.record = about->ref.id;
    return one;
}

static bool holds_mentions(const Object *o)
{
    const Field *f = object_field(o, STR("mentions"));
    return f && f->kind == F_LINKS && str_is(f->to_name, "user");
}

static void tell_mentioned(Ctx *cx, const Happened *h, Messages *m, Told *t)
{
    const Value *people = value_of(h->r, "mentions");
    if (!holds_mentions(h->object) || people->t != V_IDS)
        return;
    Message one = message_about(h, NOTIFY_MENTION, value_of(h->r, "about"));
    one.key = key_of(cx, "mention", h->object->name, h->record);
    for (size_t i = 0; i < people->ids.n; i++) {
        one.user = people->ids.p[i];
        tell(cx, m, t, one);
    }
}

static Status owner_of(Ctx *cx, Str object, Id id, Id *ret)
{
    const Object *o = meta_object(cx->meta, object);
    Record *r = NULL;
    *ret = 0;
    if (!o || !o->owner)
        return ST_OK;
    TRY(record_load_stored(cx, o, id, &r));
    const Value *v = r ? record_get(r, o->owner) : NULL;
    *ret = v && v->t == V_ID ? v->i : 0;
    return ST_OK;
}

/* Words about a record of somebody: to its owner. */
static Status tell_owner(Ctx *cx, const Happened *h, Messages *m, Told *t)
{
    const Value *about = value_of(h->r, "about");
    if (!str_is(h->action, "create") || !holds_mentions(h->object) || about->t != V_REF)
        return ST_OK;
    Message one = message_about(h, NOTIFY_COMMENT, about);
    TRY(owner_of(cx, one.object, one.record, &one.user));
    one.key = key_of(cx, "comment", h->object->name, h->record);
    tell(cx, m, t, one);
    return ST_OK;
}

/* What the field held before this event; false where that cannot be said any more. */
static Status value_before(Ctx *cx, Happened *h, const Field *f, Value *ret, bool *ret_known)
{
    if (!h->asked && h->version > 1 && h->object->history)
        TRY(record_image_version(cx, h->object, h->record, h->version - 1, &h->was));
    h->asked = true;
    *ret_known = h->was != NULL;
    if (h->was)
        *ret = *record_get(h->was, f);
    return ST_OK;
}

/* Whose it was before; 0: nobody's. */
static Status owner_before(Ctx *cx, Happened *h, Id *ret, bool *ret_known)
{
    Value v = VALUE_NULL;
    TRY(value_before(cx, h, h->object->owner, &v, ret_known));
    *ret = *ret_known && v.t == V_ID ? v.i : 0;
    return ST_OK;
}

static void tell_assigned(Ctx *cx, const Happened *h, Id owner, Messages *m, Told *t)
{
    Message one = message_about(h, NOTIFY_ASSIGNED, &VALUE_NULL);
    one.user = owner;
    one.again = h->batch != 0; /* many at once are told as one */
    one.key =
        h->batch ? key_of(cx, "assigned", h->object->name, h->batch)
                 : str_format(cx->arena, "assigned:" STR_FMT ":%lld:%lld", STR_ARG(h->object->name),
                              (long long)h->record, (long long)h->version);
    tell(cx, m, t, one);
}

static Status tell_ownership(Ctx *cx, Happened *h, Messages *m, Told *t)
{
    Id now = 0, before = 0;
    bool known = str_is(h->action, "create");
    if (!h->object->owner)
        return ST_OK;
    const Value *v = record_get(h->r, h->object->owner);
    now = v->t == V_ID ? v->i : 0;
    if (now == h->by)
        return ST_OK;
    if (!known)
        TRY(owner_before(cx, h, &before, &known));
    if (!known || now == before)
        return ST_OK;
    if (now) {
        tell_assigned(cx, h, now, m, t);
        return ST_OK;
    }
    Message one = message_about(h, NOTIFY_POOL, &VALUE_NULL);
    one.user = before;
    one.key = key_of(cx, "pool", h->object->name, h->record);
    one.again = true;
    tell(cx, m, t, one);
    return ST_OK;
}

/* A field that opens the record (docs/adr/0079) names somebody now whom it did not before. */
static Status tell_named(Ctx *cx, Happened *h, const Field *f, Messages *m, Told *t)
{
    const Value *now = record_get(h->r, f);
    Value before = VALUE_NULL;
    bool known = str_is(h->action, "create");
    if (!f->shares || !str_is(f->to_name, "user") || value_is_null(now))
        return ST_OK;
    if (!known)
        TRY(value_before(cx, h, f, &before, &known));
    Message one = message_about(h, NOTIFY_SHARED, &VALUE_NULL);
    one.key = str_format(cx->arena, "named:" STR_FMT ":%lld:%lld", STR_ARG(h->object->name),
                         (long long)h->record, (long long)h->version);
    const Id *ids = now->t == V_IDS ? now->ids.p : &now->i;
    for (size_t i = 0; known && i < (now->t == V_IDS ? now->ids.n : 1); i++) {
        one.user = ids[i];
        if (!value_has_id(&before, one.user) && one.user != h->by)
            tell(cx, m, t, one);
    }
    return ST_OK;
}

static Status tell_all_named(Ctx *cx, Happened *h, Messages *m, Told *t)
{
    for (size_t i = 0; i < h->object->n_fields; i++)
        TRY(tell_named(cx, h, h->object->fields[i], m, t));
    return ST_OK;
}

static Status tell_followers(Ctx *cx, Message one, Messages *m, Told *t)
{
    CLEANUP(stmt) Stmt *q = NULL;
    one.kind = NOTIFY_FOLLOW;
    one.again = true;
    one.key = key_of(cx, "follow", one.object, one.record);
    TRY(db_prepare(cx, SQL_FOLLOWERS, &q));
    TRY(db_bind_id(q, 1, one.record));
    TRY(db_bind_text(q, 2, one.object));
    for (bool more;;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        one.user = db_col_id(q, 0);
        tell(cx, m, t, one);
    }
}

static Status tell_all_followers(Ctx *cx, const Happened *h, Messages *m, Told *t)
{
    const Value *about = value_of(h->r, "about");
    bool is_new = str_is(h->action, "create");
    if (!is_new && h->followed)
        TRY(tell_followers(cx, message_about(h, NOTIFY_FOLLOW, &VALUE_NULL), m, t));
    if (is_new && about->t == V_REF && json_get_bool(h->object->decl, "timeline", false))
        TRY(tell_followers(cx, message_about(h, NOTIFY_FOLLOW, about), m, t));
    return ST_OK;
}

static Status look(Ctx *cx, Happened *h, Messages *m)
{
    Told t = {0};
    h->object = meta_object(cx->meta, h->object_name);
    if (!h->object || !h->by || h->by == USER_SYSTEM || str_is(h->action, "delete") ||
        str_is(h->action, "pin") || !h->record)
        return ST_OK;
    TRY(record_load_stored(cx, h->object, h->record, &h->r));
    if (!h->r)
        return ST_OK;
    tell_mentioned(cx, h, m, &t);
    TRY(tell_owner(cx, h, m, &t));
    TRY(tell_ownership(cx, h, m, &t));
    TRY(tell_all_named(cx, h, m, &t));
    return tell_all_followers(cx, h, m, &t);
}

/* ---- what many have in common */
static bool is_made_plainly(const Ctx *cx, Happened *h)
{
    h->object = meta_object(cx->meta, h->object_name);
    return h->object && h->by && h->by != USER_SYSTEM && h->record && str_is(h->action, "create") &&
           !holds_mentions(h->object) && !object_field(h->object, STR("about"));
}

/* Of the events from `first` on those of its object and person, each looked at once. */
static Status find_quiet(Ctx *cx, Happened *page, size_t n, size_t first, bool *seen)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, n);
    size_t *at = ARENA_ARRAY(cx->arena, size_t, n), m = 0;
    Map others = map_in(cx->arena);
    for (size_t i = first; i < n; i++) {
        if (seen[i] || page[i].object != page[first].object || page[i].by != page[first].by)
            continue;
        seen[i] = true;
        at[m] = i;
        ids[m++] = page[i].record;
    }
    if (m < QUIET_FROM)
        return ST_OK;
    TRY(notify_own_only(cx, page[first].object, page[first].by, ids, m, &others));
    for (size_t i = 0; i < m; i++)
        page[at[i]].quiet = !map_has(&others, str_n((const char *)&ids[i], sizeof ids[i]));
    return ST_OK;
}

static Status find_all_quiet(Ctx *cx, Happened *page, size_t n)
{
    bool *seen = ARENA_ARRAY(cx->arena, bool, n + 1);
    for (size_t i = 0; i < n; i++)
        seen[i] = !is_made_plainly(cx, &page[i]);
    for (size_t i = 0; i < n; i++)
        if (!seen[i])
            TRY(find_quiet(cx, page, n, i, seen));
    return ST_OK;
}

static Status look_at_page(Ctx *cx, Happened *page, size_t n, Messages *m, bool *ret_quiet)
{
    *ret_quiet = true;
    TRY(find_all_quiet(cx, page, n));
    for (size_t i = 0; i < n; i++) {
        *ret_quiet = *ret_quiet && page[i].quiet;
        if (!page[i].quiet)
            TRY(look(cx, &page[i], m));
    }
    return ST_OK;
}

Status notify_events(Ctx *cx, Plan *plan, Messages *m, size_t *ret_n)
{
    Happened *page = ARENA_ARRAY(cx->arena, Happened, NOTIFY_PAGE);
    int64_t after = 0, from = 0;
    bool quiet = true;
    Str was;
    TRY(notify_position(cx, POSITION, 0, &from, &was));
    after = from;
    for (int pages = 0; quiet && pages < QUIET_PAGES; pages++) {
        TRY(read_page(cx, after, page, ret_n));
        if (!*ret_n)
            break;
        after = page[*ret_n - 1].seq;
        TRY(look_at_page(cx, page, *ret_n, m, &quiet));
        quiet = quiet && *ret_n == NOTIFY_PAGE;
    }
    if (after != from)
        notify_move(cx, plan, POSITION, was, after);
    return ST_OK;
}
