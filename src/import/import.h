/* SPDX-License-Identifier: Apache-2.0 */
/* import: rows of a file become records, as a job in chunks of 200 that can be undone as one batch.
 * Reads CSV/TSV (RFC 4180, any encoding uchardet or the caller names; BOM; GB18030, Big5, UTF-16).
 * Options: CONTRACT 4. Every row read is counted in exactly one of created, updated, skipped,
 * failed; warnings keep the row. Failed rows go to an error file with the reason as last columns,
 * which can be corrected and sent again. */
#pragma once
#include "job/job.h"
#include "record/record.h"

extern const JobDef import_jobs[]; /* ended by name == NULL: "import" */

/* Checks options against the object (unknown fields, columns …) and enqueues. path: uploaded file,
 * moved into place by the caller (DIR/imports/…). */
CHECKED Status import_enqueue(Ctx *cx, Plan *plan, const Object *o, Str path, Str file_name,
                              const json_t *options, Id *ret_job);
/* Columns, a sample and a guessed mapping of a file: {"encoding","separator","columns":[{"name","field","samples":[]}]} */
CHECKED Status import_preview(Ctx *cx, const Object *o, Str path, const json_t *options, Buf *out);
