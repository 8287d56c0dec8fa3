/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration as text: every object, its layouts and views, choice lists and rights of roles as
 * files by name, in the forms of CONTRACT 2. What is exported and applied to another organisation and
 * exported again is the same. */
#pragma once
#include "meta/meta.h"
#include "meta/meta_diff.h"

/* {"objects/account.object.json": {…}, "layouts/…", "lists/…", "access/…"}; a new reference. */
json_t *meta_export(Ctx *cx, const Meta *m);

typedef struct MetaApply {
    const json_t *files;
    bool allow_drop; /* what a file leaves out goes: attributes, and fields that were made here */
    bool dry_run;    /* only tells what would change */
} MetaApply;
/* One change of the catalogue for all files; ret_diff: what it makes different in the export. Where
 * nothing differs the plan stays empty. */
CHECKED Status meta_apply(Ctx *cx, MetaStore *s, const MetaApply *how, Plan *plan,
                          MetaDiffs *ret_diff);
