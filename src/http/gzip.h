/* SPDX-License-Identifier: Apache-2.0 */
/* gzip with reused compressor states (one is 256 KB and costs more to set up than a small answer to compress): at level
 * 1, and what is larger than GZIP_LARGE at level 6 (the catalogue: a quarter fewer bytes at the start of a
 * browser, asked for again only when it has changed). Thread-safe. */
#pragma once
#include "base/str.h"

enum { GZIP_LARGE = 256 * 1024 };

typedef struct GzipPool GzipPool;

GzipPool *gzip_new(void);
void gzip_free(GzipPool *p);
/* The compressed form in a, or STR_NULL if it would not be smaller (or memory is out). */
Str gzip_compress(GzipPool *p, Arena *a, Str plain);
/* Does an Accept-Encoding header take this coding (q=0 refuses)? */
bool gzip_accepts(Str accept_encoding, Str coding);
