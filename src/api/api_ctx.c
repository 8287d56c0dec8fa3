/* SPDX-License-Identifier: Apache-2.0 */
/* Making a Ctx ready to work: for a request, a job, a command. */
#include "access/key.h"
#include "access/share_rule.h"
#include "api/api_internal.h"
#include "base/calendar.h"
#include "base/utf8.h"
#include "http/query_string.h"
#include "import/import.h"
#include "search/search.h"
#include "upkeep/upkeep.h"
#include "views/views.h"

static void ctx_fill(App *app, Ctx *cx, Arena *a)
{
    *cx = (Ctx){
        .arena = a,
        .app = app,
        .records = &app->records,
        .columns = app->columns,
        .titles = app->titles,
        .sights = app->sights,
        .now_ms = clock_ms(),
        .cause = "api",
        .zone = zone_get(STR("UTC")),
        .meta = meta_acquire(app->meta),
    };
    cx->catalogue_version = cx->meta->version;
    cx->lang = str_starts(cx->meta->language, STR("en")) ? LANG_EN : LANG_ZH;
}

static void ctx_empty(Ctx *cx)
{
    if (cx->db)
        db_release(cx->db);
    cx->db = NULL;
    if (cx->meta)
        meta_release(cx->meta);
    cx->meta = NULL;
}

/* ---- outside HTTP */
Status api_enter(App *app, Arena *a, Id user, Ctx *ret)
{
    const User *u = NULL;
    ctx_fill(app, ret, a);
    ret->db = db_lease(app->pool);
    Status st = user && user != USER_SYSTEM ? access_user_load(ret, app->access, user, &u)
                                            : access_user_system(ret, app->access, &u);
    if (st != ST_OK) {
        ctx_empty(ret);
        return st;
    }
    access_act_as(ret, u);
    ret->lang = u->lang;
    return ST_OK;
}

void api_leave(App *app, Ctx *cx)
{
    (void)app;
    if (cx->user)
        access_user_release(cx->user);
    cx->user = NULL;
    ctx_empty(cx);
}

static Status job_enter(void *arg, Ctx *cx, Id run_as)
{
    App *app = arg;
    Ctx old = *cx;
    TRY(api_enter(app, old.arena, run_as, cx));
    db_statement_limit(cx->db, 60000);
    return ST_OK;
}

static void job_leave(void *arg, Ctx *cx) { api_leave(arg, cx); }

JobHost api_job_host(App *app)
{
    return (JobHost){
        .arg = app, .enter = job_enter, .leave = job_leave, .changed = api_job_changed};
}

static Status compile_meta(void *arg, Ctx *cx, Meta *m)
{
    TRY(record_compile_meta(cx, m));
    TRY(expr_compile_meta(arg, cx, m));
    return record_compile_rollups(cx, m);
}

static void wake_jobs(void *arg)
{
    App *app = arg;
    if (app && app->jobs)
        job_wake(app->jobs);
}

Status api_search_rebuild(Ctx *cx, Plan *plan, Id *ret_job)
{
    json_t *params = json_object();
    json_own(cx->arena, params);
    plan_after(plan, wake_jobs, cx->app);
    return job_enqueue(cx, plan, "search.build", params, 0, 0, ret_job);
}

/* What people keep outside the catalogue follows names of fields. */
static Status follow_names(Ctx *cx, const Meta *before, const Meta *after, Plan *plan)
{
    for (size_t i = 0; i < before->n_objects; i++) {
        const Object *o = meta_object(after, before->objects[i]->name);
        MetaRename r;
        for (size_t at = 0; o && meta_rename_next(before->objects[i], o, &at, &r);) {
            TRY(views_renamed(cx, &r, plan));
            TRY(import_mappings_renamed(cx, &r, plan));
            TRY(access_share_rule_renamed(cx, &r, plan));
        }
    }
    return ST_OK;
}

static Status meta_changed(void *arg, Ctx *cx, const Meta *before, Meta *after, Plan *plan)
{
    Id job;
    (void)arg;
    if (before)
        TRY(follow_names(cx, before, after, plan));
    if (before && after->pending_indexes) {
        TRY(upkeep_index(cx, plan, &job));
        plan_after(plan, wake_jobs, cx->app);
    }
    if (!before || !search_outdated(before, after))
        return ST_OK;
    return api_search_rebuild(cx, plan, &job);
}

const MetaHooks *api_meta_hooks(void)
{
    static const MetaHooks hooks = {.compile = compile_meta, .changed = meta_changed};
    return &hooks;
}

/* ---- requests */
static bool lang_of_header(Str header, Lang *ret)
{
    Str part;
    while (str_split(&header, ',', &part)) {
        part = str_trim(part);
        if (str_starts(part, STR("zh")) || str_starts(part, STR("en"))) {
            *ret = part.p[0] == 'e' ? LANG_EN : LANG_ZH;
            return true;
        }
    }
    return false;
}

enum { REASON_CHARS = 200, REASON_BYTES = 800 };

/* Percent-encoded, for headers are ASCII: what is not that is none. Longer ones are cut. */
static Str reason_of_header(Arena *a, Str header)
{
    Str text = STR_NULL;
    if (!query_string_decode(a, str_sub(header, 0, (size_t)3 * REASON_BYTES), false, &text))
        text = STR_NULL;
    return str_sub(text, 0, utf8_offset(text, REASON_CHARS));
}

Status api_enter_request(App *app, Edge *e)
{
    Arena *a = req_arena(e->rq);
    ctx_fill(app, &e->cx, a);
    e->cx.request_id = req_id(e->rq);
    e->cx.allow_duplicates = str_is(req_header(e->rq, "Guanxi-Allow-Duplicates"), "true");
    e->cx.duplicate_reason = reason_of_header(a, req_header(e->rq, "Guanxi-Duplicate-Reason"));
    lang_of_header(req_header(e->rq, "Accept-Language"), &e->cx.lang);
    e->cx.db = db_lease(app->pool);
    db_statement_limit(e->cx.db, 2000);
    return ST_OK;
}

static Status load_user(Edge *e, Id id)
{
    Lang lang = e->cx.lang;
    bool chosen = lang_of_header(req_header(e->rq, "Accept-Language"), &lang);
    TRY(access_user_load(&e->cx, e->app->access, id, &e->user));
    access_act_as(&e->cx, e->user);
    e->cx.lang = chosen ? lang : e->user->lang;
    return ST_OK;
}

/* The command line: our own uid over the socket acts as the administrator, or as whom it names. */
static Status owner_user(Edge *e)
{
    Id id = 0;
    bool found = false;
    Str login = req_header(e->rq, "X-Guanxi-Login");
    TRY(access_user_by_login(&e->cx, login.n ? login : STR("admin"), &id, &found));
    if (found)
        return load_user(e, id);
    TRY(access_user_system(&e->cx, e->app->access, &e->user));
    access_act_as(&e->cx, e->user);
    return ST_OK;
}

static Status key_user(Edge *e, Str key)
{
    Id id = 0;
    TRY(access_key(&e->cx, e->app->access, key, &id));
    return load_user(e, id);
}

static bool is_unsafe(Req *rq)
{
    Str m = req_method(rq);
    return !str_is(m, "GET") && !str_is(m, "HEAD") && !str_is(m, "OPTIONS");
}

static void touch_done(void *arg, Status st, const PlanResult *r)
{
    (void)st;
    (void)r;
    arena_free(arg);
}

/* Apart from the request: its own arena, nobody waits for it. */
static void touch_session(Edge *e, Str token)
{
    Arena *a = arena_new(4096);
    Ctx cx = e->cx;
    cx.arena = a;
    Plan *plan = plan_new(&cx);
    access_session_touch(&cx, e->app->access, token, plan);
    db_submit(e->app->pool, &cx, plan, touch_done, a);
}

/* From here on the person whose eyes these are acts; the language stays the viewer's. */
static Status see_as(Edge *e)
{
    Ctx *cx = &e->cx;
    const User *viewer = e->user, *as = NULL;
    Lang lang = cx->lang;
    TRY(access_user_load(cx, e->app->access, e->session.view_as, &as));
    Status st = access_view_as_check(cx, as);
    if (st != ST_OK) {
        access_user_release(as);
        return st;
    }
    e->viewer = viewer->id;
    e->viewer_name = str_copy(cx->arena, viewer->name);
    e->user = as;
    access_act_as(cx, as);
    cx->lang = lang;
    access_user_release(viewer);
    return ST_OK;
}

/* Signing out and ending the view are the viewer's own. */
static bool is_own_session(const Edge *e)
{
    return str_starts(str_of(req_route(e->rq)->path), STR("/api/v1/session"));
}

static Status session_user(Edge *e, Str token)
{
    TRY(access_session(&e->cx, e->app->access, token, &e->session));
    e->by_cookie = true;
    TRY(load_user(e, e->session.user));
    if (is_unsafe(e->rq) && !access_csrf_ok(&e->session, req_header(e->rq, "X-CSRF-Token")))
        return FAIL(&e->cx, ST_DENIED, "api.csrf", "The X-CSRF-Token header is missing or wrong");
    if (e->session.touch_due)
        touch_session(e, token);
    return e->session.view_as && !is_own_session(e) ? see_as(e) : ST_OK;
}

static Status only_looks(Edge *e)
{
    RouteMode mode = req_route(e->rq)->mode;
    if (!e->viewer || mode == READ || mode == STREAM)
        return ST_OK;
    return FAIL(&e->cx, ST_DENIED, "api.view_as_reads",
                "You see as somebody else does: nothing can be changed meanwhile");
}

Status api_authenticate(Edge *e)
{
    const Route *route = req_route(e->rq);
    Str bearer = req_header(e->rq, "Authorization"), cookie = req_cookie(e->rq, "gx_session");
    if (!strcmp(route->right, "public"))
        return ST_OK;
    if (str_starts(bearer, STR("Bearer ")))
        TRY(key_user(e, str_trim(str_sub(bearer, 7, bearer.n))));
    else if (cookie.n)
        TRY(session_user(e, cookie));
    else if (req_is_local_owner(e->rq))
        TRY(owner_user(e));
    else
        return FAIL(&e->cx, ST_UNAUTHENTICATED, "api.sign_in", "Sign in first");
    e->cx.cause = e->by_cookie ? "person" : "api";
    TRY(only_looks(e));
    return route->right[0] ? access_require_right(&e->cx, route->right) : ST_OK;
}

void api_leave_request(Edge *e)
{
    if (e->writes)
        e->app->writing--;
    e->writes = false;
    e->statements += e->cx.stats.statements;
    e->cx.stats.statements = 0;
    if (e->user) {
        e->user_id = e->user->id;
        access_user_release(e->user);
    }
    e->user = NULL;
    e->viewer = 0;
    ctx_empty(&e->cx);
}
