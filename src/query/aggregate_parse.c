/* SPDX-License-Identifier: Apache-2.0 */
/* The body of an aggregate: group, measures, filter, sort, limit, time zone. Names are resolved here
 * once, so that every error is found before the first statement. */
#include "query/aggregate.h"

#define AGGREGATE_DEFAULT_LIMIT 1000

static const char *const BUCKETS[] = {"day", "week", "month", "quarter", "year"};
static const char *const MEASURES[] = {"count", "sum", "avg", "min", "max", "median", "distinct"};

/* Resolves with joins of a scope that is thrown away: only the field is wanted. */
static Status parse_name(Aggregate *a, Base *scratch, Str name, const char *param,
                         const Field **ret)
{
    Path path;
    TRY(path_resolve(a->cx, &scratch->scope, name, param, &path));
    *ret = path.field;
    return ST_OK;
}

static FieldKind parse_kind(const Field *f) { return field_result(f); }

static bool parse_takes_bucket(const Field *f)
{
    return parse_kind(f) == F_DATE || parse_kind(f) == F_DATETIME;
}

static bool parse_is_groupable(const Field *f)
{
    FieldKind kind = parse_kind(f);
    return f->type->groupable || kind == F_LINK || kind == F_DATE || kind == F_BOOLEAN ||
           kind == F_INTEGER || (field_is_computed(f) && kind == F_TEXT);
}

static bool parse_has_key(const Aggregate *a, Str key)
{
    for (size_t i = 0; i < a->n_groups; i++)
        if (str_eq(a->groups[i].key, key))
            return true;
    return false;
}

static Status parse_bucket(Aggregate *a, Str name, Group *g)
{
    for (size_t i = 0; i < COUNT_OF(BUCKETS); i++) {
        if (str_is(name, BUCKETS[i])) {
            g->bucketed = true;
            g->unit = (ExprBucket)i;
            return ST_OK;
        }
    }
    return path_bad(
        a->cx, "group",
        FAIL(a->cx, ST_MALFORMED, "query.bucket", "a bucket is day, week, month, quarter or year"));
}

static Status parse_group(Aggregate *a, Base *scratch, const json_t *item)
{
    Ctx *cx = a->cx;
    Str bucket = json_get_str(item, "bucket");
    bool plain = json_is_string(item);
    if (a->n_groups == AGGREGATE_MAX_GROUPS)
        return path_bad(cx, "group",
                        FAIL(cx, ST_MALFORMED, "query.too_many_groups", "at most %d groups",
                             AGGREGATE_MAX_GROUPS));
    Group g = {.name = plain ? json_str(item) : json_get_str(item, "field")};
    if (!plain && json_object_size(item) != (bucket.p ? 2u : 1u))
        return path_bad(cx, "group",
                        FAIL(cx, ST_MALFORMED, "query.group_form",
                             "a group is a field or {\"field\",\"bucket\"}"));
    TRY(parse_name(a, scratch, g.name, "group", &g.field));
    if (bucket.p)
        TRY(parse_bucket(a, bucket, &g));
    if (g.bucketed ? !parse_takes_bucket(g.field) : !parse_is_groupable(g.field))
        return path_bad(cx, "group",
                        FAIL(cx, ST_MALFORMED, "query.not_groupable",
                             "records cannot be grouped like this by " STR_FMT, STR_ARG(g.name)));
    g.key = g.name;
    if (parse_has_key(a, g.key) && g.bucketed) /* one field in two buckets */
        g.key = str_format(cx->arena, STR_FMT "_%s", STR_ARG(g.name), BUCKETS[g.unit]);
    if (parse_has_key(a, g.key))
        return path_bad(
            cx, "group",
            FAIL(cx, ST_MALFORMED, "query.group_twice", STR_FMT " is there twice", STR_ARG(g.key)));
    a->groups[a->n_groups++] = g;
    return ST_OK;
}

/* One column that two records may share a value of. */
static bool parse_is_one_value(const Field *f)
{
    switch (f->kind) {
    case F_ADDRESS:
    case F_GEO:
    case F_JSON:
    case F_RICH_TEXT:
    case F_SECRET: return false;
    default: return !field_is_many(f);
    }
}

static bool parse_measure_fits(const Measure *m)
{
    switch (m->kind) {
    case MEASURE_COUNT: return !field_has_ids(m->field);
    case MEASURE_DISTINCT: return parse_is_one_value(m->field);
    case MEASURE_MIN:
    case MEASURE_MAX: return m->field->type->sortable && m->field->kind != F_LINK;
    default: break;
    }
    FieldKind kind = parse_kind(m->field);
    return kind == F_INTEGER || kind == F_DECIMAL || kind == F_PERCENT || kind == F_MONEY ||
           kind == F_RATING || kind == F_DURATION;
}

static Status parse_measure_form(Aggregate *a, const json_t *item, Measure *m)
{
    const char *kind = NULL;
    if (json_is_string(item)) {
        kind = json_string_value(item);
    } else if (json_is_object(item) && json_object_size(item) == 1) {
        void *it = json_object_iter((json_t *)item);
        kind = json_object_iter_key(it);
        m->name = json_str(json_object_iter_value(it));
    }
    for (size_t i = 0; kind && i < COUNT_OF(MEASURES); i++) {
        if (strcmp(kind, MEASURES[i]) == 0 && (m->name.p || i == MEASURE_COUNT)) {
            m->kind = (MeasureKind)i;
            return ST_OK;
        }
    }
    return path_bad(a->cx, "measures",
                    FAIL(a->cx, ST_MALFORMED, "query.measure_form",
                         "a measure is \"count\" or {\"sum\":\"field\"} with count, sum, avg, min, "
                         "max, median or distinct"));
}

static Status parse_measure(Aggregate *a, Base *scratch, const json_t *item)
{
    Ctx *cx = a->cx;
    Measure m = {.kind = MEASURE_COUNT};
    if (a->n_measures == AGGREGATE_MAX_MEASURES)
        return path_bad(cx, "measures",
                        FAIL(cx, ST_MALFORMED, "query.too_many_measures", "at most %d measures",
                             AGGREGATE_MAX_MEASURES));
    TRY(parse_measure_form(a, item, &m));
    m.key = STR("count");
    if (m.name.p) {
        TRY(parse_name(a, scratch, m.name, "measures", &m.field));
        if (!parse_measure_fits(&m))
            return path_bad(cx, "measures",
                            FAIL(cx, ST_MALFORMED, "query.not_measurable",
                                 "there is no %s of " STR_FMT, MEASURES[m.kind], STR_ARG(m.name)));
        m.key = str_format(cx->arena, "%s_" STR_FMT, MEASURES[m.kind], STR_ARG(m.name));
    }
    for (size_t i = 0; i < a->n_measures; i++)
        if (str_eq(a->measures[i].key, m.key))
            return ST_OK; /* asked for twice is told once */
    a->measures[a->n_measures++] = m;
    return ST_OK;
}

static Status parse_order(Aggregate *a, Str text)
{
    Ctx *cx = a->cx;
    Order order = {.down = str_starts(text, STR("-")), .group = -1, .measure = -1};
    Str key = order.down ? str_sub(text, 1, text.n) : text;
    for (size_t i = 0; i < a->n_groups; i++)
        if (str_eq(a->groups[i].key, key))
            order.group = (int)i;
    for (size_t i = 0; i < a->n_measures; i++)
        if (str_eq(a->measures[i].key, key))
            order.measure = (int)i;
    if (order.group < 0 && order.measure < 0)
        return path_bad(cx, "sort",
                        FAIL(cx, ST_MALFORMED, "query.sort_key",
                             "sort names a group or a measure of this aggregate, not " STR_FMT,
                             STR_ARG(str_sub(key, 0, 80))));
    if (a->n_orders == QUERY_MAX_SORT)
        return path_bad(
            cx, "sort",
            FAIL(cx, ST_MALFORMED, "query.too_many_keys", "at most %d sort keys", QUERY_MAX_SORT));
    a->orders[a->n_orders++] = order;
    return ST_OK;
}

static Status parse_rest(Aggregate *a, const char *key, const json_t *v)
{
    Ctx *cx = a->cx;
    if (strcmp(key, "limit") == 0) {
        a->limit = json_is_integer(v) ? json_integer_value(v) : 0;
        if (a->limit < 1 || a->limit > AGGREGATE_MAX_LIMIT)
            return path_bad(cx, "limit",
                            FAIL(cx, ST_MALFORMED, "query.limit", "limit is a number from 1 to %d",
                                 AGGREGATE_MAX_LIMIT));
    }
    if (strcmp(key, "time_zone") == 0 && !json_is_null(v)) {
        a->zone = json_is_string(v) ? zone_get(json_str(v)) : NULL;
        if (!a->zone)
            return path_bad(
                cx, "time_zone",
                FAIL(cx, ST_MALFORMED, "query.time_zone", "there is no such time zone"));
    }
    if (strcmp(key, "filter") == 0 || strcmp(key, "as_of") == 0 || strcmp(key, "q") == 0) {
        if (!json_is_string(v) && !json_is_null(v))
            return path_bad(cx, "filter",
                            FAIL(cx, ST_MALFORMED, "query.not_text", "%s must be a text", key));
    }
    return ST_OK;
}

static bool parse_is_list(const char *key)
{
    return strcmp(key, "group") == 0 || strcmp(key, "measures") == 0 || strcmp(key, "sort") == 0;
}

static Status parse_keys(Aggregate *a, const json_t *body)
{
    static const char *const KNOWN[] = {"group", "measures", "filter", "q",
                                        "sort",  "limit",    "as_of",  "time_zone"};
    Ctx *cx = a->cx;
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)body, key, v)
    {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
            known = known || strcmp(key, KNOWN[i]) == 0;
        const char *name = str_z(cx->arena, str_sub(str_of(key), 0, 40));
        if (!known)
            return path_bad(cx, name,
                            FAIL(cx, ST_MALFORMED, "query.unknown_parameter",
                                 "there is no parameter %s", name));
        if (parse_is_list(key) && !json_is_array(v) && !json_is_null(v))
            return path_bad(cx, name,
                            FAIL(cx, ST_MALFORMED, "query.not_list", "%s must be a list", name));
        TRY(parse_rest(a, key, v));
    }
    return ST_OK;
}

Status aggregate_parse(Ctx *cx, const Object *o, const json_t *body, Aggregate *ret)
{
    Aggregate *a = ret;
    Base *scratch;
    *a = (Aggregate){.cx = cx, .o = o, .zone = cx->zone, .limit = AGGREGATE_DEFAULT_LIMIT};
    if (!json_is_object(body))
        return path_bad(cx, "",
                        FAIL(cx, ST_MALFORMED, "query.not_object", "the body must be an object"));
    TRY(parse_keys(a, body));
    TRY(filter_parse(cx, o, json_get_str(body, "filter"), &a->filter));
    TRY(filter_search(cx, o, json_get_str(body, "q"), false, &a->search));
    TRY(filter_begin(cx, o, NULL, &scratch));
    const json_t *list = json_object_get(body, "group");
    for (size_t i = 0; i < json_array_size(list); i++)
        TRY(parse_group(a, scratch, json_array_get(list, i)));
    list = json_object_get(body, "measures");
    for (size_t i = 0; i < json_array_size(list); i++)
        TRY(parse_measure(a, scratch, json_array_get(list, i)));
    if (a->n_measures == 0)
        a->measures[a->n_measures++] = (Measure){.kind = MEASURE_COUNT, .key = STR("count")};
    list = json_object_get(body, "sort");
    for (size_t i = 0; i < json_array_size(list); i++)
        TRY(parse_order(a, json_str(json_array_get(list, i))));
    return ST_OK;
}
