/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of a Ctx: the first failure wins; field errors add up. Printed as application/problem+json
 * (RFC 9457) in the form of CONTRACT 4. */
#include "base/base_internal.h"
#include "base/message.h"

#define MAX_FIELD_ERRORS 200 /* a caller learns enough from these */

static Status error_record(Ctx *cx, Status st, const char *code, const char *key, const char *file,
                           int line, Str text)
{
    Error *e = &cx->err;
    if (e->status != ST_OK)
        return e->status;
    e->status = st;
    e->code = code;
    e->key = key;
    e->file = file;
    e->line = line;
    e->text = text;
    return st;
}

Status error_set(Ctx *cx, Status st, const char *code, const char *key, const char *file, int line,
                 const char *fmt, ...)
{
    if (cx->err.status != ST_OK)
        return cx->err.status;
    va_list args;
    va_start(args, fmt);
    Str text = text_format(cx->arena, cx->lang, key, fmt, args);
    va_end(args);
    return error_record(cx, st, code, key, file, line, text);
}

Status error_field(Ctx *cx, Str field, int64_t at, const char *code, const char *key,
                   const char *file, int line, const char *fmt, ...)
{
    Error *e = &cx->err;
    if (e->status == ST_OK)
        error_record(cx, ST_INVALID, NULL, "error.validation", file, line,
                     text_in(cx, "error.validation", "some values are not valid"));
    if (e->fields.n == MAX_FIELD_ERRORS)
        return e->status;
    va_list args;
    va_start(args, fmt);
    FieldError row = {.field = str_copy(cx->arena, field.p ? field : STR("")),
                      .code = code,
                      .message = text_format(cx->arena, cx->lang, key, fmt, args),
                      .at = at};
    va_end(args);
    VEC_PUSH(cx->arena, &e->fields, row);
    return e->status;
}

void error_suggest(Ctx *cx, Str suggestion)
{
    if (cx->err.fields.n > 0)
        cx->err.fields.v[cx->err.fields.n - 1].suggestion = str_copy(cx->arena, suggestion);
}

void error_clear(Ctx *cx) { cx->err = (Error){.status = ST_OK}; }

/* Titles say what kind of problem it is; the sentence about this very case is the detail. */
static const struct {
    const char *code, *key, *en;
} TITLES[] = {
    {"bad_credentials", "problem.bad_credentials", "Wrong login or password"},
    {"bad_expression", "problem.bad_expression", "The expression cannot be read"},
    {"bad_json", "problem.bad_json", "The body is not valid JSON"},
    {"bad_parameter", "problem.bad_parameter", "A parameter is not valid"},
    {"busy", "problem.busy", "The server is busy; try again"},
    {"conflict", "problem.conflict", "In conflict with other data"},
    {"forbidden", "problem.forbidden", "You do not have the right to do this"},
    {"gone", "problem.gone", "The record was deleted"},
    {"idempotency_mismatch", "problem.idempotency_mismatch",
     "The idempotency key was used for another request"},
    {"internal", "problem.internal", "An error of the server"},
    {"locked", "problem.locked", "Too many failed attempts; locked for a while"},
    {"media_type", "problem.media_type", "This media type is not accepted"},
    {"method", "problem.method", "This method is not allowed here"},
    {"not_found", "problem.not_found", "Not found"},
    {"rate", "problem.rate", "Too many requests"},
    {"second_factor", "problem.second_factor", "A second factor is needed"},
    {"stale", "problem.stale", "Someone else changed it first"},
    {"storage_full", "problem.storage_full", "The disk is nearly full"},
    {"too_large", "problem.too_large", "Too large"},
    {"too_many_effects", "problem.too_many_effects", "Too many records would change at once"},
    {"unauthenticated", "problem.unauthenticated", "Sign in first"},
    {"validation", "problem.validation", "Some values are not valid"},
};

static Str problem_title(Lang lang, const char *code)
{
    for (size_t i = 0; i < COUNT_OF(TITLES); i++) {
        if (strcmp(TITLES[i].code, code) != 0)
            continue;
        const char *zh = lang == LANG_ZH ? message_zh(TITLES[i].key) : NULL;
        return str_of(zh ? zh : TITLES[i].en);
    }
    return str_of(code);
}

static void write_field_error(Buf *out, const FieldError *f)
{
    bool first = true;
    buf_char(out, '{');
    buf_key(out, &first, "field");
    buf_json_str(out, f->field);
    buf_key(out, &first, "code");
    buf_json_str(out, str_of(f->code));
    buf_key(out, &first, "message");
    buf_json_str(out, f->message);
    if (f->suggestion.n) {
        buf_key(out, &first, "suggestion");
        buf_json_str(out, f->suggestion);
    }
    if (f->at >= 0) {
        buf_key(out, &first, "at");
        buf_int(out, f->at);
    }
    buf_char(out, '}');
}

/* An internal error's text is for the log: the caller gets the request id to look it up there. */
static bool shows_detail(const Error *e) { return e->status != ST_INTERNAL && e->text.n > 0; }

int error_problem(const Ctx *cx, Buf *out)
{
    const Error *e = &cx->err;
    const char *code = e->code ? e->code : status_code(e->status);
    int http = status_http_of_code(code);
    if (!http)
        http = status_http(e->status);
    buf_lit(out, "{\"type\":\"about:blank\",\"title\":");
    buf_json_str(out, problem_title(cx->lang, code));
    buf_printf(out, ",\"status\":%d,\"code\":\"%s\"", http, code);
    if (shows_detail(e)) {
        buf_lit(out, ",\"detail\":");
        buf_json_str(out, e->text);
    }
    if (e->fields.n) {
        buf_lit(out, ",\"errors\":[");
        for (size_t i = 0; i < e->fields.n; i++) {
            if (i)
                buf_char(out, ',');
            write_field_error(out, &e->fields.v[i]);
        }
        buf_char(out, ']');
    }
    buf_printf(out, ",\"request_id\":\"%llx\"}", (unsigned long long)cx->request_id);
    return http;
}
