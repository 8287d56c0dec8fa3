/* SPDX-License-Identifier: Apache-2.0 */
/* batch: what an import, a bulk edit, a verb or an undo did together, and is taken back as one. */
#pragma once
#include "record/record.h"

/* ---- batches */
CHECKED Status batch_begin(Ctx *cx, Plan *plan, const char *kind, Str label, Id *ret_batch);
/* Records of a batch still to be undone, newest change first; fills up to n. */
typedef struct BatchItem {
    Str object;
    Id record;
    Id first;     /* the batch's first change of it */
    bool created; /* it did not exist before */
} BatchItem;
CHECKED Status batch_items(Ctx *cx, Id batch, BatchItem **ret, size_t *ret_n);
/* Records of that object which the batch made and are still known of, in that order; in `a`. */
CHECKED Status batch_made(Ctx *cx, Id batch, const Object *o, Arena *a, Id **ret, size_t *ret_n);
/* Likewise those that it made or changed, each once, in the order of their ids. */
CHECKED Status batch_wrote(Ctx *cx, Id batch, const Object *o, Arena *a, Id **ret, size_t *ret_n);
/* Adds to the plan what takes this record back to before the batch, or says why it cannot
 * (*ret_reason set: "changed_since", "has_children", "purged"). */
CHECKED Status batch_undo_record(Ctx *cx, Plan *plan, Id batch, const BatchItem *item,
                                 const char **ret_reason);
CHECKED Status batch_mark_undone(Ctx *cx, Plan *plan, Id batch, Id by_batch);
