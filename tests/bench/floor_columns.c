/* SPDX-License-Identifier: Apache-2.0 */
/* The floor of a pipeline: one pass in C over the same columns (a 16-bit code, a 64-bit amount, per record), counted
 * and added up per code in __int128, written as JSON into a fixed buffer. Usage: floor_columns ROWS ROUNDS */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CODES = 16 };

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
    size_t rows = argc > 2 ? strtoul(argv[1], NULL, 10) : 0,
           rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    if (!rows || !rounds) {
        fprintf(stderr, "usage: floor_columns ROWS ROUNDS\n");
        return 2;
    }
    uint16_t *codes = malloc(rows * sizeof *codes);
    int64_t *amounts = malloc(rows * sizeof *amounts);
    if (!codes || !amounts)
        return 1;
    uint64_t z = 1;
    for (size_t i = 0; i < rows; i++) {
        z = z * 6364136223846793005ULL + 1442695040888963407ULL;
        codes[i] = (uint16_t)((z >> 40) % 7 + 1);
        amounts[i] = (int64_t)(z >> 34);
    }
    static char out[4096];
    double began = cpu_us();
    size_t bytes = 0;
    for (size_t round = 0; round < rounds; round++) {
        int64_t counts[CODES] = {0};
        __int128 sums[CODES] = {0};
        for (size_t i = 0; i < rows; i++) {
            counts[codes[i]]++;
            sums[codes[i]] += amounts[i];
        }
        bytes = 0;
        for (int c = 0; c < CODES; c++)
            if (counts[c])
                bytes += (size_t)snprintf(out + bytes, sizeof out - bytes,
                                          "{\"count\":%lld,\"sum\":\"%lld\"},",
                                          (long long)counts[c], (long long)sums[c]);
    }
    printf("{\"cpu_us\":%.3f,\"statements\":0,\"bytes\":%zu}\n",
           (cpu_us() - began) / (double)rounds, bytes);
    free(codes);
    free(amounts);
    return 0;
}
