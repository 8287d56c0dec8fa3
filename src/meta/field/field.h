/* SPDX-License-Identifier: Apache-2.0 */
/* What the field types share. One file per type: field_<type>.c defines field_<type>_type. */
#pragma once
#include "meta/choice.h"

#define FIELD_SCALE_MAX 9

extern const FieldType field_id_type, field_text_type, field_long_text_type, field_integer_type,
    field_decimal_type, field_percent_type, field_money_type, field_boolean_type, field_date_type,
    field_datetime_type, field_choice_type, field_link_type, field_links_type, field_email_type,
    field_phone_type, field_auto_number_type, field_formula_type, field_any_link_type,
    field_file_type, field_image_type, field_rollup_type;

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
