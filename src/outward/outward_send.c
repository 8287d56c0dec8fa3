/* SPDX-License-Identifier: Apache-2.0 */
/* One request by libcurl. curl is never let to follow a redirect by itself, and every socket is asked for
 * here: with the address that is about to be connected. */
#include "outward/outward_internal.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMEOUT_S = 30, CONNECT_S = 10, ANSWER_BYTES = 64 * 1024 };

struct Outward {
    const OutwardRules *rules;
    CURL *curl;
    /* of the request in hand */
    Buf *answer;
    bool plain, too_long;
    int refused_port; /* 0: none was refused */
    unsigned char refused[16];
};

/* ---- sockets */

static bool address_of(const struct sockaddr *sa, unsigned char ret[16], int *ret_port)
{
    if (sa->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)sa;
        (void)network_address(STR("0.0.0.0"), ret);
        memcpy(ret + 12, &v4->sin_addr, 4);
        *ret_port = ntohs(v4->sin_port);
        return true;
    }
    if (sa->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)sa;
        memcpy(ret, &v6->sin6_addr, 16);
        *ret_port = ntohs(v6->sin6_port);
        return true;
    }
    return false;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    Outward *o = arg;
    unsigned char address[16];
    int port = 0;
    if (purpose != CURLSOCKTYPE_IPCXN || !address_of(&to->addr, address, &port))
        return CURL_SOCKET_BAD;
    if (!outward_allows(o->rules, address, port, o->plain)) {
        memcpy(o->refused, address, sizeof o->refused);
        o->refused_port = port;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take(char *data, size_t size, size_t n, void *arg)
{
    Outward *o = arg;
    buf_add(o->answer, data, size * n);
    o->too_long = buf_overflowed(o->answer);
    return o->too_long ? 0 : size * n;
}

/* ---- one session */

Status outward_open(Ctx *cx, const OutwardRules *rules, Outward **ret)
{
    Outward *o = calloc(1, sizeof *o);
    CURL *curl = o ? curl_easy_init() : NULL;
    if (!curl) {
        free(o);
        return FAIL(cx, ST_INTERNAL, "outward.memory", "out of memory");
    }
    *o = (Outward){.rules = rules, .curl = curl};
    *ret = o;
    return ST_OK;
}

void outward_free(Outward *o)
{
    curl_easy_cleanup(o->curl);
    free(o);
}

static bool set_limits(Outward *o, const OutwardRequest *q)
{
    CURL *c = o->curl;
    curl_easy_reset(c); /* keeps the connections */
    return curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, o) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEDATA, o) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)(q->timeout_s ? q->timeout_s : TIMEOUT_S)) ==
               CURLE_OK;
}

static bool set_method(CURL *c, const OutwardRequest *q)
{
    if (strcmp(q->method, "GET") == 0)
        return curl_easy_setopt(c, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    if (strcmp(q->method, "HEAD") == 0)
        return curl_easy_setopt(c, CURLOPT_NOBODY, 1L) == CURLE_OK;
    return curl_easy_setopt(c, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, q->method) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->body.n ? q->body.p : "") == CURLE_OK;
}

static bool set_headers(Outward *o, const OutwardRequest *q, struct curl_slist **ret)
{
    struct curl_slist *list = curl_slist_append(NULL, "User-Agent: Guanxi");
    for (size_t i = 0; list && q->headers && q->headers[i]; i++) {
        struct curl_slist *longer = curl_slist_append(list, q->headers[i]);
        if (!longer)
            curl_slist_free_all(list);
        list = longer;
    }
    *ret = list;
    return list && curl_easy_setopt(o->curl, CURLOPT_HTTPHEADER, list) == CURLE_OK;
}

/* ---- what came of it */

static Status refuse(Ctx *cx, const Outward *o)
{
    char text[NETWORK_TEXT];
    network_text(o->refused, text);
    return FAIL_CODE(cx, ST_DENIED, "outgoing_refused", "outward.refused",
                     "This server may not connect to %s, port %d; the administrator names networks "
                     "with --outgoing-allow",
                     text, o->refused_port);
}

static Status explain(Ctx *cx, const Outward *o, CURLcode code)
{
    if (code == CURLE_OK)
        return ST_OK;
    if (o->too_long)
        return FAIL(cx, ST_TOO_LARGE, "outward.long", "The other server answers with too much");
    if (o->refused_port)
        return refuse(cx, o);
    return FAIL(cx, ST_BUSY, "outward.unreached", "The other server was not reached: %s",
                curl_easy_strerror(code));
}

static void read_answer(CURL *c, Buf *body, OutwardAnswer *ret)
{
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &wait);
    *ret = (OutwardAnswer){.status = (int)status, .body = buf_str(body), .retry_after_s = wait};
}

static Status send_one(Ctx *cx, Outward *o, const OutwardRequest *q, OutwardAnswer *ret)
{
    struct curl_slist *headers = NULL;
    Buf body = buf_in(cx->arena, q->max_answer ? q->max_answer : ANSWER_BYTES);
    bool set = set_limits(o, q) && set_method(o->curl, q) && set_headers(o, q, &headers) &&
               curl_easy_setopt(o->curl, CURLOPT_URL, str_z(cx->arena, q->url)) == CURLE_OK;
    o->answer = &body;
    o->too_long = false;
    o->refused_port = 0;
    Status st = set ? explain(cx, o, curl_easy_perform(o->curl))
                    : FAIL(cx, ST_INTERNAL, "outward.memory", "out of memory");
    if (st == ST_OK)
        read_answer(o->curl, &body, ret);
    curl_slist_free_all(headers);
    o->answer = NULL;
    return st;
}

static bool leads_on(const Outward *o, const OutwardRequest *q, int status, char **ret)
{
    *ret = NULL;
    return (strcmp(q->method, "GET") == 0 || strcmp(q->method, "HEAD") == 0) && status >= 300 &&
           status < 400 && curl_easy_getinfo(o->curl, CURLINFO_REDIRECT_URL, ret) == CURLE_OK &&
           *ret;
}

Status outward_send(Ctx *cx, Outward *o, const OutwardRequest *q, OutwardAnswer *ret)
{
    OutwardRequest at = *q;
    OutwardUrl first, here;
    TRY(outward_url(cx, q->url, &first));
    here = first;
    for (int hops = q->hops > OUTWARD_HOPS ? OUTWARD_HOPS : q->hops;; hops--) {
        char *next = NULL;
        o->plain = here.plain;
        TRY(send_one(cx, o, &at, ret));
        if (hops <= 0 || !leads_on(o, q, ret->status, &next))
            return ST_OK;
        at.url = str_copy(cx->arena, str_of(next));
        TRY(outward_url(cx, at.url, &here));
        if (!str_eq(here.origin, first.origin))
            at.headers = NULL;
    }
}
