/* SPDX-License-Identifier: Apache-2.0 */
/* Status → problem code and HTTP status; problem code → HTTP status (CONTRACT 4). */
#include "base/status.h"
#include <stddef.h>
#include <string.h>

static const struct {
    const char *code;
    int http;
} CODES[] = {
    {"bad_json", 400},
    {"bad_expression", 400},
    {"bad_parameter", 400},
    {"unauthenticated", 401},
    {"bad_credentials", 401},
    {"second_factor", 401},
    {"forbidden", 403},
    {"not_found", 404},
    {"method", 405},
    {"conflict", 409},
    {"gone", 410},
    {"stale", 412},
    {"too_large", 413},
    {"media_type", 415},
    {"validation", 422},
    {"too_many_effects", 422},
    {"idempotency_mismatch", 422},
    {"rate", 429},
    {"locked", 429},
    {"internal", 500},
    {"busy", 503},
    {"storage_full", 507},
};

int status_http_of_code(const char *code)
{
    for (size_t i = 0; code && i < COUNT_OF(CODES); i++)
        if (!strcmp(CODES[i].code, code))
            return CODES[i].http;
    return 0;
}

const char *status_code(Status st)
{
    switch (st) {
    case ST_OK: return "ok";
    case ST_MALFORMED: return "bad_parameter";
    case ST_UNAUTHENTICATED: return "unauthenticated";
    case ST_DENIED: return "forbidden";
    case ST_NOT_FOUND: return "not_found";
    case ST_CONFLICT: return "conflict";
    case ST_STALE: return "stale";
    case ST_TOO_LARGE: return "too_large";
    case ST_INVALID: return "validation";
    case ST_RATE: return "rate";
    case ST_BUSY:
    case ST_RETRY: return "busy"; /* a repetition that ran out of tries */
    case ST_FULL: return "storage_full";
    case ST_INTERNAL:
    case ST_UNKNOWN: return "internal";
    }
    return "internal";
}

int status_http(Status st) { return st == ST_OK ? 200 : status_http_of_code(status_code(st)); }
