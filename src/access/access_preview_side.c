/* SPDX-License-Identifier: Apache-2.0 */
/* What previews count: records on one side (gained or lost), over the people that were looked at, with a
 * few of them. */
#include "access/access_preview.h"
#include "base/calendar.h"

enum { MAX_RECORDS = 10000, SEEN_ALL = MAX_RECORDS + 1 };

bool access_preview_goes_on(int64_t began_ms, size_t n)
{
    return n < PREVIEW_LEAST || (n < PREVIEW_PEOPLE && clock_ms() - began_ms < PREVIEW_MS);
}

Status access_preview_condition(Ctx *cx, const User *u, const Object *o, AccessAction action,
                                int alias, Sql *q, int *next_alias)
{
    AccessActing kept;
    access_people_begin(cx, u, &kept);
    Status st = access_predicate_for(cx, o, action, db_kind_of(cx->db), alias, q, next_alias);
    access_people_end(cx, &kept);
    return st;
}

void access_preview_from(const Object *o, Sql *q)
{
    sql_lit(q, "SELECT ");
    sql_column(q, 0, o->id, 0);
    sql_lit(q, " FROM ");
    sql_table(q, o);
    sql_lit(q, " t0 WHERE 1=1");
}

void access_preview_unless(const Object *o, Sql *q)
{
    sql_lit(q, " AND NOT EXISTS (SELECT 1 FROM ");
    sql_table(q, o);
    sql_lit(q, " t1 WHERE ");
    sql_column(q, 1, o->id, 0);
    sql_lit(q, " = ");
    sql_column(q, 0, o->id, 0);
}

static void side_sample(PreviewSide *side, Id id)
{
    for (size_t i = 0; i < side->n_samples; i++)
        if (side->samples[i] == id)
            return;
    if (side->n_samples < PREVIEW_SAMPLES)
        side->samples[side->n_samples++] = id;
}

Status access_preview_count(Ctx *cx, Sql *q, PreviewSide *side)
{
    CLEANUP(stmt) Stmt *st = NULL;
    int64_t n = 0;
    sql_lit(q, " LIMIT ");
    sql_number(q, SEEN_ALL);
    TRY(db_prepare_str(cx, sql_text(q), &st));
    TRY(db_bind_all(st, q->vals->v, q->vals->n));
    for (bool more = true;; n++) {
        TRY(db_next(st, &more));
        if (!more)
            break;
        side_sample(side, db_col_id(st, 0));
    }
    side->people += n > 0;
    side->capped = side->capped || n > MAX_RECORDS;
    side->records += n > MAX_RECORDS ? MAX_RECORDS : n;
    return ST_OK;
}

Status access_preview_write_side(Ctx *cx, const Object *o, const PreviewSide *side, Buf *out)
{
    Str titles[PREVIEW_SAMPLES];
    if (side->n_samples)
        TRY(query_titles(cx, o, side->samples, side->n_samples, titles, NULL));
    buf_printf(out, "\"people\":%lld,\"records\":%lld,\"exact\":%s,\"samples\":[",
               (long long)side->people, (long long)side->records, side->capped ? "false" : "true");
    for (size_t i = 0; i < side->n_samples; i++) {
        if (i)
            buf_char(out, ',');
        buf_json_named(out, side->samples[i], titles[i]);
    }
    buf_char(out, ']');
    return ST_OK;
}

Status access_preview_write_both(Ctx *cx, const Object *o, const PreviewSide *gained,
                                 const PreviewSide *lost, Buf *out)
{
    buf_lit(out, "\"gained\":{");
    TRY(access_preview_write_side(cx, o, gained, out));
    buf_lit(out, "},\"lost\":{");
    TRY(access_preview_write_side(cx, o, lost, out));
    buf_char(out, '}');
    return ST_OK;
}
