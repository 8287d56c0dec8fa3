/* SPDX-License-Identifier: Apache-2.0 */
/* The log of the catalogue: one row of {gx_meta_change} for each version, with the rows it changed.
 * Written with the change, in its plan; read by people, and to take a change back. */
#pragma once
#include "meta/meta_diff.h"
#include "meta/meta_store.h"

typedef struct MetaLogEntry {
    int64_t version, at_ms;
    Id by;
    Str cause, action, object, name;
    int64_t reverts, reverted_by; /* 0: none */
    MetaDiffs diffs;              /* of one entry only */
} MetaLogEntry;

/* [{"kind","name","before","after"}]: rows and settings that differ. */
json_t *meta_log_parts(const json_t *old_rows, const json_t *rows, const json_t *old_settings,
                       const json_t *settings);
void meta_log_write(Ctx *cx, Plan *plan, int64_t version, const MetaLogEntry *what,
                    const json_t *parts);
void meta_log_mark_reverted(Plan *plan, int64_t version, int64_t by);
/* Newest first, below `before` (0: from the newest); at most `limit`. object empty: of all. */
CHECKED Status meta_log_list(Ctx *cx, int64_t before, Str object, size_t limit, MetaLogEntry *ret,
                             size_t *ret_n);
CHECKED Status meta_log_get(Ctx *cx, int64_t version, MetaLogEntry *ret);
