/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses may be reached. What is not public: IANA's registries of special-purpose addresses for
 * IPv4 and IPv6 (RFC 6890, RFC 8190), multicast and reserved space. */
#include "outward/outward.h"

enum { HTTPS = 443, V4_AT = 12, SIX_TO_FOUR_AT = 2, MAX_PORT = 65535 };

static const char *const SPECIAL_V4[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
};
/* Of 2000::/3, the only space given out; the rest is never public. */
static const char *const SPECIAL_V6[] = {"2001::/23", "2001:db8::/32", "3fff::/20"};

static bool is_in(const char *const *nets, size_t n, const unsigned char address[16])
{
    Network net;
    for (size_t i = 0; i < n; i++)
        if (network_read(str_of(nets[i]), &net) && network_has(&net, address))
            return true;
    return false;
}

static bool in_one(const char *text, const unsigned char address[16])
{
    return is_in(&text, 1, address);
}

/* The IPv4 address that a translating network would make of it (NAT64, 6to4); false: none. */
static bool carries_v4(const unsigned char address[16], unsigned char ret[16])
{
    bool nat64 = in_one("64:ff9b::/96", address), six = in_one("2002::/16", address);
    (void)network_address(STR("0.0.0.0"), ret);
    if (nat64 || six)
        memcpy(ret + V4_AT, address + (nat64 ? V4_AT : SIX_TO_FOUR_AT), 4);
    return nat64 || six;
}

static bool is_public(const unsigned char address[16])
{
    unsigned char inner[16];
    if (network_is_v4(address))
        return !is_in(SPECIAL_V4, COUNT_OF(SPECIAL_V4), address);
    if (carries_v4(address, inner))
        return is_public(inner);
    return in_one("2000::/3", address) && !is_in(SPECIAL_V6, COUNT_OF(SPECIAL_V6), address);
}

bool outward_allows(const OutwardRules *r, const unsigned char address[16], int port, bool plain)
{
    for (size_t i = 0; i < r->n; i++)
        if (network_has(&r->v[i].net, address) && (!r->v[i].port || r->v[i].port == port))
            return true;
    return !r->closed && !plain && port == HTTPS && is_public(address);
}

/* ---- reading */

/* Splits "net:port", "[net]:port" and "net"; an IPv6 network without brackets has no port. */
static bool split_port(Str text, Str *ret_net, int64_t *ret_port)
{
    bool bracket = str_starts(text, STR("["));
    size_t colon = str_find_char(text, ':');
    *ret_port = 0;
    *ret_net = text;
    if (bracket) {
        size_t end = str_find_char(text, ']');
        if (end == SIZE_MAX)
            return false;
        *ret_net = str_sub(text, 1, end - 1);
        text = str_sub(text, end + 1, SIZE_MAX);
        if (!text.n)
            return true;
        colon = 0;
        if (text.p[0] != ':')
            return false;
    } else if (colon == SIZE_MAX ||
               str_find_char(str_sub(text, colon + 1, SIZE_MAX), ':') != SIZE_MAX) {
        return true;
    } else {
        *ret_net = str_sub(text, 0, colon);
    }
    return str_int(str_sub(text, colon + 1, SIZE_MAX), ret_port) && *ret_port >= 1 &&
           *ret_port <= MAX_PORT;
}

static Status read_one(Ctx *cx, Str text, OutwardRules *ret)
{
    Str net;
    int64_t port;
    if (str_is(text, "none")) {
        ret->closed = true;
        return ST_OK;
    }
    if (ret->n == OUTWARD_RULES)
        return FAIL(cx, ST_INVALID, "outward.many", "--outgoing-allow: more than %d networks",
                    OUTWARD_RULES);
    if (!split_port(text, &net, &port) || !network_read(net, &ret->v[ret->n].net))
        return FAIL(
            cx, ST_INVALID, "outward.network",
            "--outgoing-allow: \"%.*s\" is no network; write 10.1.0.0/16 or 10.1.2.3:443 or "
            "[fd00::/8]:443",
            STR_ARG(text));
    ret->v[ret->n++].port = (int)port;
    return ST_OK;
}

Status outward_rules_read(Ctx *cx, const char *text, OutwardRules *ret)
{
    Str rest = str_of(text ? text : ""), part;
    *ret = (OutwardRules){0};
    while (str_split(&rest, ',', &part))
        if (str_trim(part).n)
            TRY(read_one(cx, str_trim(part), ret));
    return ST_OK;
}
