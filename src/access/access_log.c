/* SPDX-License-Identifier: Apache-2.0 */
/* What was looked at beyond ordinary rights: masked values shown in full, another person's view; and
 * what was taken away as a file. */
#include "access/access_internal.h"
#include "base/calendar.h"
#include "base/id.h"

static const char SQL_ADD[] =
    "INSERT INTO {gx_access_log} (id, at, by_user, kind, object, record, "
    "field, subject, rows, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
    "?9, ?10)";
static const char SQL_PAGE[] =
    "SELECT id, at, by_user, kind, object, record, field, subject, rows, "
    "detail FROM "
    "{gx_access_log} WHERE id < ?1 ORDER BY id DESC LIMIT ?2";

typedef struct LogEntry {
    const char *kind;
    const Object *object;
    const Field *field;
    Id record, subject;
    int64_t rows; /* -1: none */
    Str detail;
} LogEntry;

static void log_add(Ctx *cx, Plan *plan, const LogEntry *e)
{
    const DbVal v[] = {db_int(idgen_next(db_ids(cx->user->store->pool))),
                       db_int(cx->now_ms),
                       db_int(cx->user->id),
                       db_text(str_of(e->kind)),
                       e->object ? db_int(e->object->number) : db_null(DB_INT),
                       db_id_or_null(e->record),
                       e->field ? db_int(e->field->number) : db_null(DB_INT),
                       db_id_or_null(e->subject),
                       e->rows >= 0 ? db_int(e->rows) : db_null(DB_INT),
                       e->detail.n ? db_text(e->detail) : db_null(DB_TEXT)};
    plan_exec(plan, STR_SQL(SQL_ADD), v, COUNT_OF(v));
}

void access_log_reveal(Ctx *cx, Plan *plan, const Field *f, Id record)
{
    const LogEntry e = {
        .kind = "reveal", .object = f->object, .field = f, .record = record, .rows = -1};
    log_add(cx, plan, &e);
}

void access_log_view_as(Ctx *cx, Plan *plan, Id subject, bool begins)
{
    const LogEntry e = {.kind = begins ? "view_as" : "view_as_end", .subject = subject, .rows = -1};
    log_add(cx, plan, &e);
}

void access_log_duplicate(Ctx *cx, Plan *plan, const Object *o, Id record, Str rule, Str reason)
{
    Str detail = reason.n
                     ? str_format(cx->arena, STR_FMT ": " STR_FMT, STR_ARG(rule), STR_ARG(reason))
                     : rule;
    const LogEntry e = {
        .kind = "duplicate", .object = o, .record = record, .rows = -1, .detail = detail};
    log_add(cx, plan, &e);
}

void access_log_export(Ctx *cx, Plan *plan, const Object *o, int64_t rows, const char *format,
                       Str filter)
{
    Str detail =
        filter.n ? str_format(cx->arena, "%s: " STR_FMT, format, STR_ARG(filter)) : str_of(format);
    const LogEntry e = {.kind = "export", .object = o, .rows = rows, .detail = detail};
    log_add(cx, plan, &e);
}

/* ---- told to those who may */
static void log_user(Ctx *cx, const char *key, Id id, Buf *out)
{
    const Object *o = meta_object(cx->meta, STR("user"));
    Str title = STR_NULL;
    buf_printf(out, ",\"%s\":", key);
    if (!id) {
        buf_lit(out, "null");
        return;
    }
    if (o && query_titles(cx, o, &id, 1, &title, NULL) != ST_OK)
        error_clear(cx);
    buf_json_named(out, id, title);
}

static const Object *log_object(const Ctx *cx, int64_t number)
{
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        if (cx->meta->objects[i]->number == number)
            return cx->meta->objects[i];
    return NULL;
}

static void log_name(Buf *out, const char *key, Str name)
{
    buf_printf(out, ",\"%s\":", key);
    if (name.n)
        buf_json_str(out, name);
    else
        buf_lit(out, "null");
}

static void log_row(Ctx *cx, const Stmt *q, Buf *out)
{
    const Object *o = db_col_null(q, 4) ? NULL : log_object(cx, db_col_int(q, 4));
    const Field *f = NULL;
    for (size_t i = 0; o && !f && i < o->n_fields; i++)
        if (o->fields[i]->number == db_col_int(q, 6))
            f = o->fields[i];
    buf_lit(out, "{\"id\":");
    buf_json_id(out, db_col_id(q, 0));
    buf_lit(out, ",\"at\":\"");
    calendar_write_datetime(out, db_col_int(q, 1));
    buf_lit(out, "\",\"kind\":");
    buf_json_str(out, db_col_text(q, 3));
    log_name(out, "object", o ? o->name : STR_NULL);
    buf_lit(out, ",\"record\":");
    if (db_col_null(q, 5))
        buf_lit(out, "null");
    else
        buf_json_id(out, db_col_id(q, 5));
    log_name(out, "field", f ? f->name : STR_NULL);
    log_user(cx, "by", db_col_id(q, 2), out);
    log_user(cx, "subject", db_col_null(q, 7) ? 0 : db_col_id(q, 7), out);
    buf_lit(out, ",\"rows\":");
    if (db_col_null(q, 8))
        buf_lit(out, "null");
    else
        buf_int(out, db_col_int(q, 8));
    log_name(out, "detail", db_col_null(q, 9) ? STR_NULL : db_col_text(q, 9));
    buf_char(out, '}');
}

Status access_log_write(Ctx *cx, Id before, int limit, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Id last = 0;
    int n = 0;
    TRY(db_prepare(cx, SQL_PAGE, &q));
    TRY(db_bind_id(q, 1, before));
    TRY(db_bind_int(q, 2, limit + 1));
    buf_lit(out, "{\"items\":[");
    for (bool more = true;;) {
        TRY(db_next(q, &more));
        if (!more || n == limit) {
            buf_json_next(out, more ? last : 0);
            return ST_OK;
        }
        if (n++)
            buf_char(out, ',');
        last = db_col_id(q, 0);
        log_row(cx, q, out);
    }
}
