/* SPDX-License-Identifier: Apache-2.0 */
/* Object tables: compares the catalogue with the database and writes the DDL for what is missing.
 * Nothing is ever dropped here, so running it twice, or from two versions of the program, is safe.
 *
 * Per object: {plural} with the live rows, {plural}_h, its twin, with the former ones (the same
 * columns, `until` and `op`), and {l_<number>} for each links field. */
#include "meta/meta_store.h"

/* What a database has: "table", "table.column", "index name" → present. */
static const char SQL_COLUMNS_SQLITE[] =
    "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p "
    "WHERE m.type = 'table'";
static const char SQL_INDEXES_SQLITE[] = "SELECT name, name FROM sqlite_master WHERE type = 'index'";
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
    "(SELECT e.tableoid FROM {gx_epoch} e WHERE e.id = 1))";

typedef struct Sync {
    Ctx *cx;
    Arena *a;
    Plan *plan;
    DbKind kind;
    Map columns; /* "table.column", and "table" */
    Map indexes;
    const Object *o;
} Sync;

#define PRESENT ((void *)"")
#define DDL_MAX (256 * 1024)

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

static Str twin_name(const Sync *s, bool twin)
{
    return str_format(s->a, STR_FMT "%s", STR_ARG(s->o->plural), twin ? "_h" : "");
}

static void ddl(Sync *s, Buf *text) { plan_ddl(s->plan, buf_str(text)); }

static const char *type_word(uint8_t type)
{
    switch ((DbType)type) {
    case DB_BOOL: return "$bool";
    case DB_INT: return "$int";
    case DB_REAL: return "$real";
    case DB_TEXT: return "$text";
    case DB_BLOB: return "$blob";
    }
    return "$text";
}

static bool never_null(const Object *o, const Field *f)
{
    return f == o->id || f == o->version || f == o->created_at || f == o->updated_at;
}

static void column_text(const Sync *s, Buf *b, const Field *f, int part, bool twin)
{
    const Column *c = &f->columns[part];
    buf_printf(b, "\"%s\" %s", c->name, type_word(c->type));
    if (f == s->o->id && !twin)
        buf_lit(b, " PRIMARY KEY");
    else if (never_null(s->o, f))
        buf_lit(b, " NOT NULL");
}

static void create_table(Sync *s, Str table, bool twin)
{
    Buf b = buf_in(s->a, DDL_MAX);
    buf_printf(&b, "CREATE TABLE {" STR_FMT "} (", STR_ARG(table));
    for (size_t i = 0; i < s->o->n_fields; i++) {
        const Field *f = s->o->fields[i];
        for (int c = 0; c < f->n_columns; c++) {
            column_text(s, &b, f, c, twin);
            buf_lit(&b, ", ");
        }
    }
    buf_lit(&b, "\"changed\" $int NOT NULL");
    if (twin)
        buf_lit(&b, ", \"until\" $int NOT NULL, \"op\" $text NOT NULL, "
                    "PRIMARY KEY (\"id\", \"changed\")");
    buf_lit(&b, ") $strict");
    ddl(s, &b);
}

static void add_columns(Sync *s, Str table)
{
    for (size_t i = 0; i < s->o->n_fields; i++) {
        const Field *f = s->o->fields[i];
        for (int c = 0; c < f->n_columns; c++) {
            if (map_has(&s->columns, str_format(s->a, STR_FMT ".%s", STR_ARG(table),
                                                f->columns[c].name)))
                continue;
            Buf b = buf_in(s->a, DDL_MAX);
            buf_printf(&b, "ALTER TABLE {" STR_FMT "} ADD COLUMN \"%s\" %s", STR_ARG(table),
                       f->columns[c].name, type_word(f->columns[c].type));
            ddl(s, &b);
        }
    }
}

static void sync_table(Sync *s, bool twin)
{
    Str table = twin_name(s, twin);
    if (map_has(&s->columns, table))
        add_columns(s, table);
    else
        create_table(s, table, twin);
}

/* Lists sort by the collation key of a title; matches and uniqueness go by its value. */
static const char *index_column(const Index *x, int i)
{
    const Field *f = x->fields[i];
    int key = !x->unique && x->n > 1 ? field_part(f, 'k') : -1;
    return f->columns[key < 0 ? 0 : key].name;
}

static void index_columns(const Sync *s, Buf *b, const Index *x, bool twin)
{
    for (int i = 0; i < x->n; i++) {
        /* In SQLite's live table the id is the rowid, which every index ends in anyway. */
        if (x->fields[i] == s->o->id && i && s->kind == DB_SQLITE && !twin)
            continue;
        buf_printf(b, "%s\"%s\"", i ? ", " : "", index_column(x, i));
    }
}

static void create_index(Sync *s, const Index *x, bool twin)
{
    Str name = str_format(s->a, "%s%s", x->name, twin ? "_h" : "");
    if ((twin && x->unique) || map_has(&s->indexes, name))
        return;
    Buf b = buf_in(s->a, DDL_MAX);
    buf_printf(&b, "CREATE %sINDEX " STR_FMT " ON {" STR_FMT "} (", x->unique ? "UNIQUE " : "",
               STR_ARG(name), STR_ARG(twin_name(s, twin)));
    index_columns(s, &b, x, twin);
    buf_char(&b, ')');
    for (int i = 0; i < x->n && x->unique; i++)
        buf_printf(&b, " %s \"%s\" IS NOT NULL", i ? "AND" : "WHERE", index_column(x, i));
    ddl(s, &b);
}

/* For the undo of batches: rows by the change that made, or ended, them. */
static void index_by_change(Sync *s, const char *column, bool twin)
{
    Str name = str_format(s->a, "i_%u_%s%s", s->o->number, column, twin ? "_h" : "");
    if (map_has(&s->indexes, name))
        return;
    Buf b = buf_in(s->a, DDL_MAX);
    buf_printf(&b, "CREATE INDEX " STR_FMT " ON {" STR_FMT "} (\"%s\")", STR_ARG(name),
               STR_ARG(twin_name(s, twin)), column);
    ddl(s, &b);
}

static void sync_links(Sync *s, const Field *f)
{
    Str table = str_format(s->a, "l_%u", f->number);
    if (f->kind != F_LINKS || map_has(&s->columns, table))
        return;
    Buf b = buf_in(s->a, DDL_MAX);
    buf_printf(&b,
               "CREATE TABLE {" STR_FMT "} (record $int NOT NULL, target $int NOT NULL, "
               "PRIMARY KEY (record, target)) $strict",
               STR_ARG(table));
    ddl(s, &b);
    Buf x = buf_in(s->a, DDL_MAX);
    buf_printf(&x, "CREATE INDEX " STR_FMT "_target ON {" STR_FMT "} (target, record)",
               STR_ARG(table), STR_ARG(table));
    ddl(s, &x);
}

static void sync_object(Sync *s)
{
    sync_table(s, false);
    sync_table(s, true);
    for (size_t i = 0; i < s->o->n_fields; i++)
        sync_links(s, s->o->fields[i]);
    for (size_t i = 0; i < s->o->n_indexes; i++) {
        create_index(s, &s->o->indexes[i], false);
        create_index(s, &s->o->indexes[i], true);
    }
    index_by_change(s, "changed", false);
    index_by_change(s, "until", true);
}

Status meta_database_sync(Ctx *cx, const Meta *m, Plan *plan)
{
    Arena *a = cx->arena; /* the plan's texts live as long as the plan */
    Sync s = {.cx = cx,
              .a = a,
              .plan = plan,
              .kind = db_kind_of(cx->db),
              .columns = map_in(a),
              .indexes = map_in(a)};
    bool sqlite = s.kind == DB_SQLITE;
    TRY(read_present(&s, sqlite ? SQL_COLUMNS_SQLITE : SQL_COLUMNS_POSTGRES, &s.columns, true));
    TRY(read_present(&s, sqlite ? SQL_INDEXES_SQLITE : SQL_INDEXES_POSTGRES, &s.indexes, false));
    for (size_t i = 0; i < m->n_objects; i++) {
        s.o = m->objects[i];
        sync_object(&s);
    }
    return ST_OK;
}
