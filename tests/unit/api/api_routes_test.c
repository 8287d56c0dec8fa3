/* SPDX-License-Identifier: Apache-2.0 */
/* The route tables hold together: sorted, unique, complete; OpenAPI tells every one of them.
 * Covers: api_routes.c api_openapi.c */
#include "../test.h"

#include "api/api_routes.h"
#include "http/router.h"

TEST(routes, are_sorted_by_path_and_compile)
{
    Arena *a = arena_new(4096);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Router *router = NULL;
    assert_int_equal(router_new(&cx, a, api_tables, &router), ST_OK);
    for (const Route *const *t = api_tables; *t; t++)
        for (const Route *r = *t + 1; r[-1].method && r->method; r++)
            if (strcmp(r[-1].path, r->path) > 0)
                fail_msg("%s stands after %s", r->path, r[-1].path);
    arena_free(a);
}

static bool is_safe(const Route *r) { return !strcmp(r->method, "GET"); }

TEST(routes, state_all_that_the_edge_needs)
{
    for (const Route *const *t = api_tables; *t; t++) {
        for (const Route *r = *t; r->method; r++) {
            assert_non_null(r->fn);
            assert_non_null(r->right);
            assert_true(strlen(r->summary) > 5);
            if (is_safe(r) && (r->mode == WRITE || r->mode == LONG))
                fail_msg("GET %s may not write", r->path);
            if (is_safe(r) && (r->max_body || r->max_file))
                fail_msg("GET %s takes no body", r->path);
            if (!strcmp(r->method, "PATCH") && !r->max_body)
                fail_msg("PATCH %s needs a body", r->path);
        }
    }
}

TEST(routes, open_only_these_to_strangers)
{
    static const char *const PUBLIC[] = {"/api/v1/session", "/healthz", "/metrics", "/readyz"};
    size_t n = 0;
    for (const Route *const *t = api_tables; *t; t++) {
        for (const Route *r = *t; r->method; r++) {
            if (strcmp(r->right, "public") != 0)
                continue;
            bool known = false;
            for (size_t i = 0; i < COUNT_OF(PUBLIC); i++)
                known |= !strcmp(r->path, PUBLIC[i]);
            if (!known)
                fail_msg("%s is public", r->path);
            n++;
        }
    }
    assert_int_equal(n, COUNT_OF(PUBLIC));
}

static json_t *operation(const json_t *doc, const Route *r)
{
    char method[16] = "";
    for (size_t i = 0; r->method[i] && i < sizeof(method) - 1; i++)
        method[i] = (char)(r->method[i] | 0x20);
    return json_object_get(json_object_get(json_object_get(doc, "paths"), r->path), method);
}

TEST(openapi, tells_every_route_also_of_an_empty_catalogue)
{
    Arena *a = arena_new(4096);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Meta m = {.version = 1};
    Buf out = buf_in(a, 4 << 20);
    json_t *doc = NULL;
    api_openapi(api_tables, &m, &out);
    assert_false(buf_overflowed(&out));
    assert_int_equal(json_parse(&cx, buf_str(&out), &doc), ST_OK);
    for (const Route *const *t = api_tables; *t; t++) {
        for (const Route *r = *t; r->method; r++) {
            const json_t *op = operation(doc, r);
            if (!op)
                fail_msg("%s %s is missing", r->method, r->path);
            assert_true(str_is(json_get_str(op, "summary"), r->summary));
            assert_int_equal(json_object_get(op, "requestBody") != NULL,
                             r->max_body > 0 || r->max_file > 0);
        }
    }
    arena_free(a);
}

TEST_MAIN("api_routes")
