/* SPDX-License-Identifier: Apache-2.0 */
/* Private to bulk/: what is asked for, one record of it, and what came of it. */
#pragma once
#include "base/id.h"
#include "bulk/bulk.h"
#include "verb/verb.h"

#define BULK_IDS 10000 /* of one body */
#define BULK_CHUNK 100 /* records a plan: others get their turn between two */
#define BULK_TOLD 100  /* refusals in the result */

typedef enum BulkVerb { BULK_SET, BULK_DELETE, BULK_RESTORE, BULK_TRANSFER, BULK_ACTION } BulkVerb;

typedef struct Bulk {
    const Object *object;
    BulkVerb verb;
    bool by_filter;
    Str filter;
    Id *ids;           /* ascending */
    int64_t *versions; /* of each id the version that is meant; NULL: whichever */
    size_t n_ids;
    const json_t *set;
    Id to, to_department; /* transfer */
    const ObjectVerb *action;
    const json_t *params; /* of the action; NULL: none */
} Bulk;

typedef enum BulkOutcome { BULK_CHANGED, BULK_SAME, BULK_REFUSED } BulkOutcome;

/* bulk_parse.c */
CHECKED Status bulk_parse(Ctx *cx, const Object *o, const json_t *body, Bulk *ret);
Str bulk_verb_name(const Bulk *b);

/* bulk_one.c */
/* Adds what the record becomes to the plan. ST_OK with BULK_SAME adds nothing. *ret_record (may be
 * NULL) is the record as it will be, for samples. */
CHECKED Status bulk_one(Ctx *cx, Plan *plan, const Bulk *b, Id id, BulkOutcome *ret,
                        Record **ret_record);
bool bulk_is_records_own(Status st); /* a refusal of this record, not of the whole */
/* The next ids after `after`, at most n; up to `until` where a filter says which. */
CHECKED Status bulk_page(Ctx *cx, const Bulk *b, Id after, Id until, size_t n, Id *ret,
                         size_t *ret_n);
CHECKED Status bulk_total(Ctx *cx, const Bulk *b, int64_t most, int64_t *ret);

/* bulk_rollup.c */
Status bulk_rollup_run(Ctx *cx, Job *job, Buf *result);

/* bulk_job.c */
Status bulk_run(Ctx *cx, Job *job, Buf *result);
