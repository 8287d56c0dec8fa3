/* SPDX-License-Identifier: Apache-2.0 */
/* The web client: files compiled into the program. Files below assets/ carry a hash in their names
 * and are cached for ever; the rest is asked for again with an ETag. Every other path without a file
 * extension is a page of the client: index.html with a fresh nonce in place of __CSP_NONCE__, so it
 * may never be cached. */
#include "http/server.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

static const char NONCE_MARK[] = "__CSP_NONCE__";
enum { NONCE_BYTES = 16, MAX_ASSET_PATH = 256 };

static const struct {
    const char *extension, *type;
} TYPES[] = {
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".jpg", "image/jpeg"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".mp3", "audio/mpeg"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".webmanifest", "application/manifest+json"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
};

static const EmbedFile *find_file(const Http *h, const char *path)
{
    size_t low = 0, high = h->file_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = strcmp(h->files[mid].path, path);
        if (c == 0)
            return &h->files[mid];
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static Str type_of(Str path)
{
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (str_ends(path, str_of(TYPES[i].extension)))
            return str_of(TYPES[i].type);
    return STR("application/octet-stream");
}

/* The smallest form that the client takes; plain itself if it takes none. */
static const EmbedFile *choose_coding(Req *rq, const EmbedFile *plain)
{
    static const struct {
        const char *name, *suffix;
    } CODINGS[] = {{"br", ".br"}, {"gzip", ".gz"}};
    Str accept = req_header(rq, "Accept-Encoding");
    for (size_t i = 0; i < COUNT_OF(CODINGS); i++) {
        char path[MAX_ASSET_PATH + 4];
        snprintf(path, sizeof(path), "%s%s", plain->path, CODINGS[i].suffix);
        const EmbedFile *packed = find_file(rq->http, path);
        if (!packed)
            continue;
        req_set_header(rq, "Vary", STR("Accept-Encoding"));
        if (gzip_accepts(accept, str_of(CODINGS[i].name))) {
            req_set_header(rq, "Content-Encoding", str_of(CODINGS[i].name));
            return packed;
        }
    }
    return plain;
}

static void answer_file(Req *rq, const EmbedFile *file)
{
    Str path = str_of(file->path);
    const EmbedFile *sent = choose_coding(rq, file);
    req_set_header(rq, "Content-Type", type_of(path));
    rq->packed = true;
    rq->state = REQ_ANSWER;
    if (str_starts(path, STR("assets/"))) {
        req_set_header(rq, "Cache-Control", STR("public, max-age=31536000, immutable"));
    } else {
        Str body = str_n((const char *)sent->data, sent->size);
        Str etag = str_format(rq->arena, "\"%016" PRIx64 "\"", str_hash(body));
        req_set_header(rq, "Cache-Control", STR("no-cache"));
        req_set_header(rq, "ETag", etag);
        if (str_find(req_header(rq, "If-None-Match"), etag) != SIZE_MAX) {
            rq->status = 304;
            return;
        }
    }
    rq->sent = str_n((const char *)sent->data, sent->size);
}

static void answer_page(Req *rq, const EmbedFile *index)
{
    unsigned char random[NONCE_BYTES];
    char nonce[sodium_base64_ENCODED_LEN(NONCE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    randombytes_buf(random, sizeof(random));
    sodium_bin2base64(nonce, sizeof(nonce), random, sizeof(random), sodium_base64_VARIANT_ORIGINAL);
    Str rest = str_n((const char *)index->data, index->size);
    Buf *out = req_out(rq);
    for (size_t at; (at = str_find(rest, str_of(NONCE_MARK))) != SIZE_MAX;) {
        buf_str_add(out, str_sub(rest, 0, at));
        buf_str_add(out, str_of(nonce));
        rest = str_sub(rest, at + sizeof(NONCE_MARK) - 1, SIZE_MAX);
    }
    buf_str_add(out, rest);
    req_set_header(rq, "Content-Type", STR("text/html; charset=utf-8"));
    req_set_header(rq, "Cache-Control", STR("no-store"));
    req_set_header(rq, "Referrer-Policy", STR("same-origin"));
    req_set_header(rq, "Content-Security-Policy",
                   str_format(rq->arena,
                              "default-src 'self'; script-src 'self' 'nonce-%s'; style-src 'self' "
                              "'nonce-%s'; img-src 'self' data: blob:; media-src 'self' blob:; "
                              "font-src 'self'; connect-src 'self'; "
                              "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
                              nonce, nonce));
    rq->state = REQ_ANSWER;
}

/* Paths of the server itself are never pages: a wrong one must be a problem, not HTML. */
static bool is_servers_own(Str path)
{
    static const char *const OWN[] = {"api", "healthz", "mcp", "metrics", "readyz"};
    Str head = str_sub(path, 0, str_find_char(path, '/'));
    for (size_t i = 0; i < COUNT_OF(OWN); i++)
        if (str_is(head, OWN[i]))
            return true;
    return false;
}

static bool has_extension(Str path)
{
    for (size_t i = path.n; i > 0 && path.p[i - 1] != '/'; i--)
        if (path.p[i - 1] == '.')
            return true;
    return false;
}

bool asset_answer(Req *rq)
{
    Str path = str_sub(rq->path, 1, SIZE_MAX);
    if ((!rq->head && !str_eq(rq->method, STR("GET"))) || is_servers_own(path))
        return false;
    const EmbedFile *file = NULL;
    if (!has_extension(path)) {
        if ((file = find_file(rq->http, "index.html")))
            answer_page(rq, file);
    } else if (path.n < MAX_ASSET_PATH && !str_eq(path, STR("index.html"))) {
        if ((file = find_file(rq->http, str_z(rq->arena, path))))
            answer_file(rq, file);
    } else if (str_eq(path, STR("index.html")) && (file = find_file(rq->http, "index.html"))) {
        answer_page(rq, file);
    }
    return file != NULL;
}
