/* SPDX-License-Identifier: Apache-2.0 */
/* multipart/form-data (RFC 7578), fed in chunks of any size. Text parts stay in memory (bounded),
 * file parts go to disk with their SHA-256 taken on the way. A form owns its files until
 * multipart_drop removes them; who wants one to stay renames it before. */
#pragma once
#include "http/http.h"

typedef enum MultipartState {
    MULTIPART_OK,
    MULTIPART_MALFORMED, /* not the format, a name twice, text that is not UTF-8 */
    MULTIPART_TOO_LARGE, /* a bound was passed */
    MULTIPART_FULL,      /* no space left for a file */
    MULTIPART_IO,        /* the file could not be written for another reason */
} MultipartState;

typedef struct MultipartLimits {
    size_t text_max;   /* bytes of one text part */
    size_t part_max;   /* parts in all */
    uint64_t file_max; /* bytes of all files together */
    const char *dir;   /* where files go */
} MultipartLimits;

typedef struct Multipart Multipart;

/* The boundary of a Content-Type; false if it is not multipart/form-data with a proper one. */
bool multipart_boundary(Str content_type, Str *ret);
/* In a, which must outlive it; limits is copied, limits->dir is not. */
Multipart *multipart_new(Arena *a, Str boundary, const MultipartLimits *limits);
/* The first failure stays: later chunks are ignored. */
MultipartState multipart_feed(Multipart *m, Str chunk);
/* After the last chunk: OK only if the closing boundary was seen. */
MultipartState multipart_end(Multipart *m);
Str multipart_text(const Multipart *m, Str name);             /* STR_NULL if there is none */
const HttpFile *multipart_file(const Multipart *m, Str name); /* NULL if there is none */
void multipart_drop(Multipart *m);                            /* closes and removes the files */
/* Removes files in dir that a crash left behind (no request lives for a day). */
void multipart_clean(const char *dir);
