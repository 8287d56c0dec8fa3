/* SPDX-License-Identifier: Apache-2.0 */
/* The table of field types, and what several of them share. */
#include "meta/field/field.h"
#include <stdio.h>

static const FieldType *const types[F_KINDS] = {
    [F_ID] = &field_id_type,
    [F_TEXT] = &field_text_type,
    [F_LONG_TEXT] = &field_long_text_type,
    [F_INTEGER] = &field_integer_type,
    [F_DECIMAL] = &field_decimal_type,
    [F_PERCENT] = &field_percent_type,
    [F_MONEY] = &field_money_type,
    [F_BOOLEAN] = &field_boolean_type,
    [F_DATE] = &field_date_type,
    [F_DATETIME] = &field_datetime_type,
    [F_CHOICE] = &field_choice_type,
    [F_LINK] = &field_link_type,
    [F_LINKS] = &field_links_type,
    [F_EMAIL] = &field_email_type,
    [F_PHONE] = &field_phone_type,
    [F_AUTO_NUMBER] = &field_auto_number_type,
    [F_FORMULA] = &field_formula_type,
    [F_ANY_LINK] = &field_any_link_type,
    [F_FILE] = &field_file_type,
    [F_IMAGE] = &field_image_type,
    [F_ROLLUP] = &field_rollup_type,
    [F_DURATION] = &field_duration_type,
    [F_CHOICES] = &field_choices_type,
    [F_URL] = &field_url_type,
    [F_ADDRESS] = &field_address_type,
    [F_GEO] = &field_geo_type,
    [F_TAGS] = &field_tags_type,
    [F_JSON] = &field_json_type,
    [F_RATING] = &field_rating_type,
    [F_COLOR] = &field_color_type,
    [F_RICH_TEXT] = &field_rich_text_type,
    [F_SECRET] = &field_secret_type,
};

const FieldType *field_type(Str name)
{
    for (int i = F_ID + 1; i < F_KINDS; i++) { /* the id cannot be declared */
        if (types[i] && str_is(name, types[i]->name))
            return types[i];
    }
    return NULL;
}

const FieldType *field_type_of(FieldKind kind) { return types[kind]; }

bool field_is_file(const Field *f) { return f->kind == F_FILE || f->kind == F_IMAGE; }

bool field_has_id(const Field *f)
{
    return f->kind == F_LINK || (field_is_file(f) && !f->multiple);
}

bool field_has_ids(const Field *f)
{
    return f->kind == F_LINKS || (field_is_file(f) && f->multiple);
}

bool field_leads_to(const Field *f, const Object *o)
{
    if (f->kind != F_ANY_LINK)
        return f->to == o;
    for (size_t i = 0; i < f->n_to_any; i++)
        if (f->to_any[i] == o)
            return true;
    return !f->to_any;
}

bool field_is_computed(const Field *f) { return f->kind == F_FORMULA || f->kind == F_ROLLUP; }

bool field_is_set(const Field *f) { return f->kind == F_CHOICES || f->kind == F_TAGS; }

bool field_is_many(const Field *f) { return field_has_ids(f) || field_is_set(f); }

FieldKind field_result(const Field *f) { return field_is_computed(f) ? f->result : f->kind; }

int field_part(const Field *f, char suffix)
{
    for (int i = 1; i < f->n_columns; i++) {
        const char *name = f->columns[i].name;
        size_t n = strlen(name);
        if (n > 2 && name[n - 1] == suffix && name[n - 2] == '_')
            return i;
    }
    return -1;
}

void field_column(const Field *f, Column *out, const char *suffix, DbType type)
{
    const char *bar = *suffix ? "_" : "";
    out->type = (uint8_t)type;
    if (f->number)
        snprintf(out->name, sizeof(out->name), "c_%u%s%s", f->number, bar, suffix);
    else
        snprintf(out->name, sizeof(out->name), STR_FMT "%s%s", STR_ARG(f->name), bar, suffix);
}

int field_column_text(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_TEXT);
    return 1;
}

int field_column_int(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_INT);
    return 1;
}

/* What a value of the type is called by people; only of types whose faults are not told more closely. */
static Str wrong_form(Ctx *cx, const Field *f)
{
    switch (f->kind) {
    case F_INTEGER: return text_in(cx, "field.form.integer", "a whole number");
    case F_BOOLEAN: return text_in(cx, "field.form.boolean", "yes or no (true or false)");
    case F_DURATION:
        return text_in(cx, "field.form.duration", "a duration such as 1:30 (hours and minutes)");
    case F_ADDRESS: return text_in(cx, "field.form.address", "an address");
    case F_JSON: return text_in(cx, "field.form.json", "JSON");
    case F_ID: return text_in(cx, "field.form.id", "the id of a record");
    default: return text_in(cx, "field.form.text", "text");
    }
}

Status field_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.wrong_type", "is not " STR_FMT,
                      STR_ARG(wrong_form(cx, f)));
}

Status field_declare_none(Ctx *cx UNUSED, Field *f UNUSED, const json_t *decl UNUSED)
{
    return ST_OK;
}

Status field_validate_none(Ctx *cx UNUSED, const Field *f UNUSED, const Value *v UNUSED)
{
    return ST_OK;
}

const Field *field_column_at(const Field *f, Id change)
{
    for (size_t i = 0; i < f->n_formers; i++)
        if (change < f->formers[i]->until)
            return f->formers[i];
    return f;
}
