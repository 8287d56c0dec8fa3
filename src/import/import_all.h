/* SPDX-License-Identifier: Apache-2.0 */
/* Private to import/: an archive of export_all in hand. It is checked as a whole before anything is
 * written; its records are read twice, for their ids first, so that links may lead anywhere in it. */
#pragma once
#include "import/import_internal.h"
#include "import/zip.h"

#define ALL_MAX_FILES ((size_t)200 * 1000)       /* entries of the archive */
#define ALL_MAX_ROWS ((int64_t)20 * 1000 * 1000) /* 8 bytes each while it is read */
#define ALL_MAX_MANIFEST ((size_t)32 << 20)
#define ALL_MAX_LINE ((size_t)16 << 20)
#define ALL_ERRORS 100 /* rows told in the result */

typedef struct AllMoved { /* the record stands here under an id of its own */
    Id from, to;
} AllMoved;

typedef struct AllCounts {
    int64_t created, equal, updated, kept, failed;
    int64_t lost_links; /* links to what is neither in the archive nor here */
} AllCounts;

#define ALL_FIGURES (sizeof(AllCounts) / sizeof(int64_t))
static inline const int64_t *import_all_figures(const AllCounts *c) { return (const int64_t *)c; }

typedef struct AllPart {  /* the records of one object */
    Str name;             /* of the object */
    const Object *object; /* NULL in a dry run: the configuration would make it */
    const ZipEntry *entry;
    int64_t rows, done; /* said by the manifest; written, or found not to need it */
    VEC(Id) ids;
    VEC(AllMoved) moved;
    AllCounts counts;
} AllPart;

typedef struct ImportAll {
    Ctx *cx;
    Job *job;     /* NULL: nobody is told how far it is */
    Arena *arena; /* the job's */
    Str bytes;
    Zip zip;
    Map entries; /* name → ZipEntry * */
    const json_t *manifest;
    json_t *configuration; /* path → file; empty: there is none */
    int64_t differs;       /* what of it is not so here */
    AllPart *parts;
    size_t n_parts;
    bool dry_run;
    int64_t rows, told;        /* all; progress */
    int64_t files, lost_files; /* lost: told by records, but not in the archive */
    Buf errors;
    size_t n_errors;
} ImportAll;

/* ---- import_all_entry.c: bytes of the archive */
CHECKED Status import_all_open(ImportAll *a, Str path);
void import_all_close(ImportAll *a);
CHECKED Status import_all_broken(Ctx *cx, Str what);
CHECKED Status import_all_tell(ImportAll *a, int64_t done); /* progress of two readings */
CHECKED Status import_all_text(ImportAll *a, const ZipEntry *e, size_t max, Str *ret);
/* Size and SHA-256 (64 hexadecimal digits, in the arena). */
CHECKED Status import_all_hash(ImportAll *a, const ZipEntry *e, uint64_t *ret_bytes, Str *ret_hash);
CHECKED Status import_all_write(ImportAll *a, const ZipEntry *e, const char *path);
/* Each line with its number; cx->arena is a scratch that is emptied between lines. */
typedef Status (*AllLine)(ImportAll *a, void *arg, Str line, int64_t number);
CHECKED Status import_all_lines(ImportAll *a, const ZipEntry *e, AllLine take, void *arg);

/* ---- import_all_manifest.c: what it says holds, and everything has a place here */
CHECKED Status import_all_check(ImportAll *a);
bool import_all_is_file(const ZipEntry *e, Str *ret_hash); /* files/<sha256> */

/* ---- import_all_ids.c */
CHECKED Status import_all_scan(ImportAll *a);
AllPart *import_all_part(const ImportAll *a, const Object *o); /* NULL: none of it */
/* The id that the record has here; 0: it is nowhere. */
CHECKED Status import_all_target(const ImportAll *a, const Object *o, Id id, Id *ret);

/* ---- import_all_row.c */
/* Values of the line with their links as they are here; absent and unreadable ones are errors. */
CHECKED Status import_all_value(const ImportAll *a, const Field *f, const json_t *v,
                                AllCounts *counts, Value *ret);
bool import_all_takes(const Field *f); /* what a record of an archive brings */
/* Adds the line to the plan. */
CHECKED Status import_all_row(const ImportAll *a, const AllPart *part, Plan *plan, Str line,
                              AllCounts *counts);

/* ---- import_all_chunk.c */
CHECKED Status import_all_resume(ImportAll *a); /* where an earlier attempt stopped */
CHECKED Status import_all_rows(ImportAll *a);

/* ---- import_all.c */
CHECKED Status import_all_run(Ctx *cx, Job *job, Buf *result);
