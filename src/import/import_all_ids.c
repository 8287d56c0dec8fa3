/* SPDX-License-Identifier: Apache-2.0 */
/* Which ids an archive holds, and where its records are here already: under their id, or as another
 * record with the same value of a unique index or the same code (roles, regions, stages that every
 * organisation begins with). */
#include "base/id.h"
#include "import/import_all.h"
#include <stdlib.h>

typedef struct Scan {
    AllPart *part;
    bool empty; /* there are no records of the object here */
} Scan;

AllPart *import_all_part(const ImportAll *a, const Object *o)
{
    for (size_t i = 0; i < a->n_parts; i++)
        if (o && a->parts[i].object == o)
            return &a->parts[i];
    return NULL;
}

static int compare_ids(const void *x, const void *y)
{
    Id a = *(const Id *)x, b = *(const Id *)y;
    return (a > b) - (a < b);
}

static int compare_moved(const void *x, const void *y)
{
    return compare_ids(&((const AllMoved *)x)->from, &((const AllMoved *)y)->from);
}

Status import_all_target(const ImportAll *a, const Object *o, Id id, Id *ret)
{
    const AllPart *p = import_all_part(a, o);
    const AllMoved key = {.from = id};
    bool here = false;
    *ret = id;
    if (id <= USER_SYSTEM)
        return ST_OK;
    const AllMoved *moved =
        p && p->moved.n ? bsearch(&key, p->moved.v, p->moved.n, sizeof(AllMoved), compare_moved)
                        : NULL;
    if (moved)
        *ret = moved->to;
    else if (!p || !p->ids.n || !bsearch(&id, p->ids.v, p->ids.n, sizeof(Id), compare_ids)) {
        TRY(record_is_here(a->cx, o, id, &here));
        *ret = here ? id : 0;
    }
    return ST_OK;
}

/* ---- the same record under another id */
/* WHERE of one key; false where the record has no value for a part of it. */
static Status bind_key(const ImportAll *a, const json_t *row, Field *const *fields, size_t n,
                       Sql *q, bool *ret)
{
    Ctx *cx = a->cx;
    AllCounts none = {0};
    *ret = n > 0;
    for (size_t i = 0; i < n && *ret; i++) {
        DbVal v[FIELD_COLUMNS];
        Value value = VALUE_NULL;
        const json_t *said = json_object_getn(row, fields[i]->name.p, fields[i]->name.n);
        Status st = import_all_takes(fields[i]) && said
                        ? import_all_value(a, fields[i], said, &none, &value)
                        : ST_OK;
        if (st == ST_INVALID)
            error_clear(cx); /* told when it is written */
        else
            TRY(st);
        *ret = !value_is_null(&value);
        if (!*ret)
            return ST_OK;
        fields[i]->type->store(cx->arena, fields[i], &value, v);
        if (i)
            sql_lit(q, " AND ");
        sql_column(q, -1, fields[i], 0);
        sql_lit(q, " = ");
        sql_bind(q, v[0]);
    }
    return ST_OK;
}

static Status find_key(const ImportAll *a, const Object *o, const json_t *row, Field *const *fields,
                       size_t n, Id *ret)
{
    Ctx *cx = a->cx;
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    bool has = false, found = false, again = false;
    sql_lit(&q, "SELECT \"id\" FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE ");
    TRY(bind_key(a, row, fields, n, &q, &has));
    if (!has)
        return ST_OK;
    sql_lit(&q, " LIMIT 2");
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    TRY(db_next(s, &found));
    Id id = found ? db_col_id(s, 0) : 0;
    if (found)
        TRY(db_next(s, &again));
    *ret = again ? 0 : id;
    return ST_OK;
}

static Status find_same(const ImportAll *a, const Object *o, const json_t *row, Id *ret)
{
    Field *code[2];
    size_t n = 0;
    *ret = 0;
    for (size_t i = 0; i < o->n_indexes && o->indexes[i].unique && !*ret; i++) {
        const Index *x = &o->indexes[i];
        Field *fields[COUNT_OF(x->fields)];
        for (int k = 0; k < x->n; k++)
            fields[k] = (Field *)x->fields[k];
        if (!x->pending)
            TRY(find_key(a, o, row, fields, (size_t)x->n, ret));
    }
    if (*ret || !o->code)
        return ST_OK;
    code[n++] = (Field *)o->code;
    if (o->parent)
        code[n++] = (Field *)o->parent;
    return find_key(a, o, row, code, n, ret);
}

/* ---- reading */
/* Every line of an object has the same fields; none of them may be lost. */
static Status knows_fields(ImportAll *a, const AllPart *p, const json_t *row)
{
    const char *key;
    json_t *v;
    if (!p->object || (a->dry_run && a->differs)) /* the configuration would bring them */
        return ST_OK;
    json_object_foreach((json_t *)row, key, v)
    {
        if (!object_field(p->object, str_of(key)))
            return FAIL(a->cx, ST_INVALID, "import.all_no_field",
                        "the archive holds of \"%.*s\" the field \"%.*s\", which is not known here",
                        STR_ARG(p->name), (int)strlen(key), key);
    }
    return ST_OK;
}

/* A record of a file whose bytes are neither in the archive nor, by their hash, certain to be here. */
static void look_for_bytes(ImportAll *a, const AllPart *p, const json_t *row)
{
    if (str_is(p->name, "file"))
        a->lost_files += !map_has(&a->entries, str_format(a->cx->arena, "files/" STR_FMT,
                                                          STR_ARG(json_get_str(row, "hash"))));
}

static Status scan_line(ImportAll *a, void *arg, Str line, int64_t number)
{
    Scan *s = arg;
    json_t *row = NULL;
    Id id = 0, same = 0;
    bool here = false;
    if (json_parse(a->cx, line, &row) != ST_OK || !id_parse(json_get_str(row, "id"), &id)) {
        error_clear(a->cx);
        return import_all_broken(a->cx, s->part->entry->name);
    }
    if ((int64_t)s->part->ids.n == s->part->rows)
        return import_all_broken(a->cx, s->part->entry->name);
    if (number == 1)
        TRY(knows_fields(a, s->part, row));
    look_for_bytes(a, s->part, row);
    VEC_PUSH(a->arena, &s->part->ids, id);
    TRY(import_all_tell(a, a->told++));
    if (s->empty)
        return ST_OK;
    TRY(record_is_here(a->cx, s->part->object, id, &here));
    if (!here)
        TRY(find_same(a, s->part->object, row, &same));
    if (same)
        VEC_PUSH(a->arena, &s->part->moved, ((AllMoved){.from = id, .to = same}));
    return ST_OK;
}

static Status has_none(Ctx *cx, const Object *o, bool *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    bool found = false;
    *ret = true;
    if (!o)
        return ST_OK;
    sql_lit(&q, "SELECT 1 FROM ");
    sql_table(&q, o);
    sql_lit(&q, " LIMIT 1");
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_next(s, &found));
    *ret = !found;
    return ST_OK;
}

static Status scan_part(ImportAll *a, AllPart *p)
{
    Scan s = {.part = p};
    TRY(has_none(a->cx, p->object, &s.empty));
    TRY(import_all_lines(a, p->entry, scan_line, &s));
    if ((int64_t)p->ids.n != p->rows)
        return import_all_broken(a->cx, p->entry->name);
    if (p->ids.n)
        qsort(p->ids.v, p->ids.n, sizeof(Id), compare_ids);
    for (size_t i = 1; i < p->ids.n; i++)
        if (p->ids.v[i] == p->ids.v[i - 1])
            return import_all_broken(a->cx, p->entry->name);
    if (p->moved.n)
        qsort(p->moved.v, p->moved.n, sizeof(AllMoved), compare_moved);
    return ST_OK;
}

/* Lines after what they belong to: a stage's code is one of its pipeline. */
static int depth_of(const Object *o)
{
    int depth = 0;
    for (; o && o->parent && depth < 8; depth++)
        o = o->parent->to;
    return depth;
}

Status import_all_scan(ImportAll *a)
{
    for (int depth = 0; depth <= 8; depth++)
        for (size_t i = 0; i < a->n_parts; i++)
            if (depth_of(a->parts[i].object) == depth)
                TRY(scan_part(a, &a->parts[i]));
    return ST_OK;
}
