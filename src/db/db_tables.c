/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as both engines have them: names and kinds of columns, and their rows read whole. */
#include "db/db_internal.h"
#include "db/transfer.h"
#include <stdlib.h>

/* Virtual tables and what belongs to them are made anew from gx_search_doc_…. */
static const char SQL_LITE_COLUMNS[] =
    "SELECT m.name, p.name, p.type, p.pk, p.\"notnull\" FROM sqlite_schema m "
    "JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' "
    "AND m.name NOT GLOB 'gx_search_[ab]' AND m.name NOT GLOB 'gx_search_[ab]_*' "
    "ORDER BY m.name, p.name";
static const char SQL_PG_COLUMNS[] =
    "SELECT CAST(c.relname AS text), CAST(a.attname AS text), CAST(t.typname AS text), "
    "coalesce(array_position(CAST(i.indkey AS smallint[]), a.attnum) + 1, 0), a.attnotnull "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
    "LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary "
    "WHERE n.nspname = ?1 AND c.relkind = 'r' "
    "ORDER BY CAST(c.relname AS text) COLLATE \"C\", CAST(a.attname AS text) COLLATE \"C\"";
static const char SQL_MIGRATIONS[] = "SELECT name FROM {gx_migration} ORDER BY name";
static const char SQL_LITE_IDS[] =
    "SELECT CAST(value AS INTEGER) FROM {gx_setting} WHERE name = 'id_high_water'";
static const char SQL_PG_IDS[] = "SELECT max(high_water) FROM {gx_node}";
static const char SQL_LITE_CHECK[] = "PRAGMA integrity_check(1)";

/* What only means the place it is in. */
static bool is_local(Str table)
{
    static const char *const NAMES[] = {"gx_load_index", "gx_migration", "gx_node"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_is(table, NAMES[i]))
            return true;
    return false;
}

static bool type_of(Str name, DbColumn *c)
{
    static const struct {
        const char *name;
        DbType type;
    } TYPES[] = {{"INTEGER", DB_INT}, {"TEXT", DB_TEXT}, {"REAL", DB_REAL},    {"BLOB", DB_BLOB},
                 {"int8", DB_INT},    {"text", DB_TEXT}, {"float8", DB_REAL},  {"bytea", DB_BLOB},
                 {"bool", DB_BOOL},   {"int4", DB_INT},  {"tsvector", DB_TEXT}};
    c->tokens = str_is(name, "tsvector");
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (str_is(name, TYPES[i].name))
            return c->type = TYPES[i].type, true;
    return false;
}

static Status add_column(Ctx *cx, const Stmt *q, DbTables *all, size_t *cap)
{
    Str table = db_col_text(q, 0), type = db_col_text(q, 2);
    DbColumn c = {.name = str_copy(cx->arena, db_col_text(q, 1)),
                  .key = (int)db_col_int(q, 3),
                  .not_null = db_col_bool(q, 4)};
    if (!type_of(type, &c))
        return FAIL(cx, ST_INTERNAL, "db.strange_column",
                    "column %.*s of %.*s has a type that is not ours: %.*s", STR_ARG(c.name),
                    STR_ARG(table), STR_ARG(type));
    if (!all->n || !str_eq(all->v[all->n - 1].name, table)) {
        DbTable t = {.name = str_copy(cx->arena, table)};
        VEC_PUSH(cx->arena, all, t);
        *cap = 0;
    }
    DbTable *t = &all->v[all->n - 1];
    c.tokens |= str_starts(t->name, STR("gx_search_doc_")) && str_is(c.name, "tokens");
    if (t->n == *cap) {
        size_t more = *cap ? *cap * 2 : 16;
        t->columns =
            arena_grow(cx->arena, t->columns, *cap * sizeof(DbColumn), more * sizeof(DbColumn));
        *cap = more;
    }
    t->columns[t->n++] = c;
    return ST_OK;
}

Status db_tables(Ctx *cx, DbTables *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool lite = cx->db->pool->kind == DB_SQLITE, row = true;
    size_t cap = 0;
    *ret = (DbTables){0};
    TRY(db_prepare(cx, lite ? SQL_LITE_COLUMNS : SQL_PG_COLUMNS, &q));
    if (!lite)
        TRY(db_bind_text(q, 1, cx->db->pool->schema));
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        if (!is_local(db_col_text(q, 0)))
            TRY(add_column(cx, q, ret, &cap));
    }
}

const DbTable *db_tables_find(const DbTables *all, Str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].name, name))
            return &all->v[i];
    return NULL;
}

/* ---- rows -------------------------------------------------------------------------------- */
Status db_table_read(Ctx *cx, const DbTable *t, Stmt **ret)
{
    Buf sql = buf_in(cx->arena, DB_SQL_MAX);
    bool lite = cx->db->pool->kind == DB_SQLITE;
    buf_lit(&sql, "SELECT ");
    for (size_t i = 0; i < t->n; i++) {
        const DbColumn *c = &t->columns[i];
        const char *form = c->tokens && !lite
                               ? "%sarray_to_string(tsvector_to_array(\"%.*s\"), ' ')"
                               : "%s\"%.*s\"";
        buf_printf(&sql, form, i ? ", " : "", STR_ARG(c->name));
    }
    buf_printf(&sql, " FROM {%.*s}", STR_ARG(t->name));
    if (str_is(t->name, "gx_setting"))
        buf_lit(&sql, " WHERE name <> 'id_high_water'");
    TRY(db_prepare_str(cx, buf_str(&sql), ret));
    db_stream(*ret);
    return ST_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* Words once each in the order of their bytes: how an engine keeps them says nothing. */
static Str sort_tokens(Arena *a, Str text)
{
    VEC(Str) words = {0};
    Str rest = text, word;
    while (str_split(&rest, ' ', &word))
        if (word.n)
            VEC_PUSH(a, &words, word);
    if (words.n)
        qsort(words.v, words.n, sizeof(Str), by_bytes);
    Buf out = buf_in(a, text.n + 1);
    for (size_t i = 0; i < words.n; i++) {
        if (i && str_eq(words.v[i], words.v[i - 1]))
            continue;
        if (out.n)
            buf_char(&out, ' ');
        buf_str_add(&out, words.v[i]);
    }
    return out.n ? buf_str(&out) : STR("");
}

void db_table_row(const Stmt *q, const DbTable *t, Arena *a, DbVal *ret)
{
    for (size_t i = 0; i < t->n; i++) {
        const DbColumn *c = &t->columns[i];
        int at = (int)i;
        if (db_col_null(q, at)) {
            ret[i] = db_null(c->type);
            continue;
        }
        switch (c->type) {
        case DB_BOOL: ret[i] = db_bool(db_col_bool(q, at)); break;
        case DB_INT: ret[i] = db_int(db_col_int(q, at)); break;
        case DB_REAL: ret[i] = db_real(db_col_real(q, at)); break;
        case DB_BLOB: ret[i] = db_blob(db_col_blob(q, at)); break;
        default: ret[i] = db_text(db_col_text(q, at)); break;
        }
        if (c->tokens)
            ret[i].s = sort_tokens(a, ret[i].s);
    }
}

/* ---- the database as a whole -------------------------------------------------------------- */
Status db_migrations(Ctx *cx, Str *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    Buf out = buf_in(cx->arena, DB_SQL_MAX);
    bool row = true;
    TRY(db_prepare(cx, SQL_MIGRATIONS, &q));
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        if (out.n)
            buf_char(&out, ' ');
        buf_str_add(&out, db_migration_plain(db_col_text(q, 0)));
    }
    *ret = buf_str(&out);
    return ST_OK;
}

Status db_ids_given(Ctx *cx, Id *ret)
{
    bool found = false;
    return db_get_int(cx, cx->db->pool->kind == DB_SQLITE ? SQL_LITE_IDS : SQL_PG_IDS, NULL, 0, ret,
                      &found);
}

Status db_integrity(Ctx *cx)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = false;
    if (cx->db->pool->kind != DB_SQLITE)
        return ST_OK;
    TRY(db_prepare(cx, SQL_LITE_CHECK, &q));
    TRY(db_next(q, &row));
    if (row && str_is(db_col_text(q, 0), "ok"))
        return ST_OK;
    Str why = row ? db_col_text(q, 0) : STR("");
    return FAIL(cx, ST_INTERNAL, "db.damaged", "the file is damaged: %.*s", STR_ARG(why));
}
