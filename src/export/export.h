/* SPDX-License-Identifier: Apache-2.0 */
/* export: a list, as it is seen or whole, becomes a file: CSV, XLSX, JSON lines, SPSS, cards of persons,
 * entries of a calendar. A job that streams
 * rows in chunks, with progress and cancel; its result names the file.
 * Who exports sees in the file what the list shows him, of those records that his right to export
 * covers; fields that are hidden from him are not there. */
#pragma once
#include "file/file.h"
#include "job/job.h"
#include "query/query.h"

extern const JobDef export_jobs[]; /* ended by name == NULL: "export", "export_all" */

/* body: filter q sort fields view as_of deleted of a list, with
 *   "format":"csv|xlsx|jsonl|sav|zsav|vcard|vcard3|ics" (csv), "values":"labels|codes" (labels), "headers":"label|name" (label;
 *   codes: name), "bom":true, "guard":true, "name":"file name",
 *   "watermark":true (false): who exported and when, in every row.
 * Checks all of it, so that what is wrong is told at once, and enqueues. */
CHECKED Status export_enqueue(Ctx *cx, Plan *plan, const Object *o, const json_t *body,
                              Id *ret_job);

/* Everything that the person may export, as a ZIP archive. body: "format":"jsonl|csv" (jsonl),
 * "files":true. */
CHECKED Status export_all_enqueue(Ctx *cx, Plan *plan, const json_t *body, Id *ret_job);

/* Certain records as an archive: an entry of JSON lines an object, and the manifest with `filter`, which
 * says how they were chosen. The file stands at ret->path until the caller has handed it to file_create (and
 * removes it); `rows` of each pick is how many of its ids are in it: what its reader may export.
 *   TRY(export_pick_make(cx, job, picks, n, "cleanup", filter, &file)); */
typedef struct ExportPick {
    const Object *object;
    const Id *ids;
    size_t n;
    int64_t rows;
} ExportPick;
CHECKED Status export_pick_make(Ctx *cx, Job *job, ExportPick *picks, size_t n, const char *word,
                                Str filter, FileUpload *ret);
/* id in ("1","2"): at most 250, what the language takes of one text. */
Str export_pick_filter(Arena *a, const Id *ids, size_t n);

/* At start: half files in DIR/exports go whose job is not waiting to write them again. */
CHECKED Status export_sweep(Ctx *cx, const char *dir);
