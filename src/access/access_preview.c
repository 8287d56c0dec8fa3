/* SPDX-License-Identifier: Apache-2.0 */
/* What a role's new form would open and close: people of the role are compiled under a catalogue with the
 * form laid over it, and per object the records are counted that one predicate finds and the other does
 * not. Nothing is stored. */
#include "access/access_preview.h"
#include "base/calendar.h"

/* ---- who */
static Status preview_people(Preview *p, Str role)
{
    Ctx *cx = p->cx;
    const Object *user = meta_object(cx->meta, STR("user")),
                 *roles = meta_object(cx->meta, STR("role"));
    const Field *link = user ? object_field(user, STR("roles")) : NULL,
                *status = user ? object_field(user, STR("status")) : NULL,
                *code = roles ? object_field(roles, STR("code")) : NULL;
    CLEANUP(stmt) Stmt *st = NULL;
    Sql q = sql_new(cx->arena);
    if (!link || link->kind != F_LINKS || !code || !status)
        return ST_OK;
    sql_lit(&q, "SELECT t0.\"id\" FROM ");
    sql_table(&q, user);
    sql_lit(&q, " t0 WHERE ");
    sql_column(&q, 0, status, 0);
    sql_lit(&q, " = ");
    sql_bind_text(&q, STR("active"));
    sql_lit(&q, " AND (t0.\"id\" IN (SELECT record FROM ");
    sql_links_table(&q, link);
    sql_lit(&q, " WHERE target IN (SELECT \"id\" FROM ");
    sql_table(&q, roles);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, code, 0);
    sql_lit(&q, " = ");
    sql_bind_text(&q, role);
    sql_lit(&q, "))");
    access_user_has_role(cx, &q, 0, role);
    sql_lit(&q, ") ORDER BY t0.\"id\"");
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    for (bool more = true;; p->people++) {
        TRY(db_next(st, &more));
        if (!more)
            return ST_OK;
        if (p->n_ids < PREVIEW_PEOPLE)
            p->ids[p->n_ids++] = db_col_id(st, 0);
    }
}

static void preview_done(Preview *p)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->before_users[i])
            access_user_release(p->before_users[i]);
        if (p->after_users[i])
            access_user_release(p->after_users[i]);
    }
}

/* The next person, as he is and as he would be. */
static Status preview_compile(Preview *p)
{
    Ctx *cx = p->cx;
    const Meta *now = cx->meta;
    size_t i = p->n++;
    TRY(access_user_load(cx, cx->user->store, p->ids[i], &p->before_users[i]));
    cx->meta = &p->after;
    Status st = access_user_fresh(cx, cx->user->store, p->ids[i], &p->after_users[i]);
    cx->meta = now;
    return st;
}

/* ---- which records: what `has` sees and `lacks` does not */
static Status preview_side(Ctx *cx, const Object *o, const User *has, const User *lacks,
                           PreviewSide *side)
{
    int next_alias = 2;
    Sql q = sql_new(cx->arena);
    access_preview_from(o, &q);
    TRY(access_preview_condition(cx, has, o, ACCESS_READ, 0, &q, &next_alias));
    access_preview_unless(o, &q);
    TRY(access_preview_condition(cx, lacks, o, ACCESS_READ, 1, &q, &next_alias));
    sql_lit(&q, ")");
    return access_preview_count(cx, &q, side);
}

typedef struct PreviewObject {
    const Object *object;
    PreviewSide gained, lost;
} PreviewObject;

static size_t preview_objects(const Preview *p, const json_t *body, PreviewObject **ret)
{
    const json_t *objects = json_object_get(body, "objects");
    const char *name;
    json_t *rights;
    size_t n = 0;
    *ret = ARENA_ARRAY(p->cx->arena, PreviewObject, json_object_size(objects) + 1);
    json_object_foreach((json_t *)objects, name, rights)
    {
        (*ret)[n] = (PreviewObject){.object = meta_object(p->cx->meta, str_of(name))};
        n += (*ret)[n].object != NULL;
    }
    return n;
}

static Status preview_look(Preview *p, PreviewObject *all, size_t n)
{
    int64_t began = clock_ms();
    while (p->n < p->n_ids && access_preview_goes_on(began, p->n)) {
        TRY(preview_compile(p));
        const User *before = p->before_users[p->n - 1], *after = p->after_users[p->n - 1];
        for (size_t i = 0; i < n; i++) {
            TRY(preview_side(p->cx, all[i].object, after, before, &all[i].gained));
            TRY(preview_side(p->cx, all[i].object, before, after, &all[i].lost));
        }
    }
    return ST_OK;
}

static Status preview_write_objects(Preview *p, const PreviewObject *all, size_t n, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        const PreviewObject *one = &all[i];
        if (!one->gained.records && !one->lost.records)
            continue;
        buf_str_add(out, first ? STR("{\"object\":") : STR(",{\"object\":"));
        first = false;
        buf_json_str(out, one->object->name);
        buf_char(out, ',');
        TRY(access_preview_write_both(p->cx, one->object, &one->gained, &one->lost, out));
        buf_char(out, '}');
    }
    return ST_OK;
}

static Status preview_write(Preview *p, Str role, const json_t *body, Buf *out)
{
    PreviewObject *all = NULL;
    size_t n = preview_objects(p, body, &all);
    TRY(preview_look(p, all, n));
    buf_printf(out, "{\"people\":%lld,\"looked_at\":%zu,\"objects\":[", (long long)p->people, p->n);
    TRY(preview_write_objects(p, all, n, out));
    buf_char(out, ']');
    TRY(access_preview_form(p, role, body, out));
    buf_char(out, '}');
    return ST_OK;
}

static const json_t *preview_forms(Ctx *cx, Str role, const json_t *body)
{
    json_t *all = json_deep_copy(cx->meta->access);
    json_t *form = json_object_getn(all, role.p, role.n);
    json_own(cx->arena, all);
    json_t *objects = json_object_get(form, "objects");
    if (!objects) {
        objects = json_object();
        json_object_set_new(form, "objects", objects);
    }
    json_object_update(objects, json_object_get(body, "objects"));
    if (json_object_get(body, "system"))
        json_object_set(form, "system", json_object_get(body, "system"));
    return all;
}

Status access_preview(Ctx *cx, Str role, const json_t *body, Buf *out)
{
    Preview p = {.cx = cx, .after = *cx->meta};
    if (!json_object_getn(cx->meta->access, role.p, role.n))
        return FAIL(cx, ST_NOT_FOUND, "access.no_role", "there is no role of that name");
    p.after.access = preview_forms(cx, role, body);
    TRY(preview_people(&p, role));
    Status st = preview_write(&p, role, body, out);
    preview_done(&p);
    return st;
}
