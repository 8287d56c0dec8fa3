/* SPDX-License-Identifier: Apache-2.0 */
/* The table references of one SELECT: each linked record joined once, with the reader's predicate
 * (see sql.h). */
#include "meta/sql.h"

SqlScope scope_new(Ctx *cx, DbKind dialect, const Object *o, const Sql *statement, int *next_alias,
                   const SqlScope *outer)
{
    return (SqlScope){.cx = cx,
                      .dialect = dialect,
                      .object = o,
                      .alias = (*next_alias)++,
                      .next_alias = next_alias,
                      .from = sql_fragment(statement),
                      .outer = outer};
}

/* The field behind an any_link is made anew by every path. */
static bool is_same_link(const Field *a, const Field *b)
{
    return a == b || (a && b && a->kind == F_ANY_LINK && a->object == b->object &&
                      a->index == b->index && a->to == b->to);
}

static const SqlJoin *scope_joined(const SqlScope *s, int alias, const Field *link)
{
    for (size_t i = 0; i < s->joins.n; i++) {
        const SqlJoin *j = &s->joins.v[i];
        if (j->parent == alias && is_same_link(j->field, link))
            return j;
    }
    return NULL;
}

Status scope_join(SqlScope *s, int alias, const Field *link, int *ret_alias)
{
    const SqlJoin *known = scope_joined(s, alias, link);
    if (known) {
        *ret_alias = known->alias;
        return ST_OK;
    }
    int joined = (*s->next_alias)++;
    Sql *q = &s->from;
    sql_lit(q, " LEFT JOIN ");
    scope_rows(s->cx, link->to, joined, q);
    sql_lit(q, " ON ");
    sql_column(q, joined, link->to->id, 0);
    sql_lit(q, " = ");
    sql_column(q, alias, link, 0);
    if (link->kind == F_ANY_LINK) {
        sql_lit(q, " AND ");
        sql_kind(q, alias, link, link->to);
    }
    if (!field_is_file(link)) /* who sees the record sees its files */
        TRY(scope_access(s->cx, link->to, s->dialect, joined, q, s->next_alias));
    SqlJoin j = {.parent = alias, .field = link, .alias = joined};
    VEC_PUSH(q->arena, &s->joins, j);
    *ret_alias = joined;
    return ST_OK;
}

/* ---- the past */

static void scope_field(const Field *f, Sql *q)
{
    for (int part = 0; part < f->n_columns; part++) {
        sql_column(q, -1, f, part);
        sql_lit(q, ", ");
    }
}

/* Of a field whose type has changed since: what it holds now, and what it held then. */
static void scope_columns(const Object *o, Id as_of, Sql *q)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i], *then = as_of ? field_column_at(f, as_of) : f;
        scope_field(f, q);
        if (then != f)
            scope_field(then, q);
    }
    sql_lit(q, "\"changed\"");
}

/* An id is older than the change that made its record, so the bound on it spares the scan of all that
 * came later. */
static void scope_until(const Ctx *cx, Sql *q)
{
    sql_lit(q, " WHERE \"id\" <= ");
    sql_bind_int(q, cx->as_of);
    sql_lit(q, " AND \"changed\" <= ");
    sql_bind_int(q, cx->as_of);
}

static void scope_narrow(const Sql *narrow, Sql *q)
{
    if (!narrow)
        return;
    sql_lit(q, " AND ");
    sql_append(q, narrow);
}

void scope_rows(const Ctx *cx, const Object *o, int alias, Sql *q)
{
    scope_rows_of(cx, o, alias, NULL, q);
}

void scope_rows_of(const Ctx *cx, const Object *o, int alias, const Sql *narrow, Sql *q)
{
    if (cx->as_of && o->history) {
        sql_lit(q, "(SELECT ");
        scope_columns(o, cx->as_of, q);
        sql_lit(q, " FROM ");
        sql_table(q, o);
        scope_until(cx, q);
        scope_narrow(narrow, q);
        sql_lit(q, " UNION ALL SELECT ");
        scope_columns(o, cx->as_of, q);
        sql_lit(q, " FROM ");
        sql_twin(q, o);
        scope_until(cx, q);
        sql_lit(q, " AND \"until\" > ");
        sql_bind_int(q, cx->as_of);
        scope_narrow(narrow, q);
        sql_lit(q, ") AS");
    } else {
        sql_table(q, o);
    }
    sql_lit(q, " ");
    sql_alias(q, alias);
}

void scope_deleted(const Object *o, int alias, Sql *q)
{
    sql_lit(q, "(SELECT ");
    scope_columns(o, 0, q);
    sql_lit(q, ", \"until\" FROM ");
    sql_twin(q, o);
    sql_lit(q, " d WHERE d.\"op\" = 'delete' AND d.\"changed\" = (SELECT max(l.\"changed\") FROM ");
    sql_twin(q, o);
    sql_lit(q, " l WHERE l.\"id\" = d.\"id\") AND NOT EXISTS (SELECT 1 FROM ");
    sql_table(q, o);
    sql_lit(q, " l WHERE l.\"id\" = d.\"id\")) AS ");
    sql_alias(q, alias);
}

/* The ids of a links field stand in its row as a JSON array; how that is opened up is the one thing
 * here in which the engines differ. */
void scope_links(const Ctx *cx, const Field *f, Sql *q)
{
    if (!cx->as_of || !f->object->history) {
        sql_links_table(q, f);
        return;
    }
    sql_lit(q, "(SELECT t.\"id\" AS \"record\", ");
    if (field_has_ids(f))
        sql_lit(q, "CAST(e.value AS bigint)");
    else
        sql_lit(q, "e.value");
    sql_lit(q, " AS \"target\" FROM (SELECT \"id\", ");
    sql_column(q, -1, f, 0);
    sql_lit(q, " AS \"list\" FROM ");
    sql_table(q, f->object);
    scope_until(cx, q);
    sql_lit(q, " UNION ALL SELECT \"id\", ");
    sql_column(q, -1, f, 0);
    sql_lit(q, " FROM ");
    sql_twin(q, f->object);
    scope_until(cx, q);
    sql_lit(q, " AND \"until\" > ");
    sql_bind_int(q, cx->as_of);
    if (db_kind_of(cx->db) == DB_SQLITE)
        sql_lit(q, ") AS t, json_each(t.\"list\") AS e) AS links");
    else
        sql_lit(q, ") AS t, jsonb_array_elements_text(CAST(t.\"list\" AS jsonb)) AS e) AS links");
}

/* Deleted, and its last image is one the reader may see. */
static Status scope_access_deleted(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q,
                                   int *next_alias)
{
    int last = (*next_alias)++;
    sql_lit(q, " OR EXISTS (SELECT 1 FROM ");
    sql_twin(q, o);
    sql_lit(q, " ");
    sql_alias(q, last);
    sql_lit(q, " WHERE ");
    sql_column(q, last, o->id, 0);
    sql_lit(q, " = ");
    sql_column(q, alias, o->id, 0);
    sql_lit(q, " AND ");
    sql_alias(q, last);
    sql_lit(q, ".\"op\" = 'delete' AND ");
    sql_alias(q, last);
    sql_lit(q, ".\"changed\" = (SELECT max(l.\"changed\") FROM ");
    sql_twin(q, o);
    sql_lit(q, " l WHERE l.\"id\" = ");
    sql_column(q, alias, o->id, 0);
    sql_lit(q, ") AND NOT EXISTS (SELECT 1 FROM ");
    sql_table(q, o);
    sql_lit(q, " l WHERE l.\"id\" = ");
    sql_column(q, alias, o->id, 0);
    sql_lit(q, ")");
    TRY(cx->access->predicate(cx, o, dialect, last, q, next_alias));
    sql_lit(q, ")");
    return ST_OK;
}

Status scope_access(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q, int *next_alias)
{
    if (!cx->access)
        return ST_OK;
    if (!cx->as_of || !o->history || cx->access->reads_all(cx, o))
        return cx->access->predicate(cx, o, dialect, alias, q, next_alias);
    int now = (*next_alias)++;
    sql_lit(q, " AND (");
    sql_column(q, alias, o->id, 0);
    sql_lit(q, " IN (SELECT ");
    sql_column(q, now, o->id, 0);
    sql_lit(q, " FROM ");
    sql_table(q, o);
    sql_lit(q, " ");
    sql_alias(q, now);
    sql_lit(q, " WHERE 1=1");
    TRY(cx->access->predicate(cx, o, dialect, now, q, next_alias));
    sql_lit(q, ")");
    TRY(scope_access_deleted(cx, o, dialect, alias, q, next_alias));
    sql_lit(q, ")");
    return ST_OK;
}

int scope_derived(SqlScope *s, int alias, const Object *o)
{
    const SqlJoin *known = scope_joined(s, alias, NULL);
    if (known)
        return known->alias;
    SqlJoin j = {.parent = alias, .alias = (*s->next_alias)++};
    Sql *q = &s->from;
    sql_lit(q, " LEFT JOIN ");
    sql_derived(q, o);
    sql_lit(q, " ");
    sql_alias(q, j.alias);
    sql_lit(q, " ON ");
    sql_column(q, j.alias, o->id, 0);
    sql_lit(q, " = ");
    sql_column(q, alias, o->id, 0);
    VEC_PUSH(q->arena, &s->joins, j);
    return j.alias;
}

const Field *scope_kind(Ctx *cx, const Field *any, Str object, ScopeVisible visible, void *arg)
{
    const Object *to = meta_object(cx->meta, object);
    if (!to || !field_leads_to(any, to) || (visible && !visible(arg, to->id)))
        return NULL;
    Field *f = arena_dup(cx->arena, any, sizeof(*any));
    f->to = to;
    f->to_name = to->name;
    return f;
}

const Field *scope_kind_name(Ctx *cx, const Field *any, ScopeVisible visible, void *arg)
{
    Field *f = arena_dup(cx->arena, any, sizeof(*any));
    ChoiceList *list = ARENA_NEW(cx->arena, ChoiceList);
    list->items = ARENA_ARRAY(cx->arena, Choice, cx->meta->n_objects + 1);
    list->by_value = map_in(cx->arena);
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        if (!field_leads_to(any, o) || (visible && !visible(arg, o->id)))
            continue;
        Choice *c = &list->items[list->n++];
        c->value = o->name;
        c->label = o->label;
        map_put(&list->by_value, c->value, c);
    }
    f->kind = F_CHOICE;
    f->type = field_type_of(F_CHOICE);
    f->name = STR("object");
    f->columns[0] = any->columns[1];
    f->n_columns = 1;
    f->choices = list;
    f->to_any = NULL;
    return f;
}
