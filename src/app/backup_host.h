/* SPDX-License-Identifier: Apache-2.0 */
/* What backups, restores and moves need of the program as a whole: where things lie, the catalogue of
 * a place that is being filled, doctor's look at it. */
#pragma once
#include "app/app.h"
#include "backup/backup.h"
#include "base/vault.h"

typedef struct BackupHost {
    App *app;         /* the running server; NULL: a command */
    Job *job;         /* tells how far it is, and is cancelled; NULL: a command */
    Db *home;         /* the job's own connection */
    Vault *then;      /* of the backup in hand; the caller frees it */
    const char *said; /* a command: the step that was told last */
} BackupHost;

FillHost backup_host(BackupHost *h);
/* Of a running server. ST_INVALID key app.backup_not_set where folder or key are not set. */
CHECKED Status backup_host_env(Ctx *cx, BackupHost *h, BackupEnv *ret);
/* The place of the organisation by the settings, and one beside it: `word` is the end of its name. */
DbConfig backup_host_place(const Settings *s);
DbConfig backup_host_beside(Ctx *cx, const Settings *s, const char *word);
/* A short fingerprint of the key of encrypted fields; empty: there is none. */
Str backup_host_vault(Ctx *cx, const Settings *s);
CHECKED Status backup_host_check(Ctx *cx, void *arg, DbPool *pool, int64_t *ret_problems,
                                 Str *ret_first);
/* The catalogue of a place that is open (ObjectHost), with the key file of that fingerprint: the present one or
 * one that a rotation has kept beside it. */
CHECKED Status backup_host_meta(Ctx *cx, void *arg, DbPool *pool, Str vault_key, MetaStore **ret);
/* DIR/restore-key: the key that a command on the machine hands to the server for one run. */
char *backup_host_key(Ctx *cx, const Settings *s);
extern const JobDef backup_jobs[];
extern const JobDef verb_migrate_jobs[];
extern const Route backup_routes[];
extern const Route verb_migrate_routes[];
int verb_backup(Ctx *cx, const Settings *s);
int verb_restore(Ctx *cx, const Settings *s);
int verb_migrate(Ctx *cx, const Settings *s);
