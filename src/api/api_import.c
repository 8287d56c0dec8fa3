/* SPDX-License-Identifier: Apache-2.0 */
/* Files of records: what an uploaded file looks like, and its import as a job. */
#include "api/api_routes.h"
#include "import/import.h"

#include <errno.h>
#include <unistd.h>

/* The part "options" as a JSON object; absent: no options. */
static Status read_options(Ctx *cx, Req *rq, json_t **ret)
{
    Str text = req_form(rq, "options");
    if (!text.n) {
        *ret = json_object();
        json_own(cx->arena, *ret);
        return ST_OK;
    }
    TRY(json_parse(cx, text, ret));
    if (!json_is_object(*ret))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "api.not_object",
                         "The body must be a JSON object");
    return ST_OK;
}

static Status read_form(Ctx *cx, Req *rq, const Object **ret_object, const HttpFile **ret_file,
                        json_t **ret_options)
{
    TRY(req_object(cx, rq, ret_object));
    TRY(access_require(cx, *ret_object, ACCESS_IMPORT, NULL));
    *ret_file = req_file(rq, "file");
    if (!*ret_file)
        return FIELD_FAIL(cx, STR("file"), "required", "api.file_required",
                          "Send the file as the part \"file\" of a form");
    return read_options(cx, rq, ret_options);
}

static Status post_preview(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    const HttpFile *file = NULL;
    json_t *options = NULL;
    (void)plan;
    TRY(read_form(cx, rq, &o, &file, &options));
    return import_preview(cx, o, str_of(file->path), options, req_out(rq));
}

/* The upload goes with the request; the job's copy is a second name of the same file. Running again
 * finds it made already. */
static Status keep_file(Ctx *cx, Req *rq, const HttpFile *file, Str *ret)
{
    *ret = str_format(cx->arena, "%s/imports/%llx", req_app_of(rq)->dir,
                      (unsigned long long)req_id(rq));
    if (link(file->path, ret->p) != 0 && errno != EEXIST)
        return FAIL(cx, errno == ENOSPC ? ST_FULL : ST_INTERNAL, "api.keep_file",
                    "The file cannot be kept");
    return ST_OK;
}

static Status post_import(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    const HttpFile *file = NULL;
    json_t *options = NULL;
    Str path = STR_NULL;
    Id job = 0;
    TRY(read_form(cx, rq, &o, &file, &options));
    TRY(keep_file(cx, rq, file, &path));
    Status st = import_enqueue(cx, plan, o, path, file->name, options, &job);
    if (st != ST_OK) {
        unlink(path.p);
        return st;
    }
    api_accept_job(cx, rq, plan, job, "import");
    return ST_OK;
}

const Route api_import_routes[] = {
    {"POST", "/api/v1/{plural}/import", LONG, post_import, "", "Import a file of records", 0,
     API_MAX_FILE, NULL},
    {"POST", "/api/v1/{plural}/import/preview", READ, post_preview, "",
     "Columns, samples and a guessed mapping of a file", 0, API_MAX_FILE, NULL},
    {0},
};
