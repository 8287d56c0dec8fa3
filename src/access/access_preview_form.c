/* SPDX-License-Identifier: Apache-2.0 */
/* The other parts of a role's preview: actions beside reading, fields, system rights. */
#include "access/access_preview.h"
#include "meta/mask.h"

enum { MAX_QUESTIONS = 400, MAX_NAMES = 3 }; /* statements for one preview; people named */

typedef struct Ask {
    Preview *p;
    Buf *out;
    int questions; /* asked so far */
    bool first, cut;
} Ask;

static void ask_item(Ask *a, const Object *o)
{
    buf_str_add(a->out, a->first ? STR("{\"object\":") : STR(",{\"object\":"));
    a->first = false;
    buf_json_str(a->out, o->name);
}

/* Too many: what is left out is said, not guessed. */
static bool ask_may(Ask *a)
{
    a->cut = a->cut || a->questions >= MAX_QUESTIONS;
    a->questions += !a->cut;
    return !a->cut;
}

static const ObjectRights *rights_of(const User *u, const Object *o)
{
    return o->number < u->n_objects ? &u->objects[o->number] : NULL;
}

/* ---- actions: what he may do after and could not before, or the other way round */
static Status action_side(Ask *a, const Object *o, AccessAction action, const User *has,
                          const User *lacks, PreviewSide *side)
{
    Ctx *cx = a->p->cx;
    int next_alias = 2;
    Sql q = sql_new(cx->arena);
    if (!ask_may(a))
        return ST_OK;
    access_preview_from(o, &q);
    TRY(access_preview_condition(cx, has, o, ACCESS_READ, 0, &q, &next_alias));
    TRY(access_preview_condition(cx, has, o, action, 0, &q, &next_alias));
    access_preview_unless(o, &q);
    TRY(access_preview_condition(cx, lacks, o, ACCESS_READ, 1, &q, &next_alias));
    TRY(access_preview_condition(cx, lacks, o, action, 1, &q, &next_alias));
    sql_lit(&q, ")");
    return access_preview_count(cx, &q, side);
}

static bool may_all(const User *u, const Object *o, AccessAction action)
{
    const ObjectRights *r = rights_of(u, o);
    return u->is_administrator || (r && r->scope[action] == SCOPE_ALL);
}

static Status action_one(Ask *a, const Object *o, AccessAction action)
{
    PreviewSide gained = {0}, lost = {0};
    for (size_t i = 0; i < a->p->n; i++) {
        const User *before = a->p->before_users[i], *after = a->p->after_users[i];
        bool flag = access_rights_is_flag(action);
        if (flag) {
            gained.people += may_all(after, o, action) && !may_all(before, o, action);
            lost.people += may_all(before, o, action) && !may_all(after, o, action);
            continue;
        }
        TRY(action_side(a, o, action, after, before, &gained));
        TRY(action_side(a, o, action, before, after, &lost));
    }
    if (!gained.people && !lost.people)
        return ST_OK;
    ask_item(a, o);
    buf_printf(a->out, ",\"action\":\"%s\",", access_rights_actions[action]);
    TRY(access_preview_write_both(a->p->cx, o, &gained, &lost, a->out));
    buf_char(a->out, '}');
    return ST_OK;
}

/* Only what the form says otherwise than before is asked. */
static bool action_changes(const Preview *p, const Object *o, AccessAction action)
{
    for (size_t i = 0; i < p->n; i++) {
        const ObjectRights *b = rights_of(p->before_users[i], o),
                           *n = rights_of(p->after_users[i], o);
        if (!b || !n || b->scope[action] != n->scope[action] || b->n_exprs || n->n_exprs)
            return true;
    }
    return false;
}

static Status ask_actions(Ask *a, const Object *o)
{
    for (int action = ACCESS_CREATE; action < ACCESS_ACTIONS; action++)
        if (action_changes(a->p, o, (AccessAction)action))
            TRY(action_one(a, o, (AccessAction)action));
    return ST_OK;
}

/* ---- fields: from one right to another, with the records that have a value and that he reads */
static const char *const FIELD_RIGHTS[] = {"hidden", "masked", "read", "write"};
/* Masks differ by their style: each is a state of its own behind the rights. */
enum { FIELD_STATES = FIELD_WRITE + 1 + MASK_STYLES };

static FieldRight state_right(int state)
{
    return state > FIELD_WRITE ? FIELD_MASKED : (FieldRight)state;
}

static FieldRight field_right(const User *u, const Field *f)
{
    const ObjectRights *r = rights_of(u, f->object);
    if (u->is_administrator || (r && !r->fields))
        return FIELD_WRITE;
    return r ? (FieldRight)r->fields[f->index] : FIELD_HIDDEN;
}

static int field_state(const User *u, const Field *f)
{
    const ObjectRights *r = rights_of(u, f->object);
    FieldRight right = field_right(u, f);
    if (right != FIELD_MASKED)
        return right;
    return FIELD_WRITE + 1 + (r && r->masks ? r->masks[f->index] : MASK_AUTO);
}

static void state_write(const char *name, int state, Buf *out)
{
    buf_printf(out, ",\"%s\":\"%s\"", name, FIELD_RIGHTS[state_right(state)]);
    if (state > FIELD_WRITE)
        buf_printf(out, ",\"%s_style\":\"%s\"", name,
                   mask_style_name((MaskStyle)(state - FIELD_WRITE - 1)));
}

static bool reads_object(const User *u, const Object *o)
{
    const ObjectRights *r = rights_of(u, o);
    return u->is_administrator || (r && access_rights_reads_some(r));
}

static Status field_records(Ask *a, const Field *f, const User *u, PreviewSide *side)
{
    Ctx *cx = a->p->cx;
    int next_alias = 2;
    Sql q = sql_new(cx->arena);
    int64_t people = side->people + 1;
    if (f->kind == F_FORMULA || f->kind == F_LINKS || !ask_may(a)) {
        side->people = people; /* no column of its own to look into */
        side->capped = true;
        return ST_OK;
    }
    access_preview_from(f->object, &q);
    TRY(access_preview_condition(cx, u, f->object, ACCESS_READ, 0, &q, &next_alias));
    sql_lit(&q, " AND ");
    sql_column(&q, 0, f, 0);
    sql_lit(&q, " IS NOT NULL");
    TRY(access_preview_count(cx, &q, side));
    side->people = people; /* who sees no record with a value loses the field all the same */
    return ST_OK;
}

static Status field_write(Ask *a, const Field *f, int from, int to, const PreviewSide *side)
{
    ask_item(a, f->object);
    buf_lit(a->out, ",\"field\":");
    buf_json_str(a->out, f->name);
    state_write("from", from, a->out);
    state_write("to", to, a->out);
    buf_char(a->out, ',');
    TRY(access_preview_write_side(a->p->cx, f->object, side, a->out));
    buf_char(a->out, '}');
    return ST_OK;
}

static Status ask_field(Ask *a, const Field *f)
{
    PreviewSide sides[FIELD_STATES][FIELD_STATES] = {0};
    for (size_t i = 0; i < a->p->n; i++) {
        const User *before = a->p->before_users[i], *after = a->p->after_users[i];
        int from = field_state(before, f), to = field_state(after, f);
        bool more = state_right(to) > state_right(from);
        if (from != to && reads_object(before, f->object) && reads_object(after, f->object))
            TRY(field_records(a, f, more ? after : before, &sides[from][to]));
    }
    for (int from = 0; from < FIELD_STATES; from++)
        for (int to = 0; to < FIELD_STATES; to++)
            if (sides[from][to].people)
                TRY(field_write(a, f, from, to, &sides[from][to]));
    return ST_OK;
}

static Status ask_fields(Ask *a, const Object *o)
{
    for (size_t i = 0; i < o->n_fields; i++)
        if (!o->fields[i]->system)
            TRY(ask_field(a, o->fields[i]));
    return ST_OK;
}

/* ---- system rights */
static bool has_right(const User *u, Str right)
{
    for (size_t i = 0; i < u->n_system; i++)
        if (str_eq(u->system[i], right))
            return true;
    return u->is_administrator;
}

static void system_side(Ask *a, const char *name, Str right, bool gained)
{
    int64_t people = 0;
    buf_printf(a->out, ",\"%s\":{\"samples\":[", name);
    for (size_t i = 0; i < a->p->n; i++) {
        const User *before = a->p->before_users[i], *after = a->p->after_users[i];
        if (!has_right(gained ? after : before, right) || has_right(gained ? before : after, right))
            continue;
        if (people && people < MAX_NAMES)
            buf_char(a->out, ',');
        if (people++ < MAX_NAMES)
            buf_json_named(a->out, before->id, before->name);
    }
    buf_printf(a->out, "],\"people\":%lld}", (long long)people);
}

static bool said_before(const json_t *list, size_t at, Str right)
{
    for (size_t i = 0; i < at; i++)
        if (str_eq(json_str(json_array_get(list, i)), right))
            return true;
    return false;
}

static void ask_right(Ask *a, Str right)
{
    buf_str_add(a->out, a->first ? STR("{\"right\":") : STR(",{\"right\":"));
    a->first = false;
    buf_json_str(a->out, right);
    system_side(a, "gained", right, true);
    system_side(a, "lost", right, false);
    buf_char(a->out, '}');
}

/* Rights that only one of the two lists names. */
static void ask_system(Ask *a, const json_t *has, const json_t *lacks)
{
    for (size_t i = 0; i < json_array_size(has); i++) {
        Str right = json_str(json_array_get(has, i));
        if (!said_before(lacks, json_array_size(lacks), right) && !said_before(has, i, right))
            ask_right(a, right);
    }
}

typedef Status (*AskObject)(Ask *a, const Object *o);

static Status ask_objects(Ask *a, const json_t *body, const char *name, AskObject ask)
{
    const char *object;
    json_t *rights;
    a->first = true;
    buf_printf(a->out, ",\"%s\":[", name);
    json_object_foreach(json_object_get(body, "objects"), object, rights)
    {
        const Object *o = meta_object(a->p->cx->meta, str_of(object));
        if (o)
            TRY(ask(a, o));
    }
    buf_char(a->out, ']');
    return ST_OK;
}

Status access_preview_form(Preview *p, Str role, const json_t *body, Buf *out)
{
    Ask a = {.p = p, .out = out};
    const json_t *now = json_object_get(json_object_getn(p->cx->meta->access, role.p, role.n),
                                        "system"),
                 *next = json_object_get(body, "system");
    TRY(ask_objects(&a, body, "actions", ask_actions));
    TRY(ask_objects(&a, body, "fields", ask_fields));
    a.first = true;
    buf_lit(out, ",\"system\":[");
    if (next) {
        ask_system(&a, next, now);
        ask_system(&a, now, next);
    }
    buf_printf(out, "],\"complete\":%s", a.cut ? "false" : "true");
    return ST_OK;
}
