/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that open records to whom they name (docs/adr/0079): their rows of gx_share follow the field into the bin
 * and back. While the field is there, record/ keeps them with each write. */
#pragma once
#include "meta/object.h"

#define META_SHARES_SOURCE 4 /* ShareSource of access/share.h */
/* A field's rows bear its number, negative: rules have positive ones, shares by hand none. */
#define META_SHARES_RULE(f) (-(int64_t)(f)->number)

/* Which kind of principal (ShareKind) a link to that object names; 0: none. */
int meta_shares_kind(Str to);
void meta_shares_close(Plan *plan, const Field *f);
void meta_shares_open(Ctx *cx, Plan *plan, const Field *f);
