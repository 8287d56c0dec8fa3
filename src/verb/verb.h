/* SPDX-License-Identifier: Apache-2.0 */
/* verb: what can be done to a record beyond changing its fields (POST /{plural}/{id}/{verb}): assign,
 * claim, convert, win … What a verb is called, takes and needs is declared in <object>.object.json
 * ("verbs", meta/object.h); what it does is code of the module, listed in app/modules.c.
 *
 * verb_run checks right, condition and parameters, opens a batch (so that everything the verb does can be
 * taken back as one) and calls the deed, which adds to the plan and may run again.
 *   static Status close(Ctx *cx, Plan *plan, VerbCall *c)
 *   {
 *       verb_take(c, "close_reason");                 -- the parameter into the field of that name
 *       verb_set_text(c->record, "status", "closed");
 *       return record_write_by_rule(cx, plan, c->record);
 *   } */
#pragma once
#include "record/record.h"

typedef struct VerbCall {
    const ObjectVerb *verb;
    Record *record;
    const Value *args; /* by parameter index; V_NULL: not said */
    bool dry_run;
    Buf *hints; /* of a dry run: {…},{…} */
    size_t n_hints;
} VerbCall;

typedef struct RecordVerb {
    const char *object, *name;
    Status (*run)(Ctx *cx, Plan *plan, VerbCall *c);
} RecordVerb;

/* The verb of that name that the object declares and a module does; ST_NOT_FOUND. */
CHECKED Status verb_find(Ctx *cx, const Object *o, Str name, const ObjectVerb **ret);
/* The record the verb is for: what the user may read, or (needs "none") any; the deed then asks. */
CHECKED Status verb_load(Ctx *cx, const ObjectVerb *v, const Object *o, Id id, Record **ret);
/* Body: the verb's parameters, and "dry_run". *ret_batch is 0 after a dry run. */
CHECKED Status verb_run(Ctx *cx, Plan *plan, const ObjectVerb *v, Record *r, const json_t *body,
                        VerbCall *ret, Id *ret_batch);

/* The verb's condition holds, or ST_CONFLICT. verb_run asks, except for verbs that need no right: they
 * first decide whether the person may know of the record. */
CHECKED Status verb_may_now(Ctx *cx, const ObjectVerb *v, Record *r);

/* The same within a batch that is there already (of a job); no dry run, no other right than the verb's. */
CHECKED Status verb_run_within(Ctx *cx, Plan *plan, const ObjectVerb *v, Record *r,
                               const json_t *body);
/* What is wrong with a body whichever the record: names, forms, what is missing. Values that depend on the
 * record (a stage is one of its pipeline) are left to verb_run. */
CHECKED Status verb_check_body(Ctx *cx, const ObjectVerb *v, const Object *o, const json_t *body);
/* The right that the verb asks for; false: the deed itself decides. */
bool verb_needs(const ObjectVerb *v, AccessAction *ret);

/* Names of what this user can do with the record now, ["assign","close"], in the order of the declaration. */
CHECKED Status verb_possible(Ctx *cx, Record *r, Buf *out);

/* ---- for deeds */
const Field *verb_field(const Record *r,
                        const char *name);                /* NULL where the organisation has none */
const Value *verb_get(const Record *r, const char *name); /* null likewise */
Id verb_link(const Record *r, const char *name);          /* 0 likewise */
bool verb_is(const Record *r, const char *name, const char *code);
void verb_set(Record *r, const char *name, Value v);
void verb_set_text(Record *r, const char *name, const char *word);
void verb_set_link(Record *r, const char *name, Id id); /* 0: null */
const Value *verb_arg(const VerbCall *c, const char *name);
Id verb_arg_link(const VerbCall *c, const char *name);
bool verb_arg_true(const VerbCall *c, const char *name);
/* What was said for that parameter, into the field of the same name; nothing where it was not said. */
void verb_take(const VerbCall *c, const char *name);
bool verb_arg_has(const VerbCall *c, const char *name, const char *code); /* one of its choices */
/* Owner, and department after him. ST_INVALID on "field" where he is not active. */
CHECKED Status verb_set_owner(Ctx *cx, Record *r, Id owner, const char *param);

/* Without the reader's predicate, for decisions only (a limit that is reached, what hangs on a record);
 * nothing of it is shown. Ids ascending. */
CHECKED Status verb_ids(Ctx *cx, const Object *o, Str filter, size_t limit, Id *ret, size_t *ret_n);
CHECKED Status verb_ids_after(Ctx *cx, const Object *o, Str filter, Id after, size_t limit, Id *ret,
                              size_t *ret_n);
CHECKED Status verb_count(Ctx *cx, const Object *o, Str filter, int64_t most, int64_t *ret);
/* A new record with what people may write in r, and its lines of that relation (NULL: none). The caller
 * changes it before it is written; verb_copy_lines comes after. */
Record *verb_copy(Ctx *cx, const Record *r);
CHECKED Status verb_copy_lines(Ctx *cx, Plan *plan, const Record *from, const Record *to,
                               const char *relation);
/* As many records as a verb may change beside its own. */
#define VERB_EFFECTS 180
Status verb_too_many(Ctx *cx); /* the error of it */
