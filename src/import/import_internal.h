/* SPDX-License-Identifier: Apache-2.0 */
/* Private to import/: one import in hand. Everything that outlives a chunk lies in Import.arena. */
#pragma once
#include "import/csv.h"
#include "import/import.h"

#define CHUNK_ROWS 200                /* of one plan while others write */
#define CHUNK_ROWS_MAX 500            /* while nobody does */
#define CHUNK_BYTES ((size_t)1 << 20) /* of their cells: long rows make a chunk short */
#define MAX_KEYS 4
#define MAX_UNIQUE 16
#define LISTED 1000 /* errors, and warnings, told in the result; the error file has them all */

/* ---- links: text of a file → record */
typedef struct LinkTable {
    const Object *to;
    const Field *match;              /* the field named in the mapping; NULL: code, unique, title */
    const Field *fields[MAX_UNIQUE]; /* texts that are compared, first ones first */
    size_t n_fields;
    Arena *arena;
    bool complete;  /* every record is in .hits */
    Map hits;       /* parent and folded text → LinkHit */
    Map failures;   /* text → Str *: why it could not be created */
    Map nearest;    /* text → Str *: what was found to suggest */
    VEC(Str) names; /* for suggestions */
    struct LinkTable *next;
} LinkTable;
typedef enum LinkFound { LINK_NONE, LINK_ONE, LINK_MANY } LinkFound;

/* ---- the plan of an import */
typedef struct ImportColumn {
    Str header;
    size_t index; /* of the cell */
    const Field *field;
    const json_t *values; /* text of the file → text to read, or NULL */
    LinkTable *links;     /* link, links */
    const Field *sibling; /* our link to the parent of a coded line (stage → pipeline) */
    bool create_missing;
} ImportColumn;

typedef struct ImportSet { /* a value that does not come from one column */
    const Field *field;
    Str template; /* empty: a constant */
    Value value;
    bool only_new; /* a default: existing records keep theirs */
} ImportSet;

typedef enum ImportMode { IMPORT_CREATE, IMPORT_UPDATE, IMPORT_UPSERT } ImportMode;
typedef enum Duplicates { DUP_REPORT, DUP_SKIP, DUP_UPDATE, DUP_CREATE } Duplicates;

/* Rows that look like a record: made anyway, failed, skipped, it is updated, or made and the pair waits. */
typedef enum Similar {
    SIMILAR_IGNORE,
    SIMILAR_REPORT,
    SIMILAR_SKIP,
    SIMILAR_UPDATE,
    SIMILAR_REVIEW
} Similar;

typedef struct ImportCounts { /* what a checkpoint holds */
    int64_t read, created, updated, skipped, failed, warnings;
    int64_t listed_errors, listed_warnings;
    int64_t failed_bytes, report_bytes; /* of the two side files */
    int64_t links_done;                 /* late links settled */
    int64_t similar;                    /* rows that look like a record that is there */
    int64_t settled;                    /* records whose consequences were drawn (settle.c) */
} ImportCounts;

typedef struct LateLink { /* to a record of the same file, perhaps further down */
    int64_t row;
    Id record;
    size_t column;
    Str text;
} LateLink;
typedef VEC(LateLink) LateLinks;

typedef struct Import {
    Arena *arena;
    const Object *object;
    Str path, file_name;
    CsvReader *csv;
    int header_row; /* 1 unless said otherwise; 0: no row names the columns */
    Str *headers;
    size_t n_headers;
    ImportColumn *columns;
    size_t n_columns;
    ImportSet *sets;
    size_t n_sets;
    ImportMode mode;
    Duplicates duplicates;
    Similar similar;
    struct DuplicateRehearsal *rehearsal; /* of a dry run that looks for what is alike; else NULL */
    const Field *keys[MAX_KEYS];
    size_t n_keys;
    const Field *uniques[MAX_UNIQUE]; /* mapped ones, looked up when creating */
    size_t n_uniques;
    const Field **recommended;
    size_t n_recommended;
    TextForm form;
    bool dry_run;
    LinkTable *tables;
    LateLinks late;
    ImportCounts counts;
    int64_t total;
    int failed_fd, report_fd;
    Buf samples;    /* of a dry run: what would be written, as JSON */
    size_t sampled; /* rows in it */
} Import;

/* ---- rows */
typedef struct Issue {
    Str column, message, suggestion;
    const char *code;
    bool warning;
} Issue;
typedef VEC(Issue) Issues;

typedef enum Outcome { ROW_FAILED, ROW_CREATED, ROW_UPDATED, ROW_SKIPPED } Outcome;

typedef struct ImportRow {
    CsvRow csv;
    Id existing;      /* found by key or by a unique field; 0: none */
    bool many;        /* several records have the key */
    bool is_similar;  /* looks like another record */
    bool is_merged;   /* of a dry run: would change the record of an earlier row */
    Str duplicate_of; /* header of the unique column by which it was found */
    Issues forced;    /* the database refused it: it fails with these */
} ImportRow;

typedef struct Chunk {
    Import *import;
    ImportRow *rows;
    size_t n;
    bool alone; /* one row in a plan of its own */
    bool split; /* a row failed when half of it was in the plan: one by one, please */
    Arena *rows_arena;
    bool follows; /* names a key of the chunk before, whose rows it must see */
    ImportCounts before, after;
    Map keys;       /* of duplicates, of the records it makes; ids of records it updates by them */
    LateLinks late; /* of this chunk */
    Record **records; /* by row: created or updated; NULL if not */
} Chunk;

/* import_options.c: checks the options against object and file; all errors are field errors. */
Status import_compile(Ctx *cx, Import *im, const json_t *options);
/* Whether this user may fill the field by an import; history needs its right. */
bool import_may_set(Ctx *cx, const Field *f);
Status import_check_names(Ctx *cx, const json_t *options); /* of the options */

/* import_source.c: opens the file and reads the names of its columns; head as in CsvHow. */
Status import_open(Ctx *cx, const Object *o, Str path, const json_t *options, int64_t head,
                   Import *im);
/* Rows of data, counted from 1. */
Status import_next(Ctx *cx, Import *im, Arena *a, CsvRow *ret, bool *ret_found);
/* To the first row of data. */
Status import_rewind(Ctx *cx, Import *im, Arena *a);

/* import_guess.c: the field or part of one that each column means by its name or its values (rows:
 * samples), as a mapping has it; null if none. */
Status import_guess(Ctx *cx, const Import *im, const CsvRow *rows, size_t n, Str *ret);

/* ready.c: seed/import. Names folded, without blanks and signs; words: such a name → Str *, a path. */
Str ready_normal(Arena *a, Str text);
Status ready_words(Ctx *cx, const Object *o, Map *words);
/* [{"name","label","columns":how many of the file it knows,"options":{…}}] of each system that has the object. */
Status ready_write(Ctx *cx, const Import *im, Buf *out);

/* links.c */
Status links_table(Ctx *cx, Import *im, const Object *to, const Field *match, LinkTable **ret);
Status links_find(Ctx *cx, LinkTable *t, Id parent, Str text, LinkFound *ret_found, Id *ret);
void links_add(LinkTable *t, Id parent, Str text, Id id);
Str links_nearest(Ctx *cx, LinkTable *t, Str text);

/* refs.c: cells that name records or files. */
bool refs_take(const Field *f);
Status refs_set(Ctx *cx, Chunk *chunk, const ImportColumn *c, Str text, Record *r, int64_t row);
/* A text (a template's) as the field's value, with the checks of a body where it names something. */
Status refs_text(Ctx *cx, Import *im, const Field *f, Str text, Value *ret);

/* missing.c: creates the records that a chunk's links name and that do not exist. */
Status missing_create(Ctx *cx, Job *job, Import *im, const ImportRow *rows, size_t n);
Status missing_create_late(Ctx *cx, Job *job, Import *im, size_t from, size_t n);
Str import_slug(Arena *a, Str text);

const ImportColumn *import_column_of(const Import *im, const Field *f);

/* row.c */
Str row_text(const ImportColumn *c, const ImportRow *row); /* trimmed, through the value map */
Id row_parent(const ImportColumn *c, const Record *r);
/* Adds the row to the plan; *ret_record stays NULL unless it is created or updated. */
Status row_apply(Ctx *cx, Chunk *chunk, size_t i, Plan *plan, Outcome *ret, Issues *issues);
void row_issues_of_error(Ctx *cx, const Import *im, Arena *a, Issues *issues);

/* settle.c */
Status settle_run(Ctx *cx, Job *job, Import *im);

/* import_rows.c (all rows of the file), import_job.c, batch_undo.c */
Status import_rows(Ctx *cx, Job *job, Import *im);
Status import_run(Ctx *cx, Job *job, Buf *result);
Status batch_undo_run(Ctx *cx, Job *job, Buf *result);
