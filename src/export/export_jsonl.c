/* SPDX-License-Identifier: Apache-2.0 */
/* JSON lines: an object a line, values in the forms of the API, links as {"id","code","title"}, which
 * a write takes back. A list in groups has lines between, of one key that no field has: {"_group":{"level","name",
 * "rows"}} above the rows, {"_sums":{"level","name","rows","sums"}} below them, {"_total":{"rows","sums"}}. */
#include "export/export_internal.h"

#define BUFFER ((size_t)256 * 1024)
#define MAX_BUFFER ((size_t)64 * 1024 * 1024)

typedef struct Lines {
    ExportFile *file;
    Buf out;
    Str *keys; /* ,"name": */
    Str mark;  /* ends every line */
} Lines;

static void write_link(const Export *x, const QueryColumn *c, Id id, Buf *out)
{
    Str title, code;
    query_rows_title(x->rows, c->to, id, &title, &code);
    buf_lit(out, "{\"id\":");
    buf_json_id(out, id);
    if (code.p) {
        buf_lit(out, ",\"code\":");
        buf_json_str(out, code);
    }
    buf_lit(out, ",\"title\":");
    if (title.p)
        buf_json_str(out, title);
    else
        buf_lit(out, "null");
    buf_char(out, '}');
}

static void write_any(const Export *x, const Value *v, Buf *out)
{
    Str title = STR_NULL, code;
    const Object *to = meta_object(x->cx->meta, v->ref.object);
    if (to)
        query_rows_title(x->rows, to, v->ref.id, &title, &code);
    buf_lit(out, "{\"object\":");
    buf_json_str(out, v->ref.object);
    buf_lit(out, ",\"id\":");
    buf_json_id(out, v->ref.id);
    buf_lit(out, ",\"title\":");
    if (title.p)
        buf_json_str(out, title);
    else
        buf_lit(out, "null");
    buf_char(out, '}');
}

static void write_value(const Export *x, const QueryColumn *c, const Value *v, Buf *out)
{
    if (v->t == V_NULL) {
        buf_str_add(out, field_is_many(c->field) ? STR("[]") : STR("null"));
    } else if (v->t == V_ID && c->to) {
        write_link(x, c, v->i, out);
    } else if (v->t == V_IDS && c->to) {
        buf_char(out, '[');
        for (size_t i = 0; i < v->ids.n; i++) {
            if (i)
                buf_char(out, ',');
            write_link(x, c, v->ids.p[i], out);
        }
        buf_char(out, ']');
    } else if (v->t == V_REF) {
        write_any(x, v, out);
    } else {
        c->field->type->json(out, c->field, v);
    }
}

static Status lines_begin(Export *x, const char *path, void **ret)
{
    Lines *l = ARENA_NEW(x->cx->arena, Lines);
    l->out = buf_in(x->cx->arena, MAX_BUFFER);
    l->keys = ARENA_ARRAY(x->cx->arena, Str, x->n_columns + 1);
    for (size_t i = 0; i < x->n_columns; i++) {
        Buf key = buf_in(x->cx->arena, 1024);
        if (i)
            buf_char(&key, ',');
        buf_json_str(&key, x->columns[i].name);
        buf_char(&key, ':');
        l->keys[i] = buf_str(&key);
    }
    if (x->options.watermark) {
        Buf mark = buf_in(x->cx->arena, 4096);
        buf_lit(&mark, ",\"_exported\":");
        buf_json_str(&mark, export_watermark(x));
        l->mark = buf_str(&mark);
    }
    *ret = l;
    return export_file_open(x->cx, path, &l->file);
}

static Status lines_rows(Export *x, void *state, const Value *rows, size_t n)
{
    Lines *l = state;
    for (size_t i = 0; i < n; i++) {
        buf_char(&l->out, '{');
        for (size_t k = 0; k < x->n_columns; k++) {
            buf_str_add(&l->out, l->keys[k]);
            write_value(x, &x->columns[k], &rows[i * x->n_columns + k], &l->out);
        }
        buf_str_add(&l->out, l->mark);
        buf_lit(&l->out, "}\n");
        if (l->out.n > BUFFER)
            TRY(export_file_add(x->cx, l->file, &l->out));
    }
    return ST_OK;
}

static void write_sum(const Export *x, const QuerySum *sum, Buf *out)
{
    Buf text = buf_in(x->cx->arena, 256);
    Value v = query_sum_value(x->cx, sum, &text);
    if (v.t != V_NULL)
        sum->field->type->json(out, sum->field, &v);
    else if (text.n) /* beyond what a field can hold */
        buf_json_str(out, buf_str(&text));
    else
        buf_lit(out, "null");
}

static Status lines_line(Export *x, void *state, const ExportLine *line)
{
    Lines *l = state;
    Buf *out = &l->out;
    const char *kind = line->total ? "_total" : line->sums ? "_sums" : "_group";
    buf_printf(out, "{\"%s\":{", kind);
    if (!line->total) {
        buf_printf(out, "\"level\":%zu,\"name\":", line->level + 1);
        buf_json_str(out, line->name);
        buf_char(out, ',');
    }
    buf_printf(out, "\"rows\":%lld", (long long)line->rows);
    for (size_t i = 0; line->sums && i < line->n_sums; i++) {
        buf_str_add(out, i ? STR(",") : STR(",\"sums\":{"));
        buf_json_str(out, line->sums[i].name);
        buf_char(out, ':');
        write_sum(x, &line->sums[i], out);
    }
    buf_str_add(out, line->n_sums ? STR("}}") : STR("}"));
    buf_str_add(out, l->mark);
    buf_lit(out, "}\n");
    return ST_OK;
}

static Status lines_end(Export *x, void *state)
{
    Lines *l = state;
    return export_file_add(x->cx, l->file, &l->out);
}

static void lines_close(void *state)
{
    Lines *l = state;
    export_file_close(l->file);
}

const ExportWriter export_jsonl = {.begin = lines_begin,
                                   .rows = lines_rows,
                                   .line = lines_line,
                                   .end = lines_end,
                                   .close = lines_close,
                                   .ending = "jsonl",
                                   .type = "application/x-ndjson"};
