/* SPDX-License-Identifier: Apache-2.0 */
/* export, private parts. A writer gets the columns once and rows in chunks; it writes to an ExportFile
 * (CSV, JSON lines) or to a path of its own (XLSX). */
#pragma once
#include "export/export.h"
#include "export/zip_writer.h"
#include "file/file.h"

typedef enum ExportFormat {
    EXPORT_CSV,
    EXPORT_XLSX,
    EXPORT_JSONL,
    EXPORT_SAV,
    EXPORT_ZSAV,
    EXPORT_VCARD,
    EXPORT_VCARD3,
    EXPORT_ICS
} ExportFormat;

typedef struct ExportOptions {
    ExportFormat format;
    bool codes;        /* values as the system keeps them, not as people read them */
    bool name_headers; /* headers are names of fields */
    bool bom, guard;   /* CSV */
    bool watermark;    /* who and when, as a column of every row */
    Str name;          /* of the file, without ending */
    const json_t *group, *sums, *group_sort; /* NULL: none */
    ListQuery list;
} ExportOptions;
/* What is wrong is a field error on its key. */
CHECKED Status export_options_read(Ctx *cx, const json_t *body, ExportOptions *ret);

typedef struct ExportGroups ExportGroups;
typedef struct Export {
    Ctx *cx;
    const Object *object;
    ExportOptions options;
    QueryRows *rows;
    const QueryColumn *columns;
    size_t n_columns;
    int64_t done, truncated; /* rows; cells that a format has no room for */
    int64_t before, all;     /* progress is told from and of, where there are several */
    int64_t skipped;         /* rows that are no entry of a calendar */
    size_t n_levels;         /* of groups; each has a column in front */
    ExportGroups *groups;    /* once rows come */
} Export;

/* ---- export.c: opened by the body of a request; written to a path by the writer of its format */
CHECKED Status export_open(Ctx *cx, const Object *o, const json_t *body, Export *ret);
CHECKED Status export_write(Export *x, Job *job, const char *path);
CHECKED Status export_path(Ctx *cx, Id job, Str *ret); /* DIR/exports/<job>; the folder is there */
CHECKED Status export_all_run(Ctx *cx, Job *job, Buf *result); /* export_all.c */

/* ---- export_archive.c: a ZIP archive of records, and the manifest of what is in it */
#define EXPORT_MANIFEST ((size_t)16 * 1024 * 1024)

typedef struct ExportArchive {
    Ctx *cx;
    Job *job;
    ZipWriter zip;
    Buf manifest; /* its entries */
    char *path, *part;
    json_t *body; /* of each object's export */
    bool csv, with_files;
    int64_t rows, total, files, file_bytes, objects, lost;
    Str filter; /* of an archive of certain records: which */
    FileUpload file;
    Id id;
} ExportArchive;
/* An entry as the manifest lists it; rows < 0: it has none. */
void export_archive_note(ExportArchive *a, const char *kind, Str object, Str name, int64_t rows,
                         const ZipEntry *e);
CHECKED Status export_archive_manifest(ExportArchive *a);
/* {"rows","objects","files","lost_files","truncated","file":{"id","name","size","type","url"}} */
void export_archive_result(const ExportArchive *a, Buf *out);

/* ---- export_cell.c: one value as text */
/* What stands in the cell of column c; null is nothing. */
void export_cell_text(const Export *x, const QueryColumn *c, const Value *v, Buf *out);
Str export_cell_header(const Export *x, const QueryColumn *c);
/* Who exported, and when in his zone: 张三 · 2026-03-01 10:00. */
Str export_watermark(const Export *x);
Str export_mark_header(const Export *x);

/* ---- export_file.c: a growing file, its hash; what was left half written */
typedef struct ExportFile ExportFile;
CHECKED Status export_file_open(Ctx *cx, const char *path, ExportFile **ret);
/* Writes what the buffer holds and empties it. */
CHECKED Status export_file_add(Ctx *cx, ExportFile *f, Buf *text);
/* Size and hash of what stands at file->path. */
CHECKED Status export_file_hash(Ctx *cx, FileUpload *file);
void export_file_close(ExportFile *f);

/* ---- formats */
/* A line of a group between its rows: its name above them, sums below them, the total at the end. */
typedef struct ExportLine {
    bool total;
    size_t level; /* the column in front that holds the label */
    Str label;    /* for people: with the count, or that it is a sum */
    Str name;     /* of the group alone */
    int64_t rows;
    const QuerySum *sums; /* NULL: the line above its rows */
    size_t n_sums;
} ExportLine;

typedef struct ExportWriter {
    Status (*begin)(Export *x, const char *path, void **ret);
    Status (*rows)(Export *x, void *state, const Value *rows, size_t n);
    Status (*line)(Export *x, void *state, const ExportLine *line); /* NULL: no groups */
    Status (*end)(Export *x, void *state);                          /* the file is complete */
    void (*close)(void *state);    /* after end, or instead of it */
    bool (*fits)(const Object *o); /* NULL: every object */
    const char *ending, *type;
} ExportWriter;
/* ---- export_groups.c: a list in groups */
CHECKED Status export_groups_open(Export *x, const ExportWriter *w);
Str export_groups_header(const Export *x, size_t level);
CHECKED Status export_groups_rows(Export *x, const ExportWriter *w, void *state, const Value *rows,
                                  size_t n);
CHECKED Status export_groups_end(Export *x, const ExportWriter *w, void *state);
const QuerySum *export_groups_sum(const ExportLine *line, Str column); /* NULL: none */

extern const ExportWriter export_csv, export_xlsx, export_jsonl, export_sav, export_zsav,
    export_vcard, export_calendar;
