/* SPDX-License-Identifier: Apache-2.0 */
/* Checking an expression while it is written: its type, canonical text and tree, or what is wrong and
 * where; and what could stand at the place of the cursor. A wrong expression is an answer here, not a
 * failed request. */
#include "api/api_routes.h"
#include "base/id.h"
#include "expr/expr.h"
#include "record/record.h"

#define MAX_BODY 262144 /* a text of 8 KiB as a tree */

static Status read_text(Ctx *cx, const json_t *body, Str *ret)
{
    const json_t *text = json_object_get(body, "text"), *tree = json_object_get(body, "json");
    *ret = json_str(text);
    if ((text != NULL) == (tree != NULL) || (text && !json_is_string(text)))
        return api_bad_parameter(cx, "text", ST_INVALID);
    if (!tree)
        return ST_OK;
    Buf out = buf_in(cx->arena, 65536);
    TRY(expr_from_json(cx, tree, &out));
    *ret = buf_str(&out);
    return ST_OK;
}

static void write_error(const Ctx *cx, Buf *out)
{
    const FieldError *f = cx->err.fields.n ? &cx->err.fields.v[0] : NULL;
    buf_lit(out, "\"ok\":false,\"error\":{\"code\":\"bad_expression\",\"message\":");
    buf_json_str(out, f ? f->message : cx->err.text);
    if (f && f->at >= 0) {
        buf_lit(out, ",\"at\":");
        buf_int(out, f->at);
    }
    if (f && f->suggestion.n) {
        buf_lit(out, ",\"suggestion\":");
        buf_json_str(out, f->suggestion);
    }
    buf_char(out, '}');
}

static void write_checked(const Expr *e, Buf *out)
{
    int scale;
    Buf text = buf_in(out->arena, 65536);
    expr_text(e, &text);
    expr_result(e, &scale);
    buf_lit(out, "\"ok\":true,\"type\":");
    buf_json_str(out, str_of(expr_type(e)));
    buf_lit(out, ",\"scale\":");
    buf_int(out, scale);
    buf_lit(out, ",\"text\":");
    buf_json_str(out, buf_str(&text));
    buf_lit(out, ",\"json\":");
    expr_json(e, out);
}

/* What it gives for one record that the reader may see: null where there is none, or no value. */
static Status write_sample(Ctx *cx, const ExprScope *scope, const Expr *e, Id id, Buf *out)
{
    Record *r = NULL;
    Value v = VALUE_NULL;
    int scale = 0;
    Field as = {.type = field_type_of(F_FORMULA), .kind = F_FORMULA, .max = 4000};
    as.result = expr_result(e, &scale);
    as.scale = scale;
    Status st = record_load(cx, scope->object, id, &r);
    if (st == ST_OK)
        st = record_evaluate(cx, r, e, &v);
    if (st == ST_BUSY || st == ST_INTERNAL)
        return st;
    buf_lit(out, ",\"sample\":");
    if (st == ST_OK)
        as.type->json(out, &as, &v);
    else
        buf_lit(out, "null");
    if (st != ST_OK && st != ST_NOT_FOUND) { /* an overflow, say */
        buf_lit(out, ",\"sample_error\":");
        buf_json_str(out, cx->err.fields.n ? cx->err.fields.v[0].message : cx->err.text);
    }
    error_clear(cx);
    return ST_OK;
}

static void write_completions(const ExprCompletions *all, Buf *out)
{
    buf_lit(out, ",\"from\":");
    buf_uint(out, all->from);
    buf_lit(out, ",\"completions\":[");
    for (size_t i = 0; i < all->n; i++) {
        const ExprCompletion *c = &all->v[i];
        buf_str_add(out, i ? STR(",{\"text\":") : STR("{\"text\":"));
        buf_json_str(out, c->text);
        buf_lit(out, ",\"kind\":");
        buf_json_str(out, str_of(c->kind));
        if (c->label.n) {
            buf_lit(out, ",\"label\":");
            buf_json_str(out, c->label);
        }
        if (c->type.n) {
            buf_lit(out, ",\"type\":");
            buf_json_str(out, c->type);
        }
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static Status read_scope(Ctx *cx, const json_t *body, ExprScope *ret, ExprUse *ret_use)
{
    const Object *o = meta_object(cx->meta, json_get_str(body, "object"));
    Str use = json_get_str(body, "use");
    if (!o || !cx->access->object(cx, o))
        return api_bad_parameter(cx, "object", ST_INVALID);
    if (!use.p)
        use = STR("condition");
    if (!str_is(use, "condition") && !str_is(use, "value") && !str_is(use, "rule"))
        return api_bad_parameter(cx, "use", ST_INVALID);
    *ret_use = str_is(use, "value") ? EXPR_VALUE : EXPR_CONDITION;
    *ret = (ExprScope){.object = o, .names = query_names(cx), .is_rule = str_is(use, "rule")};
    return ST_OK;
}

static Status post_check(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    static const char *const KEYS[] = {"at", "json", "object", "record", "text", "use", NULL};
    json_t *body, *at;
    Id record = 0;
    ExprScope scope = {0};
    ExprUse use = EXPR_CONDITION;
    Str text = STR_NULL;
    const Expr *e = NULL;
    Buf *out = req_out(rq);
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(read_scope(cx, body, &scope, &use));
    at = json_object_get(body, "at");
    if (at && (!json_is_integer(at) || json_integer_value(at) < 0))
        return api_bad_parameter(cx, "at", ST_INVALID);
    Str sample = json_get_str(body, "record");
    if (sample.n && !id_parse(sample, &record))
        return api_bad_parameter(cx, "record", ST_INVALID);
    Status st = read_text(cx, body, &text);
    if (st == ST_OK)
        st = expr_parse(cx, text, &scope, use, &e);
    if (st != ST_OK && st != ST_MALFORMED)
        return st;
    buf_char(out, '{');
    if (st == ST_OK)
        write_checked(e, out);
    else
        write_error(cx, out);
    error_clear(cx);
    if (st == ST_OK && record)
        TRY(write_sample(cx, &scope, e, record, out));
    if (at) {
        ExprCompletions all;
        expr_complete(cx, text, (size_t)json_integer_value(at), &scope, &all);
        write_completions(&all, out);
    }
    buf_char(out, '}');
    return ST_OK;
}

const Route api_expressions_routes[] = {
    {"POST", "/api/v1/expressions/check", READ, post_check, "",
     "Check an expression; what may follow in it", MAX_BODY, 0, NULL},
    {0},
};
