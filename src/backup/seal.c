/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed files. Form: "GXSEAL1\n", one letter for the kind of key (P or K), 16 bytes of salt, 80 bytes of
 * locked key, the head of the stream, pieces of PIECE + tag bytes; the last one is marked as such. */
#include "backup/seal.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE = 65536, KEY = 32, SALT = 16, LOCKED = 80, MIN_PASSPHRASE = 12, MAX_LINE = 1024 };
#define TAG crypto_secretstream_xchacha20poly1305_ABYTES
#define HEAD crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define NONCE crypto_secretbox_NONCEBYTES
static const char MAGIC[] = "GXSEAL1\n";
static const char PUBLIC[] = "guanxi-backup-public:";
static const char SECRET[] = "guanxi-backup-secret:";

struct SealKey {
    char kind; /* P passphrase, K public key, S secret key */
    char passphrase[MAX_LINE];
    size_t n;
    unsigned char public[KEY], secret[KEY];
    /* of this run */
    bool made;
    unsigned char salt[SALT], locked[LOCKED], run[KEY];
    /* the passphrase with the salt used last */
    bool derived;
    unsigned char derived_salt[SALT], derived_key[KEY];
};

/* ---- keys -------------------------------------------------------------------------------- */
static bool from_hex(unsigned char out[KEY], const char *hex)
{
    size_t n = 0;
    return sodium_hex2bin(out, KEY, hex, strlen(hex), NULL, &n, NULL) == 0 && n == KEY &&
           strlen(hex) == (size_t)KEY * 2;
}

static bool parse_key(SealKey *k, const char *line)
{
    Str s = str_of(line);
    if (str_starts(s, str_of(PUBLIC))) {
        k->kind = 'K';
        return from_hex(k->public, line + sizeof(PUBLIC) - 1);
    }
    if (str_starts(s, str_of(SECRET))) {
        k->kind = 'S';
        return from_hex(k->secret, line + sizeof(SECRET) - 1) &&
               crypto_scalarmult_base(k->public, k->secret) == 0;
    }
    k->kind = 'P';
    k->n = s.n;
    snprintf(k->passphrase, sizeof(k->passphrase), "%s", line);
    return s.n >= MIN_PASSPHRASE;
}

Status seal_key_read(Ctx *cx, const char *path, SealKey **ret)
{
    char line[MAX_LINE] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, line, sizeof(line) - 1) : -1;
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return FAIL(cx, ST_INVALID, "backup.no_key", "the key file %s cannot be read", path);
    line[strcspn(line, "\r\n")] = 0;
    SealKey *k = calloc(1, sizeof(*k));
    if (!k || sodium_init() < 0)
        abort();
    bool is = parse_key(k, line);
    sodium_memzero(line, sizeof(line));
    if (is)
        return *ret = k, ST_OK;
    seal_key_free(k);
    return FAIL(cx, ST_INVALID, "backup.bad_key",
                "%s holds neither a passphrase of %d characters nor a key", path, MIN_PASSPHRASE);
}

void seal_key_free(SealKey *k)
{
    if (!k)
        return;
    sodium_memzero(k, sizeof(*k));
    free(k);
}

bool seal_key_is_public(const SealKey *k) { return k->kind == 'K'; }

static bool write_line(const char *path, const char *word, const unsigned char key[KEY],
                       mode_t mode)
{
    char hex[KEY * 2 + 1];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return false;
    sodium_bin2hex(hex, sizeof(hex), key, KEY);
    bool done = dprintf(fd, "%s%s\n", word, hex) > 0 && fsync(fd) == 0;
    sodium_memzero(hex, sizeof(hex));
    return close(fd) == 0 && done;
}

Status seal_key_make(Ctx *cx, const char *path)
{
    unsigned char public[KEY], secret[KEY];
    if (sodium_init() < 0 || crypto_box_keypair(public, secret) != 0)
        return FAIL(cx, ST_INTERNAL, "backup.no_key", "the key file %s cannot be read", path);
    Str open_part = str_format(cx->arena, "%s.pub", path);
    bool done =
        write_line(path, SECRET, secret, 0600) && write_line(open_part.p, PUBLIC, public, 0644);
    sodium_memzero(secret, sizeof(secret));
    return done ? ST_OK
                : FAIL(cx, ST_CONFLICT, "backup.key_not_made", "cannot write %s: %s", path,
                       strerror(errno));
}

static bool derive(SealKey *k, const unsigned char salt[SALT])
{
    if (k->derived && !memcmp(k->derived_salt, salt, SALT))
        return true;
    memcpy(k->derived_salt, salt, SALT);
    k->derived =
        crypto_pwhash(k->derived_key, KEY, k->passphrase, k->n, salt,
                      crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13) == 0;
    return k->derived;
}

static bool make_run(SealKey *k)
{
    if (k->made)
        return true;
    randombytes_buf(k->run, KEY);
    randombytes_buf(k->salt, SALT);
    if (k->kind != 'P')
        return k->made = crypto_box_seal(k->locked, k->run, KEY, k->public) == 0;
    randombytes_buf(k->locked, NONCE);
    return k->made = derive(k, k->salt) && crypto_secretbox_easy(k->locked + NONCE, k->run, KEY,
                                                                 k->locked, k->derived_key) == 0;
}

static bool unlock(SealKey *k, char kind, const unsigned char salt[SALT],
                   const unsigned char locked[LOCKED], unsigned char out[KEY])
{
    if (k->made && !memcmp(k->locked, locked, LOCKED)) {
        memcpy(out, k->run, KEY);
        return true;
    }
    if (kind == 'K' && k->kind == 'S')
        return crypto_box_seal_open(out, locked, LOCKED, k->public, k->secret) == 0;
    if (kind == 'P' && k->kind == 'P')
        return derive(k, salt) &&
               crypto_secretbox_open_easy(out, locked + NONCE, KEY + crypto_secretbox_MACBYTES,
                                          locked, k->derived_key) == 0;
    return false;
}

/* ---- writing ----------------------------------------------------------------------------- */
struct Sealer {
    int fd;
    char *path;
    bool ended;
    int64_t bytes;
    z_stream z;
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char piece[PIECE], out[PIECE + TAG];
};

static bool write_all(int fd, const void *p, size_t n)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        p = (const char *)p + w;
        n -= (size_t)w;
    }
    return true;
}

static Status not_written(Ctx *cx, const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT;
    return FAIL(cx, full ? ST_FULL : ST_INTERNAL, "backup.not_written", "cannot write %s: %s", path,
                strerror(errno));
}

Status seal_out_open(Ctx *cx, SealKey *k, const char *path, Sealer **ret)
{
    unsigned char head[HEAD];
    Sealer *s = calloc(1, sizeof(*s));
    if (!s || !make_run(k) || deflateInit(&s->z, 1) != Z_OK)
        abort();
    s->path = strdup(path);
    s->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    s->z.next_out = s->piece;
    s->z.avail_out = PIECE;
    const char kind = k->kind == 'P' ? 'P' : 'K';
    crypto_secretstream_xchacha20poly1305_init_push(&s->state, head, k->run);
    if (s->fd >= 0 && write_all(s->fd, MAGIC, sizeof(MAGIC) - 1) && write_all(s->fd, &kind, 1) &&
        write_all(s->fd, k->salt, SALT) && write_all(s->fd, k->locked, LOCKED) &&
        write_all(s->fd, head, HEAD)) {
        s->bytes = sizeof(MAGIC) - 1 + 1 + SALT + LOCKED + HEAD;
        return *ret = s, ST_OK;
    }
    Status st = not_written(cx, path);
    seal_out_free(s);
    return st;
}

static bool push(Sealer *s, bool last)
{
    size_t n = PIECE - s->z.avail_out;
    unsigned long long out = 0;
    crypto_secretstream_xchacha20poly1305_push(
        &s->state, s->out, &out, s->piece, n, NULL, 0,
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    s->z.next_out = s->piece;
    s->z.avail_out = PIECE;
    s->bytes += (int64_t)out;
    return write_all(s->fd, s->out, (size_t)out);
}

Status seal_out_write(Ctx *cx, Sealer *s, const void *p, size_t n)
{
    s->z.next_in = (unsigned char *)(uintptr_t)p;
    s->z.avail_in = (unsigned)n;
    while (s->z.avail_in) {
        if (!s->z.avail_out && !push(s, false))
            return not_written(cx, s->path);
        (void)deflate(&s->z, Z_NO_FLUSH);
    }
    return ST_OK;
}

Status seal_out_end(Ctx *cx, Sealer *s, int64_t *ret_bytes)
{
    s->z.avail_in = 0;
    while (deflate(&s->z, Z_FINISH) != Z_STREAM_END)
        if (!push(s, false))
            return not_written(cx, s->path);
    if (!push(s, true) || fsync(s->fd) != 0)
        return not_written(cx, s->path);
    s->ended = true;
    *ret_bytes = s->bytes;
    return ST_OK;
}

void seal_out_free(Sealer *s)
{
    if (!s)
        return;
    deflateEnd(&s->z);
    if (s->fd >= 0)
        close(s->fd);
    if (!s->ended)
        unlink(s->path);
    free(s->path);
    sodium_memzero(s, sizeof(*s));
    free(s);
}

/* ---- reading ----------------------------------------------------------------------------- */
struct Opener {
    int fd;
    z_stream z;
    crypto_secretstream_xchacha20poly1305_state state;
    bool last, finished;
    unsigned char in[PIECE + TAG], piece[PIECE];
};

static bool read_all(int fd, void *p, size_t n, size_t *ret_n)
{
    for (*ret_n = 0; *ret_n < n;) {
        ssize_t r = read(fd, (char *)p + *ret_n, n - *ret_n);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return false;
        if (r == 0)
            break;
        *ret_n += (size_t)r;
    }
    return true;
}

static Status damaged(Ctx *cx)
{
    return FAIL(cx, ST_INVALID, "backup.damaged", "the backup is damaged or not complete");
}

static Status read_head(Ctx *cx, SealKey *k, Opener *o)
{
    unsigned char head[sizeof(MAGIC) - 1 + 1 + SALT + LOCKED + HEAD], run[KEY];
    size_t n = 0;
    if (!read_all(o->fd, head, sizeof(head), &n) || n != sizeof(head) ||
        memcmp(head, MAGIC, sizeof(MAGIC) - 1) != 0)
        return damaged(cx);
    const unsigned char *at = head + sizeof(MAGIC) - 1;
    if (!unlock(k, (char)at[0], at + 1, at + 1 + SALT, run))
        return FAIL(cx, ST_INVALID, "backup.wrong_key", "the backup was made with another key");
    bool is = crypto_secretstream_xchacha20poly1305_init_pull(&o->state, at + 1 + SALT + LOCKED,
                                                              run) == 0;
    sodium_memzero(run, sizeof(run));
    return is ? ST_OK : damaged(cx);
}

Status seal_in_open(Ctx *cx, SealKey *k, const char *path, Opener **ret)
{
    Opener *o = calloc(1, sizeof(*o));
    if (!o || inflateInit(&o->z) != Z_OK)
        abort();
    o->fd = open(path, O_RDONLY | O_CLOEXEC);
    Status st = o->fd >= 0 ? read_head(cx, k, o)
                           : FAIL(cx, ST_NOT_FOUND, "backup.missing", "%s is missing", path);
    if (st == ST_OK)
        return *ret = o, ST_OK;
    seal_in_free(o);
    return st;
}

static bool pull(Opener *o)
{
    size_t n = 0;
    unsigned char tag = 0;
    unsigned long long out = 0;
    if (o->last || !read_all(o->fd, o->in, sizeof(o->in), &n) || n < TAG ||
        crypto_secretstream_xchacha20poly1305_pull(&o->state, o->piece, &out, &tag, o->in, n, NULL,
                                                   0) != 0)
        return false;
    o->last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    o->z.next_in = o->piece;
    o->z.avail_in = (unsigned)out;
    return true;
}

Status seal_in_read(Ctx *cx, Opener *o, void *p, size_t n, size_t *ret_n)
{
    o->z.next_out = p;
    o->z.avail_out = (unsigned)n;
    while (o->z.avail_out && !o->finished) {
        if (!o->z.avail_in && !o->last && !pull(o))
            return damaged(cx);
        int rc = inflate(&o->z, Z_NO_FLUSH);
        o->finished = rc == Z_STREAM_END;
        if (rc != Z_OK && rc != Z_STREAM_END && !(rc == Z_BUF_ERROR && !o->last))
            return damaged(cx);
    }
    if (o->finished && !o->last && (o->z.avail_in || !pull(o) || !o->last || o->z.avail_in))
        return damaged(cx);
    *ret_n = n - o->z.avail_out;
    return ST_OK;
}

void seal_in_free(Opener *o)
{
    if (!o)
        return;
    inflateEnd(&o->z);
    if (o->fd >= 0)
        close(o->fd);
    sodium_memzero(o, sizeof(*o));
    free(o);
}
