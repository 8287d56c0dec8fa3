/* SPDX-License-Identifier: Apache-2.0 */
/* Private to record/: texts prepared per object and the steps of a write. */
#pragma once
#include "base/calendar.h"
#include "base/id.h"
#include "base/utf8.h"
#include "record/record.h"
#include "search/search.h"
#include <stdlib.h>

#define MAX_EFFECTS 200 /* records one write may change beside its own */
#define MAX_DEPTH 5

typedef struct RollupText { /* vals: the last one or two are which records */
    Str sql;
    const DbVal *vals;
    size_t n;
} RollupText;

typedef struct RollupPart { /* one figure that is kept by differences */
    const Field *field;
    ExprFold fold;
    RollupText again; /* of an extreme: drawn anew if it went; ends in id, id, what went */
} RollupPart;

typedef struct RollupSource { /* what some rollups of an object are drawn from */
    const Field *link;        /* of the child, or the object's own links (own) */
    const Object *child;
    bool own, adds;            /* adds: by differences, told by `parts` */
    uint64_t bits[16];         /* fields of the child that are read */
    RollupText one, of_target; /* of_target: of all whose own links name a child */
    RollupPart *parts;
    size_t n_parts;
    RollupText add;       /* ?1 id; a count's difference; of others that of the value and of n */
    const uint8_t *merge; /* how its values come together (PlanMerge) */
} RollupSource;

typedef struct RollupFeed { /* a child's view of it */
    const Object *parent;
    const RollupSource *source;
} RollupFeed;

/* Built once per catalogue (record_text.c); hangs on Object.cache. Columns come in the order of
 * object->fields and their parts; "changed" is the last. */
typedef struct RecordTexts {
    Str select;       /* … FROM {t} t0 WHERE t0."id" = ?1 */
    Str insert;       /* every column, ?1…?n */
    Str twin;         /* copies the live row: ?1 id, ?2 until, ?3 op */
    Str remove;       /* DELETE: ?1 id */
    Str twin_last;    /* newest twin row that ended in a delete: ?1 id; columns, then until */
    Str history_twin; /* columns, until, op: ?1 id, ?2 changed below, ?3 limit; newest first */
    Str twin_before;  /* image that a change ended: ?1 id, ?2 until */
    Str twin_version; /* image of a version: ?1 id, ?2 version */
    int *first;       /* by field index: its first column */
    int n_columns;    /* with "changed" */
    RollupSource *sources;
    size_t n_sources;
    RollupText rollup_all, rollup_range; /* every rollup: of one record; of those in (?, ?] */
    Str rollup_new;                      /* ?1 id: a record that nothing hangs on yet */
    Str rollup_rows, rollup_hold;        /* (?1, ?2]: make those missing; lock them */
    VEC(RollupFeed) feeds;
} RecordTexts;

static inline const RecordTexts *record_texts(const Object *o) { return o->cache; }

/* Reads a row of columns (order above) beginning at column 0. */
void record_read_row(Ctx *cx, const Object *o, const Stmt *q, Value *ret, Id *ret_changed);
void record_columns(Sql *q, const Object *o, int alias); /* the column list */
bool record_is_stored(const Field *f);
Value *record_values_new(Ctx *cx, const Object *o);
const Field *record_line_parent(const Object *o); /* through which rights come; NULL: its own */
Id record_value_id(const Value *v);
int64_t record_value_int(const Value *v);

/* Every tree of the object: refuses circles; with a plan, locks what stands above. */
Status record_check_trees(Ctx *cx, const Record *r, Plan *plan);

/* ---- lines in their parent's body (record_lines.c) */
typedef struct RecordLine {
    const Relation *relation;
    Record *record;
    size_t at; /* in the body's list */
    bool remove;
} RecordLine;

/* The relation of that name if its records are lines of o that the user may read; else NULL. */
const Relation *record_line_relation(const Ctx *cx, const Object *o, Str name);
Status record_set_lines(Ctx *cx, Record *r, const Relation *rel, const json_t *list);
Status record_prepare_lines(Ctx *cx, Plan *plan, Record *r); /* defaults, positions, checks */
Status record_write_lines(Ctx *cx, Plan *plan, Record *r);
/* rows of r's children by that relation (ids beside them) as they will be; there is room for all. */
void record_overlay_lines(const Record *r, const Relation *rel, const Id *ids, const Value **rows,
                          size_t *n);
/* record_merge_people.c: shares and marks of one that becomes part of another. */
void record_merge_people(Ctx *cx, Plan *plan, const Object *o, Id lost, Id keep);
void record_merge_people_back(Ctx *cx, Plan *plan, const Object *o, Id keep, Id batch);

/* Without asking rights of the line's own. */
Status record_prepare(Ctx *cx, Plan *plan, Record *r); /* defaults, hooks, checks, numbers */
Status record_write_prepared(Ctx *cx, Plan *plan, Record *r);
Status record_remove_line(Ctx *cx, Plan *plan, Record *r);

/* A delete that takes back a record which nobody has touched since: who made it needs no right to. */
Status record_take_back(Ctx *cx, Plan *plan, Record *r);

/* Steps of record_write. */
Status record_defaults(Ctx *cx, Record *r);
Status record_validate(Ctx *cx, Record *r);
Status record_breaks_rule(Ctx *cx, Record *r, bool *ret); /* one of its object, as it will be */
/* The new row, its link rows and, unless they are made afterwards, its tokens. */
Status record_plan_row(Ctx *cx, Plan *plan, Record *r, bool tokens);
Status record_plan_insert(Ctx *cx, Plan *plan, Record *r);
Status record_plan_update(Ctx *cx, Plan *plan, Record *r);
Status record_plan_remove(Ctx *cx, Plan *plan, const Record *r);
/* What the change means for rollups; a record that does not stay is deleted. */
CHECKED Status record_plan_rollups(Ctx *cx, Plan *plan, const Record *r, bool is_new, bool stays);
/* By differences (record_rollup_delta.c): the texts of a source; what a child's change adds. */
enum { ROLLUP_PHASE_NEW, ROLLUP_PHASE_ADD, ROLLUP_PHASE_DRAW };
CHECKED Status record_rollup_compile_adds(Ctx *cx, const Object *o, RollupSource *s);
CHECKED Status record_rollup_add(Ctx *cx, Plan *plan, const RollupFeed *feed, const Value *before,
                                 const Value *after);
size_t record_rollup_parents(const RollupFeed *feed, const Value *link, const Id **ret);
void record_rollup_load(Ctx *cx, const Object *o, const Stmt *q, int col, Value *ret);
void record_plan_links(Ctx *cx, Plan *plan, const Record *r, bool is_new);

/* ---- record_share.c: fields that open the record to whom they name */
CHECKED Status record_may_share(Ctx *cx, const Record *r);
CHECKED Status record_plan_shares(Ctx *cx, Plan *plan, const Record *r, bool is_new);
void record_plan_targets(Ctx *cx, Plan *plan, const Record *r);
const RecordHooks *record_hooks(const Ctx *cx, const Object *o);
ExprRow record_expr_row(Record *r);
/* The field's readonly_when holds of the record as it is stored (record_conditions.c). */
CHECKED Status record_is_fixed(Ctx *cx, const Record *r, const Field *f, bool *ret);
/* Images of the twin: the one a change ended, the one a delete ended last. NULL if there is none. */
Status record_image_before(Ctx *cx, const Object *o, Id id, Id until, Record **ret);
Status record_image_last(Ctx *cx, const Object *o, Id id, Record **ret, Id *ret_until);
/* An image becomes a live row again. */
Status record_revive(Ctx *cx, Plan *plan, Record *image);

/* Auto numbers: the counter of the field's period at cx->now_ms; the number as the format shows it. */
Str number_counter(Ctx *cx, const Field *f);
Str number_text(Ctx *cx, const Field *f, int64_t value);
Status number_run_take(Ctx *cx, NumberRun *run, const Field *f, Str *ret);
/* record_shadow.c: fields that nothing reads now: the coming form of one whose type is being changed is
 * written along; what a twin row holds of removed and former ones comes back with the record. */
void record_kept_columns(Sql *q, const Object *o); /* , "c_5", "c_9" */
CHECKED Status record_shadow_insert(Ctx *cx, Plan *plan, const Record *r);
CHECKED Status record_shadow_set(Ctx *cx, const Record *r, Sql *q); /* , "c_9" = ?4 of an UPDATE */
void record_shadow_revive(Ctx *cx, Plan *plan, const Record *image);
void record_shadow_lists(Ctx *cx, Plan *plan, const Record *r, bool is_new); /* after the row */
void record_side_drop(Ctx *cx, Plan *plan, const Field *f, Id id);

/* record_form.c: values of former types. `slots` of a row: one for each former form of each field. */
typedef struct RecordForms {
    const Object *object;
    size_t *first; /* by field index: its first slot */
    size_t n;
} RecordForms;
const RecordForms *record_forms(Ctx *cx, const Object *o); /* NULL: no type was ever changed */
Status record_forms_read(Ctx *cx, const RecordForms *forms, bool twin, Id id, Id from, Id to,
                         void (*row)(void *arg, Id changed, const Value *slots), void *arg);
const Value *record_forms_value(const RecordForms *forms, const Value *values, const Value *slots,
                                const Field *f, const Field *form);

/* record_convert_link.c: parts of what record_convert does. */
Status record_convert_link(Ctx *cx, const Field *from, const Field *to, const Value *v, Value *ret,
                           bool *ret_fits);
Status record_convert_link_text(Ctx *cx, const Field *from, const Value *v, Str *ret);
Status record_convert_link_part(Ctx *cx, const Object *to, Id id, const Field *part, Str *ret);
Status record_convert_text_link(Ctx *cx, const Field *to, Str text, Value *ret, bool *ret_fits);
/* Whether the field takes a file of that type and size, whoever may read it. */
Status record_file_fits(Ctx *cx, const Field *f, Id file, bool *ret);

/* Links in bodies. */
Status record_parse_any_link(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret);
Status record_parse_files(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret);
/* "$ref.id": what an earlier request of the batch makes. The user who makes it sees it. */
bool record_is_reference(Str text);
Status record_find_made(Ctx *cx, const Record *r, const Field *f, Str text, Id *ret);
/* Notes that the record refers to files, for good: what history shows stays readable. */
void record_plan_files(Ctx *cx, Plan *plan, const Record *r, bool is_new);
Status record_parse_links(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret);
Status record_check_links(Ctx *cx, const Field *f, size_t n); /* not too many */
Value record_ids_value(Id *ids, size_t n); /* sorts, drops repeats; null when empty */

/* Titles of linked records, gathered first and read with one statement per object. */
typedef struct RecordTitles RecordTitles;
RecordTitles *record_titles_new(Ctx *cx);
void record_titles_want(Ctx *cx, RecordTitles *t, const Field *f, const Value *v);
Status record_titles_load(Ctx *cx, RecordTitles *t);
void record_value_json(RecordTitles *t, const Field *f, const Value *v, Buf *out);
/* What stands behind FROM: the table of the field, and that it points at the record (record_delete.c). */
void record_sql_pointing(Sql *q, const Field *f, const Object *of, Id id);
