/* SPDX-License-Identifier: Apache-2.0 */
/* Where the bytes come from. A plain file is mapped. What is compressed, a pipe or in another
 * encoding is written as plain UTF-8 into a nameless temporary file and that is mapped, so memory
 * stays small whatever the size. */
#include "analyze/frame_internal.h"
#include "base/utf8.h"
#include "import/encoding.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define MAX_BYTES ((size_t)1 << 38) /* of an unpacked file */
#define PIECE (1 << 18)
#define PIECES ((size_t)16 << 20)

typedef struct Mapping {
    void *p;
    size_t n;
} Mapping;

static void unmap(void *arg)
{
    Mapping *m = arg;
    if (m->p)
        munmap(m->p, m->n);
    m->p = NULL;
}

static Status map_fd(Ctx *cx, int fd, Str *ret)
{
    struct stat st;
    *ret = STR("");
    if (fstat(fd, &st) != 0)
        return FAIL(cx, ST_INTERNAL, "analyze.no_map", "the file cannot be mapped");
    if (st.st_size == 0)
        return ST_OK;
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return FAIL(cx, ST_INTERNAL, "analyze.no_map", "the file cannot be mapped");
    madvise(p, (size_t)st.st_size, MADV_SEQUENTIAL);
    Mapping *m = ARENA_NEW(cx->arena, Mapping);
    *m = (Mapping){p, (size_t)st.st_size};
    arena_on_free(cx->arena, unmap, m);
    *ret = str_n(p, m->n);
    return ST_OK;
}

void frame_source_drop(const Frame *f, size_t from, size_t to)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), base = (uintptr_t)f->text.p;
    uintptr_t low = (base + from + page - 1) & ~(page - 1), high = (base + to) & ~(page - 1);
    if (f->is_mapped && high > low)
        madvise((void *)low, high - low, MADV_DONTNEED); /* NOLINT(performance-no-int-to-ptr) */
}

static Status unpack_into(Ctx *cx, gzFile in, FILE *to)
{
    char *piece = arena_alloc(cx->arena, PIECE);
    size_t total = 0;
    int got;
    while ((got = gzread(in, piece, PIECE)) > 0) {
        total += (size_t)got;
        if (total > MAX_BYTES)
            return FAIL(cx, ST_TOO_LARGE, "analyze.too_large", "the data is larger than 256 GB");
        if (fwrite(piece, 1, (size_t)got, to) != (size_t)got)
            return FAIL(cx, ST_FULL, "analyze.no_space", "a temporary file cannot be written");
    }
    if (got < 0 || (gzeof(in) && gzerror(in, &got) && got == Z_BUF_ERROR))
        return FAIL(cx, ST_INVALID, "analyze.bad_gzip", "the compressed file is damaged");
    if (fflush(to) != 0)
        return FAIL(cx, ST_FULL, "analyze.no_space", "a temporary file cannot be written");
    return ST_OK;
}

/* gzread passes plain bytes through, so pipes of either kind end here. */
static Status unpack(Ctx *cx, int fd, Str *ret)
{
    FILE *to = tmpfile();
    gzFile in = gzdopen(dup(fd), "rb");
    Status st = to && in
                    ? unpack_into(cx, in, to)
                    : FAIL(cx, ST_FULL, "analyze.no_space", "a temporary file cannot be written");
    if (st == ST_OK)
        st = map_fd(cx, fileno(to), ret);
    if (in)
        gzclose(in);
    if (to)
        fclose(to);
    return st;
}

static bool is_plain_file(int fd)
{
    struct stat st;
    unsigned char magic[2] = {0};
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || lseek(fd, 0, SEEK_CUR) != 0)
        return false;
    return pread(fd, magic, 2, 0) < 2 || magic[0] != 0x1f || magic[1] != 0x8b;
}

static Status convert(Ctx *cx, Str bytes, Frame *f)
{
    FILE *to = tmpfile();
    if (!to)
        return FAIL(cx, ST_FULL, "analyze.no_space", "a temporary file cannot be written");
    Status st = encoding_convert(cx, bytes, f->encoding, fileno(to));
    if (st == ST_OK)
        st = map_fd(cx, fileno(to), &f->text);
    f->is_mapped = st == ST_OK;
    fclose(to);
    return st;
}

/* Where a piece that begins at `from` may end: not inside a character. */
static size_t piece_end(Str text, size_t from)
{
    size_t to = text.n - from < PIECES ? text.n : from + PIECES;
    for (int i = 0; i < 4 && to > from && to < text.n && ((unsigned char)text.p[to] & 0xc0) == 0x80;
         i++)
        to--;
    return to;
}

/* The same as encoding_guess; a large file of UTF-8 is looked at piece by piece, none of which stays in memory. */
static Str guess(Ctx *cx, const Frame *f, Str text, size_t *ret_skip)
{
    size_t to = piece_end(text, 0);
    Str name = encoding_guess(cx->arena, str_sub(text, 0, to), ret_skip);
    bool is_utf8 = encoding_is_utf8(name);
    for (size_t from = to; is_utf8 && from < text.n; from = to) {
        to = piece_end(text, from);
        is_utf8 = utf8_valid(str_sub(text, from, to), NULL);
        frame_source_drop(f, from, to);
    }
    return is_utf8 ? name : encoding_guess(cx->arena, text, ret_skip);
}

Status frame_source_text(Ctx *cx, Str text, Str encoding, Frame *f)
{
    size_t skip = 0;
    f->text = text;
    Str guessed = guess(cx, f, text, &skip);
    f->encoding = encoding.n ? encoding : guessed;
    f->text = str_sub(text, skip, text.n);
    return encoding_is_utf8(f->encoding) ? ST_OK : convert(cx, f->text, f);
}

Status frame_source(Ctx *cx, const char *path, Str encoding, Frame *f)
{
    bool is_stdin = !strcmp(path, "-");
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    Str text = STR_NULL;
    if (fd < 0 || fstat(fd, &st) != 0 || S_ISDIR(st.st_mode)) {
        if (fd > STDIN_FILENO)
            close(fd);
        return FAIL(cx, ST_NOT_FOUND, "analyze.no_file", "the file %s cannot be read", path);
    }
    Status read = is_plain_file(fd) ? map_fd(cx, fd, &text) : unpack(cx, fd, &text);
    if (!is_stdin)
        close(fd);
    TRY(read);
    f->is_mapped = true;
    return frame_source_text(cx, text, encoding, f);
}
