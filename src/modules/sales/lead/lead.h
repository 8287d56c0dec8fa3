/* SPDX-License-Identifier: Apache-2.0 */
/* lead: somebody who may become a customer, not yet checked. Its status follows its owner (assigned, back
 * to unassigned), its follow-ups (working: activity/followup) and its verbs: close, reopen, convert.
 * assign, claim and return are those of everything pooled (customer/pool). */
#pragma once
#include "verb/verb.h"

extern const RecordHooks lead_hooks;

typedef struct LeadTargets { /* what a lead becomes; 0: not made */
    Record *account, *contact, *opportunity;
    Id account_id, contact_id;
    bool new_account, new_contact, person;
} LeadTargets;

CHECKED Status lead_convert(Ctx *cx, Plan *plan, VerbCall *c); /* lead_convert.c */
/* Accounts that the lead may be already, as hints of a dry run (lead_hints.c). */
CHECKED Status lead_hints(Ctx *cx, VerbCall *c);
/* What hangs on the lead goes along (lead_move.c): activities and memberships are moved, files linked. */
CHECKED Status lead_move(Ctx *cx, Plan *plan, const Record *lead, const LeadTargets *t);
