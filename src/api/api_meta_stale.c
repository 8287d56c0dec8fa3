/* SPDX-License-Identifier: Apache-2.0 */
/* Two people at once on one part of the catalogue: If-Match holds the version of the catalogue that the
 * change was made from. Only later changes of the same part are in its way: the field, the list, the
 * layout, or the object's own attributes; what others did elsewhere is not. */
#include "api/api_routes.h"
#include "meta/meta_log.h"

enum { LOOKED_AT = 200 };

/* "57", or what GET /meta gives: W/"57-3-1". */
static Status read_version(Ctx *cx, Str text, int64_t *ret)
{
    Str s = str_trim(text);
    if (str_starts(s, STR("W/")))
        s = str_sub(s, 2, s.n);
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        s = str_sub(s, 1, s.n - 2);
    size_t dash = str_find_char(s, '-');
    if (dash != SIZE_MAX)
        s = str_sub(s, 0, dash);
    if (str_int(s, ret) && *ret >= 0)
        return ST_OK;
    return FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.meta_if_match",
                     "If-Match must hold a version of the catalogue");
}

typedef struct Part {
    Str object, name;
    bool role; /* a role may be called like a list */
} Part;

static bool concerns(const MetaLogEntry *e, const Part *part)
{
    bool same = str_eq(e->object, part->object) && str_eq(e->name, part->name);
    if (str_is(e->action, "apply")) /* of any part */
        return true;
    if (str_is(e->action, "revert"))
        return same;
    if (str_is(e->action, "field.derive")) /* a job's preparations, nobody's change */
        return false;
    return same && str_starts(e->action, STR("access.")) == part->role;
}

static Status part_unchanged(Ctx *cx, Req *rq, const Part *part)
{
    Str given = req_header(rq, "If-Match");
    MetaLogEntry *list = ARENA_ARRAY(cx->arena, MetaLogEntry, LOOKED_AT);
    int64_t version = 0;
    size_t n = 0;
    if (!str_trim(given).n || str_is(str_trim(given), "*"))
        return ST_OK;
    TRY(read_version(cx, given, &version));
    TRY(meta_log_list(cx, 0, STR_NULL, LOOKED_AT, list, &n));
    for (size_t i = 0; i < n && list[i].version > version; i++) {
        if (i + 1 < LOOKED_AT && !concerns(&list[i], part))
            continue;
        Str what = part->name.n ? part->name : part->object;
        return FAIL(cx, ST_STALE, "api.meta_stale",
                    "\"%.*s\" was changed by somebody else meanwhile (version %lld)", STR_ARG(what),
                    (long long)list[i].version);
    }
    return ST_OK;
}

Status api_meta_unchanged(Ctx *cx, Req *rq, Str object, Str name)
{
    return part_unchanged(cx, rq, &(Part){.object = object, .name = name});
}

Status api_meta_role_unchanged(Ctx *cx, Req *rq, Str role)
{
    return part_unchanged(cx, rq, &(Part){.name = role, .role = true});
}
