/* SPDX-License-Identifier: Apache-2.0 */
/* activity: what people do with customers. One entry, no typing twice (dictionary 1): a follow-up moves
 * the follow-up fields of what it is about and the next task; a task, call, meeting or visit that
 * is completed with a result writes the follow-up itself.
 *
 * Rules act for the system: who may write a follow-up on an account need not be able to edit it. Imports
 * are left alone, since they bring the past. */
#pragma once
#include "record/record.h"
#include "verb/verb.h"

/* Fields of a record by name; NULL and null where the organisation has none. */
const Field *activity_field(const Record *r, const char *name);
const Value *activity_get(const Record *r, const char *name);
void activity_set(Record *r, const char *name, Value v);
void activity_set_text(Record *r, const char *name, const char *word);
bool activity_is(const Record *r, const char *name, const char *code);
/* It has the code now and had not before this write. */
bool activity_becomes(const Record *r, const char *name, const char *code);

/* Sets `account` from what `about` leads to: the account itself, or the account of it. */
CHECKED Status activity_set_account(Ctx *cx, Record *r);

typedef struct ActivityResult { /* what a completed activity says */
    const char *method;         /* followup_method */
    Str html;                   /* the words, as sanitised HTML */
    Value occurred_at, contact, place, contacts, wechat_status;
} ActivityResult;
/* Writes the follow-up of the activity, unless nobody could say what it is about. */
CHECKED Status activity_follow_up(Ctx *cx, Plan *plan, const Record *activity,
                                  const ActivityResult *what);
/* Plain words as HTML in the arena. */
Str activity_html(Ctx *cx, const Value *text);

extern const RecordHooks call_hooks, followup_hooks, meeting_hooks, task_hooks, visit_hooks;
extern const RecordVerb series_verbs[]; /* series/series.c */
extern const RecordVerb visit_verbs[];  /* visit/visit_verbs.c */
extern const RecordVerb wechat_verbs[]; /* wechat/wechat.c */
