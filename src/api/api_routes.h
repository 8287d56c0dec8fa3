/* SPDX-License-Identifier: Apache-2.0 */
/* The route tables of api/, one a file, each sorted by path; limits and helpers of handlers. */
#pragma once
#include "api/api_internal.h"

enum {
    API_MAX_BODY = 1024 * 1024,
    API_MAX_FILE = 512 * 1024 * 1024, /* an imported file */
};

/* One a line, so that branches can be merged. */
/* clang-format off */
extern const Route api_access_routes[];
extern const Route api_batch_routes[];
extern const Route api_bulk_routes[];
extern const Route api_duplicates_routes[];
extern const Route api_events_routes[];
extern const Route api_export_routes[];
extern const Route api_expressions_routes[];
extern const Route api_files_routes[];
extern const Route api_hand_over_routes[];
extern const Route api_health_routes[];
extern const Route api_home_routes[];
extern const Route api_import_routes[];
extern const Route api_jobs_routes[];
extern const Route api_marks_routes[];
extern const Route api_presence_routes[];
extern const Route api_messages_routes[];
extern const Route api_near_routes[];
extern const Route api_meta_routes[];
extern const Route api_openapi_routes[];
extern const Route api_quality_routes[], api_cleanup_routes[];
/* What api_sweep.c forgets by itself, after so many days. */
enum { API_EVENTS_DAYS = 7, API_MESSAGES_DAYS = 90, API_JOBS_DAYS = 30 };
extern const Route api_records_routes[];
extern const Route api_key_routes[], api_search_routes[], api_session_routes[], api_verbs_routes[];
extern const Route api_views_routes[];
extern const Route api_visit_plan_routes[];
/* clang-format on */

/* The body as a JSON object with no other keys than these (NULL-ended). */
CHECKED Status api_json_object(Ctx *cx, Req *rq, const char *const *keys, json_t **ret);
/* The body, and whether it asks for a dry run only. */
CHECKED Status api_dry_run(Ctx *cx, Req *rq, json_t **ret, bool *ret_dry);
/* Names the parameter in the problem of `failed`, which it returns. */
Status api_bad_parameter(Ctx *cx, const char *name, Status failed);
/* {"user":"…"} and the like, or {"everyone":true}: kind and principal; errors begin with `path`. */
struct AccessShare;
CHECKED Status api_share_principal(Ctx *cx, const json_t *item, const char *path,
                                   struct AccessShare *s);
extern const Route api_share_rule_routes[];
/* GET …/{id}/access: of me; with people=true of everybody, with user=… of one person. */
CHECKED Status api_access_explain(Ctx *cx, Req *rq, const Object *o, const AccessRecord *r);
/* What loading a record gave; of one that was deleted and that the user saw it says so (410). */
Status api_or_gone(Ctx *cx, const Object *o, Id id, Status loaded);
/* "limit" of lists of our own: 1 … most. */
CHECKED Status api_page_size(Ctx *cx, Req *rq, int usual, int most, int *ret);
/* Tells the runner after the commit that there is work. */
void api_wake_jobs(Req *rq, Plan *plan);
/* 202 with the job just enqueued, which the runner is told of after the commit. */
void api_accept_job(Ctx *cx, Req *rq, Plan *plan, Id job, const char *kind);

/* api_meta.c: {object} and {field} of the catalogue's paths, and what this user sees of them. */
CHECKED Status api_meta_object(Ctx *cx, Req *rq, const Object **ret);
CHECKED Status api_meta_field(Ctx *cx, Req *rq, const Field **ret);
MetaView api_meta_view(Ctx *cx);
/* api_meta_stale.c: If-Match against changes of that part of the catalogue (name empty: the object's own
 * attributes; object empty: a list). */
CHECKED Status api_meta_unchanged(Ctx *cx, Req *rq, Str object, Str name);
CHECKED Status api_meta_role_unchanged(Ctx *cx, Req *rq, Str role);
extern const Route api_meta_change_routes[], api_meta_part_routes[];
