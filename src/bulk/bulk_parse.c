/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a bulk action: which records, what becomes of them. All that is wrong with it is told
 * before any job. */
#include "bulk/bulk_internal.h"
#include <stdlib.h>

Str bulk_verb_name(const Bulk *b)
{
    static const char *const VERBS[] = {"set", "delete", "restore", "transfer"};
    return b->verb == BULK_ACTION ? b->action->name : str_of(VERBS[b->verb]);
}

static Status parse_keys(Ctx *cx, const json_t *body)
{
    static const char *const KNOWN[] = {"ids",     "versions", "filter", "set",    "delete",
                                        "restore", "action",   "to",     "params", "dry_run"};
    const char *key;
    json_t *v;
    if (!json_is_object(body))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "bulk.not_object",
                         "the body must be a JSON object");
    json_object_foreach((json_t *)body, key, v)
    {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
            known = known || strcmp(key, KNOWN[i]) == 0;
        if (!known)
            FIELD_FAIL(cx, str_sub(str_of(key), 0, 80), "unknown_field", "bulk.unknown_key",
                       "unknown here");
    }
    return error_has_fields(cx) ? cx->err.status : ST_OK;
}

typedef struct Named { /* an id and the version that is meant */
    Id id;
    int64_t version;
} Named;

static int parse_order(const void *a, const void *b)
{
    Id x = ((const Named *)a)->id, y = ((const Named *)b)->id;
    return (x > y) - (x < y);
}

static Status parse_one(Ctx *cx, const json_t *list, const json_t *versions, size_t i, Named *ret)
{
    const json_t *version = json_array_get(versions, i);
    if (!id_parse(json_str(json_array_get(list, i)), &ret->id))
        return FIELD_FAIL(cx, str_format(cx->arena, "ids[%zu]", i), "bad_value", "bulk.id",
                          "this is not an id");
    if (versions && !json_is_integer(version))
        return FIELD_FAIL(cx, str_format(cx->arena, "versions[%zu]", i), "bad_value",
                          "bulk.version", "this is not a version");
    ret->version = json_integer_value(version);
    return ST_OK;
}

static Status parse_ids(Ctx *cx, const json_t *list, const json_t *versions, Bulk *b)
{
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n == 0 || n > BULK_IDS)
        return FIELD_FAIL(cx, STR("ids"), "bad_value", "bulk.ids", "a list of 1 to %d ids",
                          BULK_IDS);
    if (versions && json_array_size(versions) != n)
        return FIELD_FAIL(cx, STR("versions"), "bad_value", "bulk.versions",
                          "a list of as many versions as there are ids");
    Named *named = ARENA_ARRAY(cx->arena, Named, n);
    for (size_t i = 0; i < n; i++)
        TRY(parse_one(cx, list, versions, i, &named[i]));
    qsort(named, n, sizeof(*named), parse_order);
    b->ids = ARENA_ARRAY(cx->arena, Id, n);
    b->versions = versions ? ARENA_ARRAY(cx->arena, int64_t, n) : NULL;
    for (size_t i = 0; i < n; i++) {
        if (b->n_ids > 0 && b->ids[b->n_ids - 1] == named[i].id)
            continue;
        if (versions)
            b->versions[b->n_ids] = named[i].version;
        b->ids[b->n_ids++] = named[i].id;
    }
    return ST_OK;
}

static Status parse_which(Ctx *cx, const json_t *body, Bulk *b)
{
    const json_t *ids = json_object_get(body, "ids"), *filter = json_object_get(body, "filter");
    const json_t *versions = json_object_get(body, "versions");
    int64_t any = 0;
    if (!ids == !filter)
        return FIELD_FAIL(cx, STR("ids"), "required", "bulk.which",
                          "say which records: \"ids\" or \"filter\"");
    if (versions && (!ids || b->verb == BULK_RESTORE))
        return FIELD_FAIL(cx, STR("versions"), "bad_value", "bulk.versions",
                          "a list of as many versions as there are ids");
    if (ids)
        return parse_ids(cx, ids, versions, b);
    if (!json_is_string(filter))
        return FIELD_FAIL(cx, STR("filter"), "bad_value", "bulk.filter", "must be an expression");
    b->by_filter = true;
    b->filter = json_str(filter);
    return query_count(cx, b->object, b->filter, b->verb == BULK_RESTORE, 1, &any);
}

static bool parse_waits_for_parent(const Field *f)
{
    return f->kind == F_LINK && f->to && f->to->parent; /* a stage is one of its pipeline */
}

/* Names, rights and forms are the same for every record. */
static Status parse_set(Ctx *cx, const json_t *set, Bulk *b)
{
    const char *name;
    json_t *v;
    Record *scratch = record_new(cx, b->object);
    if (!json_is_object(set) || json_object_size(set) == 0)
        return FIELD_FAIL(cx, STR("set"), "bad_value", "bulk.set",
                          "an object of at least one field");
    json_object_foreach((json_t *)set, name, v)
    {
        const Field *f = object_field(b->object, str_of(name));
        json_t *probe = f && parse_waits_for_parent(f) ? json_null() : v;
        Status st = ST_INVALID;
        if (f)
            st = record_set_field_json(cx, scratch, f, probe);
        else
            FIELD_FAIL(cx, str_sub(str_of(name), 0, 80), "unknown_field", "bulk.unknown_key",
                       "unknown here");
        if (st != ST_OK && st != ST_INVALID)
            return st;
    }
    b->set = set;
    return error_has_fields(cx) ? cx->err.status : ST_OK;
}

static Status parse_to(Ctx *cx, const json_t *body, Bulk *b)
{
    Record *user = NULL;
    const Object *users = meta_object(cx->meta, STR("user"));
    if (!b->object->owner || !users)
        return FIELD_FAIL(cx, STR("action"), "bad_value", "bulk.no_owner",
                          "records of this kind have no owner");
    if (!id_parse(json_get_str(body, "to"), &b->to))
        return FIELD_FAIL(cx, STR("to"), "required", "bulk.to", "the id of the new owner");
    Status st = record_load_any(cx, users, b->to, &user);
    if (st == ST_NOT_FOUND) {
        error_clear(cx);
        return FIELD_FAIL(cx, STR("to"), "no_match", "bulk.to", "the id of the new owner");
    }
    TRY(st);
    const Field *department = object_field(users, STR("department"));
    const Value *v = department ? record_get(user, department) : NULL;
    b->to_department = v && v->t == V_ID ? v->i : 0;
    return ST_OK;
}

/* One of the object's verbs, with the same parameters for every record. */
static Status parse_action(Ctx *cx, const json_t *body, Str name, Bulk *b)
{
    const json_t *params = json_object_get(body, "params");
    Status st = verb_find(cx, b->object, name, &b->action);
    if (st == ST_NOT_FOUND) {
        error_clear(cx);
        return FIELD_FAIL(cx, STR("action"), "bad_value", "bulk.action",
                          "there is no such action for records of this kind");
    }
    TRY(st);
    if (b->action->single)
        return FIELD_FAIL(cx, STR("action"), "bad_value", "bulk.single",
                          "this is done to one record at a time");
    if (params && !json_is_object(params))
        return FIELD_FAIL(cx, STR("params"), "bad_value", "bulk.params", "an object of values");
    b->verb = BULK_ACTION;
    b->params = params;
    return verb_check_body(cx, b->action, b->object, params);
}

/* "to" beside the action hands the records over; account has a verb of that name too, which takes along. */
static bool parse_is_transfer(const json_t *body, Str action)
{
    return str_is(action, "transfer") && !json_object_get(body, "params");
}

static Status parse_verb(Ctx *cx, const json_t *body, Bulk *b)
{
    const json_t *set = json_object_get(body, "set"), *action = json_object_get(body, "action");
    bool deletes = json_is_true(json_object_get(body, "delete"));
    bool restores = json_is_true(json_object_get(body, "restore"));
    if ((set != NULL) + (action != NULL) + deletes + restores != 1)
        return FIELD_FAIL(cx, STR("set"), "required", "bulk.verb",
                          "say what becomes of them: one of \"set\", \"delete\", \"restore\", "
                          "\"action\"");
    if (action && !parse_is_transfer(body, json_str(action)))
        return parse_action(cx, body, json_str(action), b);
    if (json_object_get(body, "params"))
        return FIELD_FAIL(cx, STR("params"), "bad_value", "bulk.params_alone",
                          "values go with an action");
    b->verb = set ? BULK_SET : action ? BULK_TRANSFER : deletes ? BULK_DELETE : BULK_RESTORE;
    if (set)
        return parse_set(cx, set, b);
    return action ? parse_to(cx, body, b) : ST_OK;
}

/* False: whoever may do bulk work may begin, the deed decides of each record. */
static bool parse_needs(const Bulk *b, AccessAction *ret)
{
    if (b->verb == BULK_ACTION)
        return verb_needs(b->action, ret);
    *ret = b->verb == BULK_SET        ? ACCESS_UPDATE
           : b->verb == BULK_TRANSFER ? ACCESS_TRANSFER
                                      : ACCESS_DELETE;
    return true;
}

/* Whom no record at all would let: told at once. */
static Status parse_rights(Ctx *cx, const Bulk *b)
{
    AccessAction action;
    bool asks = parse_needs(b, &action);
    if (!access_may_some(cx, b->object, ACCESS_BULK) ||
        (asks && !access_may_some(cx, b->object, action)))
        return FAIL(cx, ST_DENIED, "bulk.denied", "you may not do this with many records at once");
    return ST_OK;
}

Status bulk_parse(Ctx *cx, const Object *o, const json_t *body, Bulk *ret)
{
    *ret = (Bulk){.object = o};
    TRY(parse_keys(cx, body));
    TRY(parse_verb(cx, body, ret));
    TRY(parse_rights(cx, ret));
    if (ret->verb == BULK_RESTORE && !o->history)
        return FIELD_FAIL(cx, STR("restore"), "bad_value", "bulk.no_history",
                          "records of this kind keep no history");
    return parse_which(cx, body, ret);
}
