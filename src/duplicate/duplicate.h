/* SPDX-License-Identifier: Apache-2.0 */
/* duplicate: which records are like this one, pairs that wait for somebody to look at them, and making one
 * record of several.
 *
 * What is like what say the rules of duplicates of the object (Object.duplicates). Candidates come from the keys
 * of match/, their likeness from the weights of Fellegi and Sunter (analytics/linkage.h): those found in the
 * organisation's own data by the job, else usual ones. All answers know only what the asking person may see:
 * of a record that is hidden from him no more than that there is one, and what the rule admits.
 *   DuplicateHit *hits; size_t n;
 *   TRY(duplicate_find(cx, r, &hits, &n));      -- also for who brings rows from elsewhere (import) */
#pragma once
#include "analytics/linkage.h"
#include "job/job.h"
#include "match/match.h"
#include "record/record.h"

#define DUPLICATE_HITS 20

typedef struct DuplicateHit {
    const Object *object;
    Id id;
    double score;              /* 0 … 1 */
    const DuplicateRule *rule; /* the first that holds; a blocking one before others */
    uint32_t because;          /* bit i: match_fields[i] of the record in hand agree */
    bool visible;
    bool twin;   /* written by the same plan, or by the same dry run */
    int64_t row; /* of the dry run, which would have made it; id is 0 then */
} DuplicateHit;

/* Records that a rule says are like r (itself and what was said not to be the same left out), best first. Fields
 * that the person may not read are not compared: what he types cannot find out what he may not see. */
CHECKED Status duplicate_find(Ctx *cx, const Record *r, DuplicateHit **ret, size_t *ret_n);
/* ---- a dry run: what its rows would have written is found by those that follow. Its memory is bounded: beyond
 * `bytes` the oldest rows are forgotten. Ends with the arena. */
typedef struct DuplicateRehearsal DuplicateRehearsal;
DuplicateRehearsal *duplicate_rehearsal(Arena *a, size_t bytes);
size_t duplicate_rehearsal_bytes(const DuplicateRehearsal *h);
/* The row would have written r; into: it would have changed what that row made (DuplicateHit.row), else 0. */
CHECKED Status duplicate_rehearse(Ctx *cx, DuplicateRehearsal *h, const Record *r, int64_t row,
                                  int64_t into);
/* Nothing of this row and of those after it. */
void duplicate_rehearsal_back(DuplicateRehearsal *h, int64_t row);
/* duplicate_find, as if that were stored. */
CHECKED Status duplicate_find_rehearsed(Ctx *cx, DuplicateRehearsal *h, const Record *r,
                                        DuplicateHit **ret, size_t *ret_n);

/* The same by rules that block alone, for writes: ST_INVALID with a field error `duplicate` for each. Guards the plan:
 * what another writes meanwhile makes it start over; what the plan has written before is looked at too. */
CHECKED Status duplicate_check(Ctx *cx, Plan *plan, const Record *r);
bool duplicate_may_override(const Ctx *cx, const DuplicateRule *rule);
/* {"items":[{"object","id","title","score","because":["phone"],"rule","action","owner"?}],"blocked","may_override"} */
CHECKED Status duplicate_write(Ctx *cx, const Object *o, const DuplicateHit *hits, size_t n,
                               Buf *out);

/* ---- the queue */
typedef enum DuplicateStatus { DUPLICATE_OPEN, DUPLICATE_NOT, DUPLICATE_MERGED } DuplicateStatus;
/* {"items":[{"id","score","a":{"id","title"},"b":{…},"because":[…],"status"}],"next":…}: pairs both of which the person
 * sees, most alike first. */
CHECKED Status duplicate_list(Ctx *cx, const Object *o, DuplicateStatus status, Str after,
                              int limit, Buf *out);
/* With the plan that writes a: the pair waits in the queue. What was said not to be the same stays so. */
void duplicate_put(Ctx *cx, Plan *plan, const Object *o, Id a, Id b, double score,
                   uint32_t because);
/* Not the same (true), or to be looked at again. */
CHECKED Status duplicate_dismiss(Ctx *cx, Plan *plan, const Object *o, Id pair, bool not_same);
/* How many wait, counted to DUPLICATE_OPEN_MOST; those of a record that was deleted since wait for nobody. */
#define DUPLICATE_OPEN_MOST 10000
CHECKED Status duplicate_open(Ctx *cx, const Object *o, int64_t *ret);
/* {"searched_at":…,"open":n,"keys":"ready|building"} */
CHECKED Status duplicate_state(Ctx *cx, const Object *o, Buf *out);
/* The job that looks through all records, or (not `whole`) through those changed since the last time. */
CHECKED Status duplicate_search(Ctx *cx, Plan *plan, const Object *o, bool whole, Id *ret_job);

/* ---- rules tried on what is there, before they are saved: a job, with the result
 * {"records":n,"looked_at":n,"whole":bool,"rules":[{"rule","pairs":n,"samples":[{"a":"id","other":"account","b":"id",
 * "score"}]}]}: the samples that are least alike first. For who may read all records and what the rules compare. */
CHECKED Status duplicate_trial(Ctx *cx, Plan *plan, const Object *o, const json_t *rules,
                               Id *ret_job);

/* ---- keys against records (doctor); of an object whose keys are being made anyway nothing is told */
typedef struct DuplicateDrift {
    int64_t records;            /* that were looked at */
    int64_t missing, different; /* records without keys, with others */
    int64_t gone;               /* keys of records that are not there */
} DuplicateDrift;
CHECKED Status duplicate_verify(Ctx *cx, const Object *o, DuplicateDrift *ret);
/* The job duplicates.keys makes all of the object's keys again. */
void duplicate_keys_again(Plan *plan, const Object *o);

/* ---- merging: {"keep":"id","merge":["id",…],"choose":{"phone":"id"}} */
CHECKED Status duplicate_merge_preview(Ctx *cx, const Object *o, const json_t *body, Buf *out);
CHECKED Status duplicate_merge_enqueue(Ctx *cx, Plan *plan, const Object *o, const json_t *body,
                                       Id *ret_job);

extern const JobDef duplicate_jobs[]; /* ended by name == NULL */
