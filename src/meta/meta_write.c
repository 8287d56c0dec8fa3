/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue as JSON: GET /meta and its parts. What does not depend on the reader, each field's
 * text, is prepared once per catalogue (f->json). */
#include "meta/meta_write.h"
#include "base/calendar.h"
#include "base/id.h"
#include "meta/meta_build.h"

#define MAX_FIELD_BYTES ((size_t)512 * 1024)

void meta_write_label(Buf *b, const Label *l)
{
    buf_lit(b, "{\"zh-CN\":");
    buf_json_str(b, label_in(l, LANG_ZH));
    buf_lit(b, ",\"en\":");
    buf_json_str(b, label_in(l, LANG_EN));
    buf_char(b, '}');
}

static void write_text(Buf *b, bool *first, const char *key, Str s)
{
    if (!s.n)
        return;
    buf_key(b, first, key);
    buf_json_str(b, s);
}

static void write_flag(Buf *b, bool *first, const char *key, bool on)
{
    if (!on)
        return;
    buf_key(b, first, key);
    buf_lit(b, "true");
}

static void write_choices(Buf *b, const ChoiceList *l)
{
    buf_char(b, '[');
    for (size_t i = 0; i < l->n; i++) {
        const Choice *c = &l->items[i];
        bool first = true;
        if (i)
            buf_char(b, ',');
        buf_char(b, '{');
        write_text(b, &first, "value", c->value);
        write_text(b, &first, "parent", c->parent);
        buf_key(b, &first, "label");
        meta_write_label(b, &c->label);
        buf_key(b, &first, "color");
        if (c->color.n)
            buf_json_str(b, c->color);
        else
            buf_lit(b, "null");
        buf_key(b, &first, "retired");
        buf_json_bool(b, c->retired);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static bool is_scaled(const Field *f)
{
    FieldKind k = field_result(f);
    return k == F_DECIMAL || k == F_PERCENT || k == F_MONEY;
}

static void write_bound(Buf *b, bool *first, const char *key, const Field *f, int64_t v)
{
    buf_key(b, first, key);
    buf_char(b, '"');
    buf_decimal(b, v, f->scale);
    buf_char(b, '"');
}

static void write_numbers(Buf *b, bool *first, const Field *f)
{
    bool is_text =
        f->kind == F_TEXT || f->kind == F_LONG_TEXT || f->kind == F_EMAIL || f->kind == F_PHONE;
    bool counted = f->kind == F_RATING || f->kind == F_JSON || f->kind == F_URL;
    if ((is_text || counted) && f->max) {
        buf_key(b, first, "max");
        buf_int(b, f->max);
    }
    if (is_scaled(f)) {
        buf_key(b, first, "scale");
        buf_int(b, f->scale);
    }
    if (f->has_min)
        write_bound(b, first, "min", f, f->min);
    if (f->has_max)
        write_bound(b, first, "max", f, f->max_value);
}

static void write_any_link(Buf *b, bool *first, const Field *f)
{
    buf_key(b, first, "to");
    buf_char(b, '[');
    for (size_t i = 0; i < f->n_to_any; i++) {
        if (i)
            buf_char(b, ',');
        buf_json_str(b, f->to_any[i]->name);
    }
    if (!f->to_any)
        buf_lit(b, "\"*\"");
    buf_char(b, ']');
}

static void write_link(Buf *b, bool *first, const Field *f)
{
    static const char *const on_delete[] = {"restrict", "clear", "cascade"};
    if (f->kind == F_ANY_LINK)
        write_any_link(b, first, f);
    if (!f->to)
        return;
    write_text(b, first, "to", f->to->name);
    write_text(b, first, "to_plural", f->to->plural);
    write_text(b, first, "inverse", f->inverse);
    buf_key(b, first, "on_delete");
    buf_json_str(b, str_of(on_delete[f->on_delete]));
    write_flag(b, first, "visible_with", f->visible_with);
    if (f->shares)
        write_text(b, first, "shares", f->shares == 2 ? STR("edit") : STR("read"));
    write_flag(b, first, "tree", f->tree);
}

static void write_file(Buf *b, bool *first, const Field *f)
{
    write_flag(b, first, "multiple", f->multiple);
    if (f->accept) {
        buf_key(b, first, "accept");
        json_write(b, f->accept);
    }
    if (f->max_bytes) {
        buf_key(b, first, "max_size");
        buf_int(b, f->max_bytes);
    }
}

/* What paths may name inside the value. */
static void write_parts(Buf *b, bool *first, const Field *f)
{
    if (!f->n_parts)
        return;
    buf_key(b, first, "parts");
    for (int i = 0; i < f->n_parts; i++) {
        bool inner = true;
        buf_char(b, i ? ',' : '[');
        buf_char(b, '{');
        write_text(b, &inner, "name", f->parts[i].name);
        write_text(b, &inner, "type", str_of(f->parts[i].type->name));
        buf_key(b, &inner, "label");
        meta_write_label(b, &f->parts[i].label);
        write_text(b, &inner, "list", f->parts[i].list_name);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void write_default(Buf *b, bool *first, const Field *f)
{
    if (!f->has_default)
        return;
    buf_key(b, first, "default");
    if (f->dflt_text.n)
        buf_json_str(b, f->dflt_text);
    else if (value_is_null(&f->dflt))
        buf_lit(b, "null");
    else
        f->type->json(b, f, &f->dflt);
}

static void write_kind(Buf *b, bool *first, const Field *f)
{
    write_numbers(b, first, f);
    write_link(b, first, f);
    if (field_is_file(f))
        write_file(b, first, f);
    if (f->kind == F_CHOICE || f->kind == F_CHOICES) {
        if (f->list_name.n) {
            write_text(b, first, "list", f->list_name);
        } else {
            buf_key(b, first, "choices");
            write_choices(b, f->choices);
        }
        if (f->depends_on)
            write_text(b, first, "depends_on", f->depends_on->name);
    }
    if (field_is_computed(f)) {
        write_text(b, first, "of", f->formula);
        write_text(b, first, "result", str_of(field_type_of(f->result)->name));
    }
    if (f->kind == F_AUTO_NUMBER)
        write_text(b, first, "number", f->number_format);
    if (f->format)
        write_text(b, first, "format",
                   f->format == FORMAT_REGISTRATION ? STR("registration_number")
                                                    : STR("registration_number_or_old"));
    write_parts(b, first, f);
    write_default(b, first, f);
}

static void write_abilities(Buf *b, bool *first, const Field *f)
{
    write_flag(b, first, "sortable", f->type->sortable);
    write_flag(b, first, "groupable", f->type->groupable);
    write_flag(b, first, "filterable", f->type->filterable);
    write_flag(b, first, "summable", f->type->summable);
}

/* Types of before, oldest first, and until when: what the past is shown in. */
static void write_formers(Buf *b, bool *first, const Field *f)
{
    if (!f->n_formers)
        return;
    buf_key(b, first, "former");
    for (size_t i = 0; i < f->n_formers; i++) {
        buf_char(b, i ? ',' : '[');
        buf_lit(b, "{\"type\":");
        buf_json_str(b, str_of(f->formers[i]->type->name));
        buf_lit(b, ",\"until\":\"");
        calendar_write_datetime(b, id_time_ms(f->formers[i]->until));
        buf_lit(b, "\"}");
    }
    buf_char(b, ']');
}

void meta_write_field(Arena *a, Field *f)
{
    Buf b = buf_in(a, MAX_FIELD_BYTES);
    bool first = true;
    buf_char(&b, '{');
    write_text(&b, &first, "name", f->name);
    write_text(&b, &first, "key", f->key);
    write_text(&b, &first, "type", f->kind == F_ID ? STR("id") : str_of(f->type->name));
    buf_key(&b, &first, "label");
    meta_write_label(&b, &f->label);
    if (f->help.zh.n || f->help.en.n) {
        buf_key(&b, &first, "help");
        meta_write_label(&b, &f->help);
    }
    write_flag(&b, &first, "system", f->system);
    write_flag(&b, &first, "custom",
               f->decl && json_get_bool(f->decl, "custom", f->object->custom));
    buf_key(&b, &first, "required");
    buf_json_bool(&b, f->required);
    buf_key(&b, &first, "readonly");
    buf_json_bool(&b, f->readonly);
    write_flag(&b, &first, "unique", f->unique);
    write_flag(&b, &first, "search", f->search);
    write_text(&b, &first, "personal", f->decl ? json_get_str(f->decl, "personal") : STR_NULL);
    write_kind(&b, &first, f);
    write_text(&b, &first, "required_when", f->required_when);
    write_text(&b, &first, "visible_when", f->visible_when);
    write_text(&b, &first, "readonly_when", f->readonly_when);
    if (f->shadow) {
        buf_key(&b, &first, "retype");
        buf_lit(&b, "{\"type\":");
        buf_json_str(&b, str_of(f->shadow->type->name));
        buf_lit(&b, ",\"job\":");
        buf_json_str(&b, json_get_str(json_object_get(f->decl, "retype"), "job"));
        buf_char(&b, '}');
    }
    write_formers(&b, &first, f);
    write_abilities(&b, &first, f);
    buf_char(&b, '}');
    f->json = buf_str(&b);
}

static bool sees_object(const MetaView *v, const Object *o)
{
    return !v || !v->object || v->object(v->arg, o);
}

static bool sees_field(const MetaView *v, const Field *f)
{
    return !v || !v->field || v->field(v->arg, f);
}

static void write_fields(const Object *o, const MetaView *view, Buf *out)
{
    bool first = true;
    buf_lit(out, ",\"fields\":[");
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (!sees_field(view, f) || (f->to && !field_is_file(f) && !sees_object(view, f->to)))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        meta_write_visible_field(f, view, out);
    }
    buf_char(out, ']');
}

static void write_relations(const Object *o, const MetaView *view, Buf *out)
{
    bool first = true;
    buf_lit(out, ",\"relations\":[");
    for (size_t i = 0; i < o->n_relations; i++) {
        const Relation *r = &o->relations[i];
        if (!sees_object(view, r->child) || !sees_field(view, r->field))
            continue;
        bool inner = true;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_char(out, '{');
        write_text(out, &inner, "name", r->name);
        write_text(out, &inner, "object", r->child->name);
        write_text(out, &inner, "plural", r->child->plural);
        write_text(out, &inner, "field", r->field->name);
        buf_key(out, &inner, "label");
        meta_write_label(out, &r->label);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void write_rules(const Object *o, const MetaView *view, Buf *out)
{
    bool first_rule = true;
    buf_lit(out, ",\"rules\":[");
    for (size_t i = 0; i < o->n_rules; i++) {
        const Rule *r = &o->rules[i];
        bool first = true;
        if (meta_mentions_hidden(o, view, r->check) || meta_mentions_hidden(o, view, r->field))
            continue;
        if (!first_rule)
            buf_char(out, ',');
        first_rule = false;
        buf_char(out, '{');
        write_text(out, &first, "name", r->name);
        write_text(out, &first, "check", r->check);
        write_text(out, &first, "field", r->field);
        buf_key(out, &first, "message");
        meta_write_label(out, &r->message);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void write_sets(const Object *o, const MetaView *view, const char *key, Buf *out)
{
    buf_printf(out, ",\"%s\":", key);
    meta_write_visible_sets(o, view, json_object_get(o->decl, key), out);
}

static void write_head(const Object *o, const MetaView *view, Buf *out)
{
    bool first = true;
    write_text(out, &first, "object", o->name);
    write_text(out, &first, "plural", o->plural);
    write_text(out, &first, "area", o->area);
    write_text(out, &first, "icon", o->icon);
    buf_key(out, &first, "label");
    meta_write_label(out, &o->label);
    buf_key(out, &first, "traits");
    meta_traits_write(o->traits, out);
    write_text(out, &first, "title", o->title->name);
    if (o->record_type && (!view || !view->field || view->field(view->arg, o->record_type)))
        write_text(out, &first, "record_type", o->record_type->name);
    if (o->number_field)
        write_text(out, &first, "number", o->number_field->number_format);
    buf_key(out, &first, "custom");
    buf_json_bool(out, o->custom);
    buf_key(out, &first, "history");
    buf_json_bool(out, o->history);
    buf_key(out, &first, "files");
    buf_json_bool(out, json_get_bool(o->decl, "files", false));
    buf_key(out, &first, "timeline");
    buf_json_bool(out, json_get_bool(o->decl, "timeline", false));
}

void meta_write_object(const Object *o, const MetaView *view, Buf *out)
{
    buf_char(out, '{');
    write_head(o, view, out);
    write_fields(o, view, out);
    write_relations(o, view, out);
    write_rules(o, view, out);
    meta_verbs_write(o, view, out);
    write_sets(o, view, "unique", out);
    write_sets(o, view, "indexes", out);
    write_sets(o, view, "duplicates", out);
    buf_lit(out, ",\"layouts\":");
    meta_write_visible(o, view, o->layouts, out);
    buf_lit(out, ",\"views\":");
    meta_write_visible(o, view, o->views, out);
    if (view && view->rights)
        view->rights(view->arg, o, out);
    buf_char(out, '}');
}

void meta_write_list(const ChoiceList *l, Buf *out)
{
    bool first = true;
    buf_char(out, '{');
    write_text(out, &first, "list", l->name);
    buf_key(out, &first, "label");
    meta_write_label(out, &l->label);
    buf_key(out, &first, "entries");
    write_choices(out, l);
    buf_char(out, '}');
}

static void write_lists(const Meta *m, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < m->n_lists; i++) {
        if (!m->lists[i]->used)
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        meta_write_list(m->lists[i], out);
    }
}

void meta_write(const Meta *m, const MetaView *view, Buf *out)
{
    bool first = true;
    buf_lit(out, "{\"version\":");
    buf_int(out, m->version);
    buf_lit(out, ",\"objects\":[");
    for (size_t i = 0; i < m->n_objects; i++) {
        if (!sees_object(view, m->objects[i]))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        meta_write_object(m->objects[i], view, out);
    }
    buf_lit(out, "],\"lists\":[");
    write_lists(m, out);
    buf_lit(out, "]}");
}
