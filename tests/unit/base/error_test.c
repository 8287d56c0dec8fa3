/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: the first wins, fields add up, problems in both languages; status tables; log lines.
 * Covers: status.c text.c message.c log.c */
#include "base/ctx.h"
#include "base/json.h"
#include "base/log.h"
#include "base/message.h"
#include "test.h"
#include <fcntl.h>

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
} Fixture;

static Fixture fixture(Lang lang)
{
    Arena *a = arena_new(0);
    return (Fixture){a, {.arena = a, .lang = lang, .request_id = 0x7f3a}};
}

TEST(error, first_failure_wins)
{
    Fixture f = fixture(LANG_EN);
    ASSERT_ST(ST_CONFLICT, FAIL(&f.cx, ST_CONFLICT, "test.one", "one %d", 1));
    ASSERT_ST(ST_CONFLICT, FAIL(&f.cx, ST_INTERNAL, "test.two", "two"));
    assert_true(str_is(f.cx.err.text, "one 1"));
    assert_string_equal(f.cx.err.key, "test.one");
    assert_non_null(strstr(f.cx.err.file, "error_test.c"));
    ASSERT_ST(ST_CONFLICT, FIELD_FAIL(&f.cx, STR("a"), "bad_value", "test.a", "bad"));
    assert_int_equal(f.cx.err.fields.n, 1);
    error_clear(&f.cx);
    ASSERT_ST(ST_OK, f.cx.err.status);
    assert_false(error_has_fields(&f.cx));
    ASSERT_ST(ST_BUSY, FAIL(&f.cx, ST_BUSY, "test.two", "two"));
    arena_free(f.arena);
}

static json_t *problem_of(Fixture *f, int want_http)
{
    Buf b = buf_in(f->arena, 100000);
    json_t *j = NULL;
    assert_int_equal(error_problem(&f->cx, &b), want_http);
    Ctx other = {.arena = f->arena};
    ASSERT_OK(json_parse(&other, buf_str(&b), &j));
    return j;
}

TEST(error, becomes_a_problem)
{
    Fixture f = fixture(LANG_EN);
    FIELD_FAIL_AT(&f.cx, STR("amount"), 12, "out_of_range", "test.range", "at most %d", 5);
    FIELD_FAIL(&f.cx, STR("sector\"x"), "no_match", "test.match", "no such");
    error_suggest(&f.cx, STR("GTX Pro"));
    const json_t *j = problem_of(&f, 422);
    assert_true(str_is(json_get_str(j, "type"), "about:blank"));
    assert_true(str_is(json_get_str(j, "code"), "validation"));
    assert_true(str_is(json_get_str(j, "title"), "Some values are not valid"));
    assert_true(str_is(json_get_str(j, "request_id"), "7f3a"));
    assert_int_equal(json_get_int(j, "status", 0), 422);
    const json_t *errors = json_object_get(j, "errors");
    assert_int_equal(json_array_size(errors), 2);
    const json_t *one = json_array_get(errors, 0), *two = json_array_get(errors, 1);
    assert_true(str_is(json_get_str(one, "field"), "amount"));
    assert_true(str_is(json_get_str(one, "message"), "at most 5"));
    assert_int_equal(json_get_int(one, "at", -1), 12);
    assert_null(json_object_get(one, "suggestion"));
    assert_true(str_is(json_get_str(two, "suggestion"), "GTX Pro"));
    assert_null(json_object_get(two, "at"));
    arena_free(f.arena);
}

TEST(error, speaks_chinese)
{
    Fixture f = fixture(LANG_ZH);
    ASSERT_ST(ST_NOT_FOUND,
              FAIL_CODE(&f.cx, ST_NOT_FOUND, "gone", "problem.gone", "it was deleted"));
    const json_t *j = problem_of(&f, 410);
    assert_true(str_is(json_get_str(j, "title"), "记录已被删除"));
    assert_true(str_is(json_get_str(j, "detail"), "记录已被删除"));
    assert_true(str_is(text_in(&f.cx, "json.bad", "not valid JSON at byte %lld", 7ll),
                       "第 7 字节处不是有效的 JSON"));
    assert_true(str_is(text_in(&f.cx, "no.such.key", "n=%d", 3), "n=3"));
    arena_free(f.arena);
}

TEST(error, does_not_use_a_text_with_other_conversions)
{
    Fixture f = fixture(LANG_ZH);
    assert_true(str_is(text_in(&f.cx, "json.bad", "at %s", "x"), "at x"));
    assert_true(str_is(text_in(&f.cx, "json.nul", "%d%%", 5), "5%"));
    arena_free(f.arena);
}

TEST(error, hides_internals)
{
    Fixture f = fixture(LANG_EN);
    ASSERT_ST(ST_INTERNAL, FAIL(&f.cx, ST_INTERNAL, "db.broken", "table secret_salary"));
    const json_t *j = problem_of(&f, 500);
    assert_null(json_object_get(j, "detail"));
    assert_true(str_is(json_get_str(j, "code"), "internal"));
    arena_free(f.arena);
}

TEST(error, keeps_a_bounded_number_of_fields)
{
    Fixture f = fixture(LANG_EN);
    for (int i = 0; i < 1000; i++)
        FIELD_FAIL(&f.cx, STR("x"), "bad_value", "test.x", "bad");
    assert_true(f.cx.err.fields.n >= 100 && f.cx.err.fields.n < 1000);
    arena_free(f.arena);
}

TEST(status, every_code_of_the_contract_has_status_and_titles)
{
    static const struct {
        const char *code;
        int http;
    } CODES[] = {
        {"bad_json", 400},
        {"bad_expression", 400},
        {"bad_parameter", 400},
        {"unauthenticated", 401},
        {"bad_credentials", 401},
        {"second_factor", 401},
        {"forbidden", 403},
        {"not_found", 404},
        {"method", 405},
        {"conflict", 409},
        {"gone", 410},
        {"stale", 412},
        {"too_large", 413},
        {"media_type", 415},
        {"validation", 422},
        {"too_many_effects", 422},
        {"idempotency_mismatch", 422},
        {"rate", 429},
        {"locked", 429},
        {"internal", 500},
        {"busy", 503},
        {"storage_full", 507},
    };
    for (size_t i = 0; i < COUNT_OF(CODES); i++) {
        assert_int_equal(status_http_of_code(CODES[i].code), CODES[i].http);
        Fixture zh = fixture(LANG_ZH), en = fixture(LANG_EN);
        ASSERT_ST(ST_INVALID, FAIL_CODE(&zh.cx, ST_INVALID, CODES[i].code, "test.x", "x"));
        ASSERT_ST(ST_INVALID, FAIL_CODE(&en.cx, ST_INVALID, CODES[i].code, "test.x", "x"));
        Str zh_title = json_get_str(problem_of(&zh, CODES[i].http), "title");
        Str en_title = json_get_str(problem_of(&en, CODES[i].http), "title");
        assert_true((unsigned char)zh_title.p[0] >= 0xe4);
        assert_true(en_title.n > 0 && !str_is(en_title, CODES[i].code));
        arena_free(zh.arena);
        arena_free(en.arena);
    }
    assert_int_equal(status_http_of_code("no_such"), 0);
    assert_int_equal(status_http_of_code(NULL), 0);
    for (int st = ST_OK; st <= ST_UNKNOWN; st++)
        assert_true(status_http((Status)st) >= 200);
    assert_int_equal(status_http(ST_STALE), 412);
    assert_int_equal(status_http(ST_FULL), 507);
}

TEST(message, rows_are_sorted_and_found)
{
    for (size_t i = 0; i < message_row_count; i++) {
        if (i)
            assert_true(strcmp(message_rows[i - 1].key, message_rows[i].key) < 0);
        assert_string_equal(message_zh(message_rows[i].key), message_rows[i].zh);
    }
    assert_null(message_zh("no.such"));
    assert_null(message_zh(""));
}

/* What log_write puts on standard error, in a file that is read back. */
static size_t logged(char *out, size_t cap, LogLevel level, const LogField *f, size_t n)
{
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    log_write(level, 0x7f3a, "job.failed", f, n);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    size_t read = fread(out, 1, cap - 1, file);
    out[read] = '\0';
    fclose(file);
    return read;
}

TEST(log, writes_one_line_whatever_is_in_it)
{
    char line[8192];
    LogField fields[] = {LOG_STR("job", "mail.send"), LOG_INT("attempt", -3),
                         LOG_TEXT("why", STR("451 \"grey\"\nlisted")), LOG_STR("at", "a b=c")};
    log_level(LOG_INFO);
    logged(line, sizeof(line), LOG_ERROR, fields, COUNT_OF(fields));
    assert_string_equal(line + strlen("2026-03-01T10:00:00.123Z"),
                        " error job.failed rq=7f3a job=mail.send attempt=-3 "
                        "why=\"451 \\\"grey\\\"\\x0alisted\" at=a\\x20b\\x3dc\n");
    assert_int_equal(logged(line, sizeof(line), LOG_DEBUG, NULL, 0), 0);
    char lots[5000];
    memset(lots, 'x', sizeof(lots));
    LogField many[8];
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = LOG_TEXT("k", str_n(lots, sizeof(lots)));
    size_t n = logged(line, sizeof(line), LOG_WARN, many, COUNT_OF(many));
    assert_true(n < 4096 && line[n - 1] == '\n');
}

TEST_MAIN("error")
