/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the program: flags, then environment (GUANXI_…), then DIR/guanxi.conf (key = value). */
#pragma once
#include "base/ctx.h"

typedef struct Settings {
    const char *data, *listen, *database, *schema, *public_url, *log_level;
    const char *trusted_proxies;                        /* comma-separated addresses */
    const char *outgoing_allow;                         /* networks the server may connect */
    const char *name, *currency, *language, *time_zone; /* of a new organisation */
    const char *admin_password_file;
    const char *key_file; /* opens encrypted fields; NULL: DIR/key */
    const char *backup_dir, *backup_key_file;
    const char *from, *object, *to; /* restore, migrate */
    const char *make_key;           /* backup */
    const char *login;              /* who a command acts as */
    const char *mapping;            /* import */
    int64_t readers, workers, loops, job_workers, max_connections, per_ip;
    int64_t accounts, seed; /* demo */
    bool insecure_http, dry_run, allow_drop, repair, json, no_supervisor, replace, set_back, again;
    /* export */
    const char *filter, *fields, *sort, *format, *values, *group, *sums, *group_sort;
    const char *rest[8]; /* words that are no flags */
    int n_rest;
} Settings;

/* Reads argv[from…]; ST_INVALID with a message for an unknown flag or a bad value. Texts live in
 * cx->arena. */
CHECKED Status settings_read(Ctx *cx, int argc, char **argv, int from, Settings *ret);
void settings_help(void); /* every setting with default, to standard output */
