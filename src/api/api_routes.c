/* SPDX-License-Identifier: Apache-2.0 */
/* Every route of the server: what http_start, the documentation and OpenAPI read. */
#include "api/api_routes.h"

/* One a line, so that branches can be merged. */
/* clang-format off */
const Route *const api_tables[] = {
    api_access_routes,
    api_batch_routes,
    api_bulk_routes,
    api_cleanup_routes,
    api_duplicates_routes,
    api_events_routes,
    api_export_routes,
    api_expressions_routes,
    api_files_routes,
    api_hand_over_routes,
    api_health_routes,
    api_home_routes,
    api_import_routes,
    api_jobs_routes,
    api_marks_routes, api_presence_routes,
    api_messages_routes,
    api_meta_routes,
    api_meta_change_routes,
    api_meta_part_routes,
    api_near_routes,
    api_openapi_routes,
    api_quality_routes,
    api_records_routes,
    api_search_routes,
    api_key_routes,
    api_session_routes,
    api_share_rule_routes,
    api_verbs_routes,
    api_views_routes,
    api_visit_plan_routes,
    NULL,
};
/* clang-format on */

static bool is_key(const char *name, const char *const *keys)
{
    for (; *keys; keys++)
        if (!strcmp(*keys, name))
            return true;
    return false;
}

Status api_dry_run(Ctx *cx, Req *rq, json_t **ret, bool *ret_dry)
{
    TRY(req_json(cx, rq, ret));
    const json_t *dry = json_object_get(*ret, "dry_run");
    *ret_dry = json_is_true(dry);
    if (dry && !json_is_boolean(dry))
        return FIELD_FAIL(cx, STR("dry_run"), "bad_value", "api.boolean", "true or false");
    return ST_OK;
}

Status api_json_object(Ctx *cx, Req *rq, const char *const *keys, json_t **ret)
{
    const char *key;
    json_t *value;
    TRY(req_json(cx, rq, ret));
    if (!json_is_object(*ret))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "api.not_object",
                         "The body must be a JSON object");
    json_object_foreach(*ret, key, value) if (!is_key(key, keys))
        FIELD_FAIL(cx, str_of(key), "unknown_field", "api.unknown_key", "Unknown here");
    return error_has_fields(cx) ? cx->err.status : ST_OK;
}

Status api_bad_parameter(Ctx *cx, const char *name, Status failed)
{
    FIELD_FAIL(cx, str_of(name), "bad_value", "api.bad_parameter", "Not accepted");
    return failed;
}

Status api_page_size(Ctx *cx, Req *rq, int usual, int most, int *ret)
{
    Str text = req_query(rq, "limit");
    int64_t n = usual;
    if (text.p && (!str_int(text, &n) || n < 1 || n > most))
        return api_bad_parameter(cx, "limit",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.limit",
                                           "limit is a number from 1 to %d", most));
    *ret = (int)n;
    return ST_OK;
}

Status api_or_gone(Ctx *cx, const Object *o, Id id, Status loaded)
{
    bool gone = false;
    if (loaded != ST_NOT_FOUND || record_is_gone(cx, o, id, &gone) != ST_OK || !gone)
        return loaded;
    error_clear(cx);
    return FAIL_CODE(cx, ST_NOT_FOUND, "gone", "api.gone", "This record was deleted");
}

static void wake_jobs(void *arg)
{
    App *app = arg;
    if (app->jobs)
        job_wake(app->jobs);
}

void api_wake_jobs(Req *rq, Plan *plan) { plan_after(plan, wake_jobs, req_app_of(rq)); }

void api_accept_job(Ctx *cx, Req *rq, Plan *plan, Id job, const char *kind)
{
    Buf *out = req_out(rq);
    req_accepted(cx, rq, job);
    buf_lit(out, "{\"id\":");
    buf_json_id(out, job);
    buf_printf(out,
               ",\"kind\":\"%s\",\"status\":\"queued\",\"progress\":{\"done\":0,\"total\":0},"
               "\"result\":null,\"batch\":null,\"error\":null}",
               kind);
    api_wake_jobs(rq, plan);
}
