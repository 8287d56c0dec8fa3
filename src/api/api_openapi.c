/* SPDX-License-Identifier: Apache-2.0 */
/* OpenAPI 3.1 out of the route tables and the catalogue: one path a row; rows with {plural} are told
 * once in general and their bodies refer to the schemas of every object. Nothing is written by hand,
 * so an object made a second ago is in it. */
#include "api/api_routes.h"

/* ---- schemas */

/* Of kinds whose schema does not depend on the field; up to the closing brace. */
static const char *const scalars[F_KINDS] = {
    [F_ID] = "{\"type\":\"string\"",
    [F_RATING] = "{\"type\":[\"integer\",\"null\"]",
    [F_INTEGER] = "{\"type\":[\"integer\",\"string\",\"null\"]",
    [F_BOOLEAN] = "{\"type\":[\"boolean\",\"null\"]",
    [F_DATE] = "{\"type\":[\"string\",\"null\"],\"format\":\"date\"",
    [F_DATETIME] = "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"",
    [F_DURATION] = "{\"type\":[\"string\",\"null\"],\"format\":\"duration\"",
    [F_URL] = "{\"type\":[\"string\",\"null\"],\"format\":\"uri\"",
    [F_MONEY] = "{\"$ref\":\"#/components/schemas/Money\"",
    [F_LINK] = "{\"$ref\":\"#/components/schemas/Link\"",
    [F_LINKS] = "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Link\"}",
    [F_ANY_LINK] = "{\"$ref\":\"#/components/schemas/AnyLink\"",
    [F_FILE] = "{\"$ref\":\"#/components/schemas/File\"",
    [F_IMAGE] = "{\"$ref\":\"#/components/schemas/File\"",
    [F_CHOICES] = "{\"type\":\"array\",\"items\":{\"type\":\"string\"}",
    [F_TAGS] = "{\"type\":\"array\",\"items\":{\"type\":\"string\"}",
    [F_ADDRESS] = "{\"$ref\":\"#/components/schemas/Address\"",
    [F_GEO] = "{\"$ref\":\"#/components/schemas/Geo\"",
    [F_JSON] = "{\"description\":\"JSON\"",
};

static void write_scalar(const Field *f, FieldKind kind, Buf *out)
{
    if (field_is_file(f) && f->multiple) {
        buf_lit(out, "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/File\"}");
    } else if (scalars[kind]) {
        buf_str_add(out, str_of(scalars[kind]));
    } else {
        buf_lit(out, "{\"type\":[\"string\",\"null\"]");
        if (f->max)
            buf_printf(out, ",\"maxLength\":%d", f->max);
    }
}

static void write_choices(const Field *f, Buf *out)
{
    buf_lit(out, ",\"enum\":[");
    for (size_t i = 0; i < f->choices->n; i++) {
        buf_json_str(out, f->choices->items[i].value);
        buf_char(out, ',');
    }
    buf_lit(out, "null]");
}

static void write_property(Ctx *cx, const Field *f, Buf *out)
{
    write_scalar(f, field_result(f), out);
    if (f->kind == F_CHOICE && f->choices)
        write_choices(f, out);
    if (f->kind == F_LINK || f->kind == F_LINKS) {
        buf_lit(out, ",\"description\":");
        buf_json_str(out, str_format(cx->arena, "→ %.*s", STR_ARG(f->to_name)));
    }
    if (f->readonly || field_is_computed(f) || f->kind == F_AUTO_NUMBER)
        buf_lit(out, ",\"readOnly\":true");
    buf_lit(out, ",\"title\":");
    buf_json_str(out, label_in(&f->label, cx->lang));
    buf_char(out, '}');
}

static bool sees(Ctx *cx, const Field *f)
{
    return !cx->access || cx->access->field(cx, f) ||
           (cx->access->masked && cx->access->masked(cx, f));
}

static void write_required(Ctx *cx, const Object *o, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (!f->required || f->system || f->has_default || !sees(cx, f))
            continue;
        if (first)
            buf_lit(out, ",\"required\":[");
        else
            buf_char(out, ',');
        first = false;
        buf_json_str(out, f->name);
    }
    if (!first)
        buf_char(out, ']');
}

static void write_object(Ctx *cx, const Object *o, Buf *out)
{
    bool first = true;
    buf_json_str(out, o->name);
    buf_lit(out, ":{\"type\":\"object\",\"title\":");
    buf_json_str(out, label_in(&o->label, cx->lang));
    buf_lit(out, ",\"properties\":{");
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!sees(cx, o->fields[i]))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json_str(out, o->fields[i]->name);
        buf_char(out, ':');
        write_property(cx, o->fields[i], out);
    }
    buf_char(out, '}');
    write_required(cx, o, out);
    buf_char(out, '}');
}

static const char SHARED_SCHEMAS[] =
    "\"Problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"code\"],"
    "\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"},"
    "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"field\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
    "\"message\":{\"type\":\"string\"},\"suggestion\":{\"type\":\"string\"},"
    "\"at\":{\"type\":\"integer\"}}}}}},"
    "\"Money\":{\"type\":[\"object\",\"string\",\"null\"],\"properties\":{"
    "\"value\":{\"type\":\"string\"},\"currency\":{\"type\":\"string\"}}},"
    "\"Address\":{\"type\":[\"object\",\"null\"],\"properties\":{"
    "\"country\":{\"type\":[\"string\",\"null\"]},\"province\":{\"type\":[\"string\",\"null\"]},"
    "\"city\":{\"type\":[\"string\",\"null\"]},\"district\":{\"type\":[\"string\",\"null\"]},"
    "\"street\":{\"type\":[\"string\",\"null\"]},\"postcode\":{\"type\":[\"string\",\"null\"]}}},"
    "\"Geo\":{\"type\":[\"object\",\"null\"],\"properties\":{\"lat\":{\"type\":\"number\"},"
    "\"lng\":{\"type\":\"number\"}}},"
    "\"Link\":{\"type\":[\"object\",\"string\",\"null\"],\"properties\":{"
    "\"id\":{\"type\":\"string\"},\"title\":{\"type\":[\"string\",\"null\"]},"
    "\"code\":{\"type\":\"string\"}}},"
    "\"AnyLink\":{\"type\":[\"object\",\"null\"],\"properties\":{"
    "\"object\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"},"
    "\"title\":{\"type\":[\"string\",\"null\"]}}},"
    "\"File\":{\"type\":[\"object\",\"string\",\"null\"],\"properties\":{"
    "\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
    "\"size\":{\"type\":\"integer\"},\"type\":{\"type\":\"string\"},"
    "\"url\":{\"type\":\"string\"}}},"
    "\"List\":{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"object\"}},\"next\":{\"type\":[\"string\",\"null\"]},\"count\":{"
    "\"type\":[\"object\",\"null\"],\"properties\":{\"value\":{\"type\":\"integer\"},"
    "\"exact\":{\"type\":\"boolean\"}}}}}";

/* A record of any object; clients choose by the path. */
static void write_record_schema(Ctx *cx, Buf *out)
{
    bool first = true;
    buf_lit(out, ",\"Record\":{\"anyOf\":[");
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        if (cx->access && !cx->access->object(cx, o))
            continue;
        buf_printf(out, "%s{\"$ref\":\"#/components/schemas/%.*s\"}", first ? "" : ",",
                   STR_ARG(o->name));
        first = false;
    }
    if (first)
        buf_lit(out, "{\"type\":\"object\"}");
    buf_lit(out, "]}");
}

static void write_schemas(Ctx *cx, Buf *out)
{
    buf_add(out, SHARED_SCHEMAS, sizeof(SHARED_SCHEMAS) - 1);
    write_record_schema(cx, out);
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        const Object *o = cx->meta->objects[i];
        if (cx->access && !cx->access->object(cx, o))
            continue;
        buf_char(out, ',');
        write_object(cx, o, out);
    }
}

/* ---- paths */

static void write_parameter(Buf *out, bool *first, Str name, const char *in)
{
    if (!*first)
        buf_char(out, ',');
    *first = false;
    buf_lit(out, "{\"name\":");
    buf_json_str(out, name);
    buf_printf(out, ",\"in\":\"%s\",\"required\":%s,\"schema\":{\"type\":\"string\"}}", in,
               strcmp(in, "path") ? "false" : "true");
}

static void write_parameters(const Route *r, Buf *out)
{
    Str path = str_of(r->path), query = str_of(r->query), part;
    bool first = true;
    buf_lit(out, "\"parameters\":[");
    while (str_split(&path, '/', &part))
        if (part.n > 2 && part.p[0] == '{')
            write_parameter(out, &first, str_sub(part, 1, part.n - 2), "path");
    while (str_split(&query, ' ', &part))
        write_parameter(out, &first, part, "query");
    buf_char(out, ']');
}

static bool is_of_record(const Route *r)
{
    return !strcmp(r->path, "/api/v1/{plural}") || !strcmp(r->path, "/api/v1/{plural}/{id}");
}

static void write_request(const Route *r, Buf *out)
{
    if (r->max_file)
        buf_lit(out, ",\"requestBody\":{\"content\":{\"multipart/form-data\":{\"schema\":{"
                     "\"type\":\"object\",\"properties\":{\"file\":{\"type\":\"string\","
                     "\"format\":\"binary\"},\"options\":{\"type\":\"string\"}}}}}}");
    else if (r->max_body)
        buf_printf(out, ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":%s}}}",
                   is_of_record(r) ? "{\"$ref\":\"#/components/schemas/Record\"}"
                                   : "{\"type\":\"object\"}");
}

static void write_responses(const Route *r, Buf *out)
{
    const char *status = r->mode == LONG                                 ? "202"
                         : !strcmp(r->method, "DELETE")                  ? "204"
                         : is_of_record(r) && !strcmp(r->method, "POST") ? "201"
                                                                         : "200";
    const char *schema = !is_of_record(r) ? "{}"
                         : !strcmp(r->method, "GET") && !strstr(r->path, "{id}")
                             ? "{\"$ref\":\"#/components/schemas/List\"}"
                             : "{\"$ref\":\"#/components/schemas/Record\"}";
    buf_printf(out, ",\"responses\":{\"%s\":{\"description\":\"Done\"", status);
    if (strcmp(status, "204") != 0)
        buf_printf(out, ",\"content\":{\"%s\":{\"schema\":%s}}",
                   r->mode == STREAM ? "text/event-stream" : "application/json", schema);
    buf_lit(out, "},\"default\":{\"description\":\"Problem (RFC 9457)\",\"content\":{"
                 "\"application/problem+json\":{\"schema\":{\"$ref\":"
                 "\"#/components/schemas/Problem\"}}}}}");
}

/* "post_accounts_id_restore": unique, since method and path are. */
static void write_operation_id(const Route *r, Buf *out)
{
    buf_lit(out, "\"operationId\":\"");
    for (const char *c = r->method; *c; c++)
        buf_char(out, (char)(*c | 0x20));
    bool gap = true;
    for (const char *c = r->path; *c; c++) {
        bool word = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
        if (word && gap)
            buf_char(out, '_');
        if (word)
            buf_char(out, *c);
        gap = !word;
    }
    buf_lit(out, "\",");
}

static void write_operation(const Route *r, Buf *out)
{
    buf_char(out, '"');
    for (const char *c = r->method; *c; c++)
        buf_char(out, (char)(*c | 0x20));
    buf_lit(out, "\":{");
    write_operation_id(r, out);
    buf_lit(out, "\"summary\":");
    buf_json_str(out, str_of(r->summary));
    buf_char(out, ',');
    if (!strcmp(r->right, "public"))
        buf_lit(out, "\"security\":[],");
    else if (r->right[0])
        buf_printf(out, "\"x-right\":\"%s\",", r->right);
    if (r->max_body || r->max_file)
        buf_printf(out, "\"x-max-bytes\":%zu,", r->max_file ? r->max_file : r->max_body);
    write_parameters(r, out);
    write_request(r, out);
    write_responses(r, out);
    buf_char(out, '}');
}

/* Rows of one path stand in one object wherever they are in the tables. */
static bool is_first_of_path(const Route *const *tables, const Route *row)
{
    for (const Route *const *t = tables; *t; t++)
        for (const Route *r = *t; r->method; r++)
            if (!strcmp(r->path, row->path))
                return r == row;
    return true;
}

static void write_path(const Route *const *tables, const Route *row, bool *first_path, Buf *out)
{
    bool first = true;
    if (!*first_path)
        buf_char(out, ',');
    *first_path = false;
    buf_json_str(out, str_of(row->path));
    buf_lit(out, ":{");
    for (const Route *const *t = tables; *t; t++) {
        for (const Route *r = *t; r->method; r++) {
            if (strcmp(r->path, row->path) != 0)
                continue;
            if (!first)
                buf_char(out, ',');
            first = false;
            write_operation(r, out);
        }
    }
    buf_char(out, '}');
}

static void write_document(Ctx *cx, const Route *const *tables, Buf *out)
{
    bool first = true;
    buf_lit(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Guanxi\",\"version\":\"1\"},"
                 "\"security\":[{\"session\":[]},{\"key\":[]}],\"paths\":{");
    for (const Route *const *t = tables; *t; t++)
        for (const Route *r = *t; r->method; r++)
            if (is_first_of_path(tables, r))
                write_path(tables, r, &first, out);
    buf_lit(out, "},\"components\":{\"securitySchemes\":{\"session\":{\"type\":\"apiKey\",\"in\":"
                 "\"cookie\",\"name\":\"gx_session\"},\"key\":{\"type\":\"http\",\"scheme\":"
                 "\"bearer\"}},\"schemas\":{");
    write_schemas(cx, out);
    buf_lit(out, "}}}");
}

void api_openapi(const Route *const *tables, const Meta *m, Buf *out)
{
    Ctx cx = {.arena = out->arena, .meta = m, .lang = LANG_EN};
    write_document(&cx, tables, out);
}

static Status get_openapi(Ctx *cx, Req *rq, Plan *plan)
{
    (void)plan;
    write_document(cx, cx->app->tables, req_out(rq));
    return ST_OK;
}

const Route api_openapi_routes[] = {
    {"GET", "/api/v1/openapi.json", READ, get_openapi, "", "This interface as OpenAPI 3.1", 0, 0,
     NULL},
    {0},
};
