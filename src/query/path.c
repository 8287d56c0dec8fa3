/* SPDX-License-Identifier: Apache-2.0 */
/* Names of fields as parameters give them: title, account.region.name. Each hop is a join that
 * carries the reader's predicate, so that what lies behind an invisible record is null. */
#include "meta/mask.h"
#include "query/query_internal.h"

bool path_visible(const Ctx *cx, const Field *f) { return !cx->access || cx->access->field(cx, f); }

Str query_mask(const Ctx *cx, const Field *f, const Value *v)
{
    uint8_t style = cx->access && cx->access->mask ? cx->access->mask(cx, f) : MASK_AUTO;
    return mask_value(cx->arena, f, (MaskStyle)style, v);
}

bool path_masked(const Ctx *cx, const Field *f)
{
    return cx->access && cx->access->masked && cx->access->masked(cx, f);
}

static bool path_is_visible(void *arg, const Field *f) { return path_visible(arg, f); }

Status path_bad(Ctx *cx, const char *param, Status failed)
{
    FIELD_FAIL(cx, str_of(param), "bad_value", "query.parameter", STR_FMT, STR_ARG(cx->err.text));
    return failed;
}

Status path_unknown(Ctx *cx, const Object *o, Str name, const char *param)
{
    Status st = FAIL(cx, ST_MALFORMED, "query.unknown_field", "there is no field " STR_FMT,
                     STR_ARG(str_sub(name, 0, 80)));
    path_bad(cx, param, st);
    Str near = meta_nearest_field(o, name, path_is_visible, cx);
    if (near.p)
        error_suggest(cx, near);
    return st;
}

/* What comes after an any_link: the kind of record, or the word "object". */
static Status path_kind(Ctx *cx, Str name, const char *param, Path *p)
{
    const Field *any = p->field;
    p->field = str_is(name, "object") ? scope_kind_name(cx, any, path_is_visible, cx)
                                      : scope_kind(cx, any, name, path_is_visible, cx);
    return p->field ? ST_OK : path_unknown(cx, any->object, name, param);
}

Status path_resolve(Ctx *cx, SqlScope *scope, Str text, const char *param, Path *ret)
{
    const Object *o = scope->object;
    Str rest = text, name;
    *ret = (Path){.alias = scope->alias};
    while (str_split(&rest, '.', &name)) {
        const Field *part = ret->field ? field_named_part(ret->field, name) : NULL;
        if (part) {
            ret->field = part;
            continue;
        }
        if (ret->field && ret->field->kind == F_ANY_LINK && !ret->field->to) {
            TRY(path_kind(cx, name, param, ret));
            continue;
        }
        if (ret->field) {
            bool leads = ret->field->kind == F_LINK || ret->field->kind == F_ANY_LINK;
            if (!leads || ret->hops == QUERY_MAX_HOPS)
                return path_bad(cx, param,
                                FAIL(cx, ST_MALFORMED, "query.no_path",
                                     "no path leads through " STR_FMT, STR_ARG(ret->field->name)));
            TRY(scope_join(scope, ret->alias, ret->field, &ret->alias));
            o = ret->field->to;
            ret->hops++;
        }
        ret->field = object_field(o, name);
        bool shown = ret->field && !strcmp(param, "fields") && path_masked(cx, ret->field);
        if (!ret->field || !(shown || path_visible(cx, ret->field)))
            return path_unknown(cx, o, name, param);
    }
    if (!ret->field)
        return path_bad(cx, param,
                        FAIL(cx, ST_MALFORMED, "query.no_name", "a field's name is missing"));
    if (ret->field->kind == F_ANY_LINK && ret->field->to) { /* about.account: the account's id */
        TRY(scope_join(scope, ret->alias, ret->field, &ret->alias));
        ret->field = ret->field->to->id;
        ret->hops++;
    }
    return ST_OK;
}

/* The scope of a formula that belongs to a joined record: joins found on the way are shared. */
static Status path_formula(Ctx *cx, SqlScope *scope, const Path *p, Sql *out, DbType *ret_type)
{
    SqlScope inner = *scope;
    inner.object = p->field->object;
    inner.alias = p->alias;
    Status st = formula_sql(cx, p->field, &inner, out, ret_type);
    scope->from = inner.from;
    scope->joins = inner.joins;
    return st;
}

Status path_sql(Ctx *cx, SqlScope *scope, const Path *p, PathUse use, Sql *out, DbType *ret_type)
{
    const Field *f = p->field;
    if (f->kind == F_FORMULA)
        return path_formula(cx, scope, p, out, ret_type);
    if (f->kind == F_ROLLUP) {
        *ret_type = (DbType)f->columns[0].type;
        return expr_rollup_read(cx, f, scope, p->alias, out);
    }
    int part = use == PATH_SORT ? field_part(f, 'k') : -1;
    if (f->kind == F_MONEY)
        part = field_part(f, 'b');
    if (part < 0)
        part = 0;
    sql_column(out, p->alias, f, part);
    *ret_type = (DbType)f->columns[part].type;
    return ST_OK;
}
