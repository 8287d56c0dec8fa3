/* SPDX-License-Identifier: Apache-2.0 */
/* meta: the catalogue. What objects, fields, relations, lists, layouts there are.
 *
 * A Meta is an immutable snapshot in its own arena, reference-counted, swapped whole; a request
 * keeps the one it started with. It is compiled from the files shipped in the program
 * (src/modules, seed) overlaid with rows of {gx_meta}. Object tables come from comparing it with the
 * database. Nothing here checks rights. */
#pragma once
#include "meta/object.h"

typedef struct Meta Meta;
typedef struct MetaView MetaView;
typedef struct MetaStore MetaStore;

typedef struct MoneyRate { /* what one unit of a foreign currency is worth at home */
    char currency[4];
    int64_t rate; /* × 10^-9 */
} MoneyRate;

typedef struct MetaSearch { /* of the search index, src/search */
    int slot;               /* that is read: 0 or 1 */
    bool building;          /* the other one is fed too */
    Str version;            /* of the tokens in it; "": never filled */
} MetaSearch;

typedef struct
    MetaWorkdays { /* from that day on: workdays more (or less) than Monday to Friday give */
    int64_t day, total;
} MetaWorkdays;

struct Meta {
    int64_t version;  /* catalogue version of {gx_epoch} */
    Object **objects; /* sorted by name */
    size_t n_objects;
    Map by_name, by_plural; /* → Object * */
    ChoiceList **lists;
    size_t n_lists;
    Map lists_by_name;
    Str currency; /* the organisation's base currency */
    Str organisation, language, time_zone;
    const MoneyRate *rates;
    size_t n_rates;
    MetaSearch search;
    MetaWorkdays *workdays; /* ascending; holidays and makeup days (meta_workdays.c) */
    size_t n_workdays;
    const json_t *access; /* object: role code → access form of CONTRACT 2 */
    const struct Vault *vault;
    Arena *arena;
    size_t pending_indexes; /* that were missing when it was made, for a job to build */
    int refs;               /* atomic */
};

/* An index on a table of at least so many rows is built by a job, others with the change. */
#define META_INDEX_ROWS 10000

const Object *meta_object(const Meta *m, Str name);
int64_t meta_workdays_more(const Meta *m, int64_t day); /* up to that day; m may be NULL */
const Object *meta_plural(const Meta *m, Str plural);
const Field *object_field(const Object *o, Str name);
/* The form of the field that was current at a change: its columns and type. f itself where its type
 * was not changed since. For reading the past (as_of, history). */
const Field *field_column_at(const Field *f, Id change);
const Field *object_column(const Object *o, Str physical_column); /* for errors of the engine */
const Relation *object_relation(const Object *o, Str name);
const Choice *choice_find(const ChoiceList *l, Str value);
/* Index by its physical name anywhere in the catalogue: explains unique violations. */
const Index *meta_index(const Meta *m, Str physical_name, const Object **ret_object);
/* What follows the index's name in its DDL. */
Str meta_database_index_rest(Ctx *cx, const Object *o, const Index *x);
/* The name nearest to `wrong` among those for which ok() holds; STR_NULL if none is near. */
Str meta_nearest_field(const Object *o, Str wrong, bool (*ok)(void *arg, const Field *f),
                       void *arg);

/* ---- names that follow a renamed field, in what others keep of an object (meta_rename.c) */
typedef struct MetaRename {
    const Object *object; /* as it was: its relations tell whose names stand in a text */
    Str old, name;
} MetaRename;
/* The next field, from *at on, that has another name in `after`; false: there is none. */
bool meta_rename_next(const Object *before, const Object *after, size_t *at, MetaRename *ret);
/* An expression with the name replaced. */
Str meta_rename_text(Arena *a, const Object *o, Str text, Str old, Str name);
/* A list's parts (filter, sort, columns, group …) likewise; NULL if they do not name the field. */
json_t *meta_rename_parts(Arena *a, const MetaRename *r, const json_t *declared);
typedef struct MetaKept { /* what somebody saved of an object: a view, a mapping */
    Id id;
    Str text;
} MetaKept;
typedef VEC(MetaKept) MetaKeptList;
/* What is saved of the object, by a statement of (object) that answers with id and text. */
CHECKED Status meta_rename_kept(Ctx *cx, const char *sql, const Object *o, MetaKeptList *ret);

/* The object as if these were its rules of duplicates (a list as in its declaration), in cx->arena; errors name the place. */
CHECKED Status meta_duplicates_try(Ctx *cx, const Object *o, const json_t *rules,
                                   const Object **ret);

/* ---- store: the current catalogue of the organisation */
struct Vault;
typedef struct MetaHooks {     /* handed in by upper layers */
    const struct Vault *vault; /* may be NULL: then secrets can neither be written nor read */
    void *arg;
    /* Compiles formula, rule and *_when texts of every object (expr/); errors name the object's part. */
    Status (*compile)(void *arg, Ctx *cx, Meta *m);
    /* A changed catalogue is about to be written with this plan; may be NULL. */
    Status (*changed)(void *arg, Ctx *cx, const Meta *before, Meta *after, Plan *plan);
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
CHECKED Status meta_create_object(Ctx *cx, MetaStore *s, const json_t *body, Plan *plan,
                                  Buf *answer);
CHECKED Status meta_patch_object(Ctx *cx, MetaStore *s, const Object *o, const json_t *body,
                                 Plan *plan, Buf *answer);
CHECKED Status meta_create_field(Ctx *cx, MetaStore *s, const Object *o, const json_t *body,
                                 Plan *plan, Buf *answer);
CHECKED Status meta_patch_field(Ctx *cx, MetaStore *s, const Field *f, const json_t *body,
                                Plan *plan, Buf *answer);
/* Removal hides: the columns stay, and restore brings field or object back with its data. `key` is
 * the field's key, or its name where that says it too. */
CHECKED Status meta_remove_object(Ctx *cx, MetaStore *s, const Object *o, Plan *plan);
CHECKED Status meta_restore_object(Ctx *cx, MetaStore *s, Str object, Plan *plan, Buf *answer);
CHECKED Status meta_remove_field(Ctx *cx, MetaStore *s, const Field *f, Plan *plan);
CHECKED Status meta_restore_field(Ctx *cx, MetaStore *s, const Object *o, Str key, Plan *plan,
                                  Buf *answer);
/* A layout (or, with views, a view of the catalogue) by name: what the body says is laid over it.
 * Dropping one that came with the program brings the program's back. */
CHECKED Status meta_put_part(Ctx *cx, MetaStore *s, const Object *o, bool views, Str name,
                             const json_t *body, bool create, Plan *plan);
CHECKED Status meta_drop_part(Ctx *cx, MetaStore *s, const Object *o, bool views, Str name,
                              Plan *plan);
/* {"objects":[…],"fields":[…]}: what has been removed and may come back. */
CHECKED Status meta_write_bin(Ctx *cx, MetaStore *s, const MetaView *view, Buf *out);
/* Takes the change that made this version back, where nothing has changed the same parts since. */
CHECKED Status meta_revert(Ctx *cx, MetaStore *s, int64_t version, Plan *plan);
CHECKED Status meta_put_list(Ctx *cx, MetaStore *s, Str name, const json_t *body, Plan *plan,
                             Buf *answer);
CHECKED Status meta_put_access(Ctx *cx, MetaStore *s, Str role, const json_t *body, Plan *plan,
                               Buf *answer);
CHECKED Status meta_set_organisation(Ctx *cx, MetaStore *s, const json_t *body, Plan *plan);

/* What the catalogue has and the database lacks, as the DDL that would make it; the plan makes it. */
typedef struct MetaMissing {
    VEC(Str) list;
} MetaMissing;
CHECKED Status meta_database_missing(Ctx *cx, const Meta *m, Plan *plan, MetaMissing *ret);

/* For filling an empty table: without its list indexes (unique ones stay), and with them again. What is
 * left out when the process dies meanwhile is built at the next start. */
CHECKED Status meta_database_unindex(Ctx *cx, const Object *o, Plan *plan);
CHECKED Status meta_database_index(Ctx *cx, const Object *o, Plan *plan);

/* ---- JSON out (rights are filtered by the callbacks; NULL: everything) */
struct MetaView {
    void *arg;
    bool (*object)(void *arg, const Object *o);
    bool (*field)(void *arg, const Field *f);
    /* writes ,"rights":{…} of the object for this user */
    void (*rights)(void *arg, const Object *o, Buf *out);
};
void meta_write(const Meta *m, const MetaView *view, Buf *out); /* GET /meta */
void meta_write_object(const Object *o, const MetaView *view, Buf *out);
void meta_write_list(const ChoiceList *l, Buf *out);
/* Without what names a hidden field: a list of layouts or views; one field. */
void meta_write_visible(const Object *o, const MetaView *view, const json_t *list, Buf *out);
void meta_write_visible_field(const Field *f, const MetaView *view, Buf *out);
