/* SPDX-License-Identifier: Apache-2.0 */
/* Trusted proxies as networks. X-Forwarded-For is read from its end, because everything before the
 * entry that our own proxy wrote may be invented by the client. */
#include "http/proxy.h"

#include <arpa/inet.h>

static bool read_address(Str text, unsigned char out[16], bool *ret_v4)
{
    char z[INET6_ADDRSTRLEN];
    if (!text.n || text.n >= sizeof(z))
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    memset(out, 0, 16);
    out[10] = out[11] = 0xff;
    *ret_v4 = inet_pton(AF_INET, z, out + 12) == 1;
    return *ret_v4 || inet_pton(AF_INET6, z, out) == 1;
}

static bool read_net(Str text, ProxyNet *net)
{
    size_t slash = str_find_char(text, '/');
    bool v4;
    if (!read_address(str_sub(text, 0, slash), net->address, &v4))
        return false;
    net->bits = 128;
    if (slash == SIZE_MAX)
        return true;
    int64_t bits;
    if (!str_int(str_sub(text, slash + 1, SIZE_MAX), &bits) || bits < 0 || bits > (v4 ? 32 : 128))
        return false;
    net->bits = (int)bits + (v4 ? 96 : 0);
    return true;
}

Status proxy_list_read(Ctx *cx, Arena *a, const char *const *texts, ProxyList *ret)
{
    *ret = (ProxyList){0};
    size_t n = 0;
    while (texts && texts[n])
        n++;
    ret->v = n ? ARENA_ARRAY(a, ProxyNet, n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (!read_net(str_of(texts[i]), &ret->v[i]))
            return FAIL(cx, ST_INVALID, "http.bad_proxy", "%s is no address or network", texts[i]);
    ret->n = n;
    return ST_OK;
}

static bool net_has(const ProxyNet *net, const unsigned char address[16])
{
    int bytes = net->bits / 8, rest = net->bits % 8;
    if (memcmp(net->address, address, (size_t)bytes) != 0)
        return false;
    return rest == 0 || (net->address[bytes] ^ address[bytes]) >> (8 - rest) == 0;
}

bool proxy_trusts(const ProxyList *list, Str address)
{
    unsigned char bytes[16];
    bool v4;
    if (!list->n || !read_address(address, bytes, &v4))
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (net_has(&list->v[i], bytes))
            return true;
    return false;
}

Str proxy_client(const ProxyList *list, Str peer, Str forwarded_for)
{
    Str client = peer;
    while (forwarded_for.n && proxy_trusts(list, client)) {
        size_t comma = forwarded_for.n;
        while (comma > 0 && forwarded_for.p[comma - 1] != ',')
            comma--;
        Str entry = str_trim(str_sub(forwarded_for, comma, SIZE_MAX));
        unsigned char bytes[16];
        bool v4;
        if (!read_address(entry, bytes, &v4))
            break;
        client = entry;
        forwarded_for = str_sub(forwarded_for, 0, comma ? comma - 1 : 0);
    }
    return client;
}
