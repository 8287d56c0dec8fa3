/* SPDX-License-Identifier: Apache-2.0 */
/* guanxi: the command table. */
#include "analyze/analyze.h"
#include "app/app.h"
#include "app/backup_host.h"
#include "base/calendar.h"
#include <stdio.h>
#include <string.h>

#ifndef GUANXI_VERSION
#define GUANXI_VERSION "0.1.0"
#endif

typedef struct Verb {
    const char *name, *summary;
    int (*run)(Ctx *cx, const Settings *s);
    int (*run_raw)(Ctx *cx, int argc, char **argv); /* a verb without settings */
} Verb;

static int verb_version(Ctx *cx, const Settings *s)
{
    (void)cx;
    (void)s;
    puts("guanxi " GUANXI_VERSION);
    return 0;
}

static const Verb verbs[] = {
    /* sorted */
    {"analyze", "analyze METHOD --csv FILE: statistics of a table", NULL, analyze_verb},
    {"backup", "backup [list | check ID]: make a backup and bring it back for a check", verb_backup,
     NULL},
    {"demo", "fill a demo company (--accounts N --seed S)", verb_demo, NULL},
    {"doctor", "look for what is out of step with the catalogue (--repair, --json)", verb_doctor,
     NULL},
    {"export", "export OBJECT FILE, export all FILE.zip: records become a file", verb_export, NULL},
    {"import",
     "import OBJECT FILE, import all FILE.zip: rows of a file, or an archive, become records",
     verb_import, NULL},
    {"init", "make an organisation", verb_init, NULL},
    {"keys", "keys rotate: a new key for encrypted fields", verb_keys, NULL},
    {"meta", "meta export DIR | diff DIR | apply DIR: the configuration as files", verb_meta, NULL},
    {"migrate", "move the organisation to the other engine (--to postgres://…|sqlite)",
     verb_migrate, NULL},
    {"restore", "bring an organisation back from a backup (--from FOLDER/ID)", verb_restore, NULL},
    {"serve", "serve the API and the client", serve_verb, NULL},
    {"user", "user api-key LOGIN | user password LOGIN", verb_user, NULL},
    {"version", "print the version", verb_version, NULL},
};

static int usage(int status)
{
    FILE *out = status ? stderr : stdout;
    fputs("guanxi COMMAND [settings]\n", out);
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        fprintf(out, "  %-10s %s\n", verbs[i].name, verbs[i].summary);
    fputs("guanxi serve --help lists every setting.\n", out);
    return status;
}

static const Verb *find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (!strcmp(verbs[i].name, name))
            return &verbs[i];
    return NULL;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            return true;
    return false;
}

int main(int argc, char **argv)
{
    CLEANUP(arena) Arena *arena = arena_new(65536);
    Ctx cx = {.arena = arena, .now_ms = clock_ms(), .lang = LANG_EN, .zone = zone_get(STR("UTC"))};
    Settings settings;
    const Verb *verb = argc > 1 ? find(argv[1]) : NULL;
    if (argc < 2 || !strcmp(argv[1], "help") || !strcmp(argv[1], "--help"))
        return usage(argc < 2 ? 2 : 0);
    if (!verb)
        return usage(2);
    if (verb->run_raw)
        return verb->run_raw(&cx, argc - 2, argv + 2);
    if (asks_for_help(argc, argv)) {
        printf("guanxi %s: %s\n", verb->name, verb->summary);
        settings_help();
        return 0;
    }
    if (settings_read(&cx, argc, argv, 2, &settings) != ST_OK) {
        app_complain(&cx);
        return 2;
    }
    return verb->run(&cx, &settings);
}
