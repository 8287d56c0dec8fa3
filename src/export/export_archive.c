/* SPDX-License-Identifier: Apache-2.0 */
/* What every archive has: a manifest of its entries, and how it is told when it is ready. */
#include "base/calendar.h"
#include "export/export_internal.h"

void export_archive_note(ExportArchive *a, const char *kind, Str object, Str name, int64_t rows,
                         const ZipEntry *e)
{
    Buf *b = &a->manifest;
    buf_str_add(b, b->n ? STR(",\n") : STR("\n"));
    buf_printf(b, "{\"kind\":\"%s\"", kind);
    if (object.n) {
        buf_lit(b, ",\"object\":");
        buf_json_str(b, object);
    }
    buf_lit(b, ",\"name\":");
    buf_json_str(b, name);
    if (rows >= 0) {
        buf_lit(b, ",\"rows\":");
        buf_int(b, rows);
    }
    buf_lit(b, ",\"bytes\":");
    buf_int(b, (int64_t)e->size);
    buf_lit(b, ",\"sha256\":\"");
    buf_hex(b, e->sha256, sizeof(e->sha256));
    buf_lit(b, "\"}");
}

Status export_archive_manifest(ExportArchive *a)
{
    Ctx *cx = a->cx;
    ZipEntry entry;
    Buf b = buf_in(cx->arena, EXPORT_MANIFEST * 2);
    buf_lit(&b, "{\"format\":\"guanxi-archive\",\"version\":1,\"made_at\":\"");
    calendar_write_datetime(&b, cx->now_ms);
    buf_lit(&b, "\",\"made_by\":");
    buf_json_str(&b, cx->user->name);
    buf_lit(&b, ",\"currency\":");
    buf_json_str(&b, cx->meta->currency);
    buf_lit(&b, ",\"all_rights\":");
    buf_json_bool(&b, cx->user->is_administrator);
    buf_printf(&b, ",\"objects\":%lld,\"rows\":%lld,\"files\":%lld,\"file_bytes\":%lld",
               (long long)a->objects, (long long)a->rows, (long long)a->files,
               (long long)a->file_bytes);
    if (a->filter.n) {
        buf_lit(&b, ",\"filter\":");
        buf_json_str(&b, a->filter);
    }
    buf_printf(&b, ",\"lost_files\":%lld,\"entries\":[", (long long)a->lost);
    buf_str_add(&b, buf_str(&a->manifest));
    buf_lit(&b, "]}\n");
    if (buf_overflowed(&b) || a->manifest.overflow)
        return FAIL(cx, ST_TOO_LARGE, "export.too_many_files", "there are too many files");
    return zip_writer_add_text(&a->zip, STR("manifest.json"), buf_str(&b), &entry);
}

void export_archive_result(const ExportArchive *a, Buf *out)
{
    buf_printf(out,
               "{\"rows\":%lld,\"objects\":%lld,\"files\":%lld,\"lost_files\":%lld,\"truncated\":0",
               (long long)a->rows, (long long)a->objects, (long long)a->files, (long long)a->lost);
    buf_lit(out, ",\"file\":{\"id\":");
    buf_json_id(out, a->id);
    buf_lit(out, ",\"name\":");
    buf_json_str(out, a->file.name);
    buf_printf(out, ",\"size\":%llu,\"type\":\"application/zip\",\"url\":\"/api/v1/files/%lld\"}}",
               (unsigned long long)a->file.size, (long long)a->id);
}
