/* SPDX-License-Identifier: Apache-2.0 */
/* Files of records: what an uploaded file looks like, and its import as a job. */
#include "api/api_routes.h"
#include "base/id.h"
#include "import/import.h"

#include <errno.h>
#include <unistd.h>

enum { IMPORTS_PAGE = 20, IMPORTS_MAX = 100 };

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

/* An archive of everything. */
static Status post_import_all(Ctx *cx, Req *rq, Plan *plan)
{
    const HttpFile *file = req_file(rq, "file");
    json_t *options = NULL;
    Str path = STR_NULL;
    Id job = 0;
    if (!file)
        return FIELD_FAIL(cx, STR("file"), "required", "api.file_required",
                          "Send the file as the part \"file\" of a form");
    TRY(read_options(cx, rq, &options));
    TRY(keep_file(cx, rq, file, &path));
    Status st = import_all_enqueue(cx, plan, path, file->name, options, &job);
    if (st != ST_OK) {
        unlink(path.p);
        return st;
    }
    api_accept_job(cx, rq, plan, job, "import_all");
    return ST_OK;
}

/* ---- past imports, saved mappings */
static Status may_import(Ctx *cx, Req *rq, const Object **ret)
{
    TRY(req_object(cx, rq, ret));
    return access_require(cx, *ret, ACCESS_IMPORT, NULL);
}

static Status get_imports(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    const Object *o = NULL;
    Str after = req_query(rq, "after");
    Id before = 0;
    int limit = 0;
    TRY(may_import(cx, rq, &o));
    TRY(api_page_size(cx, rq, IMPORTS_PAGE, IMPORTS_MAX, &limit));
    if (after.n && !id_parse(after, &before))
        return api_bad_parameter(cx, "after",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.after",
                                           "after is what \"next\" of the page before said"));
    return import_list(cx, o, before, limit, req_out(rq));
}

static Status get_mappings(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    const Object *o = NULL;
    TRY(may_import(cx, rq, &o));
    return import_mappings(cx, o, req_out(rq));
}

static Status post_mapping(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"name", "shared", "options", NULL};
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(may_import(cx, rq, &o));
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(import_mapping_save(cx, plan, o, body, req_out(rq)));
    req_status(rq, 201);
    return ST_OK;
}

static Status delete_mapping(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Id id = 0;
    TRY(may_import(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(import_mapping_drop(cx, plan, o, id));
    req_status(rq, 204);
    return ST_OK;
}

const Route api_import_routes[] = {
    {"POST", "/api/v1/import", LONG, post_import_all, "backup",
     "Bring an archive of everything in, or say what it would bring", 0, API_MAX_FILE, NULL},
    {"GET", "/api/v1/{plural}/import", READ, get_imports, "", "My imports of this object", 0, 0,
     "after limit"},
    {"POST", "/api/v1/{plural}/import", LONG, post_import, "", "Import a file of records", 0,
     API_MAX_FILE, NULL},
    {"GET", "/api/v1/{plural}/import/mappings", READ, get_mappings, "",
     "Saved mappings of imports, my own and shared ones", 0, 0, NULL},
    {"POST", "/api/v1/{plural}/import/mappings", WRITE, post_mapping, "",
     "Save the options of an import under a name", IMPORT_MAPPING_BYTES, 0, NULL},
    {"DELETE", "/api/v1/{plural}/import/mappings/{id}", WRITE, delete_mapping, "",
     "Delete a saved mapping", 0, 0, NULL},
    {"POST", "/api/v1/{plural}/import/preview", READ, post_preview, "",
     "Columns, samples and a guessed mapping of a file", 0, API_MAX_FILE, NULL},
    {0},
};
