/* SPDX-License-Identifier: Apache-2.0 */
/* A value as text, in one of two ways: as people read it (labels of choices, titles of linked records,
 * yes and no in their language), or as the system keeps it (codes, ids, true and false), which an
 * import reads back to the same value. */
#include "export/export_internal.h"

static void write_link(const Export *x, const QueryColumn *c, Id id, Buf *out)
{
    Str title, code;
    query_rows_title(x->rows, c->to, id, &title, &code);
    if (!x->options.codes)
        buf_str_add(out, title.p ? title : STR(""));
    else if (code.p)
        buf_str_add(out, code);
    else
        buf_int(out, id);
}

static void write_links(const Export *x, const QueryColumn *c, const Value *v, Buf *out)
{
    for (size_t i = 0; i < v->ids.n; i++) {
        if (i)
            buf_char(out, ';');
        write_link(x, c, v->ids.p[i], out);
    }
}

/* Of any object: its title, or object:id. */
static bool write_any(const Export *x, const Value *v, Buf *out)
{
    Str title = STR_NULL, code;
    const Object *to = meta_object(x->cx->meta, v->ref.object);
    if (x->options.codes || !to)
        return false;
    query_rows_title(x->rows, to, v->ref.id, &title, &code);
    buf_str_add(out, title.p ? title : STR(""));
    return true;
}

static void write_texts(const Value *v, Buf *out)
{
    for (size_t i = 0; i < v->texts.n; i++) {
        if (i)
            buf_char(out, ';');
        buf_str_add(out, v->texts.p[i]);
    }
}

static bool write_code(const QueryColumn *c, const Value *v, Buf *out)
{
    FieldKind kind = field_result(c->field);
    if (v->t == V_BOOL)
        buf_json_bool(out, v->b);
    else if (v->t == V_HTML || (v->t == V_TEXT && kind == F_CHOICE))
        buf_str_add(out, v->s);
    else if (v->t == V_TEXTS)
        write_texts(v, out);
    else if (v->t == V_ADDRESS)
        c->field->type->json(out, c->field, v);
    else if (v->t == V_DECIMAL)
        buf_decimal(out, v->i, v->scale);
    else
        return false;
    return true;
}

void export_cell_text(const Export *x, const QueryColumn *c, const Value *v, Buf *out)
{
    if (v->t == V_NULL)
        return;
    if (v->t == V_ID && c->to)
        write_link(x, c, v->i, out);
    else if (v->t == V_IDS && c->to)
        write_links(x, c, v, out);
    else if (v->t == V_REF && write_any(x, v, out))
        return;
    else if (!x->options.codes || !write_code(c, v, out))
        c->field->type->text(out, c->field, v, x->cx->lang);
}

/* Behind a path the words of all its fields: 客户 / 区域. */
Str export_cell_header(const Export *x, const QueryColumn *c)
{
    Arena *a = x->cx->arena;
    if (x->options.name_headers)
        return c->name;
    const Object *o = x->object;
    Str rest = c->name, name;
    Buf out = buf_in(a, 4096);
    while (str_split(&rest, '.', &name)) {
        const Field *f = o ? object_field(o, name) : NULL;
        Str label = f ? label_in(&f->label, x->cx->lang) : STR_NULL;
        if (!f && c->field->label.zh.n) /* a part of a value */
            label = label_in(&c->field->label, x->cx->lang);
        if (out.n)
            buf_lit(&out, " / ");
        buf_str_add(&out, label.n ? label : name);
        o = f ? f->to : NULL;
    }
    return buf_str(&out);
}
