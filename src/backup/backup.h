/* SPDX-License-Identifier: Apache-2.0 */
/* backup: the organisation on another disk, checked by bringing it back.
 *
 * A folder of backups:
 *   files/ab/cd/<sha256>   contents of files, sealed, once for all backups
 *   <id>/data              tables and the list of files, sealed (archive.h)
 *   <id>/files             the list again in clear, so that what nobody needs can go without a key
 *   <id>/manifest.json     what it is, counts and hashes by table, and how its check ended
 *   <id>.partial           one under way, or cut off: the next run removes it
 * Names of files are the hashes of their contents: who reads the folder can tell whether a file that he has
 * himself is in it, and nothing else.
 *
 * The key of encrypted fields (DIR/key) is in no backup; without it everything comes back but
 * those fields. The manifest says which key it was. */
#pragma once
#include "backup/fill.h"
#include "job/job.h"

typedef struct BackupKeep {
    int64_t daily, weekly,
        monthly; /* the newest of so many days, weeks, months; all of the last 24 hours */
} BackupKeep;

typedef struct BackupEnv {
    const char *data;     /* data directory: files/, scratch places */
    const char *dir;      /* folder of backups */
    const char *key_file; /* seal.h */
    Str vault_key;        /* fingerprint of DIR/key, empty: none */
    DbPool *pool;         /* what is backed up */
    DbConfig scratch;     /* where it is brought back for the check */
    BackupKeep keep;
    FillHost host;
    /* Doctor's look at what was brought back: how many problems, and the first in words. */
    Status (*check)(Ctx *cx, void *arg, DbPool *pool, int64_t *ret_problems, Str *ret_first);
    const char *program;
} BackupEnv;

/* Makes, checks, and forgets old ones. Result: the manifest. What failed is in cx->err, and the backup is
 * not there, or there with "verified":{"ok":false}. */
CHECKED Status backup_make(Ctx *cx, const BackupEnv *env, Buf *result);
/* Checks one that is there once more: needs the passphrase or the secret key. */
CHECKED Status backup_check(Ctx *cx, const BackupEnv *env, Str id, Buf *result);
/* {"items":[manifest without tables…]}, newest first; folders that are none are left out. */
CHECKED Status backup_list(Ctx *cx, const char *dir, Buf *out);
bool backup_is_id(Str id);
/* Removes what the keeping does not ask for, and contents that no backup has. */
void backup_clear_partial(Ctx *cx, const char *dir); /* what runs left that were cut off */
CHECKED Status backup_prune(Ctx *cx, const char *dir, const BackupKeep *keep, int64_t *ret_gone);

typedef struct RestoreWhat {
    const char *from; /* folder of one backup */
    const char *key_file;
    DbConfig to, scratch; /* scratch: beside `to`, on the same disk or server */
    const char *data;     /* where files go: DIR of DIR/files */
    const char *aside;    /* name that what is there gets; NULL: there must be nothing */
    FillHost host;
} RestoreWhat;
/* Whole or not at all: filled in `scratch`, which then takes the place. */
CHECKED Status restore_run(Ctx *cx, const RestoreWhat *what, FillReport *ret, int64_t *ret_files);

/* ---- shared inside the folder */
typedef struct BackupSource {
    FillSource fill;
    Opener *opener;
    ArchiveReader *reader;
    json_t *head;
} BackupSource;
CHECKED Status backup_source_open(Ctx *cx, SealKey *key, const char *from, BackupSource *ret);
void backup_source_close(BackupSource *s);
CHECKED Status backup_write_file(Ctx *cx, const char *path, Str text); /* aside, synced, renamed */
CHECKED Status backup_read_file(Ctx *cx, const char *path, size_t max, Str *ret);
Str backup_path(Ctx *cx, const char *dir, Str hash); /* of a file's content */
/* Contents of DIR/files that the folder lacks; adds all to the archive. */
typedef struct BackupFiles {
    int64_t files, bytes, new_files, new_bytes;
} BackupFiles;
CHECKED Status backup_files(Ctx *cx, const BackupEnv *env, SealKey *key, Archive *to,
                            const char *list, BackupFiles *ret);
CHECKED Status backup_file_back(Ctx *cx, SealKey *key, const char *from, Str hash, const char *to);
