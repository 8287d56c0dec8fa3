/* SPDX-License-Identifier: Apache-2.0 */
/* import: rows of a file become records, as a job in chunks of 200 that can be undone as one batch.
 * Reads CSV/TSV (RFC 4180, any encoding recognised or named; BOM; GB18030, Big5, UTF-16), workbooks
 * (.xlsx) and JSON lines.
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
/* Everything of an archive (export_all), as one batch: the configuration, then records by their ids, then
 * files. options: {"dry_run"}. Administrators only; what stands in the archive is checked by the job. */
CHECKED Status import_all_enqueue(Ctx *cx, Plan *plan, Str path, Str file_name,
                                  const json_t *options, Id *ret_job);
/* {"format","encoding","separator","header_row","sheet","sheets":[],"columns":[{"name","field","samples":[]}],
 *  "rows":[[]],"ready":[{"name","label","columns","options"}]}: import_preview.c, ready.c */
CHECKED Status import_preview(Ctx *cx, const Object *o, Str path, const json_t *options, Buf *out);

/* Uploads in DIR/imports that no import can read any more, last written before then. */
CHECKED Status import_sweep(Ctx *cx, const char *dir, int64_t before_ms, int64_t *ret_n);

/* ---- saved mappings (import_mapping.c) and past imports (import_list.c) */
#define IMPORT_MAPPING_BYTES ((size_t)256 * 1024)
/* {"items":[{"id","name","shared","mine","options"}]}: one's own and shared ones. */
CHECKED Status import_mappings(Ctx *cx, const Object *o, Buf *out);
/* {"name","shared","options"}; one's own of that name is replaced. Writes it to out. */
CHECKED Status import_mapping_save(Ctx *cx, Plan *plan, const Object *o, const json_t *body,
                                   Buf *out);
/* With the plan that renames a field. */
CHECKED Status import_mappings_renamed(Ctx *cx, const MetaRename *r, Plan *plan);
/* One's own, or a shared one for who may customise. */
CHECKED Status import_mapping_drop(Ctx *cx, Plan *plan, const Object *o, Id id);
/* One's own imports of the object, newest first, those older than `before` (0: all):
 * {"items":[{"id","status","dry_run","undone","file","progress","at","batch", figures…}],"next"} */
CHECKED Status import_list(Ctx *cx, const Object *o, Id before, int limit, Buf *out);
