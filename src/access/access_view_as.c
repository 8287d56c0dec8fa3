/* SPDX-License-Identifier: Apache-2.0 */
/* Seeing as somebody else does. The session in hand ends and another begins that belongs to the same
 * person and names whose eyes: every node reads it afresh, and a page that was open before has the
 * wrong CSRF token. Writing is refused at the edge (docs/adr/0063). */
#include "access/access_internal.h"
#include "meta/mask.h"

static const char SQL_NEW[] = "INSERT INTO {gx_session} (token_hash, user_id, csrf, created_at, "
                              "seen_at, expires_at, view_as) "
                              "VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)";

static Status view_as_refused(Ctx *cx)
{
    return FAIL(cx, ST_DENIED, "access.view_as_more", "this person may see what you may not");
}

static bool view_as_has(const User *u, Str right)
{
    for (size_t i = 0; i < u->n_system; i++)
        if (str_eq(u->system[i], right))
            return true;
    return false;
}

/* Both see a mask: his must not leave more than the viewer's. */
static bool view_as_masks_less(const Ctx *cx, const Field *f, const ObjectRights *theirs)
{
    MaskStyle his = theirs->masks ? (MaskStyle)theirs->masks[f->index] : MASK_AUTO,
              mine = (MaskStyle)access_query.mask(cx, f);
    return his == mine || mask_shows_more(mine, his) == mine;
}

/* The viewer knows every field that the other one knows. */
static bool view_as_knows(const Ctx *cx, const Object *o, const User *as)
{
    const ObjectRights *theirs = &as->objects[o->number];
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        int right = theirs->fields ? theirs->fields[i] : FIELD_WRITE;
        int needed = right > FIELD_READ ? FIELD_READ : right;
        if ((int)access_field(cx, f) < needed)
            return false;
        if (right == FIELD_MASKED && access_field(cx, f) == FIELD_MASKED &&
            !view_as_masks_less(cx, f, theirs))
            return false;
        if (access_rights_says(cx, as, f, "read_secrets") &&
            !access_rights_says(cx, cx->user, f, "read_secrets"))
            return false;
    }
    return true;
}

Status access_view_as_check(Ctx *cx, const User *as)
{
    if (cx->user->is_administrator)
        return ST_OK;
    TRY(access_require_right(cx, "view_as"));
    if (as->is_administrator)
        return view_as_refused(cx);
    for (size_t i = 0; i < as->n_system; i++)
        if (!view_as_has(cx->user, as->system[i]))
            return view_as_refused(cx);
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        if (o->number >= as->n_objects || !access_rights_reads_some(&as->objects[o->number]))
            continue;
        if (access_scope(cx, o, ACCESS_READ) != SCOPE_ALL || !view_as_knows(cx, o, as))
            return view_as_refused(cx);
    }
    return ST_OK;
}

/* The session of `token` gives way to another of the same person. */
static void view_as_swap(Ctx *cx, AccessStore *s, Str token, const Session *session, Id as,
                         Plan *plan, SignIn *ret)
{
    uint8_t hash[TOKEN_HASH];
    *ret = (SignIn){.refused = ST_OK, .user = session->user, .expires_ms = session->expires_ms};
    access_token_new(ret->token);
    access_token_new(ret->csrf);
    access_token_hash(str_of(ret->token), hash);
    const DbVal v[] = {db_blob(str_n(arena_dup(cx->arena, hash, TOKEN_HASH), TOKEN_HASH)),
                       db_int(session->user),
                       db_text(str_copy(cx->arena, str_of(ret->csrf))),
                       db_int(cx->now_ms),
                       db_int(session->expires_ms),
                       db_int(as)};
    access_sign_out(cx, s, token, plan);
    plan_exec(plan, STR_SQL(SQL_NEW), v, COUNT_OF(v));
}

Status access_view_as(Ctx *cx, AccessStore *s, Str token, const Session *session, Id user,
                      Plan *plan, SignIn *ret)
{
    const User *as = NULL;
    if (user == cx->user->id)
        return FIELD_FAIL(cx, STR("user"), "bad_value", "access.view_as_self",
                          "This is you yourself");
    Status st = user == USER_SYSTEM ? ST_UNAUTHENTICATED : access_user_load(cx, s, user, &as);
    if (st == ST_UNAUTHENTICATED) {
        error_clear(cx);
        return FIELD_FAIL(cx, STR("user"), "no_match", "access.view_as_whom",
                          "There is no such person who may sign in");
    }
    TRY(st);
    st = access_view_as_check(cx, as);
    access_user_release(as);
    TRY(st);
    if (session->view_as)
        access_log_view_as(cx, plan, session->view_as, false);
    access_log_view_as(cx, plan, user, true);
    view_as_swap(cx, s, token, session, user, plan, ret);
    return ST_OK;
}

void access_view_as_end(Ctx *cx, AccessStore *s, Str token, const Session *session, Plan *plan,
                        SignIn *ret)
{
    access_log_view_as(cx, plan, session->view_as, false);
    view_as_swap(cx, s, token, session, 0, plan, ret);
}
