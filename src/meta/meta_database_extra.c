/* SPDX-License-Identifier: Apache-2.0 */
/* What the database has and the catalogue does not know: columns named as those of fields are, in live tables,
 * twins and tables of figures, and tables of no object. What lies in the bin is known. */
#include "meta/meta_database_internal.h"
#include "meta/meta_store.h"

static bool has_field_column(Field *const *fields, size_t n, Str column, bool derived)
{
    for (size_t i = 0; i < n; i++) {
        int parts = derived ? fields[i]->n_derived : fields[i]->n_columns;
        for (int part = 0; part < parts; part++)
            if (str_is(column, fields[i]->columns[part].name))
                return true;
    }
    return false;
}

static Str without(Str table, int which)
{
    return which == TABLE_LIVE ? table : str_sub(table, 0, table.n - 2);
}

/* The object whose table that is, and which of its tables. */
static const Object *of_table(const Meta *m, Str table, int *ret_which)
{
    static const char *const ENDS[] = {"", "_h", "_d"};
    for (*ret_which = 0; *ret_which < TABLES; (*ret_which)++) {
        const Object *o = str_ends(table, str_of(ENDS[*ret_which]))
                              ? meta_plural(m, without(table, *ret_which))
                              : NULL;
        if (o)
            return o;
    }
    return NULL;
}

static bool is_extra_column(const Object *o, int which, Str column)
{
    bool derived = which == TABLE_DERIVED;
    return str_starts(column, STR("c_")) &&
           !has_field_column(o->fields, o->n_fields, column, derived) &&
           !has_field_column(o->kept, o->n_kept, column, derived);
}

/* ---- tables */
typedef struct Known {
    const Meta *m;
    const Map *bin; /* plurals of removed objects; NULL: not known, so no table is strange */
    Map sides;      /* l_<number> of fields there are */
} Known;

static void know_sides(Ctx *cx, Known *k, Field *const *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        map_put(&k->sides, str_format(cx->arena, "l_%u", fields[i]->number), (void *)"");
}

static bool is_removed(const Known *k, Str table)
{
    Str base = str_ends(table, STR("_h")) || str_ends(table, STR("_d"))
                   ? str_sub(table, 0, table.n - 2)
                   : table;
    return map_has(k->bin, table) || map_has(k->bin, base);
}

/* Side tables of fields of removed objects are not told apart: while there are such, none is strange. */
static bool is_strange_table(const Known *k, Str table)
{
    int which;
    bool side = str_starts(table, STR("l_"));
    if (!k->bin || str_starts(table, STR("gx_")) || str_starts(table, STR("sqlite_")))
        return false;
    if (side)
        return !map_has(&k->sides, table) && !k->bin->n;
    return !of_table(k->m, table, &which) && !is_removed(k, table);
}

static void see(Ctx *cx, const Known *k, Str table, Str column, Str *last, MetaExtraList *ret)
{
    int which = 0;
    const Object *o = of_table(k->m, table, &which);
    MetaExtra x = {.object = o, .which = which};
    if (o && is_extra_column(o, which, column))
        x.column = str_copy(cx->arena, column);
    else if (str_eq(*last, table) || !is_strange_table(k, table))
        return;
    x.table = str_copy(cx->arena, table);
    *last = x.table;
    VEC_PUSH(cx->arena, ret, x);
}

Status meta_database_extra(Ctx *cx, const Meta *m, const Map *bin, MetaExtraList *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    Str last = STR_NULL;
    Known k = {.m = m, .bin = bin, .sides = map_in(cx->arena)};
    for (size_t i = 0; i < m->n_objects; i++) {
        know_sides(cx, &k, m->objects[i]->fields, m->objects[i]->n_fields);
        know_sides(cx, &k, m->objects[i]->kept, m->objects[i]->n_kept);
    }
    TRY(meta_database_columns(cx, &q));
    TRY(db_next(q, &found));
    while (found) {
        see(cx, &k, db_col_text(q, 0), db_col_text(q, 1), &last, ret);
        TRY(db_next(q, &found));
    }
    return ST_OK;
}

/* ---- one of them */
static void extra_column(const MetaExtra *x, Field *f)
{
    size_t n = x->column.n < sizeof(f->columns[0].name) ? x->column.n : 0;
    *f = (Field){.n_columns = 1};
    memcpy(f->columns[0].name, x->column.p, n);
}

static void extra_table(Sql *q, const MetaExtra *x)
{
    const Object alone = {.plural = x->table};
    if (x->object)
        meta_database_table(q, x->object, x->which);
    else
        meta_database_table(q, &alone, TABLE_LIVE);
}

Status meta_database_extra_filled(Ctx *cx, const MetaExtra *x, int64_t *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Field f;
    bool found = false;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM ");
    extra_table(&q, x);
    if (x->column.n) {
        extra_column(x, &f);
        sql_lit(&q, " WHERE ");
        sql_column(&q, -1, &f, 0);
        sql_lit(&q, " IS NOT NULL");
    }
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    TRY(db_next(stmt, &found));
    *ret = found ? db_col_int(stmt, 0) : 0;
    return ST_OK;
}

Status meta_database_extra_drop(Ctx *cx, const MetaExtra *x, Plan *plan)
{
    Field f;
    Map dropped = map_in(cx->arena);
    Sql q = sql_new(cx->arena);
    if (!x->column.n) {
        sql_lit(&q, "DROP TABLE ");
        extra_table(&q, x);
        plan_ddl(plan, sql_text(&q));
        return ST_OK;
    }
    extra_column(x, &f);
    sql_lit(&q, "ALTER TABLE ");
    extra_table(&q, x);
    TRY(meta_database_drop_indexes(cx, x->table, f.columns[0].name, &dropped, plan));
    sql_lit(&q, " DROP COLUMN ");
    sql_column(&q, -1, &f, 0);
    plan_ddl(plan, sql_text(&q));
    return ST_OK;
}
