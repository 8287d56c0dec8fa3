/* SPDX-License-Identifier: Apache-2.0 */
/* Table of texts in other languages, generated from every messages.<lang>.json below src/. */
#pragma once
#include <stddef.h>

typedef struct MessageRow {
    const char *key, *zh;
} MessageRow;
extern const MessageRow message_rows[]; /* sorted by key (byte order) */
extern const size_t message_row_count;

const char *message_zh(const char *key); /* NULL if there is none */
