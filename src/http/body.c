/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a request: JSON in memory or a form with files, as its route's row allows. Type and
 * declared length are checked before a byte is read; what was not declared is counted as it comes. */
#include "http/server.h"

#include <strings.h>

enum {
    TEXT_PART_MAX = 32 * 1024,
    PARTS_MAX = 20,
    FORM_OVERHEAD = 1024 * 1024, /* text parts and part headers beside the files */
    RESERVE_MAX = 64 * 1024,     /* more is taken only as it arrives */
};

static bool refuse(Req *rq, int http_status, const char *code)
{
    loop_refuse(rq, http_status, code);
    return false;
}

/* application/json, application/anything+json; parameters (charset) are ignored: JSON is UTF-8. */
static bool is_json(Str type)
{
    Str media = str_trim(str_sub(type, 0, str_find_char(type, ';')));
    if (media.n < 16 || strncasecmp(media.p, "application/", 12))
        return false;
    return (media.n == 16 && !strncasecmp(media.p + 12, "json", 4)) ||
           !strncasecmp(media.p + media.n - 5, "+json", 5);
}

static bool begin_form(Req *rq, Str boundary)
{
    const Route *route = rq->match.route;
    if (rq->declared != UINT64_MAX && rq->declared > route->max_file + FORM_OVERHEAD)
        return refuse(rq, 413, "too_large");
    rq->form = multipart_new(rq->arena, boundary,
                             &(MultipartLimits){.text_max = TEXT_PART_MAX,
                                                .part_max = PARTS_MAX,
                                                .file_max = route->max_file,
                                                .dir = rq->http->upload_dir});
    return true;
}

bool body_begin(Req *rq)
{
    const Route *route = rq->match.route;
    if (!rq->declared)
        return true;
    if (!route->max_body && !route->max_file)
        return refuse(rq, 413, "too_large");
    Str coding = str_trim(req_header(rq, "Content-Encoding"));
    if (coding.n && (coding.n != 8 || strncasecmp(coding.p, "identity", 8)))
        return refuse(rq, 415, "media_type");
    Str type = req_header(rq, "Content-Type"), boundary;
    if (route->max_file && multipart_boundary(type, &boundary))
        return begin_form(rq, boundary);
    if (!route->max_body || !is_json(type))
        return refuse(rq, 415, "media_type");
    if (rq->declared != UINT64_MAX && rq->declared > route->max_body)
        return refuse(rq, 413, "too_large");
    rq->body = buf_in(rq->arena, route->max_body + 1); /* room for the NUL of buf_z */
    if (rq->declared <= RESERVE_MAX)
        buf_reserve(&rq->body, (size_t)rq->declared + 1);
    return true;
}

static bool form_result(Req *rq, MultipartState state)
{
    switch (state) {
    case MULTIPART_OK: return true;
    case MULTIPART_TOO_LARGE: return refuse(rq, 413, "too_large");
    case MULTIPART_FULL: return refuse(rq, 507, "storage_full");
    case MULTIPART_IO: return refuse(rq, 500, "internal");
    case MULTIPART_MALFORMED: break;
    }
    rq->fault = STR("body");
    return refuse(rq, 400, "bad_parameter");
}

bool body_feed(Req *rq, Str chunk)
{
    if (rq->form) {
        if (rq->received > rq->match.route->max_file + FORM_OVERHEAD)
            return refuse(rq, 413, "too_large");
        return form_result(rq, multipart_feed(rq->form, chunk));
    }
    if (rq->body.n + chunk.n > rq->match.route->max_body)
        return refuse(rq, 413, "too_large");
    buf_str_add(&rq->body, chunk);
    return true;
}

bool body_end(Req *rq) { return !rq->form || form_result(rq, multipart_end(rq->form)); }

void body_drop(Req *rq)
{
    if (rq->form)
        multipart_drop(rq->form);
    rq->form = NULL;
}
