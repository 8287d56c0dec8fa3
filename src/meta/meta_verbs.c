/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs of an object as it declares them: label, right, condition and what the caller says. The deed is
 * code of its module (verb/verb.h). A parameter is a field of the object, {"field":"close_reason"}, or
 * a value of the verb's own, declared like a field. Conditions are compiled by expr/. */
#include "meta/meta_build.h"
#include "meta/meta_write.h"

#define VERBS_MAX 40
#define PARAMS_MAX 30

static Status check_needs(MetaBuild *b, ObjectVerb *v)
{
    static const char *const words[] = {"update", "transfer", "create", "none"};
    if (!v->needs.n)
        v->needs = STR("update");
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is(v->needs, words[i]))
            return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, "needs"), "bad_value", "meta.verb_needs",
                      "must be update, transfer, create or none");
}

/* A parameter that is a field of the object; NULL where none is meant. */
static Status read_field_of_object(MetaBuild *b, const json_t *decl, VerbParam *p)
{
    Str name;
    TRY(meta_check_attributes(b, decl, "field required", NULL));
    TRY(meta_check_text(b, decl, "field", &name));
    TRY(meta_check_flag(b, decl, "required", false, &p->required));
    p->field = object_field(b->object, name);
    p->name = name;
    if (p->field)
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, "field"), "no_match", "meta.no_such_field",
                      "there is no field \"" STR_FMT "\"", STR_ARG(name));
}

static Status read_param(MetaBuild *b, const json_t *decl, VerbParam *p)
{
    Field *f = NULL;
    if (json_object_get(decl, "field"))
        return read_field_of_object(b, decl, p);
    TRY(meta_fields_read_loose(b, decl, &f));
    TRY(meta_links_resolve(b, f));
    *p = (VerbParam){.name = f->name, .field = f, .is_own = true, .required = f->required};
    return ST_OK;
}

static Status read_params(MetaBuild *b, const json_t *list, ObjectVerb *v)
{
    Str outer = b->path;
    size_t n = json_array_size(list);
    if ((list && !json_is_array(list)) || n > PARAMS_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, "params"), "bad_value", "meta.verb_params",
                          "must be a list of at most %d fields", PARAMS_MAX);
    v->params = ARENA_ARRAY(b->arena, VerbParam, n + 1);
    for (size_t i = 0; i < n; i++) {
        b->path = str_format(b->arena, STR_FMT ".params[%zu]", STR_ARG(outer), i);
        TRY(read_param(b, json_array_get(list, i), &v->params[i]));
    }
    v->n_params = n;
    b->path = outer;
    return ST_OK;
}

static Status read_verb(MetaBuild *b, const json_t *decl, ObjectVerb *v)
{
    TRY(meta_check_attributes(b, decl, "verb label icon when needs hints danger single params",
                              NULL));
    TRY(meta_check_text(b, decl, "verb", &v->name));
    TRY(meta_check_text(b, decl, "icon", &v->icon));
    TRY(meta_check_text(b, decl, "when", &v->when));
    TRY(meta_check_text(b, decl, "needs", &v->needs));
    TRY(meta_check_flag(b, decl, "hints", false, &v->hints));
    TRY(meta_check_flag(b, decl, "danger", false, &v->danger));
    TRY(meta_check_flag(b, decl, "single", false, &v->single));
    TRY(meta_check_label(b, decl, "label", meta_name_in_words(b->arena, v->name), &v->label));
    if (!meta_name_is_word(v->name))
        return FIELD_FAIL(b->cx, meta_path(b, "verb"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    TRY(check_needs(b, v));
    return read_params(b, json_object_get(decl, "params"), v);
}

Status meta_verbs_build(MetaBuild *b)
{
    Object *o = b->object;
    json_t *list = json_object_get(o->decl, "verbs");
    size_t n = json_array_size(list);
    Status st = ST_OK;
    if ((list && !json_is_array(list)) || n > VERBS_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, "verbs"), "bad_value", "meta.bad_verbs",
                          "must be a list of at most %d verbs", VERBS_MAX);
    o->verbs = ARENA_ARRAY(b->arena, ObjectVerb, n + 1);
    for (size_t i = 0; i < n; i++) {
        b->path = str_format(b->arena, "verbs[%zu]", i);
        if (read_verb(b, json_array_get(list, i), &o->verbs[i]) != ST_OK)
            st = ST_INVALID;
    }
    b->path = STR_NULL;
    o->n_verbs = n;
    return st;
}

void meta_verbs_write_fields(Arena *a, const Object *o)
{
    for (size_t i = 0; i < o->n_verbs; i++)
        for (size_t k = 0; k < o->verbs[i].n_params; k++)
            if (o->verbs[i].params[k].is_own)
                meta_write_field(a, (Field *)o->verbs[i].params[k].field);
}

/* ---- as GET /meta shows them */

static bool sees_param(const MetaView *view, const VerbParam *p)
{
    const Field *f = p->field;
    if (view && view->object && f->to && !view->object(view->arg, f->to))
        return false;
    return p->is_own || !view || !view->field || view->field(view->arg, f);
}

static void write_params(const ObjectVerb *v, const MetaView *view, Buf *out)
{
    bool first = true;
    buf_lit(out, ",\"params\":[");
    for (size_t i = 0; i < v->n_params; i++) {
        const VerbParam *p = &v->params[i];
        if (!sees_param(view, p))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        if (p->is_own) {
            buf_str_add(out, p->field->json);
            continue;
        }
        buf_lit(out, "{\"field\":");
        buf_json_str(out, p->name);
        buf_lit(out, ",\"required\":");
        buf_json_bool(out, p->required);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void write_verb(const Object *o, const ObjectVerb *v, const MetaView *view, Buf *out)
{
    buf_lit(out, "{\"verb\":");
    buf_json_str(out, v->name);
    buf_lit(out, ",\"label\":");
    meta_write_label(out, &v->label);
    if (v->icon.n) {
        buf_lit(out, ",\"icon\":");
        buf_json_str(out, v->icon);
    }
    if (v->when.n && !meta_mentions_hidden(o, view, v->when)) {
        buf_lit(out, ",\"when\":");
        buf_json_str(out, v->when);
    }
    buf_lit(out, ",\"needs\":");
    buf_json_str(out, v->needs);
    buf_lit(out, ",\"hints\":");
    buf_json_bool(out, v->hints);
    buf_lit(out, ",\"danger\":");
    buf_json_bool(out, v->danger);
    buf_lit(out, ",\"single\":");
    buf_json_bool(out, v->single);
    write_params(v, view, out);
    buf_char(out, '}');
}

void meta_verbs_write(const Object *o, const MetaView *view, Buf *out)
{
    buf_lit(out, ",\"verbs\":[");
    for (size_t i = 0; i < o->n_verbs; i++) {
        if (i)
            buf_char(out, ',');
        write_verb(o, &o->verbs[i], view, out);
    }
    buf_char(out, ']');
}
