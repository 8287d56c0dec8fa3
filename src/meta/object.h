/* SPDX-License-Identifier: Apache-2.0 */
/* Objects and fields as the catalogue holds them, and the table of field types. Included through
 * meta/meta.h, which says where they come from. */
#pragma once
#include "base/json.h"
#include "base/map.h"
#include "db/plan.h"
#include "meta/value.h"

typedef struct Object Object;
typedef struct Field Field;
struct Expr;

typedef struct Label {
    Str zh, en;
} Label;
Str label_in(const Label *l, Lang lang); /* falls back to the other language */

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
    F_KINDS
} FieldKind;

enum Trait {
    TRAIT_OWNED = 1,
    TRAIT_NUMBERED = 2,
    TRAIT_FOLLOWED = 4,
    TRAIT_POOLED = 8,
    TRAIT_APPROVABLE = 16,
    TRAIT_LINE = 32,
    TRAIT_CODED = 64,
    TRAIT_APPEND_ONLY = 128,
};

typedef enum OnDelete { DELETE_RESTRICT, DELETE_CLEAR, DELETE_CASCADE } OnDelete;

typedef struct Choice {
    Str value, parent, color;
    Label label;
    bool retired;
} Choice;

typedef struct ChoiceList {
    Str name;
    Label label;
    Choice *items;
    size_t n;
    Map by_value; /* value → Choice * */
    bool used;    /* by a field: GET /meta carries only these */
} ChoiceList;

typedef struct Column {
    char name[24]; /* physical: c_17, c_17_c …; system fields: id, owner … */
    uint8_t type;  /* DbType */
} Column;
#define FIELD_COLUMNS 4

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
FieldKind field_result(const Field *f); /* of computed fields that of the value, else the kind */

struct Field {
    Str name, key;   /* key: stable, survives renames */
    uint32_t number; /* of the physical column; 0 for system fields */
    uint16_t index;  /* position in object->fields */
    FieldKind kind;
    const FieldType *type;
    const Object *object;
    Label label, help;
    bool system, required, unique, search, readonly /* set by the server only */, in_title;
    Column columns[FIELD_COLUMNS]; /* of a rollup: columns[0], in the derived table */
    int n_columns;
    /* by type */
    int max;   /* text: code points */
    int scale; /* decimal, percent, money, formula */
    bool has_min, has_max;
    int64_t min, max_value; /* at the field's scale */
    const ChoiceList *choices;
    Str list_name;           /* empty: list of its own */
    const Field *depends_on; /* choice: the choice whose value is the parent of this one's */
    Str to_name;             /* link, links */
    const Object *to;        /* files: the object of files */
    const Object **to_any;   /* any_link: sorted by name; NULL: any */
    size_t n_to_any;
    bool multiple; /* file, image: a list */
    Str accept;    /* file: "application/pdf image/ …": types or their beginnings; empty: any */
    int64_t max_bytes; /* file: 0: the server's limit */
    Str inverse;
    OnDelete on_delete;
    bool visible_with;
    bool tree;         /* link to the object itself that may not close a circle */
    Str number_format; /* auto_number: C{YYYY}{000000} */
    Str formula;       /* text */
    const struct Expr *formula_expr, *rollup_expr;
    FieldKind result; /* formula, rollup */
    bool has_default;
    Value dflt; /* constants; codes of coded lists in dflt_text */
    Str dflt_text;
    Str required_when, visible_when, readonly_when;
    const struct Expr *required_when_expr, *visible_when_expr, *readonly_when_expr;
    const json_t *decl; /* the declaration */
    Str json;           /* as GET /meta shows it */
};

typedef struct Rule {
    Str name, check, field;
    Label message;
    const struct Expr *check_expr;
} Rule;

typedef struct Index {
    const Field *fields[6];
    int n;
    bool unique;
    char name[48]; /* physical: u_<object number>_<k>, i_<object number>_<k> */
} Index;

typedef struct Relation { /* what points here */
    Str name;             /* inverse, by default the child's plural */
    const Object *of;     /* whose relation it is */
    const Object *child;
    const Field *field; /* link, links or any_link of the child */
    Label label;
} Relation;

struct Object {
    Str name, plural, area, icon;
    Label label;
    uint32_t number;
    uint32_t traits;
    bool custom, history;
    Field **fields; /* system fields first */
    size_t n_fields;
    Map by_name;        /* name → Field * */
    const Field *title; /* never NULL: falls back to id */
    const Field *id, *version, *created_at, *created_by, *updated_at, *updated_by, *owner,
        *department, *code /* coded */, *position /* line, coded */, *number_field,
        *parent /* line: link to its parent */;
    Rule *rules;
    size_t n_rules;
    Index *indexes; /* unique ones first */
    size_t n_indexes;
    Relation *relations;
    size_t n_relations;
    const json_t *decl, *layouts, *views; /* layouts, views: arrays */
    void *cache; /* per-catalogue prepared texts of record/; owned by record/ (arena of the Meta) */
};
