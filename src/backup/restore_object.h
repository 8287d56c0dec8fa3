/* SPDX-License-Identifier: Apache-2.0 */
/* restore_object: the records of one object out of a backup, into the organisation as it stands.
 *
 * The tables of the object and of its lines are brought back beside the organisation, together with the
 * catalogue of then, which says what the columns mean. Records that are missing here come back under their
 * ids; those that differ stay, or are set back. Everything is one batch, which can be taken back. Fields are
 * found by their keys, so renamed ones come along; what has another type now is told and left. No rules,
 * rights or hooks: it was so. */
#pragma once
#include "backup/backup.h"
#include "record/record.h"

enum { OBJECT_PARTS = 8, OBJECT_SAMPLES = 20, OBJECT_ERRORS = 50 };

typedef struct ObjectCounts {
    int64_t records, missing, changed, equal, failed;
    int64_t newer;                                /* here, and not in the backup */
    int64_t lost_links, lost_files, lost_secrets; /* that lead to, or are, nothing any more */
    int64_t found;                                /* of the backup's records: here */
} ObjectCounts;

typedef struct ObjectField {
    const Field *now, *then;
} ObjectField;
typedef struct ObjectPart { /* the object, or what its lines are */
    const Object *now, *then;
    VEC(ObjectField) fields;
    VEC(const Field *) left; /* of now, whose values of then cannot be read as what they are now */
    ObjectCounts counts;
} ObjectPart;

typedef struct ObjectHost {
    FillHost fill; /* its progress is the job's */
    /* The catalogue of a place whose encrypted fields the key of that fingerprint opens. */
    Status (*open)(Ctx *cx, void *arg, DbPool *pool, Str vault_key, MetaStore **ret);
} ObjectHost;

typedef struct ObjectBack {
    const char *dir, *key_file, *data; /* folder of backups; the key; DIR of DIR/files */
    Str id, object;
    DbConfig scratch;
    bool set_back, dry_run;
    ObjectHost host;
} ObjectBack;

/* Job: begins the batch with its first chunk. Result: counts, samples, what is told. */
CHECKED Status restore_object(Ctx *cx, Job *job, const ObjectBack *what, Buf *result);

/* ---- restore_object_row.c */
typedef struct ObjectRun {
    const ObjectBack *what;
    Job *job;
    SealKey *key;
    Str vault_key; /* fingerprint of the key of encrypted fields then */
    DbPool *pool;  /* of the place beside */
    Ctx then;      /* reads it */
    ObjectPart parts[OBJECT_PARTS];
    size_t n_parts;
    Buf samples, errors;
    size_t n_samples, n_errors;
    int64_t done, total;
} ObjectRun;
void restore_object_fields(Ctx *cx, ObjectPart *part);
/* Adds what the record needs to the plan; counts it. */
CHECKED Status restore_object_row(Ctx *cx, ObjectRun *run, const ObjectPart *part, Id id,
                                  Plan *plan, ObjectCounts *counts);
void restore_object_error(Ctx *cx, ObjectRun *run, const ObjectPart *part, Id id);
