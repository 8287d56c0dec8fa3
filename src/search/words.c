/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary: Latin words of five letters and more that stand in records, to find what was meant
 * by a misspelt one. Words are added with the record that brings them and never taken away before
 * the next generation: a word too many costs a look, nothing else.
 *
 * All texts one letter away (left out, doubled, wrong, swapped) are made and looked up at once: some
 * 50 for each letter, in one statement. */
#include "base/vec.h"
#include "search/search_internal.h"
#include "search/search_sql.h"
#include <stdatomic.h>

#define KNOWN_SLOTS 65536 /* 0.5 MB: hashes of words; a lost one is written once more */
#define MAX_NEAR 6
#define MAX_CORRECTED 3 /* terms of one query */
#define MAX_WORDS ((size_t)64 * 1024)

struct SearchWords {
    _Atomic uint64_t known[KNOWN_SLOTS];
};

SearchWords *search_words_new(void)
{
    return calloc(1, sizeof(SearchWords)); /* one a process, made at start */
}

void search_words_free(SearchWords *w) { free(w); }

typedef struct Learnt {
    SearchWords *words;
    const uint64_t *hashes;
    size_t n;
} Learnt;

static void learn(void *arg)
{
    const Learnt *l = arg;
    for (size_t i = 0; i < l->n; i++)
        atomic_store_explicit(&l->words->known[l->hashes[i] % KNOWN_SLOTS], l->hashes[i],
                              memory_order_relaxed);
}

static bool is_known(const SearchWords *w, uint64_t hash)
{
    return w && atomic_load_explicit(&((SearchWords *)w)->known[hash % KNOWN_SLOTS],
                                     memory_order_relaxed) == hash;
}

static int word_order(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* Sorted, so that two transactions never wait for one another's words. */
static Str sorted_words(Arena *a, Str *v, size_t n)
{
    qsort(v, n, sizeof *v, word_order);
    Buf all = buf_in(a, MAX_WORDS);
    for (size_t i = 0; i < n; i++) {
        if (i && str_eq(v[i], v[i - 1]))
            continue;
        if (all.n)
            buf_char(&all, ' ');
        buf_str_add(&all, v[i]);
    }
    return buf_str(&all);
}

void words_put(Ctx *cx, Plan *plan, SearchWords *known, Str words)
{
    VEC(Str) fresh = {0};
    VEC(uint64_t) hashes = {0};
    Str word;
    size_t bytes = 0;
    while (str_split(&words, ' ', &word) && bytes < MAX_WORDS / 2) {
        uint64_t hash = str_hash(word) | 1; /* never the empty slot's 0 */
        if (!word.n || is_known(known, hash))
            continue;
        bytes += word.n + 1;
        VEC_PUSH(cx->arena, &fresh, word);
        VEC_PUSH(cx->arena, &hashes, hash);
    }
    if (!fresh.n)
        return;
    DbVal v = db_text(sorted_words(cx->arena, fresh.v, fresh.n));
    plan_insert(plan, search_sql(db_kind_of(cx->db), 0)->words_add, &v, 1);
    if (!known)
        return;
    Learnt *l = ARENA_NEW(cx->arena, Learnt);
    *l = (Learnt){known, hashes.v, hashes.n};
    plan_after(plan, learn, l);
}

/* ---- what was meant */
static void variant(Buf *out, Str head, char c, Str tail)
{
    if (out->n)
        buf_char(out, ' ');
    buf_str_add(out, head);
    if (c)
        buf_char(out, c);
    buf_str_add(out, tail);
}

static Str variants(Arena *a, Str w)
{
    Buf out = buf_in(a, MAX_WORDS);
    for (size_t i = 0; i <= w.n; i++) {
        Str head = str_sub(w, 0, i), tail = str_sub(w, i, w.n), behind = str_sub(w, i + 1, w.n);
        if (i < w.n)
            variant(&out, head, 0, behind);
        if (i + 1 < w.n && w.p[i] != w.p[i + 1]) {
            char swapped[] = {w.p[i + 1], w.p[i]};
            Str both = str_format(a, STR_FMT "%.2s", STR_ARG(head), swapped);
            variant(&out, both, 0, str_sub(w, i + 2, w.n));
        }
        for (int c = 'a'; c <= 'z'; c++) {
            variant(&out, head, (char)c, tail);
            if (i < w.n && c != w.p[i])
                variant(&out, head, (char)c, behind);
        }
    }
    return buf_str(&out);
}

static Status near_words(Ctx *cx, SearchTerm *term)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    Str *near = ARENA_ARRAY(cx->arena, Str, MAX_NEAR);
    TRY(db_prepare_str(cx, search_sql(db_kind_of(cx->db), 0)->words_find, &q));
    TRY(db_bind_text(q, 1, variants(cx->arena, term->text)));
    TRY(db_next(q, &row));
    while (row && term->n_near < MAX_NEAR) {
        near[term->n_near++] = str_copy(cx->arena, db_col_text(q, 0));
        TRY(db_next(q, &row));
    }
    term->near = near;
    return ST_OK;
}

Status search_correct(Ctx *cx, SearchQuery *q, bool *ret)
{
    size_t tried = 0;
    *ret = false;
    for (size_t i = 0; i < q->n && tried < MAX_CORRECTED; i++) {
        SearchTerm *t = &q->terms[i];
        if (t->kind != TERM_WORD || t->near || t->text.n < SEARCH_WORD_MIN ||
            t->text.n > SEARCH_WORD_MAX || !letter_all_latin(t->text))
            continue;
        TRY(near_words(cx, t));
        *ret = *ret || t->n_near > 0;
        tried++;
    }
    return ST_OK;
}
