/* SPDX-License-Identifier: Apache-2.0 */
/* What names mean: fields, links followed, relations, codes. A name that the user may not see is
 * unknown, in the same words, and is never suggested. */
#include "expr/expr_read.h"

/* One slip, or one in three characters: more is another word. */
size_t expr_name_slips(Str wrong)
{
    size_t n = utf8_length(wrong) / 3;
    return n < 1 ? 1 : n;
}

static bool is_visible(const Typer *y, const Field *f)
{
    return !y->env || !y->env->visible || y->env->visible(y->env->arg, f);
}

static bool visible_field(void *arg, const Field *f) { return is_visible(arg, f); }

static const Field *find_field(const Typer *y, const Object *o, Str name)
{
    const Field *f = o ? object_field(o, name) : NULL;
    return f && is_visible(y, f) ? f : NULL;
}

static bool relation_is_visible(const Typer *y, const Relation *r)
{
    return is_visible(y, r->field);
}

static const Relation *find_relation(const Typer *y, const Object *o, Str name)
{
    const Relation *r = o ? object_relation(o, name) : NULL;
    return r && relation_is_visible(y, r) ? r : NULL;
}

static Status unknown_name(Typer *y, const Object *o, Str name, uint32_t at)
{
    Ctx *cx = y->cx;
    if (!o)
        return expr_fail(cx, at,
                         text_in(cx, "expr.no_names", "\"" STR_FMT "\": there are no fields here",
                                 STR_ARG(name)));
    if (find_relation(y, o, name))
        return expr_fail(cx, at,
                         text_in(cx, "expr.is_relation",
                                 "\"" STR_FMT "\" is many records: use any(), count() and the like",
                                 STR_ARG(name)));
    return expr_fail_near(cx, at,
                          text_in(cx, "expr.unknown_name",
                                  "\"" STR_FMT "\" is not a field of " STR_FMT, STR_ARG(name),
                                  STR_ARG(o->name)),
                          meta_nearest_field(o, name, visible_field, y));
}

/* The object whose names the path starts with. */
static Status path_object(Typer *y, const TypeFrame *frame, const Expr *e, const Object **ret)
{
    if (e->outer && !frame->around)
        return expr_fail(y->cx, e->at,
                         text_in(y->cx, "expr.no_outer",
                                 "\"outer\" is for conditions inside any(), count() and the like"));
    *ret = e->outer ? frame->around->object : frame->object;
    return ST_OK;
}

/* A field by name; behind an any_link a kind, or the word "object". */
static const Field *step(const Typer *y, const Object *o, const Field *before, Str name)
{
    if (!before || before->kind != F_ANY_LINK || before->to)
        return find_field(y, o, name);
    if (str_is(name, "object"))
        return scope_kind_name(y->cx, before, visible_field, (void *)y);
    return scope_kind(y->cx, before, name, visible_field, (void *)y);
}

/* "about" alone stands for nothing yet when a kind follows: the kind is the link. */
static bool is_followed(const Field *f) { return f->kind == F_LINK || f->kind == F_ANY_LINK; }

/* Follows the links of all names but the last: fills e->hops, gives the object they lead to. The last
 * but one may be an any_link or a value with parts (address.city): then *ret_whole is that field. */
static Status follow_links(Typer *y, const TypeFrame *frame, Expr *e, const Object **ret,
                           const Field **ret_whole)
{
    const Object *o = NULL;
    TRY(path_object(y, frame, e, &o));
    e->hops = ARENA_ARRAY(y->cx->arena, const Field *, EXPR_MAX_HOPS + 1);
    e->n_hops = 0;
    const Field *any = NULL;
    for (size_t i = 0; i + 1 < e->n_names; i++) {
        const Field *f = step(y, o, any, e->names[i]);
        if (!f)
            return unknown_name(y, o, e->names[i], e->names_at[i]);
        any = f->kind == F_ANY_LINK && !f->to ? f : NULL;
        if (any)
            continue;
        if (f->n_parts && i + 2 == e->n_names) {
            any = f;
            break;
        }
        if (!is_followed(f) || !f->to)
            return expr_fail(y->cx, e->names_at[i],
                             text_in(y->cx, "expr.not_a_link",
                                     "\"" STR_FMT "\" is not a link, nothing comes after it",
                                     STR_ARG(e->names[i])));
        e->hops[e->n_hops++] = f;
        o = f->to;
    }
    *ret = o;
    *ret_whole = any;
    return ST_OK;
}

static Status type_of_field(Typer *y, Expr *e, const Field *f)
{
    e->t = field_type_of(field_result(f))->value;
    e->cost = 1;
    if (f->kind == F_FORMULA && f->formula_expr)
        e->cost += f->formula_expr->cost;
    if (e->t == V_NULL)
        return expr_fail(y->cx, e->at,
                         text_in(y->cx, "expr.not_usable",
                                 "\"" STR_FMT "\" cannot be used in an expression",
                                 STR_ARG(f->name)));
    if (e->t == V_DECIMAL || e->t == V_MONEY)
        e->scale = (uint8_t)f->scale;
    if (field_has_ids(f))
        e->t = V_IDS;
    if (e->t == V_REF) /* by its id */
        e->t = V_ID;
    if (e->t == V_ID || e->t == V_IDS) {
        e->to = f->kind == F_ID ? f->object : f->to;
        e->to_name = e->to ? e->to->name : f->to_name;
    }
    e->choices = f->kind == F_CHOICE || f->kind == F_CHOICES ? f->choices : NULL;
    return ST_OK;
}

static Str nearest(Ctx *cx, Str wrong, const Str *codes, size_t n)
{
    Str folded = fold_text(cx->arena, wrong), best = STR_NULL;
    size_t most = expr_name_slips(folded), best_distance = most + 1;
    for (size_t i = 0; i < n; i++) {
        size_t d = fold_distance(folded, codes[i], most);
        if (d < best_distance && d < utf8_length(codes[i])) {
            best = codes[i];
            best_distance = d;
        }
    }
    return best;
}

static Status unknown_part(Typer *y, const Field *whole, Str name, uint32_t at)
{
    Str *names = ARENA_ARRAY(y->cx->arena, Str, whole->n_parts);
    for (size_t i = 0; i < whole->n_parts; i++)
        names[i] = whole->parts[i].name;
    return expr_fail_near(y->cx, at,
                          text_in(y->cx, "expr.unknown_name",
                                  "\"" STR_FMT "\" is not a field of " STR_FMT, STR_ARG(name),
                                  STR_ARG(whole->name)),
                          nearest(y->cx, name, names, whole->n_parts));
}

Status expr_name_path(Typer *y, const TypeFrame *frame, Expr *e)
{
    const Object *o = NULL;
    const Field *whole = NULL;
    TRY(follow_links(y, frame, e, &o, &whole));
    size_t last = (size_t)e->n_names - 1;
    bool part = whole && whole->n_parts;
    const Field *f =
        part ? field_named_part(whole, e->names[last]) : step(y, o, whole, e->names[last]);
    if (!f && part)
        return unknown_part(y, whole, e->names[last], e->names_at[last]);
    if (!f)
        return unknown_name(y, o, e->names[last], e->names_at[last]);
    e->hops[e->n_hops++] = f;
    if (whole && f->kind == F_ANY_LINK) /* about.account: the account's id */
        e->hops[e->n_hops++] = f = f->to->id;
    return type_of_field(y, e, f);
}

bool expr_name_is_relation(const Typer *y, const TypeFrame *frame, const Expr *e)
{
    if (e->op != OP_PATH || (e->outer && !frame->around))
        return false;
    const Object *o = e->outer ? frame->around->object : frame->object;
    const Field *any = NULL;
    for (size_t i = 0; o && i + 1 < e->n_names; i++) {
        const Field *f = step(y, o, any, e->names[i]);
        any = f && f->kind == F_ANY_LINK && !f->to ? f : NULL;
        if (!any)
            o = f && is_followed(f) ? f->to : NULL;
    }
    if (any)
        return false;
    Str last = e->names[e->n_names - 1];
    const Field *f = find_field(y, o, last);
    return f ? f->kind == F_LINKS : find_relation(y, o, last) != NULL;
}

Status expr_name_relation(Typer *y, const TypeFrame *frame, Expr *e)
{
    const Object *o = NULL;
    const Field *any = NULL;
    if (e->op != OP_PATH)
        return expr_fail(y->cx, e->at,
                         text_in(y->cx, "expr.relation_expected",
                                 "the name of related records is expected here"));
    TRY(follow_links(y, frame, e, &o, &any));
    size_t last = (size_t)e->n_names - 1;
    const Field *f = any ? NULL : find_field(y, o, e->names[last]);
    if (any)
        return unknown_name(y, o, e->names[last], e->names_at[last]);
    if (f && f->kind == F_LINKS) {
        e->links = f;
        e->child = f->to;
    } else if (!f && (e->relation = find_relation(y, o, e->names[last]))) {
        e->child = e->relation->child;
    }
    if (e->child) {
        e->cost = 1;
        e->t = V_IDS;
        return ST_OK;
    }
    if (!f)
        return unknown_name(y, o, e->names[last], e->names_at[last]);
    return expr_fail(y->cx, e->names_at[last],
                     text_in(y->cx, "expr.not_a_relation",
                             "\"" STR_FMT "\" is one value, not related records",
                             STR_ARG(e->names[last])));
}

static Status unknown_code(Typer *y, const Expr *literal, Str of, Str suggestion)
{
    return expr_fail_near(y->cx, literal->at,
                          text_in(y->cx, "expr.unknown_code",
                                  "\"" STR_FMT "\" is not a code of " STR_FMT,
                                  STR_ARG(literal->lit.s), STR_ARG(of)),
                          suggestion);
}

Status expr_name_code(Typer *y, const Expr *link, const Expr *literal)
{
    const Id *ids;
    size_t n;
    if (!y->check_codes || !y->env || !y->env->code_ids)
        return ST_OK;
    TRY(y->env->code_ids(y->env->arg, y->cx, link->to, literal->lit.s, &ids, &n));
    if (n > 0)
        return ST_OK;
    const Str *codes = NULL;
    n = 0;
    if (y->env->codes)
        TRY(y->env->codes(y->env->arg, y->cx, link->to, &codes, &n));
    return unknown_code(y, literal, link->to->name, nearest(y->cx, literal->lit.s, codes, n));
}

Status expr_name_choice(Typer *y, const Expr *like, const Expr *literal)
{
    const ChoiceList *list = like->choices;
    if (choice_find(list, literal->lit.s))
        return ST_OK;
    Str *codes = ARENA_ARRAY(y->cx->arena, Str, list->n + 1);
    for (size_t i = 0; i < list->n; i++)
        codes[i] = list->items[i].value;
    Str of = list->name.n || like->op != OP_PATH ? list->name : like->hops[like->n_hops - 1]->name;
    return unknown_code(y, literal, of, nearest(y->cx, literal->lit.s, codes, list->n));
}
