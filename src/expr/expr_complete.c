/* SPDX-License-Identifier: Apache-2.0 */
/* What could stand at a place of a text that is being written: names, functions, codes, operators.
 *
 * The words before the place are read one by one with little memory: which record's names hold here
 * (any(deals, …) opens those of a deal), the path just written, the path that a value is compared
 * with. The text need not be right, so nothing here fails: what is not understood completes to
 * nothing. Names that the user may not see are not offered. */
#include "expr/expr_read.h"
#include "meta/field/field.h"

#define MAX_ITEMS 150
#define MAX_OPEN 80
#define MAX_CODES 200

typedef struct Path {
    bool outer;
    size_t n;
    Str names[EXPR_MAX_HOPS + 2];
} Path;

typedef struct Open { /* a "(" that waits for its ")" */
    const ExprCall *call;
    const Object *object, *around; /* outside it */
    Path left;                     /* in a list: what its entries are compared with */
    bool is_list;
    int commas;
} Open;

typedef struct Walk {
    Ctx *cx;
    Typer typer;
    const Object *object, *around;
    Open open[MAX_OPEN];
    size_t depth;
    Path path, left;
    Token last, before; /* the last two words */
    bool value;         /* a value has just ended: an operator comes */
    ExprCompletions *out;
    Str prefix, folded;
} Walk;

/* ---- offering */
static bool fits(const Walk *w, Str text, const Label *label)
{
    if (w->prefix.n == 0 || str_starts(text, w->prefix))
        return true;
    if (!label)
        return false;
    Arena *a = w->cx->arena;
    return str_find(fold_text(a, label->zh), w->folded) != SIZE_MAX ||
           str_find(fold_text(a, label->en), w->folded) != SIZE_MAX;
}

/* Several pipelines have stages of the same code. */
static bool is_offered(const Walk *w, Str text)
{
    for (size_t i = 0; i < w->out->n; i++)
        if (str_eq(w->out->v[i].text, text))
            return true;
    return false;
}

static void offer(Walk *w, Str text, const char *kind, const Label *label, Str type)
{
    if (w->out->n == MAX_ITEMS || !fits(w, text, label) || is_offered(w, text))
        return;
    ExprCompletion item = {.text = text,
                           .kind = kind,
                           .type = type,
                           .label = label ? label_in(label, w->cx->lang) : STR_NULL};
    VEC_PUSH(w->cx->arena, w->out, item);
}

static bool is_seen(const Walk *w, const Field *f)
{
    const ExprNames *env = w->typer.env;
    return !env || !env->visible || env->visible(env->arg, f);
}

static void offer_fields(Walk *w, const Object *o, bool relations)
{
    for (size_t i = 0; o && i < o->n_fields; i++)
        if (is_seen(w, o->fields[i]))
            offer(w, o->fields[i]->name, "field", &o->fields[i]->label,
                  str_of(o->fields[i]->type->name));
    for (size_t i = 0; o && relations && i < o->n_relations; i++)
        if (is_seen(w, o->relations[i].field))
            offer(w, o->relations[i].name, "relation", &o->relations[i].label, STR("relation"));
}

static void offer_words(Walk *w, const char *const *words, const char *kind)
{
    for (; *words; words++)
        offer(w, str_of(*words), kind, NULL, STR_NULL);
}

/* ---- what a path names */
/* The field at the end of the path, or NULL; *ret_behind: the object whose names may follow a dot. */
static const Field *resolve(const Walk *w, const Path *p, const Object **ret_behind)
{
    const Object *o = p->outer ? w->around : w->object;
    const Field *f = NULL;
    *ret_behind = o;
    for (size_t i = 0; i < p->n; i++) {
        f = o ? object_field(o, p->names[i]) : NULL;
        if (f && !is_seen(w, f))
            f = NULL;
        o = f && f->kind == F_LINK ? f->to : NULL;
        *ret_behind = o;
        if (!f)
            break;
    }
    return f;
}

/* The records of a relation or links field that a path names. */
static const Object *resolve_rows(const Walk *w, const Path *p)
{
    const Object *o;
    if (p->n == 0)
        return NULL;
    Path before = *p;
    Str last = p->names[--before.n];
    resolve(w, &before, &o);
    const Field *f = o ? object_field(o, last) : NULL;
    if (f)
        return is_seen(w, f) && field_has_ids(f) ? f->to : NULL;
    const Relation *r = o ? object_relation(o, last) : NULL;
    return r && is_seen(w, r->field) ? r->child : NULL;
}

/* ---- codes that a value may be */
static void offer_code(Walk *w, Str code, const Label *label, bool quoted)
{
    Buf b = buf_in(w->cx->arena, 1024);
    buf_json_str(&b, code);
    offer(w, quoted ? code : buf_str(&b), "code", label, STR_NULL);
}

static void offer_coded(Walk *w, const Object *o, bool quoted)
{
    const ExprNames *env = w->typer.env;
    const Str *codes = NULL;
    size_t n = 0;
    if (!env || !env->codes || env->codes(env->arg, w->cx, o, &codes, &n) != ST_OK)
        return;
    for (size_t i = 0; i < n && i < MAX_CODES; i++)
        offer_code(w, codes[i], NULL, quoted);
}

/* quoted: the place is inside a text already. */
static void offer_values(Walk *w, const Path *left, bool quoted)
{
    const Object *behind;
    const Field *f = left->n ? resolve(w, left, &behind) : NULL;
    if (!f)
        return;
    if (f->choices)
        for (size_t i = 0; i < f->choices->n && i < MAX_CODES; i++)
            offer_code(w, f->choices->items[i].value, &f->choices->items[i].label, quoted);
    if (f->to && (f->to->traits & TRAIT_CODED))
        offer_coded(w, f->to, quoted);
}

/* ---- reading up to the place */
static bool is_word(const Token *t, const char *word)
{
    return (t->kind == TOKEN_NAME || t->kind == TOKEN_SIGN) && str_is(t->text, word);
}

static void see_open(Walk *w)
{
    Open *o = &w->open[w->depth < MAX_OPEN ? w->depth++ : MAX_OPEN - 1];
    *o = (Open){.object = w->object, .around = w->around};
    o->is_list = is_word(&w->last, "in");
    if (w->last.kind == TOKEN_NAME && !expr_lex_is_keyword(w->last.text))
        o->call = expr_call_find(w->last.text);
    if (o->is_list)
        o->left = w->left;
    else
        w->left.n = 0;
    w->path.n = 0;
    w->value = false;
}

static void see_comma(Walk *w)
{
    Open *o = w->depth ? &w->open[w->depth - 1] : NULL;
    if (o && o->commas++ == 0 && o->call) {
        bool rows = o->call->over_rows || o->call->fn == FN_MIN || o->call->fn == FN_MAX;
        const Object *child = rows ? resolve_rows(w, &w->path) : NULL;
        if (child) {
            w->around = w->object;
            w->object = child;
        }
    }
    if (o && o->is_list)
        w->left = o->left;
    else
        w->left.n = 0;
    w->value = false;
}

static void see_close(Walk *w)
{
    if (w->depth > 0) {
        const Open *o = &w->open[--w->depth];
        w->object = o->object;
        w->around = o->around;
    }
    w->path.n = 0;
    w->value = true;
}

static void see_name(Walk *w, const Token *t)
{
    static const char *const AFTER_VALUE[] = {"is", "starts", "ends", "in", "between"};
    if (expr_lex_is_keyword(t->text) && !str_is(t->text, "outer")) {
        bool literal = is_word(t, "true") || is_word(t, "false") || is_word(t, "null");
        for (size_t i = 0; i < COUNT_OF(AFTER_VALUE); i++)
            if (is_word(t, AFTER_VALUE[i]) && w->path.n)
                w->left = w->path;
        if (is_word(t, "and") || is_word(t, "or"))
            w->left.n = 0;
        w->value = literal;
        w->path.n = literal ? 0 : w->path.n;
        return;
    }
    if (!is_word(&w->last, "."))
        w->path = (Path){.n = 0};
    w->value = true;
    if (is_word(t, "outer"))
        w->path.outer = true;
    else if (w->path.n < COUNT_OF(w->path.names))
        w->path.names[w->path.n++] = t->text;
}

static void see(Walk *w, const Token *t)
{
    if (is_word(t, "(") && t->kind == TOKEN_SIGN) {
        see_open(w);
    } else if (t->kind == TOKEN_SIGN && is_word(t, ",")) {
        see_comma(w);
    } else if (t->kind == TOKEN_SIGN && is_word(t, ")")) {
        see_close(w);
    } else if (t->kind == TOKEN_NAME) {
        see_name(w, t);
    } else if (t->kind == TOKEN_SIGN && !is_word(t, ".")) {
        if (w->path.n)
            w->left = w->path;
        w->value = false;
    } else if (t->kind != TOKEN_SIGN) {
        w->path.n = 0;
        w->value = true;
    }
    w->before = w->last;
    w->last = *t;
}

/* False where the text ends inside of something that is no word yet; *ret_string: an open text. */
static bool read_words(Walk *w, Str text, bool *ret_string, size_t *ret_from)
{
    Ctx quiet = *w->cx;
    Lexer x = {.cx = &quiet, .text = text};
    Token t;
    quiet.err = (Error){.status = ST_OK};
    *ret_string = false;
    for (;;) {
        size_t before = x.pos;
        if (expr_lex_next(&x, &t) != ST_OK) {
            while (before < text.n && strchr(" \t\r\n", text.p[before]))
                before++;
            *ret_string = before < text.n && text.p[before] == '"';
            *ret_from = before + 1;
            return *ret_string;
        }
        if (t.kind == TOKEN_END)
            return true;
        see(w, &t);
    }
}

/* ---- the place itself */
static void complete_value(Walk *w)
{
    static const char *const WORDS[] = {"not", "true", "false", "null", NULL};
    const Open *o = w->depth ? &w->open[w->depth - 1] : NULL;
    bool rows = o && o->call && o->commas == 0 &&
                (o->call->over_rows || o->call->fn == FN_MIN || o->call->fn == FN_MAX);
    offer_values(w, &w->left, false);
    offer_fields(w, w->object, rows || is_word(&w->last, "in"));
    if (w->around)
        offer(w, STR("outer"), "keyword", NULL, STR_NULL);
    const ExprCall *calls;
    size_t n;
    expr_call_all(&calls, &n);
    for (size_t i = 0; i < n; i++) {
        bool rule = calls[i].fn == FN_CHANGED || calls[i].fn == FN_OLD || calls[i].fn == FN_IS_NEW;
        if (!rule || w->typer.is_rule)
            offer(w, str_of(calls[i].name), "function", NULL, STR_NULL);
    }
    offer_words(w, WORDS, "keyword");
}

static void complete_operator(Walk *w)
{
    static const char *const WORDS[] = {
        "=",    "!=", "<",      "<=",      ">",       ">=",          "~",   "starts",
        "ends", "in", "not in", "between", "is null", "is not null", "and", "or",
        "+",    "-",  "*",      "/",       "%",       NULL};
    offer_words(w, WORDS, "operator");
}

static void complete_here(Walk *w)
{
    const Object *behind;
    if (is_word(&w->last, ".") && w->last.kind == TOKEN_SIGN) {
        resolve(w, &w->path, &behind);
        offer_fields(w, behind, w->depth > 0 && w->open[w->depth - 1].commas == 0);
    } else if (w->value) {
        complete_operator(w);
    } else {
        complete_value(w);
    }
}

/* The word that is being written: letters and whatever is not ASCII (labels). */
static size_t prefix_start(Str text)
{
    size_t at = text.n;
    while (at > 0) {
        unsigned char c = (unsigned char)text.p[at - 1];
        bool part = c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        if (!part)
            break;
        at--;
    }
    return at;
}

void expr_complete(Ctx *cx, Str text, size_t at, const ExprScope *scope, ExprCompletions *ret)
{
    bool in_string = false;
    size_t from = 0;
    Walk *w = ARENA_NEW(cx->arena, Walk);
    *ret = (ExprCompletions){0};
    w->cx = cx;
    w->out = ret;
    w->typer = (Typer){.cx = cx, .env = scope->names, .is_rule = scope->is_rule};
    w->object = scope->object;
    if (text.n > EXPR_MAX_BYTES || !utf8_valid(text, &from))
        return;
    text = str_sub(text, 0, utf8_offset(text, at));
    size_t start = prefix_start(text);
    bool known = read_words(w, str_sub(text, 0, start), &in_string, &from);
    if (in_string)
        start = from;
    w->prefix = str_sub(text, start, text.n - start);
    w->folded = fold_text(cx->arena, w->prefix);
    ret->from = utf8_length(str_sub(text, 0, start));
    if (in_string)
        offer_values(w, &w->left, true);
    else if (known)
        complete_here(w);
}
