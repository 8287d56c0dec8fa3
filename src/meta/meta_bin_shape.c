/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of the objects in the bin, where a database lacks them: it is being filled from another engine, whose
 * columns do not say all about their types. The catalogue is compiled as if they had been brought back, and
 * nothing of it is kept but the shape of the database. (Removed fields keep their columns anyway.) */
#include "meta/meta_purge.h"
#include "meta/meta_store.h"

/* Takes the mark of removal off one object, or off all (only: NULL). */
static bool unmark(const json_t *rows, const char *only)
{
    const char *name;
    json_t *row;
    bool any = false;
    json_object_foreach(json_object_get(rows, "object"), name, row)
    {
        if (!json_get_bool(row, "removed", false) || (only && strcmp(only, name) != 0))
            continue;
        json_object_del(row, "removed");
        json_object_del(row, "removed_at");
        any = true;
    }
    return any;
}

static Status shape(Ctx *cx, MetaStore *s, const MetaSnapshot *now, const char *only)
{
    MetaSnapshot *snap = NULL;
    PlanResult result;
    Plan *plan = plan_new(cx);
    json_t *rows = json_deep_copy(now->rows);
    Status st = ST_OK;
    if (unmark(rows, only))
        st = meta_store_build(cx, s, rows, now->settings, &now->numbers, now->m->version, STR_NULL,
                              &snap);
    json_decref(rows);
    if (st != ST_OK || !snap)
        return st;
    st = meta_database_sync(cx, snap->m, plan);
    if (st == ST_OK && !plan_is_empty(plan))
        st = db_apply(s->pool, cx, plan, &result);
    meta_release(snap->m);
    return st;
}

/* Those that cannot come back together (one needs what is gone) are tried by themselves; what cannot even then
 * gets the types it has where it comes from. */
Status meta_bin_shape(Ctx *cx, MetaStore *s)
{
    MetaSnapshot *now;
    const char *name;
    json_t *row;
    Ctx all = *cx;
    TRY(meta_store_latest(cx, s, &now));
    if (shape(&all, s, now, NULL) != ST_OK)
        json_object_foreach(json_object_get(now->rows, "object"), name, row)
        {
            Ctx one = *cx;
            if (json_get_bool(row, "removed", false))
                (void)!shape(&one, s, now, name);
        }
    meta_release(now->m);
    return ST_OK;
}
