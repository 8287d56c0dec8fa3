/* SPDX-License-Identifier: Apache-2.0 */
/* The index follows the records: after any mixture of create, update, delete, restore and undo it
 * holds exactly the tokens that the live records have, in its rows and in the engine's own index, also
 * while a new generation is built beside it.
 * Covers: search/index.c search/build.c search/words.c search/search_sql.c */
#include "record/batch.h"
#include "record_fixture.h"
#include "search/search.h"

#define STEPS 150

typedef struct Play {
    RecordTest *t;
    uint64_t random;
    Id live[64], gone[64], batches[64];
    size_t n_live, n_gone, n_batches;
} Play;

static size_t below(Play *p, size_t n)
{
    p->random = p->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (size_t)(p->random >> 33) % n;
}

static const char *random_body(Play *p)
{
    static const char *const names[] = {
        "重庆长安汽车", "长沙银行", "北京华辰科技",    "单雄信商行", "Acme Trading",
        "音乐之声",     "華為技術", "Guangdong Light", "王小明",     "3M中国公司"};
    static const char *const phones[] = {"null", "\"13812345678\"", "\"+86 571 8888 6666\""};
    return str_z(p->t->arena,
                 str_format(p->t->arena, "{\"name\":\"%s %zu\",\"short_name\":%s,\"phone\":%s}",
                            names[below(p, COUNT_OF(names))], below(p, 20),
                            below(p, 2) ? "null" : "\"简称\"", phones[below(p, 3)]));
}

/* ---- what the engine's own index holds (SQLite): every term with the right number of rows */
static const char SQL_VOCABULARY[] =
    "SELECT count(*) FROM (SELECT term FROM (SELECT j.value AS term, 1 AS n FROM "
    "{gx_search_doc_a} d, json_each('[\"' || replace(d.tokens, ' ', '\",\"') || '\"]') j "
    "UNION ALL SELECT v.term, -v.doc FROM {search_vocabulary} v) WHERE ?1 = ?1 "
    "GROUP BY term HAVING sum(n) <> 0)";

static void vocabulary_open(RecordTest *t)
{
    Plan *plan = plan_new(&t->cx);
    if (db_kind(t->pool) != DB_SQLITE)
        return;
    plan_ddl(plan,
             STR("CREATE VIRTUAL TABLE {search_vocabulary} USING fts5vocab(gx_search_a, row)"));
    ASSERT_OK(record_fixture_apply(t, plan));
}

static void no_ghosts(RecordTest *t)
{
    SearchReport report;
    ASSERT_OK(search_verify(&t->cx, &report));
    assert_int_equal(report.missing, 0);
    assert_int_equal(report.different, 0);
    assert_int_equal(report.ghosts, 0);
    if (db_kind(t->pool) == DB_SQLITE && t->cx.meta->search.slot == 0)
        assert_int_equal(record_fixture_count(t, SQL_VOCABULARY, 0), 0);
}

/* ---- moves */
static void play_create(Play *p)
{
    if (p->n_live < COUNT_OF(p->live))
        p->live[p->n_live++] = record_fixture_create(p->t, "account", random_body(p))->id;
}

static void play_update(Play *p)
{
    if (!p->n_live)
        return;
    Id id = p->live[below(p, p->n_live)], batch = 0;
    Record *r = NULL;
    Ctx *cx = &p->t->cx;
    Plan *plan = plan_new(cx);
    ASSERT_OK(batch_begin(cx, plan, "bulk", STR("x"), &batch));
    cx->batch = batch;
    ASSERT_OK(record_load(cx, record_fixture_object(p->t, "account"), id, &r));
    ASSERT_OK(record_set_json(cx, r, record_fixture_json(p->t, random_body(p))));
    ASSERT_OK(record_write(cx, plan, r));
    ASSERT_OK(record_fixture_apply(p->t, plan));
    cx->batch = 0;
    if (p->n_batches < COUNT_OF(p->batches))
        p->batches[p->n_batches++] = batch;
}

static void play_delete(Play *p)
{
    if (!p->n_live || p->n_gone == COUNT_OF(p->gone))
        return;
    size_t i = below(p, p->n_live);
    ASSERT_OK(record_fixture_delete(p->t, "account", p->live[i]));
    p->gone[p->n_gone++] = p->live[i];
    p->live[i] = p->live[--p->n_live];
}

static void play_restore(Play *p)
{
    if (!p->n_gone || p->n_live == COUNT_OF(p->live))
        return;
    size_t i = below(p, p->n_gone);
    Record *r = NULL;
    Plan *plan = plan_new(&p->t->cx);
    ASSERT_OK(
        record_restore(&p->t->cx, plan, record_fixture_object(p->t, "account"), p->gone[i], &r));
    ASSERT_OK(record_fixture_apply(p->t, plan));
    p->live[p->n_live++] = p->gone[i];
    p->gone[i] = p->gone[--p->n_gone];
}

static void play_undo(Play *p)
{
    if (!p->n_batches)
        return;
    BatchItem *items;
    size_t n;
    Ctx *cx = &p->t->cx;
    Plan *plan = plan_new(cx);
    Id own = 0;
    ASSERT_OK(batch_items(cx, p->batches[below(p, p->n_batches)], &items, &n));
    ASSERT_OK(batch_begin(cx, plan, "undo", STR("undo"), &own));
    cx->batch = own;
    for (size_t i = 0; i < n; i++) {
        const char *reason;
        ASSERT_OK(batch_undo_record(cx, plan, 1, &items[i], &reason));
    }
    ASSERT_OK(record_fixture_apply(p->t, plan));
    cx->batch = 0;
}

static void play(Play *p, int steps)
{
    static void (*const moves[])(Play *) = {play_create, play_create,  play_update, play_update,
                                            play_delete, play_restore, play_undo};
    for (int i = 0; i < steps; i++)
        moves[below(p, COUNT_OF(moves))](p);
}

static void follows(RecordTest *t)
{
    Play p = {.t = t, .random = 7};
    vocabulary_open(t);
    for (int round = 0; round < 3; round++) {
        play(&p, STEPS / 3);
        no_ghosts(t);
    }
    assert_true(p.n_live > 3 && p.n_gone > 0 && p.n_batches > 3);
}
TEST(record_search, leaves_no_ghosts) { record_fixture_run(follows); }

/* ---- what an update touches */
static void leaves_alone(RecordTest *t)
{
    Record *r = record_fixture_create(t, "account", "{\"name\":\"重庆长安\"}"), *again = NULL;
    Plan *with = plan_new(&t->cx), *without = plan_new(&t->cx), *same = plan_new(&t->cx);
    Ctx *cx = &t->cx;
    ASSERT_OK(record_load(cx, r->object, r->id, &again));
    ASSERT_OK(record_set_json(cx, again, record_fixture_json(t, "{\"source_note\":\"x\"}")));
    ASSERT_OK(record_write(cx, without, again));
    ASSERT_OK(record_load(cx, r->object, r->id, &again));
    ASSERT_OK(record_set_json(cx, again, record_fixture_json(t, "{\"name\":\"重庆長安\"}")));
    ASSERT_OK(record_write(cx, same, again)); /* folds to the same tokens */
    ASSERT_OK(record_load(cx, r->object, r->id, &again));
    ASSERT_OK(record_set_json(cx, again, record_fixture_json(t, "{\"name\":\"重庆长沙\"}")));
    ASSERT_OK(record_write(cx, with, again));
    assert_int_equal(plan_size(without), plan_size(same));
    assert_true(plan_size(with) > plan_size(without));
}
TEST(record_search, leaves_the_index_alone_when_tokens_stay) { record_fixture_run(leaves_alone); }

/* ---- a new generation */
static void follow_catalogue(RecordTest *t)
{
    ASSERT_OK(meta_refresh(&t->cx, t->store));
    meta_release(t->cx.meta);
    t->cx.meta = meta_acquire(t->store);
}

static const char SQL_OLD_DOCS[] = "SELECT count(*) FROM {gx_search_doc_a} WHERE ?1 > 0";

static void builds(RecordTest *t)
{
    Play p = {.t = t, .random = 11};
    SearchBuild b = {.owner = 77};
    vocabulary_open(t);
    play(&p, 40);
    Plan *plan = plan_new(&t->cx);
    search_build_begin(&t->cx, plan, &b);
    ASSERT_OK(record_fixture_apply(t, plan));
    assert_int_equal(t->cx.meta->search.slot, 0);
    follow_catalogue(t);
    assert_true(t->cx.meta->search.building);
    while (!b.finished) {
        play(&p, 10); /* records are written meanwhile */
        plan = plan_new(&t->cx);
        ASSERT_OK(search_build_chunk(&t->cx, plan, &b));
        ASSERT_OK(record_fixture_apply(t, plan));
        play(&p, 10);
    }
    bool merged = false;
    for (int64_t step = 0; !merged; step++) {
        assert_true(step < 100);
        plan = plan_new(&t->cx);
        ASSERT_OK(search_build_merge(&t->cx, plan, &b, step, &merged));
        ASSERT_OK(record_fixture_apply(t, plan));
    }
    no_ghosts(t);
    plan = plan_new(&t->cx);
    search_build_end(&t->cx, plan, &b);
    ASSERT_OK(record_fixture_apply(t, plan));
    follow_catalogue(t);
    assert_int_equal(t->cx.meta->search.slot, 1);
    assert_false(t->cx.meta->search.building);
    no_ghosts(t);
    SearchBuild other = {.owner = 78}; /* may not, while the slot is nobody's */
    bool done = false;
    plan = plan_new(&t->cx);
    ASSERT_OK(search_build_clear(&t->cx, plan, &other, &done));
    ASSERT_ST(ST_RETRY, record_fixture_apply(t, plan));
    record_fixture_forget(t);
    b.rows = 2; /* ten at a time */
    for (int step = done = 0; !done; step++) {
        assert_true(step < 100);
        plan = plan_new(&t->cx);
        ASSERT_OK(search_build_clear(&t->cx, plan, &b, &done));
        ASSERT_OK(record_fixture_apply(t, plan));
        assert_true(done || step || record_fixture_count(t, SQL_OLD_DOCS, 1) > 0);
    }
    assert_int_equal(record_fixture_count(t, SQL_OLD_DOCS, 1), 0);
    play(&p, 20);
    no_ghosts(t);
}
TEST(record_search, builds_a_generation_beside_the_other) { record_fixture_run(builds); }

/* True statistics of FTS5's own tables lead its statements astray once a slot has grown. */
static void statistics_are_large(RecordTest *t)
{
    record_fixture_create(t, "account", "{\"name\":\"重庆长安\"}");
    ASSERT_OK(db_analyze(&t->cx, t->pool));
    if (db_kind_of(t->cx.db) != DB_SQLITE)
        return;
    static const char SQL_SMALL[] =
        "SELECT count(*) FROM sqlite_stat1 WHERE (tbl GLOB 'gx_search_[ab]_data' OR "
        "tbl GLOB 'gx_search_[ab]_idx') AND stat NOT LIKE '1000000%' OR ?1 < 0";
    static const char SQL_OTHERS[] =
        "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'accounts' OR ?1 < 0";
    assert_int_equal(record_fixture_count(t, SQL_SMALL, 1), 0);
    assert_true(record_fixture_count(t, SQL_OTHERS, 1) > 0);
}
TEST(record_search, has_large_statistics_of_the_index) { record_fixture_run(statistics_are_large); }

static void refuses_two_builders(RecordTest *t)
{
    SearchBuild first = {.owner = 1}, second = {.owner = 2};
    record_fixture_create(t, "account", "{\"name\":\"重庆长安\"}");
    Plan *plan = plan_new(&t->cx);
    search_build_begin(&t->cx, plan, &first);
    ASSERT_OK(record_fixture_apply(t, plan));
    follow_catalogue(t);
    plan = plan_new(&t->cx);
    search_build_begin(&t->cx, plan, &second);
    ASSERT_OK(record_fixture_apply(t, plan));
    follow_catalogue(t);
    plan = plan_new(&t->cx);
    ASSERT_OK(search_build_chunk(&t->cx, plan, &first));
    ASSERT_ST(ST_RETRY, record_fixture_apply(t, plan));
    record_fixture_forget(t);
    plan = plan_new(&t->cx);
    ASSERT_OK(search_build_chunk(&t->cx, plan, &second));
    ASSERT_OK(record_fixture_apply(t, plan));
}
TEST(record_search, lets_one_builder_work) { record_fixture_run(refuses_two_builders); }

/* ---- verification sees what was broken on purpose */
static void sees_damage(RecordTest *t)
{
    static const char lost[] = "DELETE FROM {gx_search_doc_a} WHERE id = ?1";
    SearchReport report;
    Record *r = record_fixture_create(t, "account", "{\"name\":\"重庆长安\"}");
    Record *other = record_fixture_create(t, "account", "{\"name\":\"长沙银行\"}");
    Plan *plan = plan_new(&t->cx);
    DbVal v[] = {db_int(r->id)}, w[] = {db_int(other->id), db_int(other->id + 1)};
    plan_exec(plan, STR_SQL(lost), v, 1);
    plan_exec(plan, STR("UPDATE {gx_search_doc_a} SET id = ?2 WHERE id = ?1"), w, 2);
    ASSERT_OK(record_fixture_apply(t, plan));
    ASSERT_OK(search_verify(&t->cx, &report));
    assert_int_equal(report.missing, 2);
    assert_int_equal(report.ghosts, 1);
}
TEST(record_search, verification_sees_damage) { record_fixture_run(sees_damage); }

/* ---- the vocabulary */
static void corrects(RecordTest *t)
{
    static const char *const wrong[] = {"guangdnog", "guangdon", "guangdongg", "quangdong",
                                        "guagdong"};
    record_fixture_create(t, "account", "{\"name\":\"Guangdong Light\"}");
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        SearchQuery q;
        bool near;
        ASSERT_OK(search_parse(&t->cx, str_of(wrong[i]), &q));
        ASSERT_OK(search_correct(&t->cx, &q, &near));
        assert_true(near && str_is(q.terms[0].near[0], "guangdong"));
    }
    SearchQuery q;
    bool near;
    ASSERT_OK(search_parse(&t->cx, STR("guangxi lihgt 广东"), &q));
    ASSERT_OK(search_correct(&t->cx, &q, &near));
    assert_true(near && q.terms[0].n_near == 0 && str_is(q.terms[1].near[0], "light"));
    ASSERT_OK(search_parse(&t->cx, STR("gung"), &q));
    ASSERT_OK(search_correct(&t->cx, &q, &near));
    assert_false(near);
}
TEST(record_search, knows_words_one_letter_away) { record_fixture_run(corrects); }

TEST_MAIN("record_search")
