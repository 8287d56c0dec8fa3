/* SPDX-License-Identifier: Apache-2.0 */
/* Choice lists, rights of roles and settings changed at run time. */
#include "base/decimal.h"
#include "meta/mask.h"
#include "meta/meta_change.h"
#include "meta/meta_purge.h"
#include "meta/sql.h"

/* ---- lists */

const json_t *meta_change_entry(const json_t *entries, Str value)
{
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)entries, i, entry)
    {
        if (str_eq(json_get_str(entry, "value"), value))
            return entry;
    }
    return NULL;
}

static json_t *entry_json(const Choice *c)
{
    json_t *entry = json_object(), *label = json_object();
    json_object_set_new(entry, "value", json_stringn(c->value.p, c->value.n));
    if (c->parent.n)
        json_object_set_new(entry, "parent", json_stringn(c->parent.p, c->parent.n));
    json_object_set_new(label, "zh-CN", json_stringn(c->label.zh.p, c->label.zh.n));
    json_object_set_new(label, "en", json_stringn(c->label.en.p, c->label.en.n));
    json_object_set_new(entry, "label", label);
    if (c->color.n)
        json_object_set_new(entry, "color", json_stringn(c->color.p, c->color.n));
    json_object_set_new(entry, "retired", json_boolean(c->retired));
    return entry;
}

/* What the body says of a known code, over what it was. */
static json_t *changed_entry(const Choice *c, const json_t *entry)
{
    json_t *merged = c ? entry_json(c) : json_object();
    json_object_update(merged, (json_t *)entry);
    return merged;
}

static bool names_all(const ChoiceList *old, const json_t *entries)
{
    for (size_t i = 0; i < old->n; i++) {
        if (!meta_change_entry(entries, old->items[i].value))
            return false;
    }
    return true;
}

static void append_changed(json_t *all, const ChoiceList *old, const json_t *entries, bool only_new)
{
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)entries, i, entry)
    {
        const Choice *c = old ? choice_find(old, json_get_str(entry, "value")) : NULL;
        if (!c || !only_new)
            json_array_append_new(all, changed_entry(c, entry));
    }
}

/* Codes never vanish: entries of the body change those of the same code and come behind the others
 * when new. A body that names every code also sets the order. */
static json_t *merge_entries(const ChoiceList *old, const json_t *entries)
{
    json_t *all = json_array();
    bool whole = !old || names_all(old, entries);
    for (size_t k = 0; !whole && k < old->n; k++) {
        const json_t *entry = meta_change_entry(entries, old->items[k].value);
        json_array_append_new(all, changed_entry(&old->items[k], entry));
    }
    append_changed(all, old, entries, !whole);
    return all;
}

static json_t *old_label(const ChoiceList *old)
{
    json_t *label = json_object();
    json_object_set_new(label, "zh-CN", json_stringn(old->label.zh.p, old->label.zh.n));
    json_object_set_new(label, "en", json_stringn(old->label.en.p, old->label.en.n));
    return label;
}

static json_t *new_list(Str name, const ChoiceList *old, const json_t *body)
{
    json_t *list = json_object(), *label = json_object_get(body, "label");
    json_object_set_new(list, "list", json_stringn(name.p, name.n));
    if (label)
        json_object_set(list, "label", label);
    else if (old)
        json_object_set_new(list, "label", old_label(old));
    json_t *entries = json_object_get(body, "entries");
    if (entries && !json_is_array(entries))
        json_object_set(list, "entries", entries); /* refused by the compiler, with its path */
    else
        json_object_set_new(list, "entries", merge_entries(old, entries));
    return list;
}

Status meta_put_list(Ctx *cx, MetaStore *s, Str name, const json_t *body, Plan *plan, Buf *answer)
{
    MetaChange c;
    TRY(meta_change_begin(cx, s, plan, "list.change", STR_NULL, name, &c));
    TRY(meta_change_allow(cx, body, "list label entries"));
    const ChoiceList *old = map_get(&c.old->m->lists_by_name, name);
    if (!old)
        c.entry.action = STR("list.create");
    json_t *list = new_list(name, old, body);
    json_t *row = meta_change_row(&c, "list", name, json_object());
    json_object_clear(row);
    json_object_update(row, list);
    json_decref(list);
    TRY(meta_change_build(&c, name));
    TRY(meta_change_commit(&c));
    meta_write_list(map_get(&c.candidate->m->lists_by_name, name), answer);
    return ST_OK;
}

/* ---- rights */

static const char *const actions[] = {"read",   "create", "update",      "delete",
                                      "export", "import", "share",       "transfer",
                                      "bulk",   "fields", "create_types"};

static Status bad_right(Ctx *cx, const char *object, const char *part, const char *what)
{
    return FIELD_FAIL(cx, str_format(cx->arena, "objects.%s.%s", object, part), "bad_value",
                      "meta.bad_right", "must be %s", what);
}

static bool is_word_of(const json_t *value, const char *words)
{
    Str rest = str_of(words), word, text = json_str(value);
    while (text.n && rest.n && str_split(&rest, ' ', &word)) {
        if (str_eq(word, text))
            return true;
    }
    return false;
}

typedef struct FieldWords {
    const char *words, *told;
} FieldWords;
static const FieldWords FIELD_WORDS[] = {
    {"hidden read write read_secrets", "hidden, read, write or read_secrets"},
    {"hidden masked reveal read write", "hidden, masked, reveal (each also with a style that fits, "
                                        "such as masked:full), read or write"},
    {"hidden read write", "hidden, read or write"}};

static Status check_field_rights(Ctx *cx, const Object *o, const json_t *fields)
{
    const char *name;
    json_t *right;
    json_object_foreach((json_t *)fields, name, right)
    {
        Str path = str_format(cx->arena, "objects." STR_FMT ".fields.%s", STR_ARG(o->name), name);
        const Field *f = object_field(o, str_of(name));
        if (!f)
            return FIELD_FAIL(cx, path, "no_match", "meta.no_such_field",
                              "there is no field \"" STR_FMT "\"", STR_ARG(str_of(name)));
        const FieldWords *w = &FIELD_WORDS[f->kind == F_SECRET ? 0 : mask_takes(f) ? 1 : 2];
        MaskStyle style;
        if (!is_word_of(right, w->words) && !mask_word(f, json_str(right), &style))
            return FIELD_FAIL(cx, path, "bad_value", "meta.bad_right", "must be %s", w->told);
    }
    return ST_OK;
}

/* Retired types may stand here: they are not offered, and come back with what was said of them. */
static Status check_types(Ctx *cx, const Object *o, const json_t *types)
{
    const Field *f = o->record_type;
    Str path = str_format(cx->arena, "objects." STR_FMT ".create_types", STR_ARG(o->name));
    bool fits = f && json_is_array(types) && json_array_size(types) <= 200;
    for (size_t i = 0; fits && i < json_array_size(types); i++)
        fits = choice_find(f->choices, json_str(json_array_get(types, i))) != NULL;
    return fits ? ST_OK
                : FIELD_FAIL(cx, path, "no_match", "meta.bad_create_types",
                             "must be a list of record types of the object");
}

static Status check_right(Ctx *cx, const Object *o, const char *action, const json_t *value)
{
    const char *object = str_z(cx->arena, o->name);
    if (!strcmp(action, "create") || !strcmp(action, "import"))
        return json_is_boolean(value) ? ST_OK : bad_right(cx, object, action, "true or false");
    if (!strcmp(action, "fields"))
        return check_field_rights(cx, o, value);
    if (!strcmp(action, "create_types"))
        return check_types(cx, o, value);
    if (is_word_of(value, "none own collaborators department department_below all") ||
        (json_object_size(value) == 1 && json_get_str(value, "expr").n))
        return ST_OK;
    return bad_right(cx, object, action,
                     "none, own, collaborators, department, department_below, all or an "
                     "expression: {\"expr\":\"…\"}");
}

static Status check_object_rights(Ctx *cx, const Object *o, const json_t *rights)
{
    const char *action;
    json_t *value;
    json_object_foreach((json_t *)rights, action, value)
    {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(actions); i++)
            known = known || !strcmp(action, actions[i]);
        if (!known)
            return bad_right(cx, str_z(cx->arena, o->name), action,
                             "one of read, create, update, delete, export, import, share, "
                             "transfer, bulk, fields, create_types");
        TRY(check_right(cx, o, action, value));
    }
    return ST_OK;
}

Status meta_change_check_access(Ctx *cx, const Meta *m, const json_t *body)
{
    const char *name;
    json_t *rights;
    TRY(meta_change_allow(cx, body, "role objects system"));
    json_object_foreach(json_object_get(body, "objects"), name, rights)
    {
        const Object *o = meta_object(m, str_of(name));
        if (!o)
            return FIELD_FAIL(cx, str_format(cx->arena, "objects.%s", name), "no_match",
                              "meta.no_such_object", "there is no object \"" STR_FMT "\"",
                              STR_ARG(str_of(name)));
        TRY(check_object_rights(cx, o, rights));
    }
    json_t *system = json_object_get(body, "system");
    if (system && !json_is_array(system))
        return FIELD_FAIL(cx, STR("system"), "bad_value", "meta.bad_system_rights",
                          "must be a list of system rights");
    return ST_OK;
}

Status meta_put_access(Ctx *cx, MetaStore *s, Str role, const json_t *body, Plan *plan, Buf *answer)
{
    MetaChange c;
    TRY(meta_change_begin(cx, s, plan, "access.change", STR_NULL, role, &c));
    TRY(meta_change_check_access(cx, c.old->m, body));
    json_t *row = meta_change_row(&c, "access", role, json_object());
    json_t *objects = json_object_get(row, "objects"), *system = json_object_get(body, "system");
    if (!objects) {
        objects = json_object();
        json_object_set_new(row, "objects", objects);
    }
    json_object_update(objects, json_object_get(body, "objects"));
    if (system)
        json_object_set(row, "system", system);
    TRY(meta_change_build(&c, STR_NULL));
    TRY(meta_change_commit(&c));
    json_write(answer, json_object_getn(c.candidate->m->access, role.p, role.n));
    return ST_OK;
}

/* ---- settings */

static Status has_amounts(Ctx *cx, const Field *f, bool *ret)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT 1 FROM ");
    sql_table(&q, f->object);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " IS NOT NULL LIMIT 1");
    TRY(db_prepare_str(cx, sql_text(&q), &stmt));
    return db_next(stmt, ret);
}

/* Base values are stored in the organisation's currency: it cannot change below them. */
static Status check_no_amounts(Ctx *cx, const Meta *m)
{
    for (size_t i = 0; i < m->n_objects; i++) {
        for (size_t k = 0; k < m->objects[i]->n_fields; k++) {
            const Field *f = m->objects[i]->fields[k];
            bool found = false;
            if (f->kind != F_MONEY)
                continue;
            TRY(has_amounts(cx, f, &found));
            if (found)
                return FIELD_FAIL(cx, STR("currency"), "conflict", "meta.currency_in_use",
                                  "cannot be changed once there are amounts");
        }
    }
    return ST_OK;
}

static bool is_currency(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return false;
    }
    return s.n == 3;
}

static Status check_rates(Ctx *cx, const json_t *rates)
{
    const char *currency;
    json_t *rate;
    int64_t v;
    if (rates && !json_is_object(rates))
        return FIELD_FAIL(cx, STR("exchange_rates"), "bad_value", "meta.rates_form",
                          "must have the form {\"USD\":\"7.1\"}");
    json_object_foreach((json_t *)rates, currency, rate)
    {
        if (!is_currency(str_of(currency)) || !decimal_parse(json_str(rate), 9, false, &v) ||
            v <= 0)
            return FIELD_FAIL(cx, str_format(cx->arena, "exchange_rates.%s", currency), "bad_value",
                              "meta.bad_rate",
                              "must be a currency code with a rate above 0 as text");
    }
    return ST_OK;
}

static Status check_calendar(Ctx *cx, const json_t *calendar)
{
    Str base = json_get_str(calendar, "base");
    if (!json_is_object(calendar) || (base.n && !str_is(base, "CN") && !str_is(base, "none")))
        return FIELD_FAIL(cx, STR("work_calendar"), "bad_value", "meta.calendar_form",
                          "must have the form {\"base\":\"CN\"|\"none\",\"holidays\":[…],"
                          "\"makeup_days\":[…]}");
    if (json_object_size(calendar))
        TRY(meta_change_allow(cx, calendar, "base holidays makeup_days"));
    static const char *const lists[] = {"holidays", "makeup_days"};
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (!meta_workdays_list(json_object_get(calendar, lists[i])))
            return FIELD_FAIL(cx, str_format(cx->arena, "work_calendar.%s", lists[i]), "bad_value",
                              "meta.calendar_days",
                              "must be a list of days (2027-02-05) and ranges of days "
                              "(2027-02-05/2027-02-12)");
    return ST_OK;
}

static Status check_days(Ctx *cx, const json_t *value)
{
    json_int_t days = json_is_integer(value) ? json_integer_value(value) : 0;
    if (days >= 1 && days <= META_BIN_DAYS_MAX)
        return ST_OK;
    return FIELD_FAIL(cx, STR("bin_days"), "out_of_range", "meta.bad_bin_days",
                      "must be a number of days from 1 to %d", META_BIN_DAYS_MAX);
}

static Status check_setting(MetaChange *c, const char *name, const json_t *value)
{
    Ctx *cx = c->cx;
    Str text = json_str(value);
    if (!strcmp(name, "exchange_rates"))
        return check_rates(cx, value);
    if (!strcmp(name, "work_calendar"))
        return check_calendar(cx, value);
    if (!strcmp(name, "bin_days"))
        return check_days(cx, value);
    if (!text.n)
        return FIELD_FAIL(cx, str_copy(cx->arena, str_of(name)), "bad_value", "meta.bad_text",
                          "must be a text");
    if (!strcmp(name, "time_zone") && !zone_get(text))
        return FIELD_FAIL(cx, STR("time_zone"), "no_match", "meta.bad_zone",
                          "is not the name of a time zone");
    if (!strcmp(name, "language") && !str_is(text, "zh-CN") && !str_is(text, "en"))
        return FIELD_FAIL(cx, STR("language"), "no_match", "meta.bad_language",
                          "must be zh-CN or en");
    if (strcmp(name, "currency") != 0 || str_eq(text, c->old->m->currency))
        return ST_OK;
    if (!is_currency(text))
        return FIELD_FAIL(cx, STR("currency"), "bad_value", "meta.bad_currency",
                          "must be a currency code such as CNY");
    return check_no_amounts(cx, c->old->m);
}

static void put_setting(MetaChange *c, const char *name, json_t *value)
{
    Str key = STR("organisation"), text = json_str(value);
    if (strcmp(name, "name") != 0)
        key = str_copy(c->cx->arena, str_of(name));
    if (json_is_integer(value))
        text = str_format(c->cx->arena, "%lld", (long long)json_integer_value(value));
    if (json_is_object(value)) {
        Buf b = buf_in(c->cx->arena, 65536);
        json_write(&b, value);
        text = buf_str(&b);
    }
    text = str_copy(c->cx->arena, text);
    json_object_setn_new(c->settings, key.p, key.n, json_stringn(text.p, text.n));
}

Status meta_set_organisation(Ctx *cx, MetaStore *s, const json_t *body, Plan *plan)
{
    MetaChange c;
    const char *name;
    json_t *value;
    TRY(meta_change_begin(cx, s, plan, "organisation.change", STR_NULL, STR_NULL, &c));
    TRY(meta_change_allow(
        cx, body, "name currency language time_zone exchange_rates work_calendar bin_days"));
    json_object_foreach((json_t *)body, name, value) { TRY(check_setting(&c, name, value)); }
    json_object_foreach((json_t *)body, name, value) { put_setting(&c, name, value); }
    TRY(meta_change_build(&c, STR_NULL));
    return meta_change_commit(&c);
}
