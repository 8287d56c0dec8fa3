/* SPDX-License-Identifier: Apache-2.0 */
/* The roles of a person: his own, and those that his positions bring while they are in use. Each is kept
 * with where it comes from, so that explanations can say it (docs/adr/0066). */
#include "access/access_internal.h"

enum { MAX_BROUGHT = 1000 };

typedef struct Roles {
    VEC(Id) ids;
    VEC(RoleFrom) from; /* by id of the role; the code follows when it is read */
    VEC(Id) from_ids;
} Roles;

static void roles_add(Ctx *cx, Roles *roles, Id role, RoleFrom from)
{
    bool there = false;
    for (size_t i = 0; i < roles->ids.n; i++)
        there = there || roles->ids.v[i] == role;
    if (!there)
        VEC_PUSH(cx->arena, &roles->ids, role);
    VEC_PUSH(cx->arena, &roles->from, from);
    VEC_PUSH(cx->arena, &roles->from_ids, role);
}

/* ---- what positions bring */
typedef struct Places { /* NULL, where the organisation has taken it away */
    const Object *object;
    const Field *brings, *active, *name, *name_en, *main, *others;
} Places;

static const Field *roles_field(const Object *o, const char *name, FieldKind kind)
{
    const Field *f = o ? object_field(o, str_of(name)) : NULL;
    return f && f->kind == kind ? f : NULL;
}

static bool roles_places(const Ctx *cx, Places *ret)
{
    const Object *o = meta_object(cx->meta, STR("position")),
                 *user = meta_object(cx->meta, STR("user"));
    *ret = (Places){.object = o,
                    .brings = roles_field(o, "roles", F_LINKS),
                    .active = roles_field(o, "is_active", F_BOOLEAN),
                    .name = roles_field(o, "name", F_TEXT),
                    .name_en = roles_field(o, "name_en", F_TEXT),
                    .main = roles_field(user, "position", F_LINK),
                    .others = roles_field(user, "other_positions", F_LINKS)};
    return ret->brings && ret->name && (ret->main || ret->others);
}

static void roles_held(Sql *q, const Places *p, Id user)
{
    sql_lit(q, " WHERE (1=0");
    if (p->main) {
        sql_lit(q, " OR t0.\"id\" = (SELECT ");
        sql_column(q, -1, p->main, 0);
        sql_lit(q, " FROM ");
        sql_table(q, p->main->object);
        sql_lit(q, " WHERE \"id\" = ");
        sql_bind_int(q, user);
        sql_lit(q, ")");
    }
    if (p->others) {
        sql_lit(q, " OR t0.\"id\" IN (SELECT \"target\" FROM ");
        sql_links_table(q, p->others);
        sql_lit(q, " WHERE \"record\" = ");
        sql_bind_int(q, user);
        sql_lit(q, ")");
    }
    sql_lit(q, ")");
    if (p->active) {
        sql_lit(q, " AND ");
        sql_column(q, 0, p->active, 0);
        sql_lit(q, " = ");
        sql_bind(q, db_bool(true));
    }
}

static Sql roles_brought_sql(Ctx *cx, const Places *p, Id user)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT b.\"target\", t0.\"id\", ");
    sql_column(&q, 0, p->name, 0);
    sql_lit(&q, ", ");
    sql_column(&q, 0, p->name_en ? p->name_en : p->name, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, p->object);
    sql_lit(&q, " t0 JOIN ");
    sql_links_table(&q, p->brings);
    sql_lit(&q, " b ON b.\"record\" = t0.\"id\"");
    roles_held(&q, p, user);
    sql_lit(&q, " ORDER BY t0.\"id\", b.\"target\" LIMIT ");
    sql_number(&q, MAX_BROUGHT);
    return q;
}

static Status roles_brought(Ctx *cx, User *u, Roles *roles)
{
    Places places;
    CLEANUP(stmt) Stmt *st = NULL;
    if (!roles_places(cx, &places))
        return ST_OK;
    Sql q = roles_brought_sql(cx, &places, u->id);
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    for (bool more = true;;) {
        TRY(db_next(st, &more));
        if (!more)
            return ST_OK;
        RoleFrom from = {.position = db_col_id(st, 1),
                         .name = str_copy(u->arena, db_col_text(st, 2)),
                         .name_en = db_col_null(st, 3) ? STR_NULL
                                                       : str_copy(u->arena, db_col_text(st, 3))};
        roles_add(cx, roles, db_col_id(st, 0), from);
    }
}

/* ---- their codes */
static void roles_name(Roles *roles, Id role, Str code)
{
    for (size_t i = 0; i < roles->from.n; i++)
        if (roles->from_ids.v[i] == role)
            roles->from.v[i].role = code;
}

static Status roles_codes(Ctx *cx, User *u, const Object *role, Roles *roles)
{
    VEC(Str) codes = {0};
    VEC(Id) found = {0};
    CLEANUP(stmt) Stmt *st = NULL;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT ");
    sql_column(&q, -1, object_field(role, STR("code")), 0);
    sql_lit(&q, ", \"id\" FROM ");
    sql_table(&q, role);
    sql_lit(&q, " WHERE id");
    access_ids_list(&q, roles->ids.v, roles->ids.n);
    sql_lit(&q, " ORDER BY id");
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    for (bool more = true; more;) {
        TRY(db_next(st, &more));
        if (!more)
            break;
        Str code = str_copy(u->arena, db_col_text(st, 0));
        VEC_PUSH(u->arena, &codes, code);
        VEC_PUSH(u->arena, &found, db_col_id(st, 1));
        roles_name(roles, db_col_id(st, 1), code);
    }
    u->roles = codes.v;
    u->n_roles = codes.n;
    u->role_ids = found.v;
    u->n_role_ids = found.n;
    return ST_OK;
}

Status access_user_roles(Ctx *cx, User *u, const Value *own)
{
    const Object *role = meta_object(cx->meta, STR("role"));
    Roles roles = {0};
    VEC(RoleFrom) from = {0};
    for (size_t i = 0; own->t == V_IDS && i < own->ids.n; i++)
        roles_add(cx, &roles, own->ids.p[i], (RoleFrom){0});
    TRY(roles_brought(cx, u, &roles));
    if (!role || !roles.ids.n)
        return ST_OK;
    TRY(roles_codes(cx, u, role, &roles));
    for (size_t i = 0; i < roles.from.n; i++)
        if (roles.from.v[i].role.n)
            VEC_PUSH(u->arena, &from, roles.from.v[i]);
    u->from = from.v;
    u->n_from = from.n;
    return ST_OK;
}

/* ---- who has a role */
static void roles_bringing(Sql *q, const Places *p, Str code)
{
    sql_lit(q, "SELECT \"record\" FROM ");
    sql_links_table(q, p->brings);
    sql_lit(q, " WHERE \"target\" IN (SELECT \"id\" FROM ");
    sql_table(q, p->brings->to);
    sql_lit(q, " WHERE ");
    sql_column(q, -1, object_field(p->brings->to, STR("code")), 0);
    sql_lit(q, " = ");
    sql_bind_text(q, code);
    sql_lit(q, ")");
    if (!p->active)
        return;
    sql_lit(q, " AND \"record\" IN (SELECT \"id\" FROM ");
    sql_table(q, p->object);
    sql_lit(q, " WHERE ");
    sql_column(q, -1, p->active, 0);
    sql_lit(q, " = ");
    sql_bind(q, db_bool(true));
    sql_lit(q, ")");
}

void access_user_has_role(const Ctx *cx, Sql *q, int alias, Str code)
{
    Places p;
    if (!roles_places(cx, &p))
        return;
    if (p.main) {
        sql_lit(q, " OR ");
        sql_column(q, alias, p.main, 0);
        sql_lit(q, " IN (");
        roles_bringing(q, &p, code);
        sql_lit(q, ")");
    }
    if (p.others) {
        sql_lit(q, " OR ");
        sql_column(q, alias, p.others->object->id, 0);
        sql_lit(q, " IN (SELECT \"record\" FROM ");
        sql_links_table(q, p.others);
        sql_lit(q, " WHERE \"target\" IN (");
        roles_bringing(q, &p, code);
        sql_lit(q, "))");
    }
}
