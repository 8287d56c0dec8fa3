/* SPDX-License-Identifier: Apache-2.0 */
/* create_missing: before a chunk is applied, the records that its links name and that nobody has are
 * created in a plan of their own. What cannot be created is told with the rows that need it. */
#include "import/import_internal.h"

#define NAME_TRIES 9
#define SCRATCH_BYTES ((size_t)32 * 1024)

typedef struct Missing {
    LinkTable *table;
    Id parent, made;
    Str text, failure;
    int attempt; /* more than one: a name derived from the text was taken */
} Missing;

typedef struct MissingList {
    const Import *import;
    Arena *arena;
    Map seen;
    VEC(Missing) list;
    size_t from, to; /* those of the plan in hand */
} MissingList;

/* Lower-case Latin letters and digits, everything else one underscore; a number if none is left. */
Str import_slug(Arena *a, Str text)
{
    Buf out = buf_in(a, 60);
    for (size_t i = 0; i < text.n && !buf_overflowed(&out); i++) {
        char c = text.p[i];
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_char(&out, c);
        else if (out.n && out.p[out.n - 1] != '_' && (unsigned char)c < 0x80)
            buf_char(&out, '_');
    }
    while (out.n && out.p[out.n - 1] == '_')
        buf_truncate(&out, out.n - 1);
    if (!out.n)
        return str_format(a, "x%08llx", (unsigned long long)(str_hash(text) & 0xffffffff));
    return buf_str(&out);
}

/* ---- gathering */
static Status want(Ctx *cx, MissingList *m, const ImportColumn *c, Id parent, Str text)
{
    LinkFound found;
    Id id = 0;
    if (!text.n || map_has(&c->links->failures, text))
        return ST_OK;
    TRY(links_find(cx, c->links, parent, text, &found, &id));
    Str key = str_format(m->arena, "%p\x1f%lld\x1f" STR_FMT, (void *)c->links, (long long)parent,
                         STR_ARG(text));
    if (found != LINK_NONE || map_has(&m->seen, key))
        return ST_OK;
    map_put(&m->seen, key, m);
    Missing missing = {.table = c->links, .parent = parent, .text = str_copy(m->arena, text)};
    VEC_PUSH(m->arena, &m->list, missing);
    return ST_OK;
}

/* The parent of a coded line when it is the same for every row. */
static Id constant_parent(const Import *im, const ImportColumn *c)
{
    for (size_t i = 0; c->sibling && i < im->n_sets; i++)
        if (im->sets[i].field == c->sibling && im->sets[i].value.t == V_ID)
            return im->sets[i].value.i;
    return 0;
}

static Status gather(Ctx *cx, MissingList *m, const ImportRow *rows, size_t n)
{
    const Import *im = m->import;
    for (size_t k = 0; k < im->n_columns; k++) {
        const ImportColumn *c = &im->columns[k];
        if (!c->create_missing || c->field->to == im->object || c->field->kind != F_LINK)
            continue;
        for (size_t i = 0; i < n; i++)
            if (!rows[i].csv.bad_text)
                TRY(want(cx, m, c, constant_parent(im, c), row_text(c, &rows[i])));
    }
    return ST_OK;
}

/* ---- making */
static void set_text(Ctx *cx, Record *r, const Field *f, Str text)
{
    if (f && f->type->value == V_TEXT && f->n_columns)
        record_set(r, f, (Value){.t = V_TEXT, .s = str_copy(cx->arena, text)});
}

/* Required unique texts (a code, a login) that nothing gives come from the text itself. */
static void set_slugs(Ctx *cx, Record *r, const Missing *m)
{
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        bool named = f->unique || f == r->object->code;
        if (!f->required || !named || f->type->value != V_TEXT || !value_is_null(record_get(r, f)))
            continue;
        Str slug = import_slug(cx->arena, m->text);
        set_text(cx, r, f,
                 m->attempt > 1 ? str_format(cx->arena, STR_FMT "_%d", STR_ARG(slug), m->attempt)
                                : slug);
    }
}

static Record *fresh(Ctx *cx, const Import *im, const Missing *m)
{
    const Object *to = m->table->to;
    Record *r = record_new(cx, to);
    r->import = true;
    for (size_t i = 0; to == im->object && i < im->n_sets; i++)
        if (!im->sets[i].template.n)
            record_set(r, im->sets[i].field, im->sets[i].value);
    if (to->parent && m->parent)
        record_set(r, to->parent, (Value){.t = V_ID, .i = m->parent});
    set_text(cx, r, m->table->match ? m->table->match : to->title, m->text);
    if (m->table->match != to->title && value_is_null(record_get(r, to->title)))
        set_text(cx, r, to->title, m->text);
    set_slugs(cx, r, m);
    return r;
}

static Status make(Ctx *cx, MissingList *list, Plan *plan, Missing *m)
{
    Record *r = fresh(cx, list->import, m);
    Status st = record_write(cx, plan, r);
    m->made = st == ST_OK ? r->id : 0;
    if (st != ST_INVALID && st != ST_DENIED && st != ST_NOT_FOUND)
        return st;
    bool detail = cx->err.fields.n > 0;
    m->failure = str_copy(list->arena, detail ? cx->err.fields.v[0].message : cx->err.text);
    error_clear(cx);
    return ST_OK;
}

static Status prepare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    MissingList *list = arg;
    (void)job;
    for (size_t i = list->from; i < list->to; i++)
        if (!list->list.v[i].failure.p)
            TRY(make(cx, list, plan, &list->list.v[i]));
    return ST_OK;
}

/* In a dry run nobody is created; an id that nobody has stands for what would have been. */
static void pretend(MissingList *list)
{
    for (size_t i = list->from; i < list->to; i++)
        list->list.v[i].made = -1;
}

static Status apply_range(Ctx *cx, Job *job, MissingList *list, size_t from, size_t to)
{
    list->from = from;
    list->to = to;
    if (list->import->dry_run) {
        pretend(list);
        return ST_OK;
    }
    return job_apply(cx, job, prepare, list);
}

/* A derived code or login was taken: one by one, with a number behind. */
static Status apply_singly(Ctx *cx, Job *job, MissingList *list, size_t i)
{
    Missing *m = &list->list.v[i];
    Status st = ST_CONFLICT;
    for (m->attempt = 1; m->attempt <= NAME_TRIES && st == ST_CONFLICT; m->attempt++) {
        error_clear(cx);
        st = apply_range(cx, job, list, i, i + 1);
    }
    if (st != ST_CONFLICT)
        return st;
    m->made = 0;
    m->failure = str_copy(list->arena, cx->err.text);
    error_clear(cx);
    return ST_OK;
}

static Status create(Ctx *cx, Job *job, MissingList *list)
{
    for (size_t from = 0; from < list->list.n; from += CHUNK_ROWS) {
        size_t to = from + CHUNK_ROWS < list->list.n ? from + CHUNK_ROWS : list->list.n;
        Status st = apply_range(cx, job, list, from, to);
        if (st != ST_OK && st != ST_CONFLICT)
            return st;
        error_clear(cx);
        for (size_t i = from; st == ST_CONFLICT && i < to; i++)
            TRY(apply_singly(cx, job, list, i));
    }
    for (size_t i = 0; i < list->list.n; i++) {
        const Missing *m = &list->list.v[i];
        if (m->made) {
            links_add(m->table, m->parent, m->text, m->made);
            continue;
        }
        Str *why = ARENA_NEW(m->table->arena, Str);
        *why = str_copy(m->table->arena, m->failure);
        map_put(&m->table->failures, str_copy(m->table->arena, m->text), why);
    }
    return ST_OK;
}

Status missing_create(Ctx *cx, Job *job, Import *im, const ImportRow *rows, size_t n)
{
    CLEANUP(arena) Arena *a = arena_new(SCRATCH_BYTES);
    MissingList list = {.import = im, .arena = a, .seen = map_in(a)};
    TRY(gather(cx, &list, rows, n));
    return list.list.n ? create(cx, job, &list) : ST_OK;
}

Status missing_create_late(Ctx *cx, Job *job, Import *im, size_t from, size_t n)
{
    CLEANUP(arena) Arena *a = arena_new(SCRATCH_BYTES);
    MissingList list = {.import = im, .arena = a, .seen = map_in(a)};
    for (size_t i = from; i < from + n; i++) {
        const ImportColumn *c = &im->columns[im->late.v[i].column];
        if (c->create_missing)
            TRY(want(cx, &list, c, 0, im->late.v[i].text));
    }
    return list.list.n ? create(cx, job, &list) : ST_OK;
}
