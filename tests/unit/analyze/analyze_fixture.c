/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the command in memory for the tests of analyze/. */
#include "analyze_fixture.h"
#include <sys/stat.h>

static char *made_files[256];
static size_t made_count;

static void remove_files(void)
{
    for (size_t i = 0; i < made_count; i++) {
        unlink(made_files[i]);
        free(made_files[i]);
    }
}

const char *fixture_file(const char *text)
{
    char path[] = "/tmp/guanxi-analyze-XXXXXX";
    int fd = mkstemp(path);
    size_t n = strlen(text);
    if (fd < 0 || write(fd, text, n) != (ssize_t)n || made_count == 256)
        abort();
    close(fd);
    if (!made_count)
        atexit(remove_files);
    return made_files[made_count++] = strdup(path);
}

enum { MOST_WORDS = 64 };

static int split(char *text, char **words, const char *file)
{
    int n = 0;
    for (char *p = text; *p && n < MOST_WORDS;) {
        while (*p == ' ')
            p++;
        if (!*p)
            break;
        char end = *p == '\'' ? '\'' : ' ';
        p += end == '\'';
        words[n++] = p;
        while (*p && *p != end)
            p++;
        if (*p)
            *p++ = '\0';
        if (!strcmp(words[n - 1], "%s"))
            words[n - 1] = (char *)(uintptr_t)file;
    }
    return n;
}

Ran fixture_run(const char *command, const char *file)
{
    Ran r = {0};
    size_t out_n = 0, err_n = 0;
    char *copy = strdup(command), *words[MOST_WORDS];
    FILE *out = open_memstream(&r.out, &out_n), *err = open_memstream(&r.err, &err_n);
    Arena *arena = arena_new(65536);
    Ctx cx = {.arena = arena, .lang = LANG_EN, .zone = zone_get(STR("UTC"))};
    int n = split(copy, words, file);
    r.status = analyze_run(&cx, n, words, out, err);
    fclose(out);
    fclose(err);
    arena_free(arena);
    free(copy);
    r.json = r.out[0] == '{' ? json_loads(r.out, 0, NULL) : NULL;
    return r;
}

void fixture_done(Ran *r)
{
    free(r->out);
    free(r->err);
    json_decref(r->json);
}

Ran fixture_json(const char *command, const char *file)
{
    char with[2048];
    snprintf(with, sizeof(with), "%s --json", command);
    Ran r = fixture_run(with, file);
    if (r.status != 0 || !r.json)
        fail_msg("%s: status %d, %s", command, r.status, r.err);
    return r;
}

const json_t *fixture_tree(const json_t *tree, const char *path)
{
    while (tree && *path) {
        const json_t *next = NULL;
        size_t n = 0;
        if (json_is_array(tree)) {
            next = json_array_get(tree, strtoul(path, NULL, 10));
            n = strcspn(path, ".");
        }
        for (n = n ? n : strcspn(path, "."); !next;) { /* the shortest key that is there */
            next = json_object_getn(tree, path, n);
            if (next || !path[n])
                break;
            n += 1 + strcspn(path + n + 1, ".");
        }
        tree = next;
        path += n + (path[n] == '.');
    }
    return tree;
}

double fixture_at(const json_t *tree, const char *path)
{
    const json_t *v = fixture_tree(tree, path);
    if (!json_is_number(v))
        fail_msg("%s is no number", path);
    return json_number_value(v);
}

void fixture_near(const char *name, double a, double b, double tolerance)
{
    double size = fabs(b) > 1 || tolerance < 1e-3 ? fabs(b) : 1;
    bool is_near = fabs(a - b) <= tolerance * size || (fabs(a) < 1e-300 && fabs(b) < 1e-300);
    if (!is_near)
        fail_msg("%s: %.17g, expected %.17g", name, a, b);
}

void fixture_refuses(const char *command, const char *file, int status, const char *text)
{
    Ran r = fixture_run(command, file);
    if (r.status != status || !strstr(r.err, text))
        fail_msg("%s: status %d, \"%s\"; expected %d, \"%s\"", command, r.status, r.err, status,
                 text);
    if (r.out[0])
        fail_msg("%s: an answer beside an error: %s", command, r.out);
    fixture_done(&r);
}

const char *fixture_data(void)
{
    static const char *const PLACES[] = {"../shared/data", "../../shared/data"};
    const char *set = getenv("GUANXI_TEST_DATA");
    struct stat st;
    if (set && *set)
        return set;
    for (size_t i = 0; i < 2; i++)
        if (stat(PLACES[i], &st) == 0)
            return PLACES[i];
    return NULL;
}

json_t *fixture_reference(const char *name)
{
    char path[512];
    const char *data = fixture_data();
    if (!data)
        return NULL;
    snprintf(path, sizeof(path), "%s/reference/%s.json", data, name);
    json_t *j = json_load_file(path, 0, NULL);
    if (!j)
        fail_msg("%s cannot be read", path);
    return j;
}
