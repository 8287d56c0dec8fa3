/* SPDX-License-Identifier: Apache-2.0 */
/* The way in: what may be cleaned up, what would happen, the job. */
#include "access/access.h"
#include "bulk/bulk.h"
#include "cleanup/cleanup_internal.h"
#include "query/query.h"

#define ARCHIVES 10
#define PREVIEW_CHECKED 500 /* as the preview of bulk changes */

const JobDef cleanup_jobs[] = {
    {.name = "cleanup",
     .run = cleanup_run,
     .max_attempts = 3,
     .timeout_s = 6 * 3600,
     .summary = "Writes records to an archive, then has them deleted"},
    {.name = NULL},
};

/* What former clean-ups left, of that what the person may see. */
static Status write_archives(Ctx *cx, Buf *out)
{
    const Object *file = meta_object(cx->meta, STR("file"));
    const ListQuery q = {.filter = STR("name starts \"guanxi-cleanup-\""),
                         .fields = STR("name,size,created_at,created_by"),
                         .limit = ARCHIVES};
    if (file && access_may_some(cx, file, ACCESS_READ))
        return query_list(cx, file, &q, out);
    buf_lit(out, "{\"items\":[],\"next\":null}");
    return ST_OK;
}

Status cleanup_list_write(Ctx *cx, Buf *out)
{
    bool first = true;
    buf_printf(out, "{\"most\":%d,\"objects\":[", CLEANUP_MOST);
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        if (!cleanup_may(cx, o))
            continue;
        buf_printf(out, "%s{\"object\":", first ? "" : ",");
        first = false;
        buf_json_str(out, o->name);
        buf_lit(out, ",\"rules\":[");
        cleanup_write_rules(cx, o, out);
        buf_lit(out, "]}");
    }
    buf_lit(out, "],\"archives\":");
    TRY(write_archives(cx, out));
    buf_char(out, '}');
    return ST_OK;
}

static Status write_with(Ctx *cx, const Cleanup *c, Buf *out)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, PREVIEW_CHECKED);
    size_t n = 0;
    Reach reach = {0};
    TRY(query_ids(cx, c->object, c->filter, 0, PREVIEW_CHECKED, ids, &n));
    TRY(cleanup_sift(cx, c->object, ids, NULL, &n, NULL));
    TRY(cleanup_reach(cx, c->object, ids, n, &reach));
    TRY(cleanup_reach_kept(cx, &reach));
    buf_printf(out, ",\"with_of\":%zu,\"with\":", n);
    cleanup_reach_write(&reach, out);
    return ST_OK;
}

Status cleanup_preview(Ctx *cx, const json_t *body, Buf *out)
{
    Cleanup c;
    int64_t takes = 0;
    TRY(cleanup_parse(cx, body, &c));
    TRY(query_count(cx, c.object, c.filter, false, CLEANUP_MOST, &takes));
    json_t *asked = json_pack("{s:s%, s:b}", "filter", c.filter.p, c.filter.n, "delete", 1);
    json_own(cx->arena, asked);
    buf_lit(out, "{\"filter\":");
    buf_json_str(out, c.filter);
    buf_printf(out, ",\"takes\":%lld,\"preview\":", (long long)takes);
    TRY(bulk_preview(cx, c.object, asked, out));
    TRY(write_with(cx, &c, out));
    buf_char(out, '}');
    return ST_OK;
}

Status cleanup_enqueue(Ctx *cx, Plan *plan, const json_t *body, Id *ret_job)
{
    Cleanup c;
    TRY(cleanup_parse(cx, body, &c)); /* for what it refuses */
    return job_enqueue(cx, plan, "cleanup", body, 0, 0, ret_job);
}
