/* SPDX-License-Identifier: Apache-2.0 */
/* Sign-in and out, who I am, passwords. */
#include "access/share.h"
#include "api/api_internal.h"
#include "api/api_routes.h"
#include "base/id.h"
#include "modules/organisation/user/user.h"

enum { SESSION_DAYS = 30, MAX_LOGIN_BODY = 4096 };

/* ---- the session cookie */

static bool is_secure(Req *rq)
{
    const char *url = req_app_of(rq)->public_url;
    return req_is_https(rq) || (url && str_starts(str_of(url), STR("https://")));
}

static void set_cookie(Ctx *cx, Req *rq, const char *token, int seconds)
{
    req_set_header(rq, "Set-Cookie",
                   str_format(cx->arena,
                              "gx_session=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s", token,
                              seconds, is_secure(rq) ? "; Secure" : ""));
}

/* ---- bodies */

static void write_user(const User *u, Buf *out)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, u->id);
    buf_lit(out, ",\"name\":");
    buf_json_str(out, u->name);
    buf_lit(out, ",\"login\":");
    buf_json_str(out, u->login);
    buf_lit(out, ",\"language\":");
    buf_json_str(out, u->lang == LANG_EN ? STR("en") : STR("zh-CN"));
    buf_lit(out, ",\"time_zone\":");
    buf_json_str(out, str_of(u->zone->name));
    buf_lit(out, ",\"roles\":[");
    for (size_t i = 0; i < u->n_roles; i++) {
        if (i)
            buf_char(out, ',');
        buf_json_str(out, u->roles[i]);
    }
    buf_lit(out, "]}");
}

static void write_organisation(const Meta *m, Buf *out)
{
    buf_lit(out, "{\"name\":");
    buf_json_str(out, m->organisation);
    buf_lit(out, ",\"currency\":");
    buf_json_str(out, m->currency);
    buf_lit(out, ",\"language\":");
    buf_json_str(out, m->language);
    buf_lit(out, ",\"time_zone\":");
    buf_json_str(out, m->time_zone);
    buf_char(out, '}');
}

/* ---- handlers */

/* The failure is counted, so the plan must go through: the problem is an ordinary answer here. */
static Status refuse_sign_in(Ctx *cx, Req *rq)
{
    int status = error_problem(cx, req_out(rq));
    req_status(rq, status);
    req_set_header(rq, "Content-Type", STR("application/problem+json"));
    if (cx->err.retry_after_s)
        req_set_header(rq, "Retry-After", str_format(cx->arena, "%d", cx->err.retry_after_s));
    error_clear(cx);
    return ST_OK;
}

/* {"user":…,"csrf_token":…,"viewed_by":…}; the cookie is of the session begun. */
static Status answer_session(Ctx *cx, Req *rq, const SignIn *in, const User *user,
                             const User *viewer)
{
    Buf *out = req_out(rq);
    int64_t left_s = (in->expires_ms - cx->now_ms) / 1000;
    buf_lit(out, "{\"user\":");
    write_user(user, out);
    buf_lit(out, ",\"csrf_token\":");
    buf_json_str(out, str_of(in->csrf));
    buf_lit(out, ",\"viewed_by\":");
    if (viewer)
        buf_json_named(out, viewer->id, viewer->name);
    else
        buf_lit(out, "null");
    buf_char(out, '}');
    set_cookie(cx, rq, in->token, left_s > 0 ? (int)left_s : 0);
    return ST_OK;
}

static Status answer_signed_in(Ctx *cx, Req *rq, const SignIn *in)
{
    const User *user = NULL;
    Buf *out = req_out(rq);
    TRY(access_user_load(cx, req_app_of(rq)->access, in->user, &user));
    buf_lit(out, "{\"user\":");
    write_user(user, out);
    buf_lit(out, ",\"csrf_token\":");
    buf_json_str(out, str_of(in->csrf));
    buf_char(out, '}');
    access_user_release(user);
    set_cookie(cx, rq, in->token, SESSION_DAYS * 24 * 3600);
    req_status(rq, 201);
    return ST_OK;
}

static Status post_session(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"code", "login", "password", NULL};
    json_t *body = NULL;
    SignIn in;
    TRY(api_json_object(cx, rq, KEYS, &body));
    Str login = json_get_str(body, "login"), password = json_get_str(body, "password");
    if (!login.n)
        FIELD_FAIL(cx, STR("login"), "required", "api.required", "A value is needed");
    if (!password.n)
        FIELD_FAIL(cx, STR("password"), "required", "api.required", "A value is needed");
    if (error_has_fields(cx))
        return cx->err.status;
    TRY(access_sign_in(cx, req_app_of(rq)->access, login, password, plan, &in));
    return in.refused == ST_OK ? answer_signed_in(cx, rq, &in) : refuse_sign_in(cx, rq);
}

static Status delete_session(Ctx *cx, Req *rq, Plan *plan)
{
    Str token = req_cookie(rq, "gx_session");
    const Edge *e = req_edge(rq);
    if (e->by_cookie && e->session.view_as)
        access_log_view_as(cx, plan, e->session.view_as, false);
    if (e->by_cookie)
        access_sign_out(cx, req_app_of(rq)->access, token, plan);
    set_cookie(cx, rq, "", 0);
    req_status(rq, 204);
    return ST_OK;
}

/* ---- seeing as somebody else does */
static Status needs_session(Ctx *cx, Req *rq)
{
    return req_edge(rq)->by_cookie
               ? ST_OK
               : FAIL(cx, ST_INVALID, "api.view_as_session",
                      "This is for who is signed in with a password, not for keys");
}

static Status post_view_as(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"user", NULL};
    Edge *e = req_edge(rq);
    const User *as = NULL;
    json_t *body = NULL;
    SignIn in;
    Id id = 0;
    TRY(needs_session(cx, rq));
    TRY(api_json_object(cx, rq, KEYS, &body));
    if (!id_parse(json_get_str(body, "user"), &id))
        return FIELD_FAIL(cx, STR("user"), "required", "api.required", "A value is needed");
    TRY(access_view_as(cx, e->app->access, req_cookie(rq, "gx_session"), &e->session, id, plan,
                       &in));
    req_forget(rq);
    TRY(access_user_load(cx, e->app->access, id, &as));
    Status st = answer_session(cx, rq, &in, as, cx->user);
    access_user_release(as);
    req_status(rq, 201);
    return st;
}

static Status delete_view_as(Ctx *cx, Req *rq, Plan *plan)
{
    Edge *e = req_edge(rq);
    SignIn in;
    TRY(needs_session(cx, rq));
    if (!e->session.view_as)
        return FAIL(cx, ST_CONFLICT, "api.view_as_none", "You see with your own eyes already");
    req_forget(rq);
    access_view_as_end(cx, e->app->access, req_cookie(rq, "gx_session"), &e->session, plan, &in);
    return answer_session(cx, rq, &in, cx->user, NULL);
}

static Status get_me(Ctx *cx, Req *rq, Plan *plan)
{
    const Edge *e = req_edge(rq);
    Buf *out = req_out(rq);
    (void)plan;
    buf_lit(out, "{\"user\":");
    write_user(cx->user, out);
    buf_lit(out, ",\"organisation\":");
    write_organisation(cx->meta, out);
    buf_lit(out, ",\"rights\":");
    access_write_rights(cx, out);
    buf_lit(out, ",\"csrf_token\":");
    if (e->by_cookie)
        buf_json_str(out, str_of(e->session.csrf));
    else
        buf_lit(out, "null");
    buf_lit(out, ",\"viewed_by\":");
    if (e->viewer)
        buf_json_named(out, e->viewer, e->viewer_name);
    else
        buf_lit(out, "null");
    buf_char(out, '}');
    return ST_OK;
}

/* ---- passwords */

/* Every session of the user ends: also that of a thief. */
static Status change_password(Ctx *cx, Req *rq, Id user, Str login, Str password, Plan *plan)
{
    AccessStore *store = req_app_of(rq)->access;
    TRY(access_set_password(cx, store, user, login, password, plan));
    access_sign_out_user(cx, store, user, plan);
    req_status(rq, 204);
    return ST_OK;
}

/* With the present password, unless it is the owner of the data on the command line. */
static Status post_my_password(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"current", "password", NULL};
    json_t *body = NULL;
    Edge *e = req_edge(rq);
    SignIn in = {.refused = ST_OK};
    Plan *counting = plan_new(cx); /* apart: a success would open a session in it */
    req_forget(rq);
    TRY(api_json_object(cx, rq, KEYS, &body));
    if (!req_is_local_owner(rq))
        TRY(access_sign_in(cx, e->app->access, cx->user->login, json_get_str(body, "current"),
                           counting, &in));
    if (in.refused != ST_OK) {
        e->plan = counting;
        return refuse_sign_in(cx, rq);
    }
    return change_password(cx, rq, cx->user->id, cx->user->login, json_get_str(body, "password"),
                           plan);
}

/* Whoever sets a password can sign in with it. */
static Status check_not_above(Ctx *cx, const Record *r)
{
    bool above = false;
    if (!cx->user->is_administrator)
        TRY(user_is_administrator(cx, r, &above));
    return above ? FAIL(cx, ST_DENIED, "api.password_above",
                        "Only administrators set the password of an administrator")
                 : ST_OK;
}

static Status post_user_password(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"password", NULL};
    const Object *users = meta_object(cx->meta, STR("user"));
    json_t *body = NULL;
    Record *r = NULL;
    Id id = 0;
    req_forget(rq);
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(record_load(cx, users, id, &r));
    TRY(check_not_above(cx, r));
    const Value *login = record_get(r, object_field(users, STR("login")));
    return change_password(cx, rq, id, login->t == V_TEXT ? login->s : STR(""),
                           json_get_str(body, "password"), plan);
}

/* What people set of themselves; their rights on the user object decide. */
static Status patch_me(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const mine[] = {"language", "time_zone"};
    const Object *users = meta_object(cx->meta, STR("user"));
    json_t *body = NULL;
    Record *me = NULL;
    TRY(req_json(cx, rq, &body));
    TRY(record_load(cx, users, cx->user->id, &me));
    for (size_t i = 0; i < COUNT_OF(mine); i++) {
        const Field *f = object_field(users, str_of(mine[i]));
        const json_t *v = json_object_get(body, mine[i]);
        if (f && v)
            TRY(record_set_field_json(cx, me, f, v));
    }
    TRY(record_write(cx, plan, me));
    req_status(rq, 204);
    return ST_OK;
}

const Route api_session_routes[] = {
    {"GET", "/api/v1/me", READ, get_me, "", "The user, the organisation, the rights", 0, 0, NULL},
    {"PATCH", "/api/v1/me", WRITE, patch_me, "", "Set my language and time zone", 1024, 0, NULL},
    {"POST", "/api/v1/me/password", WRITE, post_my_password, "", "Change my password", 2048, 0,
     NULL},
    {"DELETE", "/api/v1/session", WRITE, delete_session, "", "Sign out", 0, 0, NULL},
    {"POST", "/api/v1/session", WRITE, post_session, "public", "Sign in with login and password",
     MAX_LOGIN_BODY, 0, NULL},
    {"DELETE", "/api/v1/session/view-as", WRITE, delete_view_as, "",
     "See with one's own eyes again", 0, 0, NULL},
    {"POST", "/api/v1/session/view-as", WRITE, post_view_as, "view_as",
     "See as somebody else does, without changing anything; it is noted", 1024, 0, NULL},
    {"POST", "/api/v1/users/{id}/password", WRITE, post_user_password, "manage_users",
     "Set the password of a user", 2048, 0, NULL},
    {0},
};
