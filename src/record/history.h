/* SPDX-License-Identifier: Apache-2.0 */
/* history: one version of a record's history alone; the pages of it: record_history in record.h. */
#pragma once
#include "record/record.h"

/* In the form of record_history (others of the same change may come along): a version of the record `id`, or of one that
 * became part of it. *ret_found: whether `of` has such a version. */
CHECKED Status record_history_version(Ctx *cx, const Object *o, Id id, Id of, int64_t version,
                                      Buf *out, bool *ret_found);
