/* SPDX-License-Identifier: Apache-2.0 */
/* Which parts there are, and what the body says of them. */
#include "base/id.h"
#include "modules/organisation/user/user_hand_over.h"

/* Work that is over stays with who did it, unless "closed" is asked for. */
static const char *const OPEN[][2] = {
    {"task", "status in (\"open\",\"doing\",\"waiting\")"},
    {"meeting", "status = \"planned\""},
    {"visit", "status in (\"planned\",\"checked_in\")"},
};
/* What says who did something then, of objects and of fields: left, unless a part asks for it. */
static const char *const DONE_BY[] = {"followup", "call", "note"};
static const char *const SAID_THEN[] = {"mentions",    "companions", "participants",
                                        "referred_by", "agent",      "user"};

static bool parts_among(const char *const *names, size_t n, Str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

static const char *parts_open(const Object *o)
{
    for (size_t i = 0; i < COUNT_OF(OPEN); i++)
        if (str_is(o->name, OPEN[i][0]))
            return OPEN[i][1];
    return NULL;
}

static Str parts_filter(Ctx *cx, const HandPart *p, Id user, bool closed)
{
    const char *open = parts_open(p->object);
    Str name = p->field->name;
    Str who = p->field->kind == F_LINKS
                  ? str_format(cx->arena, "\"%lld\" in " STR_FMT, (long long)user, STR_ARG(name))
                  : str_format(cx->arena, STR_FMT " = \"%lld\"", STR_ARG(name), (long long)user);
    return open && !closed ? str_format(cx->arena, STR_FMT " and %s", STR_ARG(who), open) : who;
}

static void parts_add(Ctx *cx, HandOver *h, const Object *o, const Field *f)
{
    bool owner = f == o->owner, member = str_is(o->name, "team_member");
    HandPart *p = &h->parts[h->n_parts++];
    *p = (HandPart){.object = o, .field = f, .to = h->to};
    p->name = owner
                  ? o->name
                  : str_format(cx->arena, STR_FMT "." STR_FMT, STR_ARG(o->name), STR_ARG(f->name));
    bool then = owner ? parts_among(DONE_BY, COUNT_OF(DONE_BY), o->name)
                      : !member && parts_among(SAID_THEN, COUNT_OF(SAID_THEN), f->name);
    p->way = then ? HAND_LEAVE : HAND_TO;
    p->filter = parts_filter(cx, p, h->user, false);
}

static bool parts_names_people(const Object *o, const Field *f)
{
    return (f->kind == F_LINK || f->kind == F_LINKS) && f->to && str_is(f->to->name, "user") &&
           !f->readonly && (f == o->owner || !f->system);
}

static Status parts_find(Ctx *cx, HandOver *h)
{
    bool positions = false;
    size_t most = 0;
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        most += cx->meta->objects[i]->n_fields;
    h->parts = ARENA_ARRAY(cx->arena, HandPart, most + 1);
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        for (size_t k = 0; k < o->n_fields && !(o->traits & TRAIT_APPEND_ONLY); k++)
            if (parts_names_people(o, o->fields[k]))
                parts_add(cx, h, o, o->fields[k]);
    }
    TRY(user_hand_over_positions(cx, h, &h->parts[h->n_parts], &positions));
    h->n_parts += positions;
    return ST_OK;
}

/* ---- the body */
static Status parts_person(Ctx *cx, const HandOver *h, const json_t *v, Str path, Id *ret)
{
    const Object *users = meta_object(cx->meta, STR("user"));
    Record *r = NULL;
    if (!id_parse(json_str(v), ret) || *ret == h->user)
        return FIELD_FAIL(cx, path, "bad_value", "organisation.hand_over_to",
                          "The id of another person who works here");
    TRY(record_load_stored(cx, users, *ret, &r));
    return r && verb_is(r, "status", "active")
               ? ST_OK
               : FIELD_FAIL(cx, path, "no_match", "organisation.hand_over_to",
                            "The id of another person who works here");
}

static Status parts_pool(Ctx *cx, HandPart *p, const json_t *v, Str path)
{
    const Object *pools = meta_object(cx->meta, STR("pool"));
    Record *r = NULL;
    bool pooled = pools && p->field == p->object->owner && p->object->traits & TRAIT_POOLED;
    p->way = HAND_POOL;
    if (pooled && json_is_true(v))
        return ST_OK;
    if (!pooled || !id_parse(json_str(v), &p->pool))
        return FIELD_FAIL(cx, path, "bad_value", "organisation.hand_over_pool",
                          "true or the id of a pool, for records that have pools");
    TRY(record_load_stored(cx, pools, p->pool, &r));
    return r ? ST_OK
             : FIELD_FAIL(cx, path, "no_match", "organisation.hand_over_pool",
                          "true or the id of a pool, for records that have pools");
}

static Status parts_one(Ctx *cx, HandOver *h, HandPart *p, const json_t *said, Str path)
{
    const json_t *to = json_object_get(said, "to"), *pool = json_object_get(said, "pool"),
                 *leave = json_object_get(said, "leave"), *closed = json_object_get(said, "closed");
    size_t known = (to != NULL) + (pool != NULL) + (leave != NULL);
    if (!json_is_object(said) || known > 1 || json_object_size(said) != known + (closed != NULL) ||
        (leave && !json_is_boolean(leave)) || (closed && !json_is_boolean(closed)))
        return FIELD_FAIL(cx, path, "bad_value", "organisation.hand_over_part",
                          "One of \"to\", \"pool\", \"leave\"; besides, \"closed\"");
    p->way = json_is_true(leave) ? HAND_LEAVE : HAND_TO;
    if (!p->positions)
        p->filter = parts_filter(cx, p, h->user, json_is_true(closed));
    if (to)
        return parts_person(cx, h, to, path, &p->to);
    return pool ? parts_pool(cx, p, pool, path) : ST_OK;
}

static Status parts_step(Ctx *cx, HandOver *h, Str name, const json_t *said, Str path, bool *ret)
{
    *ret = false;
    for (int i = 0; i < BATCH_STEPS; i++) {
        if (!str_is(name, batch_step_name((BatchStep)i)))
            continue;
        const json_t *leave = json_object_get(said, "leave");
        *ret = true;
        if (!json_is_boolean(leave) || json_object_size(said) != 1)
            return FIELD_FAIL(cx, path, "bad_value", "organisation.hand_over_leave",
                              "{\"leave\":true}, or nothing");
        h->steps[i] = json_is_true(leave) ? HAND_LEAVE : HAND_TO;
    }
    return ST_OK;
}

static Status parts_said(Ctx *cx, HandOver *h, const json_t *parts)
{
    const char *key;
    json_t *said;
    if (parts && !json_is_object(parts))
        return FIELD_FAIL(cx, STR("parts"), "bad_value", "organisation.hand_over_part",
                          "One of \"to\", \"pool\", \"leave\"; besides, \"closed\"");
    json_object_foreach((json_t *)parts, key, said)
    {
        Str name = str_of(key), path = str_format(cx->arena, "parts.%.80s", key);
        HandPart *found = NULL;
        bool step = false;
        Status st = parts_step(cx, h, name, said, path, &step);
        for (size_t i = 0; i < h->n_parts; i++)
            if (str_eq(h->parts[i].name, name))
                found = &h->parts[i];
        if (found)
            st = parts_one(cx, h, found, said, path);
        else if (!step)
            st = FIELD_FAIL(cx, path, "unknown_field", "organisation.hand_over_unknown",
                            "There is no such part");
        if (st != ST_OK && st != ST_INVALID)
            return st;
    }
    return ST_OK;
}

static Status parts_keys(Ctx *cx, const json_t *body)
{
    static const char *const KEYS[] = {"to", "parts", "deactivate", "left_on", "dry_run"};
    const char *key;
    json_t *v;
    if (!json_is_object(body))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "organisation.hand_over_body",
                         "The body must be a JSON object");
    json_object_foreach((json_t *)body, key, v)
    {
        bool flag = strcmp(key, "deactivate") == 0 || strcmp(key, "dry_run") == 0;
        if (!parts_among(KEYS, COUNT_OF(KEYS), str_of(key)))
            FIELD_FAIL(cx, str_sub(str_of(key), 0, 80), "unknown_field",
                       "organisation.hand_over_key", "Unknown here");
        else if (flag && !json_is_boolean(v))
            FIELD_FAIL(cx, str_of(key), "bad_value", "organisation.hand_over_flag",
                       "true or false");
    }
    return ST_OK;
}

Status user_hand_over_read(Ctx *cx, Id user, const json_t *body, HandOver *ret)
{
    TRY(parts_keys(cx, body));
    *ret = (HandOver){.user = user, .deactivate = json_get_bool(body, "deactivate", false)};
    ret->left_on = json_object_get(body, "left_on");
    Status st = parts_person(cx, ret, json_object_get(body, "to"), STR("to"), &ret->to);
    if (st != ST_OK && st != ST_INVALID)
        return st;
    if (ret->deactivate && user == cx->user->id)
        FIELD_FAIL(cx, STR("deactivate"), "bad_value", "organisation.hand_over_self",
                   "Nobody deactivates himself");
    TRY(parts_find(cx, ret));
    TRY(parts_said(cx, ret, json_object_get(body, "parts")));
    return error_has_fields(cx) ? cx->err.status : ST_OK;
}
