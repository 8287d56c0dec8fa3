/* SPDX-License-Identifier: Apache-2.0 */
/* Private to outward/. */
#pragma once
#include "outward/outward.h"
#include <curl/curl.h>

typedef struct OutwardUrl {
    Str origin; /* scheme://host:port */
    bool plain; /* http */
} OutwardUrl;

CHECKED Status outward_url(Ctx *cx, Str url, OutwardUrl *ret);
