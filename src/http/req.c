/* SPDX-License-Identifier: Apache-2.0 */
/* What the app sees of a request and how it fills the answer. */
#include "http/range.h"
#include "http/server.h"

#include <fcntl.h>
#include <inttypes.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

Arena *req_arena(const Req *rq) { return rq->arena; }

uint64_t req_id(const Req *rq) { return rq->id; }

const Route *req_route(const Req *rq) { return rq->match.route; }

Str req_method(const Req *rq) { return rq->method; }

Str req_path(const Req *rq) { return rq->path; }

Str req_target(const Req *rq) { return rq->target; }

Str req_param(const Req *rq, const char *name)
{
    for (size_t i = 0; i < rq->match.n; i++)
        if (str_is(rq->match.names[i], name))
            return rq->match.values[i];
    return STR_NULL;
}

static Str pair_value(const QueryPair *pairs, size_t n, const char *name)
{
    Str wanted = str_of(name);
    for (size_t i = 0; i < n; i++)
        if (str_eq(pairs[i].name, wanted))
            return pairs[i].value;
    return STR_NULL;
}

Str req_query(const Req *rq, const char *name) { return pair_value(rq->query, rq->n_query, name); }

Str req_header(const Req *rq, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < rq->n_headers; i++)
        if (rq->headers[i].name.n == n && !strncasecmp(rq->headers[i].name.p, name, n))
            return rq->headers[i].value;
    return STR_NULL;
}

Str req_cookie(const Req *rq, const char *name)
{
    Str list = req_header(rq, "Cookie"), item;
    while (str_split(&list, ';', &item)) {
        size_t eq = str_find_char(item, '=');
        if (eq != SIZE_MAX && str_is(str_trim(str_sub(item, 0, eq)), name))
            return str_trim(str_sub(item, eq + 1, SIZE_MAX));
    }
    return STR_NULL;
}

Str req_body(const Req *rq) { return buf_str(&rq->body); }

Str req_form(const Req *rq, const char *name)
{
    return rq->form ? multipart_text(rq->form, str_of(name)) : STR_NULL;
}

const HttpFile *req_file(const Req *rq, const char *name)
{
    return rq->form ? multipart_file(rq->form, str_of(name)) : NULL;
}

Str req_client(const Req *rq) { return rq->client; }

bool req_is_https(const Req *rq) { return rq->https; }

Str req_fault(const Req *rq) { return rq->fault; }

bool req_is_local_owner(const Req *rq) { return rq->slot->local_owner; }

int64_t req_started_us(const Req *rq) { return rq->started_us; }

void req_set_app(Req *rq, void *p) { rq->app = p; }

void *req_app(const Req *rq) { return rq->app; }

/* ---- answer */

void req_status(Req *rq, int status) { rq->status = status; }

/* Replaces a header of that name; Set-Cookie may stand several times. Values with control bytes would
 * split the answer, so they are dropped here whatever the caller checked. */
void req_set_header(Req *rq, const char *name, Str value)
{
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 && value.p[i] != '\t')
            return;
    QueryPair header = {str_of(str_z(rq->arena, str_of(name))),
                        str_n(str_z(rq->arena, value), value.n)};
    if (strcasecmp(name, "Set-Cookie") != 0) {
        for (size_t i = 0; i < rq->n_out_headers; i++) {
            if (!strcasecmp(rq->out_headers[i].name.p, name)) {
                rq->out_headers[i] = header;
                return;
            }
        }
    }
    if (rq->n_out_headers < SERVER_MAX_ANSWER_HEADERS)
        rq->out_headers[rq->n_out_headers++] = header;
}

Buf *req_out(Req *rq) { return &rq->out; }

/* RFC 6266 with RFC 5987: any name, percent-encoded. */
static Str disposition(Req *rq, Str name, bool shown)
{
    Buf b = buf_in(rq->arena, 4096);
    buf_str_add(&b, shown ? STR("inline") : STR("attachment"));
    buf_lit(&b, "; filename*=UTF-8''");
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' ||
            c == '-' || c == '_')
            buf_char(&b, (char)c);
        else
            buf_printf(&b, "%%%02X", c);
    }
    return buf_overflowed(&b) ? shown ? STR("inline") : STR("attachment") : buf_str(&b);
}

/* The part that the client asks for; the whole with a condition that we do not look at. */
static void take_range(Req *rq)
{
    uint64_t size = rq->fd_size;
    Str range = req_header(rq, "If-Range").p ? STR_NULL : req_header(rq, "Range");
    RangeKind kind = range_parse(range, size, &rq->fd_from, &rq->fd_size);
    req_set_header(rq, "Accept-Ranges", STR("bytes"));
    if (kind == RANGE_PART) {
        rq->status = 206;
        req_set_header(rq, "Content-Range",
                       str_format(rq->arena, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, rq->fd_from,
                                  rq->fd_from + rq->fd_size - 1, size));
    } else if (kind == RANGE_NONE) {
        rq->status = 416;
        rq->fd_from = rq->fd_size = 0;
        req_set_header(rq, "Content-Range", str_format(rq->arena, "bytes */%" PRIu64, size));
    }
}

void req_file_out(Req *rq, const char *path, Str type, Str name, bool shown)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        if (fd >= 0)
            close(fd);
        rq->status = 500;
        rq->http->app.problem(rq->http->app.arg, rq, 500, "internal");
        return;
    }
    rq->fd = fd;
    rq->fd_size = (uint64_t)st.st_size;
    req_set_header(rq, "Content-Type", type);
    req_set_header(rq, "Content-Disposition", disposition(rq, name, shown));
    req_set_header(rq, "Content-Security-Policy", STR("sandbox; default-src 'none'"));
    take_range(rq);
}

void req_reset_answer(Req *rq)
{
    if (rq->fd >= 0)
        close(rq->fd);
    rq->fd = -1;
    rq->fd_size = rq->fd_from = 0;
    rq->status = 200;
    rq->n_out_headers = 0;
    rq->out = buf_in(rq->arena, SERVER_MAX_ANSWER);
    rq->sent = STR_NULL;
}

void req_done(Req *rq)
{
    if (worker_is_self(rq->http))
        answer_pack(
            rq); /* elsewhere (the writer thread) time is dear: the loop thread will do it */
    rq->state = REQ_ANSWER;
    slot_phase(rq->http, rq->slot, SLOT_SEND, rq);
    MHD_resume_connection(rq->conn);
}

SseStream *req_stream(Req *rq, void (*closed)(void *arg), void *arg)
{
    SseStream *s = sse_open(rq, closed, arg);
    req_reset_answer(rq);
    req_set_header(rq, "Content-Type", STR("text/event-stream"));
    req_set_header(rq, "Cache-Control", STR("no-store"));
    req_set_header(rq, "X-Accel-Buffering", STR("no")); /* nginx must pass each event on */
    rq->stream = s;
    rq->counted = false;
    rq->state = REQ_ANSWER;
    pool_running(rq->http, -1);
    slot_phase(rq->http, rq->slot, SLOT_STREAM, rq);
    MHD_resume_connection(rq->conn);
    return s;
}

int req_answer_status(const Req *rq) { return rq->status; }

size_t req_sent_bytes(const Req *rq)
{
    return rq->state != REQ_SENDING || rq->head ? 0 : rq->fd >= 0 ? rq->fd_size : rq->sent.n;
}
