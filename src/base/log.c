/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines: built in one buffer on the stack, written by one write(2), so lines of threads do not
 * mix. Values are cut, control bytes are escaped: a line is a line whatever is in it. */
#include "base/log.h"
#include "base/calendar.h"
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_BYTES 2048
#define VALUE_BYTES 512

static _Atomic int log_threshold = LOG_INFO;

typedef struct Line {
    char p[LINE_BYTES];
    size_t n;
} Line;

void log_level(LogLevel level) { atomic_store(&log_threshold, (int)level); }

bool log_enabled(LogLevel level)
{
    return (int)level <= atomic_load_explicit(&log_threshold, memory_order_relaxed);
}

/* One byte is kept for the line's end. */
static void put(Line *line, Str s)
{
    size_t room = sizeof(line->p) - 1 - line->n;
    if (s.n > room)
        s.n = room;
    if (s.n)
        memcpy(line->p + line->n, s.p, s.n);
    line->n += s.n;
}

static void put_escaped(Line *line, Str s, bool quoted)
{
    for (size_t i = 0; i < s.n && i < VALUE_BYTES; i++) {
        unsigned char c = (unsigned char)s.p[i];
        char escape[8] = {0};
        if (c < 0x20 || c == 0x7f || (!quoted && (c == ' ' || c == '"' || c == '=')))
            snprintf(escape, sizeof(escape), "\\x%02x", c);
        else if (quoted && (c == '"' || c == '\\'))
            snprintf(escape, sizeof(escape), "\\%c", c);
        else
            escape[0] = (char)c;
        put(line, str_of(escape));
    }
}

static void put_int(Line *line, int64_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof(digits), "%lld", (long long)v);
    put(line, str_n(digits, (size_t)n));
}

static void put_field(Line *line, const LogField *f)
{
    put(line, STR(" "));
    put(line, str_of(f->key));
    put(line, STR("="));
    if (f->kind == 'i') {
        put_int(line, f->i);
    } else if (f->kind == 'q') {
        put(line, STR("\""));
        put_escaped(line, f->s, true);
        put(line, STR("\""));
    } else {
        put_escaped(line, f->s, false);
    }
}

static void put_head(Line *line, LogLevel level, uint64_t request_id, const char *event)
{
    static const char *const NAMES[] = {"error", "warn", "info", "debug"};
    int64_t ms = clock_ms();
    Civil c = calendar_civil(calendar_floor_div(ms, 86400000));
    int64_t rest = ms - calendar_days(c) * 86400000;
    int n = snprintf(line->p, sizeof(line->p), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %s %s",
                     (int)c.year, c.month, c.day, (int)(rest / 3600000), (int)(rest / 60000 % 60),
                     (int)(rest / 1000 % 60), (int)(rest % 1000), NAMES[level], event);
    line->n = n < 0 ? 0 : (size_t)n >= sizeof(line->p) ? sizeof(line->p) - 1 : (size_t)n;
    if (request_id) {
        char id[32];
        n = snprintf(id, sizeof(id), " rq=%llx", (unsigned long long)request_id);
        put(line, str_n(id, (size_t)n));
    }
}

void log_write(LogLevel level, uint64_t request_id, const char *event, const LogField *f, size_t n)
{
    if (!log_enabled(level))
        return;
    Line line;
    put_head(&line, level, request_id, event);
    for (size_t i = 0; i < n; i++)
        put_field(&line, &f[i]);
    line.p[line.n++] = '\n';
    for (size_t done = 0; done < line.n;) {
        ssize_t written = write(STDERR_FILENO, line.p + done, line.n - done);
        if (written <= 0)
            return; /* nobody reads us: there is no one to tell */
        done += (size_t)written;
    }
}
