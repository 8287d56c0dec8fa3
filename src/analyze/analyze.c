/* SPDX-License-Identifier: Apache-2.0 */
/* One run: options, the file, the method, the writing. Data errors go to standard error with exit
 * status 1, usage errors with 2. Ctrl-C sets a flag that reader and kernels look at. */
#include "analyze/analyze_internal.h"
#include "analyze/analyze_prepare.h"
#include "analyze/split.h"
#include "base/calendar.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_OUTPUT ((size_t)1 << 30)

static atomic_bool interrupted; /* set by the signal handler alone */

static void interrupt(int signal UNUSED) { atomic_store(&interrupted, true); }

/* ---- progress: a share on the terminal, at most ten times a second */
typedef struct Progress {
    FILE *err;
    int64_t shown_us;
    bool is_drawn;
} Progress;

static void show(void *arg, double share)
{
    Progress *p = arg;
    int64_t now = clock_us();
    if (now - p->shown_us < 100000)
        return;
    p->shown_us = now;
    p->is_drawn = true;
    fprintf(p->err, "\r%3.0f%%", share * 100);
    fflush(p->err);
}

static void clear(const Progress *p)
{
    if (p->is_drawn)
        fputs("\r    \r", p->err);
}

/* ---- columns to read */
static void want(Ctx *cx, const Arg *arg, OptionKind kind, FrameWanted *w)
{
    Str *parts = NULL;
    size_t n = 0, had = w->n;
    if (kind == OPTION_COLUMNS)
        split_list(cx->arena, arg->value, &parts, &n);
    Str *names = ARENA_ARRAY(cx->arena, Str, had + n + 1);
    if (had)
        memcpy(names, w->names, sizeof(*names) * had);
    if (kind == OPTION_COLUMN)
        names[w->n++] = arg->value;
    for (size_t i = 0; i < n; i++)
        names[w->n++] = parts[i];
    w->names = names;
}

/* Codes for missing: those of the command line, else those of a stored recipe. */
static Status codes_of(Ctx *cx, const Args *args, FrameWanted *w)
{
    const Arg *asked = analyze_arg(args, "missing-codes"), *how = analyze_arg(args, "prepare");
    Str text = asked ? asked->value : STR_NULL;
    FrameCodes *codes = NULL;
    if (!asked && how)
        TRY(analyze_prepare_codes(cx, how->value, &text));
    if (text.n)
        TRY(frame_codes_parse(cx, text, &codes, &w->n_codes));
    w->codes = codes;
    return ST_OK;
}

static FrameWanted wanted_of(Ctx *cx, const Args *args)
{
    FrameWanted w = {.cancel = &interrupted};
    w.names = ARENA_ARRAY(cx->arena, Str, 1);
    for (size_t i = 0; i < args->list.n; i++) {
        const AnalyzeOption *o =
            analyze_option(args->method, str_z(cx->arena, args->list.v[i].name));
        if (o && (o->kind == OPTION_COLUMN || o->kind == OPTION_COLUMNS))
            want(cx, &args->list.v[i], o->kind, &w);
        else if (o && o->kind == OPTION_TEST)
            w.test = args->list.v[i].value;
    }
    const Arg *where = analyze_arg(args, "where"), *encoding = analyze_arg(args, "encoding");
    if ((args->method->flags & METHOD_ALL_COLUMNS) && !analyze_arg(args, "columns"))
        w.names = NULL;
    w.where = where ? where->value : STR_NULL;
    w.encoding = encoding ? encoding->value : STR_NULL;
    return w;
}

static Status read_weight(Analysis *an)
{
    const Arg *arg = analyze_arg(an->args, "weight");
    if (!arg || !an->frame)
        return ST_OK;
    TRY(frame_find(an->cx, an->frame, arg->value, &an->weight));
    TRY(frame_need_numbers(an->cx, an->frame, an->weight));
    for (size_t i = 0; i < an->frame->n; i++)
        if (an->weight->num[i] < 0)
            return FAIL(an->cx, ST_INVALID, "analyze.bad_weight",
                        "column \"" STR_FMT "\", line %lld: a weight may not be negative",
                        STR_ARG(arg->value), (long long)frame_line(an->frame, i));
    return ST_OK;
}

static void note_idle(Analysis *an)
{
    for (size_t i = 0; i < an->args->list.n; i++) {
        const char *name = str_z(an->cx->arena, an->args->list.v[i].name);
        if (analyze_idle(an->method, name))
            result_note(an->result, text_in(an->cx, "analyze.idle_option",
                                            "--%s changes nothing in %s.", name, an->method->name));
    }
    if (analyze_arg(an->args, "threads") && !analyze_takes(an->method, "threads"))
        result_note(an->result,
                    text_in(an->cx, "analyze.idle_option", "--%s changes nothing in %s.", "threads",
                            an->method->name));
}

/* Days and months that no cell tells apart: the reader took the month to stand first. */
static void note_date_order(Analysis *an)
{
    for (size_t i = 0; i < an->frame->n_columns; i++)
        if (an->frame->columns[i].is_order_open)
            result_note(an->result,
                        text_in(an->cx, "analyze.date_order",
                                "Column \"" STR_FMT
                                "\": every date can be read as day/month or as month/day; "
                                "month/day was taken. Write dates as YYYY-MM-DD to be sure.",
                                STR_ARG(an->frame->columns[i].name)));
}

/* 1,234 is a thousand and more here, and something else where a comma is the decimal sign. */
static void note_groups(Analysis *an)
{
    for (size_t i = 0; i < an->frame->n_columns; i++)
        if (an->frame->columns[i].is_read && an->frame->columns[i].has_groups)
            result_note(an->result,
                        text_in(an->cx, "analyze.grouped_numbers",
                                "Column \"" STR_FMT "\": commas were read as thousands separators.",
                                STR_ARG(an->frame->columns[i].name)));
}

static Status run(Analysis *an, Frame *frame, Progress *progress)
{
    Ctx *cx = an->cx;
    const Arg *csv = analyze_arg(an->args, "csv");
    if (csv) {
        FrameWanted w = wanted_of(cx, an->args);
        w.progress = progress ? show : NULL;
        w.progress_arg = progress;
        TRY(codes_of(cx, an->args, &w));
        TRY(frame_read(cx, str_z(cx->arena, csv->value), &w, frame));
        an->frame = frame;
        note_date_order(an);
        note_groups(an);
        if (frame->n == 0)
            return FAIL(cx, ST_INVALID, "analyze.no_data", "no row is left to analyse");
    }
    TRY(read_weight(an));
    note_idle(an);
    analyze_cases(an);
    Status st = an->method->run(an);
    if (st == ST_BUSY && cx->err.status == ST_OK)
        return FAIL(cx, ST_BUSY, "analyze.stopped", "stopped by request");
    return st;
}

/* ---- writing */
static Status write_out(Analysis *an)
{
    const Arg *arg = analyze_arg(an->args, "out");
    if (!arg)
        return ST_OK;
    if (!an->result->out.n)
        return FAIL(an->cx, ST_INVALID, "analyze.no_out", "%s has no result by row for --out",
                    an->method->name);
    FILE *f = fopen(str_z(an->cx->arena, arg->value), "we");
    if (f)
        result_write_out(an->result, f);
    if (!f || ferror(f) || fclose(f) != 0)
        return FAIL(an->cx, ST_INTERNAL, "analyze.out",
                    "the file " STR_FMT " cannot be written: %s", STR_ARG(arg->value),
                    strerror(errno));
    return ST_OK;
}

static Status write_result(Analysis *an, FILE *out)
{
    Buf b = buf_in(an->cx->arena, MAX_OUTPUT);
    TRY(write_out(an));
    if (an->is_json)
        result_write_json(an->result, &b);
    else
        result_write_text(an->result, &b);
    if (buf_overflowed(&b))
        return FAIL(an->cx, ST_TOO_LARGE, "analyze.long", "the result is larger than 1 GB");
    fwrite(b.p, 1, b.n, out);
    return fflush(out) == 0
               ? ST_OK
               : FAIL(an->cx, ST_INTERNAL, "analyze.write", "the result cannot be written");
}

static int complain(Ctx *cx, FILE *err, int status)
{
    const FieldError *f = cx->err.fields.n ? &cx->err.fields.v[0] : NULL;
    Str text = f && f->message.n ? f->message : cx->err.text;
    fprintf(err, "guanxi analyze: " STR_FMT, STR_ARG(text));
    if (f && f->at >= 0)
        fprintf(err, " (%lld)", (long long)f->at + 1);
    fputc('\n', err);
    return status;
}

static Lang language(const Args *args, Lang dflt)
{
    const Arg *arg = analyze_arg(args, "lang");
    return !arg ? dflt : str_is(arg->value, "en") ? LANG_EN : LANG_ZH;
}

static int analyse(Ctx *cx, Args *args, FILE *out, FILE *err)
{
    Frame frame;
    Result result;
    Progress progress = {.err = err};
    Analysis an = {.cx = cx, .method = args->method, .result = &result, .args = args};
    const Arg *missing = analyze_arg(args, "missing");
    an.is_json = analyze_arg(args, "json") != NULL;
    an.is_pairwise = missing ? str_is(missing->value, "pairwise")
                             : (args->method->flags & METHOD_PAIRWISE_FIRST) != 0;
    an.kernel = (Kernel){.arena = cx->arena, .cancel = &interrupted};
    an.kernel.seed = (uint64_t)analysis_count(&an, "seed", 1);
    an.kernel.threads = (int)analysis_count(&an, "threads", 1);
    bool is_shown = isatty(fileno(err));
    an.kernel.progress = is_shown ? show : NULL;
    an.kernel.progress_arg = &progress;
    result_init(cx, &result, args->method->name);
    result.seed = an.kernel.seed;
    Status st = run(&an, &frame, is_shown ? &progress : NULL);
    clear(&progress);
    if (st == ST_OK)
        st = write_result(&an, out);
    if (st != ST_OK)
        return complain(cx, err, st == ST_MALFORMED ? 2 : 1);
    return 0;
}

int analyze_run(Ctx *cx, int argc, char **argv, FILE *out, FILE *err)
{
    Args args = {0};
    bool wants_help = argc > 0 && (!strcmp(argv[0], "help") || !strcmp(argv[0], "--help"));
    if (argc == 0 || wants_help) {
        analyze_help(cx, NULL, wants_help ? out : err);
        return wants_help ? 0 : 2;
    }
    args.method = analyze_method(str_of(argv[0]));
    if (!args.method) {
        fprintf(err, "guanxi analyze: %s?\n", argv[0]);
        analyze_help(cx, NULL, err);
        return 2;
    }
    Status st = analyze_args(cx, argc, argv, &args);
    cx->lang = language(&args, cx->lang);
    if (st != ST_OK)
        return complain(cx, err, 2);
    if (analyze_arg(&args, "help")) {
        analyze_help(cx, args.method, out);
        return 0;
    }
    return analyse(cx, &args, out, err);
}

int analyze_verb(Ctx *cx, int argc, char **argv)
{
    const char *lang = getenv("LC_ALL");
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART | SA_RESETHAND};
    if (!lang || !*lang)
        lang = getenv("LANG");
    cx->lang = lang && !strncmp(lang, "zh", 2) ? LANG_ZH : LANG_EN;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return analyze_run(cx, argc, argv, stdout, stderr);
}
