/* SPDX-License-Identifier: Apache-2.0 */
/* The store under many threads: users, sessions and keys are read while rights change and a session
 * ends. Meant for SAN=thread as well; what a thread gets must be whole and current. */
#include "access/key.h"
#include "access_fixture.h"
#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 300 };

typedef struct Reader {
    AccessTest *t;
    Ctx cx; /* copied beforehand: the test goes on using its own */
    SignIn session;
    Str key;
    _Atomic bool *ended; /* the session was signed out */
    int loads, refused, wrong;
} Reader;

static void read_once(Reader *r, Ctx *cx, Id id)
{
    const User *u;
    Session session;
    Id by_key = 0;
    AccessStore *s = r->t->store;
    int64_t before = access_epoch(s);
    bool was_over = atomic_load(r->ended);
    arena_reset(cx->arena);
    error_clear(cx);
    if (access_user_load(cx, s, id, &u) != ST_OK) {
        r->wrong++;
        return;
    }
    r->loads++;
    r->wrong += u->id != id || u->n_roles == 0 || u->security_epoch < before;
    access_user_release(u);
    if (access_session(cx, s, str_of(r->session.token), &session) != ST_OK)
        r->refused++;
    else
        r->wrong += session.user != 102 || was_over;
    error_clear(cx);
    r->wrong += access_key(cx, s, r->key, &by_key) != ST_OK || by_key != 103;
}

static void *read_many(void *arg)
{
    Reader *r = arg;
    Ctx cx = r->cx;
    cx.arena = arena_new(16 * 1024);
    cx.db = db_lease(r->t->q->pool);
    for (int i = 0; i < ROUNDS; i++)
        read_once(r, &cx, 102 + i % 3);
    db_release(cx.db);
    arena_free(cx.arena);
    return NULL;
}

static void change_rights(AccessTest *t, int times)
{
    for (int i = 0; i < times; i++) {
        Plan *p = plan_new(t->cx);
        access_changed(t->cx, p);
        access_fixture_apply(t, p);
    }
}

static void end_session(AccessTest *t, const SignIn *s, _Atomic bool *ended)
{
    Plan *p = plan_new(t->cx);
    access_sign_out(t->cx, t->store, str_of(s->token), p);
    access_fixture_apply(t, p);
    atomic_store(ended, true);
}

static void under_threads(AccessTest *t)
{
    Reader readers[THREADS];
    pthread_t threads[THREADS];
    _Atomic bool ended = false;
    SignIn s;
    Id key;
    Str text;
    access_fixture_as(t, 101);
    Plan *p = plan_new(t->cx);
    ASSERT_OK(access_set_password(t->cx, t->store, 102, STR("ana"), STR("correct horse"), p));
    ASSERT_OK(access_key_new(t->cx, t->store, 103, STR("threads"), p, &key, &text));
    access_fixture_apply(t, p);
    p = plan_new(t->cx);
    ASSERT_OK(access_sign_in(t->cx, t->store, STR("ana"), STR("correct horse"), p, &s));
    access_fixture_apply(t, p);
    for (int i = 0; i < THREADS; i++) {
        readers[i] = (Reader){.t = t, .cx = *t->cx, .session = s, .key = text, .ended = &ended};
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_many, &readers[i]), 0);
    change_rights(t, 5);
    end_session(t, &s, &ended);
    change_rights(t, 5);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].loads, ROUNDS);
        assert_int_equal(readers[i].wrong, 0);
    }
    Session session;
    query_fixture_refused(t->q, access_session(t->cx, t->store, str_of(s.token), &session),
                          "unauthenticated");
}
TEST(access_store, serves_many_threads) { access_fixture_run(under_threads); }

TEST_MAIN("access_store")
