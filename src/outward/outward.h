/* SPDX-License-Identifier: Apache-2.0 */
/* outward: the one door to other machines. Whatever address people type in, the server never reaches
 * into its own network for them (server-side request forgery):
 *
 * - Which address is connected is decided when the socket is opened, of the very address that the name
 *   gave then; a name that leads elsewhere the second time (DNS rebinding) is judged again.
 * - Public addresses (RFC 6890 and its registries, also inside IPv6 forms of IPv4) may be reached by
 *   https on port 443; all else only where --outgoing-allow names network and port.
 * - Every step of a redirect is a request of its own: judged again, without the headers once the
 *   origin is another, and only for GET and HEAD.
 * - No proxy, netrc or other protocol out of the environment; answers and time are bounded.
 *
 *   OutwardRules rules; TRY(outward_rules_read(cx, "10.1.0.0/16:443, 127.0.0.1:9000", &rules));
 *   CLEANUP(outward) Outward *o = NULL; TRY(outward_open(cx, &rules, &o));
 *   TRY(outward_send(cx, o, &(OutwardRequest){.method = "GET", .url = url}, &answer));
 *
 * Rules are read by any thread; an Outward belongs to one, and keeps connections for the next request. */
#pragma once
#include "base/ctx.h"
#include "base/network.h"

typedef struct OutwardRule {
    Network net;
    int port; /* 0: any */
} OutwardRule;

enum { OUTWARD_RULES = 64, OUTWARD_URL = 2048, OUTWARD_HOPS = 5 };

typedef struct OutwardRules {
    OutwardRule v[OUTWARD_RULES];
    size_t n;
    bool closed; /* "none": not even public addresses */
} OutwardRules;

/* CIDR[:port] by comma; IPv6 with a port in brackets: "[fd00::/8]:443". NULL or "": none named. */
CHECKED Status outward_rules_read(Ctx *cx, const char *text, OutwardRules *ret);
/* May this address be connected? plain: without TLS. */
bool outward_allows(const OutwardRules *r, const unsigned char address[16], int port, bool plain);

typedef struct OutwardRequest {
    const char *method;
    Str url;
    const char *const *headers; /* "Name: value", NULL-ended; NULL: none */
    Str body;
    int hops;          /* redirects followed, at most OUTWARD_HOPS */
    int timeout_s;     /* whole; 0: 30 */
    size_t max_answer; /* bytes; 0: 64 KB */
} OutwardRequest;

typedef struct OutwardAnswer {
    int status;
    Str body;
    int64_t retry_after_s; /* 0: not said */
} OutwardAnswer;

typedef struct Outward Outward;
CHECKED Status outward_open(Ctx *cx, const OutwardRules *rules, Outward **ret);
void outward_free(Outward *o);
DEFINE_CLEANUP(outward, Outward)

/* Is this a URL that may be asked for, as far as its text tells? ST_INVALID says what is wrong. */
CHECKED Status outward_check(Ctx *cx, Str url);
/* ST_DENIED: the address may not be reached; ST_BUSY: not reached, or too slow; ST_TOO_LARGE: the answer
 * is longer. Any HTTP status is an answer. */
CHECKED Status outward_send(Ctx *cx, Outward *o, const OutwardRequest *q, OutwardAnswer *ret);
