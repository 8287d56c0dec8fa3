/* SPDX-License-Identifier: Apache-2.0 */
/* The command line as a client of the API over DIR/guanxi.sock. One code path for both cases: a
 * server runs (the command is sent there), or none does (this process becomes the owner, serves the
 * socket for itself, and closes at the end). */
#include "app/app.h"
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_ANSWER_BYTES ((size_t)64 * 1024 * 1024)

struct Client {
    CURL *curl;
    char socket[108];
    const char *login;
    App app;
    bool owner;
};

static bool somebody_listens(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return connected;
}

static Status become_owner(Ctx *cx, const Settings *s, Client *c)
{
    Settings own = *s;
    Str password = STR_NULL;
    own.listen = "127.0.0.1:0";
    log_level(LOG_WARN);
    c->owner = true;
    TRY(app_open(cx, &own, &c->app, &password));
    if (password.n)
        printf("login: admin\npassword: %.*s\n", STR_ARG(password));
    return ST_OK;
}

Status client_open(Ctx *cx, const Settings *s, Client **ret)
{
    Client *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    *ret = c;
    c->login = s->login;
    if (snprintf(c->socket, sizeof c->socket, "%s/guanxi.sock", s->data) >= (int)sizeof c->socket)
        return FAIL(cx, ST_INVALID, "app.long_path", "The path of the data directory is too long");
    if (!somebody_listens(c->socket))
        TRY(become_owner(cx, s, c));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    c->curl = curl_easy_init();
    return c->curl ? ST_OK : FAIL(cx, ST_INTERNAL, "app.curl", "libcurl cannot be used");
}

void client_close(Client *c)
{
    if (c->curl)
        curl_easy_cleanup(c->curl);
    if (c->owner) {
        app_close(&c->app);
        unlink(c->socket);
    }
    free(c);
}

/* ---- one call */
static size_t take(char *p, size_t size, size_t n, void *arg)
{
    Buf *to = arg;
    buf_add(to, p, size * n);
    return buf_overflowed(to) ? 0 : size * n;
}

typedef struct Call {
    struct curl_slist *headers;
    curl_mime *form;
} Call;

static void prepare(Ctx *cx, Client *c, Call *call, const char *path, Buf *answer)
{
    Str url = str_format(cx->arena, "http://localhost/api/v1%s", path);
    Str login = str_format(cx->arena, "X-Guanxi-Login: %s", c->login);
    curl_easy_reset(c->curl);
    curl_easy_setopt(c->curl, CURLOPT_URL, str_z(cx->arena, url));
    curl_easy_setopt(c->curl, CURLOPT_UNIX_SOCKET_PATH, c->socket);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
    call->headers = curl_slist_append(NULL, str_z(cx->arena, login));
    call->headers = curl_slist_append(call->headers, "Content-Type: application/json");
    call->headers = curl_slist_append(call->headers, "Expect:");
}

static Status perform(Ctx *cx, Client *c, Call *call, Buf *answer, int *ret_status,
                      json_t **ret_answer)
{
    long status = 0;
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, call->headers);
    CURLcode rc = curl_easy_perform(c->curl);
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(call->headers);
    if (call->form)
        curl_mime_free(call->form);
    if (rc != CURLE_OK)
        return FAIL(cx, ST_INTERNAL, "app.no_server", "The server does not answer: %s",
                    curl_easy_strerror(rc));
    *ret_status = (int)status;
    *ret_answer = NULL;
    return answer->n && answer->p[0] == '{' ? json_parse(cx, buf_str(answer), ret_answer) : ST_OK;
}

Status client_call(Ctx *cx, Client *c, const char *method, const char *path, const char *body,
                   int *ret_status, json_t **ret_answer)
{
    Call call = {0};
    Buf answer = buf_in(cx->arena, MAX_ANSWER_BYTES);
    prepare(cx, c, &call, path, &answer);
    curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
    if (body)
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, body);
    return perform(cx, c, &call, &answer, ret_status, ret_answer);
}

Status client_upload(Ctx *cx, Client *c, const char *path, const char *file, const char *options,
                     int *ret_status, json_t **ret_answer)
{
    Call call = {0};
    Buf answer = buf_in(cx->arena, MAX_ANSWER_BYTES);
    prepare(cx, c, &call, path, &answer);
    curl_slist_free_all(call.headers);
    Str login = str_format(cx->arena, "X-Guanxi-Login: %s", c->login);
    call.headers = curl_slist_append(curl_slist_append(NULL, str_z(cx->arena, login)), "Expect:");
    call.form = curl_mime_init(c->curl);
    curl_mimepart *part = curl_mime_addpart(call.form);
    curl_mime_name(part, "options");
    curl_mime_data(part, options, CURL_ZERO_TERMINATED);
    part = curl_mime_addpart(call.form);
    curl_mime_name(part, "file");
    curl_mime_filedata(part, file);
    curl_easy_setopt(c->curl, CURLOPT_MIMEPOST, call.form);
    return perform(cx, c, &call, &answer, ret_status, ret_answer);
}

Status client_download(Ctx *cx, Client *c, const char *path, const char *to)
{
    Call call = {0};
    int status = 0;
    json_t *none = NULL;
    Buf nothing = buf_in(cx->arena, 16);
    FILE *f = fopen(to, "we");
    if (!f)
        return FAIL(cx, ST_INTERNAL, "app.download", "Cannot write %s", to);
    prepare(cx, c, &call, path, &nothing);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, fwrite);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, f);
    Status st = perform(cx, c, &call, &nothing, &status, &none);
    bool written = ferror(f) == 0;
    written = fclose(f) == 0 && written && status == 200;
    if (st == ST_OK && !written)
        st = FAIL(cx, ST_INTERNAL, "app.download", "Cannot write %s", to);
    if (st != ST_OK)
        unlink(to);
    return st;
}

/* ---- jobs */
static void draw(const json_t *job, bool last)
{
    const json_t *p = json_object_get(job, "progress");
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%lld / %lld %s", (long long)json_get_int(p, "done", 0),
                (long long)json_get_int(p, "total", 0), last ? "\n" : "");
}

Status client_wait(Ctx *cx, Client *c, const char *job_path, json_t **ret_job)
{
    Str path = str_of(job_path);
    if (str_starts(path, STR("/api/v1")))
        path = str_sub(path, 7, path.n);
    for (;;) {
        int status = 0;
        TRY(client_call(cx, c, "GET", str_z(cx->arena, path), NULL, &status, ret_job));
        if (status != 200)
            return FAIL(cx, ST_INTERNAL, "app.job_lost", "The job cannot be followed (status %d)",
                        status);
        Str state = json_get_str(*ret_job, "status");
        bool ended = str_is(state, "done") || str_is(state, "failed") || str_is(state, "cancelled");
        draw(*ret_job, ended);
        if (ended)
            return ST_OK;
        usleep(100 * 1000);
    }
}

int client_complain(int status, const json_t *answer)
{
    Str detail = json_get_str(answer, "detail"), title = json_get_str(answer, "title");
    fprintf(stderr, "guanxi: %d %.*s: %.*s\n", status, STR_ARG(title), STR_ARG(detail));
    const json_t *errors = json_object_get(answer, "errors");
    for (size_t i = 0; i < json_array_size(errors); i++) {
        const json_t *e = json_array_get(errors, i);
        Str field = json_get_str(e, "field"), message = json_get_str(e, "message");
        fprintf(stderr, "  %.*s: %.*s\n", STR_ARG(field), STR_ARG(message));
    }
    return 1;
}

int client_job(Ctx *cx, Client *c, const char *path, const char *body, json_t **ret_result)
{
    int status = 0;
    json_t *answer = NULL, *job = NULL;
    if (client_call(cx, c, "POST", path, body, &status, &answer) != ST_OK) {
        app_complain(cx);
        return 1;
    }
    if (status != 202)
        return client_complain(status, answer);
    Str follow = str_format(cx->arena, "/jobs/%.*s", STR_ARG(json_get_str(answer, "id")));
    if (client_wait(cx, c, str_z(cx->arena, follow), &job) != ST_OK) {
        app_complain(cx);
        return 1;
    }
    if (!str_is(json_get_str(job, "status"), "done"))
        return client_complain(500, json_object_get(job, "error"));
    *ret_result = json_object_get(job, "result");
    return 0;
}
