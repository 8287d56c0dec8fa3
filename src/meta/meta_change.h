/* SPDX-License-Identifier: Apache-2.0 */
/* One change of the catalogue at run time: rows are copied, edited, compiled to a candidate, checked
 * against the data, and proposed with the plan. Shared by the meta_change_*.c. */
#pragma once
#include "meta/meta_log.h"

typedef struct MetaChange {
    Ctx *cx;
    MetaStore *store;
    Plan *plan;
    const MetaSnapshot *old;
    json_t *rows, *settings; /* copies to edit */
    MetaSnapshot *candidate;
    MetaLogEntry entry; /* what the log says of it */
} MetaChange;

/* action: "field.rename" …; object and name: what it is about, as the log shows it. */
CHECKED Status meta_change_begin(Ctx *cx, MetaStore *s, Plan *plan, const char *action, Str object,
                                 Str name, MetaChange *ret);
/* The row's body for editing; made from `fresh` (taken over) when there is none, else it is freed. */
json_t *meta_change_row(MetaChange *c, const char *kind, Str name, json_t *fresh);
/* Compiles the candidate; errors of `focus` carry no prefix. */
CHECKED Status meta_change_build(MetaChange *c, Str focus);
/* Stores every row that differs, the entry of the log, and proposes the candidate. */
CHECKED Status meta_change_commit(MetaChange *c);

/* The object's declaration for editing: custom objects as a whole, shipped ones as overlay. */
typedef struct MetaEdit {
    MetaChange *change;
    const Object *object; /* of change->old */
    json_t *row;
} MetaEdit;
CHECKED Status meta_change_edit(MetaChange *c, Str object, MetaEdit *ret);
const char *meta_change_kind(const MetaEdit *e);
void meta_change_set(MetaEdit *e, const char *attribute, json_t *value); /* takes value */
void meta_change_add_field(MetaEdit *e, json_t *field);                  /* takes field */
/* Where attributes of the declared field with that key are changed (null takes one away). */
json_t *meta_change_field_patch(MetaEdit *e, Str key);
/* The code of the error that says: upkeep_derive first. */
#define META_NEEDS_JOB "needs_job"
/* The data must allow what changed: unique indexes, derived columns. */
CHECKED Status meta_change_check_data(MetaChange *c, Str object);
/* meta_drop_indexes.c: what the change takes away goes from the database with it. */
void meta_drop_indexes(const Meta *old, const Meta *fresh, Plan *plan, Arena *a);
/* Attributes other than those of the list are field errors. */
Status meta_change_allow(Ctx *cx, const json_t *body, const char *allowed);

/* A field from outside may not say what only the server writes. */
Status meta_change_no_internals(Ctx *cx, const json_t *field, const char *path);

/* The form of a role's rights names objects and fields of m. */
Status meta_change_check_access(Ctx *cx, const Meta *m, const json_t *body);

/* The entry of a list of choices with that code, or NULL. */
const json_t *meta_change_entry(const json_t *entries, Str value);

/* meta_rename.c: a field's name follows wherever its object speaks of it. */
void meta_rename(MetaEdit *e, const Field *f, Str name);
