/* SPDX-License-Identifier: Apache-2.0 */
/* Who is believed about the client's address; which content codings a client takes.
 * Covers: proxy.c gzip.c */
#include "../test.h"

#include "http/gzip.h"
#include "http/proxy.h"

TEST(proxy, finds_the_client_behind_known_proxies)
{
    static const char *const TEXTS[] = {"127.0.0.1", "10.0.0.0/9", "fd00::/8", NULL};
    static const struct {
        const char *peer, *header, *client;
    } CASES[] = {
        {"127.0.0.1", "", "127.0.0.1"},
        {"127.0.0.1", "203.0.113.9", "203.0.113.9"},
        {"127.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"},
        {"127.0.0.1", "6.6.6.6, 10.127.0.1", "6.6.6.6"},
        {"127.0.0.1", "6.6.6.6, 10.128.0.1", "10.128.0.1"},
        {"127.0.0.1", "6.6.6.6,fd12::1 , 10.0.0.7", "6.6.6.6"},
        {"127.0.0.1", "nonsense", "127.0.0.1"},
        {"127.0.0.1", "6.6.6.6, nonsense", "127.0.0.1"},
        {"127.0.0.2", "6.6.6.6", "127.0.0.2"},
        {"::1", "6.6.6.6", "::1"},
        {"", "6.6.6.6", ""},
    };
    Arena *a = arena_new(4096);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    ProxyList list;
    assert_int_equal(proxy_list_read(&cx, a, TEXTS, &list), ST_OK);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        Str got = proxy_client(&list, str_of(CASES[i].peer), str_of(CASES[i].header));
        if (!str_is(got, CASES[i].client))
            fail_msg("%s, %s gave %.*s", CASES[i].peer, CASES[i].header, STR_ARG(got));
    }
    arena_free(a);
}

TEST(proxy, refuses_what_is_no_network)
{
    static const char *const BAD[] = {"",         "x",          "10.0.0.1/33",
                                      "10.0.0/8", "fd00::/129", "10.0.0.1/"};
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        Ctx cx = {.arena = a, .lang = LANG_EN};
        const char *texts[] = {BAD[i], NULL};
        ProxyList list;
        assert_int_equal(proxy_list_read(&cx, a, texts, &list), ST_INVALID);
    }
    arena_free(a);
}

TEST(gzip, is_taken_only_where_wanted)
{
    static const struct {
        const char *header;
        bool takes;
    } CASES[] = {
        {"", false},
        {"gzip", true},
        {"br, GZIP", true},
        {"deflate, gzip;q=0.5", true},
        {"gzip;q=0", false},
        {"gzip; q=0.000", false},
        {"gzip;q=0.001", true},
        {"x-gzip", false},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++)
        assert_int_equal(gzip_accepts(str_of(CASES[i].header), STR("gzip")), CASES[i].takes);
}

TEST(gzip, gives_up_on_what_does_not_shrink)
{
    GzipPool *p = gzip_new();
    Arena *a = arena_new(4096);
    unsigned char noise[2000];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof(noise); i++) {
        x = x * 1664525 + 1013904223;
        noise[i] = (unsigned char)(x >> 24);
    }
    assert_null(gzip_compress(p, a, str_n((char *)noise, sizeof(noise))).p);
    memset(noise, 'a', sizeof(noise));
    for (int i = 0; i < 3; i++) { /* a state that gave up is good again */
        Str small = gzip_compress(p, a, str_n((char *)noise, sizeof(noise)));
        assert_in_range(small.n, 20, 100);
    }
    arena_free(a);
    gzip_free(p);
}

TEST_MAIN("proxy")
