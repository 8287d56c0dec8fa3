/* SPDX-License-Identifier: Apache-2.0 */
/* file: uploaded files. The bytes lie in DIR/files/ab/cd/<sha256>, once however often they were
 * uploaded; the record (object `file`) carries name, type and size. Bytes come first (written, synced,
 * named), the row after: a crash in between leaves bytes that nobody knows, which the sweep removes.
 * Who may read a file is told by record_may_read_file.
 *   FileUpload up = {.path = part->path, .name = part->name, …};
 *   TRY(file_create(cx, plan, &up, NULL, &record)); */
#pragma once
#include "job/job.h"
#include "record/record.h"

typedef struct FileUpload {
    const char *path; /* a file on the same disk, to be kept by a second name */
    Str name, type;   /* as the client says */
    uint64_t size;
    const uint8_t *sha256;
    bool ours; /* the server wrote it: it may be empty, and is what `type` says */
} FileUpload;

/* Keeps the bytes and adds the record to the plan. `fields`: about, folder, description … (NULL:
 * none). An empty file, a type that the bytes deny and a wrong field are field errors. */
CHECKED Status file_create(Ctx *cx, Plan *plan, const FileUpload *up, const json_t *fields,
                           Record **ret);

/* ---- the store */
Str file_store_path(Arena *a, const char *dir, Str hash); /* hash: 64 hexadecimal digits */
/* Syncs the file and gives it its place; it may be there already. May run again. */
CHECKED Status file_store_keep(Ctx *cx, const char *dir, const char *path, Str hash);

/* ---- what is told of bytes and names */
/* The media type by the first bytes; STR_NULL where they tell nothing. */
Str file_type_of_bytes(Str head);
/* What is stored: by the bytes where they tell, else as declared. STR_NULL: they deny it. */
Str file_type_check(Arena *a, Str head, Str declared);
bool file_type_inline(Str type); /* a browser may show it in our origin */
/* The last part of a path, without control and direction marks, at most 255 characters; never empty. */
Str file_name_clean(Arena *a, Str name);

/* ---- doctor: records whose bytes are not there or not as many, with the ids of the first of them; bytes
 * older than FILE_STRAY_HOURS that neither a record nor an upload in hand knows. */
#define FILE_STRAY_HOURS 1
typedef struct FileReport {
    int64_t lost, strays;
    Buf ids;
} FileReport;
CHECKED Status file_verify(Ctx *cx, FileReport *ret);
CHECKED Status file_content_known(Ctx *cx, Str hash, bool *ret); /* file_sweep.c */

/* Jobs: files that nothing refers to a day after their upload go, and so do bytes without record. */
extern const JobDef file_jobs[];
