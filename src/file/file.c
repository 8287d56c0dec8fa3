/* SPDX-License-Identifier: Apache-2.0 */
/* An upload becomes a record of the object `file`. */
#include "file/file.h"
#include <fcntl.h>
#include <unistd.h>

#define HEAD_BYTES 512

static Str hex(Arena *a, const uint8_t *bytes, size_t n)
{
    static const char DIGITS[] = "0123456789abcdef";
    Buf b = buf_in(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        buf_char(&b, DIGITS[bytes[i] >> 4]);
        buf_char(&b, DIGITS[bytes[i] & 15]);
    }
    return buf_str(&b);
}

static Status read_head(Ctx *cx, const char *path, Str *ret)
{
    char *head = ARENA_ARRAY(cx->arena, char, HEAD_BYTES);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, head, HEAD_BYTES);
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return FAIL(cx, ST_INTERNAL, "file.unreadable", "The upload cannot be read");
    *ret = str_n(head, (size_t)n);
    return ST_OK;
}

static Status check_type(Ctx *cx, const FileUpload *up, Str *ret)
{
    Str head = STR_NULL;
    TRY(read_head(cx, up->path, &head));
    *ret = file_type_check(cx->arena, head, up->type);
    if (ret->p)
        return ST_OK;
    return FIELD_FAIL(cx, STR("file"), "bad_value", "file.type_denied",
                      "The content is not of the type %.*s", STR_ARG(str_sub(up->type, 0, 80)));
}

static void set_text(Record *r, const char *name, Str s)
{
    record_set(r, object_field(r->object, str_of(name)), (Value){.t = V_TEXT, .s = s});
}

static Status set_fields(Ctx *cx, Record *r, const json_t *fields)
{
    const char *name;
    json_t *v;
    Status worst = ST_OK;
    json_object_foreach((json_t *)fields, name, v)
    {
        const Field *f = object_field(r->object, str_of(name));
        Status st = f && !f->readonly && !f->system
                        ? record_set_field_json(cx, r, f, v)
                        : FIELD_FAIL(cx, str_of(name), "unknown_field", "record.unknown_field",
                                     "There is no field \"%.*s\"", STR_ARG(str_of(name)));
        if (st != ST_OK)
            worst = st;
    }
    return worst;
}

Status file_create(Ctx *cx, Plan *plan, const FileUpload *up, const json_t *fields, Record **ret)
{
    const Object *o = meta_object(cx->meta, STR("file"));
    Str hash = hex(cx->arena, up->sha256, 32), type;
    if (!up->size && !up->ours)
        return FIELD_FAIL(cx, STR("file"), "required", "file.empty", "The file is empty");
    if (up->ours)
        type = up->type;
    else
        TRY(check_type(cx, up, &type));
    Record *r = record_new(cx, o);
    set_text(r, "name", file_name_clean(cx->arena, up->name));
    set_text(r, "type", type);
    set_text(r, "hash", hash);
    record_set(r, object_field(o, STR("size")), (Value){.t = V_INT, .i = (int64_t)up->size});
    TRY(set_fields(cx, r, fields));
    TRY(file_store_keep(cx, cx->records->dir, up->path, hash));
    TRY(record_write(cx, plan, r));
    *ret = r;
    return ST_OK;
}
