/* SPDX-License-Identifier: Apache-2.0 */
/* What a sharing rule would open and close, new, changed or removed: of people to whom it applies before or
 * after, the records that one state opens and the other does not. A rule that gave way is looked for in its
 * set alone, so the cost is that of the set and of the new condition. */
#include "access/access_preview.h"
#include "access/share_rule.h"
#include "base/calendar.h"

enum { MAX_ASKED = 300 }; /* people asked whether it applies to them */

typedef struct RulePreview {
    Ctx *cx;
    const Object *object;
    const ShareRule *before, *after; /* NULL: there is none */
    PreviewSide gained[2], lost[2];  /* reading, changing */
    int64_t people, began_ms;
    size_t looked_at;
} RulePreview;

static bool preview_is_one(const Id *ids, size_t n, Id id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* As the predicate reads the rule of a person. */
static bool preview_applies(const User *u, const ShareRule *rule)
{
    if (!rule)
        return false;
    switch (rule->kind) {
    case SHARE_USER: return preview_is_one(u->owners, u->n_owners, rule->principal);
    case SHARE_TEAM: return preview_is_one(u->teams, u->n_teams, rule->principal);
    case SHARE_DEPARTMENT:
        return preview_is_one(u->own_departments, u->n_own_departments, rule->principal);
    case SHARE_ROLE: return preview_is_one(u->role_ids, u->n_role_ids, rule->principal);
    case SHARE_EVERYONE: return true;
    default: return false;
    }
}

static const Id *preview_without(Ctx *cx, const Id *ids, size_t n, Id set, size_t *ret_n)
{
    Id *left = ARENA_ARRAY(cx->arena, Id, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (ids[i] != set)
            left[(*ret_n)++] = ids[i];
    return left;
}

/* The person as he would be without the rule's set. */
static User preview_user_without(Ctx *cx, const User *u, const Object *o, Id set)
{
    User without = *u;
    ObjectRights *all = ARENA_ARRAY(cx->arena, ObjectRights, u->n_objects + 1);
    memcpy(all, u->objects, u->n_objects * sizeof(*all));
    ObjectRights *r = &all[o->number];
    r->read_sets = preview_without(cx, r->read_sets, r->n_read_sets, set, &r->n_read_sets);
    r->edit_sets = preview_without(cx, r->edit_sets, r->n_edit_sets, set, &r->n_edit_sets);
    without.objects = all;
    return without;
}

static bool preview_opens(const ShareRule *rule, const User *u, AccessAction action)
{
    return preview_applies(u, rule) && (action == ACCESS_READ || rule->level == SHARE_EDIT);
}

static Status preview_rule_condition(const RulePreview *p, const ShareRule *rule, int alias, Sql *q,
                                     int *next_alias)
{
    sql_lit(q, " AND ");
    return access_share_rule_condition(p->cx, p->object, rule, alias, q, next_alias);
}

/* What the new condition opens and he may not do yet. */
static Status preview_gains(RulePreview *p, const User *u, AccessAction action, PreviewSide *side)
{
    int next_alias = 2;
    Sql q = sql_new(p->cx->arena);
    access_preview_from(p->object, &q);
    TRY(preview_rule_condition(p, p->after, 0, &q, &next_alias));
    access_preview_unless(p->object, &q);
    TRY(access_preview_condition(p->cx, u, p->object, action, 1, &q, &next_alias));
    sql_lit(&q, ")");
    return access_preview_count(p->cx, &q, side);
}

/* What the set opens and neither another reason nor the new condition would. */
static Status preview_loses(RulePreview *p, const User *u, AccessAction action, PreviewSide *side)
{
    int next_alias = 2;
    User without = preview_user_without(p->cx, u, p->object, p->before->set);
    Sql q = sql_new(p->cx->arena);
    access_preview_from(p->object, &q);
    sql_lit(&q, " AND ");
    sql_column(&q, 0, p->object->id, 0);
    sql_lit(&q, " IN (SELECT record FROM {gx_share} WHERE object = ");
    sql_number(&q, p->object->number);
    sql_lit(&q, " AND kind = ");
    sql_number(&q, SHARE_SET);
    sql_lit(&q, " AND principal = ");
    sql_bind_int(&q, p->before->set);
    sql_lit(&q, ")");
    access_preview_unless(p->object, &q);
    TRY(access_preview_condition(p->cx, &without, p->object, action, 1, &q, &next_alias));
    sql_lit(&q, ")");
    if (preview_opens(p->after, u, action)) {
        access_preview_unless(p->object, &q);
        TRY(preview_rule_condition(p, p->after, 1, &q, &next_alias));
        sql_lit(&q, ")");
    }
    return access_preview_count(p->cx, &q, side);
}

static bool preview_may_some(Ctx *cx, const User *u, const Object *o)
{
    AccessActing kept;
    access_people_begin(cx, u, &kept);
    bool some = access_may_some(cx, o, ACCESS_READ);
    access_people_end(cx, &kept);
    return some;
}

static Status preview_person(RulePreview *p, const User *u)
{
    static const AccessAction ACTIONS[] = {ACCESS_READ, ACCESS_UPDATE};
    if (!preview_applies(u, p->before) && !preview_applies(u, p->after))
        return ST_OK;
    p->people++;
    if (!access_preview_goes_on(p->began_ms, p->looked_at))
        return ST_OK;
    p->looked_at++;
    if (u->is_administrator || !preview_may_some(p->cx, u, p->object))
        return ST_OK; /* all, or nothing that a share could open */
    for (size_t i = 0; i < COUNT_OF(ACTIONS); i++) {
        if (preview_opens(p->after, u, ACTIONS[i]))
            TRY(preview_gains(p, u, ACTIONS[i], &p->gained[i]));
        if (preview_opens(p->before, u, ACTIONS[i]))
            TRY(preview_loses(p, u, ACTIONS[i], &p->lost[i]));
    }
    return ST_OK;
}

static Status preview_rule_people(RulePreview *p, const Id *ids, size_t n)
{
    for (size_t i = 0; i < n && i < MAX_ASKED; i++) {
        const User *u = NULL;
        TRY(access_user_load(p->cx, p->cx->user->store, ids[i], &u));
        Status st = preview_person(p, u);
        access_user_release(u);
        TRY(st);
    }
    return ST_OK;
}

Status access_preview_rule(Ctx *cx, const Object *o, const ShareRule *before,
                           const ShareRule *after, Buf *out)
{
    RulePreview p = {
        .cx = cx, .object = o, .before = before, .after = after, .began_ms = clock_ms()};
    Id *ids = ARENA_ARRAY(cx->arena, Id, MAX_ASKED + 1);
    size_t n = 0;
    TRY(access_people_ids(cx, ids, MAX_ASKED + 1, &n));
    TRY(preview_rule_people(&p, ids, n));
    buf_printf(out, "{\"people\":%lld,\"people_exact\":%s,\"looked_at\":%zu,\"read\":{",
               (long long)p.people, n > MAX_ASKED ? "false" : "true", p.looked_at);
    TRY(access_preview_write_both(cx, o, &p.gained[0], &p.lost[0], out));
    buf_lit(out, "},\"update\":{");
    TRY(access_preview_write_both(cx, o, &p.gained[1], &p.lost[1], out));
    buf_lit(out, "}}");
    return ST_OK;
}
