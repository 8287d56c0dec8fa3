/* SPDX-License-Identifier: Apache-2.0 */
/* Private to duplicate/: records as they are compared, weights, the jobs. */
#pragma once
#include "duplicate/duplicate.h"

typedef struct DuplicateRow { /* of a record what is compared: by match_fields of its object */
    Id id;
    int64_t version;
    Str *texts;
    const Value *values; /* by field index; only those of match_fields are read */
} DuplicateRow;

/* Rows of these ids (any order; those that are gone are missing), or, ids NULL, the next n above `after`
 * that were changed after the change `since`. */
typedef struct DuplicateWhich {
    const Id *ids;
    Id after, since;
    size_t n;
} DuplicateWhich;
CHECKED Status duplicate_rows(Ctx *cx, const Object *o, const DuplicateWhich *which,
                              DuplicateRow **ret, size_t *ret_n);
Str *duplicate_texts(Ctx *cx, const Object *o, const Value *values);

/* Other records with keys of these: ids that share most first, at most `most`. */
CHECKED Status duplicate_candidates(Ctx *cx, const Object *of, const int64_t *keys, size_t n,
                                    size_t most, Id **ret, size_t *ret_n);

/* Of how many records of a key the newest are looked at. */
#define DUPLICATE_PER_KEY 60

/* ---- duplicate_block.c */
typedef struct DuplicateWritten { /* a record that the plan in hand writes, as it will be */
    const Record *r;
    Str *texts;
    const int64_t *keys; /* ascending */
    size_t n_keys;
    struct DuplicateWritten *next;
} DuplicateWritten;

typedef struct DuplicateWrite {
    Plan *plan;
    DuplicateWritten *written;
} DuplicateWrite;

CHECKED Status duplicate_find_blocking(Ctx *cx, DuplicateWrite *write, const Record *r,
                                       DuplicateHit **ret, size_t *ret_n);
bool duplicate_share_key(const DuplicateWritten *w, const int64_t *keys, size_t n);
/* The plan fails as by a guard if the candidates of these keys are no longer as they are now. */
CHECKED Status duplicate_guard(Ctx *cx, Plan *plan, const Object *of, const int64_t *keys,
                               size_t n);
/* SELECT record …: the newest candidates of each key. */
void duplicate_sql_keys(const Object *of, const int64_t *keys, size_t n, Str joint, Sql *q);

/* ---- duplicate_rehearse.c */
bool duplicate_rehearsed(const DuplicateRehearsal *h, Id id); /* a row would have changed it */
/* row 0: a stored record as it would be */
typedef void RehearsedSeen(void *arg, const DuplicateRow *one, int64_t row, bool visible);
/* Those with one of the keys, each once. */
void duplicate_rehearsed_each(DuplicateRehearsal *h, const int64_t *keys, size_t n,
                              RehearsedSeen *seen, void *arg);

/* ---- duplicate_verify.c: the next records behind *after against their keys; *after 0: there are no more */
CHECKED Status duplicate_verify_piece(Ctx *cx, const Object *o, Id *after, DuplicateDrift *ret);

/* ---- duplicate_find.c: two records compared */
typedef struct DuplicateSide {
    const Object *object; /* whose rules are asked */
    const Str *texts;
    const LinkageModel *model;
} DuplicateSide;
/* How each of match_fields agrees with the other record; the score of the whole. Fields that the person may not read
 * say nothing. */
double duplicate_levels(Ctx *cx, const DuplicateSide *side, const Object *other,
                        const DuplicateRow *row, int levels[MATCH_FIELDS], uint32_t *ret_because);
bool duplicate_rule_holds(const Object *o, const DuplicateRule *rule, const int *levels,
                          double score);
bool duplicate_is_among(const Object *o, const DuplicateRule *rule, const Object *other);
CHECKED Status duplicate_told_apart(Ctx *cx, const Object *o, Id one, Id other, bool *ret);

/* ---- duplicate_search.c: the keys of an object in their order */
#define DUPLICATE_BLOCK_MOST 60 /* records of a key that says something */
typedef struct DuplicateKeyed {
    int64_t key;
    Id record;
} DuplicateKeyed;
/* The next ones above the key `after`, at most `most`. */
CHECKED Status duplicate_keyed(Ctx *cx, const Object *o, int64_t after, size_t most,
                               DuplicateKeyed *ret, size_t *ret_n);
/* How many of the first share its key. */
size_t duplicate_block(const DuplicateKeyed *k, size_t n);

/* duplicate_model.c */
LinkageKind duplicate_kind(MatchAs as);
/* The best of what stands in several lines (match_has_several). */
int duplicate_level(MatchAs as, Str a, Str b);
/* The organisation's own weights, else the usual ones. */
CHECKED Status duplicate_model(Ctx *cx, const Object *o, LinkageModel *ret);
void duplicate_usual(const Object *o, LinkageModel *ret);
void duplicate_model_write(const LinkageModel *model, Buf *out);
bool duplicate_model_is_sound(const LinkageModel *model);

/* The names of match_fields whose bits are set, that the person may read: ["phone","name"] */
void duplicate_because(Ctx *cx, const Object *o, uint32_t bits, Buf *out);

Status duplicate_keys_run(Ctx *cx, Job *job, Buf *result);
Status duplicate_search_run(Ctx *cx, Job *job, Buf *result);
Status duplicate_trial_run(Ctx *cx, Job *job, Buf *result);
Status duplicate_merge_run(Ctx *cx, Job *job, Buf *result);
