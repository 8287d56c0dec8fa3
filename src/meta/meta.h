/* SPDX-License-Identifier: Apache-2.0 */
/* meta: the catalogue. What objects, fields, relations, lists, layouts there are.
 *
 * A Meta is an immutable snapshot in its own arena, reference-counted, swapped whole; a request
 * keeps the one it started with. It is compiled from the files shipped in the program
 * (src/modules, seed) overlaid with rows of {gx_meta}. Object tables come from comparing it with the
 * database. Nothing here checks rights. */
#pragma once
#include "base/json.h"
#include "base/map.h"
#include "db/plan.h"
#include "meta/value.h"

typedef struct Meta Meta;
typedef struct Object Object;
typedef struct Field Field;
typedef struct MetaStore MetaStore;
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
} ChoiceList;

typedef struct Column {
    char name[24]; /* physical: c_17, c_17_c …; system fields: id, owner … */
    uint8_t type;  /* DbType */
} Column;
#define FIELD_COLUMNS 4

/* How a text column of a file is read (import). */
typedef struct TextForm {
    int date_order;     /* DateOrder of calendar.h */
    Str currency;       /* for bare numbers; empty: the organisation's */
    const Zone *zone;   /* of datetimes without zone */
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

const FieldType *field_type(Str name);       /* by declared name; NULL if unknown */
const FieldType *field_type_of(FieldKind kind);
/* Index of the column with that suffix ('k' sort key, 'f' folded; money 'c' 'b' 'r'), or -1. */
int field_part(const Field *f, char suffix);

struct Field {
    Str name, key; /* key: stable, survives renames */
    uint32_t number; /* of the physical column; 0 for system fields */
    uint16_t index;  /* position in object->fields */
    FieldKind kind;
    const FieldType *type;
    const Object *object;
    Label label, help;
    bool system, required, unique, search, readonly /* set by the server only */, in_title;
    Column columns[FIELD_COLUMNS];
    int n_columns;
    /* by type */
    int max;                 /* text: code points */
    int scale;               /* decimal, percent, money, formula */
    bool has_min, has_max;
    int64_t min, max_value;  /* at the field's scale */
    const ChoiceList *choices;
    Str list_name;           /* empty: list of its own */
    const Field *depends_on; /* choice: the choice whose value is the parent of this one's */
    Str to_name;             /* link, links */
    const Object *to;
    Str inverse;
    OnDelete on_delete;
    bool visible_with;
    Str number_format;       /* auto_number: C{YYYY}{000000} */
    Str formula;             /* text */
    const struct Expr *formula_expr;
    FieldKind result;        /* formula */
    bool has_default;
    Value dflt;              /* constants; codes of coded lists in dflt_text */
    Str dflt_text;
    Str required_when, visible_when, readonly_when;
    const struct Expr *required_when_expr, *visible_when_expr, *readonly_when_expr;
    const json_t *decl;      /* the declaration */
    Str json;                /* as GET /meta shows it */
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
    const Object *child;
    const Field *field;   /* link or links of the child */
    Label label;
} Relation;

struct Object {
    Str name, plural, area, icon;
    Label label;
    uint32_t number;
    uint32_t traits;
    bool custom, history;
    Field **fields;      /* system fields first */
    size_t n_fields;
    Map by_name;         /* name → Field * */
    const Field *title;  /* never NULL: falls back to id */
    const Field *id, *version, *created_at, *created_by, *updated_at, *updated_by, *owner,
        *department, *code /* coded */, *position /* line, coded */, *number_field, *parent /* line: link to its parent */;
    Rule *rules;
    size_t n_rules;
    Index *indexes;      /* unique ones first */
    size_t n_indexes;
    Relation *relations;
    size_t n_relations;
    const json_t *decl, *layouts, *views; /* layouts, views: arrays */
    void *cache;         /* per-catalogue prepared texts of record/; owned by record/ (arena of the Meta) */
};

typedef struct MoneyRate { /* what one unit of a foreign currency is worth at home */
    char currency[4];
    int64_t rate; /* × 10^-9 */
} MoneyRate;

struct Meta {
    int64_t version;        /* catalogue version of {gx_epoch} */
    Object **objects;       /* sorted by name */
    size_t n_objects;
    Map by_name, by_plural; /* → Object * */
    ChoiceList **lists;
    size_t n_lists;
    Map lists_by_name;
    Str currency;           /* the organisation's base currency */
    Str organisation, language, time_zone;
    const MoneyRate *rates;
    size_t n_rates;
    const json_t *access;   /* object: role code → access form of CONTRACT 2 */
    Arena *arena;
    int refs;               /* atomic */
};

const Object *meta_object(const Meta *m, Str name);
const Object *meta_plural(const Meta *m, Str plural);
const Field *object_field(const Object *o, Str name);
const Field *object_column(const Object *o, Str physical_column); /* for errors of the engine */
const Relation *object_relation(const Object *o, Str name);
const Choice *choice_find(const ChoiceList *l, Str value);
/* Index by its physical name anywhere in the catalogue: explains unique violations. */
const Index *meta_index(const Meta *m, Str physical_name, const Object **ret_object);
/* The name nearest to `wrong` among those for which ok() holds; STR_NULL if none is near. */
Str meta_nearest_field(const Object *o, Str wrong, bool (*ok)(void *arg, const Field *f), void *arg);

/* ---- store: the current catalogue of the organisation */
typedef struct MetaHooks { /* handed in by upper layers */
    void *arg;
    /* Compiles formula, rule and *_when texts of every object (expr/); errors name the object's part. */
    Status (*compile)(void *arg, Ctx *cx, Meta *m);
} MetaHooks;

/* Loads, checks, gives numbers, creates missing tables/columns/indexes (idempotent), keeps current. */
CHECKED Status meta_open(Ctx *cx, DbPool *pool, const MetaHooks *hooks, MetaStore **ret);
void meta_close(MetaStore *s);
const Meta *meta_acquire(MetaStore *s);
void meta_release(const Meta *m);
/* Another node changed the catalogue: reload if {gx_epoch} is newer. */
CHECKED Status meta_refresh(Ctx *cx, MetaStore *s);

/* Changes: check everything first (errors name the JSON path), add DDL + rows + version to the plan,
 * swap after the commit. Body forms as CONTRACT 2. */
CHECKED Status meta_create_object(Ctx *cx, MetaStore *s, const json_t *body, Plan *plan, Buf *answer);
CHECKED Status meta_patch_object(Ctx *cx, MetaStore *s, const Object *o, const json_t *body, Plan *plan, Buf *answer);
CHECKED Status meta_create_field(Ctx *cx, MetaStore *s, const Object *o, const json_t *body, Plan *plan, Buf *answer);
CHECKED Status meta_patch_field(Ctx *cx, MetaStore *s, const Field *f, const json_t *body, Plan *plan, Buf *answer);
CHECKED Status meta_put_list(Ctx *cx, MetaStore *s, Str name, const json_t *body, Plan *plan, Buf *answer);
CHECKED Status meta_put_access(Ctx *cx, MetaStore *s, Str role, const json_t *body, Plan *plan, Buf *answer);
CHECKED Status meta_set_organisation(Ctx *cx, MetaStore *s, const json_t *body, Plan *plan);

/* ---- JSON out (rights are filtered by the callbacks; NULL: everything) */
typedef struct MetaView {
    void *arg;
    bool (*object)(void *arg, const Object *o);
    bool (*field)(void *arg, const Field *f);
    /* writes ,"rights":{…} of the object for this user */
    void (*rights)(void *arg, const Object *o, Buf *out);
} MetaView;
void meta_write(const Meta *m, const MetaView *view, Buf *out);                   /* GET /meta */
void meta_write_object(const Object *o, const MetaView *view, Buf *out);
void meta_write_list(const ChoiceList *l, Buf *out);
