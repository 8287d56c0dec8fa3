/* SPDX-License-Identifier: Apache-2.0 */
/* Private to access/: what the parts of a preview share. A preview compiles people as they are and as they
 * would be, and counts what one of the two sees and the other does not. Nothing is stored. */
#pragma once
#include "access/access_internal.h"

/* Looked at: at least the first ten people, then as many as a second and a half allow. */
enum { PREVIEW_PEOPLE = 300, PREVIEW_LEAST = 10, PREVIEW_MS = 1500, PREVIEW_SAMPLES = 3 };

typedef struct PreviewSide { /* gained or lost */
    int64_t people, records;
    bool capped;
    Id samples[PREVIEW_SAMPLES];
    size_t n_samples;
} PreviewSide;

typedef struct Preview {
    Ctx *cx;
    Meta after; /* the present catalogue with other rights */
    Id ids[PREVIEW_PEOPLE];
    const User *before_users[PREVIEW_PEOPLE], *after_users[PREVIEW_PEOPLE];
    size_t n_ids, n; /* known, looked at */
    int64_t people;
} Preview;

/* Is there time for one more, after n of them? */
bool access_preview_goes_on(int64_t began_ms, size_t n);

/* ---- access_preview_side.c */
/* "SELECT id FROM o t0 WHERE 1=1", and " AND NOT EXISTS (SELECT 1 FROM o t1 WHERE the same record", left open. */
void access_preview_from(const Object *o, Sql *q);
void access_preview_unless(const Object *o, Sql *q);
/* " AND (…)" of what u may do, or nothing where that is everything. */
CHECKED Status access_preview_condition(Ctx *cx, const User *u, const Object *o,
                                        AccessAction action, int alias, Sql *q, int *next_alias);
CHECKED Status access_preview_count(Ctx *cx, Sql *q, PreviewSide *side);
/* "people":…,"records":…,"exact":…,"samples":[…] */
CHECKED Status access_preview_write_side(Ctx *cx, const Object *o, const PreviewSide *side,
                                         Buf *out);
CHECKED Status access_preview_write_both(Ctx *cx, const Object *o, const PreviewSide *gained,
                                         const PreviewSide *lost, Buf *out);

/* ---- access_preview_form.c: ,"actions":[…],"fields":[…],"system":[…] of a role's new form */
CHECKED Status access_preview_form(Preview *p, Str role, const json_t *body, Buf *out);
