/* SPDX-License-Identifier: Apache-2.0 */
/* views: lists as people saved them: filter, sort, columns, kind; for themselves or shared with named
 * people, roles or all. Views of the catalogue (meta/) belong to the organisation's configuration;
 * these belong to a person, change without a new catalogue version, and are called v<id>.
 *
 * A view gives no rights: its reader sees with his own. One that he cannot use (it names a field that
 * is hidden from him) is not there for him; to its owner it says what is wrong with it.
 * Functions that write add to the plan and may run again. Any thread, one Ctx each. */
#pragma once
#include "access/access.h"

enum {
    VIEWS_MAX = 200,       /* of one person */
    VIEWS_MAX_BODY = 65536 /* bytes */
};

/* {"items":[…],"pins":[…]}: what cx->user saved and what is shared with him; of one object or of all. */
CHECKED Status views_write(Ctx *cx, const Object *only, Buf *out);
/* {"object","label","kind","filter","sort","columns","group","shared_with"} → a view; writes it to out. */
CHECKED Status views_create(Ctx *cx, const json_t *body, Plan *plan, Buf *out, Str *ret_name);
/* A merge patch; the owner's, or of a shared one who may manage views. */
CHECKED Status views_change(Ctx *cx, Str name, const json_t *body, Plan *plan, Buf *out);
CHECKED Status views_delete(Ctx *cx, Str name, Plan *plan);

/* Pinned views stand as tabs; a person's list of an object opens with the one that is home. Views of
 * the catalogue may be pinned as well. {"home":true} or {} */
CHECKED Status views_pin(Ctx *cx, const Object *o, Str name, const json_t *body, Plan *plan);
CHECKED Status views_unpin(Ctx *cx, const Object *o, Str name, Plan *plan);

/* Puts the saved view that q->view names into q; a view of the catalogue is left to query/. */
CHECKED Status views_resolve(Ctx *cx, const Object *o, ListQuery *q);

/* A field has another name: every saved view of its object that names it says the new one. */
CHECKED Status views_renamed(Ctx *cx, const MetaRename *r, Plan *plan);
