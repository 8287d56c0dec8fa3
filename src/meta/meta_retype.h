/* SPDX-License-Identifier: Apache-2.0 */
/* Changing the type of a field that holds data. The field gets a second form with columns of its own
 * (f->shadow) to which every write goes as well; a job copies what is there (upkeep/retype.c); the
 * swap makes the second form the current one and keeps the first among the former ones.
 *
 * try → field of a candidate catalogue that nobody else sees, with its shadow (dry run);
 * start → adds columns, both forms are written; then swap, or abandon. */
#pragma once
#include "meta/meta.h"

/* The body asks for another type, or for what changes the columns (scale of a number). */
bool meta_retype_asked(const Field *f, const json_t *body);
/* The pair is in the matrix, the field may be changed; errors name the attribute. */
CHECKED Status meta_retype_check(Ctx *cx, const Field *f, const json_t *body);
CHECKED Status meta_retype_try(Ctx *cx, MetaStore *s, const Field *f, const json_t *body,
                               const Field **ret);
CHECKED Status meta_retype_start(Ctx *cx, MetaStore *s, const Field *f, const json_t *body, Id job,
                                 Plan *plan);
/* until: an id of now; forms are told apart by it when the past is read. */
CHECKED Status meta_retype_swap(Ctx *cx, MetaStore *s, const Field *f, Id until, Plan *plan);
CHECKED Status meta_retype_abandon(Ctx *cx, MetaStore *s, const Field *f, Plan *plan);
