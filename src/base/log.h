/* SPDX-License-Identifier: Apache-2.0 */
/* Log to stderr: one line an event, key=value. Only the edge logs (http, job, app). Ids only, no
 * customer data, no secrets. Thread-safe; the level is the one mutable global of the program. */
#pragma once
#include "base/ctx.h"

typedef enum LogLevel { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG } LogLevel;
typedef struct LogField {
    const char *key;
    char kind; /* 's' text, 'i' integer, 'q' quoted text */
    Str s;
    int64_t i;
} LogField;
#define LOG_STR(k, v) ((LogField){(k), 's', str_of(v), 0})
#define LOG_TEXT(k, v) ((LogField){(k), 'q', (v), 0})
#define LOG_INT(k, v) ((LogField){(k), 'i', {NULL, 0}, (int64_t)(v)})

void log_level(LogLevel level);
bool log_enabled(LogLevel level);
void log_write(LogLevel level, uint64_t request_id, const char *event, const LogField *f, size_t n);
#define log_error(cx, event, ...) LOG_AT(LOG_ERROR, cx, event, __VA_ARGS__)
#define log_warn(cx, event, ...) LOG_AT(LOG_WARN, cx, event, __VA_ARGS__)
#define log_info(cx, event, ...) LOG_AT(LOG_INFO, cx, event, __VA_ARGS__)
#define LOG_AT(level, cx, event, ...)                                                              \
    log_write((level), log_rq(cx), (event), (const LogField[]){__VA_ARGS__},                       \
              sizeof((const LogField[]){__VA_ARGS__}) / sizeof(LogField))
static inline uint64_t log_rq(const Ctx *cx) { return cx ? cx->request_id : 0; }
