/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of an archive: mapped, its entries by name, each unpacked in pieces. */
#include "import/import_all.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

Status import_all_broken(Ctx *cx, Str what)
{
    return FAIL(cx, ST_INVALID, "import.all_broken", "the archive is damaged: %.*s", STR_ARG(what));
}

Status import_all_tell(ImportAll *a, int64_t done)
{
    return a->job ? job_progress(a->cx, a->job, done, 2 * a->rows) : ST_OK;
}

/* What reading an archive says of workbooks, said of archives. */
static Status of_archive(Ctx *cx, Status st, Str name)
{
    if (st == ST_OK || !cx->err.key || strncmp(cx->err.key, "import.zip_", 11) != 0)
        return st;
    bool bomb = st == ST_TOO_LARGE;
    error_clear(cx);
    return bomb ? FAIL(cx, ST_TOO_LARGE, "import.all_bomb",
                       "%.*s swells beyond what an archive can hold", STR_ARG(name))
                : import_all_broken(cx, name);
}

Status import_all_open(ImportAll *a, Str path)
{
    Ctx *cx = a->cx;
    struct stat st;
    int fd = open(str_z(cx->arena, path), O_RDONLY | O_CLOEXEC);
    void *map = MAP_FAILED;
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
        map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0)
        close(fd);
    if (map == MAP_FAILED)
        return FAIL(cx, ST_NOT_FOUND, "import.no_file", "the file cannot be read");
    a->bytes = str_n(map, (size_t)st.st_size);
    TRY(of_archive(cx, zip_open(cx, a->bytes, ALL_MAX_FILES, &a->zip), STR("ZIP")));
    a->entries = map_in(cx->arena);
    for (size_t i = 0; i < a->zip.n; i++) {
        if (map_has(&a->entries, a->zip.entries[i].name))
            return import_all_broken(cx, a->zip.entries[i].name);
        map_put(&a->entries, a->zip.entries[i].name, &a->zip.entries[i]);
    }
    return ST_OK;
}

void import_all_close(ImportAll *a)
{
    if (a->bytes.p)
        munmap((void *)a->bytes.p, a->bytes.n);
    a->bytes = STR_NULL;
}

/* In an arena of its own: there may be very many entries. */
static Status read_entry(ImportAll *a, const ZipEntry *e, ZipTake take, void *arg)
{
    Ctx *cx = a->cx;
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    Arena *outer = cx->arena;
    cx->arena = scratch;
    Status st = zip_read(cx, &a->zip, e, take, arg);
    cx->arena = outer;
    if (st != ST_OK) {
        cx->err.text = cx->err.text.p ? str_copy(outer, cx->err.text) : STR_NULL;
        cx->err.fields.n = 0;
    }
    return of_archive(cx, st, e->name);
}

static Status take_text(Ctx *cx, void *arg, Str piece)
{
    Buf *out = arg;
    buf_str_add(out, piece);
    return buf_overflowed(out)
               ? FAIL(cx, ST_TOO_LARGE, "import.all_large", "the archive says too much of itself")
               : ST_OK;
}

Status import_all_text(ImportAll *a, const ZipEntry *e, size_t max, Str *ret)
{
    Buf out = buf_in(a->cx->arena, max);
    TRY(read_entry(a, e, take_text, &out));
    *ret = buf_str(&out);
    return ST_OK;
}

typedef struct Hash {
    crypto_hash_sha256_state state;
    uint64_t bytes;
} Hash;

static Status take_hash(Ctx *cx UNUSED, void *arg, Str piece)
{
    Hash *h = arg;
    h->bytes += piece.n;
    crypto_hash_sha256_update(&h->state, (const unsigned char *)piece.p, piece.n);
    return ST_OK;
}

Status import_all_hash(ImportAll *a, const ZipEntry *e, uint64_t *ret_bytes, Str *ret_hash)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    Hash h = {.bytes = 0};
    crypto_hash_sha256_init(&h.state);
    TRY(read_entry(a, e, take_hash, &h));
    crypto_hash_sha256_final(&h.state, digest);
    Buf out = buf_in(a->cx->arena, 2 * sizeof(digest) + 1);
    buf_hex(&out, digest, sizeof(digest));
    *ret_bytes = h.bytes;
    *ret_hash = buf_str(&out);
    return ST_OK;
}

static Status take_file(Ctx *cx, void *arg, Str piece)
{
    const int *fd = arg;
    for (size_t done = 0; done < piece.n;) {
        ssize_t n = write(*fd, piece.p + done, piece.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FAIL(cx, errno == ENOSPC || errno == EDQUOT ? ST_FULL : ST_INTERNAL,
                        "import.write", "a temporary file cannot be written");
        done += (size_t)n;
    }
    return ST_OK;
}

Status import_all_write(ImportAll *a, const ZipEntry *e, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return FAIL(a->cx, ST_INTERNAL, "import.write", "a temporary file cannot be written");
    Status st = read_entry(a, e, take_file, &fd);
    close(fd);
    return st;
}

/* ---- lines */
typedef struct Lines {
    ImportAll *a;
    AllLine take;
    void *arg;
    Arena *scratch;
    Buf rest; /* of a line that has not ended */
    int64_t number;
} Lines;

static Status give_line(Lines *l, Str line)
{
    Ctx *cx = l->a->cx;
    Arena *outer = cx->arena;
    cx->arena = l->scratch;
    Status st = l->take(l->a, l->arg, line, ++l->number);
    cx->arena = outer;
    if (st != ST_OK) {
        cx->err.text = cx->err.text.p ? str_copy(outer, cx->err.text) : STR_NULL;
        cx->err.fields.n = 0;
    }
    arena_reset(l->scratch);
    return st;
}

static Status take_lines(Ctx *cx, void *arg, Str piece)
{
    Lines *l = arg;
    for (size_t end; (end = str_find_char(piece, '\n')) < piece.n;
         piece = str_sub(piece, end + 1, SIZE_MAX)) {
        Str line = str_sub(piece, 0, end);
        if (l->rest.n) {
            buf_str_add(&l->rest, line);
            line = buf_str(&l->rest);
        }
        if (!buf_overflowed(&l->rest))
            TRY(give_line(l, line));
        else
            break;
        buf_truncate(&l->rest, 0);
    }
    buf_str_add(&l->rest, piece);
    return buf_overflowed(&l->rest)
               ? FAIL(cx, ST_TOO_LARGE, "import.all_line", "a record is longer than 16 MB")
               : ST_OK;
}

Status import_all_lines(ImportAll *a, const ZipEntry *e, AllLine take, void *arg)
{
    CLEANUP(arena) Arena *home = arena_new(65536);
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    Lines l = {.a = a, .take = take, .arg = arg, .scratch = scratch};
    l.rest = buf_in(home, ALL_MAX_LINE);
    TRY(read_entry(a, e, take_lines, &l));
    return l.rest.n ? import_all_broken(a->cx, e->name) : ST_OK;
}
