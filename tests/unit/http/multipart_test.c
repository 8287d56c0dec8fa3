/* SPDX-License-Identifier: Apache-2.0 */
/* Forms: the same result however the bytes are cut, bounds, files that go with the request, and an
 * upload through the real server. */
#include "../test.h"

#include "http_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <time.h>

#define TEXT_PART                                                                                  \
    "--B\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{\"a\":\"客\"}\r\n"
#define FILE_PART(data)                                                                            \
    "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\dir\\a "                 \
    "\\\"b\\\".csv\"\r\n"                                                                          \
    "Content-Type: text/csv\r\n\r\n" data "\r\n"

static int files_in(const char *dir)
{
    int n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static MultipartState feed(Multipart *m, Str body, size_t step)
{
    for (size_t i = 0; i < body.n; i += step)
        if (multipart_feed(m, str_sub(body, i, step)) != MULTIPART_OK)
            break;
    return multipart_end(m);
}

static Multipart *form_of(Arena *a, const char *dir)
{
    return multipart_new(a, STR("B"), &(MultipartLimits){100, 4, 2000, dir});
}

TEST(multipart, reads_the_same_however_it_is_cut)
{
    Str body = STR("preamble\r\n" TEXT_PART FILE_PART(
        "a,b\r\n1,2\r\n-Bnot\r\n--\r\n\r\r\n") "--B--\r\nepilogue");
    unsigned char want[32];
    static const char FILE_BYTES[] = "a,b\r\n1,2\r\n-Bnot\r\n--\r\n\r\r\n";
    crypto_hash_sha256(want, (const unsigned char *)FILE_BYTES, sizeof(FILE_BYTES) - 1);
    char *dir = test_tempdir();
    for (size_t step = 1; step <= body.n; step++) {
        Arena *a = arena_new(4096);
        Multipart *m = form_of(a, dir);
        assert_int_equal(feed(m, body, step), MULTIPART_OK);
        assert_true(str_is(multipart_text(m, STR("options")), "{\"a\":\"客\"}"));
        const HttpFile *file = multipart_file(m, STR("file"));
        assert_non_null(file);
        assert_true(str_is(file->name, "a \"b\".csv"));
        assert_true(str_is(file->type, "text/csv"));
        assert_int_equal(file->size, sizeof(FILE_BYTES) - 1);
        assert_memory_equal(file->sha256, want, 32);
        assert_int_equal(files_in(dir), 1);
        multipart_drop(m);
        assert_int_equal(files_in(dir), 0);
        arena_free(a);
    }
    test_tempdir_remove(dir);
}

TEST(multipart, refuses_what_is_no_form)
{
    static const struct {
        const char *body;
        MultipartState state;
    } CASES[] = {
        {"", MULTIPART_MALFORMED},
        {"--B\r\n", MULTIPART_MALFORMED},
        {TEXT_PART, MULTIPART_MALFORMED},
        {TEXT_PART "--B", MULTIPART_MALFORMED},
        {TEXT_PART "--Bx\r\n", MULTIPART_MALFORMED},
        {TEXT_PART TEXT_PART "--B--", MULTIPART_MALFORMED},
        {"--B\r\n\r\nno header\r\n--B--", MULTIPART_MALFORMED},
        {"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--", MULTIPART_MALFORMED},
        {"--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--B--", MULTIPART_MALFORMED},
        {"--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--B--",
         MULTIPART_MALFORMED},
        {"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\nx\r\n--B--",
         MULTIPART_MALFORMED},
        {"--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--B--", MULTIPART_MALFORMED},
        {"--B\r\nContent-Disposition: form-data; name=a\r\n\r\nfine\r\n--B--", MULTIPART_OK},
        {"--B--", MULTIPART_OK},
    };
    char *dir = test_tempdir();
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        Arena *a = arena_new(4096);
        Multipart *m = form_of(a, dir);
        assert_int_equal(feed(m, str_of(CASES[i].body), 7), CASES[i].state);
        multipart_drop(m);
        arena_free(a);
    }
    assert_int_equal(files_in(dir), 0);
    test_tempdir_remove(dir);
}

static MultipartState state_of(const char *dir, const char *body)
{
    Arena *a = arena_new(4096);
    Multipart *m = form_of(a, dir);
    MultipartState st = feed(m, str_of(body), 64);
    multipart_drop(m);
    arena_free(a);
    return st;
}

TEST(multipart, keeps_its_bounds)
{
    char *dir = test_tempdir(), body[8192], part[128], filler[5000];
    memset(filler, 'x', sizeof(filler) - 1);
    filler[sizeof(filler) - 1] = '\0';
    static const char HEAD[] =
        "--B\r\nContent-Disposition: form-data; name=\"f\"%s\r\n\r\n%.*s\r\n--B--";
    snprintf(body, sizeof(body), HEAD, "", 100, filler);
    assert_int_equal(state_of(dir, body), MULTIPART_OK);
    snprintf(body, sizeof(body), HEAD, "", 101, filler);
    assert_int_equal(state_of(dir, body), MULTIPART_TOO_LARGE);
    snprintf(body, sizeof(body), HEAD, "; filename=\"x\"", 2000, filler);
    assert_int_equal(state_of(dir, body), MULTIPART_OK);
    snprintf(body, sizeof(body), HEAD, "; filename=\"x\"", 2001, filler);
    assert_int_equal(state_of(dir, body), MULTIPART_TOO_LARGE);
    snprintf(body, sizeof(body), "--B\r\nX: %s\r\n\r\n\r\n--B--", filler);
    assert_int_equal(state_of(dir, body), MULTIPART_TOO_LARGE);
    size_t n = 0;
    for (int i = 0; i < 5; i++) {
        snprintf(part, sizeof(part), "--B\r\nContent-Disposition: form-data; name=p%d\r\n\r\n\r\n",
                 i);
        n += (size_t)snprintf(body + n, sizeof(body) - n, "%s", part);
    }
    snprintf(body + n, sizeof(body) - n, "--B--");
    assert_int_equal(state_of(dir, body), MULTIPART_TOO_LARGE);
    test_tempdir_remove(dir);
}

TEST(multipart, says_when_a_file_cannot_be_written)
{
    assert_int_equal(state_of("/proc/nowhere", FILE_PART("x") "--B--"), MULTIPART_IO);
}

static void make_file(const char *dir, const char *name, int age_s)
{
    char path[600];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    time_t then = time(NULL) - age_s;
    struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

TEST(multipart, removes_only_old_files_of_its_own)
{
    char *dir = test_tempdir();
    make_file(dir, "upload-old", 25 * 3600);
    make_file(dir, "upload-new", 3600);
    make_file(dir, "other-old", 25 * 3600);
    multipart_clean(dir);
    assert_int_equal(files_in(dir), 2);
    multipart_clean("/nowhere/at/all");
    test_tempdir_remove(dir);
}

TEST(multipart, takes_its_boundary_from_the_type)
{
    static const struct {
        const char *type, *boundary;
    } CASES[] = {
        {"multipart/form-data; boundary=abc", "abc"},
        {"Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b:c\"", "a b:c"},
        {"multipart/form-data", NULL},
        {"multipart/form-data; boundary=", NULL},
        {"multipart/mixed; boundary=abc", NULL},
        {"multipart/form-data; boundary=\"abc \"", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        Str b;
        assert_int_equal(multipart_boundary(str_of(CASES[i].type), &b), CASES[i].boundary != NULL);
        if (CASES[i].boundary)
            assert_true(str_is(b, CASES[i].boundary));
    }
}

static Answer upload(Fixture *f, size_t bytes)
{
    static const char START[] =
        "--xyz\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\nopt\r\n"
        "--xyz\r\nContent-Disposition: form-data; name=\"file\"; "
        "filename=\"big.bin\"\r\n\r\n";
    static const char END[] = "\r\n--xyz--\r\n";
    char head[256], *data = malloc(bytes + 1);
    memset(data, 'q', bytes);
    data[bytes] = '\0';
    snprintf(head, sizeof(head),
             "POST /api/v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
             "multipart/form-data; boundary=xyz\r\nContent-Length: %zu\r\n\r\n",
             sizeof(START) - 1 + bytes + sizeof(END) - 1);
    int fd = client_open(f);
    client_send(fd, head);
    client_send(fd, START);
    client_send(fd, data);
    client_send(fd, END);
    Answer a = client_read(fd);
    close(fd);
    free(data);
    return a;
}

TEST(multipart, comes_through_the_server)
{
    Fixture *f = fixture_start();
    enum { SIZE = 700000 };
    unsigned char sum[32];
    char *data = malloc(SIZE), want[256];
    memset(data, 'q', SIZE);
    crypto_hash_sha256(sum, (unsigned char *)data, SIZE);
    free(data);
    size_t n = (size_t)snprintf(want, sizeof(want), "big.bin %d ", SIZE);
    sodium_bin2hex(want + n, sizeof(want) - n, sum, sizeof(sum));
    Answer a = upload(f, SIZE);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, want));
    assert_non_null(strstr(a.body, "readable=1 opt"));
    answer_free(&a);
    a = upload(f, 1024 * 1024 + 1);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    for (int i = 0; i < 100 && atomic_load(&f->finished) < 2; i++)
        usleep(10000);
    assert_int_equal(files_in(f->dir), 0);
    fixture_stop(f);
}

TEST_MAIN("multipart")
