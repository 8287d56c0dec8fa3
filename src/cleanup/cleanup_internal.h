/* SPDX-License-Identifier: Apache-2.0 */
/* Private to cleanup/. */
#pragma once
#include "cleanup/cleanup.h"

typedef struct Cleanup {
    const Object *object;
    Str rule, filter; /* filter: the whole condition */
    int64_t months;
} Cleanup;

/* ---- cleanup_rule.c */
bool cleanup_may(const Ctx *cx, const Object *o);
CHECKED Status cleanup_parse(Ctx *cx, const json_t *body, Cleanup *ret);
/* {"rule","months","filter"} of each rule that fits the object, with commas. */
void cleanup_write_rules(Ctx *cx, const Object *o, Buf *out);

/* ---- cleanup_sift.c */
/* Keeps those that can be deleted, and their versions (may be NULL). job: tells how far; may be NULL. */
CHECKED Status cleanup_sift(Ctx *cx, const Object *o, Id *ids, int64_t *versions, size_t *n,
                            Job *job);

/* ---- cleanup_reach.c: what a delete takes along by cascading links */
#define CLEANUP_WITH 100000

typedef struct ReachSet {
    const Object *object;
    VEC(Id) ids;
    int64_t kept; /* as the archive could hold them */
} ReachSet;
typedef VEC(ReachSet) Reach;
/* Sets by object, in the order in which they were met; the records themselves are not among them. */
CHECKED Status cleanup_reach(Ctx *cx, const Object *o, const Id *ids, size_t n, Reach *ret);
/* Sets kept: how many of each the person may export. */
CHECKED Status cleanup_reach_kept(Ctx *cx, Reach *reach);
/* [{"object","records","kept"}] */
void cleanup_reach_write(const Reach *reach, Buf *out);

/* ---- cleanup_job.c */
CHECKED Status cleanup_run(Ctx *cx, Job *job, Buf *result);
