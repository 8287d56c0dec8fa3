/* SPDX-License-Identifier: Apache-2.0 */
/* Private to views/. */
#pragma once
#include "views/views.h"

typedef struct Saved {
    Id id, owner;
    Str object;
    json_t *body; /* as checked; owned by the arena */
} Saved;

/* views.c */
CHECKED Status views_load(Ctx *cx, Str name,
                          Saved *ret); /* ST_NOT_FOUND: none that cx->user sees */
void views_write_one(Ctx *cx, const Saved *v, Str problem, Buf *out);
Status views_unknown(Ctx *cx, Str name); /* ST_NOT_FOUND */
bool views_is_mine(const Ctx *cx, const Saved *v);
ListQuery views_query(Ctx *cx, const json_t *body);

/* views_body.c: a body after creation or change, checked with the rights of cx->user. */
CHECKED Status views_check(Ctx *cx, const Object *o, const json_t *body);
