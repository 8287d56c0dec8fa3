/* SPDX-License-Identifier: Apache-2.0 */
/* gzip at level 1 with reused compressor states (one is 256 KB and costs more to set up than a small
 * answer to compress). Thread-safe. */
#pragma once
#include "base/str.h"

typedef struct GzipPool GzipPool;

GzipPool *gzip_new(void);
void gzip_free(GzipPool *p);
/* The compressed form in a, or STR_NULL if it would not be smaller (or memory is out). */
Str gzip_compress(GzipPool *p, Arena *a, Str plain);
/* Does an Accept-Encoding header take this coding (q=0 refuses)? */
bool gzip_accepts(Str accept_encoding, Str coding);
