/* SPDX-License-Identifier: Apache-2.0 */
/* Users: read from the users table with roles and departments, compiled, cached.
 *
 * A cached user is valid for one security epoch and one catalogue version; both change rarely, so a
 * request finds its user without a statement. */
#include "access/access_internal.h"
#include "base/utf8.h"

static const Field *user_field(const Object *o, const char *name)
{
    return object_field(o, str_of(name));
}

/* ---- the row */
enum {
    USER_NAME,
    USER_LOGIN,
    USER_LANGUAGE,
    USER_ZONE,
    USER_STATUS,
    USER_DEPARTMENT,
    USER_ROLES,
    USER_FIELDS
};
static const char *const USER_COLUMNS[USER_FIELDS] = {
    "name", "login", "language", "time_zone", "status", "department", "roles"};

static Status user_select(Ctx *cx, const Object *o, Id id, Stmt **ret)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT ");
    for (int i = 0; i < USER_FIELDS; i++) {
        const Field *f = user_field(o, USER_COLUMNS[i]);
        if (i > 0)
            sql_lit(&q, ", ");
        if (f)
            sql_column(&q, -1, f, 0);
        else
            sql_lit(&q, "NULL");
    }
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE id = ");
    sql_bind_int(&q, id);
    TRY(db_prepare_str(cx, sql_text(&q), ret));
    return db_bind_all(*ret, q.vals->v, q.vals->n);
}

static Str user_text(Arena *a, const Stmt *q, int col)
{
    return db_col_null(q, col) ? STR_NULL : str_copy(a, db_col_text(q, col));
}

static Status user_read(Ctx *cx, User *u, const Object *o, Value *ret_roles)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(user_select(cx, o, u->id, &q));
    TRY(db_next(q, &found));
    Str status = found ? user_text(cx->arena, q, USER_STATUS) : STR_NULL;
    if (!found || str_is(status, "suspended") || str_is(status, "left"))
        return FAIL(cx, ST_UNAUTHENTICATED, "access.no_user", "this user may not sign in");
    Str language = user_text(cx->arena, q, USER_LANGUAGE),
        zone = user_text(cx->arena, q, USER_ZONE);
    u->name = user_text(u->arena, q, USER_NAME);
    u->login = user_text(u->arena, q, USER_LOGIN);
    u->lang = str_is(language.n ? language : cx->meta->language, "en") ? LANG_EN : LANG_ZH;
    u->zone = zone_get(zone.n ? zone : cx->meta->time_zone);
    if (!u->zone)
        u->zone = zone_get(STR("UTC"));
    u->department = db_col_null(q, USER_DEPARTMENT) ? 0 : db_col_id(q, USER_DEPARTMENT);
    const Field *roles = user_field(o, "roles");
    *ret_roles = VALUE_NULL;
    if (roles)
        roles->type->load(cx->arena, roles, q, USER_ROLES, ret_roles);
    return ST_OK;
}

static User *user_new(Ctx *cx, AccessStore *s, Id id)
{
    Arena *a = arena_new(4096);
    User *u = ARENA_NEW(a, User);
    *u = (User){.id = id,
                .store = s,
                .arena = a,
                .snapshot = ARENA_NEW(a, QuerySnapshot),
                .refs = 1,
                .security_epoch = access_epoch(s),
                .valid_until_ms = INT64_MAX,
                .catalogue_version = cx->meta->version};
    u->snapshot->serial = __atomic_add_fetch(&s->snapshots, 1, __ATOMIC_RELAXED);
    return u;
}

static Status user_build(Ctx *cx, User *u)
{
    const Object *o = meta_object(cx->meta, STR("user"));
    Value roles = VALUE_NULL;
    if (!o)
        return FAIL(cx, ST_INTERNAL, "access.no_users", "there is no object user");
    TRY(user_read(cx, u, o, &roles));
    TRY(access_user_roles(cx, u, &roles));
    TRY(access_user_belongs(cx, u));
    return access_rights_compile(cx, u);
}

/* ---- cache */

static const User **user_slot(AccessStore *s, Id id)
{
    uint64_t h = (uint64_t)id * 0x9E3779B97F4A7C15u;
    return &s->users[h >> 32 & (STORE_USERS - 1)];
}

static const User *user_hold(const User *u)
{
    __atomic_add_fetch(&((User *)u)->refs, 1, __ATOMIC_RELAXED);
    return u;
}

static bool user_is_current(const Ctx *cx, const AccessStore *s, const User *u, Id id)
{
    return u && u->id == id && u->security_epoch == access_epoch(s) &&
           u->catalogue_version == cx->meta->version && cx->now_ms < u->valid_until_ms;
}

static const User *user_cached(Ctx *cx, AccessStore *s, Id id)
{
    pthread_mutex_lock(&s->lock);
    const User *u = *user_slot(s, id);
    u = user_is_current(cx, s, u, id) ? user_hold(u) : NULL;
    pthread_mutex_unlock(&s->lock);
    return u;
}

static void user_keep(AccessStore *s, const User *u)
{
    pthread_mutex_lock(&s->lock);
    const User **slot = user_slot(s, u->id), *old = *slot;
    *slot = user_hold(u);
    pthread_mutex_unlock(&s->lock);
    if (old)
        access_user_release(old);
}

void access_user_release(const User *u)
{
    if (u && __atomic_sub_fetch(&((User *)u)->refs, 1, __ATOMIC_ACQ_REL) == 0)
        arena_free(u->arena);
}

Status access_user_load(Ctx *cx, AccessStore *s, Id id, const User **ret)
{
    if (id == USER_SYSTEM)
        return access_user_system(cx, s, ret);
    *ret = user_cached(cx, s, id);
    if (*ret)
        return ST_OK;
    User *u = user_new(cx, s, id);
    Status st = user_build(cx, u);
    if (st != ST_OK) {
        access_user_release(u);
        return st;
    }
    user_keep(s, u);
    *ret = u;
    return ST_OK;
}

Status access_user_fresh(Ctx *cx, AccessStore *s, Id id, const User **ret)
{
    User *u = user_new(cx, s, id);
    Status st = user_build(cx, u);
    if (st == ST_OK)
        *ret = u;
    else
        access_user_release(u);
    return st;
}

Status access_user_system(Ctx *cx, AccessStore *s, const User **ret)
{
    *ret = user_cached(cx, s, USER_SYSTEM);
    if (*ret)
        return ST_OK;
    User *u = user_new(cx, s, USER_SYSTEM);
    u->name = STR("system");
    u->login = STR_NULL;
    u->is_administrator = true;
    u->lang = str_is(cx->meta->language, "en") ? LANG_EN : LANG_ZH;
    u->zone = zone_get(cx->meta->time_zone);
    if (!u->zone)
        u->zone = zone_get(STR("UTC"));
    user_keep(s, u);
    *ret = u;
    return ST_OK;
}

void access_act_as(Ctx *cx, const User *u)
{
    cx->user = u;
    cx->user_id = u->id;
    cx->access = &access_query;
    cx->zone = u->zone;
    cx->lang = u->lang;
    cx->security_epoch = u->security_epoch;
}

Status access_user_by_login(Ctx *cx, Str login, Id *ret, bool *ret_found)
{
    const Object *o = meta_object(cx->meta, STR("user"));
    const Field *f = o ? user_field(o, "login") : NULL;
    *ret = 0;
    *ret_found = false;
    if (!f || login.n == 0 || login.n > 400)
        return ST_OK;
    int folded = field_part(f, 'f');
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT id FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, f, folded < 0 ? 0 : folded);
    sql_lit(&q, " = ");
    sql_bind_text(&q, folded < 0 ? login : fold_text(cx->arena, login));
    return db_get_int(cx, str_z(cx->arena, sql_text(&q)), q.vals->v, q.vals->n, ret, ret_found);
}
