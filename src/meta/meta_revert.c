/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a change of the catalogue back: each difference that it made is undone where its result
 * still stands; what others have changed since is told and stops the whole. */
#include "meta/meta_change.h"

static json_t *root_of(MetaChange *c)
{
    json_t *root = json_copy(c->rows); /* the kinds themselves are shared */
    json_object_set(root, "setting", c->settings);
    json_own(c->cx->arena, root);
    return root;
}

static Str path_text(Ctx *cx, const json_t *path)
{
    Buf b = buf_in(cx->arena, 4096);
    for (size_t i = 0; i < json_array_size(path); i++) {
        if (i)
            buf_char(&b, '.');
        buf_str_add(&b, json_str(json_array_get(path, i)));
    }
    return buf_str(&b);
}

static bool is_of_type(const MetaDiff *d)
{
    for (size_t i = 0; i < json_array_size(d->path); i++) {
        Str part = json_str(json_array_get(d->path, i));
        if (str_is(part, "generation") || str_is(part, "former") || str_is(part, "retype") ||
            str_is(part, "derived"))
            return true;
    }
    return false;
}

static Status revert_one(MetaChange *c, json_t *root, const MetaDiff *d)
{
    if (is_of_type(d))
        return FAIL(c->cx, ST_CONFLICT, "meta.revert_retype",
                    "a change of type is taken back by changing the type again");
    if (meta_diff_revert(root, d))
        return ST_OK;
    return FIELD_FAIL(c->cx, path_text(c->cx, d->path), "stale", "meta.changed_since",
                      "has been changed since");
}

/* What names a renamed field in its list is its key: one that comes back comes first, one that goes goes
 * last, so that the other differences find their field. */
static int turn_of(const MetaDiff *d)
{
    size_t n = json_array_size(d->path);
    if (n < 2 || !str_is(json_str(json_array_get(d->path, n - 1)), "key"))
        return 1;
    return d->old ? 0 : 2;
}

static Status revert_all(MetaChange *c, json_t *root, const MetaDiffs *diffs)
{
    Status st = ST_OK;
    for (int turn = 0; turn < 3; turn++) {
        for (size_t i = diffs->list.n; i-- > 0;) {
            if (turn_of(&diffs->list.v[i]) != turn)
                continue;
            Status one = revert_one(c, root, &diffs->list.v[i]);
            st = one == ST_OK ? st : one;
        }
    }
    return st;
}

/* A kind that had no rows then is empty now, not absent. */
static void give_kinds(json_t *rows)
{
    static const char *const kinds[] = {"object", "overlay", "list", "access"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!json_object_get(rows, kinds[i]))
            json_object_set_new(rows, kinds[i], json_object());
    }
}

Status meta_revert(Ctx *cx, MetaStore *s, int64_t version, Plan *plan)
{
    MetaChange c;
    MetaLogEntry entry;
    TRY(meta_log_get(cx, version, &entry));
    if (str_find(entry.action, STR(".purge")) != SIZE_MAX)
        return FAIL(cx, ST_CONFLICT, "meta.revert_purge",
                    "what was purged is gone and cannot be brought back");
    if (entry.reverted_by)
        return FAIL(cx, ST_CONFLICT, "meta.reverted_already",
                    "this change has been taken back already");
    if (!entry.diffs.list.n)
        return FAIL(cx, ST_CONFLICT, "meta.nothing_to_revert",
                    "this change has nothing that could be taken back");
    TRY(meta_change_begin(cx, s, plan, "revert", entry.object, entry.name, &c));
    c.entry.reverts = version;
    give_kinds(c.rows);
    TRY(revert_all(&c, root_of(&c), &entry.diffs));
    TRY(meta_change_build(&c, entry.object));
    TRY(meta_change_commit(&c));
    return entry.object.n ? meta_change_check_data(&c, entry.object) : ST_OK;
}
