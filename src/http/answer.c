/* SPDX-License-Identifier: Apache-2.0 */
/* From the answer that the app filled to the library's response. The bytes stay in the request's
 * arena, which outlives the response. */
#include "http/server.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

static Str out_header(const Req *rq, const char *name)
{
    for (size_t i = 0; i < rq->n_out_headers; i++)
        if (!strcasecmp(rq->out_headers[i].name.p, name))
            return rq->out_headers[i].value;
    return STR_NULL;
}

static bool is_compressible(Str type)
{
    return str_starts(type, STR("application/json")) || str_starts(type, STR("text/")) ||
           str_starts(type, STR("application/problem+json"));
}

static void set_default(Req *rq, const char *name, Str value)
{
    if (!out_header(rq, name).p)
        req_set_header(rq, name, value);
}

static void compress_answer(Req *rq)
{
    if (rq->sent.n < SERVER_GZIP_FROM || !is_compressible(out_header(rq, "Content-Type")))
        return;
    req_set_header(rq, "Vary", STR("Accept-Encoding"));
    if (rq->head || !gzip_accepts(req_header(rq, "Accept-Encoding"), STR("gzip")))
        return;
    Str small = gzip_compress(rq->http->gzip, rq->arena, rq->sent);
    if (small.p) {
        rq->sent = small;
        req_set_header(rq, "Content-Encoding", STR("gzip"));
    }
}

void answer_pack(Req *rq)
{
    if (rq->packed)
        return;
    rq->packed = true;
    if (buf_overflowed(&rq->out)) {
        req_reset_answer(rq);
        rq->status = 500;
        rq->http->app.problem(rq->http->app.arg, rq, 500, "internal");
    }
    rq->sent = buf_str(&rq->out);
    if (rq->sent.n)
        set_default(rq, "Content-Type", STR("application/json"));
    set_default(rq, "Cache-Control", STR("private, no-store"));
    compress_answer(rq);
}

static struct MHD_Response *make_response(Req *rq)
{
    if (rq->stream)
        return sse_response(rq->stream);
    if (rq->fd >= 0)
        return MHD_create_response_from_fd_at_offset64(rq->fd_size, rq->fd, rq->fd_from);
    return MHD_create_response_from_buffer(rq->sent.n, (void *)(uintptr_t)rq->sent.p,
                                           MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result answer_queue(Req *rq)
{
    if (!rq->stream)
        answer_pack(rq);
    struct MHD_Response *response = make_response(rq);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < rq->n_out_headers; i++)
        MHD_add_response_header(response, rq->out_headers[i].name.p, rq->out_headers[i].value.p);
    char id[24];
    snprintf(id, sizeof(id), "%" PRIx64, rq->id);
    MHD_add_response_header(response, "X-Request-Id", id);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (rq->close_after || atomic_load_explicit(&rq->http->quiesced, memory_order_relaxed))
        MHD_add_response_header(response, "Connection", "close");
    rq->state = REQ_SENDING;
    slot_phase(rq->http, rq->slot, rq->stream ? SLOT_STREAM : SLOT_SEND, rq);
    enum MHD_Result queued = MHD_queue_response(rq->conn, (unsigned)rq->status, response);
    MHD_destroy_response(response);
    return queued;
}
