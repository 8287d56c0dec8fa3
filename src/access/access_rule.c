/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of roles and sharing rules: expressions of the organisation, not of the reader. Names that
 * are hidden from him count, records behind links are seen whoever he is; me() and today() are his.
 * They speak of records as they are now. */
#include "access/access_internal.h"
#include "expr/expr.h"

static Status rule_everything(Ctx *cx UNUSED, const Object *o UNUSED, DbKind dialect UNUSED,
                              int alias UNUSED, Sql *q UNUSED, int *next_alias UNUSED)
{
    return ST_OK;
}
static bool rule_object(const Ctx *cx UNUSED, const Object *o UNUSED) { return true; }
static bool rule_field(const Ctx *cx UNUSED, const Field *f UNUSED) { return true; }

/* As access_query says who acts, but nothing is out of sight. */
static QueryAccess rule_eyes(void)
{
    QueryAccess all = access_query;
    all.predicate = rule_everything;
    all.exports = rule_everything;
    all.reads_all = rule_object;
    all.object = rule_object;
    all.field = rule_field;
    all.reach = NULL;
    all.masked = NULL;
    all.secrets = NULL;
    return all;
}

typedef struct RuleEyes { /* what a rule's compilation puts aside */
    QueryAccess eyes;
    const QueryAccess *access;
    Id as_of;
} RuleEyes;

static void rule_open(Ctx *cx, RuleEyes *kept)
{
    kept->eyes = rule_eyes();
    kept->access = cx->access;
    kept->as_of = cx->as_of;
    cx->access = &kept->eyes;
    cx->as_of = 0;
}

static void rule_close(Ctx *cx, const RuleEyes *kept)
{
    cx->access = kept->access;
    cx->as_of = kept->as_of;
}

static Status rule_parse(Ctx *cx, const Object *o, Str text, const Expr **ret)
{
    ExprScope names = {.object = o, .names = query_names(cx)};
    return expr_parse(cx, text, &names, EXPR_CONDITION, ret);
}

/* What follows links cannot stand beside the table it is about: it becomes a set of ids. */
static Status rule_as_set(Ctx *cx, const Object *o, DbKind dialect, const Expr *e, int alias,
                          Sql *q, int *next_alias)
{
    SqlScope scope = scope_new(cx, dialect, o, q, next_alias, NULL);
    Sql where = sql_fragment(q);
    TRY(expr_sql(cx, e, &scope, &where));
    sql_column(q, alias, o->id, 0);
    sql_lit(q, " IN (SELECT ");
    sql_column(q, scope.alias, o->id, 0);
    sql_lit(q, " FROM ");
    sql_table(q, o);
    sql_lit(q, " ");
    sql_alias(q, scope.alias);
    sql_append(q, &scope.from);
    sql_lit(q, " WHERE ");
    sql_append(q, &where);
    sql_lit(q, ")");
    return ST_OK;
}

static Status rule_follows_links(Ctx *cx, const Object *o, DbKind dialect, const Expr *e, bool *ret)
{
    int next_alias = 0;
    Sql scratch = sql_new(cx->arena);
    SqlScope scope = scope_new(cx, dialect, o, &scratch, &next_alias, NULL);
    TRY(expr_sql(cx, e, &scope, &scratch));
    *ret = scope.joins.n > 0;
    return ST_OK;
}

static Status rule_write(Ctx *cx, const Object *o, DbKind dialect, const Expr *e, int alias, Sql *q,
                         int *next_alias)
{
    bool follows = false;
    TRY(rule_follows_links(cx, o, dialect, e, &follows));
    if (follows)
        return rule_as_set(cx, o, dialect, e, alias, q, next_alias);
    SqlScope scope = {.cx = cx,
                      .dialect = dialect,
                      .object = o,
                      .alias = alias,
                      .next_alias = next_alias,
                      .from = sql_fragment(q)};
    sql_lit(q, "(");
    TRY(expr_sql(cx, e, &scope, q));
    sql_lit(q, ")");
    return ST_OK;
}

Status access_rule_sql(Ctx *cx, const Object *o, DbKind dialect, Str text, int alias, Sql *q,
                       int *next_alias)
{
    RuleEyes kept;
    const Expr *e = NULL;
    rule_open(cx, &kept);
    Status st = rule_parse(cx, o, text, &e);
    if (st == ST_OK)
        st = rule_write(cx, o, dialect, e, alias, q, next_alias);
    rule_close(cx, &kept);
    if (st != ST_MALFORMED)
        return st;
    error_clear(cx); /* it names a field that is no more: it opens nothing */
    sql_lit(q, "1=0");
    return ST_OK;
}

Status access_rule_read(Ctx *cx, const Object *o, Str text, const Expr **ret, bool *ret_follows)
{
    RuleEyes kept;
    rule_open(cx, &kept);
    Status st = rule_parse(cx, o, text, ret);
    if (st == ST_OK)
        st = rule_follows_links(cx, o, db_kind_of(cx->db), *ret, ret_follows);
    rule_close(cx, &kept);
    return st;
}

static Status rule_check_object(Ctx *cx, const Object *o, const json_t *rights)
{
    const char *action;
    json_t *value;
    json_object_foreach((json_t *)rights, action, value)
    {
        const Expr *e = NULL;
        bool follows = false;
        Str text = json_str(json_object_get(value, "expr"));
        if (!text.n || access_rule_read(cx, o, text, &e, &follows) == ST_OK)
            continue;
        Str field = str_format(cx->arena, "objects." STR_FMT ".%s", STR_ARG(o->name), action);
        int64_t at = cx->err.fields.n ? cx->err.fields.v[0].at : -1;
        Str why = str_copy(cx->arena, cx->err.text);
        error_clear(cx);
        return FIELD_FAIL_AT(cx, field, at, "bad_expression", "access.bad_rule",
                             "the expression cannot be read: %.*s", STR_ARG(why));
    }
    return ST_OK;
}

/* A right misspelt would be a right that nobody has. */
static Status rule_check_system(Ctx *cx, const json_t *list)
{
    static const char *const KNOWN[] = {"api_keys",     "audit",        "backup",
                                        "customise",    "hand_over",    "import_history",
                                        "manage_jobs",  "manage_roles", "manage_users",
                                        "manage_views", "see_jobs",     "view_as"};
    for (size_t i = 0; i < json_array_size(list); i++) {
        Str right = json_str(json_array_get(list, i));
        bool known = false;
        for (size_t k = 0; k < COUNT_OF(KNOWN); k++)
            known = known || str_is(right, KNOWN[k]);
        if (!known)
            return FIELD_FAIL(cx, str_format(cx->arena, "system.%zu", i), "bad_value",
                              "access.no_such_right", "there is no system right \"%.*s\"",
                              STR_ARG(right));
    }
    return ST_OK;
}

Status access_check_form(Ctx *cx, const json_t *form)
{
    const char *name;
    json_t *rights;
    json_object_foreach(json_object_get(form, "objects"), name, rights)
    {
        const Object *o = meta_object(cx->meta, str_of(name));
        if (o)
            TRY(rule_check_object(cx, o, rights));
    }
    return rule_check_system(cx, json_object_get(form, "system"));
}
