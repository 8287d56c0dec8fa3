/* SPDX-License-Identifier: Apache-2.0 */
/* app: main, commands, and the list of everything that is plugged in (modules.c). */
#pragma once
#include "api/api.h"
#include "app/settings.h"
#include "base/log.h"

/* modules.c */
extern const RecordHooks *const app_hooks[];
extern const struct RecordVerb *const app_verbs[]; /* NULL-ended */
extern const JobDef *const app_jobs[];

/* Opens everything: directories, database, catalogue, rights, records, events, jobs, HTTP. A new
 * organisation is filled with what it finds at first (seed.c). ret_password: the administrator's, if
 * it was made up here; else empty. */
CHECKED Status app_open(Ctx *cx, const Settings *s, App *app, Str *ret_password);
void app_complain(const Ctx *cx);     /* cx->err to standard error */
void app_close(App *app);             /* stops accepting, finishes ≤ 10 s, checkpoints */
int app_unix_socket(const char *dir); /* DIR/guanxi.sock, bound, 0600; -1 on failure */

/* seed.c: rows that every organisation has; the administrator. */
CHECKED Status seed_organisation(Ctx *cx, App *app, const Settings *s, Str *ret_password);

/* demo.c */
extern const Route demo_routes[];

/* client.c: the command line speaks HTTP over DIR/guanxi.sock with the process that owns the data;
 * if there is none it becomes the owner for as long as the command runs. */
typedef struct Client Client;
CHECKED Status client_open(Ctx *cx, const Settings *s, Client **ret);
void client_close(Client *c);
/* method, path below /api/v1; body JSON or NULL. *ret_answer parsed; *ret_status. */
CHECKED Status client_call(Ctx *cx, Client *c, const char *method, const char *path,
                           const char *body, int *ret_status, json_t **ret_answer);
CHECKED Status client_upload(Ctx *cx, Client *c, const char *path, const char *file,
                             const char *options, int *ret_status, json_t **ret_answer);
CHECKED Status client_download(Ctx *cx, Client *c, const char *path, const char *to);
/* Follows a job until it ends; draws a progress line when standard error is a terminal. */
CHECKED Status client_wait(Ctx *cx, Client *c, const char *job_path, json_t **ret_job);
/* A request that becomes a job, followed to its end: exit status 0 and its result, or what went wrong is
 * printed and the status is another. */
int client_job(Ctx *cx, Client *c, const char *path, const char *body, json_t **ret_result);
/* Prints a problem answer; gives the exit status 1. */
int client_complain(int status, const json_t *answer);

/* The search index of a database that was written with other tokens is built anew. */
extern const JobDef search_jobs[];
CHECKED Status search_job_check(Ctx *cx, App *app);

/* verbs: exit status */
int verb_with_client(Ctx *cx, const Settings *s, int (*work)(Ctx *, const Settings *, Client *));
int serve_verb(Ctx *cx, const Settings *s);
int verb_init(Ctx *cx, const Settings *s);
int verb_demo(Ctx *cx, const Settings *s);
int verb_keys(Ctx *cx, const Settings *s);
int verb_export(Ctx *cx, const Settings *s);
int verb_import(Ctx *cx, const Settings *s);
int verb_doctor(Ctx *cx, const Settings *s);
int verb_meta(Ctx *cx, const Settings *s);
int verb_user(Ctx *cx, const Settings *s);
