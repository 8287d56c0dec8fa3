/* SPDX-License-Identifier: Apache-2.0 */
/* A byte machine over "\r\n--boundary". A carriage return stands only at the start of that delimiter,
 * so after a partial match that fails, matching simply begins again: what had matched is data.
 * A partial match may span chunks: only its length is kept. Data is gathered in one buffer before
 * it is hashed and written, because text files end a run of data at every line. */
#include "http/multipart.h"

#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_BOUNDARY = 70, /* RFC 2046 5.1.1 */
    MAX_HEADERS = 4096,
    FILE_BUFFER = 32 * 1024,
};

#define FILE_PREFIX "upload-"
#define LEFT_BEHIND_S (24 * 3600)

typedef enum Step { PREAMBLE, AFTER_DELIMITER, HEADERS, TEXT, FILE_DATA, EPILOGUE } Step;

typedef struct Part {
    Str name;
    Buf text;
    HttpFile *file; /* NULL for text */
} Part;

struct Multipart {
    Arena *arena;
    MultipartLimits limits;
    MultipartState state;
    Step step;
    char delimiter[MAX_BOUNDARY + 4];
    size_t delimiter_n, matched;
    Buf headers;
    VEC(Part) parts; /* the last one is being filled */
    uint64_t file_bytes;
    int fd;
    char *buffer; /* of the open file */
    size_t buffered;
    crypto_hash_sha256_state hash;
};

/* ---- header parameters */

static bool is_word(Str a, Str b) { return a.n == b.n && !strncasecmp(a.p, b.p, a.n); }

/* Reads a quoted string at *s (behind the opening quote). Backslash escapes only '"' and itself:
 * browsers send Windows paths unescaped. */
static bool take_quoted(Arena *a, Str *s, Str *ret)
{
    char *out = arena_alloc(a, s->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->p[i] == '"') {
            *s = str_sub(*s, i + 1, SIZE_MAX);
            *ret = str_n(out, n);
            return true;
        }
        if (s->p[i] == '\\' && i + 1 < s->n && (s->p[i + 1] == '"' || s->p[i + 1] == '\\'))
            i++;
        out[n++] = s->p[i];
    }
    return false;
}

/* Takes `; name=value` from *s. False at the end and (with *ret_bad) where it cannot be read. */
static bool take_param(Arena *a, Str *s, Str *ret_name, Str *ret_value, bool *ret_bad)
{
    *s = str_trim(*s);
    if (!s->n)
        return false;
    *ret_bad = true;
    size_t eq = str_find_char(*s, '=');
    if (s->p[0] != ';' || eq == SIZE_MAX)
        return false;
    *ret_name = str_trim(str_sub(*s, 1, eq - 1));
    *s = str_sub(*s, eq + 1, SIZE_MAX);
    if (s->n && s->p[0] == '"') {
        *s = str_sub(*s, 1, SIZE_MAX);
        if (!take_quoted(a, s, ret_value))
            return false;
    } else {
        size_t end = str_find_char(*s, ';');
        *ret_value = str_trim(str_sub(*s, 0, end));
        *s = end == SIZE_MAX ? STR("") : str_sub(*s, end, SIZE_MAX);
    }
    *ret_bad = false;
    return true;
}

static bool boundary_is_proper(Str b)
{
    if (!b.n || b.n > MAX_BOUNDARY || b.p[b.n - 1] == ' ')
        return false;
    for (size_t i = 0; i < b.n; i++)
        if ((unsigned char)b.p[i] < 0x20 || (unsigned char)b.p[i] > 0x7e || b.p[i] == '\\')
            return false;
    return true;
}

bool multipart_boundary(Str content_type, Str *ret)
{
    size_t semicolon = str_find_char(content_type, ';');
    if (semicolon == SIZE_MAX ||
        !is_word(str_trim(str_sub(content_type, 0, semicolon)), STR("multipart/form-data")))
        return false;
    Str rest = str_sub(content_type, semicolon + 1, SIZE_MAX), param;
    while (str_split(&rest, ';', &param)) {
        param = str_trim(param);
        if (param.n < 9 || strncasecmp(param.p, "boundary=", 9))
            continue;
        Str b = str_sub(param, 9, SIZE_MAX);
        if (b.n >= 2 && b.p[0] == '"' && b.p[b.n - 1] == '"')
            b = str_sub(b, 1, b.n - 2);
        *ret = b;
        return boundary_is_proper(b);
    }
    return false;
}

/* ---- parts */

static MultipartState fail(Multipart *m, MultipartState why)
{
    if (m->state == MULTIPART_OK)
        m->state = why;
    return m->state;
}

static Part *last_part(Multipart *m) { return &m->parts.v[m->parts.n - 1]; }

static void write_buffer(Multipart *m)
{
    crypto_hash_sha256_update(&m->hash, (const unsigned char *)m->buffer, m->buffered);
    for (size_t done = 0; done < m->buffered;) {
        ssize_t n = write(m->fd, m->buffer + done, m->buffered - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            fail(m, n < 0 && (errno == ENOSPC || errno == EDQUOT) ? MULTIPART_FULL : MULTIPART_IO);
            break;
        }
        done += (size_t)n;
    }
    m->buffered = 0;
}

static void add_file_data(Multipart *m, Str data)
{
    m->file_bytes += data.n;
    last_part(m)->file->size += data.n;
    if (m->file_bytes > m->limits.file_max) {
        fail(m, MULTIPART_TOO_LARGE);
        return;
    }
    while (data.n && m->state == MULTIPART_OK) {
        size_t n = FILE_BUFFER - m->buffered < data.n ? FILE_BUFFER - m->buffered : data.n;
        memcpy(m->buffer + m->buffered, data.p, n);
        m->buffered += n;
        data = str_sub(data, n, SIZE_MAX);
        if (m->buffered == FILE_BUFFER)
            write_buffer(m);
    }
}

static void add_data(Multipart *m, Str data)
{
    if (m->step == FILE_DATA) {
        add_file_data(m, data);
    } else if (m->step == TEXT) {
        Buf *text = &last_part(m)->text;
        buf_str_add(text, data);
        if (buf_overflowed(text))
            fail(m, MULTIPART_TOO_LARGE);
    }
}

static void end_part(Multipart *m)
{
    if (m->step == FILE_DATA) {
        write_buffer(m);
        crypto_hash_sha256_final(&m->hash, last_part(m)->file->sha256);
        close(m->fd);
        m->fd = -1;
    } else if (m->step == TEXT) {
        size_t bad_at;
        if (!utf8_valid(buf_str(&last_part(m)->text), &bad_at))
            fail(m, MULTIPART_MALFORMED);
    }
}

static bool open_file(Multipart *m, HttpFile *file)
{
    char *path = str_z(m->arena, str_format(m->arena, "%s/" FILE_PREFIX "XXXXXX", m->limits.dir));
    m->fd = mkostemp(path, O_CLOEXEC);
    if (m->fd < 0) {
        fail(m, errno == ENOSPC || errno == EDQUOT ? MULTIPART_FULL : MULTIPART_IO);
        return false;
    }
    file->path = path;
    if (!m->buffer)
        m->buffer = arena_alloc(m->arena, FILE_BUFFER);
    crypto_hash_sha256_init(&m->hash);
    return true;
}

/* A file's name without the directories that some clients send, percent-escapes of the form
 * encoding (%22 %0D %0A, WHATWG HTML 4.10.21.8) left as they are: the name is only shown. */
static Str base_name(Str name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/' || name.p[i - 1] == '\\')
            return str_sub(name, i, SIZE_MAX);
    return name;
}

typedef struct PartHead {
    Str name, filename, type;
    bool has_name, has_filename;
} PartHead;

static bool read_disposition(Multipart *m, Str value, PartHead *head)
{
    size_t semicolon = str_find_char(value, ';');
    if (semicolon == SIZE_MAX || !is_word(str_trim(str_sub(value, 0, semicolon)), STR("form-data")))
        return false;
    Str rest = str_sub(value, semicolon, SIZE_MAX), name, text;
    bool bad = false;
    while (take_param(m->arena, &rest, &name, &text, &bad)) {
        if (is_word(name, STR("name")) && !head->has_name) {
            head->name = text;
            head->has_name = true;
        } else if (is_word(name, STR("filename")) && !head->has_filename) {
            head->filename = text;
            head->has_filename = true;
        }
    }
    size_t bad_at;
    return !bad && utf8_valid(head->name, &bad_at) && utf8_valid(head->filename, &bad_at);
}

static bool read_header(Multipart *m, Str line, PartHead *head)
{
    size_t colon = str_find_char(line, ':');
    if (colon == SIZE_MAX)
        return false;
    Str name = str_sub(line, 0, colon), value = str_trim(str_sub(line, colon + 1, SIZE_MAX));
    if (is_word(name, STR("Content-Disposition")))
        return !head->has_name && read_disposition(m, value, head);
    if (is_word(name, STR("Content-Type"))) {
        size_t bad_at;
        head->type = str_copy(m->arena, value);
        return utf8_valid(value, &bad_at);
    }
    if (is_word(name, STR("Content-Transfer-Encoding"))) /* RFC 7578 4.7: not to be used */
        return is_word(value, STR("binary")) || is_word(value, STR("8bit")) ||
               is_word(value, STR("7bit"));
    return true;
}

static bool is_repeated(const Multipart *m, Str name)
{
    for (size_t i = 0; i < m->parts.n; i++)
        if (str_eq(m->parts.v[i].name, name))
            return true;
    return false;
}

static void begin_part(Multipart *m, const PartHead *head)
{
    Part part = {.name = str_copy(m->arena, head->name)};
    if (head->has_filename) {
        part.file = ARENA_NEW(m->arena, HttpFile);
        part.file->field = part.name;
        part.file->name = str_copy(m->arena, base_name(head->filename));
        part.file->type = head->type.n ? head->type : STR("application/octet-stream");
        if (!open_file(m, part.file))
            return;
    } else {
        part.text = buf_in(m->arena, m->limits.text_max);
    }
    VEC_PUSH(m->arena, &m->parts, part);
    m->step = part.file ? FILE_DATA : TEXT;
}

/* The header block of a part is complete (it ends in an empty line). */
static void end_headers(Multipart *m)
{
    PartHead head = {0};
    Str block = buf_str(&m->headers), line;
    while (str_split(&block, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n && !read_header(m, line, &head)) {
            fail(m, MULTIPART_MALFORMED);
            return;
        }
    }
    if (!head.has_name || !head.name.n || is_repeated(m, head.name))
        fail(m, MULTIPART_MALFORMED);
    else if (m->parts.n == m->limits.part_max)
        fail(m, MULTIPART_TOO_LARGE);
    else
        begin_part(m, &head);
}

/* ---- the machine */

/* One byte behind a delimiter: "--" closes the form, CRLF (after optional blanks) begins a part. */
static void after_delimiter(Multipart *m, char c)
{
    Buf *seen = &m->headers;
    if ((c == ' ' || c == '\t') && (seen->n == 0))
        return;
    buf_char(seen, c);
    if (seen->n < 2)
        return;
    Str two = buf_str(seen);
    if (str_eq(two, STR("--")))
        m->step = EPILOGUE;
    else if (str_eq(two, STR("\r\n")))
        m->step = HEADERS;
    else
        fail(m, MULTIPART_MALFORMED);
    buf_truncate(seen, 0);
}

static void header_byte(Multipart *m, char c)
{
    Buf *block = &m->headers;
    buf_char(block, c);
    if (buf_overflowed(block)) {
        fail(m, MULTIPART_TOO_LARGE);
    } else if (c == '\n' && str_ends(buf_str(block), STR("\r\n\r\n"))) {
        end_headers(m);
        buf_truncate(block, 0);
    }
}

/* Data up to the next delimiter; gives how many bytes of it were used. */
static size_t data_run(Multipart *m, Str data)
{
    if (m->matched == 0) {
        size_t cr = str_find_char(data, '\r');
        size_t n = cr == SIZE_MAX ? data.n : cr;
        if (n)
            add_data(m, str_sub(data, 0, n));
        if (cr == SIZE_MAX)
            return n;
        m->matched = 1;
        return n + 1;
    }
    if (data.p[0] != m->delimiter[m->matched]) {
        size_t kept = m->matched;
        m->matched = 0;
        add_data(m, str_n(m->delimiter, kept));
        return 0;
    }
    if (++m->matched == m->delimiter_n) {
        m->matched = 0;
        end_part(m);
        m->step = AFTER_DELIMITER;
    }
    return 1;
}

MultipartState multipart_feed(Multipart *m, Str chunk)
{
    while (chunk.n && m->state == MULTIPART_OK && m->step != EPILOGUE) {
        size_t used = 1;
        if (m->step == AFTER_DELIMITER)
            after_delimiter(m, chunk.p[0]);
        else if (m->step == HEADERS)
            header_byte(m, chunk.p[0]);
        else
            used = data_run(m, chunk);
        chunk = str_sub(chunk, used, SIZE_MAX);
    }
    return m->state;
}

MultipartState multipart_end(Multipart *m)
{
    return m->step == EPILOGUE ? m->state : fail(m, MULTIPART_MALFORMED);
}

Multipart *multipart_new(Arena *a, Str boundary, const MultipartLimits *limits)
{
    Multipart *m = ARENA_NEW(a, Multipart);
    m->arena = a;
    m->limits = *limits;
    m->fd = -1;
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary.p, boundary.n);
    m->delimiter_n = boundary.n + 4;
    m->matched = 2; /* the first delimiter may stand at the very start */
    m->headers = buf_in(a, MAX_HEADERS);
    return m;
}

Str multipart_text(const Multipart *m, Str name)
{
    for (size_t i = 0; i < m->parts.n; i++)
        if (!m->parts.v[i].file && str_eq(m->parts.v[i].name, name))
            return m->parts.v[i].text.n ? buf_str(&m->parts.v[i].text) : STR("");
    return STR_NULL;
}

const HttpFile *multipart_file(const Multipart *m, Str name)
{
    for (size_t i = 0; i < m->parts.n; i++)
        if (m->parts.v[i].file && str_eq(m->parts.v[i].name, name))
            return m->parts.v[i].file;
    return NULL;
}

void multipart_drop(Multipart *m)
{
    if (m->fd >= 0)
        close(m->fd);
    m->fd = -1;
    for (size_t i = 0; i < m->parts.n; i++)
        if (m->parts.v[i].file)
            unlink(m->parts.v[i].file->path);
}

void multipart_clean(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return;
    time_t now = time(NULL);
    for (struct dirent *e; (e = readdir(d));) {
        struct stat st;
        if (strncmp(e->d_name, FILE_PREFIX, sizeof(FILE_PREFIX) - 1) == 0 &&
            fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
            now - st.st_mtime > LEFT_BEHIND_S)
            unlinkat(dirfd(d), e->d_name, 0);
    }
    closedir(d);
}
