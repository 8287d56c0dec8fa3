/* SPDX-License-Identifier: Apache-2.0 */
/* Who has to do with a record that becomes part of another: shares by hand and of teams move to the kept one, the widest
 * right and the latest end win; marks (favourites, followers) are copied, pins of the timeline move. What was done is noted, so that the
 * undo gives back exactly that. */
#include "record/record_internal.h"

#define SAME_SHARE                                                                                 \
    "EXISTS (SELECT 1 FROM {gx_share} o WHERE o.object = s.object AND o.record = ?3 AND o.kind = " \
    "s.kind AND o.principal = s.principal AND o.source = s.source AND o.rule = s.rule)"
static const char SQL_NOTE_SHARES[] =
    "INSERT INTO {gx_merge_step} (batch, what, id, was) SELECT CAST(?4 AS bigint), 'share', s.id, "
    "s.record FROM "
    "{gx_share} s WHERE s.object = ?1 AND s.record = ?2 AND s.source < 3 AND NOT " SAME_SHARE;
static const char SQL_MOVE_SHARES[] = "UPDATE {gx_share} AS s SET record = ?3 WHERE s.object = ?1 "
                                      "AND s.record = ?2 AND s.source < 3 "
                                      "AND NOT " SAME_SHARE;
/* Who had the others opened to him further, or for longer, keeps that. */
#define FURTHER(what)                                                                              \
    "FROM {gx_share} s WHERE s.object = k.object AND s.record = ?2 AND s.kind = k.kind AND "       \
    "s.principal = k.principal AND s.source = k.source AND s.rule = k.rule AND s." what            \
    " > k." what
#define NOTE_FURTHER(what)                                                                         \
    "INSERT INTO {gx_merge_step} (batch, what, id, was) SELECT CAST(?4 AS bigint), '" what         \
    "', k.id, k." what " FROM {gx_share} k WHERE k.object = ?1 AND k.record = ?3 AND "             \
    "k.source < 3 AND EXISTS (SELECT 1 " FURTHER(what) ") ON CONFLICT DO NOTHING"
#define TAKE_FURTHER(what)                                                                         \
    "UPDATE {gx_share} AS k SET " what " = (SELECT s." what " " FURTHER(                           \
        what) ") WHERE "                                                                           \
              "k.object = ?1 AND k.record = ?3 AND k.source < 3 AND EXISTS (SELECT 1 " FURTHER(    \
                  what) ")"
/* Unless somebody has changed it since. */
#define FURTHER_BACK(what)                                                                         \
    "UPDATE {gx_share} AS k SET " what " = (SELECT m.was FROM {gx_merge_step} m WHERE m.batch = "  \
    "?1 AND m.what = '" what "' AND m.id = k.id) WHERE k.at <= (SELECT max(d.at) FROM "            \
    "{gx_merged} d WHERE d.batch = ?1) AND k.id IN (SELECT m.id FROM {gx_merge_step} m WHERE "     \
    "m.batch = ?1 AND m.what = '" what "')"
static const char SQL_NOTE_LEVEL[] = NOTE_FURTHER("level");
static const char SQL_NOTE_UNTIL[] = NOTE_FURTHER("until");
static const char SQL_TAKE_LEVEL[] = TAKE_FURTHER("level");
static const char SQL_TAKE_UNTIL[] = TAKE_FURTHER("until");
static const char SQL_LEVEL_BACK[] = FURTHER_BACK("level");
static const char SQL_UNTIL_BACK[] = FURTHER_BACK("until");
static const char SQL_NOTE_MARKS[] = "INSERT INTO {gx_merge_step} (batch, what, id, was) SELECT "
                                     "CAST(?4 AS bigint), 'mark:' || m.kind, m.user_id, "
                                     "CAST(?3 AS bigint) FROM {gx_mark} m WHERE m.object = ?1 AND "
                                     "m.record = ?2 AND NOT EXISTS (SELECT 1 FROM "
                                     "{gx_mark} o WHERE o.user_id = m.user_id AND o.kind = m.kind "
                                     "AND o.object = m.object AND o.record = ?3) "
                                     "ON CONFLICT DO NOTHING";
static const char SQL_COPY_MARKS[] =
    "INSERT INTO {gx_mark} (user_id, kind, object, record, at) SELECT m.user_id, m.kind, m.object, "
    "CAST(?3 AS bigint), m.at FROM {gx_mark} m WHERE m.object = ?1 AND m.record = ?2 ON CONFLICT "
    "DO NOTHING";
static const char SQL_MARKS_BACK[] =
    "DELETE FROM {gx_mark} WHERE object = ?2 AND record = ?3 AND EXISTS (SELECT 1 FROM "
    "{gx_merge_step} m WHERE "
    "m.batch = ?1 AND m.what = 'mark:' || {gx_mark}.kind AND m.id = {gx_mark}.user_id)";

/* What was pinned on the timelines of the others stays pinned. */
#define LOST_PINS                                                                                  \
    "FROM {gx_pin} p WHERE p.object = ?1 AND p.record = ?2 AND NOT EXISTS (SELECT 1 FROM "         \
    "{gx_pin} o WHERE o.object = p.object AND o.record = ?3 AND o.kind = p.kind AND o.entry = "    \
    "p.entry AND o.source = p.source AND o.off_at IS NULL)"
static const char SQL_NOTE_PINS[] =
    "INSERT INTO {gx_merge_step} (batch, what, id, was) SELECT CAST(?4 AS bigint), 'pin', p.id, "
    "p.record " LOST_PINS;
static const char SQL_MOVE_PINS[] =
    "UPDATE {gx_pin} SET record = ?3 WHERE id IN (SELECT p.id " LOST_PINS ")";
static const char SQL_PINS_BACK[] =
    "UPDATE {gx_pin} SET record = (SELECT m.was FROM {gx_merge_step} m WHERE m.batch = ?1 AND "
    "m.what = 'pin' AND m.id = {gx_pin}.id) WHERE id IN (SELECT m.id FROM {gx_merge_step} m WHERE "
    "m.batch = ?1 AND m.what = 'pin')";

void record_merge_people(Ctx *cx, Plan *plan, const Object *o, Id lost, Id keep)
{
    const DbVal shares[] = {db_int(o->number), db_int(lost), db_int(keep), db_int(cx->batch)};
    const DbVal marks[] = {db_text(o->name), shares[1], shares[2], shares[3]};
    plan_exec(plan, STR_SQL(SQL_NOTE_LEVEL), shares, COUNT_OF(shares));
    plan_exec(plan, STR_SQL(SQL_NOTE_UNTIL), shares, COUNT_OF(shares));
    plan_exec(plan, STR_SQL(SQL_TAKE_LEVEL), shares, 3);
    plan_exec(plan, STR_SQL(SQL_TAKE_UNTIL), shares, 3);
    plan_exec(plan, STR_SQL(SQL_NOTE_SHARES), shares, COUNT_OF(shares));
    plan_exec(plan, STR_SQL(SQL_MOVE_SHARES), shares, 3);
    query_sights_forget(cx, plan);
    plan_exec(plan, STR_SQL(SQL_NOTE_MARKS), marks, COUNT_OF(marks));
    plan_exec(plan, STR_SQL(SQL_COPY_MARKS), marks, 3);
    plan_exec(plan, STR_SQL(SQL_NOTE_PINS), marks, COUNT_OF(marks));
    plan_exec(plan, STR_SQL(SQL_MOVE_PINS), marks, 3);
}

/* Each knows the time of the record that it is of again. */
static void shares_back(Ctx *cx, Plan *plan, const Object *o, Id batch)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "UPDATE {gx_share} AS s SET record = m.was, touched = COALESCE((SELECT "
                "r.\"updated_at\" FROM ");
    sql_table(&q, o);
    sql_lit(&q, " r WHERE r.\"id\" = m.was), -1) FROM {gx_merge_step} m WHERE m.batch = ");
    sql_bind_int(&q, batch);
    sql_lit(&q, " AND m.what = 'share' AND m.id = s.id AND s.object = ");
    sql_bind_int(&q, o->number);
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
}

void record_merge_people_back(Ctx *cx, Plan *plan, const Object *o, Id keep, Id batch)
{
    const DbVal marks[] = {db_int(batch), db_text(o->name), db_int(keep)};
    plan_exec(plan, STR_SQL(SQL_LEVEL_BACK), marks, 1);
    plan_exec(plan, STR_SQL(SQL_UNTIL_BACK), marks, 1);
    shares_back(cx, plan, o, batch);
    query_sights_forget(cx, plan);
    plan_exec(plan, STR_SQL(SQL_MARKS_BACK), marks, COUNT_OF(marks));
    plan_exec(plan, STR_SQL(SQL_PINS_BACK), marks, 1);
}
