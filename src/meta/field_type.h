/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of fields and the table of what each can do. Included through meta/object.h. */
#pragma once
#include "base/json.h"
#include "db/plan.h"
#include "meta/value.h"

typedef struct Object Object;
typedef struct Field Field;

typedef enum FieldKind {
    F_ID, /* the record's own id, only the system field */
    F_TEXT,
    F_LONG_TEXT,
    F_INTEGER,
    F_DECIMAL,
    F_PERCENT,
    F_MONEY,
    F_BOOLEAN,
    F_DATE,
    F_DATETIME,
    F_CHOICE,
    F_LINK,
    F_LINKS,
    F_EMAIL,
    F_PHONE,
    F_AUTO_NUMBER,
    F_FORMULA,
    F_ANY_LINK,
    F_FILE,
    F_IMAGE,
    F_ROLLUP,
    F_RICH_TEXT,
    F_DURATION,
    F_CHOICES,
    F_URL,
    F_ADDRESS,
    F_GEO,
    F_TAGS,
    F_JSON,
    F_SECRET,
    F_RATING,
    F_COLOR,
    F_KINDS
} FieldKind;

typedef struct Column {
    char name[24]; /* physical: c_17, c_17_c …; system fields: id, owner … */
    uint8_t type;  /* DbType */
} Column;
#define FIELD_COLUMNS 6

/* How a text column of a file is read (import). */
typedef struct TextForm {
    int date_order;   /* DateOrder of calendar.h */
    Str currency;     /* for bare numbers; empty: the organisation's */
    const Zone *zone; /* of datetimes without zone */
} TextForm;

/* One file per type: meta/field/field_<type>.c. All functions are pure apart from cx->err.
 * Links resolve codes and matches in record/, since that needs the database. */
typedef struct FieldType {
    FieldKind kind;
    const char *name;
    ValueType value;
    bool sortable, groupable, filterable, summable, searchable;
    uint8_t reads; /* leading columns that load() looks at; 0: one, null when that is null */
    /* Columns of the field, names from its number; returns how many (0: not stored). */
    int (*columns)(const Field *f, Column out[FIELD_COLUMNS]);
    /* JSON form of the API → value; null is handled by the caller. Adds a field error on failure. */
    Status (*parse)(Ctx *cx, const Field *f, const json_t *in, Value *out);
    /* Text of a file → value (loose: thousands separators, labels of choices in both languages …). */
    Status (*parse_text)(Ctx *cx, const Field *f, Str in, const TextForm *form, Value *out);
    /* Range, length and format checks; adds a field error. */
    Status (*validate)(Ctx *cx, const Field *f, const Value *v);
    /* Null-aware; text is borrowed from the row, id arrays are made in the arena. */
    void (*load)(Arena *a, const Field *f, const Stmt *q, int col, Value *out);
    /* All columns of the field, derived ones (sort key, folded text) included, made in the arena. */
    void (*store)(Arena *a, const Field *f, const Value *v, DbVal out[FIELD_COLUMNS]);
    /* Value → JSON form of CONTRACT 3. Links write {"id":…} only when title is not given. */
    void (*json)(Buf *b, const Field *f, const Value *v);
    /* Value → text for people (CSV, templates, titles). */
    void (*text)(Buf *b, const Field *f, const Value *v, Lang lang);
    /* Reads the type's own attributes of a declaration (scale, max …) into f; checks them. */
    Status (*declare)(Ctx *cx, Field *f, const json_t *decl);
    /* May be NULL: the stored form of a text that is compared with the field (a telephone number,
     * an address in lower case); as it stands where it is none. */
    Str (*literal)(Arena *a, const Field *f, Str text);
} FieldType;

const FieldType *field_type(Str name); /* by declared name; NULL if unknown */
const FieldType *field_type_of(FieldKind kind);
/* Index of the column with that suffix ('k' sort key, 'f' folded; money 'c' 'b' 'r'), or -1. */
int field_part(const Field *f, char suffix);
bool field_is_file(const Field *f); /* file, image */
bool field_has_id(const Field *f);  /* one id of f->to in one column: link, one file */
bool field_has_ids(const Field *f); /* a set of them, with a side table: links, several files */
bool field_leads_to(const Field *f, const Object *o); /* link, links, any_link */
bool field_is_computed(const Field *f);               /* nobody writes it: formula, rollup */
bool field_is_set(const Field *f);  /* several texts, with a side table: choices, tags */
bool field_is_many(const Field *f); /* has a side table; [] when empty */
/* The part of that name (province of an address), or NULL. */
const Field *field_named_part(const Field *f, Str name);
FieldKind field_result(const Field *f); /* of computed fields that of the value, else the kind */
