/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses the server may connect. Covers: outward_rules.c outward_url.c */
#include "../test.h"

#include "outward/outward.h"

typedef struct Case {
    const char *address;
    int port;
    bool plain, may;
} Case;

static void check(const char *rules, const Case *cases, size_t n)
{
    Arena *a = arena_new(4096);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    OutwardRules r;
    assert_int_equal(outward_rules_read(&cx, rules, &r), ST_OK);
    for (size_t i = 0; i < n; i++) {
        unsigned char address[16];
        assert_true(network_address(str_of(cases[i].address), address));
        if (outward_allows(&r, address, cases[i].port, cases[i].plain) != cases[i].may)
            fail_msg("\"%s\": %s port %d", rules ? rules : "", cases[i].address, cases[i].port);
    }
    arena_free(a);
}

TEST(rules, without_a_name_only_public_https)
{
    static const Case CASES[] = {
        {"8.8.8.8", 443, false, true},
        {"8.8.8.8", 443, true, false},
        {"8.8.8.8", 80, true, false},
        {"8.8.8.8", 22, false, false},
        {"223.5.5.5", 443, false, true},
        {"2400:3200::1", 443, false, true},
        {"127.0.0.1", 443, false, false},
        {"127.9.9.9", 443, false, false},
        {"0.0.0.0", 443, false, false},
        {"10.0.0.1", 443, false, false},
        {"100.64.0.1", 443, false, false},
        {"169.254.169.254", 443, false, false},
        {"172.16.0.1", 443, false, false},
        {"172.32.0.1", 443, false, true},
        {"192.168.1.1", 443, false, false},
        {"198.18.0.1", 443, false, false},
        {"224.0.0.1", 443, false, false},
        {"255.255.255.255", 443, false, false},
        {"::1", 443, false, false},
        {"::", 443, false, false},
        {"::7f00:1", 443, false, false},
        {"::ffff:127.0.0.1", 443, false, false},
        {"::ffff:8.8.8.8", 443, false, true},
        {"fe80::1", 443, false, false},
        {"fd00::1", 443, false, false},
        {"ff02::1", 443, false, false},
        {"2001:db8::1", 443, false, false},
        {"2001::1", 443, false, false},
        {"2002:7f00:1::", 443, false, false},
        {"2002:808:808::", 443, false, true},
        {"64:ff9b::7f00:1", 443, false, false},
        {"64:ff9b::a9fe:a9fe", 443, false, false},
        {"64:ff9b::808:808", 443, false, true},
        {"64:ff9b:1::808:808", 443, false, false},
    };
    check(NULL, CASES, COUNT_OF(CASES));
    check("", CASES, COUNT_OF(CASES));
}

TEST(rules, name_networks_and_ports)
{
    static const Case CASES[] = {
        {"10.1.2.3", 443, false, true},   {"10.1.2.3", 80, true, true},
        {"10.2.0.1", 443, false, false},  {"127.0.0.1", 9000, true, true},
        {"127.0.0.1", 9001, true, false}, {"fd00::5", 8443, false, true},
        {"fd00::5", 443, false, false},   {"fe80::1", 25, true, true},
        {"8.8.8.8", 443, false, true},
    };
    check("10.1.0.0/16, 127.0.0.1:9000 ,[fd00::/8]:8443,fe80::/10", CASES, COUNT_OF(CASES));
}

TEST(rules, can_close_everything_but_what_is_named)
{
    static const Case CASES[] = {{"8.8.8.8", 443, false, false}, {"10.1.2.3", 80, true, true}};
    check("none, 10.1.0.0/16", CASES, COUNT_OF(CASES));
}

TEST(rules, refuse_what_is_no_network)
{
    static const char *const BAD[] = {
        "x",    "10.0.0.1/33", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:",
        "[::1", "[::1]x",      "[::1]:",     "example.com:443"};
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        Ctx cx = {.arena = a, .lang = LANG_EN};
        OutwardRules r;
        if (outward_rules_read(&cx, BAD[i], &r) != ST_INVALID)
            fail_msg("%s was taken", BAD[i]);
    }
    arena_free(a);
}

TEST(url, is_whole_and_without_a_password)
{
    static const char *const BAD[] = {"",
                                      "x",
                                      "//a/b",
                                      "ftp://a/",
                                      "file:///etc/passwd",
                                      "gopher://a",
                                      "javascript:1",
                                      "https://u:p@a/",
                                      "https://u@a/",
                                      "https://a/ b",
                                      "https://a/\r\nX: y",
                                      "https://",
                                      "https://a:99999/"};
    static const char *const GOOD[] = {"https://a/", "http://127.0.0.1:9/x?y=1#z",
                                       "https://[::1]/"};
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        Ctx cx = {.arena = a, .lang = LANG_EN};
        if (outward_check(&cx, str_of(BAD[i])) != ST_INVALID)
            fail_msg("%s was taken", BAD[i]);
    }
    for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
        Ctx cx = {.arena = a, .lang = LANG_EN};
        assert_int_equal(outward_check(&cx, str_of(GOOD[i])), ST_OK);
    }
    arena_free(a);
}

TEST_MAIN("outward_rules")
