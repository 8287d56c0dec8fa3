/* SPDX-License-Identifier: Apache-2.0 */
/* merge: one record of several, as part of a batch. */
#pragma once
#include "record/record.h"

/* What points at the others points at keep, they go to the recycle bin, their ids lead to it; keep is written with
 * what was set before. Asks the rights to update it and to delete them. Part of cx->batch, whose undo takes it all
 * back (record_merge.c). */
CHECKED Status record_merge(Ctx *cx, Plan *plan, Record *keep, Record **lose, size_t n,
                            int64_t *ret_moved);
/* The record that this one became part of; 0: none. */
CHECKED Status record_merged_into(Ctx *cx, const Object *o, Id id, Id *ret);
/* The records that became part of this one, by way of others too: at most `most`, those of the last merge first. */
CHECKED Status record_merged_from(Ctx *cx, const Object *o, Id id, size_t most, Id *ret,
                                  size_t *ret_n);
CHECKED Status record_merge_undo(Ctx *cx, Plan *plan,
                                 Id batch); /* what is no record's, for batch.c */
