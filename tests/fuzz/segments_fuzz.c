/* SPDX-License-Identifier: Apache-2.0 */
/* Files that the methods of segments and baskets read themselves: a file of baskets (first byte even)
 * and a stored recipe (odd). Whatever comes in, the command ends with status 0 or says what is wrong. */
#include "analyze/analyze.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char CSV[] = "a,b,t\n1,5,x\n2,3,y\n4,1,x\n8,2,z\n";

static int file_of(const void *data, size_t size, char path[64])
{
    int fd = memfd_create("fuzz", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static void run(int argc, char **argv)
{
    CLEANUP(arena) Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .lang = LANG_EN, .zone = zone_get(STR("UTC"))};
    char *out = NULL, *err = NULL;
    size_t n_out = 0, n_err = 0;
    FILE *fo = open_memstream(&out, &n_out), *fe = open_memstream(&err, &n_err);
    if (!fo || !fe)
        abort();
    int status = analyze_run(&cx, argc, argv, fo, fe);
    fclose(fo);
    fclose(fe);
    if (status == 0 ? n_out == 0 : n_err == 0)
        abort();
    free(out);
    free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64], csv[64];
    if (size == 0 || size > 4096)
        return 0;
    int fd = file_of(data + 1, size - 1, path), table = file_of(CSV, sizeof(CSV) - 1, csv);
    if (data[0] % 2 == 0)
        run(11, (char *[]){"rules", "--baskets", path, "--min-support", "1", "--max-len", "3",
                           "--min-confidence", "0.1", "--adjust", "bh", NULL});
    else
        run(11, (char *[]){"kmeans", "--csv", csv, "--prepare", path, "--k", "2", "--starts", "2",
                           "--bootstrap", "1", NULL});
    close(fd);
    close(table);
    return 0;
}
