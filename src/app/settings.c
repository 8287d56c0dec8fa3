/* SPDX-License-Identifier: Apache-2.0 */
/* One table says every setting: its flag, its environment name (GUANXI_ and the flag in capitals),
 * its key in the file (the flag), default and help. */
#include "app/settings.h"
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

typedef enum Kind { TEXT, NUMBER, SWITCH } Kind;
typedef struct Setting {
    const char *name, *dflt, *help;
    Kind kind;
    size_t offset;
    int64_t min, max;
} Setting;

#define AT(field) offsetof(Settings, field)
static const Setting table[] = {
    {"accounts", "200", "demo: customers to make", NUMBER, AT(accounts), 1, 10000000},
    {"admin-password-file", NULL, "init: file with the administrator's password", TEXT,
     AT(admin_password_file), 0, 0},
    {"allow-drop", NULL, "meta apply: what the files leave out is removed", SWITCH, AT(allow_drop),
     0, 0},
    {"backup-dir", NULL, "folder of backups; default: backups in the data directory", TEXT,
     AT(backup_dir), 0, 0},
    {"backup-key-file", NULL, "passphrase or public key that backups are made with", TEXT,
     AT(backup_key_file), 0, 0},
    {"currency", "CNY", "new organisation: base currency (ISO 4217)", TEXT, AT(currency), 0, 0},
    {"data", "data", "data directory", TEXT, AT(data), 0, 0},
    {"database", NULL, "postgres://… instead of the file in the data directory", TEXT, AT(database),
     0, 0},
    {"dry-run", NULL, "import, meta apply, migrate: check only, write nothing", SWITCH, AT(dry_run),
     0, 0},
    {"fields", NULL, "export: names of fields, by comma; all that you may see", TEXT, AT(fields), 0,
     0},
    {"filter", NULL, "export: an expression; all records", TEXT, AT(filter), 0, 0},
    {"format", NULL, "export: csv xlsx jsonl sav zsav vcard vcard3 ics; else by the file's name",
     TEXT, AT(format), 0, 0},
    {"from", NULL, "restore: folder of one backup", TEXT, AT(from), 0, 0},
    {"group", NULL, "export: in groups, by up to three fields: stage,day:month", TEXT, AT(group), 0,
     0},
    {"group-sort", NULL, "export: order of the groups: -day,of", TEXT, AT(group_sort), 0, 0},
    {"insecure-http", NULL, "listen beyond loopback without https in front", SWITCH,
     AT(insecure_http), 0, 0},
    {"job-workers", "1", "threads that run jobs", NUMBER, AT(job_workers), 1, 16},
    {"json", NULL, "doctor: the report as JSON", SWITCH, AT(json), 0, 0},
    {"key-file", NULL, "key of encrypted fields; default: key in the data directory", TEXT,
     AT(key_file), 0, 0},
    {"language", "zh-CN", "new organisation: zh-CN or en", TEXT, AT(language), 0, 0},
    {"listen", "127.0.0.1:8080", "address and port; port 0 takes a free one", TEXT, AT(listen), 0,
     0},
    {"log-level", "info", "error, warn, info or debug", TEXT, AT(log_level), 0, 0},
    {"login", "admin", "commands: who acts", TEXT, AT(login), 0, 0},
    {"loops", "2", "threads that read and write sockets", NUMBER, AT(loops), 1, 32},
    {"mapping", NULL, "import: JSON file with the options of POST …/import", TEXT, AT(mapping), 0,
     0},
    {"make-key", NULL, "backup: write a pair of keys to this file and FILE.pub", TEXT, AT(make_key),
     0, 0},
    {"max-connections", "4096", "connections at once", NUMBER, AT(max_connections), 16, 65000},
    {"name", "我的公司", "new organisation: its name", TEXT, AT(name), 0, 0},
    {"no-supervisor", NULL, "serve in this process, do not restart after a crash", SWITCH,
     AT(no_supervisor), 0, 0},
    {"object", NULL, "restore: the records of this object alone, into what is there", TEXT,
     AT(object), 0, 0},
    {"outgoing-allow", NULL,
     "networks that the server may connect besides public https: CIDR[:port] by comma; none: no "
     "public ones either",
     TEXT, AT(outgoing_allow), 0, 0},
    {"per-ip", "0", "connections at once from one address; 0: no limit", NUMBER, AT(per_ip), 0,
     65000},
    {"public-url", NULL, "https://… under which people reach the server", TEXT, AT(public_url), 0,
     0},
    {"readers", "0", "database connections for reading; 0: as many as workers need", NUMBER,
     AT(readers), 0, 64},
    {"repair", NULL, "doctor: put right what can be put right", SWITCH, AT(repair), 0, 0},
    {"replace", NULL, "restore: what is there is put aside", SWITCH, AT(replace), 0, 0},
    {"schema", "guanxi", "PostgreSQL schema of the organisation", TEXT, AT(schema), 0, 0},
    {"seed", "1", "demo: number that fixes the random choices", NUMBER, AT(seed), 0, INT64_MAX},
    {"set-back", NULL, "restore --object: records that differ get the values of the backup", SWITCH,
     AT(set_back), 0, 0},
    {"sort", NULL, "export: -amount,name; newest first", TEXT, AT(sort), 0, 0},
    {"sums", NULL, "export: fields that are added up for each group", TEXT, AT(sums), 0, 0},
    {"time-zone", "Asia/Shanghai", "new organisation: time zone", TEXT, AT(time_zone), 0, 0},
    {"to", NULL, "migrate: postgres://… or sqlite", TEXT, AT(to), 0, 0},
    {"trusted-proxies", NULL, "addresses whose X-Forwarded-… headers are believed, by comma", TEXT,
     AT(trusted_proxies), 0, 0},
    {"values", NULL, "export: labels for people, or codes that an import reads back", TEXT,
     AT(values), 0, 0},
    {"workers", "0", "threads that run requests; 0: 4 (SQLite) or 8 (PostgreSQL)", NUMBER,
     AT(workers), 0, 64},
};

static Status put(Ctx *cx, Settings *s, const Setting *row, const char *value)
{
    void *at = (char *)s + row->offset;
    int64_t number = 0;
    if (row->kind == TEXT) {
        *(const char **)at = str_z(cx->arena, str_of(value));
    } else if (row->kind == SWITCH) {
        *(bool *)at = strcmp(value, "0") != 0 && strcmp(value, "false") != 0;
    } else if (str_int(str_of(value), &number) && number >= row->min && number <= row->max) {
        *(int64_t *)at = number;
    } else {
        return FAIL(cx, ST_INVALID, "app.setting_value",
                    "--%s: \"%s\" is not a number from %lld to %lld", row->name, value,
                    (long long)row->min, (long long)row->max);
    }
    return ST_OK;
}

static const Setting *find(Str name)
{
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (str_is(name, table[i].name))
            return &table[i];
    return NULL;
}

/* ---- sources, weakest first */
static Status from_defaults(Ctx *cx, Settings *s)
{
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (table[i].dflt)
            TRY(put(cx, s, &table[i], table[i].dflt));
    return ST_OK;
}

static Status file_line(Ctx *cx, Settings *s, Str line)
{
    Str key;
    line = str_trim(line);
    if (!line.n || line.p[0] == '#')
        return ST_OK;
    str_split(&line, '=', &key);
    const Setting *row = find(str_trim(key));
    if (!row)
        return FAIL(cx, ST_INVALID, "app.setting_unknown", "There is no setting \"%.*s\"",
                    STR_ARG(str_trim(key)));
    return put(cx, s, row, str_z(cx->arena, str_trim(line)));
}

static Status from_file(Ctx *cx, Settings *s)
{
    char line[4096];
    Str path = str_format(cx->arena, "%s/guanxi.conf", s->data);
    FILE *f = fopen(path.p ? str_z(cx->arena, path) : "", "re");
    Status st = ST_OK;
    while (f && st == ST_OK && fgets(line, sizeof line, f))
        st = file_line(cx, s, str_of(line));
    if (f)
        fclose(f);
    return st;
}

static Status from_environment(Ctx *cx, Settings *s)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        char name[64] = "GUANXI_";
        size_t n = strlen(name);
        for (const char *p = table[i].name; *p && n < sizeof name - 1; p++)
            name[n++] = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
        name[n] = 0;
        const char *value = getenv(name);
        if (value && *value)
            TRY(put(cx, s, &table[i], value));
    }
    return ST_OK;
}

static Status one_flag(Ctx *cx, Settings *s, int argc, char **argv, int *i)
{
    Str name, value = str_sub(str_of(argv[*i]), 2, SIZE_MAX);
    size_t equals = str_find_char(value, '=');
    name = equals == SIZE_MAX ? value : str_sub(value, 0, equals);
    const Setting *row = find(name);
    if (!row)
        return FAIL(cx, ST_INVALID, "app.setting_unknown", "There is no setting \"%.*s\"",
                    STR_ARG(name));
    if (equals != SIZE_MAX)
        return put(cx, s, row, str_z(cx->arena, str_sub(value, equals + 1, SIZE_MAX)));
    if (row->kind == SWITCH)
        return put(cx, s, row, "1");
    if (*i + 1 >= argc)
        return FAIL(cx, ST_INVALID, "app.setting_missing", "--%s needs a value", row->name);
    return put(cx, s, row, argv[++*i]);
}

static Status from_flags(Ctx *cx, int argc, char **argv, int from, Settings *s)
{
    for (int i = from; i < argc; i++) {
        if (str_starts(str_of(argv[i]), STR("--")))
            TRY(one_flag(cx, s, argc, argv, &i));
        else if (s->n_rest < (int)COUNT_OF(s->rest))
            s->rest[s->n_rest++] = argv[i];
        else
            return FAIL(cx, ST_INVALID, "app.too_many_words", "Too many words on the command line");
    }
    return ST_OK;
}

Status settings_read(Ctx *cx, int argc, char **argv, int from, Settings *ret)
{
    Settings flags = {0};
    TRY(from_flags(cx, argc, argv, from, &flags)); /* says where the file is */
    *ret = (Settings){0};
    TRY(from_defaults(cx, ret));
    const char *env = getenv("GUANXI_DATA");
    ret->data = flags.data ? flags.data : env && *env ? env : ret->data;
    TRY(from_file(cx, ret));
    TRY(from_environment(cx, ret));
    return from_flags(cx, argc, argv, from, ret);
}

void settings_help(void)
{
    puts("Settings (flag --name, environment GUANXI_NAME, or name = value in DATA/guanxi.conf):");
    for (size_t i = 0; i < COUNT_OF(table); i++)
        printf("  --%-20s %s%s%s%s\n", table[i].name, table[i].help, table[i].dflt ? " [" : "",
               table[i].dflt ? table[i].dflt : "", table[i].dflt ? "]" : "");
}
