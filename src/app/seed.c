/* SPDX-License-Identifier: Apache-2.0 */
/* What a new organisation finds: roles, regions, pipelines from seed/<number>-*.json, the head
 * office and the administrator. Steps are one transaction each, in the order of the files, because a
 * step links to rows of the one before; a step whose object has rows already is left alone, so an
 * interrupted first start goes on where it stopped. */
#include "app/app.h"
#include "base/embed.h"
#include "base/id.h"
#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- rows */
static Status apply(Ctx *cx, App *app, Plan *plan)
{
    PlanResult result;
    return db_apply(app->pool, cx, plan, &result);
}

static Status add_row(Ctx *cx, Plan *plan, const Object *o, const json_t *row)
{
    Record *r = record_new(cx, o);
    r->import = true;
    TRY(record_set_json(cx, r, row));
    return record_write(cx, plan, r);
}

static Status has_rows(Ctx *cx, const Object *o, bool *ret)
{
    Id id = 0;
    size_t n = 0;
    TRY(query_ids(cx, o, STR_NULL, 0, 1, &id, &n));
    *ret = n > 0;
    return ST_OK;
}

static Status run_step(Ctx *cx, App *app, const json_t *step, const Object **fresh, size_t *n_fresh)
{
    const Object *o = meta_object(cx->meta, json_get_str(step, "object"));
    bool known = false, full = false;
    if (!o)
        return FAIL(cx, ST_INTERNAL, "app.seed_object", "seed: there is no such object");
    for (size_t i = 0; i < *n_fresh; i++)
        known = known || fresh[i] == o;
    if (!known) {
        TRY(has_rows(cx, o, &full));
        if (full)
            return ST_OK;
        fresh[(*n_fresh)++] = o;
    }
    Plan *plan = plan_new(cx);
    const json_t *rows = json_object_get(step, "rows");
    for (size_t i = 0; i < json_array_size(rows); i++)
        TRY(add_row(cx, plan, o, json_array_get(rows, i)));
    return apply(cx, app, plan);
}

static Status run_file(Ctx *cx, App *app, const EmbedFile *file)
{
    json_t *all;
    const Object *fresh[16];
    size_t n = 0;
    TRY(json_parse(cx, str_n((const char *)file->data, file->size), &all));
    const json_t *steps = json_object_get(all, "steps");
    for (size_t i = 0; i < json_array_size(steps) && i < COUNT_OF(fresh); i++)
        TRY(run_step(cx, app, json_array_get(steps, i), fresh, &n));
    return ST_OK;
}

static bool is_seed(const EmbedFile *file)
{
    Str path = str_of(file->path);
    return str_starts(path, STR("seed/")) && path.n > 5 && isdigit((unsigned char)path.p[5]);
}

/* ---- the administrator */
static Status read_password(Ctx *cx, const char *path, Str *ret)
{
    char line[256] = "";
    FILE *f = fopen(path, "re");
    if (!f || !fgets(line, sizeof line, f)) {
        if (f)
            fclose(f);
        return FAIL(cx, ST_INVALID, "app.password_file", "Cannot read the password from %s", path);
    }
    fclose(f);
    *ret = str_copy(cx->arena, str_trim(str_of(line)));
    return ST_OK;
}

/* 16 characters of an alphabet without look-alikes: 5 × 16 = 80 bits. */
static Str make_password(Ctx *cx)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    char *p = arena_alloc(cx->arena, 17);
    for (int i = 0; i < 16; i++)
        p[i] = letters[randombytes_uniform(32)];
    p[16] = 0;
    return str_of(p);
}

static json_t *row_of(Ctx *cx, const char *text)
{
    json_t *row = NULL;
    Status st = json_parse(cx, str_of(text), &row);
    return st == ST_OK ? row : NULL;
}

static Status add_office(Ctx *cx, App *app, const Settings *s)
{
    const Object *o = meta_object(cx->meta, STR("department"));
    bool full = false;
    TRY(has_rows(cx, o, &full));
    if (full)
        return ST_OK;
    Plan *plan = plan_new(cx);
    Buf row = buf_in(cx->arena, 4096);
    buf_lit(&row, "{\"code\":\"head\",\"kind\":\"company\",\"name\":");
    buf_json_str(&row, str_of(s->name));
    buf_char(&row, '}');
    TRY(add_row(cx, plan, o, row_of(cx, buf_z(&row))));
    return apply(cx, app, plan);
}

static Status add_administrator(Ctx *cx, App *app, const Settings *s, Str *ret_password)
{
    const Object *o = meta_object(cx->meta, STR("user"));
    bool english = str_starts(str_of(s->language), STR("en"));
    Str password = STR_NULL;
    if (s->admin_password_file)
        TRY(read_password(cx, s->admin_password_file, &password));
    else
        password = *ret_password = make_password(cx);
    Record *r = record_new(cx, o);
    Plan *plan = plan_new(cx);
    Str row = str_format(
        cx->arena,
        "{\"name\":\"%s\",\"login\":\"admin\",\"status\":\"active\",\"language\":\"%s\","
        "\"time_zone\":\"%s\",\"department\":{\"match\":{\"code\":\"head\"}},"
        "\"roles\":[{\"match\":{\"code\":\"administrator\"}}]}",
        english ? "Administrator" : "系统管理员", english ? "en" : "zh-CN", s->time_zone);
    TRY(record_set_json(cx, r, row_of(cx, str_z(cx->arena, row))));
    TRY(record_write(cx, plan, r));
    TRY(access_set_password(cx, app->access, r->id, STR("admin"), password, plan));
    return apply(cx, app, plan);
}

static Status set_organisation(Ctx *cx, App *app, const Settings *s)
{
    Plan *plan = plan_new(cx);
    Buf row = buf_in(cx->arena, 4096);
    bool first = true;
    buf_char(&row, '{');
    buf_key(&row, &first, "name");
    buf_json_str(&row, str_of(s->name));
    buf_key(&row, &first, "currency");
    buf_json_str(&row, str_of(s->currency));
    buf_key(&row, &first, "language");
    buf_json_str(&row, str_of(s->language));
    buf_key(&row, &first, "time_zone");
    buf_json_str(&row, str_of(s->time_zone));
    buf_char(&row, '}');
    TRY(meta_set_organisation(cx, app->meta, row_of(cx, buf_z(&row)), plan));
    return apply(cx, app, plan);
}

static Status in_system(Ctx *outer, App *app, Status (*work)(Ctx *, App *, const Settings *, Str *),
                        const Settings *s, Str *ret)
{
    Ctx cx = {0};
    Status st = api_enter(app, outer->arena, 0, &cx);
    if (st == ST_OK) {
        cx.cause = "import";
        st = work(&cx, app, s, ret);
        api_leave(app, &cx);
    }
    if (st != ST_OK)
        outer->err = cx.err;
    return st;
}

static Status is_done(Ctx *cx, App *app, const Settings *s, Str *ret)
{
    Id id = 0;
    bool found = false;
    (void)app;
    (void)s;
    TRY(access_user_by_login(cx, STR("admin"), &id, &found));
    *ret = found ? STR("yes") : STR_NULL;
    return ST_OK;
}

static Status organise(Ctx *cx, App *app, const Settings *s, Str *ret)
{
    (void)ret;
    return set_organisation(cx, app, s);
}

static Status fill(Ctx *cx, App *app, const Settings *s, Str *ret)
{
    (void)ret;
    for (size_t i = 0; i < embed_meta_count; i++)
        if (is_seed(&embed_meta[i]))
            TRY(run_file(cx, app, &embed_meta[i]));
    return add_office(cx, app, s);
}

Status seed_organisation(Ctx *cx, App *app, const Settings *s, Str *ret_password)
{
    Str done = STR_NULL;
    *ret_password = STR_NULL;
    TRY(in_system(cx, app, is_done, s, &done));
    if (done.n)
        return ST_OK;
    TRY(in_system(cx, app, organise, s, NULL));
    TRY(in_system(cx, app, fill, s, NULL));
    return in_system(cx, app, add_administrator, s, ret_password);
}
