/* SPDX-License-Identifier: Apache-2.0 */
/* The rules: conditions of standard objects as a table, and those that the catalogue yields for every
 * object, the ones that customers make as well. */
#include "access/access.h"
#include "cleanup/cleanup_internal.h"
#include "query/query.h"

#define MAX_MONTHS 600
#define AGE_MONTHS 24
#define MAX_FILTER 8192

typedef struct ShippedRule {
    const char *object, *rule, *filter; /* filter: of a rule with an age, what is asked beside it */
    int months;                         /* as offered; 0: the rule has no age */
} ShippedRule;

static const ShippedRule SHIPPED[] = {
    {"lead", "closed", "status = \"closed\"", 12},
    {"opportunity", "lost", "outcome = \"lost\"", 24},
    {"task", "done", "status in (\"done\",\"cancelled\")", 12},
    {"contact", "orphan", "account is null", 0},
    {"opportunity", "orphan", "account is null", 0},
    {"call", "orphan", "about is null and account is null and contact is null", 0},
    {"meeting", "orphan", "about is null and account is null", 0},
};

static bool rule_fits(const Object *o)
{
    uint32_t never = TRAIT_LINE | TRAIT_APPEND_ONLY | TRAIT_CODED;
    return o->history && !(o->traits & never) && !str_is(o->area, "organisation") &&
           (o->custom || (o->traits & TRAIT_OWNED));
}

bool cleanup_may(const Ctx *cx, const Object *o)
{
    return rule_fits(o) && access_may_some(cx, o, ACCESS_DELETE) &&
           access_may_some(cx, o, ACCESS_BULK) && access_may_some(cx, o, ACCESS_EXPORT);
}

/* ---- rules of every object */
static Str age_filter(Ctx *cx, const Object *o, int64_t months)
{
    if (!(o->traits & TRAIT_FOLLOWED))
        return str_format(cx->arena, "updated_at < months_ago(%lld)", (long long)months);
    return str_format(cx->arena,
                      "updated_at < months_ago(%lld) and (last_followup_at is null or "
                      "last_followup_at < months_ago(%lld))",
                      (long long)months, (long long)months);
}

/* What a person would have had to write. */
static bool is_content(const Object *o, const Field *f)
{
    return !f->system && !f->readonly && f->n_columns > 0 && !field_is_computed(f) &&
           !f->required && !f->has_default && !f->dflt_text.n && f->kind != F_BOOLEAN &&
           f->kind != F_SECRET && f->kind != F_AUTO_NUMBER && f != o->title && f != o->owner &&
           f != o->department;
}

/* What only follows a record (changes of its owner) says nothing about its use. */
static bool is_tie(const Relation *rel)
{
    return !(rel->child->traits & TRAIT_APPEND_ONLY) || str_is(rel->child->name, "file");
}

/* Nothing written but the title and what must be, nothing tied to it. Only who sees all of that can tell. */
static Str empty_filter(Ctx *cx, const Object *o)
{
    Buf out = buf_in(cx->arena, MAX_FILTER);
    if (access_scope(cx, o, ACCESS_READ) != SCOPE_ALL)
        return STR_NULL;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (!is_content(o, f))
            continue;
        if (access_field(cx, f) < FIELD_READ)
            return STR_NULL;
        buf_printf(&out, "%s" STR_FMT " is null", out.n ? " and " : "", STR_ARG(f->name));
    }
    if (!out.n)
        return STR_NULL;
    for (size_t i = 0; i < o->n_relations; i++) {
        const Relation *rel = &o->relations[i];
        if (!is_tie(rel))
            continue;
        if (access_scope(cx, rel->child, ACCESS_READ) != SCOPE_ALL ||
            access_field(cx, rel->field) < FIELD_READ)
            return STR_NULL;
        buf_printf(&out, " and none(" STR_FMT ")", STR_ARG(rel->name));
    }
    return buf_overflowed(&out) ? STR_NULL : buf_str(&out);
}

/* ---- one rule */
static const ShippedRule *shipped(const Object *o, Str rule)
{
    for (size_t i = 0; i < COUNT_OF(SHIPPED); i++)
        if (str_is(o->name, SHIPPED[i].object) && str_is(rule, SHIPPED[i].rule))
            return &SHIPPED[i];
    return NULL;
}

static bool rule_tries(Ctx *cx, const Object *o, Str filter)
{
    ListQuery q = {.filter = filter, .fields = STR("id"), .limit = 1};
    bool works = filter.n && query_list_try(cx, o, &q) == ST_OK;
    error_clear(cx);
    return works;
}

/* The condition of a rule; STR_NULL: the object has no such rule for this person. */
static Str rule_filter(Ctx *cx, const Object *o, Str rule, int64_t months)
{
    const ShippedRule *s = shipped(o, rule);
    if (s && s->months)
        return str_format(cx->arena, "%s and updated_at < months_ago(%lld)", s->filter,
                          (long long)months);
    if (s)
        return str_of(s->filter);
    if (str_is(rule, "age"))
        return age_filter(cx, o, months);
    return str_is(rule, "empty") ? empty_filter(cx, o) : STR_NULL;
}

static int64_t rule_months(const Object *o, Str rule)
{
    const ShippedRule *s = shipped(o, rule);
    return s ? s->months : str_is(rule, "age") ? AGE_MONTHS : 0;
}

static void write_rule(Ctx *cx, const Object *o, const char *rule, Buf *out)
{
    int64_t months = rule_months(o, str_of(rule));
    Str filter = rule_filter(cx, o, str_of(rule), months);
    if (!rule_tries(cx, o, filter))
        return;
    if (out->n && out->p[out->n - 1] == '}')
        buf_char(out, ',');
    buf_printf(out, "{\"rule\":\"%s\",\"months\":", rule);
    if (months)
        buf_int(out, months);
    else
        buf_lit(out, "null");
    buf_lit(out, ",\"filter\":");
    buf_json_str(out, filter);
    buf_char(out, '}');
}

void cleanup_write_rules(Ctx *cx, const Object *o, Buf *out)
{
    for (size_t i = 0; i < COUNT_OF(SHIPPED); i++)
        if (str_is(o->name, SHIPPED[i].object))
            write_rule(cx, o, SHIPPED[i].rule, out);
    write_rule(cx, o, "age", out);
    write_rule(cx, o, "empty", out);
}

/* ---- what is asked for */
static Status parse_months(Ctx *cx, const json_t *body, Cleanup *c)
{
    const json_t *months = json_object_get(body, "months");
    c->months = rule_months(c->object, c->rule);
    if (!months || json_is_null(months))
        return ST_OK;
    if (!c->months || !json_is_integer(months) || json_integer_value(months) < 1 ||
        json_integer_value(months) > MAX_MONTHS)
        return FIELD_FAIL(cx, STR("months"), "bad_value", "cleanup.months",
                          "1 to %d, of a rule that has an age", MAX_MONTHS);
    c->months = json_integer_value(months);
    return ST_OK;
}

static Status parse_object(Ctx *cx, const json_t *body, Cleanup *c)
{
    c->object = meta_object(cx->meta, json_get_str(body, "object"));
    if (!c->object || !rule_fits(c->object) || !access_may_some(cx, c->object, ACCESS_READ))
        return FIELD_FAIL(cx, STR("object"), "bad_value", "cleanup.object",
                          "an object whose records can be cleaned up");
    if (!cleanup_may(cx, c->object))
        return FAIL(cx, ST_DENIED, "cleanup.denied",
                    "to clean up you need the rights to delete, to change many and to export");
    return ST_OK;
}

Status cleanup_parse(Ctx *cx, const json_t *body, Cleanup *ret)
{
    const json_t *more = json_object_get(body, "filter");
    int64_t any = 0;
    *ret = (Cleanup){.rule = json_get_str(body, "rule")};
    TRY(parse_object(cx, body, ret));
    TRY(parse_months(cx, body, ret));
    if (more && !json_is_null(more) && (!json_is_string(more) || json_str(more).n > MAX_FILTER))
        return FIELD_FAIL(cx, STR("filter"), "bad_value", "cleanup.filter",
                          "a condition of at most %d bytes", MAX_FILTER);
    bool own = str_is(ret->rule, "own");
    Str own_text = str_trim(json_str(more));
    if (own && !own_text.n)
        return FIELD_FAIL(cx, STR("filter"), "required", "cleanup.own",
                          "a rule of your own says which records");
    Str filter = own ? own_text : rule_filter(cx, ret->object, ret->rule, ret->months);
    if (!filter.n)
        return FIELD_FAIL(cx, STR("rule"), "bad_value", "cleanup.rule",
                          "not a rule for records of this kind");
    ret->filter = filter;
    if (!own && own_text.n)
        ret->filter = str_format(cx->arena, "(" STR_FMT ") and (" STR_FMT ")", STR_ARG(filter),
                                 STR_ARG(own_text));
    return query_count(cx, ret->object, ret->filter, false, 1, &any);
}
