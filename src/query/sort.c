/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting and the keyset condition.
 *
 * Nulls come last in both directions. For the first key that is read as two index ranges (values,
 * then nulls), because an index serves only bare columns; later keys order by (key IS NULL), key.
 * The id in the direction of the last key breaks ties, so that (key, id) is one index, forwards or
 * backwards. What comes after a row is written as a row value where every direction agrees and no
 * key but the first can be null, else with a redundant bound on the first key: PostgreSQL needs
 * 153 ms for the textbook form of ORs at a depth of 100,000, 0.09 ms with the bound. */
#include "query/query_internal.h"

/* A link sorts by what people see: the position of a coded record, else the title. */
static Status sort_through_link(Base *b, Path *p)
{
    if (p->field->kind != F_LINK)
        return ST_OK;
    const Object *to = p->field->to;
    const Field *by = (to->traits & TRAIT_CODED) && to->position ? to->position : to->title;
    if (!path_visible(b->cx, by) || by == to->id)
        return ST_OK;
    TRY(scope_join(&b->scope, p->alias, p->field, &p->alias));
    p->field = by;
    p->hops++;
    return ST_OK;
}

static bool sort_never_null(const Object *o, const Path *p)
{
    const Field *f = p->field;
    return p->hops == 0 &&
           (f == o->id || f == o->version || f == o->created_at || f == o->updated_at);
}

static Status sort_key(Base *b, Str name, bool down, SortKey *key)
{
    Ctx *cx = b->cx;
    key->down = down;
    key->col = -1;
    TRY(path_resolve(cx, &b->scope, name, "sort", &key->path));
    TRY(sort_through_link(b, &key->path));
    const Field *f = key->path.field;
    if (!f->type->sortable)
        return path_bad(cx, "sort",
                        FAIL(cx, ST_MALFORMED, "query.not_sortable", STR_FMT " cannot be sorted by",
                             STR_ARG(f->name)));
    key->nullable = !sort_never_null(b->o, &key->path);
    key->sql = sql_fragment(&b->sql);
    return path_sql(cx, &b->scope, &key->path, PATH_SORT, &key->sql, &key->type);
}

Status sort_parse(Base *b, Str text, Sort *ret)
{
    Ctx *cx = b->cx;
    Str rest = text, part;
    bool down = true, has_id = false;
    *ret = (Sort){.n = 0};
    while (!has_id && str_split(&rest, ',', &part)) {
        part = str_trim(part);
        if (ret->n == QUERY_MAX_SORT)
            return path_bad(cx, "sort",
                            FAIL(cx, ST_MALFORMED, "query.too_many_keys", "at most %d sort keys",
                                 QUERY_MAX_SORT));
        down = part.n > 0 && part.p[0] == '-';
        if (down)
            part = str_sub(part, 1, part.n);
        SortKey *key = &ret->keys[ret->n++];
        TRY(sort_key(b, part, down, key));
        has_id = key->path.hops == 0 && key->path.field == b->o->id;
    }
    if (has_id)
        return ST_OK;
    return sort_key(b, STR("id"), down, &ret->keys[ret->n++]);
}

bool sort_has_index(const Base *b, const Sort *s)
{
    const Path *p = &s->keys[0].path;
    if (b->scope.joins.n >
        0) /* a filter through a link: SQLite starts at the link's end, then sorts */
        return false;
    if (p->field == b->o->id)
        return true;
    for (size_t i = 0; i < b->o->n_indexes; i++)
        if (b->o->indexes[i].fields[0] == p->field)
            return true;
    return false;
}

void sort_range(const Sort *s, SortRange range, Sql *out)
{
    if (range == SORT_ALL)
        return;
    sql_lit(out, " AND ");
    sql_append(out, &s->keys[0].sql);
    if (range == SORT_VALUES)
        sql_lit(out, " IS NOT NULL");
    else
        sql_lit(out, " IS NULL");
}

static void sort_compare(const SortKey *k, bool or_equal, DbVal v, Sql *out)
{
    sql_append(out, &k->sql);
    if (k->down)
        sql_lit(out, " <");
    else
        sql_lit(out, " >");
    if (or_equal)
        sql_lit(out, "=");
    sql_lit(out, " ");
    sql_bind(out, v);
}

static bool sort_is_row_value(const Sort *s, size_t from)
{
    for (size_t i = from; i < s->n; i++)
        if (s->keys[i].down != s->keys[from].down || (i > from && s->keys[i].nullable))
            return false;
    return true;
}

static void sort_row_value(const Sort *s, size_t from, const DbVal *values, Sql *out)
{
    sql_lit(out, "(");
    for (size_t i = from; i < s->n; i++) {
        if (i > from)
            sql_lit(out, ", ");
        sql_append(out, &s->keys[i].sql);
    }
    if (s->keys[from].down)
        sql_lit(out, ") < (");
    else
        sql_lit(out, ") > (");
    for (size_t i = from; i < s->n; i++) {
        if (i > from)
            sql_lit(out, ", ");
        sql_bind(out, values[i]);
    }
    sql_lit(out, ")");
}

/* Key i lies after its value, or equals it and the keys behind lie after theirs. */
static void sort_after_from(const Sort *s, size_t i, const DbVal *values, Sql *out)
{
    const SortKey *k = &s->keys[i];
    bool last = i + 1 == s->n;
    sql_lit(out, "(");
    if (values[i].null) { /* nothing comes after null */
        sql_append(out, &k->sql);
        sql_lit(out, " IS NULL");
        if (last) {
            sql_lit(out, " AND 1=0)");
            return;
        }
        sql_lit(out, " AND ");
        sort_after_from(s, i + 1, values, out);
        sql_lit(out, ")");
        return;
    }
    sort_compare(k, false, values[i], out);
    if (k->nullable && i > 0) {
        sql_lit(out, " OR ");
        sql_append(out, &k->sql);
        sql_lit(out, " IS NULL");
    }
    if (!last) {
        sql_lit(out, " OR (");
        sql_append(out, &k->sql);
        sql_lit(out, " = ");
        sql_bind(out, values[i]);
        sql_lit(out, " AND ");
        sort_after_from(s, i + 1, values, out);
        sql_lit(out, ")");
    }
    sql_lit(out, ")");
}

void sort_after(const Sort *s, SortRange range, const DbVal *values, Sql *out)
{
    size_t from = range == SORT_NULLS ? 1 : 0;
    sql_lit(out, " AND ");
    if (!values[from].null && !(from > 0 && s->keys[from].nullable) && sort_is_row_value(s, from)) {
        sort_row_value(s, from, values, out);
        return;
    }
    if (from == 0) {
        sort_compare(&s->keys[0], true, values[0], out); /* the redundant bound */
        sql_lit(out, " AND ");
    }
    sort_after_from(s, from, values, out);
}

void sort_order(const Sort *s, SortRange range, Sql *out)
{
    sql_lit(out, " ORDER BY ");
    for (size_t i = range == SORT_NULLS ? 1 : 0; i < s->n; i++) {
        const SortKey *k = &s->keys[i];
        if (k->nullable && i > 0) {
            sql_lit(out, "(");
            sql_append(out, &k->sql);
            sql_lit(out, " IS NULL), ");
        }
        sql_append(out, &k->sql);
        if (k->down)
            sql_lit(out, " DESC");
        if (i + 1 < s->n)
            sql_lit(out, ", ");
    }
}
