/* SPDX-License-Identifier: Apache-2.0 */
/* Files compiled into the program (generated tables; sorted by path). */
#pragma once
#include "base/str.h"

typedef struct EmbedFile {
    const char *path;
    const unsigned char *data;
    size_t size;
} EmbedFile;

extern const EmbedFile embed_meta[], embed_migrations[], embed_ui[];
extern const size_t embed_meta_count, embed_migrations_count, embed_ui_count;
