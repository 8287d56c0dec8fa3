/* SPDX-License-Identifier: Apache-2.0 */
/* Marks are rows of (person, kind, object, record); titles are looked up when they are read, with the
 * rights of then, an object at a time. */
#include "marks/marks.h"
#include "base/calendar.h"
#include "base/vec.h"

static const char *const KINDS[] = {"recent", "favourite", "follow"};

static const char SQL_LIST[] = "SELECT object, record, at FROM {gx_mark} WHERE user_id = ?1 AND "
                               "kind = ?2 ORDER BY at DESC, record DESC LIMIT ?3";
static const char SQL_COUNT[] = "SELECT count(*) FROM {gx_mark} WHERE user_id = ?1 AND kind = ?2 "
                                "AND NOT (object = ?3 AND record = ?4)";
static const char SQL_SET[] =
    "INSERT INTO {gx_mark} (user_id, kind, object, record, at) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (user_id, kind, object, record) DO UPDATE SET at = excluded.at";
static const char SQL_FORGET[] =
    "DELETE FROM {gx_mark} WHERE user_id = ?1 AND kind = ?2 AND at < (SELECT min(at) FROM (SELECT "
    "at FROM {gx_mark} WHERE user_id = ?1 AND kind = ?2 ORDER BY at DESC LIMIT ?3) newest)";
static const char SQL_CLEAR[] = "DELETE FROM {gx_mark} WHERE user_id = ?1 AND kind = ?2 AND "
                                "object = ?3 AND record = ?4";

typedef struct Mark {
    const Object *object;
    Id id;
    int64_t at;
    Str title; /* null: not visible */
} Mark;

typedef struct Marks {
    VEC(Mark) all;
} Marks;

bool marks_is_kind(Str word)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (str_is(word, KINDS[i]))
            return true;
    return false;
}

static Status read_rows(Ctx *cx, Str kind, Marks *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_LIST, &q));
    TRY(db_bind_id(q, 1, cx->user->id));
    TRY(db_bind_text(q, 2, kind));
    TRY(db_bind_int(q, 3, MARKS_MAX));
    for (bool more;;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        const Object *o = meta_object(cx->meta, db_col_text(q, 0));
        Mark m = {.object = o, .id = db_col_id(q, 1), .at = db_col_int(q, 2)};
        if (o && cx->access->object(cx, o))
            VEC_PUSH(cx->arena, &ret->all, m);
    }
}

/* Titles of all marks of one object, in one statement. */
static Status read_titles(Ctx *cx, Marks *m, size_t first)
{
    const Object *o = m->all.v[first].object;
    size_t n = 0, most = m->all.n - first;
    Id *ids = ARENA_ARRAY(cx->arena, Id, most);
    Str *titles = ARENA_ARRAY(cx->arena, Str, most);
    size_t *at = ARENA_ARRAY(cx->arena, size_t, most);
    for (size_t i = first; i < m->all.n; i++)
        if (m->all.v[i].object == o) {
            at[n] = i;
            ids[n++] = m->all.v[i].id;
        }
    TRY(query_titles(cx, o, ids, n, titles, NULL));
    for (size_t i = 0; i < n; i++)
        m->all.v[at[i]].title = titles[i];
    return ST_OK;
}

static bool is_first_of(const Marks *m, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (m->all.v[i].object == m->all.v[at].object)
            return false;
    return true;
}

static void write_mark(const Mark *m, bool first, Buf *out)
{
    if (!first)
        buf_char(out, ',');
    buf_lit(out, "{\"object\":");
    buf_json_str(out, m->object->name);
    buf_lit(out, ",\"id\":");
    buf_json_id(out, m->id);
    buf_lit(out, ",\"title\":");
    buf_json_str(out, m->title);
    buf_lit(out, ",\"at\":\"");
    calendar_write_datetime(out, m->at);
    buf_lit(out, "\"}");
}

Status marks_write_kind(Ctx *cx, Str kind, int limit, Buf *out)
{
    Marks m = {0};
    int written = 0;
    TRY(read_rows(cx, kind, &m));
    for (size_t i = 0; i < m.all.n; i++)
        if (is_first_of(&m, i))
            TRY(read_titles(cx, &m, i));
    buf_char(out, '[');
    for (size_t i = 0; i < m.all.n && written < limit; i++)
        if (m.all.v[i].title.p)
            write_mark(&m.all.v[i], written++ == 0, out);
    buf_char(out, ']');
    return ST_OK;
}

Status marks_write(Ctx *cx, Buf *out)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        buf_printf(out, "%s\"%s\":", i ? "," : "{", KINDS[i]);
        TRY(marks_write_kind(cx, str_of(KINDS[i]), MARKS_MAX, out));
    }
    buf_char(out, '}');
    return ST_OK;
}

static Status check_room(Ctx *cx, Str kind, const Object *o, Id id)
{
    int64_t n;
    bool found;
    DbVal of[] = {db_int(cx->user->id), db_text(kind), db_text(o->name), db_int(id)};
    TRY(db_get_int(cx, SQL_COUNT, of, COUNT_OF(of), &n, &found));
    if (n < MARKS_MAX)
        return ST_OK;
    return FAIL(cx, ST_INVALID, "marks.too_many", "One person marks at most %d records", MARKS_MAX);
}

Status marks_set(Ctx *cx, Str kind, const Object *o, Id id, Plan *plan)
{
    bool visible = false;
    DbVal me = db_int(cx->user->id), name = db_text(str_copy(cx->arena, kind));
    TRY(query_visible(cx, o, id, &visible));
    if (!visible)
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    TRY(check_room(cx, kind, o, id));
    plan_exec(plan, str_of(SQL_SET),
              (DbVal[]){me, name, db_text(o->name), db_int(id), db_int(cx->now_ms)}, 5);
    if (str_is(kind, "recent"))
        plan_exec(plan, str_of(SQL_FORGET), (DbVal[]){me, name, db_int(MARKS_RECENT)}, 3);
    return ST_OK;
}

Status marks_clear(Ctx *cx, Str kind, const Object *o, Id id, Plan *plan)
{
    plan_exec(plan, str_of(SQL_CLEAR),
              (DbVal[]){db_int(cx->user->id), db_text(str_copy(cx->arena, kind)), db_text(o->name),
                        db_int(id)},
              4);
    return ST_OK;
}
