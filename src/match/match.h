/* SPDX-License-Identifier: Apache-2.0 */
/* match: values made comparable, and the keys by which records that may be the same are found.
 *
 * {gx_match} holds a few numbers a record (hashes of what its fields say once made comparable), written in
 * the record's own plan. Equal keys only say "look closer": who compares is duplicate/. Which fields have
 * keys say the rules of duplicates of the object (Object.match_fields); {gx_match_state} knows for which
 * rules an object's keys were made, a job follows when they change.
 * Nothing here checks rights. Any thread. */
#pragma once
#include "db/plan.h"
#include "meta/sql.h"

#define MATCH_VERSION 1 /* of the forms and keys: another number makes all keys anew */
#define MATCH_KEYS 6    /* of one value */

/* What is compared, of one value: folded, without what says nothing. "" if nothing is left.
 * company: without province, city, 有限公司, 集团, Ltd and the like; person: without 先生, Mr; phone: in one
 * form; email: without case and +tag; code: capital letters and digits. */
Str match_text(Arena *a, MatchAs as, Str raw);
/* Of a field of several names (former_names) they stand behind each other, a line each. */
Str match_of(Arena *a, const DuplicateField *f, const Value *values);
bool match_has_several(const DuplicateField *f);
#define MATCH_SEVERAL 8 /* of them are compared */

/* Keys of a comparable value; the first is that of equality, with `fuzzy` others follow that like ones share:
 * its sound, its beginning and its end. Equal ones of different objects are equal. */
size_t match_keys(Arena *a, MatchAs as, Str comparable, bool fuzzy, int64_t ret[MATCH_KEYS]);

/* ---- parts of a record's plan */
void match_put(Ctx *cx, Plan *plan, const Object *o, Id id, const Value *old, const Value *values);
void match_drop(Plan *plan, const Object *o, Id id);
/* The keys of a record, each once, ascending. */
size_t match_record_keys(Arena *a, const Object *o, const Value *values, int64_t **ret);
/* Adds those keys (for the job, which fills). */
void match_add(Ctx *cx, Plan *plan, const Object *o, Id id, const int64_t *keys, size_t n);
/* The index by key, off while much is filled and made again behind: keys come in no order, so each would be
 * written to a page of its own. */
void match_unindex(Plan *plan);
void match_index(Plan *plan);
/* Says what keys of the object depend on; never 0. */
int64_t match_fingerprint(const Object *o);
