/* SPDX-License-Identifier: Apache-2.0 */
/* Private to import/: what an import tells (report.c). */
#pragma once
#include "import/import_internal.h"

Status report_open(Ctx *cx, Import *im);
void report_close(Import *im);
/* Counts a row and adds its issues to the side files' texts. */
typedef struct Report {
    Buf failed, lines;
} Report;
Report report_begin(Ctx *cx);
void report_row(Ctx *cx, const Import *im, Report *r, ImportCounts *c, const ImportRow *row,
                Outcome outcome, const Issues *issues);
void report_issue(Report *r, ImportCounts *c, int64_t row, const Issue *issue);
/* Writes the texts behind what the last checkpoint knew. */
Status report_write(Ctx *cx, const Import *im, const Report *r, ImportCounts *c);
void report_checkpoint(const Import *im, const ImportCounts *c, const LateLinks *more, Buf *out);
Status report_resume(Ctx *cx, Import *im, Str checkpoint);
typedef struct ReportFiles {
    Str csv, workbook;
} ReportFiles;
Status report_result(Ctx *cx, Import *im, const ReportFiles *files, Buf *out);
/* Links the failed rows into DIR/files, as CSV and as a workbook, and adds their rows to the plan; the URLs,
 * or empty. */
Status report_publish(Ctx *cx, Import *im, Plan *plan, ReportFiles *ret);
/* report_workbook.c; *ret_fits is false if a sheet cannot hold the rows as they are. */
Status report_workbook(Ctx *cx, const Import *im, const char *path, bool *ret_fits);
/* report_sample.c: the first rows of a dry run with what would change. */
Status report_sample(Ctx *cx, Import *im, const ImportRow *row, Outcome outcome, const Record *r);
