/* SPDX-License-Identifier: Apache-2.0 */
/* Sharing rules (access_share_rule.c): records of an object that meet a condition are open to a team, a
 * department, a role … The condition reads the record's own fields, so that writing the record is all that
 * can change the answer: record/ calls access_share_follow in the same plan. Which records a rule opens
 * stands in gx_share under the rule's set; to whom and how far, in the rule alone. */
#pragma once
#include "access/share.h"

typedef struct ShareRule {
    Id id;
    Str object, condition;
    ShareKind kind;
    Id principal;
    ShareLevel level;
    Id set;
    bool filled;
    int64_t at_ms;
} ShareRule;

/* Refuses what does not stay true by itself: links, children, roll-ups, me(), today() … */
CHECKED Status access_share_rule_check(Ctx *cx, const Object *o, Str condition);
CHECKED Status access_share_rule_find(Ctx *cx, Id id, ShareRule *ret, bool *ret_found);
/* All in the order of their ids; in cx->arena. */
CHECKED Status access_share_rule_all(Ctx *cx, const ShareRule **ret, size_t *ret_n);
/* Stores it (id 0: a new one). With another condition it gets a new, empty set: *ret_old is the former, 0 if
 * the set stays. Rights change with the commit. */
CHECKED Status access_share_rule_put(Ctx *cx, Plan *plan, ShareRule *rule, Id *ret_old);
void access_share_rule_remove(Ctx *cx, Plan *plan, const ShareRule *rule);
/* What the rule opens and closes over the state before (NULL: a new one; after NULL: removed):
 * {"people","people_exact","looked_at","read":{"gained":{"people","records","exact","samples"},"lost":…},"update":…} */
CHECKED Status access_preview_rule(Ctx *cx, const Object *o, const ShareRule *before,
                                   const ShareRule *after, Buf *out);
CHECKED Status access_share_rule_write(Ctx *cx, const ShareRule *rule, Buf *out);

/* The record was written: touched are bits by field index, NULL for all. */
CHECKED Status access_share_follow(Ctx *cx, Plan *plan, const Object *o, Id record,
                                   const uint64_t *touched);
/* For the job: the next records behind `after` (changed since since_ms), *ret_last 0 at the end. */
CHECKED Status access_share_rule_fill(Ctx *cx, Plan *plan, const ShareRule *rule, const Object *o,
                                      Id after, int64_t since_ms, int64_t limit, Id *ret_last);
void access_share_rule_filled(Plan *plan, const ShareRule *rule);
/* Rows of a set that nobody refers to; false: none are left. */
CHECKED Status access_share_rule_drop(Ctx *cx, Plan *plan, Id set, bool *ret_more);

/* A field has another name: conditions of sharing rules say it. Which records they mean does not change. */
CHECKED Status access_share_rule_renamed(Ctx *cx, const MetaRename *r, Plan *plan);
