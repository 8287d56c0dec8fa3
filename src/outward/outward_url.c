/* SPDX-License-Identifier: Apache-2.0 */
/* The text of an address, before anybody is asked where it leads. */
#include "outward/outward_internal.h"

static Status no_url(Ctx *cx)
{
    return FAIL(cx, ST_INVALID, "outward.url",
                "Write a whole address, such as https://example.com/path");
}

static bool has_control(Str url)
{
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f)
            return true;
    return false;
}

static bool has_part(CURLU *u, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(u, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return has;
}

/* scheme://host:port, the port written out. */
static Str origin_of(Ctx *cx, CURLU *u)
{
    char *scheme = NULL, *host = NULL, *port = NULL;
    Str ret = STR_NULL;
    if (curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
        ret = str_format(cx->arena, "%s://%s:%s", scheme, host, port);
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    return ret;
}

static Status read_url(Ctx *cx, CURLU *u, Str url, OutwardUrl *ret)
{
    if (!url.n || url.n > OUTWARD_URL || has_control(url) ||
        curl_url_set(u, CURLUPART_URL, str_z(cx->arena, url), 0) != CURLUE_OK)
        return no_url(cx);
    if (has_part(u, CURLUPART_USER) || has_part(u, CURLUPART_PASSWORD))
        return FAIL(cx, ST_INVALID, "outward.user", "An address holds no name and password");
    ret->origin = origin_of(cx, u);
    ret->plain = str_starts(ret->origin, STR("http://"));
    if (!ret->origin.n || (!ret->plain && !str_starts(ret->origin, STR("https://"))))
        return no_url(cx);
    return ST_OK;
}

Status outward_url(Ctx *cx, Str url, OutwardUrl *ret)
{
    CURLU *u = curl_url();
    if (!u)
        return FAIL(cx, ST_INTERNAL, "outward.memory", "out of memory");
    Status st = read_url(cx, u, url, ret);
    curl_url_cleanup(u);
    return st;
}

Status outward_check(Ctx *cx, Str url)
{
    OutwardUrl parts;
    return outward_url(cx, url, &parts);
}
