/* SPDX-License-Identifier: Apache-2.0 */
/* The rows behind the catalogue: {gx_epoch}, {gx_meta}, {gx_meta_number}, {gx_setting}. */
#include "meta/meta_store.h"

static const char SQL_VERSION[] = "SELECT catalogue FROM {gx_epoch} WHERE id = 1";
static const char SQL_ROWS[] = "SELECT kind, name, body FROM {gx_meta} ORDER BY kind, name";
static const char SQL_NUMBERS[] = "SELECT kind, name, number FROM {gx_meta_number}";
static const char SQL_SETTINGS[] = "SELECT name, value FROM {gx_setting}";
static const char SQL_PUT[] =
    "INSERT INTO {gx_meta} (kind, name, body, version) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body, version = excluded.version";
static const char SQL_DROP[] = "DELETE FROM {gx_meta} WHERE kind = ?1 AND name = ?2";
static const char SQL_DROP_SETTING[] = "DELETE FROM {gx_setting} WHERE name = ?1";
static const char SQL_PUT_SETTING[] = "INSERT INTO {gx_setting} (name, value) VALUES (?1, ?2) "
                                      "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char SQL_PUT_NUMBER[] =
    "INSERT INTO {gx_meta_number} (kind, name, number) VALUES (?1, ?2, ?3)";
static const char SQL_AT_VERSION[] = "SELECT 1 FROM {gx_epoch} WHERE id = 1 AND catalogue = ?1";
static const char SQL_RAISE[] = "UPDATE {gx_epoch} SET catalogue = catalogue + 1 WHERE id = 1";

Status meta_rows_version(Ctx *cx, int64_t *ret)
{
    bool found;
    return db_get_int(cx, SQL_VERSION, NULL, 0, ret, &found);
}

static void put_row(json_t *rows, Str kind, Str name, json_t *body)
{
    json_t *of_kind = json_object_getn(rows, kind.p, kind.n);
    if (!of_kind) {
        of_kind = json_object();
        json_object_setn_new(rows, kind.p, kind.n, of_kind);
    }
    json_object_setn(of_kind, name.p, name.n, body);
}

static Status read_rows(Ctx *cx, json_t *rows)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_prepare(cx, SQL_ROWS, &q));
    TRY(db_next(q, &found));
    while (found) {
        json_t *body;
        TRY(json_parse(cx, db_col_text(q, 2), &body));
        put_row(rows, db_col_text(q, 0), db_col_text(q, 1), body);
        TRY(db_next(q, &found));
    }
    return ST_OK;
}

static Status read_numbers(Ctx *cx, MetaNumbers *numbers)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_prepare(cx, SQL_NUMBERS, &q));
    TRY(db_next(q, &found));
    while (found) {
        meta_numbers_add(numbers, db_col_text(q, 0), db_col_text(q, 1), (uint32_t)db_col_int(q, 2));
        TRY(db_next(q, &found));
    }
    return ST_OK;
}

static Status read_settings(Ctx *cx, json_t *settings)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_prepare(cx, SQL_SETTINGS, &q));
    TRY(db_next(q, &found));
    while (found) {
        Str name = db_col_text(q, 0), value = db_col_text(q, 1);
        json_object_setn_new(settings, name.p, name.n, json_stringn(value.p, value.n));
        TRY(db_next(q, &found));
    }
    return ST_OK;
}

static Status read_all(Ctx *cx, MetaSnapshot *snap, int64_t *ret_version)
{
    TRY(meta_rows_version(cx, ret_version));
    TRY(read_rows(cx, snap->rows));
    TRY(read_settings(cx, snap->settings));
    return read_numbers(cx, &snap->numbers);
}

Status meta_rows_read(Ctx *cx, MetaSnapshot *snap, int64_t *ret_version)
{
    TRY(db_read_begin(cx)); /* version and rows of one moment */
    Status st = read_all(cx, snap, ret_version);
    db_read_end(cx);
    return st;
}

void meta_rows_put(Plan *plan, Arena *a, Str kind, Str name, const json_t *body, int64_t version)
{
    Buf text = buf_in(a, (size_t)4 * 1024 * 1024);
    json_write(&text, body);
    DbVal v[] = {db_text(str_copy(a, kind)), db_text(str_copy(a, name)), db_text(buf_str(&text)),
                 db_int(version)};
    plan_exec(plan, str_of(SQL_PUT), v, COUNT_OF(v));
}

void meta_rows_drop(Plan *plan, Arena *a, Str kind, Str name)
{
    DbVal v[] = {db_text(str_copy(a, kind)), db_text(str_copy(a, name))};
    plan_exec(plan, str_of(SQL_DROP), v, COUNT_OF(v));
}

void meta_rows_drop_setting(Plan *plan, Str name)
{
    DbVal v = db_text(name);
    plan_exec(plan, str_of(SQL_DROP_SETTING), &v, 1);
}

void meta_rows_put_setting(Plan *plan, Str name, Str value)
{
    DbVal v[] = {db_text(name), db_text(value)};
    plan_exec(plan, str_of(SQL_PUT_SETTING), v, COUNT_OF(v));
}

void meta_rows_put_numbers(Plan *plan, const MetaNumbers *n)
{
    for (size_t i = 0; i < n->fresh.n; i++) {
        const MetaNumber *row = &n->fresh.v[i];
        DbVal v[] = {db_text(row->kind), db_text(row->name), db_int(row->number)};
        plan_exec(plan, str_of(SQL_PUT_NUMBER), v, COUNT_OF(v));
    }
}

void meta_rows_raise(Plan *plan, int64_t from)
{
    DbVal version = db_int(from);
    plan_meets(plan);
    plan_lock(plan, STR("gx_epoch"), 1, 0);
    plan_guard(plan, str_of(SQL_AT_VERSION), &version, 1);
    plan_expect(plan, str_of(SQL_RAISE), NULL, 0, 1);
}
