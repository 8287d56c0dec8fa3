/* SPDX-License-Identifier: Apache-2.0 */
/* Object tables: compares the catalogue with the database and writes the DDL for what is missing.
 * Nothing is ever dropped here, so running it twice, or from two versions of the program, is safe.
 *
 * Per object: {plural} with the live rows, {plural}_h, its twin, with the former ones (the same
 * columns, `until` and `op`), and {l_<number>} for each links field. */
#include "meta/meta_database_internal.h"
#include "meta/meta_store.h"
#include "meta/sql.h"
#include <stdio.h>

/* What a database has: "table", "table.column", "index name" → present. */
static const char SQL_COLUMNS_SQLITE[] =
    "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p "
    "WHERE m.type = 'table'";
static const char SQL_INDEXES_SQLITE[] =
    "SELECT name, name FROM sqlite_master WHERE type = 'index'";
/* The organisation's schema is the one that holds {gx_epoch}. */
static const char SQL_COLUMNS_POSTGRES[] =
    "SELECT CAST(c.relname AS text), CAST(a.attname AS text) FROM pg_catalog.pg_class c "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = "
    "(SELECT k.relnamespace FROM pg_catalog.pg_class k WHERE k.oid = "
    "(SELECT e.tableoid FROM {gx_epoch} e WHERE e.id = 1))";
static const char SQL_INDEXES_POSTGRES[] =
    "SELECT CAST(c.relname AS text), CAST(c.relname AS text) FROM pg_catalog.pg_class c "
    "WHERE c.relkind = 'i' AND c.relnamespace = "
    "(SELECT k.relnamespace FROM pg_catalog.pg_class k WHERE k.oid = "
    "(SELECT e.tableoid FROM {gx_epoch} e WHERE e.id = 1)) AND EXISTS "
    "(SELECT 1 FROM pg_catalog.pg_index i WHERE i.indexrelid = c.oid AND i.indisvalid)";

typedef struct Sync {
    Ctx *cx;
    Arena *a;
    Plan *plan;
    DbKind kind;
    Map columns; /* "table.column", and "table" */
    Map indexes;
    Map rollups; /* "number text" as they were computed */
    const Object *o;
    size_t pending;    /* indexes for a job to build */
    MetaMissing *told; /* what is missing, where somebody asks (doctor); else NULL */
} Sync;

#define PRESENT ((void *)"")

static Status read_present(Sync *s, const char *sql, Map *into, bool columns)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_prepare(s->cx, sql, &q));
    TRY(db_next(q, &found));
    while (found) {
        Str table = str_copy(s->a, db_col_text(q, 0));
        if (!map_has(into, table))
            map_put(into, table, PRESENT);
        if (columns) {
            Str column = db_col_text(q, 1);
            map_put(into, str_format(s->a, STR_FMT "." STR_FMT, STR_ARG(table), STR_ARG(column)),
                    PRESENT);
        }
        TRY(db_next(q, &found));
    }
    return ST_OK;
}

static void ddl(Sync *s, const Sql *q)
{
    plan_ddl(s->plan, sql_text(q));
    if (s->told)
        VEC_PUSH(s->a, &s->told->list, sql_text(q));
}

static void table(Sql *q, const Object *o, bool twin)
{
    if (twin)
        sql_twin(q, o);
    else
        sql_table(q, o);
}

static void column_type(Sql *q, uint8_t type)
{
    switch ((DbType)type) {
    case DB_BOOL: sql_lit(q, " $bool"); return;
    case DB_INT: sql_lit(q, " $int"); return;
    case DB_REAL: sql_lit(q, " $real"); return;
    case DB_TEXT: sql_lit(q, " $text"); return;
    case DB_BLOB: sql_lit(q, " $blob"); return;
    }
}

static bool never_null(const Object *o, const Field *f)
{
    return f == o->id || f == o->version || f == o->created_at || f == o->updated_at;
}

static void column(Sql *q, const Field *f, int part)
{
    sql_column(q, -1, f, part);
    column_type(q, f->columns[part].type);
}

static void create_columns(Sql *q, const Object *o, Field *const *fields, size_t n, bool twin)
{
    for (size_t i = 0; i < n; i++) {
        const Field *f = fields[i];
        for (int c = 0; c < f->n_columns; c++) {
            column(q, f, c);
            if (f == o->id && !twin)
                sql_lit(q, " PRIMARY KEY");
            else if (never_null(o, f))
                sql_lit(q, " NOT NULL");
            sql_lit(q, ", ");
        }
    }
}

static void create_table(Sync *s, bool twin)
{
    Sql q = sql_new(s->a);
    sql_lit(&q, "CREATE TABLE ");
    table(&q, s->o, twin);
    sql_lit(&q, " (");
    create_columns(&q, s->o, s->o->fields, s->o->n_fields, twin);
    create_columns(&q, s->o, s->o->kept, s->o->n_kept, twin);
    sql_lit(&q, "changed $int NOT NULL");
    if (twin)
        sql_lit(&q, ", until $int NOT NULL, op $text NOT NULL, PRIMARY KEY (id, changed)");
    sql_lit(&q, ") $strict");
    ddl(s, &q);
}

static bool has_column(const Sync *s, bool twin, const Column *c)
{
    Str name = str_format(s->a, STR_FMT "%s.%s", STR_ARG(s->o->plural), twin ? "_h" : "", c->name);
    return map_has(&s->columns, name);
}

static void add_columns_of(Sync *s, const Field *f, bool twin)
{
    for (int c = 0; c < f->n_columns; c++) {
        if (has_column(s, twin, &f->columns[c]))
            continue;
        Sql q = sql_new(s->a);
        sql_lit(&q, "ALTER TABLE ");
        table(&q, s->o, twin);
        sql_lit(&q, " ADD COLUMN ");
        column(&q, f, c);
        ddl(s, &q);
    }
}

static void add_columns(Sync *s, bool twin)
{
    for (size_t i = 0; i < s->o->n_fields; i++)
        add_columns_of(s, s->o->fields[i], twin);
    for (size_t i = 0; i < s->o->n_kept; i++)
        add_columns_of(s, s->o->kept[i], twin);
}

/* The twin is read by id, by when its rows ended (what has changed since a time: lists of the past) and
 * for what was deleted. Both indexes grow at their end, so an update pays little (docs/adr/0008). */
static void twin_index(Sync *s, const char *what, bool deleted)
{
    Sql q = sql_new(s->a);
    if (map_has(&s->indexes, str_format(s->a, "h_%u_%s", s->o->number, what)))
        return;
    sql_lit(&q, "CREATE INDEX h_");
    sql_number(&q, s->o->number);
    if (deleted)
        sql_lit(&q, "_deleted ON ");
    else
        sql_lit(&q, "_until ON ");
    table(&q, s->o, true);
    sql_lit(&q, " (\"until\")");
    if (deleted)
        sql_lit(&q, " WHERE \"op\" = 'delete'");
    ddl(s, &q);
}

static void sync_table(Sync *s, bool twin)
{
    if (map_has(&s->columns,
                str_format(s->a, STR_FMT "%s", STR_ARG(s->o->plural), twin ? "_h" : "")))
        add_columns(s, twin);
    else
        create_table(s, twin);
    if (twin) {
        twin_index(s, "until", false);
        twin_index(s, "deleted", true);
    }
}

/* Lists sort by the collation key of a title; matches and uniqueness go by its value. */
/* Lists sort titles by their sort key and money by its base value. */
static int index_part(const Index *x, int i)
{
    bool sorts = !x->unique && x->n > 1;
    int part = sorts ? field_part(x->fields[i], x->fields[i]->kind == F_MONEY ? 'b' : 'k') : -1;
    return part < 0 ? 0 : part;
}

static void index_columns(const Sync *s, Sql *q, const Index *x)
{
    for (int i = 0; i < x->n; i++) {
        /* In SQLite the id is the rowid, which every index ends in anyway. */
        if (x->fields[i] == s->o->id && i && s->kind == DB_SQLITE)
            continue;
        if (i)
            sql_lit(q, ", ");
        sql_column(q, -1, x->fields[i], index_part(x, i));
        if (x->fields[i]->kind == F_GEO) { /* both, so that a box is found in it */
            sql_lit(q, ", ");
            sql_column(q, -1, x->fields[i], 1);
        }
    }
}

/* Links, choices and places are sought by value, never by their absence: rows without one need no entry. */
static bool skips_nulls(const Index *x)
{
    const Field *f = x->fields[0];
    return !x->unique && !f->required &&
           (field_has_id(f) || f->kind == F_CHOICE || f->kind == F_ANY_LINK || f->kind == F_GEO);
}

/* Of a unique one nulls equal nothing anyway; with the first alone it serves who seeks by that. */
static void where_not_null(Sql *q, const Index *x)
{
    sql_lit(q, " WHERE ");
    sql_column(q, -1, x->fields[0], 0);
    sql_lit(q, " IS NOT NULL");
}

/* The live table alone: the twin is read by id (docs/adr/0007). */
static Str index_rest(const Sync *s, const Index *x)
{
    Sql q = sql_new(s->a);
    sql_lit(&q, " ON ");
    table(&q, s->o, false);
    sql_lit(&q, " (");
    index_columns(s, &q, x);
    sql_lit(&q, ")");
    if (x->unique || skips_nulls(x))
        where_not_null(&q, x);
    if (x->ownerless) { /* of a link to a department or pool: where_not_null stands before */
        sql_lit(&q, " AND ");
        sql_column(&q, -1, s->o->owner, 0);
        sql_lit(&q, " IS NULL");
    }
    return sql_text(&q);
}

Str meta_database_index_rest(Ctx *cx, const Object *o, const Index *x)
{
    Sync s = {.cx = cx, .a = cx->arena, .kind = db_kind_of(cx->db), .o = o};
    return index_rest(&s, x);
}

/* On a table of this many rows an index takes longer than writers should wait: a job builds it. */
static Status is_large(Sync *s, bool *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = sql_new(s->a);
    bool found = false;
    *ret = false;
    if (!map_has(&s->columns, s->o->plural))
        return ST_OK;
    sql_lit(&q, "SELECT count(*) FROM (SELECT 1 FROM ");
    sql_table(&q, s->o);
    sql_lit(&q, " LIMIT ");
    sql_number(&q, META_INDEX_ROWS);
    sql_lit(&q, ") rows");
    TRY(db_prepare_str(s->cx, sql_text(&q), &stmt));
    TRY(db_next(stmt, &found));
    *ret = found && db_col_int(stmt, 0) >= META_INDEX_ROWS;
    return ST_OK;
}

static void create_index(Sync *s, const Index *x)
{
    Sql q = sql_new(s->a);
    sql_lit(&q, "CREATE ");
    if (x->unique)
        sql_lit(&q, "UNIQUE ");
    sql_lit(&q, "INDEX ");
    sql_index(&q, x, false);
    buf_str_add(&q.text, index_rest(s, x));
    ddl(s, &q);
}

/* It began with the system once: who sought by the id of elsewhere alone went through the whole table. */
static void drop_former(Sync *s, const Index *x)
{
    Index former = {.unique = true};
    snprintf(former.name, sizeof(former.name), "u_%u_external_system_external_id", s->o->number);
    if (!str_is(x->fields[0]->name, "external_id") || !map_has(&s->indexes, str_of(former.name)))
        return;
    Sql q = sql_new(s->a);
    sql_lit(&q, "DROP INDEX {");
    sql_index(&q, &former, false);
    sql_lit(&q, "}");
    ddl(s, &q);
}

static Status sync_indexes(Sync *s)
{
    Object *o = (Object *)s->o; /* the candidate's own: nobody else reads it yet */
    bool large = false, asked = false;
    for (size_t i = 0; i < o->n_indexes; i++) {
        Index *x = &o->indexes[i];
        if (map_has(&s->indexes, str_of(x->name))) {
            drop_former(s, x);
            continue;
        }
        if (!asked)
            TRY(is_large(s, &large));
        asked = true;
        if (!s->told)
            x->pending = large;
        s->pending += large;
        if (!large || s->told)
            create_index(s, x);
    }
    return ST_OK;
}

static void sync_links(Sync *s, const Field *f)
{
    if (!field_is_many(f) || map_has(&s->columns, str_format(s->a, "l_%u", f->number)))
        return;
    Sql q = sql_new(s->a), x = sql_new(s->a);
    sql_lit(&q, "CREATE TABLE ");
    sql_links_table(&q, f);
    if (field_is_set(f))
        sql_lit(&q, " (record $int NOT NULL, target $text NOT NULL,");
    else
        sql_lit(&q, " (record $int NOT NULL, target $int NOT NULL,");
    sql_lit(&q, " PRIMARY KEY (record, target)) $strict");
    ddl(s, &q);
    sql_lit(&x, "CREATE INDEX l_");
    sql_number(&x, f->number);
    sql_lit(&x, "_target ON ");
    sql_links_table(&x, f);
    sql_lit(&x, " (target, record)");
    ddl(s, &x);
}

static void add_derived(Sync *s, const Field *f, int part, bool made)
{
    Sql q = sql_new(s->a);
    if (made)
        sql_lit(&q, "ALTER TABLE ");
    else
        sql_lit(&q, "CREATE TABLE ");
    sql_derived(&q, s->o);
    if (made)
        sql_lit(&q, " ADD COLUMN ");
    else
        sql_lit(&q, " (id $int PRIMARY KEY, ");
    column(&q, f, part);
    if (!made)
        sql_lit(&q, ") $strict");
    ddl(s, &q);
}

/* {plural}_d: a row beside each record with its rollups; no version, no history. */
static void sync_derived(Sync *s)
{
    const Object *o = s->o;
    Str name = str_format(s->a, STR_FMT "_d", STR_ARG(o->plural));
    bool made = map_has(&s->columns, name);
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        for (int part = 0; f->kind == F_ROLLUP && part < f->n_derived; part++) {
            Str is = str_format(s->a, STR_FMT ".%s", STR_ARG(name), f->columns[part].name);
            if (map_has(&s->columns, is))
                continue;
            add_derived(s, f, part, made);
            made = true;
        }
    }
}

/* A rollup with a new text is to be computed anew, by a job (record/record_fill.c). */
static void sync_rollups(Sync *s)
{
    static const char SQL_ROLLUP[] =
        "INSERT INTO {gx_rollup} (field, object, expression, filled) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT (field) DO UPDATE SET object = excluded.object, expression = "
        "excluded.expression, filled = excluded.filled";
    for (size_t i = 0; i < s->o->n_fields; i++) {
        const Field *f = s->o->fields[i];
        Str key = str_format(s->a, "%u " STR_FMT, f->number, STR_ARG(f->rollup_text));
        if (f->kind != F_ROLLUP || map_has(&s->rollups, key))
            continue;
        const DbVal v[] = {db_int(f->number), db_text(str_copy(s->a, s->o->name)),
                           db_text(str_copy(s->a, f->rollup_text)), db_bool(false)};
        plan_exec(s->plan, STR_SQL(SQL_ROLLUP), v, COUNT_OF(v));
    }
}

static Status read_rollups(Sync *s)
{
    static const char SQL_ROLLUPS[] = "SELECT field, expression FROM {gx_rollup}";
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_prepare(s->cx, SQL_ROLLUPS, &q));
    TRY(db_next(q, &found));
    while (found) {
        Str key = str_format(s->a, "%lld " STR_FMT, (long long)db_col_int(q, 0),
                             STR_ARG(db_col_text(q, 1)));
        map_put(&s->rollups, key, PRESENT);
        TRY(db_next(q, &found));
    }
    return ST_OK;
}

static void sync_object(Sync *s)
{
    sync_derived(s);
    sync_rollups(s);
    sync_table(s, false);
    sync_table(s, true);
    for (size_t i = 0; i < s->o->n_fields; i++)
        sync_links(s, s->o->fields[i]);
    for (size_t i = 0; i < s->o->n_kept; i++)
        sync_links(s, s->o->kept[i]);
}

static Status sync_all(Ctx *cx, const Meta *m, Plan *plan, MetaMissing *told, size_t *ret_pending)
{
    Arena *a = cx->arena; /* the plan's texts live as long as the plan */
    Sync s = {.cx = cx,
              .a = a,
              .plan = plan,
              .kind = db_kind_of(cx->db),
              .told = told,
              .columns = map_in(a),
              .indexes = map_in(a),
              .rollups = map_in(a)};
    bool sqlite = s.kind == DB_SQLITE;
    TRY(read_present(&s, sqlite ? SQL_COLUMNS_SQLITE : SQL_COLUMNS_POSTGRES, &s.columns, true));
    TRY(read_present(&s, sqlite ? SQL_INDEXES_SQLITE : SQL_INDEXES_POSTGRES, &s.indexes, false));
    TRY(read_rollups(&s));
    for (size_t i = 0; i < m->n_objects; i++) {
        s.o = m->objects[i];
        sync_object(&s);
        TRY(sync_indexes(&s));
    }
    *ret_pending = s.pending;
    return ST_OK;
}

Status meta_database_sync(Ctx *cx, const Meta *m, Plan *plan)
{
    size_t pending = 0;
    TRY(sync_all(cx, m, plan, NULL, &pending));
    ((Meta *)m)->pending_indexes = pending; /* the candidate's own: nobody else reads it yet */
    return ST_OK;
}

Status meta_database_missing(Ctx *cx, const Meta *m, Plan *plan, MetaMissing *ret)
{
    size_t pending = 0;
    return sync_all(cx, m, plan, ret, &pending);
}

/* ---- filling tables in bulk */
Status meta_database_unindex(Ctx *cx, const Object *o, Plan *plan)
{
    for (size_t i = 0; i < o->n_indexes; i++) {
        if (o->indexes[i].unique)
            continue;
        Sql q = sql_new(cx->arena);
        sql_lit(&q, "DROP INDEX IF EXISTS {");
        sql_index(&q, &o->indexes[i], false);
        sql_lit(&q, "}");
        plan_ddl(plan, sql_text(&q));
    }
    return ST_OK;
}

Status meta_database_index(Ctx *cx, const Object *o, Plan *plan)
{
    Sync s = {.cx = cx, .a = cx->arena, .plan = plan, .kind = db_kind_of(cx->db), .o = o};
    s.indexes = map_in(cx->arena);
    bool sqlite = s.kind == DB_SQLITE;
    TRY(read_present(&s, sqlite ? SQL_INDEXES_SQLITE : SQL_INDEXES_POSTGRES, &s.indexes, false));
    for (size_t i = 0; i < o->n_indexes; i++)
        if (!map_has(&s.indexes, str_of(o->indexes[i].name)))
            create_index(&s, &o->indexes[i]);
    return ST_OK;
}

Status meta_database_columns(Ctx *cx, Stmt **ret)
{
    bool sqlite = db_kind_of(cx->db) == DB_SQLITE;
    return db_prepare(cx, sqlite ? SQL_COLUMNS_SQLITE : SQL_COLUMNS_POSTGRES, ret);
}

/* ---- purge */
static const char SQL_INDEXED[] =
    "SELECT m.name FROM sqlite_master m JOIN pragma_index_info(m.name) i "
    "WHERE m.type = 'index' AND m.tbl_name = ?1 AND i.name = ?2 AND m.sql IS NOT NULL";

void meta_database_table(Sql *q, const Object *o, int which)
{
    if (which == TABLE_LIVE)
        sql_table(q, o);
    else if (which == TABLE_TWIN)
        sql_twin(q, o);
    else
        sql_derived(q, o);
}

static Str any_table_name(Arena *a, Str plural, int which)
{
    static const char *const ENDS[] = {"", "_h", "_d"};
    return str_format(a, STR_FMT "%s", STR_ARG(plural), ENDS[which]);
}

Status meta_database_drop_indexes(Ctx *cx, Str table, const char *column, Map *dropped, Plan *plan)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    const DbVal v[] = {db_text(table), db_text(str_of(column))};
    bool found = false;
    if (db_kind_of(cx->db) != DB_SQLITE)
        return ST_OK;
    TRY(db_prepare(cx, SQL_INDEXED, &stmt));
    TRY(db_bind_all(stmt, v, COUNT_OF(v)));
    TRY(db_next(stmt, &found));
    while (found) {
        Str name = str_copy(cx->arena, db_col_text(stmt, 0));
        Index x = {0};
        if (name.n < sizeof(x.name) && !map_has(dropped, name)) {
            memcpy(x.name, name.p, name.n);
            map_put(dropped, name, PRESENT);
            Sql q = sql_new(cx->arena);
            sql_lit(&q, "DROP INDEX IF EXISTS {");
            sql_index(&q, &x, false);
            sql_lit(&q, "}");
            plan_ddl(plan, sql_text(&q));
        }
        TRY(db_next(stmt, &found));
    }
    return ST_OK;
}

static Status drop_column(Ctx *cx, const Sync *s, const char *column, Map *dropped, Plan *plan)
{
    Field f = {.n_columns = 1};
    memcpy(f.columns[0].name, column, strlen(column) + 1);
    for (int which = 0; which < TABLES; which++) {
        Str table = any_table_name(cx->arena, s->o->plural, which);
        if (!map_has(&s->columns, str_format(cx->arena, STR_FMT ".%s", STR_ARG(table), column)))
            continue;
        TRY(meta_database_drop_indexes(cx, table, column, dropped, plan));
        Sql q = sql_new(cx->arena);
        sql_lit(&q, "ALTER TABLE ");
        meta_database_table(&q, s->o, which);
        sql_lit(&q, " DROP COLUMN ");
        sql_column(&q, -1, &f, 0);
        plan_ddl(plan, sql_text(&q));
    }
    return ST_OK;
}

static Status read_columns(Ctx *cx, const Object *o, Sync *ret)
{
    *ret = (Sync){.cx = cx, .a = cx->arena, .kind = db_kind_of(cx->db), .o = o};
    ret->columns = map_in(cx->arena);
    bool sqlite = ret->kind == DB_SQLITE;
    return read_present(ret, sqlite ? SQL_COLUMNS_SQLITE : SQL_COLUMNS_POSTGRES, &ret->columns,
                        true);
}

static void drop_side(const Sync *s, uint32_t number, Plan *plan)
{
    const Field f = {.number = number};
    if (!map_has(&s->columns, str_format(s->a, "l_%u", number)))
        return;
    Sql q = sql_new(s->a);
    sql_lit(&q, "DROP TABLE ");
    sql_links_table(&q, &f);
    plan_ddl(plan, sql_text(&q));
}

Status meta_database_drop_side(Ctx *cx, Str plural, uint32_t number, Plan *plan)
{
    const Object o = {.plural = plural};
    Sync s;
    TRY(read_columns(cx, &o, &s));
    drop_side(&s, number, plan);
    return ST_OK;
}

Status meta_database_drop_columns(Ctx *cx, Str plural, uint32_t number, Plan *plan)
{
    const Object o = {.plural = plural};
    char column[24];
    Sync s;
    Map dropped = map_in(cx->arena);
    TRY(read_columns(cx, &o, &s));
    snprintf(column, sizeof(column), "c_%u", number);
    TRY(drop_column(cx, &s, column, &dropped, plan));
    for (int suffix = 'a'; suffix <= 'z'; suffix++) {
        snprintf(column, sizeof(column), "c_%u_%c", number, suffix);
        TRY(drop_column(cx, &s, column, &dropped, plan));
    }
    drop_side(&s, number, plan);
    return ST_OK;
}

Status meta_database_drop_tables(Ctx *cx, Str plural, Plan *plan)
{
    const Object o = {.plural = plural};
    Sync s;
    TRY(read_columns(cx, &o, &s));
    for (int which = 0; which < TABLES; which++) {
        if (!map_has(&s.columns, any_table_name(cx->arena, plural, which)))
            continue;
        Sql q = sql_new(cx->arena);
        sql_lit(&q, "DROP TABLE ");
        meta_database_table(&q, &o, which);
        plan_ddl(plan, sql_text(&q));
    }
    return ST_OK;
}

Status meta_database_rows(Ctx *cx, Str plural, int64_t *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    const Object o = {.plural = plural};
    bool found = false;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM ");
    sql_table(&q, &o);
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_next(stmt, &found));
    *ret = found ? db_col_int(stmt, 0) : 0;
    return ST_OK;
}
