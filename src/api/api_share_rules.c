/* SPDX-License-Identifier: Apache-2.0 */
/* Sharing rules over HTTP (right "manage_roles"): which records are open to whom by a condition. */
#include "access/share_rule.h"
#include "api/api_routes.h"
#include "base/id.h"
#include "upkeep/upkeep.h"

#define MANAGE_ROLES "manage_roles"
enum { MAX_RULE_BODY = 16 * 1024, MAX_CONDITION = 8 * 1024 };

static Status get_rules(Ctx *cx, Req *rq, Plan *plan)
{
    const ShareRule *rules;
    size_t n;
    bool all = true;
    Buf *out = req_out(rq);
    (void)plan;
    TRY(access_share_rule_all(cx, &rules, &n));
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(out, ',');
        TRY(access_share_rule_write(cx, &rules[i], out));
        all = all && rules[i].filled;
    }
    buf_lit(out, "],\"filling\":[");
    if (!all)
        TRY(upkeep_share_rules_filling(cx, out));
    buf_lit(out, "]}");
    return ST_OK;
}

static Status rule_param(Ctx *cx, Req *rq, ShareRule *ret)
{
    Id id = 0;
    bool found = false;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(access_share_rule_find(cx, id, ret, &found));
    return found ? ST_OK
                 : FAIL(cx, ST_NOT_FOUND, "api.no_share_rule", "There is no such sharing rule");
}

static Status rule_object(Ctx *cx, Str name, const Object **ret)
{
    *ret = meta_object(cx->meta, name);
    if (!*ret || ((*ret)->parent && !(*ret)->owner))
        return FIELD_FAIL(cx, STR("object"), "no_match", "api.share_rule_object",
                          "Records of an object of its own, not lines of another");
    return ST_OK;
}

static Status rule_read(Ctx *cx, const json_t *body, ShareRule *rule, const Object **ret)
{
    AccessShare to = {0};
    if (!rule->id)
        rule->object = json_get_str(body, "object");
    TRY(rule_object(cx, rule->object, ret));
    rule->condition = str_trim(json_get_str(body, "when"));
    if (!rule->condition.n || rule->condition.n > MAX_CONDITION)
        return FIELD_FAIL(cx, STR("when"), "required", "api.share_rule_when",
                          "A condition of at most %d bytes", MAX_CONDITION);
    TRY(access_share_rule_check(cx, *ret, rule->condition));
    TRY(api_share_principal(cx, json_object_get(body, "with"), "with", &to));
    rule->kind = to.kind;
    rule->principal = to.principal;
    const json_t *level = json_object_get(body, "level");
    rule->level = str_is(json_str(level), "edit") ? SHARE_EDIT : SHARE_READ;
    if (level && rule->level == SHARE_READ && !str_is(json_str(level), "read"))
        return FIELD_FAIL(cx, STR("level"), "bad_value", "api.share_level", "read or edit");
    return ST_OK;
}

static Status rule_body(Ctx *cx, Req *rq, ShareRule *rule, const Object **ret)
{
    static const char *const KEYS[] = {"object", "when", "with", "level", NULL};
    json_t *body = NULL;
    TRY(api_json_object(cx, rq, KEYS, &body));
    return rule_read(cx, body, rule, ret);
}

/* {"id":…} of the rule that is there, the body of the new one; {"id":…,"remove":true}. */
static Status post_preview(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"id", "object", "when", "with", "level", "remove", NULL};
    json_t *body = NULL;
    ShareRule before = {0}, after = {0};
    const Object *o = NULL;
    bool found = false;
    (void)plan;
    TRY(api_json_object(cx, rq, KEYS, &body));
    Str id = json_get_str(body, "id");
    if (id.n && (!id_parse(id, &before.id) ||
                 access_share_rule_find(cx, before.id, &before, &found) != ST_OK || !found))
        return FIELD_FAIL(cx, STR("id"), "no_match", "api.no_share_rule",
                          "There is no such sharing rule");
    if (found && json_get_bool(body, "remove", false)) {
        TRY(rule_object(cx, before.object, &o));
        return access_preview_rule(cx, o, &before, NULL, req_out(rq));
    }
    if (found)
        after = before;
    TRY(rule_read(cx, body, &after, &o));
    return access_preview_rule(cx, o, found ? &before : NULL, &after, req_out(rq));
}

/* Another condition: the job fills the new set and clears the former one. */
static Status rule_store(Ctx *cx, Req *rq, Plan *plan, ShareRule *rule)
{
    Id old = 0, job = 0;
    TRY(access_share_rule_put(cx, plan, rule, &old));
    if (!rule->filled) {
        TRY(upkeep_share_rule(cx, plan, rule, old, &job));
        api_wake_jobs(rq, plan);
        Str place = str_format(cx->arena, "/api/v1/jobs/%lld", (long long)job);
        req_set_header(rq, "Content-Location", place);
    }
    return access_share_rule_write(cx, rule, req_out(rq));
}

static Status post_rule(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    ShareRule rule = {0};
    TRY(rule_body(cx, rq, &rule, &o));
    TRY(rule_store(cx, rq, plan, &rule));
    Edge *e = req_edge(rq);
    e->location = str_format(cx->arena, "/api/v1/meta/sharing-rules/%lld", (long long)rule.id);
    req_status(rq, 201);
    req_set_header(rq, "Location", e->location);
    return ST_OK;
}

static Status put_rule(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    ShareRule rule;
    TRY(rule_param(cx, rq, &rule));
    TRY(rule_body(cx, rq, &rule, &o));
    return rule_store(cx, rq, plan, &rule);
}

static Status delete_rule(Ctx *cx, Req *rq, Plan *plan)
{
    ShareRule rule;
    Id job = 0;
    TRY(rule_param(cx, rq, &rule));
    access_share_rule_remove(cx, plan, &rule);
    TRY(upkeep_share_rule(cx, plan, NULL, rule.set, &job));
    api_wake_jobs(rq, plan);
    req_status(rq, 204);
    return ST_OK;
}

const Route api_share_rule_routes[] = {
    {"GET", "/api/v1/meta/sharing-rules", READ, get_rules, MANAGE_ROLES, "Sharing rules", 0, 0,
     NULL},
    {"POST", "/api/v1/meta/sharing-rules", WRITE, post_rule, MANAGE_ROLES,
     "Open records that meet a condition", MAX_RULE_BODY, 0, NULL},
    {"POST", "/api/v1/meta/sharing-rules/preview", READ, post_preview, MANAGE_ROLES,
     "What a sharing rule would open and close", MAX_RULE_BODY, 0, NULL},
    {"DELETE", "/api/v1/meta/sharing-rules/{id}", WRITE, delete_rule, MANAGE_ROLES,
     "Remove a sharing rule", 0, 0, NULL},
    {"PUT", "/api/v1/meta/sharing-rules/{id}", WRITE, put_rule, MANAGE_ROLES,
     "Change condition, principal or level of a sharing rule", MAX_RULE_BODY, 0, NULL},
    {0},
};
