/* SPDX-License-Identifier: Apache-2.0 */
/* Trusted proxies as networks. X-Forwarded-For is read from its end, because everything before the
 * entry that our own proxy wrote may be invented by the client. */
#include "http/proxy.h"

Status proxy_list_read(Ctx *cx, Arena *a, const char *const *texts, ProxyList *ret)
{
    *ret = (ProxyList){0};
    size_t n = 0;
    while (texts && texts[n])
        n++;
    ret->v = n ? ARENA_ARRAY(a, Network, n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (!network_read(str_of(texts[i]), &ret->v[i]))
            return FAIL(cx, ST_INVALID, "http.bad_proxy", "%s is no address or network", texts[i]);
    ret->n = n;
    return ST_OK;
}

bool proxy_trusts(const ProxyList *list, Str address)
{
    unsigned char bytes[16];
    if (!list->n || !network_address(address, bytes))
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (network_has(&list->v[i], bytes))
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
        if (!network_address(entry, bytes))
            break;
        client = entry;
        forwarded_for = str_sub(forwarded_for, 0, comma ? comma - 1 : 0);
    }
    return client;
}
