/* SPDX-License-Identifier: Apache-2.0 */
/* Before anything is written: the manifest is one, every file that it names is there with its size and
 * SHA-256, uploaded files are what their names say, and every kind of record has a place here. */
#include "import/import_all.h"

#define FORMAT "guanxi-archive"
#define MAX_ENTRIES 10000
#define CONFIGURATION "configuration/"
#define FILES "files/"
enum { SHA256_HEX = 64 };

static bool is_hash(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
            return false;
    return s.n == SHA256_HEX;
}

bool import_all_is_file(const ZipEntry *e, Str *ret_hash)
{
    *ret_hash =
        str_starts(e->name, STR(FILES)) ? str_sub(e->name, strlen(FILES), SIZE_MAX) : STR_NULL;
    return is_hash(*ret_hash);
}

/* ---- the manifest itself */
static Status no_archive(Ctx *cx)
{
    return FAIL(cx, ST_INVALID, "import.all_no_archive",
                "this is no archive of Guanxi of a version that can be read");
}

static Status check_currency(ImportAll *a)
{
    Str currency = json_get_str(a->manifest, "currency");
    if (!currency.n || str_eq(currency, a->cx->meta->currency))
        return ST_OK;
    return FAIL(a->cx, ST_INVALID, "import.all_currency",
                "the archive counts in %.*s, this organisation in %.*s", STR_ARG(currency),
                STR_ARG(a->cx->meta->currency));
}

static Status read_manifest(ImportAll *a)
{
    Ctx *cx = a->cx;
    json_t *root = NULL;
    Str text;
    const ZipEntry *e = map_get(&a->entries, STR("manifest.json"));
    if (!e)
        return no_archive(cx);
    TRY(import_all_text(a, e, ALL_MAX_MANIFEST, &text));
    if (json_parse(cx, text, &root) != ST_OK) {
        error_clear(cx);
        return no_archive(cx);
    }
    const json_t *entries = json_object_get(root, "entries");
    if (!str_is(json_get_str(root, "format"), FORMAT) || json_get_int(root, "version", 0) != 1 ||
        !json_is_array(entries) || json_array_size(entries) > MAX_ENTRIES)
        return no_archive(cx);
    a->manifest = root;
    return check_currency(a);
}

/* ---- what it names */
static Status check_entry(ImportAll *a, const json_t *said, const ZipEntry **ret)
{
    Ctx *cx = a->cx;
    Str name = json_get_str(said, "name"), hash;
    uint64_t bytes;
    *ret = name.n ? map_get(&a->entries, name) : NULL;
    if (!*ret)
        return FAIL(cx, ST_INVALID, "import.all_missing", "%.*s is missing in the archive",
                    STR_ARG(name));
    TRY(import_all_hash(a, *ret, &bytes, &hash));
    if (!str_eq(hash, json_get_str(said, "sha256")) ||
        (int64_t)bytes != json_get_int(said, "bytes", -1))
        return FAIL(cx, ST_INVALID, "import.all_hash",
                    "%.*s is not what the manifest says: its SHA-256 differs", STR_ARG(name));
    return ST_OK;
}

static Status add_configuration(ImportAll *a, const ZipEntry *e)
{
    json_t *file = NULL;
    Str text, path = str_sub(e->name, strlen(CONFIGURATION), SIZE_MAX);
    if (!str_starts(e->name, STR(CONFIGURATION)) || !path.n)
        return import_all_broken(a->cx, e->name);
    TRY(import_all_text(a, e, ALL_MAX_MANIFEST, &text));
    if (json_parse(a->cx, text, &file) != ST_OK) {
        error_clear(a->cx);
        return import_all_broken(a->cx, e->name);
    }
    json_object_set(a->configuration, str_z(a->cx->arena, path), file);
    return ST_OK;
}

static Status add_records(ImportAll *a, const json_t *said, const ZipEntry *e)
{
    Ctx *cx = a->cx;
    AllPart *p = &a->parts[a->n_parts];
    *p = (AllPart){
        .name = json_get_str(said, "object"), .entry = e, .rows = json_get_int(said, "rows", -1)};
    if (!str_ends(e->name, STR(".jsonl")))
        return FAIL(cx, ST_INVALID, "import.all_csv",
                    "the archive holds CSV; only one of JSON lines can be brought in");
    for (size_t i = 0; i < a->n_parts; i++)
        if (str_eq(a->parts[i].name, p->name))
            return import_all_broken(cx, e->name);
    if (!p->name.n || p->rows < 0 || p->rows > ALL_MAX_ROWS - a->rows)
        return import_all_broken(cx, e->name);
    a->rows += p->rows;
    a->n_parts++;
    return ST_OK;
}

static Status check_entries(ImportAll *a)
{
    const json_t *entries = json_object_get(a->manifest, "entries");
    size_t n = json_array_size(entries);
    a->parts = ARENA_ARRAY(a->cx->arena, AllPart, n + 1);
    a->configuration = json_object();
    json_own(a->cx->arena, a->configuration);
    for (size_t i = 0; i < n; i++) {
        const json_t *said = json_array_get(entries, i);
        Str kind = json_get_str(said, "kind");
        const ZipEntry *e = NULL;
        TRY(check_entry(a, said, &e));
        if (str_is(kind, "records"))
            TRY(add_records(a, said, e));
        else if (str_is(kind, "configuration"))
            TRY(add_configuration(a, e));
        TRY(import_all_tell(a, 0));
    }
    return ST_OK;
}

static Status check_files(ImportAll *a)
{
    int64_t n = 0;
    for (size_t i = 0; i < a->zip.n; i++) {
        const ZipEntry *e = &a->zip.entries[i];
        Str name, hash;
        uint64_t bytes;
        if (!import_all_is_file(e, &name))
            continue;
        TRY(import_all_hash(a, e, &bytes, &hash));
        if (!str_eq(hash, name))
            return FAIL(a->cx, ST_INVALID, "import.all_hash",
                        "%.*s is not what the manifest says: its SHA-256 differs",
                        STR_ARG(e->name));
        n++;
        TRY(import_all_tell(a, 0));
    }
    if (n != json_get_int(a->manifest, "files", n))
        return FAIL(a->cx, ST_INVALID, "import.all_missing", "%.*s is missing in the archive",
                    STR_ARG(STR(FILES)));
    return ST_OK;
}

/* ---- a place for everything */
static Status check_objects(ImportAll *a)
{
    Ctx *cx = a->cx;
    for (size_t i = 0; i < a->n_parts; i++) {
        AllPart *p = &a->parts[i];
        char *file = str_z(
            cx->arena, str_format(cx->arena, "objects/" STR_FMT ".object.json", STR_ARG(p->name)));
        p->object = meta_object(cx->meta, p->name);
        if (!p->object && !json_object_get(a->configuration, file))
            return FAIL(cx, ST_INVALID, "import.all_no_object",
                        "the archive holds records of \"%.*s\", which neither this organisation "
                        "nor the archive's configuration knows",
                        STR_ARG(p->name));
    }
    return ST_OK;
}

Status import_all_check(ImportAll *a)
{
    TRY(read_manifest(a));
    TRY(check_entries(a));
    TRY(check_objects(a));
    return check_files(a);
}
