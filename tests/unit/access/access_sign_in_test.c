/* SPDX-License-Identifier: Apache-2.0 */
/* Sign-in: passwords, lock, sessions, sign-out, API keys.
 * Covers: access_key.c access_session.c access_token.c */
#include "access/key.h"
#include "access_fixture.h"
#include <time.h>

static void set_password(AccessTest *t, Id user, const char *login, const char *password)
{
    Plan *p = plan_new(t->cx);
    ASSERT_OK(access_set_password(t->cx, t->store, user, str_of(login), str_of(password), p));
    access_fixture_apply(t, p);
}

static SignIn sign_in(AccessTest *t, const char *login, const char *password)
{
    SignIn s;
    Plan *p = plan_new(t->cx);
    ASSERT_OK(access_sign_in(t->cx, t->store, str_of(login), str_of(password), p, &s));
    if (!plan_is_empty(p))
        access_fixture_apply(t, p);
    return s;
}

static void refused(AccessTest *t, const SignIn *s, const char *code)
{
    query_fixture_refused(t->q, s->refused, code);
}

static void signs_in(AccessTest *t)
{
    Session session;
    access_fixture_as(t, 101);
    set_password(t, 102, "ana", "correct horse");
    SignIn s = sign_in(t, "ANA", "correct horse"); /* logins are folded */
    ASSERT_OK(s.refused);
    assert_int_equal(s.user, 102);
    ASSERT_OK(access_session(t->cx, t->store, str_of(s.token), &session));
    assert_int_equal(session.user, 102);
    assert_false(session.touch_due);
    assert_true(access_csrf_ok(&session, str_of(s.csrf)));
    assert_false(access_csrf_ok(&session, STR("")));
    assert_false(access_csrf_ok(&session, str_of(s.token)));
    uint32_t before = t->cx->stats.statements;
    ASSERT_OK(access_session(t->cx, t->store, str_of(s.token), &session));
    assert_int_equal(t->cx->stats.statements, before);

    Plan *p = plan_new(t->cx);
    access_sign_out(t->cx, t->store, str_of(s.token), p);
    access_fixture_apply(t, p);
    query_fixture_refused(t->q, access_session(t->cx, t->store, str_of(s.token), &session),
                          "unauthenticated");
    query_fixture_refused(t->q, access_session(t->cx, t->store, STR("nonsense"), &session),
                          "unauthenticated");
}
TEST(access_sign_in, opens_and_ends_a_session) { access_fixture_run(signs_in); }

static void locks(AccessTest *t)
{
    access_fixture_as(t, 101);
    set_password(t, 102, "ana", "correct horse");
    static const char *const LOGINS[] = {"ana", "nobody"};
    for (size_t k = 0; k < COUNT_OF(LOGINS); k++) { /* a login that does not exist behaves alike */
        for (int i = 0; i < 5; i++) {
            SignIn s = sign_in(t, LOGINS[k], "wrong");
            refused(t, &s, "bad_credentials");
        }
        SignIn s = sign_in(t, LOGINS[k], "correct horse");
        assert_int_equal(t->cx->err.retry_after_s, 30);
        refused(t, &s, "locked");
        t->cx->now_ms += 31 * 1000;
        s = sign_in(t, LOGINS[k], "wrong");
        refused(t, &s, "bad_credentials");
        s = sign_in(t, LOGINS[k], "wrong");
        assert_int_equal(t->cx->err.retry_after_s, 60);
        refused(t, &s, "locked");
    }
    access_close(t->store); /* the lock outlives a restart */
    access_user_release(t->user);
    t->user = NULL;
    ASSERT_OK(access_open(t->cx, t->q->pool, &t->store));
    SignIn s = sign_in(t, "ana", "correct horse");
    refused(t, &s, "locked");
    t->cx->now_ms += 61 * 1000;
    s = sign_in(t, "ana", "correct horse");
    ASSERT_OK(s.refused);
    s = sign_in(t, "ana", "wrong"); /* success forgave the failures */
    refused(t, &s, "bad_credentials");
}
TEST(access_sign_in, locks_after_five_failures) { access_fixture_run(locks); }

/* The time of an unknown login is that of a wrong password: both hash. */
static int64_t thread_us(void)
{
    struct timespec now; /* of this thread alone: the machine may be busy */
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int64_t sign_in_us(AccessTest *t, const char *login)
{
    int64_t from = thread_us();
    SignIn s = sign_in(t, login, "wrong password");
    int64_t took = thread_us() - from;
    refused(t, &s, "bad_credentials");
    return took;
}

static void takes_as_long(AccessTest *t)
{
    access_fixture_as(t, 101);
    set_password(t, 102, "ana", "correct horse");
    sign_in_us(t, "warm");
    int64_t known = sign_in_us(t, "ana"), unknown = sign_in_us(t, "nobody at all");
    assert_true(unknown > 2000); /* 19 MiB twice cannot be faster */
    assert_true(unknown * 4 > known && known * 4 > unknown);
}
TEST(access_sign_in, takes_as_long_for_unknown_logins) { access_fixture_run(takes_as_long); }

static void checks_passwords(AccessTest *t)
{
    Plan *p = plan_new(t->cx);
    access_fixture_as(t, 101);
    query_fixture_refused(
        t->q, access_set_password(t->cx, t->store, 102, STR("ana"), STR("short"), p), "validation");
    query_fixture_refused(
        t->q, access_set_password(t->cx, t->store, 102, STR("ana.lopez"), STR("ANA.Lopez"), p),
        "validation");
    assert_true(plan_is_empty(p));
}
TEST(access_sign_in, checks_new_passwords) { access_fixture_run(checks_passwords); }

/* Eleven hours pass, then one request: the edge records it when that is due. */
static void use_later(AccessTest *t, Str token)
{
    Session session;
    t->cx->now_ms += 11 * 3600 * 1000;
    ASSERT_OK(access_session(t->cx, t->store, token, &session));
    assert_true(session.touch_due);
    Plan *p = plan_new(t->cx);
    access_session_touch(t->cx, t->store, token, p);
    access_fixture_apply(t, p);
}

static void ages(AccessTest *t)
{
    Session session;
    access_fixture_as(t, 101);
    set_password(t, 102, "ana", "correct horse");
    SignIn s = sign_in(t, "ana", "correct horse");
    Str token = str_of(s.token);
    t->cx->now_ms += 6 * 60 * 1000;
    ASSERT_OK(access_session(t->cx, t->store, token, &session));
    assert_true(session.touch_due);
    Plan *p = plan_new(t->cx);
    access_session_touch(t->cx, t->store, token, p);
    access_fixture_apply(t, p);
    ASSERT_OK(access_session(t->cx, t->store, token, &session));
    assert_false(session.touch_due);
    for (int i = 0; i < 58; i++) /* in use it lives on */
        use_later(t, token);
    t->cx->now_ms += 12 * 3600 * 1000;
    query_fixture_refused(t->q, access_session(t->cx, t->store, token, &session),
                          "unauthenticated");
    s = sign_in(t, "ana", "correct horse");
    for (int i = 0; i < 65; i++)
        use_later(t, str_of(s.token));
    t->cx->now_ms += 6 * 3600 * 1000; /* 30 days are over */
    query_fixture_refused(t->q, access_session(t->cx, t->store, str_of(s.token), &session),
                          "unauthenticated");
    p = plan_new(t->cx);
    access_sweep(t->cx, t->store, p);
    access_fixture_apply(t, p);
    int64_t n;
    bool found;
    ASSERT_OK(db_get_int(t->cx, "SELECT count(*) FROM {gx_session}", NULL, 0, &n, &found));
    assert_int_equal(n, 0);
}
TEST(access_sign_in, lets_sessions_end) { access_fixture_run(ages); }

static void keys(AccessTest *t)
{
    Id id, user;
    Str key;
    Plan *p = plan_new(t->cx);
    access_fixture_as(t, 101);
    ASSERT_OK(access_key_new(t->cx, t->store, 102, STR("bench"), p, &id, &key));
    access_fixture_apply(t, p);
    assert_true(str_starts(key, STR("gx_")) && key.n == 46);
    ASSERT_OK(access_key(t->cx, t->store, key, &user));
    assert_int_equal(user, 102);
    uint32_t before = t->cx->stats.statements;
    ASSERT_OK(access_key(t->cx, t->store, key, &user));
    assert_int_equal(t->cx->stats.statements, before);
    Buf out = buf_in(t->q->arena, 4096);
    ASSERT_OK(access_keys_write(t->cx, 102, &out));
    assert_non_null(strstr(buf_z(&out), "\"name\":\"bench\""));
    p = plan_new(t->cx);
    query_fixture_refused(t->q, access_key_revoke(t->cx, t->store, 103, id, p), "not_found");
    ASSERT_OK(access_key_revoke(t->cx, t->store, 102, id, p));
    access_fixture_apply(t, p);
    query_fixture_refused(t->q, access_key(t->cx, t->store, key, &user), "unauthenticated");
    query_fixture_refused(t->q, access_key(t->cx, t->store, STR("gx_short"), &user),
                          "unauthenticated");
}
TEST(access_sign_in, makes_and_revokes_keys) { access_fixture_run(keys); }

TEST_MAIN("access_sign_in")
