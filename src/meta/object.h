/* SPDX-License-Identifier: Apache-2.0 */
/* Objects and fields as the catalogue holds them, and the table of field types. Included through
 * meta/meta.h, which says where they come from. */
#pragma once
#include "base/map.h"
#include "meta/duplicate_rule.h"

struct Expr;

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

typedef enum TextFormat {
    FORMAT_NONE,
    FORMAT_REGISTRATION,    /* 统一社会信用代码, 18 characters */
    FORMAT_REGISTRATION_OLD /* or the 15 digits of before 2015 */
} TextFormat;

struct Field {
    Str name, key;   /* key: stable, survives renames */
    uint32_t number; /* of the physical column; 0 for system fields */
    uint16_t index;  /* position in object->fields */
    FieldKind kind;
    const FieldType *type;
    const Object *object;
    Label label, help;
    bool keyed,
        folded; /* text: has sort key, folded text before anything needs them (meta_derive.c) */
    bool system, required, unique, search, readonly /* set by the server only */, in_title;
    Column columns[FIELD_COLUMNS]; /* of a rollup: in the derived table */
    int n_columns;
    uint8_t n_derived; /* rollup: the figure, how many values it is of, their exact sum */
    /* Values inside the value that paths may name (address.province, place.lat): fields of one
     * column each, with the rights and the index of the field they are part of. */
    const Field *parts, *part_of;
    uint8_t n_parts, part; /* part: which one */
    /* by type */
    int max;        /* text: code points; rating: the most stars; json: bytes */
    uint8_t format; /* text: TextFormat */
    int scale;      /* decimal, percent, money, formula */
    bool has_min, has_max;
    int64_t min, max_value; /* at the field's scale */
    const ChoiceList *choices;
    Str list_name;           /* empty: list of its own */
    const Field *depends_on; /* choice: the choice whose value is the parent of this one's */
    Str to_name;             /* link, links */
    const Object *to;        /* files: the object of files */
    const Object **to_any;   /* any_link: sorted by name; NULL: any */
    size_t n_to_any;
    bool multiple;        /* file, image: a list */
    const json_t *accept; /* file: list of types or their beginnings (image/); NULL: any */
    int64_t max_bytes;    /* file: 0: the server's limit */
    Str inverse;
    OnDelete on_delete;
    bool visible_with;
    uint8_t shares;    /* whom it names may see the record (1), or change it too (2); ADR 0079 */
    bool tree;         /* link to the object itself that may not close a circle */
    Str number_format; /* auto_number: C{YYYY}{000000} */
    bool gap_free;     /* auto_number: {000000!} */
    Str formula;       /* text */
    Str rollup_text;   /* of a rollup: with the formulas it reads; another one: computed anew */
    const struct Expr *formula_expr, *rollup_expr;
    FieldKind result; /* formula, rollup */
    bool has_default;
    Value dflt; /* constants; codes of coded lists in dflt_text */
    Str dflt_text;
    Str required_when, visible_when, readonly_when;
    const struct Expr *required_when_expr, *visible_when_expr, *readonly_when_expr;
    const json_t *decl; /* the declaration */
    Str json;           /* as GET /meta shows it */
    /* A field whose type was changed has had other columns before: former forms, oldest first, each
     * current until `until`; `shadow` is the form that is coming while its values are being copied. */
    uint32_t generation; /* of the columns; 0 and 1: the first */
    Field **formers;
    size_t n_formers;
    Id until; /* of a former: the id of changes from which the next form was current */
    const Field *shadow;
};

typedef struct Rule {
    Str name, check, field;
    Label message;
    const struct Expr *check_expr;
} Rule;

typedef struct VerbParam { /* what the caller of a verb says */
    Str name;
    const Field *field; /* of the object, or one of the verb's own (no column) */
    bool is_own, required;
} VerbParam;

typedef struct
    ObjectVerb { /* what can be done to a record beyond changing fields: POST …/{id}/{name} */
    Str name, icon, when, needs; /* needs: update, transfer, create, none (the verb asks itself) */
    Label label;
    bool hints, danger; /* a dry run has something to say; the client asks before */
    bool single;        /* is of one record at a time: never in bulk */
    VerbParam *params;
    size_t n_params;
    const struct Expr *when_expr; /* on which records; NULL: on all */
} ObjectVerb;

typedef struct Index {
    const Field *fields[6];
    int n;
    bool unique;
    bool ownerless; /* of the rows without owner alone */
    bool pending;  /* a job is to build it: it holds nothing yet, no read or check may rely on it */
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
    const Field
        *record_type; /* the choice that says of what type a record is; NULL: there are none */
    const Field *id, *version, *created_at, *created_by, *updated_at, *updated_by, *owner,
        *department, *code /* coded */, *position /* line, coded */, *number_field,
        *parent /* line: link to its parent */;
    /* Fields whose columns hold data though nothing reads them now (removed ones, former and coming
     * forms): the twin carries their columns as well. */
    Field **kept;
    size_t n_kept;
    Rule *rules;
    size_t n_rules;
    DuplicateRule *duplicates;
    size_t n_duplicates;
    DuplicateField *match_fields; /* of those rules, each once */
    size_t n_match_fields;
    ObjectVerb *verbs;
    size_t n_verbs;
    Index *indexes; /* unique ones first */
    size_t n_indexes;
    Relation *relations;
    size_t n_relations;
    const json_t *decl, *layouts, *views; /* layouts, views: arrays */
    void *cache; /* per-catalogue prepared texts of record/; owned by record/ (arena of the Meta) */
};
