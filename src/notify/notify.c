/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as their person reads them. Titles come an object at a time; what he may not read any more is
 * passed over, so pages are filled from the rows behind. */
#include "notify/notify.h"
#include "base/calendar.h"
#include "base/html.h"
#include "base/utf8.h"
#include "notify/notify_internal.h"

#define CHUNK 100
#define CHUNKS 20 /* looked at for one page; the next one goes on */
#define EXCERPT 160
#define SOURCE_BYTES ((size_t)1 << 20)

static const char SQL_LIST[] =
    "SELECT id, kind, object, record, source_object, source, by_user, times, at, read_at FROM "
    "{gx_message} WHERE user_id = ?1 AND id < ?2 AND (?3 = '' OR kind = ?3) AND (digest IS NULL OR "
    "(?3 <> '' AND digest > 0)) ORDER BY id DESC LIMIT ?4";
static const char SQL_UNREAD[] =
    "SELECT id, kind, object, record, source_object, source, by_user, times, at, read_at FROM "
    "{gx_message} WHERE user_id = ?1 AND id < ?2 AND (?3 = '' OR kind = ?3) AND read_at IS NULL "
    "AND (digest IS NULL OR (?3 <> '' AND digest > 0)) ORDER BY id DESC LIMIT ?4";
static const char SQL_DIGEST[] =
    "SELECT id, kind, object, record, source_object, source, by_user, times, at, read_at FROM "
    "{gx_message} WHERE user_id = ?1 AND id < ?2 AND digest = ?3 ORDER BY id DESC LIMIT ?4";
/* One's own, or one of the system of which one was told (user 1). */
static const char SQL_JOB[] =
    "SELECT kind, status FROM {gx_job} WHERE id = ?1 AND run_as IN (?2, 1)";
static const char SQL_READ[] =
    "UPDATE {gx_message} SET read_at = ?3 WHERE user_id = ?1 AND (id = ?2 OR digest = ?2) AND "
    "read_at IS NULL";
static const char SQL_READ_UNTIL[] =
    "UPDATE {gx_message} SET read_at = ?3 WHERE user_id = ?1 AND id <= ?2 AND read_at IS NULL AND "
    "(digest IS NULL OR digest > 0)";

typedef struct Row {
    Id id, record, source, by;
    NotifyKind kind;
    Str object_name, source_name;
    const Object *object;
    int64_t times, at;
    bool read;
    Str title; /* null: not visible */
    Str job_kind, job_status;
    int told[NOTIFY_KINDS]; /* of a digest: what he may see of it, by kind */
    bool told_more;
} Row;

typedef struct Rows {
    Row *v;
    size_t n, read; /* usable, and read from the table */
    Id last;
} Rows;

static void take_row(Ctx *cx, const Stmt *q, Rows *rows)
{
    NotifyKind kind;
    rows->last = db_col_id(q, 0);
    rows->read++;
    if (!notify_kind(db_col_text(q, 1), &kind))
        return;
    Row *r = &rows->v[rows->n++];
    *r = (Row){.id = rows->last,
               .kind = kind,
               .object_name = str_copy(cx->arena, db_col_text(q, 2)),
               .record = db_col_id(q, 3),
               .source = db_col_null(q, 5) ? 0 : db_col_id(q, 5),
               .by = db_col_null(q, 6) ? 0 : db_col_id(q, 6),
               .times = db_col_int(q, 7),
               .at = db_col_int(q, 8),
               .read = !db_col_null(q, 9)};
    if (r->source)
        r->source_name = str_copy(cx->arena, db_col_text(q, 4));
    r->object = meta_object(cx->meta, r->object_name);
    if (r->object && !cx->access->object(cx, r->object))
        r->object = NULL;
}

static Status read_rows(Ctx *cx, const NotifyList *list, Id before, Rows *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    *ret = (Rows){.v = ARENA_ARRAY(cx->arena, Row, CHUNK)};
    TRY(db_prepare(cx, list->digest ? SQL_DIGEST : list->unread ? SQL_UNREAD : SQL_LIST, &q));
    TRY(db_bind_id(q, 1, cx->user->id));
    TRY(db_bind_int(q, 2, before));
    if (list->digest)
        TRY(db_bind_id(q, 3, list->digest));
    else
        TRY(db_bind_text(q, 3, list->kind.n ? list->kind : STR("")));
    TRY(db_bind_int(q, 4, CHUNK));
    for (bool more; ret->read < CHUNK;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        take_row(cx, q, ret);
    }
    return ST_OK;
}

/* ---- what of them he may see */

static Status titles_of(Ctx *cx, Rows *rows, const Object *o)
{
    Id ids[CHUNK] = {0};
    size_t at[CHUNK], n = 0;
    Str titles[CHUNK];
    for (size_t i = 0; i < rows->n; i++)
        if (rows->v[i].object == o) {
            at[n] = i;
            ids[n++] = rows->v[i].record;
        }
    TRY(query_titles(cx, o, ids, n, titles, NULL));
    for (size_t i = 0; i < n; i++)
        rows->v[at[i]].title = titles[i];
    return ST_OK;
}

static Status job_of(Ctx *cx, Row *r)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_JOB, &q));
    TRY(db_bind_id(q, 1, r->record));
    TRY(db_bind_id(q, 2, cx->user->id));
    TRY(db_next(q, &found));
    if (!found)
        return ST_OK;
    r->job_kind = str_copy(cx->arena, db_col_text(q, 0));
    r->job_status = str_copy(cx->arena, db_col_text(q, 1));
    r->title = STR("");
    return ST_OK;
}

static bool seen_before(const Rows *rows, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (rows->v[i].object == rows->v[at].object)
            return true;
    return false;
}

static Status read_visible(Ctx *cx, const NotifyList *list, Id before, Rows *ret)
{
    TRY(read_rows(cx, list, before, ret));
    for (size_t i = 0; i < ret->n; i++) {
        if (ret->v[i].kind == NOTIFY_JOB)
            TRY(job_of(cx, &ret->v[i]));
        else if (ret->v[i].kind == NOTIFY_DIGEST)
            ret->v[i].title = STR(""); /* is looked at when it is written: is_told */
        else if (ret->v[i].object && !seen_before(ret, i))
            TRY(titles_of(cx, ret, ret->v[i].object));
    }
    return ST_OK;
}

/* Of a digest: how much of it he may see now, of its newest CHUNK. */
static Status is_told(Ctx *cx, Row *r, bool *ret)
{
    Rows of = {0};
    *ret = r->title.p != NULL;
    if (!*ret || r->kind != NOTIFY_DIGEST)
        return ST_OK;
    TRY(read_visible(cx, &(NotifyList){.digest = r->id}, INT64_MAX, &of));
    *ret = false;
    r->told_more = of.read == CHUNK;
    for (size_t i = 0; i < of.n; i++)
        if (of.v[i].title.p) {
            r->told[of.v[i].kind]++;
            *ret = true;
        }
    return ST_OK;
}

/* ---- one message */

static const Field *words_of(const Ctx *cx, const Object *o)
{
    static const char *const names[] = {"body", "content", "subject", "summary", "minutes"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const Field *f = object_field(o, str_of(names[i]));
        if (f && cx->access->field(cx, f))
            return f;
    }
    return NULL;
}

/* What was written, if he may read it: by its own right, or with the record (which he sees). */
static Status may_read_source(Ctx *cx, const Object *o, Id id, bool *ret)
{
    const Field *about = object_field(o, STR("about"));
    *ret =
        about && about->kind == F_ANY_LINK && about->visible_with && cx->access->field(cx, about);
    return *ret ? ST_OK : query_visible(cx, o, id, ret);
}

static Status write_source(Ctx *cx, const Row *r, Buf *out)
{
    const Object *o = r->source ? meta_object(cx->meta, r->source_name) : NULL;
    const Field *f = o && cx->access->object(cx, o) ? words_of(cx, o) : NULL;
    bool may = false;
    Record *source = NULL;
    if (f)
        TRY(may_read_source(cx, o, r->source, &may));
    if (may)
        TRY(record_load_stored(cx, o, r->source, &source));
    if (!source) {
        buf_lit(out, ",\"source\":null");
        return ST_OK;
    }
    const Value *v = record_get(source, f);
    Str text = v->t == V_HTML ? html_text(cx->arena, v->s) : v->t == V_TEXT ? v->s : STR("");
    buf_lit(out, ",\"source\":{\"object\":");
    buf_json_str(out, o->name);
    buf_lit(out, ",\"id\":");
    buf_json_id(out, r->source);
    buf_lit(out, ",\"text\":");
    buf_json_str(out, str_sub(text, 0, utf8_offset(text, EXCERPT)));
    buf_char(out, '}');
    return ST_OK;
}

/* The newest change that he may see. */
static Status write_changes(Ctx *cx, const Row *r, Buf *out)
{
    Buf text = buf_in(cx->arena, SOURCE_BYTES);
    json_t *page = NULL;
    if (r->kind != NOTIFY_FOLLOW || r->source)
        return ST_OK;
    TRY(record_history(cx, r->object, r->record, STR(""), 1, &text));
    if (buf_overflowed(&text))
        return ST_OK;
    TRY(json_parse(cx, buf_str(&text), &page));
    const json_t *changes =
        json_object_get(json_array_get(json_object_get(page, "items"), 0), "changes");
    if (!json_is_array(changes))
        return ST_OK;
    buf_lit(out, ",\"changes\":");
    json_write(out, changes);
    return ST_OK;
}

static void write_told(const Row *r, Buf *out)
{
    int n = 0;
    buf_lit(out, ",\"digest\":{\"kinds\":{");
    for (int k = 0; k < NOTIFY_DIGEST; k++)
        if (r->told[k]) {
            buf_printf(out, "%s\"%s\":%d", n ? "," : "", notify_kinds[k], r->told[k]);
            n += r->told[k];
        }
    buf_printf(out, "},\"count\":%d,\"more\":%s}", n, r->told_more ? "true" : "false");
}

static void write_about(const Row *r, Buf *out)
{
    if (r->kind == NOTIFY_DIGEST) {
        write_told(r, out);
        return;
    }
    if (r->kind == NOTIFY_JOB) {
        buf_lit(out, ",\"job\":{\"id\":");
        buf_json_id(out, r->record);
        buf_lit(out, ",\"kind\":");
        buf_json_str(out, r->job_kind);
        buf_lit(out, ",\"status\":");
        buf_json_str(out, r->job_status);
        buf_char(out, '}');
        return;
    }
    buf_lit(out, ",\"object\":");
    buf_json_str(out, r->object->name);
    buf_lit(out, ",\"record\":{\"id\":");
    buf_json_id(out, r->record);
    buf_lit(out, ",\"title\":");
    buf_json_str(out, r->title);
    buf_char(out, '}');
}

static Status write_one(Ctx *cx, const Row *r, Buf *out)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, r->id);
    buf_printf(out, ",\"kind\":\"%s\",\"at\":\"", notify_kinds[r->kind]);
    calendar_write_datetime(out, r->at);
    buf_printf(out, "\",\"read\":%s,\"times\":%lld,\"by\":", r->read ? "true" : "false",
               (long long)r->times);
    if (r->by)
        query_person_json(cx, r->by, out);
    else
        buf_lit(out, "null");
    write_about(r, out);
    if (r->object) {
        TRY(write_source(cx, r, out));
        TRY(write_changes(cx, r, out));
    }
    buf_char(out, '}');
    return ST_OK;
}

/* ---- pages */

Status notify_write(Ctx *cx, const NotifyList *list, Buf *out)
{
    Id before = list->before ? list->before : INT64_MAX;
    int written = 0;
    buf_lit(out, "{\"items\":[");
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
        Rows rows;
        TRY(read_visible(cx, list, before, &rows));
        for (size_t i = 0; i < rows.n; i++) {
            Row *r = &rows.v[i];
            bool told = false;
            TRY(is_told(cx, r, &told));
            if (!told)
                continue;
            if (written == list->limit) {
                buf_json_next(out, before);
                return ST_OK;
            }
            if (written++)
                buf_char(out, ',');
            TRY(write_one(cx, r, out));
            before = r->id;
        }
        if (rows.read < CHUNK) {
            buf_json_next(out, 0);
            return ST_OK;
        }
        before = rows.last;
    }
    buf_json_next(out, before);
    return ST_OK;
}

Status notify_write_count(Ctx *cx, Buf *out)
{
    const NotifyList list = {.unread = true};
    Rows rows = {0};
    Id before = INT64_MAX;
    int n = 0;
    for (int chunk = 0; chunk < 2 && n <= NOTIFY_COUNT; chunk++) {
        TRY(read_visible(cx, &list, before, &rows));
        for (size_t i = 0; i < rows.n; i++) {
            bool told = false;
            TRY(is_told(cx, &rows.v[i], &told));
            n += told;
        }
        if (rows.read < CHUNK)
            break;
        before = rows.last;
    }
    buf_printf(out, "{\"unread\":%d,\"more\":%s}", n > NOTIFY_COUNT ? NOTIFY_COUNT : n,
               n > NOTIFY_COUNT ? "true" : "false");
    return ST_OK;
}

void notify_read(Ctx *cx, Plan *plan, const Id *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        plan_exec(plan, STR_SQL(SQL_READ),
                  (DbVal[]){db_int(cx->user->id), db_int(ids[i]), db_int(cx->now_ms)}, 3);
}

void notify_read_until(Ctx *cx, Plan *plan, Id last)
{
    plan_exec(plan, STR_SQL(SQL_READ_UNTIL),
              (DbVal[]){db_int(cx->user->id), db_int(last), db_int(cx->now_ms)}, 3);
}
