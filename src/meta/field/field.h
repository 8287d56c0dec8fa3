/* SPDX-License-Identifier: Apache-2.0 */
/* What the field types share. One file per type: field_<type>.c defines field_<type>_type. */
#pragma once
#include "meta/choice.h"

#define FIELD_SCALE_MAX 9

extern const FieldType field_id_type, field_text_type, field_long_text_type, field_integer_type,
    field_decimal_type, field_percent_type, field_money_type, field_boolean_type, field_date_type,
    field_datetime_type, field_choice_type, field_link_type, field_links_type, field_email_type,
    field_phone_type, field_auto_number_type, field_formula_type, field_any_link_type,
    field_file_type, field_image_type, field_rollup_type, field_duration_type, field_choices_type,
    field_url_type, field_address_type, field_geo_type, field_tags_type, field_json_type,
    field_rating_type, field_color_type, field_rich_text_type, field_secret_type;

/* The physical column of f: c_<number><_suffix>, for system fields <name><_suffix>. */
void field_column(const Field *f, Column *out, const char *suffix, DbType type);
/* One column without suffix of that type: FieldType.columns of most types. */
int field_column_text(const Field *f, Column out[FIELD_COLUMNS]);
int field_column_int(const Field *f, Column out[FIELD_COLUMNS]);

/* A field error "bad_value": the value is not of the type. */
Status field_wrong(Ctx *cx, const Field *f);
/* A text that is not a text, or too long. Empty text is null. */
Status field_text_parse(Ctx *cx, const Field *f, const json_t *in, Value *out);
Status field_text_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form, Value *out);
Status field_text_validate(Ctx *cx, const Field *f, const Value *v);
void field_text_load(Arena *a, const Field *f, const Stmt *q, int col, Value *out);
void field_text_store(Arena *a, const Field *f, const Value *v, DbVal out[FIELD_COLUMNS]);
void field_text_json(Buf *b, const Field *f, const Value *v);
void field_text_text(Buf *b, const Field *f, const Value *v, Lang lang);
/* Reads "max" between 1 and limit. */
Status field_text_declare_max(Ctx *cx, Field *f, const json_t *decl, int dflt, int limit);

/* Whole and scaled numbers: one int column; min and max of the declaration. */
Status field_decimal_parse(Ctx *cx, const Field *f, const json_t *in, Value *out);
Status field_decimal_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form, Value *out);
Status field_number_validate(Ctx *cx, const Field *f, const Value *v);
void field_int_store(Arena *a, const Field *f, const Value *v, DbVal out[FIELD_COLUMNS]);
void field_decimal_load(Arena *a, const Field *f, const Stmt *q, int col, Value *out);
void field_decimal_json(Buf *b, const Field *f, const Value *v);
void field_decimal_text(Buf *b, const Field *f, const Value *v, Lang lang);
/* A number of JSON, or a text, as the exact scaled integer; false if it is not one. */
bool field_decimal_of_json(Arena *a, const json_t *in, int scale, int64_t *ret);
/* Reads "scale", "min", "max". */
Status field_number_declare(Ctx *cx, Field *f, const json_t *decl, int default_scale);

/* A type that declares nothing of its own. */
Status field_declare_none(Ctx *cx, Field *f, const json_t *decl);
/* Nothing to check beyond the type. */
Status field_validate_none(Ctx *cx, const Field *f, const Value *v);

/* Text format registration_number: field_registration.c */
Str field_registration_common(Arena *a, Str s);
Status field_registration_check(Ctx *cx, const Field *f, Str s);

/* The form that equal telephone numbers share; false if it is none. */
bool field_phone_common(Arena *a, Str typed, Str *ret);

/* ---- choices and tags: field_set.c */
#define FIELD_SET_MAX 100
Value field_set_value(Str *texts, size_t n);    /* sorts them, drops repeats; null when empty */
bool field_set_split(Str *rest, Str *ret_part); /* the next part of a list in a file, trimmed */
void field_set_load(Arena *a, const Field *f, const Stmt *q, int col, Value *out);
void field_set_store(Arena *a, const Field *f, const Value *v, DbVal out[FIELD_COLUMNS]);
void field_set_json(Buf *b, const Field *f, const Value *v);
Status field_set_too_many(Ctx *cx, const Field *f);
/* now + plus - minus; any of them may be null. */
Value field_set_merge(Arena *a, const Value *now, const Value *plus, const Value *minus);

/* ---- parts of a value: field_parts.c */
void field_parts_build(Arena *a, const Meta *m, Field *f);
Value field_part_value(const Field *part, const Value *whole);
void field_address_part(int i, const char **ret_name, Label *ret_label, int *ret_max,
                        const char **ret_list);
/* The address of ADDRESS_PARTS texts in the arena: trimmed, checked, places of China as codes. */
Status field_address_value(Ctx *cx, const Field *f, Str *parts, Value *out);
/* What is there with the parts that `in` names. */
/* A merge patch (RFC 7396) over the object that is there. */
Status field_json_merge(Ctx *cx, const Field *f, const Value *now, const json_t *in, Value *out);
Status field_address_merge(Ctx *cx, const Field *f, const Value *now, const json_t *in, Value *out);
