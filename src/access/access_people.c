/* SPDX-License-Identifier: Apache-2.0 */
/* What other people may do with a record: each is asked with the snapshot his own requests would use. */
#include "access/access_internal.h"

enum { MAX_PEOPLE = 300 }; /* looked at for one answer */

void access_people_begin(Ctx *cx, const User *as, AccessActing *kept)
{
    *kept = (AccessActing){.user = cx->user, .zone = cx->zone, .user_id = cx->user_id};
    cx->user = as;
    cx->user_id = as->id;
    cx->zone = as->zone;
}

void access_people_end(Ctx *cx, const AccessActing *kept)
{
    cx->user = kept->user;
    cx->user_id = kept->user_id;
    cx->zone = kept->zone;
}

static void people_name(Buf *out, Id id, Str name)
{
    buf_lit(out, "\"user\":");
    buf_json_named(out, id, name);
}

/* One person of the list; nothing is written of who may not even read. */
static Status people_one(Ctx *cx, const Object *o, const AccessRecord *r, bool positions, Buf *out,
                         bool *first)
{
    AccessAsked asked = {ACCESS_READ, positions};
    bool reads = false, updates = false, deletes = false;
    TRY(access_may(cx, o, ACCESS_READ, r, &reads));
    if (!reads)
        return ST_OK;
    TRY(access_may(cx, o, ACCESS_UPDATE, r, &updates));
    TRY(access_may(cx, o, ACCESS_DELETE, r, &deletes));
    buf_str_add(out, *first ? STR("{") : STR(",{"));
    *first = false;
    people_name(out, cx->user->id, cx->user->name);
    buf_printf(out, ",\"can\":[\"read\"%s%s],\"because\":[", updates ? ",\"update\"" : "",
               deletes ? ",\"delete\"" : "");
    TRY(access_explain_because(cx, o, asked, r, out));
    buf_lit(out, "]}");
    return ST_OK;
}

Status access_people_ids(Ctx *cx, Id *ids, size_t limit, size_t *ret_n)
{
    const Object *o = meta_object(cx->meta, STR("user"));
    const Field *status = o ? object_field(o, STR("status")) : NULL;
    CLEANUP(stmt) Stmt *st = NULL;
    Sql q = sql_new(cx->arena);
    *ret_n = 0;
    if (!status)
        return ST_OK;
    sql_lit(&q, "SELECT \"id\" FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, status, 0);
    sql_lit(&q, " = ");
    sql_bind_text(&q, STR("active"));
    sql_lit(&q, " ORDER BY \"id\" LIMIT ");
    sql_number(&q, (int64_t)limit);
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    for (bool more = true; more;) {
        TRY(db_next(st, &more));
        if (more)
            ids[(*ret_n)++] = db_col_id(st, 0);
    }
    return ST_OK;
}

static Status people_write(Ctx *cx, const Object *o, const AccessRecord *r, Id id, Buf *out,
                           bool *first)
{
    const User *u = NULL;
    AccessActing kept;
    bool positions = access_explain_positions(cx);
    TRY(access_user_load(cx, cx->user->store, id, &u));
    access_people_begin(cx, u, &kept);
    Status st = people_one(cx, o, r, positions, out, first);
    access_people_end(cx, &kept);
    access_user_release(u);
    return st;
}

Status access_explain_people(Ctx *cx, const Object *o, const AccessRecord *r, Buf *out)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, MAX_PEOPLE + 1);
    size_t n;
    bool first = true;
    TRY(access_people_ids(cx, ids, MAX_PEOPLE + 1, &n));
    buf_lit(out, ",\"people\":[");
    for (size_t i = 0; i < n && i < MAX_PEOPLE; i++)
        TRY(people_write(cx, o, r, ids[i], out, &first));
    buf_printf(out, "],\"people_more\":%s", n > MAX_PEOPLE ? "true" : "false");
    return ST_OK;
}

/* Somebody who may not sign in can do nothing. */
static void people_inactive(Id user, Buf *out)
{
    buf_char(out, '{');
    people_name(out, user, STR_NULL);
    buf_lit(out, ",\"active\":false,\"read\":false,\"because\":[],"
                 "\"because_not\":[{\"rule\":\"not active\"}]}");
}

Status access_explain_user(Ctx *cx, const Object *o, const AccessRecord *r, Id user, Buf *out)
{
    const User *u = NULL;
    AccessActing kept;
    const Object *users = meta_object(cx->meta, STR("user"));
    bool there = false;
    if (users)
        TRY(query_visible(cx, users, user, &there));
    if (!there)
        return FAIL(cx, ST_NOT_FOUND, "access.no_person", "there is no such person");
    Status st = access_user_load(cx, cx->user->store, user, &u);
    if (st == ST_UNAUTHENTICATED) {
        error_clear(cx);
        people_inactive(user, out);
        return ST_OK;
    }
    TRY(st);
    bool positions = access_explain_positions(cx);
    access_people_begin(cx, u, &kept);
    buf_char(out, '{');
    people_name(out, u->id, u->name);
    buf_lit(out, ",\"active\":true,");
    st = access_explain_person(cx, o, r, positions, out);
    buf_char(out, '}');
    access_people_end(cx, &kept);
    access_user_release(u);
    return st;
}
