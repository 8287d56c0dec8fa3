/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses a network holds; what is none. */
#include "../test.h"

#include "base/network.h"

TEST(network, holds_what_begins_alike)
{
    static const struct {
        const char *net, *address;
        bool has;
    } CASES[] = {
        {"10.0.0.0/8", "10.255.0.1", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"10.0.0.0/9", "10.128.0.1", false},
        {"10.1.2.3", "10.1.2.3", true},
        {"10.1.2.3", "10.1.2.4", false},
        {"0.0.0.0/0", "255.1.1.1", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "10.0.0.1", true},
        {"fd00::/8", "fdff::1", true},
        {"fd00::/8", "fc00::1", false},
        {"::ffff:10.0.0.0/104", "10.9.9.9", true},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        Network net;
        unsigned char address[16];
        assert_true(network_read(str_of(CASES[i].net), &net));
        assert_true(network_address(str_of(CASES[i].address), address));
        if (network_has(&net, address) != CASES[i].has)
            fail_msg("%s and %s", CASES[i].net, CASES[i].address);
    }
}

TEST(network, is_written_as_it_was_read)
{
    static const char *const TEXTS[] = {"10.1.2.3", "fd00::1", "::1"};
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        unsigned char address[16];
        char text[NETWORK_TEXT];
        assert_true(network_address(str_of(TEXTS[i]), address));
        network_text(address, text);
        assert_string_equal(text, TEXTS[i]);
    }
}

TEST(network, refuses_what_is_none)
{
    static const char *const BAD[] = {"",           "x",           "10.0.0.1/33", "10.0.0/8",
                                      "fd00::/129", "10.0.0.1/",   "1.2.3.4/-1",  "1.2.3.4.5",
                                      "1.2.3.4 ",   "1.2.3.4/8/8", "[::1]"};
    Network net;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        if (network_read(str_of(BAD[i]), &net))
            fail_msg("%s was taken", BAD[i]);
}

TEST_MAIN("network")
