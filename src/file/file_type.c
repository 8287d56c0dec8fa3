/* SPDX-License-Identifier: Apache-2.0 */
/* What bytes and names are taken for. A browser runs what it takes for a page or a picture with
 * scripts, so the type a file is served with is that of its bytes wherever they tell it. */
#include "base/utf8.h"
#include "file/file.h"

typedef struct Magic {
    size_t at;
    const char *bytes;
    size_t n;
    const char *type;
} Magic;

#define M(at, text, type)                                                                          \
    {                                                                                              \
        at, text, sizeof(text) - 1, type                                                           \
    }
static const Magic magics[] = {
    M(0, "\x89PNG\r\n\x1a\n", "image/png"),
    M(0, "\xff\xd8\xff", "image/jpeg"),
    M(0, "GIF87a", "image/gif"),
    M(0, "GIF89a", "image/gif"),
    M(8, "WEBP", "image/webp"),
    M(0, "BM", "image/bmp"),
    M(0, "\x1a\x45\xdf\xa3", "video/webm"),
    M(0, "%PDF-", "application/pdf"),
    M(0, "PK\x03\x04", "application/zip"),
    M(0, "\x1f\x8b", "application/gzip"),
    M(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole"),
    M(0,
      "\x7f"
      "ELF",
      "application/x-executable"),
    M(0, "MZ", "application/x-msdownload"),
};

Str file_type_of_bytes(Str head)
{
    for (size_t i = 0; i < COUNT_OF(magics); i++) {
        const Magic *m = &magics[i];
        if (head.n >= m->at + m->n && !memcmp(head.p + m->at, m->bytes, m->n))
            return str_of(m->type);
    }
    return STR_NULL;
}

/* type/subtype without parameters, in lower case; STR_NULL if it is none. */
static Str media_type(Arena *a, Str s)
{
    s = str_trim(str_sub(s, 0, str_find_char(s, ';')));
    bool slash = false;
    if (s.n < 3 || s.n > 80)
        return STR_NULL;
    char *out = arena_dup(a, s.p, s.n);
    for (size_t i = 0; i < s.n; i++) {
        char c = out[i];
        if (c >= 'A' && c <= 'Z')
            c = out[i] = (char)(c - 'A' + 'a');
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr(".+-_", c));
        if (c == '/' && !slash && i && i + 1 < s.n)
            slash = true;
        else if (!plain)
            return STR_NULL;
    }
    return slash ? str_n(out, s.n) : STR_NULL;
}

/* Containers: documents of many kinds are archives inside. */
static bool is_within(Str bytes, Str declared)
{
    if (str_is(bytes, "application/zip"))
        return str_starts(declared, STR("application/"));
    if (str_is(bytes, "video/webm")) /* Matroska: sound, pictures, either */
        return str_is(declared, "audio/webm") || str_is(declared, "video/x-matroska") ||
               str_is(declared, "audio/x-matroska");
    if (str_is(bytes, "application/x-ole"))
        return str_starts(declared, STR("application/"));
    if (str_is(bytes, "application/gzip"))
        return str_starts(declared, STR("application/"));
    return str_is(bytes, "image/bmp") || str_is(bytes, "application/x-msdownload");
}

/* Declared as something whose bytes we would know. */
static bool would_be_known(Str declared)
{
    static const char *const KNOWN[] = {"image/png",  "image/jpeg",      "image/gif",
                                        "image/webp", "application/pdf", "application/zip",
                                        "audio/webm", "video/webm"};
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
        if (str_is(declared, KNOWN[i]))
            return true;
    return false;
}

Str file_type_check(Arena *a, Str head, Str declared)
{
    Str bytes = file_type_of_bytes(head), said = media_type(a, declared);
    bool open = !said.p || str_is(said, "application/octet-stream");
    if (said.p && str_is(said, "image/jpg"))
        said = STR("image/jpeg");
    if (!bytes.p)
        return open ? STR("application/octet-stream") : would_be_known(said) ? STR_NULL : said;
    if (open || str_eq(bytes, said))
        return bytes;
    if (is_within(bytes, said)) /* two letters alone prove nothing: BM, MZ */
        return said;
    return STR_NULL;
}

bool file_type_inline(Str type)
{
    static const char *const SAFE[] = {"image/png", "image/jpeg", "image/gif", "image/webp"};
    for (size_t i = 0; i < COUNT_OF(SAFE); i++)
        if (str_is(type, SAFE[i]))
            return true;
    return false;
}
