/* SPDX-License-Identifier: Apache-2.0 */
/* Which peers may say whom they speak for (X-Forwarded-For, X-Forwarded-Proto). */
#pragma once
#include "base/ctx.h"
#include "base/network.h"

typedef struct ProxyList {
    Network *v;
    size_t n;
} ProxyList;

/* "10.0.0.1", "10.0.0.0/8", "fd00::/8" …; NULL-ended, NULL = none. */
CHECKED Status proxy_list_read(Ctx *cx, Arena *a, const char *const *texts, ProxyList *ret);
bool proxy_trusts(const ProxyList *list, Str address);
/* The client behind a trusted peer: the last address of the header that is no proxy of ours. */
Str proxy_client(const ProxyList *list, Str peer, Str forwarded_for);
