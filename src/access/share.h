/* SPDX-License-Identifier: Apache-2.0 */
/* Shares: records opened to others than their owner (access_share.c). The predicate of reading asks these
 * rows; whoever writes them adds to a plan:
 *   AccessShare s = {.object = o, .record = id, .kind = SHARE_TEAM, .principal = team,
 *                    .level = SHARE_READ, .source = SHARE_BY_HAND, .until_ms = SHARE_FOREVER};
 *   TRY(access_share_put(cx, plan, &s)); */
#pragma once
#include "access/access.h"

typedef enum ShareKind {
    SHARE_USER = 1,
    SHARE_TEAM,
    SHARE_DEPARTMENT,
    SHARE_ROLE,
    SHARE_EVERYONE,
    SHARE_SET /* of the records of a sharing rule: to whom says the rule (share_rule.h) */
} ShareKind;
typedef enum ShareLevel { SHARE_READ = 1, SHARE_EDIT } ShareLevel;
typedef enum ShareSource {
    SHARE_BY_HAND = 1,
    SHARE_COLLABORATOR,
    SHARE_BY_RULE,
    SHARE_BY_FIELD
} ShareSource;
#define SHARE_FOREVER INT64_MAX
typedef struct AccessShare {
    const Object *object;
    Id record;
    ShareKind kind;
    Id principal; /* 0: everyone */
    ShareLevel level;
    ShareSource source;
    Id rule;
    int64_t until_ms; /* SHARE_FOREVER */
} AccessShare;
/* Adds the share, or changes level and end of one with the same principal and source. */
CHECKED Status access_share_put(Ctx *cx, Plan *plan, const AccessShare *s);
/* Likewise, in a plan that writes the record itself. */
CHECKED Status access_share_row(Ctx *cx, Plan *plan, const AccessShare *s);
/* Takes back what was shared by hand or as collaborator with that principal (rule 0), or by a field. */
void access_share_take(Ctx *cx, Plan *plan, const AccessShare *s);
/* {"items":[{"user"|"team"|"department"|"role":{…}|"everyone":true,"level","source","rule","until","by","at"}]} */
CHECKED Status access_shares_write(Ctx *cx, const Object *o, Id record, Buf *out);
void access_share_sweep(Ctx *cx, Plan *plan); /* what has ended */

/* ---- access_share_touch.c: shares know when their record was last changed */
/* The record was changed or restored (live), or deleted. */
CHECKED Status access_share_touch(Ctx *cx, Plan *plan, const Object *o, Id record, bool live);
void access_share_touched(Sql *q, const Object *o, Id record); /* the value for a new row */
/* A piece of the rows that do not know yet; false: there are none. */
CHECKED Status access_share_fill(Ctx *cx, Plan *plan, bool *ret_more);
/* How many are wrong; the plan puts them right. */
CHECKED Status access_share_check(Ctx *cx, Plan *plan, const Object *o, int64_t *ret);

/* ---- what a role's form (checked) would open and close (access_preview.c):
 * {"people","looked_at","objects":[{"object","gained":{"people","records","exact","samples"},"lost":…}],
 * "actions":[{"object","action","gained","lost"}],"fields":[{"object","field","from","to","people",…}],
 * "system":[{"right","gained":{"people","samples"},"lost"}],"complete"} */
CHECKED Status access_preview(Ctx *cx, Str role, const json_t *body, Buf *out);

/* ---- what was looked at beyond ordinary rights (access_log.c) */
void access_log_reveal(Ctx *cx, Plan *plan, const Field *f, Id record);
/* Written in spite of a rule of duplicates: which, and why. */
void access_log_duplicate(Ctx *cx, Plan *plan, const Object *o, Id record, Str rule, Str reason);
void access_log_view_as(Ctx *cx, Plan *plan, Id subject, bool begins);
/* Rows went out as a file: of what form, by which filter. */
void access_log_export(Ctx *cx, Plan *plan, const Object *o, int64_t rows, const char *format,
                       Str filter);
/* {"items":[{"id","at","kind","object","record","field","by","subject"}],"next":…}, newest first. */
CHECKED Status access_log_write(Ctx *cx, Id before, int limit, Buf *out);
extern const char *const access_share_kinds[SHARE_EVERYONE + 1];
