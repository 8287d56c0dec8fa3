/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of {gx_meta_change} (see meta_log.h). */
#include "meta/meta_log.h"

#define MAX_PARTS ((size_t)32 * 1024 * 1024)

static const char SQL_WRITE[] =
    "INSERT INTO {gx_meta_change} (version, at, by_user, cause, action, object, name, parts, "
    "reverts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char SQL_REVERTED[] =
    "UPDATE {gx_meta_change} SET reverted_by = ?2 WHERE version = ?1 AND reverted_by IS NULL";
#define COLUMNS "version, at, by_user, cause, action, object, name, reverts, reverted_by"
static const char SQL_LIST[] = "SELECT " COLUMNS " FROM {gx_meta_change} WHERE version < ?1 "
                               "ORDER BY version DESC LIMIT ?2";
static const char SQL_LIST_OBJECT[] =
    "SELECT " COLUMNS " FROM {gx_meta_change} WHERE version < ?1 AND object = ?3 "
    "ORDER BY version DESC LIMIT ?2";
static const char SQL_GET[] = "SELECT " COLUMNS ", parts FROM {gx_meta_change} WHERE version = ?1";

/* ---- what differs */
static json_t *or_null(const json_t *j) { return j ? json_incref((json_t *)j) : json_null(); }

static void add_part(json_t *parts, const char *kind, const char *name, const json_t *before,
                     const json_t *after)
{
    if (before && after && json_equal(before, after))
        return;
    json_t *part = json_object();
    json_object_set_new(part, "kind", json_string(kind));
    json_object_set_new(part, "name", json_string(name));
    json_object_set_new(part, "before", or_null(before));
    json_object_set_new(part, "after", or_null(after));
    json_array_append_new(parts, part);
}

static void add_kind(json_t *parts, const char *kind, const json_t *before, const json_t *after)
{
    const char *name;
    json_t *row;
    json_object_foreach((json_t *)after, name, row)
    {
        add_part(parts, kind, name, json_object_get(before, name), row);
    }
    json_object_foreach((json_t *)before, name, row)
    {
        if (!json_object_get(after, name))
            add_part(parts, kind, name, row, NULL);
    }
}

json_t *meta_log_parts(const json_t *old_rows, const json_t *rows, const json_t *old_settings,
                       const json_t *settings)
{
    json_t *parts = json_array(), *of_kind;
    const char *kind;
    json_object_foreach((json_t *)rows, kind, of_kind)
    {
        add_kind(parts, kind, json_object_get(old_rows, kind), of_kind);
    }
    add_kind(parts, "setting", old_settings, settings);
    return parts;
}

/* ---- writing */
void meta_log_write(Ctx *cx, Plan *plan, int64_t version, const MetaLogEntry *what,
                    const json_t *parts)
{
    Buf text = buf_in(cx->arena, MAX_PARTS);
    json_write(&text, parts);
    const DbVal v[] = {db_int(version),
                       db_int(cx->now_ms),
                       db_id_or_null(cx->user_id),
                       db_text(str_of(cx->cause ? cx->cause : "api")),
                       db_text(what->action),
                       db_text(what->object),
                       db_text(what->name),
                       db_text(buf_str(&text)),
                       db_id_or_null(what->reverts)};
    plan_exec(plan, STR_SQL(SQL_WRITE), v, COUNT_OF(v));
}

void meta_log_mark_reverted(Plan *plan, int64_t version, int64_t by)
{
    const DbVal v[] = {db_int(version), db_int(by)};
    plan_expect(plan, STR_SQL(SQL_REVERTED), v, COUNT_OF(v), 1);
}

/* ---- reading */
static Str text_at(Ctx *cx, const Stmt *q, int col)
{
    return db_col_null(q, col) ? STR_NULL : str_copy(cx->arena, db_col_text(q, col));
}

static void read_entry(Ctx *cx, const Stmt *q, MetaLogEntry *e)
{
    *e = (MetaLogEntry){
        .version = db_col_int(q, 0),
        .at_ms = db_col_int(q, 1),
        .by = db_col_null(q, 2) ? 0 : db_col_id(q, 2),
        .cause = text_at(cx, q, 3),
        .action = text_at(cx, q, 4),
        .object = text_at(cx, q, 5),
        .name = text_at(cx, q, 6),
        .reverts = db_col_null(q, 7) ? 0 : db_col_int(q, 7),
        .reverted_by = db_col_null(q, 8) ? 0 : db_col_int(q, 8),
    };
}

Status meta_log_list(Ctx *cx, int64_t before, Str object, size_t limit, MetaLogEntry *ret,
                     size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal v[] = {db_int(before ? before : INT64_MAX), db_int((int64_t)limit),
                       db_text(object)};
    bool row = true;
    TRY(db_prepare(cx, object.n ? SQL_LIST_OBJECT : SQL_LIST, &q));
    TRY(db_bind_all(q, v, object.n ? 3 : 2));
    for (*ret_n = 0; *ret_n < limit; (*ret_n)++) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        read_entry(cx, q, &ret[*ret_n]);
    }
    return ST_OK;
}

/* {"kind":{"name":body}} of one side of the parts. */
static json_t *side(const json_t *parts, const char *which)
{
    json_t *all = json_object(), *part;
    size_t i;
    json_array_foreach((json_t *)parts, i, part)
    {
        const char *kind = json_string_value(json_object_get(part, "kind"));
        const char *name = json_string_value(json_object_get(part, "name"));
        json_t *body = json_object_get(part, which), *of_kind = json_object_get(all, kind);
        if (!of_kind) {
            of_kind = json_object();
            json_object_set_new(all, kind, of_kind);
        }
        if (!json_is_null(body))
            json_object_set(of_kind, name, body);
    }
    return all;
}

static Status read_diffs(Ctx *cx, Str text, MetaDiffs *ret)
{
    json_t *parts;
    TRY(json_parse(cx, text, &parts));
    json_t *before = side(parts, "before"), *after = side(parts, "after");
    json_own(cx->arena, before);
    json_own(cx->arena, after);
    meta_diff(cx->arena, before, after, ret);
    return ST_OK;
}

Status meta_log_get(Ctx *cx, int64_t version, MetaLogEntry *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_prepare(cx, SQL_GET, &q));
    TRY(db_bind_int(q, 1, version));
    TRY(db_next(q, &found));
    if (!found)
        return FAIL(cx, ST_NOT_FOUND, "meta.no_change", "there is no such change of the catalogue");
    read_entry(cx, q, ret);
    return read_diffs(cx, db_col_text(q, 9), &ret->diffs);
}
